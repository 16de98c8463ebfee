package sso

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestAStrongerLoginIsAskedForOnceAndOfTheSamePerson(t *testing.T) {
	s := newSite(t)
	s.page("/strong", Ask{Need: vneid.Assurance{Auth: 3}})
	s.op.auth = 2
	b := s.browser()
	if status, _ := b.get("/home"); status != 200 {
		t.Fatal(status)
	}
	to := b.start("/strong")
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("prompt") != "login" || !strings.Contains(q.Get("acr_values"), "a3") || !strings.Contains(q.Get("claims"), `"sub":{"value":"pairwise-1"}`) {
		t.Errorf("the step-up asks for %v", q)
	}
	// The provider answers below what it was asked for: refused, no second try.
	before := s.op.count("/authorize")
	if status, _ := b.get(to); status != http.StatusForbidden {
		t.Errorf("%d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrLevel)
	if n := s.op.count("/authorize") - before; n != 1 {
		t.Errorf("%d logins", n)
	}
	// Another person authenticates.
	s.op.auth = 3
	s.op.claims = func(c object) { c["sub"] = "pairwise-2" }
	if status, _ := b.get("/strong"); status != http.StatusForbidden {
		t.Errorf("another person: %d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrMismatch)
	// The same person does.
	s.op.claims = nil
	if status, body := b.get("/strong"); status != 200 || !strings.Contains(body, "at 2/3") {
		t.Errorf("%d %s", status, body)
	}
}

func TestTheAccountLevelIsNeverLoopedFor(t *testing.T) {
	s := newSite(t)
	s.page("/level2", Ask{Need: vneid.Assurance{Level: 2}})
	s.op.level = 1
	b := s.browser()
	b.get("/home")
	before := s.op.count("/authorize")
	if status, _ := b.get("/level2"); status != http.StatusForbidden || s.op.count("/authorize") != before {
		t.Errorf("%d after %d more logins", status, s.op.count("/authorize")-before)
	}
	refusedAs(t, s.lastError(), vneid.ErrLevel)
	var low *vneid.LevelError
	if !errors.As(s.lastError(), &low) || low.Got.Level != 1 || low.Want.Level != 2 {
		t.Errorf("%v", s.lastError())
	}
}

func TestALockedEIDIsSaidAndNotLoopedFor(t *testing.T) {
	s := newSite(t)
	s.page("/level2", Ask{Need: vneid.Assurance{Level: 2}})
	s.op.claims = func(c object) { c[wire.EIDStatus] = "locked" }
	b := s.browser()
	if status, body := b.get("/home"); status != 200 || !strings.Contains(body, "at 1/2") {
		t.Fatalf("%d %s", status, body)
	}
	if status, _ := b.get("/level2"); status != http.StatusForbidden || s.op.count("/authorize") != 1 {
		t.Errorf("%d", status)
	}
	var lock *vneid.LockError
	if refusedAs(t, s.lastError(), vneid.ErrLocked); !errors.As(s.lastError(), &lock) || !lock.EID {
		t.Errorf("%v", s.lastError())
	}
}

func TestAnOldAuthenticationIsRenewedWithoutALoop(t *testing.T) {
	s := newSite(t)
	s.page("/fresh", Ask{MaxAge: time.Minute})
	b := s.browser()
	if status, _ := b.get("/fresh"); status != 200 {
		t.Fatal(status)
	}
	s.op.clock.advance(3 * time.Minute)
	if status, _ := b.get("/fresh"); status != 200 || s.op.count("/authorize") != 2 {
		t.Errorf("%d after %d logins", status, s.op.count("/authorize"))
	}
	// A provider that never authenticates anew: its answer is refused.
	old := s.op.clock.now()
	s.op.clock.advance(3 * time.Minute)
	s.op.claims = func(c object) { c["auth_time"] = old.Unix() }
	if status, _ := b.get("/fresh"); status != http.StatusForbidden || s.op.count("/authorize") != 3 {
		t.Errorf("%d after %d logins", status, s.op.count("/authorize"))
	}
	refusedAs(t, s.lastError(), vneid.ErrLevel)
}

func TestAStepUpThatDoesNotSufficeIsNotRepeatedByItself(t *testing.T) {
	s := newSite(t)
	ask := Ask{MaxAge: time.Second}
	s.page("/fresh", ask)
	b := s.browser()
	b.get("/home")
	s.op.clock.advance(2 * time.Minute)
	to := b.start("/fresh")
	// Its answer is good, but by the time the page is asked for it is too old
	// again.
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/fresh" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	if status, _ := b.get(to); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	b.CheckRedirect = nil
	c := *s.c
	c.cfg.Now = func() time.Time { return s.op.clock.now().Add(5 * time.Second) }
	id := sessionOf(&c, requestWith(b))
	if id == nil || !id.get().visit.stepUp {
		t.Fatal("no stepped-up session")
	}
	c.cfg.Skew = time.Nanosecond // so that five seconds are too old
	before := s.op.count("/authorize")
	rec := serve(c.Require(ask, http.NotFoundHandler()), requestWith(b))
	if rec.Code != http.StatusForbidden || s.op.count("/authorize") != before {
		t.Errorf("%d", rec.Code)
	}
	c.cfg.Now = func() time.Time { return s.op.clock.now().Add(11 * time.Second) }
	if rec := serve(c.Require(ask, http.NotFoundHandler()), requestWith(b)); rec.Code != http.StatusSeeOther {
		t.Errorf("a later visit: %d", rec.Code)
	}
}

func TestOnlyPagesThatAPersonOpensAreSentToLogIn(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	mode := func(m string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Sec-Fetch-Mode", m) }
	}
	for _, test := range []struct {
		name, method string
		edit         func(*http.Request)
		want         int
	}{
		{"a page", "GET", mode("navigate"), 303},
		{"an old browser's page", "GET", func(*http.Request) {}, 303},
		{"a script's call", "GET", mode("cors"), 401},
		{"a picture", "GET", mode("no-cors"), 401},
		{"a form", "POST", mode("navigate"), 401},
		{"a deletion", "DELETE", func(*http.Request) {}, 401},
	} {
		if status, _ := b.send(test.method, "/home", test.edit); status != test.want {
			t.Errorf("%s: %d", test.name, status)
		}
		if test.want == 401 {
			refusedAs(t, s.lastError(), vneid.ErrLevel)
		}
	}
}

// brokenStore is a Revocations that cannot tell.
type brokenStore struct{ err error }

func (b brokenStore) Revoke(context.Context, Login, time.Time) error { return b.err }
func (b brokenStore) Check(context.Context, Login) error             { return b.err }

func TestARequestPassesOnlyIfNothingEndedItsSession(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.get("/home")
	now := s.op.clock.now()
	// The provider's session is ended, as a back-channel logout will do.
	login := Login{Issuer: s.op.srv.URL, Subject: "pairwise-1", SessionID: "op-session-1", At: now}
	if err := s.c.cfg.Revocations.Revoke(context.Background(), login, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if status, _ := b.send("POST", "/home"); status != http.StatusForbidden {
		t.Errorf("a form: %d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrRevoked)
	s.op.clock.advance(time.Second)
	if status, _ := b.get("/home"); status != 200 || s.op.count("/authorize") != 2 {
		t.Errorf("a page: %d", status)
	}
	for name, err := range map[string]error{
		"kindless":  errors.New("canary: connection refused"),
		"its own":   vneid.ErrUnavailable,
		"malformed": vneid.ErrMalformed,
	} {
		c := *s.c
		c.cfg.Revocations = brokenStore{err}
		if rec := serve(c.Require(Ask{}, http.NotFoundHandler()), requestWith(b)); rec.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", name, rec.Code)
		}
		refusedAs(t, s.lastError(), vneid.ErrUnavailable)
		r := requestWith(b)
		r.Method = http.MethodPost
		rec := serve(c.Logout("/"), r)
		if rec.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: a logout that was not recorded: %d", name, rec.Code)
		}
		refusedAs(t, s.lastError(), vneid.ErrUnavailable)
		if k := rec.Result().Cookies(); len(k) != 1 || k[0].MaxAge >= 0 || k[0].Name != c.sessionCookie() {
			t.Errorf("%s: the browser that logged out keeps its session: %v", name, k)
		}
	}
}

func TestALogoutFromAnotherSiteIsRefused(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.get("/home")
	status, _ := b.send("POST", "/logout", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if status != http.StatusForbidden || len(b.cookies()) != 1 {
		t.Errorf("%d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrMismatch)
}

func TestASessionEndsWithItsLife(t *testing.T) {
	s := newSite(t, func(c *Config) { c.SessionLife = 30 * time.Minute })
	b := s.browser()
	b.get("/home")
	for _, test := range []struct {
		after time.Duration
		live  bool
	}{
		{29 * time.Minute, true}, {30 * time.Minute, false}, {-50 * time.Second, true}, {-2 * time.Minute, false},
	} {
		c := *s.c
		c.cfg.Now = func() time.Time { return s.op.clock.now().Add(test.after) }
		if live := sessionOf(&c, requestWith(b)) != nil; live != test.live {
			t.Errorf("after %v: %v", test.after, live)
		}
	}
}

func TestASessionOfOneClientIsNoneOfAnother(t *testing.T) {
	keys := func(c *Config) { c.CookieKeys = [][]byte{[]byte(strings.Repeat("k", 32))} }
	s := newSite(t, keys)
	b := s.browser()
	b.get("/home")
	for name, set := range map[string]func(*Config){
		"client": func(c *Config) { c.ClientID = "portal:2" },
		"issuer": func(c *Config) { c.Issuer = "https://op2.example" },
		"route":  func(c *Config) { c.RedirectURL = s.srv.URL + "/callback2" },
	} {
		other := newClient(t, s.op, keys, func(c *Config) { c.RedirectURL = s.srv.URL + "/callback" }, set)
		r := requestWith(b)
		k := r.Cookies()[0]
		r.Header.Set("Cookie", other.sessionCookie()+"="+k.Value)
		if sessionOf(other, r) != nil {
			t.Errorf("passes for another %s", name)
		}
	}
	twin := newClient(t, s.op, keys, func(c *Config) { c.RedirectURL = s.srv.URL + "/callback" })
	if sessionOf(twin, requestWith(b)) == nil {
		t.Error("another process with the same keys does not know the session")
	}
}

func TestRequireChecksTheSubjectItWasTold(t *testing.T) {
	s := newSite(t)
	s.page("/mine", Ask{Subject: "pairwise-9"})
	b := s.browser()
	b.get("/home")
	if status, _ := b.get("/mine"); status != http.StatusForbidden {
		t.Errorf("%d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrMismatch)
}

func TestARuleAboutLockedEIDsHoldsForSessionsToo(t *testing.T) {
	s := newSite(t)
	s.op.claims = func(c object) { c[wire.EIDStatus] = "locked" }
	b := s.browser()
	b.get("/home")
	c := *s.c // the same client after its operator chose the stricter rule
	c.cfg.RefuseLockedEID = true
	if rec := serve(c.Require(Ask{}, http.NotFoundHandler()), requestWith(b)); rec.Code != http.StatusForbidden {
		t.Errorf("%d", rec.Code)
	}
	refusedAs(t, s.lastError(), vneid.ErrLocked)
}

// Processes share sessions, and their clocks differ.
func TestALogoutEndsASessionThatAnEarlierClockBegan(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.get("/home")
	r := requestWith(b)
	s.op.clock.advance(-30 * time.Second)
	if !s.c.loggedIn(r) {
		t.Fatal("nobody is logged in")
	}
	if status, body := b.send("POST", "/logout"); status != 200 || body != "bye" {
		t.Fatalf("%d %s", status, body)
	}
	if s.c.loggedIn(r) {
		t.Error("a copy of the cookie is still good")
	}
}
