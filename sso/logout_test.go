package sso

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// partingSite is a site that logs out at its provider too.
func partingSite(t testing.TB, set ...func(*Config)) (*site, *afterlife) {
	t.Helper()
	s := newSite(t, append([]func(*Config){func(c *Config) {
		c.LogoutURL = strings.Replace(c.RedirectURL, "/callback", "/left", 1)
	}}, set...)...)
	a := withAfterlife(s.op)
	s.mux.Handle("/left", s.c.LoggedOut("/bye"))
	s.op.claims = plainClaims
	s.op.override["/end"] = func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if a.seen != nil {
			a.seen("/end", q)
		}
		http.Redirect(w, r, q.Get("post_logout_redirect_uri")+"?state="+q.Get("state"), http.StatusFound)
	}
	return s, a
}

// plainClaims leaves an ID token without claims about the person.
func plainClaims(c object) { delete(c, "x_canary_custom") }

// leave logs out and returns where the browser is sent.
func (b *browser) leave() *url.URL {
	b.t.Helper()
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer func() { b.CheckRedirect = nil }()
	res, err := b.Post(b.s.srv.URL+"/logout", "", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	res.Body.Close()
	to, err := res.Location()
	if err != nil {
		b.t.Fatal(res.StatusCode, err)
	}
	return to
}

func TestALogoutEndsTheProvidersSessionToo(t *testing.T) {
	t.Run("oidcc-client-test-rp-init-logout", func(t *testing.T) {
		s, a := partingSite(t)
		var seen url.Values
		a.seen = func(_ string, q url.Values) { seen = q }
		b := s.browser()
		b.get("/home")
		if status, body := b.send("POST", "/logout"); status != 200 || body != "bye" || len(b.cookies()) != 0 {
			t.Fatalf("%d %s, %d cookies", status, body, len(b.cookies()))
		}
		if seen.Get("from") != "op" || seen.Get("client_id") != "portal:1" || seen.Get("post_logout_redirect_uri") != s.srv.URL+"/left" ||
			len(seen.Get("state")) != 43 || strings.Count(seen.Get("id_token_hint"), ".") != 2 || len(seen) != 5 {
			t.Errorf("the provider is asked %v", seen)
		}
	})
	// The suite's criterion: the client notices that the answer is not to its request.
	for name, edit := range map[string]func(url.Values){
		"oidcc-client-test-rp-init-logout-no-state":    func(q url.Values) { q.Del("state") },
		"oidcc-client-test-rp-init-logout-other-state": func(q url.Values) { q.Set("state", random()) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, off := range []string{"", "logout-state"} {
				s, _ := partingSite(t)
				s.c.off = off
				b := s.browser()
				b.get("/home")
				to := b.leave()
				q := url.Values{"state": {to.Query().Get("state")}}
				edit(q)
				status, body := b.get("/left?" + q.Encode())
				if off != "" {
					if status != 200 || body != "bye" {
						t.Fatal("the attack does not succeed without the check")
					}
					t.Logf("pair A10 %s: stopped by %s, succeeds without", name, off)
					continue
				}
				if status != http.StatusForbidden {
					t.Errorf("%d %s", status, body)
				}
				refusedAs(t, s.lastError(), vneid.ErrMismatch)
				if len(b.cookies()) != 0 {
					t.Error("a cookie is left")
				}
			}
		})
	}
}

