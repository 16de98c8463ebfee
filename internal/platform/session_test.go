package platform

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestPromptAndMaxAge(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		before string // handle who logged in before
		wait   time.Duration
		ask    map[string]string
		err    string
		login  bool // the login page is shown
	}{
		"none without a session":        {"", 0, map[string]string{"prompt": "none"}, "login_required", false},
		"none with a session":           {"level2", 0, map[string]string{"prompt": "none"}, "", false},
		"none without consent":          {"level2", 0, map[string]string{"prompt": "none", "scope": "openid email"}, "consent_required", false},
		"none with a weaker session":    {"level2", 0, map[string]string{"prompt": "none", "acr_values": "urn:vneid:acr:l2:a3"}, "interaction_required", false},
		"none with an old session":      {"level2", time.Minute, map[string]string{"prompt": "none", "max_age": "59"}, "login_required", false},
		"none with a young session":     {"level2", time.Minute, map[string]string{"prompt": "none", "max_age": "60"}, "", false},
		"a session is continued":        {"level2", time.Hour, nil, "", false},
		"a session has an end":          {"level2", sessionLife, nil, "", true},
		"login":                         {"level2", 0, map[string]string{"prompt": "login"}, "", true},
		"select_account":                {"level2", 0, map[string]string{"prompt": "select_account"}, "", true},
		"max_age of zero":               {"level2", time.Second, map[string]string{"max_age": "0"}, "", true},
		"a step-up asks for the factor": {"level2", time.Minute, map[string]string{"acr_values": "urn:vneid:acr:l2:a3"}, "", false},
	} {
		b := w.browser("level2")
		if c.before != "" {
			if got := b.authorize(request(nil)); got.Get("code") == "" {
				t.Fatalf("%s: no session", name)
			}
		}
		w.clock.advance(c.wait)
		b.seen = nil
		got := b.authorize(request(c.ask))
		shown := false
		for _, v := range b.seen {
			shown = shown || v.Step == StepLogin
		}
		if got.Get("error") != c.err || (c.err == "") != got.Has("code") || shown != c.login {
			t.Errorf("%s: %v, login page %v", name, got, shown)
		}
	}
}

func TestAStepUpKeepsTheSessionAndTheOldestTime(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	first := w.exchangeCode(b.authorize(request(nil)).Get("code"), nil)
	before := claimsOf(t, first.body["id_token"])
	w.clock.advance(time.Minute)
	b.seen = nil
	after := claimsOf(t, w.exchangeCode(b.authorize(request(map[string]string{"acr_values": "urn:vneid:acr:l2:a4"})).Get("code"), nil).body["id_token"])
	if len(b.seen) != 3 || after["acr"] != "urn:vneid:acr:l2:a4" { // app twice, face
		t.Errorf("%d pages, acr %v", len(b.seen), after["acr"])
	}
	if after["sid"] != before["sid"] || after["auth_time"] != before["auth_time"] {
		t.Error("a step-up claims to be a new login")
	}
	if w.userinfo(first.body["access_token"].(string)).status != 200 {
		t.Error("a step-up ended the tokens from before")
	}
}

func TestALoginGetsACookieOfItsOwn(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	u, _ := url.Parse(w.url)
	b.client.Jar.SetCookies(u, []*http.Cookie{{Name: sessionCookie, Value: "planted." + random(), Path: "/"}})
	b.authorize(request(nil))
	values := map[string]string{}
	for _, c := range b.client.Jar.Cookies(u) {
		values[c.Name] = c.Value
	}
	if strings.HasPrefix(values[sessionCookie], "planted") || values[sessionCookie] == "" {
		t.Error("the planted session became the logged-in one")
	}
	first := values[sessionCookie]
	b.authorize(request(map[string]string{"acr_values": "urn:vneid:acr:l2:a3"}))
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == sessionCookie && c.Value == first {
			t.Error("a step-up keeps the cookie")
		}
	}
	thief := w.browser("level2")
	sid, _, _ := strings.Cut(first, ".")
	for _, value := range []string{first, sid, sid + ".", sid + "." + random()} {
		thief.client.Jar.SetCookies(u, []*http.Cookie{{Name: sessionCookie, Value: value, Path: "/"}})
		if got := thief.authorize(request(map[string]string{"prompt": "none"})); got.Get("error") != "login_required" {
			t.Errorf("an old or half cookie is a session: %v", got)
		}
	}
}

