package ciba

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestWhatACounterMayAsk(t *testing.T) {
	for _, c := range []struct {
		name string
		ask  Ask
		want vneid.Kind // 0: passes
		ours bool       // a mistake of the program, without a kind
	}{
		{"a hint", Ask{Hint: hint}, 0, false},
		{"a message of 17 characters", Ask{Hint: hint, Message: "Cap doi the-CCCD 1"[:17]}, 0, false},
		{"no hint", Ask{}, vneid.ErrMalformed, false},
		{"a hint with a line break", Ask{Hint: "a\nb"}, vneid.ErrMalformed, false},
		{"a hint without end", Ask{Hint: strings.Repeat("1", 257)}, vneid.ErrMalformed, false},
		{"a message of 18 characters", Ask{Hint: hint, Message: strings.Repeat("a", 18)}, vneid.ErrMalformed, false},
		{"a message with a URL", Ask{Hint: hint, Message: "vneid.evil.vn"}, vneid.ErrMalformed, false},
		{"a message with a slash", Ask{Hint: hint, Message: "a/b"}, vneid.ErrMalformed, false},
		{"letters that look like others", Ask{Hint: hint, Message: "ВHXH"}, vneid.ErrMalformed, false},
		{"letters with diacritics", Ask{Hint: hint, Message: "Quầy 3"}, vneid.ErrMalformed, false},
		{"text from right to left", Ask{Hint: hint, Message: "a\u202eb"}, vneid.ErrMalformed, false},
		{"a line break", Ask{Hint: hint, Message: "a\nb"}, vneid.ErrMalformed, false},
		{"a level that is none", Ask{Hint: hint, Need: vneid.Assurance{Level: 3}}, 0, true},
		{"an hour", Ask{Hint: hint, Expiry: time.Hour}, 0, true},
		{"less than nothing", Ask{Hint: hint, Expiry: -1}, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				s, err := o.desk().Begin(t.Context(), c.ask)
				begins, _, _ := o.count()
				switch {
				case c.want != 0:
					refusedAs(t, err, c.want)
				case c.ours && (err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "Ask.")):
					t.Errorf("%v", err)
				case !c.ours && err != nil:
					t.Error(err)
				}
				if (err == nil) != (begins == 1) || (err == nil) != (s != nil) {
					t.Errorf("%v, and the provider was asked %d times", err, begins)
				}
				if err == nil && len(o.requests[0].Get("binding_message")) > 20 {
					t.Errorf("%q", o.requests[0].Get("binding_message"))
				}
			})
		})
	}
}

func TestNewNamesTheFieldThatIsWrong(t *testing.T) {
	client, err := sso.New(sso.Config{Issuer: issuer, ClientID: "c", RedirectURL: "https://rp.example/cb"})
	if err != nil {
		t.Fatal(err)
	}
	for field, c := range map[string]Config{
		"Config.Client":  {},
		"Config.HintKey": {Client: client, HintKey: make([]byte, 31)},
	} {
		if d, err := New(c); d != nil || err == nil || !strings.HasPrefix(err.Error(), "ciba: "+field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, d := range []*Desk{nil, {}} {
		s, begin := d.Begin(t.Context(), Ask{Hint: hint})
		id, poll := d.Poll(t.Context(), new(Session))
		who, wait := d.Wait(t.Context(), new(Session))
		for _, err := range []error{begin, poll, wait} {
			if err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "New") {
				t.Errorf("%v", err)
			}
		}
		if s != nil || id != nil || who != nil {
			t.Error("something from nothing")
		}
	}
}

func TestAProviderMustSpeakIt(t *testing.T) {
	ping := func(_ *sso.Config, c *Config) { c.Ping = true }
	for _, c := range []struct {
		name     string
		config   func(*sso.Config, *Config)
		metadata func(object)
	}{
		{"no endpoint", nil, drop("backchannel_authentication_endpoint")},
		{"an endpoint elsewhere", nil, set("backchannel_authentication_endpoint", "https://evil.example/bc")},
		{"an endpoint without https", nil, set("backchannel_authentication_endpoint", "http://op.example/bc")},
		{"no poll", nil, set("backchannel_token_delivery_modes_supported", []string{"push"})},
		{"no ping", ping, set("backchannel_token_delivery_modes_supported", []string{"poll"})},
		{"no grant", nil, set("grant_types_supported", []string{"authorization_code"})},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				var change []func(*sso.Config, *Config)
				if c.config != nil {
					change = append(change, c.config)
				}
				if _, err := o.desk(change...).Begin(t.Context(), Ask{Hint: hint}); err != nil {
					t.Fatalf("the twin: %v", err)
				}
				o = newOP(t)
				o.metadata = c.metadata
				_, err := o.desk(change...).Begin(t.Context(), Ask{Hint: hint})
				refusedAs(t, err, vneid.ErrUntrusted)
				if begins, _, _ := o.count(); begins != 0 {
					t.Error("it was asked all the same")
				}
			})
		})
	}
}