func TestTheStateOfALogoutIsUsedOnceByItsBrowser(t *testing.T) {
	s, _ := partingSite(t)
	b := s.browser()
	b.get("/home")
	back := "/left?state=" + b.leave().Query().Get("state")
	if status, _ := s.browser().get(back); status != http.StatusForbidden {
		t.Errorf("another browser: %d", status)
	}
	if status, body := b.get(back); status != 200 || body != "bye" {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := b.get(back); status != http.StatusForbidden {
		t.Errorf("a second time: %d", status)
	}
	if status, _ := b.send("POST", back); status != http.StatusMethodNotAllowed {
		t.Errorf("a form: %d", status)
	}
	if status, _ := b.get("/left?state=%zz"); status != http.StatusBadRequest {
		t.Errorf("nonsense: %d", status)
	}
}

func TestALogoutStaysHereWhereTheProviderHasNone(t *testing.T) {
	for name, change := range map[string]func(*site){
		"no endpoint": func(s *site) { s.op.metadata = func(m object) { delete(m, "end_session_endpoint") } },
		"an endpoint elsewhere": func(s *site) {
			s.op.metadata = func(m object) { m["end_session_endpoint"] = "https://evil.example/end" }
		},
		"an endpoint of a kind": func(s *site) { s.op.metadata = func(m object) { m["end_session_endpoint"] = "javascript:alert(1)" } },
		"an endpoint as number": func(s *site) { s.op.metadata = func(m object) { m["end_session_endpoint"] = 1 } },
		"nothing is configured": func(s *site) { s.c.cfg.LogoutURL = "" },
		"the provider went away": func(s *site) {
			s.op.override[wellKnown] = says(500, "text/plain", "")
			s.op.clock.advance(25 * time.Hour)
		},
	} {
		s, _ := partingSite(t, func(c *Config) { c.SessionLife = 24 * time.Hour })
		b := s.browser()
		if name != "the provider went away" {
			change(s)
		}
		b.get("/home")
		if name == "the provider went away" {
			change(s)
			b.get("/bye")
		}
		if to := b.leave(); to.Path != "/bye" || to.Host != strings.TrimPrefix(s.srv.URL, "https://") {
			t.Errorf("%s: sent to %v", name, to)
		}
	}
	s, _ := partingSite(t)
	if to := s.browser().leave(); to.Path != "/bye" {
		t.Errorf("nobody is sent to %v", to)
	}
}

func TestNothingPersonalTravelsInALogout(t *testing.T) {
	for claim, value := range map[string]any{
		wire.CitizenID: "999190000001", wire.FormerIDs: []string{"999190000002"}, "name": "Nguyễn Thị Thử", "birthdate": "1990-05-17",
		"preferred_username": "999190000001", "phone_number": "+84000000000", "x_canary_custom": 1,
	} {
		s, _ := partingSite(t)
		b := s.browser()
		b.get("/home")
		if !b.leave().Query().Has("id_token_hint") {
			t.Error("the twin has no hint")
		}
		s.op.about = object{}
		s.op.claims = func(c object) { plainClaims(c); c[claim] = value }
		b.get("/home")
		if q := b.leave().Query(); q.Has("id_token_hint") || q.Get("client_id") != "portal:1" {
			t.Errorf("an ID token with %s is in a URL", claim)
		}
	}
}

func TestAHintThatDoesNotFitACookieIsLeftOut(t *testing.T) {
	s, _ := partingSite(t)
	s.op.about["religion"] = strings.Repeat("x", 1200)
	s.op.claims = func(c object) { plainClaims(c); c["amr"] = []string{strings.Repeat("y", 600)} }
	b := s.browser()
	if status, _ := b.get("/home"); status != 200 {
		t.Fatalf("%d: %v", status, s.lastError())
	}
	if b.leave().Query().Has("id_token_hint") {
		t.Error("it did fit: the test tests nothing")
	}
	store := NewMemorySessions(0, s.op.clock.now)
	s2, _ := partingSite(t, func(c *Config) { c.Sessions = store })
	s2.op.about, s2.op.claims = s.op.about, s.op.claims
	b = s2.browser()
	b.get("/home")
	if !b.leave().Query().Has("id_token_hint") {
		t.Error("a session on the server has no hint")
	}
}

func TestALogoutTakesTheTokensBack(t *testing.T) {
	s, a := partingSite(t, func(c *Config) { c.Sessions = NewMemorySessions(0, c.Now) })
	b := s.browser()
	b.get("/home")
	if _, body := b.send("POST", "/logout"); body != "bye" || fmt.Sprint(a.revoked) != "[refresh_token rt-canary-1 access_token at-canary-7f3a]" {
		t.Errorf("%s, revoked %d", body, len(a.revoked))
	}
	a.answer["/revoke"] = says(500, "text/plain", "")
	b.get("/home")
	if _, body := b.send("POST", "/logout"); body != "bye" {
		t.Errorf("a provider that does not answer keeps the person: %s", body)
	}
}

func TestTheLogoutURLIsConfiguredOrRefused(t *testing.T) {
	o := newOP(t)
	for _, to := range []string{"/left", "http://portal.example/left", "https://other.example/left", "https://u@portal.example/", "https://portal.example/#x"} {
		_, err := New(Config{Issuer: o.srv.URL, ClientID: "c", RedirectURL: "https://portal.example/cb", LogoutURL: to})
		if err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "Config.LogoutURL") {
			t.Errorf("%s: %v", to, err)
		}
	}
	var none Client
	if w := serve(none.LoggedOut("/"), requestWith(newSite(t).browser())); w.Code != http.StatusInternalServerError {
		t.Errorf("%d", w.Code)
	}
}

