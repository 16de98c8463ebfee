package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
)

// metadata is the discovery document as far as the doctor reads it.
type metadata struct {
	Issuer    string   `json:"issuer"`
	Authorize string   `json:"authorization_endpoint"`
	Token     string   `json:"token_endpoint"`
	Userinfo  string   `json:"userinfo_endpoint"`
	Keys      string   `json:"jwks_uri"`
	Pushed    string   `json:"pushed_authorization_request_endpoint"`
	Auth      []string `json:"token_endpoint_auth_methods_supported"`
	DPoP      []string `json:"dpop_signing_alg_values_supported"`
	PKCE      []string `json:"code_challenge_methods_supported"`
	Iss       bool     `json:"authorization_response_iss_parameter_supported"`
}

// metadata reads the document from the place that the issuer names, and reports
// whether there is one to go on with.
func (d *doctor) metadata(ctx context.Context) (md metadata, ok bool) {
	base := strings.TrimSuffix(d.o.cfg.Issuer, "/")
	c := d.get(ctx, base+"/.well-known/openid-configuration")
	detail := fmt.Sprintf("%s, status %d, %s", show(base+"/.well-known/openid-configuration"), c.status, show(c.mime))
	switch {
	case c.closed():
		// One more place, to tell a closed door from a closed room.
		d.get(ctx, base+"/.well-known/oauth-authorization-server")
		d.add("metadata-closed", bad, both("Không được đọc tài liệu cấu hình (discovery)", "The discovery document may not be read"),
			both("Tài liệu này lẽ ra công khai: xem mục address, hoặc một tường lửa ứng dụng chặn máy này.", "It should be public: see address, or a web application firewall stops this machine."), detail)
	case c.status == 0:
		d.add("metadata-unreachable", bad, both("Không đọc được tài liệu cấu hình (discovery)", "The discovery document cannot be read"),
			both("Kết nối mở được mà không có trả lời: kiểm tra proxy và tường lửa ứng dụng.", "The connection opens and nothing answers: check proxies and firewalls."), cause(c.err))
	case c.status >= 300 && c.status < 400:
		d.add("metadata-moved", bad, both("Tài liệu cấu hình chuyển sang địa chỉ khác; SDK không đi theo", "The discovery document has moved; the SDK does not follow"),
			both("Đặt Issuer đúng từng byte như nhà cung cấp viết (https, tên, đường dẫn).", "Set Issuer byte for byte as the provider spells it (https, name, path)."), detail, "Location: "+show(c.location))
	case c.status == http.StatusNotFound:
		d.add("metadata-missing", bad, both("Không có tài liệu cấu hình ở địa chỉ này", "There is no discovery document at this address"),
			both("Kiểm tra đường dẫn trong -issuer. Hệ thống VNConnect và SSO trực tiếp của VNeID không có: dùng -wire.", "Check the path of -issuer. VNConnect and VNeID's direct single sign-on have none: use -wire."), detail)
	case c.status != http.StatusOK:
		d.add("metadata-down", bad, both("Nhà cung cấp báo lỗi khi đọc tài liệu cấu hình", "The provider has an error instead of the discovery document"),
			both("Thử lại sau; nếu còn lỗi, báo nhà cung cấp.", "Try again later; if it stays, tell the provider."), detail)
	case json.Unmarshal(c.body, &md) != nil:
		d.add("metadata-page", bad, both("Thứ trả về không phải tài liệu cấu hình", "What came is no discovery document"),
			both("Thường là trang của proxy hay cổng đăng nhập mạng chen vào.", "Mostly it is the page of a proxy or a network's login page in between."), detail)
	default:
		return md, d.ownMetadata(md)
	}
	return md, false
}

// ownMetadata asks whether the document is this issuer's and leads nowhere else.
func (d *doctor) ownMetadata(md metadata) bool {
	if md.Issuer != d.o.cfg.Issuer {
		what, lines := difference(d.o.cfg.Issuer, md.Issuer)
		d.add("metadata-issuer", bad, ui.Text{Vi: "Issuer trong tài liệu khác với cấu hình: " + what.Vi, En: "The document names another issuer than the configuration: " + what.En},
			both("Chép issuer từ tài liệu nếu đó đúng là nhà cung cấp của bạn.", "Copy the issuer from the document if that is your provider."), lines...)
		return false
	}
	issuer, _ := url.Parse(d.o.cfg.Issuer)
	var foreign []string
	for _, e := range []struct{ name, at string }{
		{"authorization_endpoint", md.Authorize}, {"token_endpoint", md.Token}, {"userinfo_endpoint", md.Userinfo},
		{"jwks_uri", md.Keys}, {"pushed_authorization_request_endpoint", md.Pushed},
	} {
		u, err := url.Parse(e.at)
		if e.at == "" || err == nil && (strings.EqualFold(u.Hostname(), issuer.Hostname()) || slices.ContainsFunc(d.o.cfg.Hosts, func(h string) bool { return strings.EqualFold(h, u.Hostname()) })) {
			continue
		}
		foreign = append(foreign, e.name+": "+show(e.at))
	}
	if len(foreign) > 0 {
		d.add("metadata-hosts", bad, both("Tài liệu cấu hình dẫn tới máy chủ khác", "The discovery document leads to other hosts"),
			both("Nếu đó là máy của nhà cung cấp: thêm vào sso.Config.Hosts (-hosts).", "If those are the provider's: put them into sso.Config.Hosts (-hosts)."), foreign...)
		return false
	}
	d.add("metadata-ok", good, both("Tài liệu cấu hình đúng issuer", "The discovery document is this issuer's"), ui.Text{})
	return true
}

