package sso

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestARevocationEndsWhatItNamesMostClosely(t *testing.T) {
	now := newClock().now()
	login := Login{Issuer: "https://op.example", Subject: "s", SessionID: "p", Local: "l", At: now}
	for _, test := range []struct {
		name  string
		ended Login
		want  bool
	}{
		{"this local session", Login{Issuer: login.Issuer, Subject: "s", SessionID: "p", Local: "l", At: now}, true},
		{"another local session", Login{Issuer: login.Issuer, Subject: "s", SessionID: "p", Local: "m", At: now}, false},
		{"its provider session", Login{Issuer: login.Issuer, Subject: "s", SessionID: "p", At: now}, true},
		{"another provider session", Login{Issuer: login.Issuer, Subject: "s", SessionID: "q", At: now}, false},
		{"the provider session without a subject", Login{Issuer: login.Issuer, SessionID: "p", At: now}, true},
		{"all of the subject", Login{Issuer: login.Issuer, Subject: "s", At: now}, true},
		{"another subject", Login{Issuer: login.Issuer, Subject: "t", At: now}, false},
		{"another issuer", Login{Issuer: "https://other.example", Subject: "s", At: now}, false},
		{"earlier logins", Login{Issuer: login.Issuer, Subject: "s", At: now.Add(-time.Second)}, false},
		{"later logins", Login{Issuer: login.Issuer, Subject: "s", At: now.Add(time.Second)}, true},
	} {
		m := NewMemoryRevocations(0, func() time.Time { return now })
		if err := m.Check(context.Background(), login); err != nil {
			t.Fatal(err)
		}
		if err := m.Revoke(context.Background(), test.ended, now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := m.Check(context.Background(), login); (err != nil) != test.want {
			t.Errorf("%s: %v", test.name, err)
		} else if err != nil {
			refusedAs(t, err, vneid.ErrRevoked)
		}
	}
}

func TestAnEarlierRevocationTakesNothingBack(t *testing.T) {
	m := NewMemoryRevocations(0, nil)
	now := time.Now()
	ctx := context.Background()
	login := Login{Issuer: "i", Subject: "s", At: now}
	for _, d := range []time.Duration{0, -time.Hour} {
		ended := login
		ended.At = now.Add(d)
		if err := m.Revoke(ctx, ended, now.Add(time.Hour+d)); err != nil {
			t.Fatal(err)
		}
	}
	refusedAs(t, m.Check(ctx, login), vneid.ErrRevoked)
}

func TestTheRevocationStoreIsBoundedAndForgets(t *testing.T) {
	c := newClock()
	m := NewMemoryRevocations(3, c.now)
	ctx := context.Background()
	end := func(sub string) error {
		return m.Revoke(ctx, Login{Issuer: "i", Subject: sub, At: c.now()}, c.now().Add(time.Hour))
	}
	for _, sub := range []string{"a", "b", "c", "a"} {
		if err := end(sub); err != nil {
			t.Fatal(err)
		}
	}
	refusedAs(t, end("d"), vneid.ErrUnavailable)
	if err := end("b"); err != nil {
		t.Errorf("what is in the store already: %v", err)
	}
	c.advance(time.Hour + time.Second)
	if err := end("d"); err != nil {
		t.Errorf("after an hour: %v", err)
	}
	if len(m.ended) != 1 {
		t.Errorf("%d entries are left", len(m.ended))
	}
	refusedAs(t, m.Revoke(ctx, Login{Issuer: "i"}, c.now()), vneid.ErrMalformed)
	if err := m.Check(ctx, Login{Issuer: "i", At: c.now()}); err != nil {
		t.Errorf("a login without names: %v", err)
	}
}

func TestManyLogoutsAtOnce(t *testing.T) {
	m := NewMemoryRevocations(0, nil)
	done := make(chan bool)
	for i := range 32 {
		go func() {
			defer func() { done <- true }()
			login := Login{Issuer: "i", Local: strings.Repeat("x", i+1), At: time.Now()}
			if err := m.Revoke(context.Background(), login, login.At.Add(time.Hour)); err != nil {
				t.Error(err)
			}
			if m.Check(context.Background(), login) == nil {
				t.Error("not ended")
			}
		}()
	}
	for range 32 {
		<-done
	}
}

func TestTheRevocationStoreOfAProcessDoesNotVouchForEarlierLogins(t *testing.T) {
	c := newClock()
	m := NewMemoryRevocations(0, c.now)
	at := func(d time.Duration) error {
		return m.Check(t.Context(), Login{Issuer: "i", Subject: "s", At: c.now().Add(d)})
	}
	if err := at(0); err != nil {
		t.Errorf("a login in the instant of the start: %v", err)
	}
	refusedAs(t, at(-time.Nanosecond), vneid.ErrRevoked)
	c.advance(-time.Minute) // set back: a login now would not be accepted either
	refusedAs(t, at(0), vneid.ErrUnavailable)
}

func TestALogoutOutlivesARestart(t *testing.T) {
	keys := func(c *Config) { c.CookieKeys = [][]byte{[]byte(strings.Repeat("k", 32))} }
	s := newSite(t, keys)
	b := s.browser()
	b.get("/home")
	stolen := requestWith(b)
	b.send("POST", "/logout")
	s.op.clock.advance(time.Second)
	again := newClient(t, s.op, keys, func(c *Config) { c.RedirectURL = s.srv.URL + "/callback" })
	page := again.Require(Ask{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a logged-out cookie opens a page") }))
	if w := serve(page, stolen); w.Code != http.StatusSeeOther {
		t.Errorf("not sent to log in: %d", w.Code)
	}
}

func TestARevocationStoreThatNobodyMadeSaysSo(t *testing.T) {
	var m MemoryRevocations
	login := Login{Issuer: "i", Local: "l", At: time.Now()}
	for _, err := range []error{m.Check(t.Context(), login), m.Revoke(t.Context(), login, login.At)} {
		if err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "NewMemoryRevocations") {
			t.Errorf("%v", err)
		}
	}
}

// A process that has just started has no keys: it spends no refresh token before it
// can verify what it gets for it.
func TestNoRefreshTokenIsSpentWithoutKeys(t *testing.T) {
	_, a, first := grantedTo(t)
	a.o.override["/jwks"] = says(503, "text/plain", "")
	c := newClient(t, a.o, func(c *Config) { c.Now = a.o.clock.now })
	_, err := c.Refresh(t.Context(), first, nowhere)
	refusedAs(t, err, vneid.ErrUnavailable)
	if a.asked != 0 {
		t.Fatalf("%d refreshes", a.asked)
	}
	delete(a.o.override, "/jwks")
	a.o.clock.advance(time.Minute)
	if _, err := c.Refresh(t.Context(), first, nowhere); err != nil || a.reused {
		t.Errorf("%v", err)
	}
}