func TestTokensAreTakenBack(t *testing.T) {
	c, a, tokens := grantedTo(t)
	if err := c.Revoke(t.Context(), tokens); err != nil || len(a.revoked) != 2 {
		t.Errorf("%v, %v", err, a.revoked)
	}
	for _, test := range []struct {
		answer http.HandlerFunc
		want   vneid.Kind
	}{
		{says(503, "application/json", `{"error":"temporarily_unavailable"}`), vneid.ErrUnavailable},
		{says(401, "application/json", `{"error":"invalid_client"}`), vneid.ErrUntrusted},
		{says(400, "application/json", `{"error":"unsupported_token_type"}`), vneid.ErrUnavailable},
	} {
		a.answer["/revoke"] = test.answer
		refusedAs(t, c.Revoke(t.Context(), tokens), test.want)
	}
	refusedAs(t, c.Revoke(t.Context(), nil), vneid.ErrMismatch)
	o := newOP(t)
	plain := newClient(t, o)
	id := mustLogin(t, plain, o, Ask{})
	refusedAs(t, plain.Revoke(t.Context(), id.Tokens()), vneid.ErrUntrusted)
}

func TestAnIntrospectedTokenIsActiveOrNothing(t *testing.T) {
	c, a, tokens := grantedTo(t)
	access := tokens.get().Access
	i, err := c.Introspect(t.Context(), access)
	if err != nil {
		t.Fatal(err)
	}
	if i.Subject() != "pairwise-1" || i.Client() != "portal:1" || len(i.Scopes()) != 2 || i.Thumbprint() != "thumb-1" ||
		i.Assurance().Level != 2 || i.Assurance().Auth != 3 || i.Assurance().At.IsZero() || !i.Expires().After(a.o.clock.now()) {
		t.Error("not what the provider said")
	}
	if raw, ok := i.Claim("aud"); !ok || string(raw) != `"https://api.example"` {
		t.Error("a member is lost")
	}
	if text := fmt.Sprintf("%v %+v %#v %s", i, *i, i, any(struct{ i *Introspection }{i})); strings.Contains(text, "pairwise") {
		t.Error("it shows what it holds")
	}
	if b, err := i.MarshalText(); err == nil || b != nil {
		t.Error("it was encoded")
	}
	for name, test := range map[string]struct {
		edit func(object)
		want vneid.Kind
	}{
		"another issuer":   {func(m object) { m["iss"] = "https://evil.example" }, vneid.ErrUntrusted},
		"over":             {func(m object) { m["exp"] = m["iat"].(int64) - 60 }, vneid.ErrExpired},
		"not begun":        {func(m object) { m["nbf"] = m["iat"].(int64) + 61 }, vneid.ErrNotYetValid},
		"active as text":   {func(m object) { m["active"] = "true" }, vneid.ErrMalformed},
		"active as null":   {func(m object) { m["active"] = nil }, vneid.ErrMalformed},
		"no active":        {func(m object) { delete(m, "active") }, vneid.ErrMalformed},
		"not active":       {func(m object) { m["active"] = false }, vneid.ErrRevoked},
		"exp as text":      {func(m object) { m["exp"] = "1" }, vneid.ErrMalformed},
		"a locked account": {func(m object) { m[wire.Account] = "locked" }, vneid.ErrLocked},
	} {
		a.active = test.edit
		i, err := c.Introspect(t.Context(), access)
		if err == nil || i != nil {
			t.Errorf("%s passes", name)
			continue
		}
		refusedAs(t, err, test.want)
	}
	for status, want := range map[string]vneid.Level{"active": 2, "locked": 1, "x": 1} {
		a.active = func(m object) { m[wire.EIDStatus], m[wire.Account] = status, "active" }
		if i, err := c.Introspect(t.Context(), access); err != nil || i.Assurance().Level != want {
			t.Errorf("with an electronic identity card that is %s: %v, %v", status, i.Assurance().Level, err)
		}
	}
	a.active = nil
	_, err = c.Introspect(t.Context(), "another-canary")
	refusedAs(t, err, vneid.ErrRevoked)
	before := 0
	a.seen = func(string, url.Values) { before++ }
	for _, bad := range []string{"", "a b", strings.Repeat("x", 20000), "é"} {
		_, err := c.Introspect(t.Context(), bad)
		refusedAs(t, err, vneid.ErrMalformed)
	}
	if before != 0 {
		t.Error("the provider was asked about nonsense")
	}
	for status, want := range map[int]vneid.Kind{401: vneid.ErrUntrusted, 500: vneid.ErrUnavailable} {
		a.answer["/introspect"] = says(status, "text/plain", "")
		_, err := c.Introspect(t.Context(), access)
		refusedAs(t, err, want)
	}
	a.answer["/introspect"] = says(200, "text/html", "<p>")
	_, err = c.Introspect(t.Context(), access)
	refusedAs(t, err, vneid.ErrMalformed)
	if n := new(Introspection); n.Subject() != "" || n.Thumbprint() != "" || len(n.Scopes()) != 0 || n.Assurance() != (vneid.Assurance{}) {
		t.Error("nothing is something")
	}
}