// offer compares the document with what FAPI 2.0 needs.
func (d *doctor) offer(md metadata) {
	var lacks []string
	need := func(ok bool, what string) {
		if !ok {
			lacks = append(lacks, what)
		}
	}
	need(md.Pushed != "", "pushed_authorization_request_endpoint (RFC 9126)")
	need(slices.Contains(md.Auth, "private_key_jwt"), "private_key_jwt in token_endpoint_auth_methods_supported")
	need(slices.ContainsFunc(md.DPoP, func(a string) bool { return a == "ES256" || a == "PS256" || a == "EdDSA" }), "dpop_signing_alg_values_supported: ES256, PS256, EdDSA (RFC 9449)")
	need(slices.Contains(md.PKCE, "S256"), "S256 in code_challenge_methods_supported")
	need(md.Iss, "authorization_response_iss_parameter_supported (RFC 9207)")
	switch {
	case len(lacks) == 0:
		d.add("fapi2-ok", good, both("Nhà cung cấp công bố đủ cho FAPI 2.0", "The provider announces all that FAPI 2.0 needs"), ui.Text{})
	case d.o.cfg.Profile == sso.FAPI2:
		d.add("fapi2-lacks", bad, both("Nhà cung cấp không công bố đủ cho FAPI 2.0", "The provider does not announce all that FAPI 2.0 needs"),
			both("Hỏi nhà cung cấp; nếu họ chưa có, dùng hồ sơ standard.", "Ask the provider; if they have none of it, use the standard profile."), lacks...)
	default:
		d.add("fapi2-absent", note, both("Nhà cung cấp không công bố đủ cho FAPI 2.0; hồ sơ standard không cần", "The provider does not announce all that FAPI 2.0 needs; the standard profile does without"), ui.Text{}, lacks...)
	}
}

// jwk is what a key set says of one key.
type jwk struct {
	Kty, Alg, Use, Crv, N string
	D, K, P               string // private parts, whose place is not here
}

// usable reports whether the SDK could verify ID tokens with the key.
func (k jwk) usable() bool {
	if k.Use != "" && k.Use != "sig" {
		return false
	}
	switch k.Kty {
	case "RSA":
		n, err := base64.RawURLEncoding.DecodeString(k.N)
		return err == nil && len(n) >= 256
	case "EC":
		return k.Crv == "P-256" || k.Crv == "P-384" || k.Crv == "P-521"
	case "OKP":
		return k.Crv == "Ed25519"
	}
	return false
}

// keys reads the provider's key set.
func (d *doctor) keys(ctx context.Context, md metadata) {
	if md.Keys == "" {
		d.add("keys-none", bad, both("Tài liệu cấu hình không có jwks_uri", "The discovery document has no jwks_uri"),
			both("Báo nhà cung cấp; tạm thời có thể đặt sso.Config.Keys từ tệp.", "Tell the provider; sso.Config.Keys can come from a file meanwhile."))
		return
	}
	c := d.get(ctx, md.Keys)
	detail := fmt.Sprintf("%s, status %d, %s", show(md.Keys), c.status, show(c.mime))
	var set struct {
		Keys []jwk `json:"keys"`
	}
	if c.status != http.StatusOK {
		d.add("keys-down", bad, both("Không đọc được bộ khóa (JWKS)", "The key set (JWKS) cannot be read"),
			both("Mọi đăng nhập cần bộ khóa này: xem mục address, tường lửa, hoặc báo nhà cung cấp.", "Every login needs it: see address, the firewall, or tell the provider."), detail)
		return
	}
	if json.Unmarshal(c.body, &set) != nil {
		d.add("keys-page", bad, both("Thứ trả về không phải bộ khóa", "What came is no key set"),
			both("Thường là trang của proxy hay tường lửa chen vào.", "Mostly it is the page of a proxy or firewall in between."), detail)
		return
	}
	n, private := 0, false
	for _, k := range set.Keys {
		if k.usable() {
			n++
		}
		private = private || k.D != "" || k.K != "" || k.P != ""
	}
	if private {
		d.add("keys-private", bad, both("Bộ khóa công bố cả phần bí mật của khóa: ai cũng ký được", "The key set holds private parts: anybody can sign"),
			both("Báo ngay nhà cung cấp; ngừng nhận đăng nhập cho tới khi họ thay khóa.", "Tell the provider at once; accept no logins until the keys are replaced."))
	}
	if n == 0 {
		d.add("keys-empty", bad, both("Bộ khóa không có khóa nào dùng được", "The key set has no key that can be used"),
			both("Cần khóa RSA từ 2048 bit, EC hoặc Ed25519 để ký. Báo nhà cung cấp.", "It takes RSA of 2048 bits or more, EC or Ed25519, to sign. Tell the provider."), detail)
		return
	}
	d.add("keys-ok", good, both("Bộ khóa đọc được, có %d khóa dùng được", "The key set can be read; keys that can be used: %d", n), ui.Text{})
}
