package counter

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// office is a counter on a loopback address.
type office struct {
	*platform.Platform
	t     *testing.T
	base  string
	clock *platform.Clock
}

func open(t *testing.T, anchors ...chip.Anchor) *office {
	t.Helper()
	o := &office{t: t, clock: &platform.Clock{}}
	o.base = webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		if o.Platform, err = platform.New(platform.Config{Issuer: base, PasswordRounds: 1, Now: o.clock.Now}); err != nil {
			return nil, err
		}
		if err := o.Seed(t.Context()); err != nil {
			return nil, err
		}
		h, err := New(o.Platform, ui.Site{Name: ui.Text{Vi: "Nền tảng", En: "Platform"}, Class: "counter"}, anchors...)
		return ui.Secure(64<<10, http.NewCrossOriginProtection().Handler(h)), err
	})
	return o
}

// browser is one with cookies of its own.
type browser struct{ *webtest.Browser }

func (o *office) browser() *browser { return &browser{webtest.New(o.t, o.base)} }

// as is the browser of somebody of the staff.
func (o *office) as(id string) *browser {
	o.t.Helper()
	b := o.browser()
	b.Staff(id, personas.Password, pathHome)
	return b
}

func TestStaffAreSentToLogInAndComeBack(t *testing.T) {
	o := open(t)
	b := o.browser()
	res, page := b.Get("/counter")
	if res.Request.URL.Path != "/staff/login" || !strings.Contains(page, `name="return" value="/counter"`) || !strings.Contains(page, ui.Banner) {
		t.Fatalf("at %s: %s", res.Request.URL, page)
	}
	form := url.Values{"id": {"can-bo-phuong"}, "password": {"wrong"}, "return": {"/counter"}}
	if res, page := b.Post("/staff/login", form); res.StatusCode != 401 || !strings.Contains(page, `role="alert"`) || !strings.Contains(page, `value="can-bo-phuong"`) {
		t.Errorf("a wrong password: %d %s", res.StatusCode, page)
	}
	form.Set("password", personas.Password)
	if res, _ := b.Post("/staff/login", form, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site logs in: %d", res.StatusCode)
	}
	if res, page := b.Post("/staff/login", form); res.Request.URL.Path != "/counter" || !strings.Contains(page, "Lý Văn Tiếp") {
		t.Errorf("at %s: %s", res.Request.URL, page)
	}
	if res, _ := b.Post("/staff/logout", nil); res.Request.URL.Path != "/staff/login" {
		t.Errorf("after the logout at %s", res.Request.URL)
	}
	if res, _ := b.Get("/counter"); res.Request.URL.Path != "/staff/login" {
		t.Error("still logged in")
	}
}

func TestALoginReturnsToThisSiteAlone(t *testing.T) {
	for path, want := range map[string]string{
		"/counter/case/1": "/counter/case/1", "": pathHome, "//evil.example/": pathHome, "https://evil.example/": pathHome,
		`/\evil.example`: pathHome, "/\t/evil.example": pathHome, "/" + strings.Repeat("a", 600): pathHome,
	} {
		if got := back(path); got != want {
			t.Errorf("back(%q) is %q", path, got)
		}
	}
}

// A former cookie, which somebody may have planted, is worth nothing after a login.
func TestALoginEndsTheFormerSession(t *testing.T) {
	o := open(t)
	b := o.as("can-bo-phuong")
	u, _ := url.Parse(o.base)
	old := b.Client.Jar.Cookies(u)
	b.Post("/staff/login", url.Values{"id": {"can-bo-xa"}, "password": {personas.Password}})
	thief := o.browser()
	thief.Client.Jar.SetCookies(u, old)
	if res, _ := thief.Get("/counter"); res.Request.URL.Path != "/staff/login" {
		t.Error("the former session goes on")
	}
}

func TestTheCounterIsForOfficers(t *testing.T) {
	o := open(t)
	for id, want := range map[string]int{"can-bo-phuong": 200, "co-quan": 403, "nhan-vien-portal": 403} {
		if res, _ := o.as(id).Get("/counter"); res.StatusCode != want {
			t.Errorf("%s: %d", id, res.StatusCode)
		}
	}
}

func TestALoginLeadsToWhereSomebodyWorks(t *testing.T) {
	o := open(t)
	for id, want := range map[string]string{"can-bo-phuong": "/counter", "co-quan": "/agency", "nhan-vien-portal": "/console"} {
		res, _ := o.browser().Post("/staff/login", url.Values{"id": {id}, "password": {personas.Password}})
		if res.Request.URL.Path != want {
			t.Errorf("%s is at %s", id, res.Request.URL)
		}
	}
	if res, _ := o.browser().Get(pathHome); res.Request.URL.Path != "/staff/login" {
		t.Errorf("nobody is at %s", res.Request.URL)
	}
}
