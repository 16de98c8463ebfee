package vneidtest_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/ciba"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// counter is a relying party with a desk.
type counter struct {
	t    *testing.T
	p    *vneidtest.Platform
	desk *ciba.Desk
	rang int // answered notifications
	code int // the last answer
}

func newCounter(t *testing.T, p *vneidtest.Platform, cfg sso.Config, change func(*ciba.Config)) *counter {
	t.Helper()
	client, err := sso.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	conf := ciba.Config{Client: client}
	if change != nil {
		change(&conf)
	}
	desk, err := ciba.New(conf)
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{t: t, p: p, desk: desk}
	notify := ""
	if conf.Ping {
		bell := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			desk.Notify().ServeHTTP(rec, r)
			c.rang, c.code = c.rang+1, rec.Code
			w.WriteHeader(rec.Code)
		}))
		t.Cleanup(bell.Close)
		notify = bell.URL + "/ping"
	}
	p.CIBA(cfg, notify)
	return c
}

func (c *counter) begin(ask ciba.Ask) *ciba.Session {
	c.t.Helper()
	s, err := c.desk.Begin(c.t.Context(), ask)
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

// poll lets the interval pass and asks.
func (c *counter) poll(s *ciba.Session) (*sso.Identity, error) {
	c.p.Advance(5 * time.Second)
	return c.desk.Poll(c.t.Context(), s)
}

func TestALoginAtACounter(t *testing.T) {
	p := vneidtest.New(t)
	number := p.Person("level2").Record.ID
	for name, c := range map[string]struct {
		cfg    sso.Config
		change func(*ciba.Config)
	}{
		"poll":           {p.SSO(back), nil},
		"ping":           {p.SSO(back), func(c *ciba.Config) { c.Ping = true }},
		"FAPI2, signed":  {p.FAPI2(back), func(c *ciba.Config) { c.Sign, c.Ping = true, true }},
		"encrypted":      {p.Encrypt(p.FAPI2(back)), nil},
		"signed by poll": {p.FAPI2(back), func(c *ciba.Config) { c.Sign = true }},
	} {
		t.Run(name, func(t *testing.T) {
			desk := newCounter(t, p, c.cfg, c.change)
			for _, need := range []vneid.AuthLevel{0, 2, 3, 4} {
				s := desk.begin(ciba.Ask{Hint: number, Message: "BHXH quay 3", Need: vneid.Assurance{Level: 2, Auth: need}})
				var pending *ciba.Pending
				if _, err := desk.poll(s); !errors.As(err, &pending) {
					t.Fatalf("before the answer: %v", err)
				}
				if err := p.Approve("level2", s.Number()); err != nil {
					t.Fatal(err)
				}
				id, err := desk.poll(s)
				if err != nil {
					t.Fatalf("level %d: %v", need, err)
				}
				if id.Citizen().Reveal().ID != number || id.Assurance().Auth != max(need, 1) || id.Integrity() != sso.Signed || !id.Tokens().Refreshable() {
					t.Errorf("%v %v", id.Assurance(), id.Integrity())
				}
				if (desk.rang == 0) == (c.change != nil && name != "signed by poll") || desk.rang > 0 && desk.code != 204 {
					t.Errorf("rang %d times, answered %d", desk.rang, desk.code)
				}
				if again, err := desk.poll(s); err == nil || again != nil {
					t.Error("the tokens are given twice")
				}
			}
		})
	}
	// Whoever has logged in once can be asked by their subject.
	cfg := p.SSO(back)
	desk := newCounter(t, p, cfg, nil)
	id, err := p.Login("level2", cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := desk.begin(ciba.Ask{Hint: id.Subject(), Subject: id.Subject()})
	if err := p.Approve("level2", s.Number()); err != nil {
		t.Fatal(err)
	}
	if again, err := desk.poll(s); err != nil || again.Subject() != id.Subject() {
		t.Errorf("by subject: %v", err)
	}
}

func TestPingWakesWait(t *testing.T) {
	p := vneidtest.New(t)
	desk := newCounter(t, p, p.SSO(back), func(c *ciba.Config) { c.Ping = true })
	s := desk.begin(ciba.Ask{Hint: p.Person("level2").Record.ID})
	got := make(chan error, 1)
	go func() {
		_, err := desk.desk.Wait(t.Context(), s)
		got <- err
	}()
	if err := p.Approve("level2", s.Number()); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-got:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second): // without the ping it would be half a minute
		t.Error("nobody rang")
	}
}

