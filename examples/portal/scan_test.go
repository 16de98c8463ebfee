package main

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// scan posts the scanner's form.
func (w *world) scan(text string, picture []byte) answer {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("text", text)
	if picture != nil {
		part, _ := form.CreateFormFile("picture", "code.png")
		part.Write(picture)
	}
	form.Close()
	return w.do("POST", w.portal+"/scan", form.FormDataContentType(), body.String())
}

func (w *world) issue(q platform.CodeRequest) string {
	w.t.Helper()
	code, err := w.site.Platform.IssueCode(w.t.Context(), "level2", q)
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

func TestADynamicCodePassesOnce(t *testing.T) {
	w := newWorld(t)
	for _, profile := range []platform.Profile{platform.VN1, platform.JWS} {
		code := w.issue(platform.CodeRequest{Kind: qr.Dynamic, Profile: profile, Holder: qr.HolderLogin})
		w.scan(code, nil).must(t, 200, "Đã xác minh", "Nguyễn Văn An", "*********001", "Mã QR định danh", "vừa đăng nhập")
		w.scan(code, nil).must(t, 403, "Không hợp lệ", "Mã đã được sử dụng")
	}
}

func TestACodeUsedAtAnotherPortalIsUsed(t *testing.T) {
	w := newWorld(t)
	first := w.another(w.site.Platform.Issuer())
	code := w.issue(platform.CodeRequest{Kind: qr.Dynamic})
	first.scan(code, nil).must(t, 200, "Đã xác minh")
	w.scan(code, nil).must(t, 403, "Mã đã được sử dụng")
}

func TestACardCodeSaysThatNobodyLookedItUp(t *testing.T) {
	w := newWorld(t)
	code := w.issue(platform.CodeRequest{Kind: qr.Static})
	w.scan(code+"\r\n", nil).must(t, 200, "Đã xác minh", "Mã QR căn cước", "chưa tra cứu")
}

func TestAPictureIsRead(t *testing.T) {
	w := newWorld(t)
	symbol, err := qrimage.Draw(w.issue(platform.CodeRequest{Kind: qr.Dynamic}), 0)
	if err != nil {
		t.Fatal(err)
	}
	w.scan("", symbol.PNG(6)).must(t, 200, "Đã xác minh", "Nguyễn Văn An")
	w.scan("", []byte("no picture")).must(t, 400, "Chưa xác minh được")
}

func TestCardTextIsNeverVerified(t *testing.T) {
	w := newWorld(t)
	a := w.scan("999090000001||Nguyễn Văn An|14021990|Nam|Số 1 <i>Đường</i> Thử Nghiệm|15082021", nil)
	a.must(t, 200, "Chỉ đọc, chưa xác thực", "Nguyễn Văn An", "*********001", "Số 1 &lt;i&gt;Đường")
	if strings.Contains(a.body, "Đã xác minh") {
		t.Error("card text counts as verified")
	}
}

func TestOtherTextIsNotVerified(t *testing.T) {
	w := newWorld(t)
	for name, text := range map[string]string{
		"nothing": "", "a greeting": "hello <script>alert(1)</script>", "a broken code": "VN1:ABC", "long": strings.Repeat("A", 9000),
		"a retyped code": "VN1:6BFOÂN*TS0BI",
	} {
		if a := w.scan(text, nil); a.status != 400 || strings.Contains(a.body, "Đã xác minh") || strings.Contains(a.body, "<script") {
			t.Errorf("%s: status %d", name, a.status)
		}
	}
	w.scan("VN1:6BFOÂN*TS0BI", nil).must(t, 400, "bộ gõ tiếng Việt")
}

func TestAForgedCodeIsNotVerified(t *testing.T) {
	w := newWorld(t)
	code := w.issue(platform.CodeRequest{Kind: qr.Static, Profile: platform.JWS})
	w.scan(code, nil).must(t, 200, "Đã xác minh")
	// Another signature of the right form: the twin's with its first byte changed.
	i := strings.LastIndexByte(code, '.') + 1
	first := byte('A')
	if code[i] == first {
		first = 'B'
	}
	w.scan(code[:i]+string(first)+code[i+1:], nil).must(t, 403, "Không hợp lệ", "Chữ ký số không hợp lệ")
}

func TestScansOfOtherSitesAreRefused(t *testing.T) {
	w := newWorld(t)
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		if a := w.do("POST", w.portal+"/scan", "multipart/form-data; boundary=x", "--x--\r\n", header, value); a.status != http.StatusForbidden {
			t.Errorf("%s %s: status %d", header, value, a.status)
		}
	}
}
