package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/legacy"
)

// noCode has the form of a code, a GUID as the Envelope wire wants it, and is none.
const noCode = "00000000-0000-4000-8000-000000000000"

// config is the SDK's configuration with a redirect URI.
func (d *doctor) config(redirect string) (sso.Config, error) {
	cfg := d.o.cfg
	cfg.RedirectURL = redirect
	if d.o.wire == "" {
		return cfg, nil
	}
	if cfg.Issuer == "" {
		if u, err := url.Parse(d.o.authURL); err == nil {
			cfg.Issuer = u.Scheme + "://" + u.Host
		}
	}
	cfg.Scopes = nil // the wires have their own
	at := legacy.Deployment{AuthURL: d.o.authURL, TokenURL: d.o.tokenURL, UserinfoURL: d.o.userURL}
	if d.o.wire == "vnconnect" {
		cfg.Wire = legacy.VNConnect{Deployment: at}.Wire()
		return cfg, nil
	}
	// Nothing is decrypted before a login succeeds, and none does: any key will do.
	if d.o.spare == nil {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return sso.Config{}, err
		}
		d.o.spare = key
	}
	cfg.Wire = legacy.Envelope{Deployment: at, Key: d.o.spare, SubjectKey: make([]byte, 32), PlainCode: true, PlainAnswers: true}.Wire()
	return cfg, nil
}

// login goes as far as a login goes without a person.
func (d *doctor) login(ctx context.Context) {
	p := d.redirect(ctx)
	if p.call.method == http.MethodPost { // pushed, and refused: the client was asked who it is
		if p.outcome == strange || p.outcome == shut {
			d.credentials(p.call)
		} else {
			d.unproven(p.err)
		}
		return
	}
	if p.session == nil {
		d.unproven(p.err)
		return
	}
	if d.o.cfg.JARM {
		// A response that nobody signed goes no further. That the request could be
		// pushed says the same.
		if calls, _ := d.tap.since(0); slices.ContainsFunc(calls, func(c call) bool { return c.method == http.MethodPost && c.status == http.StatusCreated }) {
			d.known("request_uri")
		} else {
			d.unproven(p.err)
		}
		return
	}
	_, n := d.tap.since(0)
	cfg, _ := d.config(d.o.cfg.RedirectURL)
	_, err := p.client.Finish(ctx, p.session, url.Values{"code": {noCode}, "state": {p.session.State()}, "iss": {cfg.Issuer}}.Encode())
	if c, ok := d.tap.last(n, http.MethodPost); ok {
		d.credentials(c)
		return
	}
	d.unproven(err)
}

func (d *doctor) unproven(err error) {
	var detail []string
	if err != nil {
		detail = []string{err.Error()}
	}
	d.add("credentials-unknown", unknown, both("Chưa kiểm tra được client secret hoặc khóa, vì bước trước không qua", "The client's secret or key could not be tried, since the step before failed"),
		both("Sửa lỗi ở trên rồi chạy lại.", "Mend what is above, and run again."), detail...)
}

func (d *doctor) known(by string) {
	d.add("credentials-ok", good, both("Nhà cung cấp nhận client_id và secret hoặc khóa (%s)", "The provider accepts client_id and secret or key (%s)", by), ui.Text{})
}

