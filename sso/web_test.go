package sso

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// site is a relying party on https with the handlers, and browsers to visit it.
type site struct {
	t   testing.TB
	op  *op
	c   *Client
	srv *httptest.Server
	mux *http.ServeMux

	mu     sync.Mutex
	errors []error // what ErrorPage was given
}

func newSite(t testing.TB, set ...func(*Config)) *site {
	t.Helper()
	return siteOf(t, newOP(t), set...)
}

// newStrictSite is a relying party of FAPI 2.0 with signed responses.
func newStrictSite(t testing.TB, set ...func(*Config)) *site {
	t.Helper()
	o, c := newFAPI(t)
	key := c.key()
	return siteOf(t, o, append(set, func(c *Config) {
		c.Profile, c.JARM, c.ClientSecret, c.Key, c.KeyID = FAPI2, true, "", key.Signer, key.ID
	})...)
}

func siteOf(t testing.TB, o *op, set ...func(*Config)) *site {
	t.Helper()
	s := &site{t: t, op: o, mux: http.NewServeMux()}
	s.srv = httptest.NewTLSServer(s.mux)
	t.Cleanup(s.srv.Close)
	set = append([]func(*Config){func(c *Config) {
		c.RedirectURL = s.srv.URL + "/callback"
		c.ErrorPage = func(w http.ResponseWriter, _ *http.Request, err error) {
			s.mu.Lock()
			s.errors = append(s.errors, err)
			s.mu.Unlock()
			w.WriteHeader(status(err))
			io.WriteString(w, "error page")
		}
	}}, set...)
	s.c = newClient(t, s.op, set...)
	s.mux.Handle("/login", s.c.Login(Ask{}))
	s.mux.Handle("/callback", s.c.Callback(nil))
	s.mux.Handle("/logout", s.c.Logout("/bye"))
	s.mux.HandleFunc("/bye", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "bye") })
	s.page("/home", Ask{})
	return s
}

// page adds a page that shows who is logged in.
func (s *site) page(path string, ask Ask) {
	s.mux.Handle(path, s.c.Require(ask, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, ok := FromContext(r.Context())
		if !ok {
			s.t.Error("Require let nobody through")
		}
		fmt.Fprintf(w, "%s is %s at %d/%d on %s", path, id.Citizen().Reveal().Name, id.Assurance().Level, id.Assurance().Auth, r.URL.RequestURI())
	})))
}

func (s *site) lastError() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.errors) == 0 {
		return nil
	}
	return s.errors[len(s.errors)-1]
}

// browser keeps cookies and follows redirects, as people's do.
type browser struct {
	t testing.TB
	s *site
	http.Client
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{s.t, s, http.Client{Jar: jar, Transport: &http.Transport{
		TLSClientConfig: s.srv.Client().Transport.(*http.Transport).TLSClientConfig.Clone(),
	}}}
}