// tokenPage calls the api for whoever is logged in.
func tokenPage(s *site, api *api) {
	s.mux.Handle("/call", s.c.Require(Ask{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := FromContext(r.Context())
		h, err := s.c.Access(id.Tokens(), nil, api.srv.URL)
		if err != nil {
			s.t.Error(err)
			return
		}
		res, err := h.Get(api.srv.URL)
		if err != nil {
			s.t.Error(err)
			return
		}
		defer res.Body.Close()
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
	})))
}

func TestASessionOnTheServerKeepsItsTokens(t *testing.T) {
	store := NewMemorySessions(0, nil)
	s, a := partingSite(t, func(c *Config) { store.now = c.Now; c.Sessions = store })
	api := newAPI(t, a)
	tokenPage(s, api)
	b := s.browser()
	b.get("/home")
	for i, want := range []int{0, 0, 1, 1, 2} {
		if i == 2 || i == 4 {
			s.op.clock.advance(5 * time.Minute)
		}
		if status, body := b.get("/call"); status != 200 || a.asked != want {
			t.Fatalf("%d: %d %s after %d refreshes", i, status, body, a.asked)
		}
	}
	if a.reused {
		t.Error("a refresh token was used twice")
	}
	// A cookie keeps none.
	s, _ = partingSite(t)
	b = s.browser()
	b.get("/home")
	if id := sessionOf(s.c, requestWith(b)); id.Tokens() != nil {
		t.Error("tokens are in a cookie")
	}
}