// credentials reads the answer to a call that authenticated the client.
func (d *doctor) credentials(c call) {
	detail := fmt.Sprintf("%s, status %d, %s", show(c.host+c.path), c.status, show(c.mime))
	if c.code != "" {
		detail += ", error " + c.code
	}
	down := both("Thử lại sau; nếu còn lỗi, báo nhà cung cấp kèm giờ và địa chỉ của máy này.", "Try again later; if it stays, tell the provider, with the time and this machine's address.")
	switch {
	case c.code == "invalid_grant":
		d.known("invalid_grant")
	case c.status == 0:
		d.add("token-unreachable", bad, both("Không gọi được điểm cấp token", "The token endpoint cannot be reached"), down, cause(c.err))
	case c.status == http.StatusUnsupportedMediaType:
		d.add("token-media", bad, both("Điểm cấp token không nhận biểu mẫu (415)", "The token endpoint does not take forms (415)"),
			both("SDK gửi application/x-www-form-urlencoded như RFC 6749: kiểm tra địa chỉ (có đúng điểm cấp token?), proxy đổi Content-Type, hoặc hệ thống cần -wire.",
				"The SDK sends application/x-www-form-urlencoded as RFC 6749 says: check the address (is it the token endpoint?), a proxy that changes Content-Type, or whether this system needs -wire."), detail)
	case c.code == "invalid_client" && d.o.wire == "": // the old wires say it to strange addresses too
		d.add("credentials-wrong", bad, both("Nhà cung cấp không nhận client_id, secret hoặc khóa", "The provider does not accept client_id, secret or key"),
			both("Kiểm tra secret (dấu trắng, môi trường thử nghiệm hay chính thức, đã đổi chưa), cách gửi secret, hoặc khóa và kid đã đăng ký.",
				"Check the secret (white space, test or production, whether it was changed), how it is sent, or the key and kid that are registered."), detail)
	case c.closed():
		d.add("credentials-or-address", bad, both("Điểm cấp token trả lời %d, không rõ vì sai secret hay vì địa chỉ máy này chưa được cho phép", "The token endpoint answers %d, and does not tell a wrong secret from an address that is not let in", c.status),
			both("Gửi nhà cung cấp giờ gọi và địa chỉ đi ra (xem egress), hỏi địa chỉ đó có trong danh sách cho phép không; rồi mới kiểm tra secret.",
				"Give the provider the time and the address (see egress), and ask whether it is on the allow-list; only then look at the secret."), detail)
	case c.code == "unauthorized_client" || c.code == "unsupported_grant_type":
		d.add("grant-refused", bad, both("Nhà cung cấp biết client nhưng không cho dùng luồng mã (%s)", "The provider knows the client and does not allow the code flow (%s)", c.code),
			both("Xin nhà cung cấp mở grant authorization_code.", "Have the provider allow the grant authorization_code."), detail)
	case c.code == "invalid_dpop_proof" || c.code == "use_dpop_nonce":
		d.add("dpop-refused", bad, both("Nhà cung cấp từ chối bằng chứng DPoP", "The provider refuses the DPoP proof"),
			both("Xem mục clock; proxy đổi đường dẫn cũng làm sai htu.", "See clock; a proxy that changes the path breaks htu too."), detail)
	case c.status >= 300 && c.status < 400:
		d.add("token-moved", bad, both("Điểm cấp token chuyển hướng; SDK không gửi secret đi theo", "The token endpoint redirects; the SDK does not take the secret there"),
			both("Sửa địa chỉ: https, tên máy, dấu / ở cuối.", "Mend the address: https, host, slash at the end."), detail, "Location: "+show(c.location))
	case c.status >= 500:
		d.add("token-down", bad, both("Điểm cấp token báo lỗi của máy chủ", "The token endpoint has an error of its own"), down, detail)
	default:
		d.add("credentials-unclear", unknown, both("Câu trả lời của điểm cấp token không cho biết secret hoặc khóa có đúng không", "What the token endpoint answers does not tell whether secret or key are right"),
			both("Hỏi nhà cung cấp ý nghĩa của mã lỗi, hoặc xem có proxy trả lời thay không.", "Ask the provider what the code means, or see whether a proxy answers instead."), detail)
	}
}

// address tells a closed house from a closed room: where everything is refused, it is
// not the secret, which most of these calls did not carry.
func (d *doctor) address() {
	calls, _ := d.tap.since(0)
	var places []string
	for _, c := range calls {
		if c.status != 0 && !c.closed() {
			return
		}
		if at := c.host + c.path; c.closed() && !slices.Contains(places, at) {
			places = append(places, at)
		}
	}
	if len(places) < 2 {
		return
	}
	var lines []string
	for _, p := range places {
		lines = append(lines, show(p))
	}
	d.add("address-closed", bad, both("Mọi điểm đều trả lời 401 hoặc 403: địa chỉ của máy này có lẽ chưa có trong danh sách cho phép", "Every endpoint answers 401 or 403: this machine's address is probably not on the allow-list"),
		both("Gửi nhà cung cấp địa chỉ đi ra (xem egress) và giờ gọi. Chưa cần đổi secret.", "Give the provider the address (see egress) and the time. Do not change the secret yet."), lines...)
}

// legacy examines a wire before OpenID Connect: it has no metadata and no keys.
func (d *doctor) legacy(ctx context.Context) {
	d.add("wire-unsigned", note, both("Giao thức cũ (%s): không có chữ ký, không có discovery, không có khóa để kiểm tra", "A protocol before OpenID Connect (%s): nothing is signed, and there is no discovery document and no key set to check", d.o.wire), ui.Text{})
	d.login(ctx)
}