func (b *browser) send(method, to string, edit ...func(*http.Request)) (int, string) {
	b.t.Helper()
	if strings.HasPrefix(to, "/") {
		to = b.s.srv.URL + to
	}
	r, err := http.NewRequest(method, to, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, f := range edit {
		f(r)
	}
	res, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (b *browser) get(to string, edit ...func(*http.Request)) (int, string) {
	b.t.Helper()
	return b.send(http.MethodGet, to, edit...)
}

// stop keeps the browser from following redirects, and start returns where the
// first one leads: a person who has opened a tab and not finished there.
func (b *browser) start(path string) (providerURL string) {
	b.t.Helper()
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer func() { b.CheckRedirect = nil }()
	res, err := b.Get(b.s.srv.URL + path)
	if err != nil {
		b.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), b.s.op.srv.URL) {
		b.t.Fatalf("status %d, not sent to the provider", res.StatusCode)
	}
	return res.Header.Get("Location")
}

func (b *browser) cookies() []*http.Cookie {
	u, err := url.Parse(b.s.srv.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.Jar.Cookies(u)
}

func (b *browser) pending() int {
	n := 0
	for _, k := range b.cookies() {
		if strings.Contains(k.Name, "-login-") {
			n++
		}
	}
	return n
}

func TestAPersonLogsInVisitsAndLogsOut(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	status, body := b.get("/home?tab=2")
	if status != 200 || body != "/home is Nguyễn Thị Thử at 2/2 on /home?tab=2" {
		t.Fatalf("%d %s", status, body)
	}
	if s.op.count("/authorize") != 1 || b.pending() != 0 {
		t.Errorf("%d logins, %d still pending", s.op.count("/authorize"), b.pending())
	}
	if b.get("/home"); s.op.count("/authorize") != 1 {
		t.Error("a second page asked to log in again")
	}
	if status, _ := b.get("/logout"); status != http.StatusMethodNotAllowed {
		t.Errorf("logout by a link: %d", status)
	}
	stolen := b.cookies()
	if _, body := b.send(http.MethodPost, "/logout"); body != "bye" {
		t.Errorf("after the logout: %s", body)
	}
	if len(b.cookies()) != 0 {
		t.Error("a cookie is left")
	}
	thief := s.browser()
	u, _ := url.Parse(s.srv.URL)
	thief.Jar.SetCookies(u, stolen)
	thief.start("/home") // a copy of the cookie is sent to log in
	if b.get("/home"); s.op.count("/authorize") != 2 {
		t.Error("after the logout no new login was asked for")
	}
}

func TestALoginBeginsWithAPageOnly(t *testing.T) {
	if status, _ := newSite(t).browser().send(http.MethodPost, "/login"); status != http.StatusMethodNotAllowed {
		t.Errorf("%d", status)
	}
}

func TestCookiesAreHostBoundSecureAndLax(t *testing.T) {
	s := newSite(t)
	for _, handler := range []http.Handler{s.c.Login(Ask{})} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", "/login?return=/x", nil))
		k := w.Result().Cookies()[0]
		if !strings.HasPrefix(k.Name, "__Host-vneid-") || !k.Secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode ||
			k.Path != "/" || k.Domain != "" || k.MaxAge != 600 || len(k.String()) > maxCookie {
			t.Errorf("cookie %+v", k)
		}
		if h := w.Header(); h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Error("the redirect may be kept or its URL passed on")
		}
	}
	plain := newClient(t, s.op, func(c *Config) { c.RedirectURL = "http://localhost:8080/cb" })
	w := httptest.NewRecorder()
	plain.Login(Ask{}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if k := w.Result().Cookies()[0]; k.Secure || strings.HasPrefix(k.Name, "__Host-") || !k.HttpOnly {
		t.Errorf("on loopback http: %+v", k)
	}
}

func TestTabsDoNotDisturbEachOther(t *testing.T) {
	s := newSite(t)
	s.page("/a", Ask{})
	s.page("/b", Ask{})
	b := s.browser()
	first, second := b.start("/a"), b.start("/b")
	if b.pending() != 2 {
		t.Fatalf("%d logins under way", b.pending())
	}
	if _, body := b.get(second); !strings.HasPrefix(body, "/b is") {
		t.Errorf("second tab: %s", body)
	}
	if _, body := b.get(first); !strings.HasPrefix(body, "/a is") { // crossed: the later one came back first
		t.Errorf("first tab: %s", body)
	}
	if b.pending() != 0 {
		t.Errorf("%d logins still under way", b.pending())
	}
}

func TestAtMostFiveLoginsAreUnderWay(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	var tabs []string
	for range 7 {
		tabs = append(tabs, b.start("/home"))
		s.op.clock.advance(time.Second)
		if b.pending() > maxTabs {
			t.Fatalf("%d cookies", b.pending())
		}
	}
	if status, _ := b.get(tabs[1]); status != http.StatusForbidden {
		t.Errorf("an evicted tab: %d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrMismatch)
	if status, _ := b.get(tabs[2]); status != 200 {
		t.Errorf("the oldest tab that was kept: %d", status)
	}
	var header int
	for _, k := range b.cookies() {
		header += len(k.String()) + 2
	}
	t.Logf("%d bytes of Cookie header with %d logins under way and one session", header, b.pending())
}

func TestExpiredAndForeignLoginCookiesMakeRoom(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	for range 3 {
		b.start("/home")
	}
	u, _ := url.Parse(s.srv.URL)
	b.Jar.SetCookies(u, []*http.Cookie{
		{Name: s.c.names + "login-junk", Value: "junk", Path: "/", Secure: true},
		{Name: "somebody-elses", Value: "kept", Path: "/", Secure: true},
	})
	s.op.clock.advance(11 * time.Minute)
	b.start("/home")
	if b.pending() != 1 || len(b.cookies()) != 2 {
		t.Errorf("%d logins, %d cookies", b.pending(), len(b.cookies()))
	}
}

func TestOddReturnsToTheCallbackHaveSensibleAnswers(t *testing.T) {
	s := newSite(t)
	s.mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "root") })
	b := s.browser()
	tab := b.start("/home")
	callback := s.op.authorize(tab)
	if status, body := b.get(callback); status != 200 || !strings.HasPrefix(body, "/home is") {
		t.Fatalf("%d %s", status, body)
	}
	// The same callback again (reload, double click): the state is spent, the
	// person logged in.
	if status, body := b.get(callback); status != 200 || body != "root" {
		t.Errorf("double callback: %d %s", status, body)
	}
	// Back to the provider's page and forward again: a new code for a spent state.
	if status, body := b.get(s.op.authorize(tab)); status != 200 || body != "root" {
		t.Errorf("back button: %d %s", status, body)
	}
	// Without the session the same is refused.
	nobody := s.browser()
	if status, _ := nobody.get(callback); status != http.StatusForbidden {
		t.Errorf("double callback of nobody: %d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrMismatch)
	if n := s.op.count("/token"); n != 1 {
		t.Errorf("%d codes were sent", n)
	}
	if status, _ := b.get("/home"); status != 200 {
		t.Errorf("the session did not survive: %d", status)
	}
	// Another browser gets the callback (login CSRF).
	victim := s.browser()
	if status, _ := victim.get(s.op.authorize(s.browser().start("/home"))); status != http.StatusForbidden || len(victim.cookies()) != 0 {
		t.Errorf("another browser: %d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrMismatch)
	// The person cancelled.
	s.op.callback = func(v url.Values) { v.Del("code"); v.Set("error", "access_denied") }
	if status, _ := s.browser().get("/home"); status != http.StatusForbidden {
		t.Errorf("cancelled: %d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrDenied)
	// Nonsense.
	if status, _ := b.get("/callback"); status != http.StatusBadRequest {
		t.Errorf("an empty callback: %d", status)
	}
	if status, _ := b.send(http.MethodPost, "/callback"); status != http.StatusMethodNotAllowed {
		t.Errorf("a posted callback: %d", status)
	}
}

func TestTheLoginGoesBackToALocalPathOnly(t *testing.T) {
	s := newSite(t)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "root ", r.URL.RequestURI()) })
	for to, want := range map[string]string{
		"/inbox?page=2":        "root /inbox?page=2",
		"https://evil.example": "root /",
		"//evil.example":       "root /",
		`/\evil.example`:       "root /",
		"":                     "root /",
	} {
		if _, body := s.browser().get("/login?return=" + url.QueryEscape(to)); body != want {
			t.Errorf("%q led to %q", to, body)
		}
	}
}

func TestTheAppMayTakeTheLoginItself(t *testing.T) {
	s := newSite(t)
	var got *Identity
	c := s.c
	s.mux = http.NewServeMux()
	s.mux.Handle("/login", c.Login(Ask{Return: "/x"}))
	s.mux.Handle("/callback", c.Callback(func(w http.ResponseWriter, _ *http.Request, id *Identity, to string) {
		got = id
		fmt.Fprint(w, "mine, back to ", to)
	}))
	s.srv.Config.Handler = s.mux
	if _, body := s.browser().get("/login"); body != "mine, back to /x" {
		t.Errorf("%s", body)
	}
	if raw, ok := got.Claim("x_canary_custom"); !ok || string(raw) != `{"kept":true}` {
		t.Error("the claims are not all there where the login ends")
	}
}

func TestAProviderThatIsDownIsSaidAndRecovers(t *testing.T) {
	s := newSite(t)
	s.op.override[wellKnown] = says(500, "text/plain", "")
	if status, _ := s.browser().get("/home"); status != http.StatusServiceUnavailable {
		t.Errorf("%d", status)
	}
	delete(s.op.override, wellKnown)
	s.op.clock.advance(time.Second)
	if status, _ := s.browser().get("/home"); status != 200 {
		t.Errorf("%d", status)
	}
}

func TestWhatDoesNotFitACookieIsSaid(t *testing.T) {
	s := newSite(t)
	s.op.about["religion"] = strings.Repeat("x", 4000)
	if status, _ := s.browser().get("/home"); status != http.StatusInternalServerError {
		t.Errorf("%d", status)
	}
	if err := s.lastError(); !errors.Is(err, ErrCookieSize) || !strings.HasPrefix(err.Error(), "sso: ") || errors.As(err, new(vneid.Kind)) {
		t.Errorf("%v", err)
	}
}

func TestTheBuiltInErrorPageShowsNothingOfTheError(t *testing.T) {
	s := newSite(t, func(c *Config) { c.ErrorPage = nil })
	s.op.callback = func(v url.Values) {
		v.Del("code")
		v.Set("error", "<script>alert(1)</script>")
		v.Set("error_description", "canary")
	}
	b := s.browser()
	res, err := b.Get(s.srv.URL + "/home")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	text := string(body)
	if res.StatusCode != 503 || !strings.Contains(text, "Chưa đăng nhập được") || !strings.Contains(text, `lang="en"`) ||
		strings.Contains(text, "<script") || strings.Contains(text, "canary") || strings.Contains(text, "sso:") {
		t.Errorf("%d %s", res.StatusCode, text)
	}
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
	} {
		if res.Header.Get(name) != want {
			t.Errorf("%s is %q", name, res.Header.Get(name))
		}
	}
}

func TestASpoofedHostChangesNothing(t *testing.T) {
	s := newSite(t)
	r := httptest.NewRequest("GET", "https://evil.example/login", nil)
	r.Header.Set("X-Forwarded-Host", "evil.example")
	w := httptest.NewRecorder()
	s.c.Login(Ask{}).ServeHTTP(w, r)
	u, err := url.Parse(w.Header().Get("Location"))
	if err != nil || u.Query().Get("redirect_uri") != s.srv.URL+"/callback" || strings.Contains(w.Header().Get("Location"), "evil") {
		t.Errorf("%v %s", err, w.Header().Get("Location"))
	}
}

// requestWith is a page request with a browser's cookies.
func requestWith(b *browser) *http.Request {
	r := httptest.NewRequest(http.MethodGet, b.s.srv.URL+"/home", nil)
	for _, k := range b.cookies() {
		r.AddCookie(k)
	}
	return r
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
