package main

import (
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// world is the portal, the platform behind it, and a browser.
type world struct {
	t      *testing.T
	portal string
	site   *web.Site
	clock  *platform.Clock
	log    *logged
	mute   *atomic.Bool // the platform tells nothing of what happens to people
	*http.Client
}

func newWorld(t *testing.T) *world { t.Helper(); return newWorldOf(t, Standard) }

// newWorldOf has people log in by a mode.
func newWorldOf(t *testing.T, mode Mode) *world {
	t.Helper()
	w := &world{t: t, clock: new(platform.Clock), log: new(logged), mute: new(atomic.Bool)}
	var portal http.Handler
	pages := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { portal.ServeHTTP(rw, r) }))
	t.Cleanup(pages.Close)
	w.portal = pages.URL
	idp := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.mute.Load() && r.URL.Path == "/share/v1/events" {
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.site.ServeHTTP(rw, r)
	}))
	t.Cleanup(idp.Close)
	registered, err := web.Portals(w.portal + "/callback")
	if err != nil {
		t.Fatal(err)
	}
	w.site, err = web.New(t.Context(), web.Config{Issuer: idp.URL, Clients: registered, PasswordRounds: 1, Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	flags := flag.NewFlagSet("portal", flag.ContinueOnError)
	var o options
	o.define(flags)
	if err := flags.Parse(append(mode.flags(), "-issuer", idp.URL, "-redirect", w.portal+"/callback")); err != nil {
		t.Fatal(err)
	}
	cfg, err := o.config()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Log, cfg.Now = slog.New(slog.NewTextHandler(w.log, nil)), w.clock.Now
	portal, err = New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	jar, _ := cookiejar.New(nil)
	w.Client = &http.Client{Jar: jar}
	return w
}

// flags are what the command is called with for a mode.
func (m Mode) flags() []string {
	switch m {
	case Standard:
		return nil
	case FAPI2:
		return []string{"-profile", "fapi2"}
	}
	return []string{"-wire", string(m)}
}

// logged is the portal's log.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// answer is a page that came back.
type answer struct {
	status int
	url    *url.URL
	header http.Header
	body   string
}

func (w *world) do(method, address, kind, body string, header ...string) answer {
	w.t.Helper()
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := w.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Request.URL, res.Header, string(data)}
}

func (w *world) get(path string) answer { w.t.Helper(); return w.do("GET", w.portal+path, "", "") }

var (
	csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	digits    = regexp.MustCompile(`Mã xác thực: ([0-9]{6})`)
)

// logIn opens a page of the portal and answers whatever the platform asks.
func (w *world) logIn(path, handle string) answer {
	w.t.Helper()
	return w.walk(w.get(path), handle)
}

// walk answers the platform's pages as the person would.
func (w *world) walk(a answer, handle string) answer {
	w.t.Helper()
	for range 6 {
		if csrfField.FindString(a.body) == "" {
			return a
		}
		a = w.walk1(a, handle)
	}
	w.t.Fatal("the login does not end")
	return a
}

// walk1 answers one page.
func (w *world) walk1(a answer, handle string) answer {
	w.t.Helper()
	who, _ := personas.Get(handle)
	form := url.Values{"csrf": csrfField.FindStringSubmatch(a.body)[1:]}
	switch {
	case strings.Contains(a.body, `name="username"`):
		form.Set("username", who.Username())
		form.Set("password", who.Account.Password)
	case strings.Contains(a.body, `name="code"`):
		phone := w.do("GET", w.site.Platform.Issuer()+"/phone", "", "")
		form.Set("factor", "otp")
		form.Set("code", digits.FindStringSubmatch(phone.body)[1])
	case strings.Contains(a.body, `value="otp"`):
		form.Set("factor", "otp")
	default:
		form["scope"] = []string{"profile", "vneid:id"}
		form.Set("decision", "allow")
	}
	return w.do("POST", a.url.String(), "application/x-www-form-urlencoded", form.Encode())
}

func (a answer) must(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: status %d, want %d", a.url.Path, a.status, status)
	}
	for _, text := range append(texts, ui.Banner) {
		if !strings.Contains(a.body, text) {
			t.Errorf("%s lacks %q", a.url.Path, text)
		}
	}
	if strings.Contains(a.body, "<script>") || strings.Contains(a.body, " style=") {
		t.Errorf("%s has what its policy forbids", a.url.Path)
	}
	if strings.Contains(a.body, "999090000001") {
		t.Errorf("%s shows a whole number", a.url.Path)
	}
}

func TestALoginShowsWhatWasProven(t *testing.T) {
	w := newWorld(t)
	a := w.logIn("/profile", "level2")
	a.must(t, 200, "Nguyễn Văn An", "*********001", "14/02/1990", "Tài khoản mức độ 2", "Xác thực mức độ 1", w.site.Platform.Issuer())
	if a.url.Path != "/profile" {
		t.Errorf("the login ended at %s", a.url.Path)
	}
}