func TestCookiesAreGuarded(t *testing.T) {
	for issuer, prefix := range map[string]string{"https://id.example": "__Host-", "http://127.0.0.1:1": ""} {
		p, err := New(Config{Issuer: issuer})
		if err != nil {
			t.Fatal(err)
		}
		rec := recorder{h: http.Header{}}
		p.setCookie(rec, sessionCookie, "x")
		c, err := http.ParseSetCookie(rec.h.Get("Set-Cookie"))
		if err != nil || c.Name != prefix+sessionCookie || !c.HttpOnly || c.Secure != (prefix != "") || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("%s: %v %v", issuer, c, err)
		}
	}
}

type recorder struct{ h http.Header }

func (r recorder) Header() http.Header         { return r.h }
func (r recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r recorder) WriteHeader(int)             {}

// start opens an interaction and returns its first page.
func (b *browser) start(q url.Values) View {
	b.t.Helper()
	v, _ := b.read(b.get("/authorize?" + q.Encode()))
	if v == nil {
		b.t.Fatal("no page")
	}
	return *v
}

func TestFormsOfOthersAreRefused(t *testing.T) {
	w := newWorld(t)
	b, other := w.browser("level2"), w.browser("level2")
	v, theirs := b.start(request(nil)), other.start(request(nil))
	good := b.fill(v)
	refused := func(name string, resp *http.Response) {
		t.Helper()
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		var page View
		_ = json.Unmarshal(body, &page)
		if resp.StatusCode < 400 || page.Step == StepConsent || resp.Header.Get("Location") != "" {
			t.Errorf("%s: %d %s", name, resp.StatusCode, body)
		}
	}
	for name, token := range map[string]string{"no token": "", "another interaction's token": theirs.CSRF, "a cut token": v.CSRF[:20]} {
		form := b.fill(v)
		form[FieldCSRF] = token
		refused(name, b.post(v.Action, form))
	}
	refused("another browser", other.post(v.Action, good))
	refused("another browser that looks first", other.get(v.Action))
	refused("an interaction that never was", b.post("/interaction/"+random(), good))
	req, _ := http.NewRequest("POST", w.url+v.Action, strings.NewReader(url.Values{FieldCSRF: {v.CSRF}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := b.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	refused("another site", resp)
	if got := b.walk(b.post(v.Action, good)); got.Get("code") == "" {
		t.Errorf("the twin does not pass: %v", got)
	}
	refused("after the end", b.post(v.Action, good))
}

func TestAnInteractionEnds(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	v := b.start(request(nil))
	w.clock.advance(interactionLife)
	if got := b.walk(b.post(v.Action, b.fill(v))); got != nil || b.last().Error != "interaction_over" {
		t.Errorf("answer %v, page %+v", got, b.last())
	}
}

func TestAStepCannotBeSkipped(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	v := b.start(request(map[string]string{"acr_values": "urn:vneid:acr:l2:a4"}))
	all := map[string]string{FieldCSRF: v.CSRF, FieldDecision: Allow, FieldFactor: "face", FieldResult: Match, FieldScope: "openid", FieldNewPassword: "new-password-1"}
	resp := b.post(v.Action, all)
	page, answer := b.read(resp)
	if answer != nil || page == nil || page.Step != StepLogin {
		t.Fatalf("fields of later steps count at the login page: %+v %v", page, answer)
	}
	page, _ = b.read(b.post(v.Action, b.fill(v)))
	if page.Step != StepFactor {
		t.Fatalf("step %s", page.Step)
	}
	for _, form := range []map[string]string{
		{FieldDecision: Allow, FieldScope: "openid"}, {FieldFactor: "password"}, {FieldFactor: ""}, {FieldFactor: "fingerprint"},
	} {
		form[FieldCSRF] = page.CSRF
		if got, answer := b.read(b.post(v.Action, form)); answer != nil || got.Step != StepFactor {
			t.Errorf("%v leads on: %+v %v", form, got, answer)
		}
	}
	if got, err := w.Account(context.Background(), "level2"); err != nil || got.Level != 2 {
		t.Errorf("account: %v %v", got.Level, err)
	}
}

func TestLogout(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	login := func() (hint, access string) {
		a := w.exchangeCode(b.authorize(request(nil)).Get("code"), nil)
		return a.body["id_token"].(string), a.body["access_token"].(string)
	}
	in := func() bool {
		return b.authorize(request(map[string]string{"prompt": "none"})).Has("code")
	}
	login()
	if v, _ := b.read(b.get("/logout")); v == nil || v.Step != StepLogout || !in() {
		t.Fatalf("logged out without being asked: %+v", v)
	}
	if v, _ := b.read(b.post("/logout", map[string]string{FieldCSRF: "x", FieldDecision: Allow})); v.Step != StepError || !in() {
		t.Errorf("logged out by a form from elsewhere: %+v", v)
	}
	b.walk(b.get("/logout"))
	if b.last().Step != StepLoggedOut || in() {
		t.Errorf("not logged out: %+v", b.last())
	}
	hint, access := login()
	w.clock.advance(time.Hour) // an expired ID token is still a hint
	for name, q := range map[string]url.Values{
		"a forged hint":          {"id_token_hint": {hint[:len(hint)-4] + "AAAA"}},
		"a hint for another":     {"id_token_hint": {hint}, "client_id": {"other"}},
		"an unregistered return": {"id_token_hint": {hint}, "post_logout_redirect_uri": {"https://evil.example/"}},
		"a return and no client": {"post_logout_redirect_uri": {"https://rp.example/bye"}},
	} {
		if v, answer := b.read(b.get("/logout?" + q.Encode())); answer != nil || v.Step != StepError || !in() {
			t.Errorf("%s: %+v %v", name, v, answer)
		}
	}
	q := url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"https://rp.example/bye"}, "state": {"s 1"}}
	resp := b.get("/logout?" + q.Encode())
	resp.Body.Close()
	if resp.Header.Get("Location") != "https://rp.example/bye?state=s+1" || in() {
		t.Errorf("logout by hint: %s", resp.Header.Get("Location"))
	}
	if w.userinfo(access).status != 401 {
		t.Error("the session's token outlives the logout")
	}
	stranger := w.browser("namesake")
	stranger.authorize(request(nil))
	if v, answer := stranger.read(stranger.get("/logout?" + url.Values{"id_token_hint": {hint}}.Encode())); answer != nil || v.Step != StepLogout {
		t.Errorf("somebody else's hint logs out: %+v", v)
	}
}

func TestThePlatformsOwnPagesLogInToo(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	landed := ""
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.Path, "/wallet") || r.URL.Path == "/" {
			landed = r.URL.RequestURI()
			return http.ErrUseLastResponse
		}
		return nil
	}
	b.walk(b.get("/login?return=%2Fwallet%3Fa%3Db&auth=3"))
	if landed != "/wallet?a=b" {
		t.Fatalf("landed at %q", landed)
	}
	req, _ := http.NewRequest("GET", w.url+"/wallet", nil)
	if _, err := w.Session(req); err != ErrNoSession {
		t.Errorf("a request without cookies: %v", err)
	}
	u, _ := url.Parse(w.url)
	for _, c := range b.client.Jar.Cookies(u) {
		req.AddCookie(c)
	}
	s, err := w.Session(req)
	if err != nil || s.Account.ID != "level2" || s.Assurance.Auth != 3 || s.Assurance.Level != 2 || !s.Assurance.At.Equal(w.clock.Now()) {
		t.Errorf("session %v %v", s.Assurance, err)
	}
	for _, evil := range []string{"//evil.example", "https://evil.example/", `/\evil.example`, "evil", "", "/\t/evil.example"} {
		jar, _ := cookiejar.New(nil)
		b.client.Jar = jar
		b.walk(b.get("/login?return=" + url.QueryEscape(evil)))
		if landed != "/" {
			t.Errorf("%q leads to %q", evil, landed)
		}
	}
}
