package web

import (
	"context"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

func TestPapersNeedALogin(t *testing.T) {
	_, v := open(t)
	for _, path := range []string{"/me/papers", "/me/papers/driver-licence"} {
		if _, page := v.Get(path); !strings.Contains(page, `name="username"`) {
			t.Errorf("%s without a login:\n%s", path, page)
		}
	}
}

func TestADocumentIsPresentedFromItsPage(t *testing.T) {
	site, v := open(t)
	v.logIn("level2")
	_, page := v.Get("/me/papers")
	for _, want := range []string{platform.Banner, "Giấy phép lái xe", "Đã được xác thực", "/me/papers/driver-licence", "/me/papers/health-insurance"} {
		if !strings.Contains(page, want) {
			t.Errorf("lacks %q:\n%s", want, page)
		}
	}
	keys, err := jwks.Parse(site.Platform.QRKeys().JWKS(), v.Base, vneid.UseQR)
	if err != nil {
		t.Fatal(err)
	}
	inspector, err := qr.New(qr.Config{
		Issuers: []string{v.Base}, Keys: keys, Document: document.DriverLicence, Now: site.Platform.Now,
		Replay: vneid.NewMemoryReplay(0, func() time.Time { return site.Platform.Now().Add(-time.Minute) }),
		Signs:  map[string][]document.Kind{v.Base: {document.DriverLicence}},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for range 2 { // each page has a code of its own
		_, page = v.Get("/me/papers/driver-licence")
		found := regexp.MustCompile(`VN1:[^<]+`).FindString(page)
		code := html.UnescapeString(found)
		if _, err := inspector.Verify(context.Background(), code); err != nil || seen[code] || !strings.Contains(page, "<svg") || !strings.Contains(page, platform.Banner) {
			t.Errorf("%v:\n%s", err, page)
		}
		seen[code] = true
	}
	if res, _ := v.Get("/me/papers/passport"); res.StatusCode != 404 {
		t.Errorf("a passport: %d", res.StatusCode)
	}
}

func TestOtherwiseThePageSaysToShowThePaper(t *testing.T) {
	_, v := open(t)
	v.logIn("highlander") // a licence that could not be verified, no vehicle
	_, page := v.Get("/me/papers")
	for _, want := range []string{"Chưa xác thực được: hãy xuất trình bản giấy", "Chưa tích hợp trên ứng dụng", "/me/papers/health-insurance"} {
		if !strings.Contains(page, want) {
			t.Errorf("lacks %q:\n%s", want, page)
		}
	}
	for _, path := range []string{"/me/papers/driver-licence", "/me/papers/vehicle-registration"} {
		if _, page := v.Get(path); !strings.Contains(page, "Hãy xuất trình bản giấy") || strings.Contains(page, "VN1:") || strings.Contains(page, "<svg") {
			t.Errorf("%s:\n%s", path, page)
		}
	}
}
