package vneidtest_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// told is a portal with a handler for back-channel logouts.
type told struct {
	t      *testing.T
	url    string
	ended  []sso.Login
	errs   []error
	broken bool // answers 503
}

func newTold(t *testing.T, p *vneidtest.Platform, config func(string) sso.Config) *told {
	t.Helper()
	mux := http.NewServeMux()
	portal := httptest.NewServer(mux)
	t.Cleanup(portal.Close)
	s := &told{t: t, url: portal.URL}
	cfg := config(portal.URL + "/callback")
	cfg.LogoutURL = portal.URL + "/logged-out"
	client, err := sso.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.BackchannelLogout(cfg, portal.URL+"/backchannel")
	receive, err := client.BackchannelLogout(func(_ *http.Request, login sso.Login, err error) {
		s.ended, s.errs = append(s.ended, login), append(s.errs, err)
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("GET /login", client.Login(sso.Ask{Return: "/home"}))
	mux.Handle("GET /callback", client.Callback(nil))
	mux.Handle("POST /logout", client.Logout("/bye"))
	mux.Handle("GET /logged-out", client.LoggedOut("/bye"))
	mux.HandleFunc("GET /bye", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /backchannel", func(w http.ResponseWriter, r *http.Request) {
		if s.broken {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		receive.ServeHTTP(w, r)
	})
	mux.Handle("GET /home", client.Require(sso.Ask{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	return s
}

// in reports whether the browser is logged in at the portal.
func (s *told) in(b *http.Client) bool {
	s.t.Helper()
	stay := *b
	stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s.get(&stay, "/home") == 200
}

func (s *told) get(b *http.Client, path string) int {
	s.t.Helper()
	resp, err := b.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func (s *told) login(b *http.Client) {
	s.t.Helper()
	if s.get(b, "/login") != 200 || !s.in(b) {
		s.t.Fatal("the login does not pass")
	}
}

// toldOfLogout plays a module of back-channel logout: the session of the portal ends
// or, where the token is bad, goes on.
func toldOfLogout(t *testing.T, p *vneidtest.Platform, fault string) (ended bool, err error) {
	t.Helper()
	s, b := newTold(t, p, p.SSO), p.Browser("level2")
	s.login(b)
	if fault != "" {
		p.Break(fault)
	}
	p.Advance(time.Second)
	p.LogOut("level2")
	if len(s.errs) != 1 {
		t.Fatalf("the portal was told %d times", len(s.errs))
	}
	return !s.in(b), s.errs[0]
}

func TestEveryEndOfASessionIsTold(t *testing.T) {
	for name, end := range map[string]func(*vneidtest.Platform, *told, *http.Client){
		"logout at the platform": func(p *vneidtest.Platform, _ *told, b *http.Client) {
			resp, err := b.Get(p.Issuer() + "/logout") // the person confirms on the page
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
		},
		"logout at another portal": func(p *vneidtest.Platform, other *told, b *http.Client) {
			resp, err := b.PostForm(other.url+"/logout", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
		},
		"log out everywhere": func(p *vneidtest.Platform, _ *told, _ *http.Client) { p.LogOut("level2") },
		"the account's lock": func(p *vneidtest.Platform, _ *told, _ *http.Client) { p.LockAccount("level2") },
	} {
		t.Run(name, func(t *testing.T) {
			p := vneidtest.New(t)
			s, other := newTold(t, p, p.SSO), newTold(t, p, func(url string) sso.Config { return p.Encrypt(p.FAPI2(url)) })
			mine, theirs := p.Browser("level2"), p.Browser("namesake")
			s.login(mine)
			other.login(mine)
			s.login(theirs)
			p.Advance(time.Second)
			end(p, other, mine)
			if s.in(mine) || !s.in(theirs) {
				t.Errorf("the session of the one who left: %v, of another: %v", s.in(mine), s.in(theirs))
			}
			if len(s.errs) != 1 || s.errs[0] != nil || s.ended[0].SessionID == "" || s.ended[0].Subject == "" {
				t.Errorf("told %v %v", s.ended, s.errs)
			}
			if len(other.ended) != 1 || other.errs[0] != nil || other.ended[0].Subject == s.ended[0].Subject || other.ended[0].SessionID == s.ended[0].SessionID {
				t.Errorf("the other portal was told %v, %v, by the same names", other.ended, other.errs)
			}
		})
	}
}

func TestALogoutThatCouldNotBeToldIsToldAgain(t *testing.T) {
	p := vneidtest.New(t)
	s, b := newTold(t, p, p.SSO), p.Browser("level2")
	s.login(b)
	p.Advance(time.Second)
	s.broken = true
	p.LogOut("level2")
	if !s.in(b) || len(s.errs) != 0 {
		t.Fatal("told")
	}
	s.broken = false
	p.Advance(5 * time.Second)
	if !s.in(b) {
		t.Error("told too early")
	}
	p.Advance(10 * time.Second)
	if s.in(b) || len(s.errs) != 1 || s.errs[0] != nil {
		t.Errorf("%v", s.errs)
	}
	p.Advance(time.Hour)
	if len(s.errs) != 1 {
		t.Errorf("told %d times", len(s.errs))
	}
}

func TestALogoutIsNotToldForEver(t *testing.T) {
	p := vneidtest.New(t)
	s, b := newTold(t, p, p.SSO), p.Browser("level2")
	s.login(b)
	p.Advance(time.Second)
	s.broken = true
	p.LogOut("level2")
	for range 20 {
		p.Advance(15 * time.Minute)
	}
	s.broken = false
	p.Advance(15 * time.Minute)
	if len(s.errs) != 0 {
		t.Error("told after hours")
	}
}

// backchannelFaults say what sso makes of each bad logout token; nil: the session
// ends, since the defect is none.
var backchannelFaults = map[string]error{
	"backchannel-alg-none": vneid.ErrUntrusted, "backchannel-wrong-alg": vneid.ErrUntrusted, "backchannel-wrong-key": vneid.ErrSignature,
	"backchannel-wrong-iss": vneid.ErrUntrusted, "backchannel-wrong-aud": vneid.ErrMismatch,
	"backchannel-no-event": vneid.ErrMalformed, "backchannel-wrong-event": vneid.ErrMalformed, "backchannel-with-nonce": vneid.ErrMalformed,
	"backchannel-wrong-typ": vneid.ErrMalformed, "backchannel-old": vneid.ErrExpired, "backchannel-no-jti": vneid.ErrMalformed,
	"backchannel-nobody": vneid.ErrMalformed, "backchannel-no-sid": nil, "backchannel-no-sub": nil,
}

func TestEveryFaultOfALogoutTokenHasItsKind(t *testing.T) {
	p := vneidtest.New(t)
	for fault, want := range backchannelFaults {
		ended, err := toldOfLogout(t, p, fault)
		p.Heal()
		if ended != (want == nil) || !errors.Is(err, want) {
			t.Errorf("%s: the session ended: %v, %v", fault, ended, err)
		}
		p.Advance(time.Hour)
	}
}