func TestTheServiceForLevel2AsksForASecondFactorOnce(t *testing.T) {
	w := newWorld(t)
	w.logIn("/profile", "level2")
	w.logIn("/level2", "level2").must(t, 200, "Đủ điều kiện", "Xác thực mức độ 2")
	w.get("/level2").must(t, 200, "Đủ điều kiện")
}

func TestLevel1IsToldWhereLevel2IsGranted(t *testing.T) {
	w := newWorld(t)
	w.logIn("/profile", "level1").must(t, 200, "Tài khoản mức độ 1")
	a := w.get("/level2")
	a.must(t, 403, "Công an xã/phường/đặc khu")
	if a.url.Path != "/level2" {
		t.Errorf("sent to %s: no login raises the account level", a.url.Path)
	}
}

func TestALockedAccountIsToldWhatToDo(t *testing.T) {
	w := newWorld(t)
	w.logIn("/profile", "account-locked").must(t, 403, "đang bị khóa", "mở khóa")
}

func TestWhoRefusesIsNotLoggedIn(t *testing.T) {
	w := newWorld(t)
	a := w.get("/profile")
	csrf := csrfField.FindStringSubmatch(a.body)[1]
	form := url.Values{"csrf": {csrf}, "decision": {"deny"}}
	w.do("POST", a.url.String(), "application/x-www-form-urlencoded", form.Encode()).must(t, 403, "bị từ chối")
	if w.get("/profile").url.Path == "/profile" {
		t.Error("the profile opens after a refusal")
	}
}

func TestWhatIsNotThereSaysWhoseSiteThisIsNot(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/nothing-here", "/profile/more", "/index.html"} {
		w.get(path).must(t, 404, "Không có trang này", `<html lang="vi">`)
		w.get(path+"?lang=en").must(t, 404, "No such page", `<html lang="en">`)
		w.get("/?lang=vi") // the cookie remembers the language
	}
	a := w.get("/logout")
	a.must(t, 405)
	if allow := a.header.Get("Allow"); allow != "POST" {
		t.Errorf("Allow: %q", allow)
	}
}

func TestLogoutEndsTheSessionAndIsForFormsOfThisSiteOnly(t *testing.T) {
	w := newWorld(t)
	w.logIn("/profile", "level2")
	if a := w.get("/logout"); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET /logout: status %d", a.status)
	}
	for _, site := range []string{"cross-site", "same-site"} {
		if a := w.do("POST", w.portal+"/logout", "", "", "Sec-Fetch-Site", site); a.status != http.StatusForbidden {
			t.Errorf("%s: status %d", site, a.status)
		}
	}
	if to := w.redirect("/profile"); to != "" {
		t.Fatalf("another site's form ended the session: sent to %s", to)
	}
	w.do("POST", w.portal+"/logout", "", "", "Sec-Fetch-Site", "same-origin")
	if to := w.redirect("/profile"); !strings.HasPrefix(to, w.site.Platform.Issuer()+"/authorize?") {
		t.Errorf("after the logout the profile leads to %q, not to a login", to)
	}
}

// redirect returns where a page leads, "" if it is shown.
func (w *world) redirect(path string) string {
	w.t.Helper()
	still := *w.Client
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := still.Get(w.portal + path)
	if err != nil {
		w.t.Fatal(err)
	}
	res.Body.Close()
	return res.Header.Get("Location")
}

// another is the same world seen from a second portal.
func (w *world) another(issuer string) *world {
	w.t.Helper()
	var portal http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { portal.ServeHTTP(rw, r) }))
	w.t.Cleanup(server.Close)
	var err error
	portal, err = New(Config{Issuer: issuer, ClientID: "portal", ClientSecret: TestSecret, RedirectURL: server.URL + "/callback"})
	if err != nil {
		w.t.Fatal(err)
	}
	second := *w
	second.portal = server.URL
	return &second
}

func TestAProviderThatIsDownIsNobodysFault(t *testing.T) {
	w := newWorld(t)
	w = w.another("http://127.0.0.1:1")
	w.get("/").must(t, 200)
	w.get("/login").must(t, 503, "Chưa kiểm tra được")
}

func TestPagesAreWholeInBothLanguages(t *testing.T) {
	w := newWorld(t)
	w.logIn("/level2", "level2")
	for _, path := range []string{"/", "/profile", "/level2", "/scan"} {
		vi, en := w.get(path+"?lang=vi"), w.get(path+"?lang=en")
		vi.must(t, 200, `<html lang="vi">`, "<h1>")
		en.must(t, 200, `<html lang="en">`, "<h1>")
		policy := vi.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
}
