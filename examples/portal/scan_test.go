package main

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// upload is the scanner's form, filled in.
func upload(text string, picture []byte) (kind string, form []byte) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	w.WriteField("text", text)
	if picture != nil {
		part, _ := w.CreateFormFile("picture", "code.png")
		part.Write(picture)
	}
	w.Close()
	return w.FormDataContentType(), body.Bytes()
}

// scan posts the scanner's form.
func (w *world) scan(text string, picture []byte) answer {
	w.t.Helper()
	kind, form := upload(text, picture)
	return w.do("POST", w.portal+"/scan", kind, string(form))
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

func TestUploadsThatDoNotEndHoldNobodyUp(t *testing.T) {
	w := newWorld(t)
	portal, err := New(Config{Issuer: w.site.Platform.Issuer(), ClientID: "portal", ClientSecret: TestSecret, RedirectURL: "https://portal.example/callback"})
	if err != nil {
		t.Fatal(err)
	}
	symbol, err := qrimage.Draw(w.issue(platform.CodeRequest{Kind: qr.Static}), 0)
	if err != nil {
		t.Fatal(err)
	}
	kind, whole := upload("", symbol.PNG(6))
	kindOfPart, part := upload("", make([]byte, 64<<10))
	var ended sync.WaitGroup
	defer ended.Wait()
	for range 3 { // more than there are places
		out, in := io.Pipe()
		ended.Go(func() { post(portal, kindOfPart, out); out.Close() })
		// Write returns when the portal has read all but the end: it is at the picture.
		if _, err := in.Write(part[:60<<10]); err != nil {
			t.Fatal(err)
		}
		defer in.Close()
	}
	for range 3 {
		if res := post(portal, kind, bytes.NewReader(whole)); res.Code != 200 || !strings.Contains(res.Body.String(), "Đã xác minh") {
			t.Errorf("while others send slowly: status %d", res.Code)
		}
	}
}

// post hands a portal a form without a network between.
func post(portal http.Handler, kind string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "https://portal.example/scan", body)
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	portal.ServeHTTP(w, r)
	return w
}

func TestAPictureThatIsTooLongIsNotRead(t *testing.T) {
	w := newWorld(t)
	symbol, err := qrimage.Draw(w.issue(platform.CodeRequest{Kind: qr.Static}), 0)
	if err != nil {
		t.Fatal(err)
	}
	picture := symbol.PNG(6)
	// PNG allows anything after its end, so that only the length tells the two apart.
	w.scan("", append(picture, make([]byte, maxPicture-len(picture))...)).must(t, 200, "Đã xác minh")
	w.scan("", append(picture, make([]byte, maxPicture-len(picture)+1)...)).must(t, 400, "Chưa xác minh được")
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
		if a := w.scan(text, nil); a.status != 400 || strings.Contains(a.body, "Đã xác minh") || strings.Contains(a.body, "<script>") {
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
