package counter

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
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
	server := httptest.NewUnstartedServer(nil)
	clock := &platform.Clock{}
	p, err := platform.New(platform.Config{Issuer: "http://" + server.Listener.Addr().String(), PasswordRounds: 1, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	h, err := New(p, ui.Site{Name: ui.Text{Vi: "Nền tảng", En: "Platform"}, Class: "counter"}, anchors...)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = ui.Secure(64<<10, http.NewCrossOriginProtection().Handler(h))
	server.Start()
	t.Cleanup(server.Close)
	return &office{p, t, server.URL, clock}
}

// browser is one with cookies of its own.
type browser struct {
	o *office
	c *http.Client
}

func (o *office) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{o, &http.Client{Jar: jar}}
}

// as is the browser of somebody of the staff.
func (o *office) as(id string) *browser {
	o.t.Helper()
	b := o.browser()
	if res, page := b.post("/staff/login", url.Values{"id": {id}, "password": {personas.Password}}); res.StatusCode >= 400 && res.Request.URL.Path == "/staff/login" {
		o.t.Fatalf("%s cannot log in: %s", id, page)
	}
	return b
}

func (b *browser) do(req *http.Request) (*http.Response, string) {
	b.o.t.Helper()
	res, err := b.c.Do(req)
	if err != nil {
		b.o.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.o.t.Fatal(err)
	}
	return res, string(body)
}

func (b *browser) get(path string) (*http.Response, string) {
	req, _ := http.NewRequest("GET", b.o.base+path, nil)
	return b.do(req)
}

func (b *browser) post(path string, form url.Values, header ...string) (*http.Response, string) {
	req, _ := http.NewRequest("POST", b.o.base+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return b.do(req)
}

func TestStaffAreSentToLogInAndComeBack(t *testing.T) {
	o := open(t)
	b := o.browser()
	res, page := b.get("/counter")
	if res.Request.URL.Path != "/staff/login" || !strings.Contains(page, `name="return" value="/counter"`) || !strings.Contains(page, ui.Banner) {
		t.Fatalf("at %s: %s", res.Request.URL, page)
	}
	form := url.Values{"id": {"can-bo-phuong"}, "password": {"wrong"}, "return": {"/counter"}}
	if res, page := b.post("/staff/login", form); res.StatusCode != 401 || !strings.Contains(page, `role="alert"`) || !strings.Contains(page, `value="can-bo-phuong"`) {
		t.Errorf("a wrong password: %d %s", res.StatusCode, page)
	}
	form.Set("password", personas.Password)
	if res, _ := b.post("/staff/login", form, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site logs in: %d", res.StatusCode)
	}
	if res, page := b.post("/staff/login", form); res.Request.URL.Path != "/counter" || !strings.Contains(page, "Lý Văn Tiếp") {
		t.Errorf("at %s: %s", res.Request.URL, page)
	}
	if res, _ := b.post("/staff/logout", nil); res.Request.URL.Path != "/staff/login" {
		t.Errorf("after the logout at %s", res.Request.URL)
	}
	if res, _ := b.get("/counter"); res.Request.URL.Path != "/staff/login" {
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
	old := b.c.Jar.Cookies(u)
	b.post("/staff/login", url.Values{"id": {"can-bo-xa"}, "password": {personas.Password}})
	thief := o.browser()
	thief.c.Jar.SetCookies(u, old)
	if res, _ := thief.get("/counter"); res.Request.URL.Path != "/staff/login" {
		t.Error("the former session goes on")
	}
}

func TestTheCounterIsForOfficers(t *testing.T) {
	o := open(t)
	for id, want := range map[string]int{"can-bo-phuong": 200, "co-quan": 403, "nhan-vien-portal": 403} {
		if res, _ := o.as(id).get("/counter"); res.StatusCode != want {
			t.Errorf("%s: %d", id, res.StatusCode)
		}
	}
}

func TestALoginLeadsToWhereSomebodyWorks(t *testing.T) {
	o := open(t)
	for id, want := range map[string]string{"can-bo-phuong": "/counter", "co-quan": "/agency", "nhan-vien-portal": "/console"} {
		res, _ := o.browser().post("/staff/login", url.Values{"id": {id}, "password": {personas.Password}})
		if res.Request.URL.Path != want {
			t.Errorf("%s is at %s", id, res.Request.URL)
		}
	}
	if res, _ := o.browser().get(pathHome); res.Request.URL.Path != "/staff/login" {
		t.Errorf("nobody is at %s", res.Request.URL)
	}
}
