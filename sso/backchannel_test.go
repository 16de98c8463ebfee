package sso

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// logoutSite is a site whose provider can end its sessions.
type logoutSite struct {
	*site
	h      *logoutReceiver
	logins []Login
	errs   []error
	serial int
}

func newLogoutSite(t testing.TB, set ...func(*Config)) *logoutSite {
	t.Helper()
	s := &logoutSite{site: newSite(t, set...)}
	h, err := s.c.BackchannelLogout(func(_ *http.Request, ended Login, err error) {
		s.logins, s.errs = append(s.logins, ended), append(s.errs, err)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.h = h.(*logoutReceiver)
	return s
}

// token is a logout token of the provider's session, unless edit says otherwise.
func (s *logoutSite) token(edit ...func(header, claims object)) string {
	s.serial++
	h := object{"alg": "ES256", "kid": "k1", "typ": "logout+jwt"}
	c := object{
		"iss": s.op.srv.URL, "aud": "portal:1", "iat": s.op.clock.now().Unix(), "jti": fmt.Sprint("logout-", s.serial),
		"sub": "pairwise-1", "sid": "op-session-1", "events": object{logoutEvent: object{}},
	}
	for _, f := range edit {
		f(h, c)
	}
	return s.op.compact(h, c)
}

// deliver posts a logout token as the provider does.
func (s *logoutSite) deliver(token string) (int, error) {
	r := httptest.NewRequest(http.MethodPost, "/backchannel", strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := serve(s.h, r)
	if w.Header().Get("Cache-Control") != "no-store" {
		s.t.Error("the answer may be kept")
	}
	err := s.errs[len(s.errs)-1]
	if good := w.Code == http.StatusOK; good != (err == nil) || good != (w.Body.Len() == 0) {
		s.t.Errorf("%d %s with %v", w.Code, w.Body, err)
	}
	return w.Code, err
}

// visitor is somebody who logged in, and a request of theirs.
func (s *logoutSite) visitor() *http.Request {
	s.t.Helper()
	b := s.browser()
	if status, _ := b.get("/home"); status != 200 {
		s.t.Fatal(status)
	}
	return requestWith(b)
}

func (s *logoutSite) in(r *http.Request) bool { return s.c.loggedIn(r) }

func set(name string, v any) func(header, claims object) {
	return func(_, c object) { c[name] = v }
}

func unset(name string) func(header, claims object) {
	return func(_, c object) { delete(c, name) }
}

func headerSays(name string, v any) func(header, claims object) {
	return func(h, _ object) { h[name] = v }
}

func TestALogoutAtTheProviderEndsTheSession(t *testing.T) {
	for name, edit := range map[string]func(header, claims object){
		"oidcc-client-test-rp-backchannel-rpinitlogout": func(header, claims object) {},
		"named by the session alone":                    unset("sub"),
		"named by the person alone":                     unset("sid"),
		"a list of one audience":                        set("aud", []string{"portal:1"}),
		"with exp":                                      func(_, c object) { c["exp"] = c["iat"].(int64) + 60 },
		"with claims that nobody knows":                 set("x", object{"y": 1}),
		"with the type's other spelling":                headerSays("typ", "application/logout+jwt"),
	} {
		t.Run(name, func(t *testing.T) {
			s := newLogoutSite(t)
			r := s.visitor()
			if !s.in(r) {
				t.Fatal("nobody is logged in")
			}
			s.op.clock.advance(time.Second)
			if status, err := s.deliver(s.token(edit)); status != 200 || s.in(r) {
				t.Errorf("%d, %v", status, err)
			}
			if s.logins[0].Issuer != s.op.srv.URL || s.logins[0].At != s.op.clock.now() {
				t.Error("the program does not learn who")
			}
			if w := serve(s.mux, r); w.Code != http.StatusSeeOther {
				t.Errorf("the next request is not sent to log in: %d", w.Code)
			}
			s.op.clock.advance(time.Millisecond)
			if !s.in(s.visitor()) {
				t.Error("a login afterwards is ended too")
			}
		})
	}
}

// The provider ended its session after it had made the tokens and before we had read
// who that is.
func TestALogoutDuringTheLoginEndsItToo(t *testing.T) {
	s := newLogoutSite(t)
	s.op.override["/userinfo"] = func(w http.ResponseWriter, r *http.Request) {
		s.op.clock.advance(time.Second)
		if status, err := s.deliver(s.token()); status != 200 {
			t.Errorf("%d, %v", status, err)
		}
		s.op.clock.advance(time.Second)
		delete(s.op.override, "/userinfo")
		s.op.serveUserinfo(w, r)
	}
	if !s.in(s.visitor()) || s.op.count("/token") != 2 {
		t.Errorf("a login that was ended on its way opens the page: %d logins", s.op.count("/token"))
	}
}

// badLogouts are the tokens that end nothing. Names of the OpenID Foundation's suite
// are its own: replicated, not certified. Each aims at one check.
var badLogouts = []struct {
	name, check string
	want        vneid.Kind
	edit        func(header, claims object)
}{
	{"oidcc-client-test-rp-backchannel-rpinitlogout-alg-none", "parser", vneid.ErrUntrusted, headerSays("alg", "none")},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg", "parser", vneid.ErrUntrusted, headerSays("alg", "HS256")},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss", "issuer", vneid.ErrUntrusted, set("iss", "https://evil.example")},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud", "audience", vneid.ErrMismatch, set("aud", "other")},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-no-event", "events", vneid.ErrMalformed, unset("events")},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event", "events", vneid.ErrMalformed, set("events", object{"http://schemas.openid.net/event/other": object{}})},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce", "nonce", vneid.ErrMalformed, set("nonce", "n")},
	{"an ID token", "parser", vneid.ErrMalformed, headerSays("typ", "JWT")},
	{"without a type", "parser", vneid.ErrMalformed, func(h, _ object) { delete(h, "typ") }},
	{"an access token", "parser", vneid.ErrMalformed, headerSays("typ", "at+jwt")},
	{"without an audience", "audience", vneid.ErrMalformed, unset("aud")},
	{"for two audiences", "audience", vneid.ErrMismatch, set("aud", []string{"portal:1", "other"})},
	{"for nobody", "audience", vneid.ErrMismatch, set("aud", []string{})},
	{"older than two minutes", "times", vneid.ErrExpired, func(_, c object) { c["iat"] = c["iat"].(int64) - 180 }},
	{"from the future", "times", vneid.ErrNotYetValid, func(_, c object) { c["iat"] = c["iat"].(int64) + 61 }},
	{"over", "times", vneid.ErrExpired, func(_, c object) { c["iat"], c["exp"] = c["iat"].(int64)-100, c["iat"].(int64)-60 }},
	{"not begun", "times", vneid.ErrNotYetValid, func(_, c object) { c["nbf"] = c["iat"].(int64) + 61 }},
	{"with an event that is no object", "events", vneid.ErrMalformed, set("events", object{logoutEvent: true})},
	{"with events that are a list", "events", vneid.ErrMalformed, set("events", []string{logoutEvent})},
	{"with the event next to events", "events", vneid.ErrMalformed, func(_, c object) { delete(c, "events"); c[logoutEvent] = object{} }},
	{"with a nonce of null", "nonce", vneid.ErrMalformed, set("nonce", nil)},
	{"without a jti", "names", vneid.ErrMalformed, unset("jti")},
	{"with an empty jti", "names", vneid.ErrMalformed, set("jti", "")},
	{"with a long jti", "names", vneid.ErrMalformed, set("jti", strings.Repeat("j", 256))},
}

// Each attack is stopped by the check it aims at, and ends the session without it.
func TestForgedLogoutTokensEndNothing(t *testing.T) {
	pairs, coarse := 0, 0
	for _, bad := range badLogouts {
		t.Run(bad.name, func(t *testing.T) {
			s := newLogoutSite(t)
			r := s.visitor()
			s.op.clock.advance(10 * time.Minute)
			status, err := s.deliver(s.token(bad.edit))
			if status != http.StatusBadRequest || !s.in(r) {
				t.Fatalf("%d, the session goes on: %v", status, s.in(r))
			}
			refusedAs(t, err, bad.want)
			if s.logins[0] != (Login{}) {
				t.Error("the program is told of a login next to an error")
			}
			s.c.off = "logout-" + bad.check
			if bad.check == "parser" {
				s.h.parser = laxLogouts(bad.edit, s.c.cfg.Algs)
			}
			token, sort := s.token(bad.edit), "pair"
			if s.h.parser == nil {
				// No parser of this module knows the algorithm. What it would let in
				// is a token that anybody made: a coarse pair, counted apart.
				coarse++
				sort = "coarse"
				s.c.off = "logout-signature"
				s.h.parser = jws.NewParser(jws.Rules{Types: []string{"logout+jwt"}})
				s.op.key = newOP(t).key
				token = s.token()
			}
			if _, err := s.deliver(token); s.in(r) {
				t.Errorf("the attack does not succeed without the check %q: %v", bad.check, err)
			}
			pairs++
			t.Logf(sort+" A10 %s: stopped by %s, succeeds without", bad.name, bad.check)
		})
	}
	t.Logf("%d attacks stopped, each ends the session without its check; %d of them shown coarsely (alg)", pairs, coarse)
}

// laxLogouts is a parser of any type, nil where the algorithm is what was wrong.
func laxLogouts(edit func(header, claims object), algs []string) *jws.Parser {
	h := object{"alg": "ES256"}
	edit(h, object{"iat": int64(0)})
	if h["alg"] != "ES256" {
		return nil
	}
	return jws.NewParser(jws.Rules{Algs: algs, Types: []string{"", "JWT", "at+jwt"}})
}

func TestALogoutTokenOfAStrangerEndsNothing(t *testing.T) {
	s := newLogoutSite(t)
	r := s.visitor()
	s.op.clock.advance(time.Second)
	honest := s.op.key
	s.op.key = newOP(t).key
	forged := s.token()
	s.op.key = honest
	_, err := s.deliver(forged)
	refusedAs(t, err, vneid.ErrSignature)
	if !s.in(r) {
		t.Fatal("the session ended")
	}
	s.c.off = "logout-signature"
	if _, err := s.deliver(forged); err != nil || s.in(r) {
		t.Errorf("without the check: %v", err)
	}
}

func TestAReplayedLogoutTokenEndsNoLaterLogin(t *testing.T) {
	for _, without := range []string{"", "logout-replay"} {
		s := newLogoutSite(t)
		s.c.off = without
		first := s.visitor()
		s.op.clock.advance(time.Second)
		token := s.token()
		if _, err := s.deliver(token); err != nil || s.in(first) {
			t.Fatal(err)
		}
		s.op.clock.advance(5 * time.Second)
		again := s.visitor()
		s.op.clock.advance(time.Second)
		_, err := s.deliver(token)
		if without != "" {
			if err != nil || s.in(again) {
				t.Error("the attack does not succeed without the check")
			}
			continue
		}
		refusedAs(t, err, vneid.ErrReplayed)
		if !s.in(again) {
			t.Error("a later login ended")
		}
		if s.in(first) {
			t.Error("the first came back")
		}
	}
}

func TestALogoutOfAnotherSessionOrPersonEndsNothingHere(t *testing.T) {
	s := newLogoutSite(t)
	r := s.visitor()
	s.op.clock.advance(time.Second)
	for _, edit := range []func(header, claims object){
		set("sid", "op-session-2"),
		func(_, c object) { delete(c, "sid"); c["sub"] = "pairwise-2" },
	} {
		if _, err := s.deliver(s.token(edit)); err != nil || !s.in(r) {
			t.Errorf("%v, the session goes on: %v", err, s.in(r))
		}
	}
}

// downRevocations cannot be reached while down.
type downRevocations struct {
	Revocations
	down bool
}

func (d *downRevocations) Revoke(ctx context.Context, l Login, until time.Time) error {
	if d.down {
		return errors.New("canary at 127.0.0.1")
	}
	return d.Revocations.Revoke(ctx, l, until)
}

func TestAProviderThatRepeatsALogoutGetsItsWay(t *testing.T) {
	store := &downRevocations{}
	s := newLogoutSite(t, func(c *Config) {
		store.Revocations = NewMemoryRevocations(0, c.Now)
		c.Revocations, c.Replay = store, vneid.NewMemoryReplay(0, c.Now)
	})
	r := s.visitor()
	s.op.clock.advance(time.Second)
	store.down = true
	token := s.token()
	_, err := s.deliver(token)
	refusedAs(t, err, vneid.ErrUnavailable)
	store.down = false
	s.op.clock.advance(5 * time.Second)
	if _, err = s.deliver(token); s.in(r) {
		t.Error("the session goes on")
	}
	refusedAs(t, err, vneid.ErrReplayed)
}

// strangeReplay answers with what no store should.
type strangeReplay struct{ err error }

func (r strangeReplay) Use(context.Context, vneid.Once) error { return r.err }

func TestTroubleWithTheMemoryOfTokensIsSaid(t *testing.T) {
	for _, test := range []struct {
		err  error
		want vneid.Kind
	}{
		{errors.New("canary at 127.0.0.1"), vneid.ErrUnavailable},
		{vneid.ErrUnavailable, vneid.ErrUnavailable},
		{&vneid.TimeError{}, vneid.ErrExpired},
		{errors.Join(vneid.ErrReplayed, vneid.ErrUnavailable), vneid.ErrReplayed},
	} {
		s := newLogoutSite(t, func(c *Config) { c.Replay = strangeReplay{test.err} })
		r := s.visitor()
		s.op.clock.advance(time.Second)
		_, err := s.deliver(s.token())
		refusedAs(t, err, test.want)
		if s.in(r) {
			t.Error("the session that the token names goes on")
		}
	}
}

func TestALogoutIsAPostedForm(t *testing.T) {
	s := newLogoutSite(t)
	r := s.visitor()
	s.op.clock.advance(time.Second)
	form := func() string { return url.Values{"logout_token": {s.token()}}.Encode() }
	send := func(method, to, media, body string) int {
		q := httptest.NewRequest(method, to, strings.NewReader(body))
		q.Header.Set("Content-Type", media)
		return serve(s.h, q).Code
	}
	const urlencoded = "application/x-www-form-urlencoded"
	for name, status := range map[string]int{
		"GET":               send("GET", "/?"+form(), "", ""),
		"PUT":               send("PUT", "/", urlencoded, form()),
		"in the query":      send("POST", "/?"+form(), urlencoded, ""),
		"JSON":              send("POST", "/", "application/json", form()),
		"no type":           send("POST", "/", "", form()),
		"two tokens":        send("POST", "/", urlencoded, form()+"&"+form()),
		"nothing":           send("POST", "/", urlencoded, ""),
		"a bad escape":      send("POST", "/", urlencoded, form()+"&x=%zz"),
		"too long":          send("POST", "/", urlencoded, form()+"&x="+strings.Repeat("x", maxLogoutBody)),
		"something else":    send("POST", "/", urlencoded, "logout_token=x"),
		"a token too large": send("POST", "/", urlencoded, "logout_token="+strings.Repeat("x", 20000)),
	} {
		if want := map[string]int{"GET": 405, "PUT": 405}[name]; status != want && !(want == 0 && status == 400) {
			t.Errorf("%s: %d", name, status)
		}
	}
	if !s.in(r) {
		t.Fatal("one of these ended the session")
	}
	if status := send("POST", "/?x=1", urlencoded+"; charset=utf-8", form()+"&x=1"); status != 200 || s.in(r) {
		t.Errorf("the twin: %d", status)
	}
}

func TestTheHandlerIsNotBuiltWithoutAMemoryThatLasts(t *testing.T) {
	o := newOP(t)
	type shared struct{ Revocations }
	for name, test := range map[string]struct {
		set  func(*Config)
		want bool
	}{
		"nothing given":                 {func(*Config) {}, true},
		"a store of this process":       {func(c *Config) { c.Revocations = NewMemoryRevocations(0, c.Now) }, true},
		"a shared store":                {func(c *Config) { c.Revocations = shared{NewMemoryRevocations(0, c.Now)} }, false},
		"a shared store and a memory":   {func(c *Config) { c.Revocations, c.Replay = shared{NewMemoryRevocations(0, c.Now)}, strangeReplay{} }, true},
		"a memory and nothing else":     {func(c *Config) { c.Replay = strangeReplay{} }, true},
		"a client that nobody made":     {nil, false},
		"a store of this process twice": {func(c *Config) { c.Revocations = NewMemoryRevocations(1, nil) }, true},
	} {
		c := new(Client)
		if test.set != nil {
			c = newClient(t, o, test.set)
		}
		h, err := c.BackchannelLogout(nil)
		if (err == nil) != test.want || (h != nil) != test.want {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (errors.As(err, new(vneid.Kind)) || !strings.HasPrefix(err.Error(), "sso: ")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzLogoutToken: nothing but what the provider signed ends a session.
func FuzzLogoutToken(f *testing.F) {
	s := newLogoutSite(f)
	signed := map[string]bool{}
	for _, good := range []string{s.token(), s.token(unset("sid")), s.token(unset("sub"))} {
		f.Add(good)
		signed[good[:strings.LastIndexByte(good, '.')]] = true
	}
	for _, bad := range badLogouts {
		f.Add(s.token(bad.edit))
	}
	f.Fuzz(func(t *testing.T, token string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		switch w := serve(s.h, r); w.Code {
		case http.StatusOK:
			if !signed[token[:max(0, strings.LastIndexByte(token, '.'))]] {
				t.Error("a token that the provider did not sign ends sessions")
			}
		case http.StatusBadRequest:
		default:
			t.Errorf("%d", w.Code)
		}
	})
}