func TestWhatTheProviderAnswers(t *testing.T) {
	begin := map[string]vneid.Kind{
		"unknown_user_id": vneid.ErrMismatch, "access_denied": vneid.ErrDenied, "invalid_binding_message": vneid.ErrMalformed,
		"expired_login_hint_token": vneid.ErrExpired, "missing_user_code": vneid.ErrUntrusted, "invalid_user_code": vneid.ErrUntrusted,
		"unauthorized_client": vneid.ErrUntrusted, "invalid_client": vneid.ErrUntrusted, "invalid_scope": vneid.ErrUntrusted,
		"account_locked": vneid.ErrLocked, "eid_locked": vneid.ErrLocked, "unmet_authentication_requirements": vneid.ErrLevel,
		"server_error": vneid.ErrUnavailable, "canary-code": vneid.ErrUnavailable,
	}
	for code, want := range begin {
		t.Run("to the request: "+code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				o.refuse = code
				_, err := o.desk().Begin(t.Context(), Ask{Hint: hint, Need: vneid.Assurance{Level: 2}})
				refusedAs(t, err, want)
			})
		})
	}
	token := map[string]vneid.Kind{
		"access_denied": vneid.ErrDenied, "expired_token": vneid.ErrExpired, "transaction_failed": vneid.ErrUnavailable,
		"invalid_grant": vneid.ErrMismatch, "invalid_request": vneid.ErrUntrusted, "unauthorized_client": vneid.ErrUntrusted,
		"account_locked": vneid.ErrLocked, "canary-code": vneid.ErrUnavailable, "server_error": vneid.ErrUnavailable, "401": vneid.ErrUntrusted,
	}
	for code, want := range token {
		t.Run("to the token request: "+code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				o.answers = []string{code}
				d := o.desk()
				s := mustBegin(t, d, Ask{})
				_, err := d.Wait(t.Context(), s)
				refusedAs(t, err, want)
				_, err = d.Wait(t.Context(), s)
				refusedAs(t, err, vneid.ErrReplayed)
				if _, polls, visits := o.count(); polls != 1 || visits != 0 {
					t.Errorf("%d polls, %d visits", polls, visits)
				}
				mustBegin(t, d, Ask{}) // and the person is free again
			})
		})
	}
}

func TestAcknowledgementsThatCannotBeUsed(t *testing.T) {
	for name, ack := range map[string]func(object){
		"no auth_req_id":            drop("auth_req_id"),
		"an empty auth_req_id":      set("auth_req_id", ""),
		"an auth_req_id of numbers": set("auth_req_id", 7),
		"one with a line break":     set("auth_req_id", "req-\n1"),
		"one without end":           set("auth_req_id", strings.Repeat("a", decoupled.MaxID+1)),
		"no expires_in":             drop("expires_in"),
		"no life":                   set("expires_in", 0),
		"a life as text":            set("expires_in", "120"),
		"a negative interval":       set("interval", -1),
		"an interval as text":       set("interval", "5"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				o.ack = ack
				s, err := o.desk().Begin(t.Context(), Ask{Hint: hint})
				refusedAs(t, err, vneid.ErrMalformed)
				if s != nil {
					t.Error("a Session next to an error")
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		o.ack = func(a object) { a["expires_in"], a["interval"] = 1<<40, 1<<40 }
		s := mustBegin(t, o.desk(), Ask{})
		if life := time.Until(s.Expires()); life != decoupled.MaxLife || s.look().Interval != decoupled.MaxInterval {
			t.Errorf("%v, %v", life, s.look().Interval)
		}
	})
}

func TestNothingPrintsWhatItKnows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		key := []byte("canary-key-99-canary-key-99-canary-key")
		d := o.desk(func(_ *sso.Config, c *Config) { c.Ping, c.HintKey = true, key })
		ask := Ask{Hint: "999090777777", Message: "canary"}
		s := mustBegin(t, d, ask)
		token := o.requests[0].Get("client_notification_token")
		leaks := func(text string) string {
			for _, c := range []string{ask.Hint, ask.Message, string(key), fmt.Sprintf("%x", key), fmt.Sprint(key)[1:20], token, "req-1", fmt.Sprintf("%x", ask.Hint)} {
				if strings.Contains(text, c) {
					return c
				}
			}
			return ""
		}
		type holder struct {
			s *Session
			d *Desk
		}
		for _, v := range []any{s, d, &holder{s, d}, holder{s, d}, []*Session{s}, ask, &ask, Config{HintKey: key}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
				if found := leaks(fmt.Sprintf(verb, v)); found != "" {
					t.Errorf("%s of %T shows %q", verb, v, found)
				}
			}
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
			if found := leaks(log.String()); found != "" {
				t.Errorf("%T is logged with %q", v, found)
			}
		}
		for _, v := range []any{ask, Config{HintKey: key}} {
			if b, err := json.Marshal(v); err == nil {
				t.Errorf("%T is encoded: %s", v, b)
			}
		}
		if b, err := json.Marshal(s); err != nil || leaks(string(b)) != "req-1" {
			t.Errorf("but a Session can be stored: %s, %v", b, err)
		}
		_, err := d.Begin(t.Context(), ask)
		if err == nil || leaks(err.Error()) != "" {
			t.Error(err)
		}
	})
}
