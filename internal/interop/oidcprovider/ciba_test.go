package oidcprovider

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/ciba"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const number = "999090000001"

// counter is a desk at a counter, whose clock can be put forward so that nobody has to
// wait for an interval.
type counter struct {
	*ciba.Desk
	s     *party
	p     *provider
	ahead atomic.Int64
}

// newCounter registers a relying party for logins without a browser. kind is poll or
// ping.
func newCounter(t *testing.T, kind string, sign bool, set ...func(*sso.Config, object)) *counter {
	t.Helper()
	c := &counter{}
	s, p := here(t, append(set, func(cfg *sso.Config, reg object) {
		cfg.Now = func() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }
		reg["grant_types"] = []string{"authorization_code", "refresh_token", "urn:openid:params:grant-type:ciba"}
		reg["backchannel_token_delivery_mode"], reg["require_auth_time"] = kind, true
		if kind == "ping" {
			reg["backchannel_client_notification_endpoint"] = "https://" + cfg.RedirectURL[len("https://"):len(cfg.RedirectURL)-len("/callback")] + "/ping"
		}
		if sign {
			reg["backchannel_authentication_request_signing_alg"] = algOf(cfg.Key)
		}
	})...)
	desk, err := ciba.New(ciba.Config{Client: s.client, Ping: kind == "ping", Sign: sign})
	if err != nil {
		t.Fatal(err)
	}
	s.mux.Handle("/ping", desk.Notify())
	c.Desk, c.s, c.p = desk, s, p
	return c
}

// poll asks when it is time.
func (c *counter) poll(t *testing.T, s *ciba.Session) (*sso.Identity, error) {
	t.Helper()
	c.ahead.Add(int64(6 * time.Second)) // the provider names no interval, so it is 5 s
	return c.Poll(t.Context(), s)
}

func confirmed(t *testing.T, id *sso.Identity, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if a := id.Assurance(); id.Subject() != "dung" || id.Citizen().Reveal().ID != number || a.Level != 2 || a.Auth != 3 {
		t.Errorf("%s at %v", id.Subject(), a)
	}
}

func TestALoginAtACounterByPoll(t *testing.T) {
	for name, sign := range map[string]bool{"form": false, "signed request": true} {
		t.Run(name, func(t *testing.T) {
			c := newCounter(t, "poll", sign, level)
			login, err := c.Begin(t.Context(), ciba.Ask{Hint: number})
			if err != nil {
				t.Fatal(err)
			}
			var wait *ciba.Pending
			if _, err := c.poll(t, login); !errors.As(err, &wait) {
				t.Fatalf("before the person answered: %v", err)
			}
			c.p.tell(object{"account": "dung"})
			id, err := c.poll(t, login)
			confirmed(t, id, err)
			if id.Tokens().Bound() != true {
				t.Error("the tokens are not bound")
			}
			if _, err := c.poll(t, login); !errors.Is(err, vneid.ErrReplayed) {
				t.Errorf("once more: %v", err)
			}
			form := c.p.asked("/backchannel")[0].Form
			if (form.Get("request") != "") != sign || (form.Get("login_hint") == number) == sign || c.p.asked("/backchannel")[0].Header.Get("DPoP") != "" {
				t.Errorf("the request: %v", form)
			}
		})
	}
}

func TestALoginAtACounterByPing(t *testing.T) {
	c := newCounter(t, "ping", true, level)
	login, err := c.Begin(t.Context(), ciba.Ask{Hint: number})
	if err != nil {
		t.Fatal(err)
	}
	type answer struct {
		id  *sso.Identity
		err error
	}
	done := make(chan answer, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // less than the 30 s after which Wait asks unrung
	defer cancel()
	go func() {
		id, err := c.Wait(ctx, login)
		done <- answer{id, err}
	}()
	c.p.tell(object{"account": "dung"})
	a := <-done
	confirmed(t, a.id, a.err)
	if n := len(c.p.asked("/token")); n > 2 { // the second with the provider's nonce
		t.Errorf("%d calls to the token endpoint", n)
	}
}

func TestRefusalsAtACounter(t *testing.T) {
	c := newCounter(t, "poll", false, level)
	for name, test := range map[string]struct {
		ask  ciba.Ask
		says string
		want vneid.Kind
	}{
		"nobody known by that number":      {ask: ciba.Ask{Hint: "999090000002"}, want: vneid.ErrMismatch},
		"the person says no":               {ask: ciba.Ask{Hint: number}, says: "access_denied", want: vneid.ErrDenied},
		"the telephone cannot be reached":  {ask: ciba.Ask{Hint: number}, says: "transaction_failed", want: vneid.ErrUnavailable},
		"the request is over":              {ask: ciba.Ask{Hint: number}, says: "expired_token", want: vneid.ErrExpired},
		"another person was to answer":     {ask: ciba.Ask{Hint: number, Subject: "lan"}, says: "dung", want: vneid.ErrMismatch},
		"a message in words (a deviation)": {ask: ciba.Ask{Hint: number, Message: "quay 3"}, want: vneid.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			login, err := c.Begin(t.Context(), test.ask)
			if test.says == "" {
				if !errors.Is(err, test.want) || login != nil {
					t.Errorf("%v, want %v", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			what := object{"error": test.says}
			if test.says == "dung" {
				what = object{"account": "dung"}
			}
			c.p.tell(what)
			id, err := c.poll(t, login)
			if !errors.Is(err, test.want) || id != nil {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
}