func TestLoginsAtACounterThatEndOtherwise(t *testing.T) {
	wrong := func(n string) string {
		if n == "11" {
			return "12"
		}
		return "11"
	}
	for name, c := range map[string]struct {
		person string
		act    func(p *vneidtest.Platform, s *ciba.Session)
		want   error
	}{
		"refused":        {"level2", func(p *vneidtest.Platform, _ *ciba.Session) { p.Refuse("level2") }, vneid.ErrDenied},
		"another number": {"level2", func(p *vneidtest.Platform, s *ciba.Session) { _ = p.Approve("level2", wrong(s.Number())) }, vneid.ErrDenied},
		"no answer":      {"level2", func(p *vneidtest.Platform, _ *ciba.Session) { p.Advance(5 * time.Minute) }, vneid.ErrExpired},
		"a lock meanwhile": {"level2", func(p *vneidtest.Platform, s *ciba.Session) {
			p.LockAccount("level2")
			_ = p.Approve("level2", s.Number())
		}, vneid.ErrUnavailable},
		"a lock after it": {"level2", func(p *vneidtest.Platform, s *ciba.Session) {
			_ = p.Approve("level2", s.Number())
			p.LockAccount("level2")
		}, vneid.ErrMismatch},
		"too low a level":       {"level1", func(p *vneidtest.Platform, s *ciba.Session) { _ = p.Approve("level1", s.Number()) }, vneid.ErrLevel},
		"the card locked":       {"eid-locked", func(p *vneidtest.Platform, s *ciba.Session) { _ = p.Approve("eid-locked", s.Number()) }, vneid.ErrLocked},
		"the account is locked": {"account-locked", nil, vneid.ErrMismatch},
		"no account":            {"no-account", nil, vneid.ErrMismatch},
		"no app":                {"no-app", nil, vneid.ErrMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			p := vneidtest.New(t)
			desk := newCounter(t, p, p.SSO(back), nil)
			s, err := desk.desk.Begin(t.Context(), ciba.Ask{Hint: p.Person(c.person).Record.ID, Need: vneid.Assurance{Level: 2}})
			var id *sso.Identity
			if err == nil && c.act != nil {
				c.act(p, s)
				id, err = desk.poll(s)
			}
			if !errors.Is(err, c.want) || id != nil {
				t.Errorf("%v", err)
			}
			if c.person != "level2" && err != nil && strings.Contains(err.Error(), "locked") && c.act == nil {
				t.Errorf("the lock shows: %v", err)
			}
		})
	}
}

func TestOnePromptForAPersonAtATime(t *testing.T) {
	p := vneidtest.New(t)
	cfg, number := p.SSO(back), p.Person("level2").Record.ID
	first, second := newCounter(t, p, cfg, nil), newCounter(t, p, cfg, nil) // two processes
	s := first.begin(ciba.Ask{Hint: number})
	if _, err := second.desk.Begin(t.Context(), ciba.Ask{Hint: number}); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("a second prompt: %v", err)
	}
	p.Refuse("level2")
	if _, err := first.poll(s); !errors.Is(err, vneid.ErrDenied) {
		t.Error(err)
	}
	p.Advance(time.Minute) // as long the second desk keeps off by itself
	second.begin(ciba.Ask{Hint: number})
}

func TestALoginAtACounterEndsWithTheOthers(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.SSO(back)
	s := newTold(t, p, func(string) sso.Config { return cfg })
	desk := newCounter(t, p, cfg, nil)
	login := desk.begin(ciba.Ask{Hint: p.Person("level2").Record.ID})
	if err := p.Approve("level2", login.Number()); err != nil {
		t.Fatal(err)
	}
	id, err := desk.poll(login)
	if err != nil {
		t.Fatal(err)
	}
	p.LogOut("level2")
	if len(s.ended) != 1 || s.ended[0].Subject != id.Subject() || s.ended[0].SessionID == "" {
		t.Errorf("told %v %v", s.ended, s.errs)
	}
}