// Two processes share the store; without their looking at it the family would end.
func TestProcessesThatShareSessionsRefreshOnce(t *testing.T) {
	store := NewMemorySessions(0, nil)
	keys := func(c *Config) {
		store.now = c.Now
		c.Sessions, c.CookieKeys = store, [][]byte{[]byte(strings.Repeat("k", 32))}
	}
	s, a := partingSite(t, keys)
	other := newClient(t, s.op, keys, func(c *Config) { c.RedirectURL = s.srv.URL + "/callback" })
	b := s.browser()
	b.get("/home")
	s.op.clock.advance(time.Second)
	here, there := sessionOf(s.c, requestWith(b)).Tokens(), sessionOf(other, requestWith(b)).Tokens()
	first, err := s.c.Refresh(t.Context(), here, nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := other.Refresh(t.Context(), there, nil)
	if err != nil || second.get().Access != first.get().Access || a.asked != 1 {
		t.Errorf("%v after %d calls", err, a.asked)
	}
	if third, err := other.Refresh(t.Context(), second, nil); err != nil || third.get().Access == first.get().Access || a.asked != 2 {
		t.Errorf("%v after %d calls", err, a.asked)
	}
	// At the very same moment one of them has to wait.
	replay := vneid.NewMemoryReplay(0, s.op.clock.now)
	s.c.cfg.Replay, other.cfg.Replay = replay, replay
	latest := sessionOf(other, requestWith(b)).Tokens()
	a.refreshed = func(object) {
		if _, err := other.Refresh(t.Context(), latest, nil); err == nil {
			t.Error("both went to the provider")
		} else {
			refusedAs(t, err, vneid.ErrUnavailable)
		}
	}
	if _, err := s.c.Refresh(t.Context(), sessionOf(s.c, requestWith(b)).Tokens(), nil); err != nil || a.asked != 3 || a.reused {
		t.Errorf("%v after %d calls", err, a.asked)
	}
}

// Secrets and tokens go to the provider's own endpoints. The trap is shown to be
// reachable by taking the check out.
func TestEndpointsAfterTheLoginStayAtTheProvider(t *testing.T) {
	hits := 0
	trap := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { hits++ }))
	defer trap.Close()
	o := newOP(t)
	withAfterlife(o)
	elsewhere := strings.Replace(trap.URL, "127.0.0.1", "localhost", 1)
	was := o.metadata
	o.metadata = func(m object) {
		was(m)
		m["revocation_endpoint"], m["introspection_endpoint"] = elsewhere+"/revoke", elsewhere+"/introspect"
	}
	c := newClient(t, o, func(c *Config) { c.HTTP = &http.Client{Transport: &http.Transport{}} })
	tokens := mustLogin(t, c, o, Ask{}).Tokens()
	_, err := c.Introspect(t.Context(), "token-canary")
	refusedAs(t, err, vneid.ErrUntrusted)
	refusedAs(t, c.Revoke(t.Context(), tokens), vneid.ErrUntrusted)
	if hits != 0 {
		t.Errorf("the trap was called %d times", hits)
	}
	c.off = "endpoint-host"
	_, _ = c.Introspect(t.Context(), "token-canary")
	_ = c.Revoke(t.Context(), tokens)
	if hits != 3 {
		t.Errorf("the trap is not reachable without the check: %d calls", hits)
	}
}

// A session that was logged out of does not come back because a request that was
// under way refreshes its tokens.
func TestARefreshBringsNoSessionBack(t *testing.T) {
	store := NewMemorySessions(0, nil)
	s, a := partingSite(t, func(c *Config) { store.now = c.Now; c.Sessions = store })
	b := s.browser()
	b.get("/home")
	r := requestWith(b)
	tokens := sessionOf(s.c, r).Tokens()
	a.answer["/revoke"] = says(500, "text/plain", "") // else the provider would refuse
	b.leave()
	_, err := s.c.Refresh(t.Context(), tokens, nil)
	refusedAs(t, err, vneid.ErrRevoked)
	if a.asked != 0 || len(store.kept) != 0 {
		t.Errorf("%d refreshes, %d sessions", a.asked, len(store.kept))
	}
}