// cibaModules play the suite's modules of FAPI-CIBA: replicated, not certified. 0: the
// login passes.
func TestModulesOfLoginsAtACounter(t *testing.T) {
	for _, m := range platform.CIBAModules() {
		for _, ping := range []bool{false, true} {
			t.Run(m.Name, func(t *testing.T) {
				p := vneidtest.New(t)
				desk := newCounter(t, p, p.SSO(back), func(c *ciba.Config) { c.Ping = ping })
				if m.Fault != "" {
					p.Break(m.Fault)
				}
				var id *sso.Identity
				s, err := desk.desk.Begin(t.Context(), ciba.Ask{Hint: p.Person("level2").Record.ID})
				if err == nil {
					p.Advance(31 * time.Second)
					if _, early := desk.desk.Poll(t.Context(), s); early == nil {
						t.Fatal("passes before the person answered")
					}
					if len(p.History("level2")) != 0 {
						t.Fatal("somebody read")
					}
					approved := p.Approve("level2", s.Number())
					p.Advance(45 * time.Second)
					id, err = desk.desk.Poll(t.Context(), s)
					if approved != nil {
						t.Fatal(approved)
					}
					if ping && strings.Contains(m.Name, "invalid-bearer-token") && desk.code != 401 {
						t.Errorf("the ping of a stranger gets %d", desk.code)
					}
				}
				var kind vneid.Kind
				if (err == nil) != m.Passes || (id != nil) != m.Passes || err != nil && !errors.As(err, &kind) {
					t.Errorf("goes on: %v, %v", id != nil, err)
				}
				for _, read := range p.History("level2") {
					if read.Kind == "userinfo" && !m.Passes {
						t.Error("userinfo was asked after a bad answer")
					}
				}
			})
		}
	}
}

// cibaFaults say what package ciba makes of each defect; nil: the login passes.
var cibaFaults = map[string]error{
	"ciba-down": vneid.ErrUnavailable, "ciba-page": vneid.ErrMalformed,
	"ciba-no-id": vneid.ErrMalformed, "ciba-no-expiry": vneid.ErrMalformed, "ciba-slow": nil, "ciba-no-interval": nil, "ciba-slow-down": nil,
	"ciba-expired-hint": vneid.ErrExpired, "ciba-invalid-hint": vneid.ErrMismatch, "ciba-unknown-user": vneid.ErrMismatch,
	"ciba-invalid-request": vneid.ErrUntrusted, "ciba-denied": vneid.ErrDenied, "ciba-expired": vneid.ErrExpired,
	"ciba-other-request": vneid.ErrMismatch, "ciba-ping-wrong-token": nil, "ciba-ping-wrong-id": nil,
}

func TestEveryFaultOfALoginAtACounterHasItsKind(t *testing.T) {
	for _, f := range vneidtest.Faults() {
		want, known := cibaFaults[f.Name]
		if !known {
			if strings.HasPrefix(f.Name, "ciba-") {
				t.Errorf("%s: no test knows this fault", f.Name)
			}
			continue
		}
		p := vneidtest.New(t)
		desk := newCounter(t, p, p.SSO(back), func(c *ciba.Config) { c.Ping = true })
		for _, fault := range []string{"", f.Name} {
			if fault != "" {
				p.Break(fault)
			} else if want == nil {
				continue // the fault's own login is the twin
			}
			id, err := desk.visit("level2")
			expect := want
			if fault == "" {
				expect = nil
			}
			verdict(t, f.Name, err, expect, id.IsZero())
			p.Advance(10 * time.Minute)
		}
	}
}

// visit is a whole login of somebody who confirms.
func (c *counter) visit(handle string) (*sso.Identity, error) {
	c.t.Helper()
	s, err := c.desk.Begin(c.t.Context(), ciba.Ask{Hint: c.p.Person(handle).Record.ID})
	if err != nil {
		return nil, err
	}
	if err := c.p.Approve(handle, s.Number()); err != nil {
		c.t.Fatal(err)
	}
	c.p.Advance(31 * time.Second)
	return c.desk.Poll(c.t.Context(), s)
}
