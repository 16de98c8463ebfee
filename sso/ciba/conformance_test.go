package ciba

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// The client modules of the OpenID Foundation's conformance suite for FAPI-CIBA, by
// their names, in poll and in ping: replicated, not certified. A negative module
// passes when the login fails and nothing is asked with the access token, which is
// the suite's own criterion; a positive one when userinfo is asked.
//
// Left out: the modules of ConnectID (fapi-ciba-id1-client-connectid-…, three), a
// profile of Australian banks; and push, which FAPI-CIBA §5.2.2 forbids.
var modules = []struct {
	name    string
	change  func(*op)
	want    vneid.Kind // 0: the login succeeds
	polls   int        // -1: none of the suite's business
	only    string     // the one mode in which the suite runs it
	atBegin bool       // Begin fails
}{
	{name: "fapi-ciba-id1-client-test", polls: -1},
	{name: "fapi-ciba-id1-client-valid-aud-as-array-test", change: claims(set("aud", []string{"counter"})), polls: -1},
	{name: "fapi-ciba-id1-client-no-scope-in-token-endpoint-response-test", change: func(o *op) {
		o.tokens = func(a object) { delete(a, "scope"); delete(a, "expires_in") }
	}, polls: -1},
	{name: "fapi-ciba-id1-client-respects-interval-test", change: func(o *op) { o.ack = set("interval", 31) }, polls: 1, only: "poll"},
	{name: "fapi-ciba-id1-client-slow-down-test", change: func(o *op) { o.answers = []string{"authorization_pending", "slow_down"} }, polls: 3, only: "poll"},

	{name: "fapi-ciba-id1-client-invalid-missing-authreqid-test", change: func(o *op) { o.ack = drop("auth_req_id") }, want: vneid.ErrMalformed, atBegin: true},
	{name: "fapi-ciba-id1-client-invalid-missing-expiresin-test", change: func(o *op) { o.ack = drop("expires_in") }, want: vneid.ErrMalformed, atBegin: true},
	{name: "fapi-ciba-id1-client-invalid-expired-id-token-hint-test", change: refuses("expired_id_token_hint"), want: vneid.ErrExpired, atBegin: true},
	{name: "fapi-ciba-id1-client-invalid-id-token-hint-test", change: refuses("invalid_id_token_hint"), want: vneid.ErrMismatch, atBegin: true},
	{name: "fapi-ciba-id1-client-invalid-unknown-user-id-test", change: refuses("unknown_user_id"), want: vneid.ErrMismatch, atBegin: true},

	{name: "fapi-ciba-id1-client-invalid-request-test", change: answers("invalid_request"), want: vneid.ErrUntrusted, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-access-denied-test", change: answers("access_denied"), want: vneid.ErrDenied, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-expired-token-test", change: answers("expired_token"), want: vneid.ErrExpired, polls: 1},

	{name: "fapi-ciba-id1-client-invalid-iss-test", change: claims(set("iss", issuer+"/")), want: vneid.ErrUntrusted, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-aud-test", change: claims(set("aud", "another")), want: vneid.ErrMismatch, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-secondary-aud-test", change: claims(set("aud", []string{"counter", "another"})), want: vneid.ErrMismatch, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-signature-test", change: func(o *op) {
		o.sign = func(s string) string { i := strings.LastIndexByte(s, '.'); return s[:i+1] + strings.Repeat("A", 86) }
	}, want: vneid.ErrSignature, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-null-alg-test", change: func(o *op) { o.header = set("alg", "none") }, want: vneid.ErrUntrusted, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-alternate-alg-test", change: func(o *op) { o.header = set("alg", "RS256") }, want: vneid.ErrUntrusted, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-expired-exp-test", change: times("exp", -5*time.Minute), want: vneid.ErrMalformed, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-iat-is-week-in-past-test", change: times("iat", -7*24*time.Hour), want: vneid.ErrUntrusted, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-missing-aud-test", change: claims(drop("aud")), want: vneid.ErrMalformed, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-missing-exp-test", change: claims(drop("exp")), want: vneid.ErrMalformed, polls: 1},
	{name: "fapi-ciba-id1-client-invalid-missing-iss-test", change: claims(drop("iss")), want: vneid.ErrUntrusted, polls: 1},
}

func claims(f func(object)) func(*op)  { return func(o *op) { o.claims = f } }
func refuses(code string) func(*op)    { return func(o *op) { o.refuse = code } }
func answers(code ...string) func(*op) { return func(o *op) { o.answers = code } }

func times(name string, ago time.Duration) func(*op) {
	return func(o *op) { o.claims = func(c object) { c[name] = time.Now().Add(ago).Unix() } }
}

func TestConformance(t *testing.T) {
	run := 0
	for _, mode := range []string{"poll", "ping"} {
		for _, m := range modules {
			if m.only != "" && m.only != mode {
				continue
			}
			run++
			t.Run(mode+"/"+m.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					o := newOP(t)
					if m.change != nil {
						m.change(o)
					}
					d := o.desk(func(_ *sso.Config, c *Config) { c.Ping = mode == "ping" })
					s, err := d.Begin(t.Context(), Ask{Hint: hint})
					if m.atBegin {
						refusedAs(t, err, m.want)
						return
					}
					if err != nil {
						t.Fatal(err)
					}
					if d.ping {
						token := o.requests[0].Get("client_notification_token")
						time.AfterFunc(time.Second, func() { send(d, notification(token, s.look().ID)) })
					}
					id, err := d.Wait(t.Context(), s)
					_, polls, visits := o.count()
					if m.want != 0 {
						refusedAs(t, err, m.want)
						if visits != 0 || id != nil {
							t.Error("the login went on")
						}
					} else if err != nil || visits != 1 {
						t.Errorf("%v, %d visits", err, visits)
					}
					if m.polls >= 0 && polls != m.polls {
						t.Errorf("%d polls, want %d", polls, m.polls)
					}
				})
			})
		}
	}
	for _, mode := range []string{"poll", "ping"} {
		run++
		t.Run(mode+"/fapi-ciba-id1-client-refresh-token-test", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				d := o.desk(func(_ *sso.Config, c *Config) { c.Ping = mode == "ping" })
				id, err := d.Wait(t.Context(), mustBegin(t, d, Ask{}))
				if err != nil {
					t.Fatal(err)
				}
				if at := id.Tokens().Expires(); !id.Tokens().Refreshable() || time.Until(at) != 5*time.Minute {
					t.Fatalf("the tokens end at %v", at)
				}
				auth := time.Now()
				time.Sleep(time.Minute)
				o.claims = set("auth_time", auth.Unix())
				fresh, err := d.client.Refresh(t.Context(), id.Tokens(), func(context.Context, *sso.Tokens) error { return nil })
				if err != nil || !fresh.Refreshable() {
					t.Error(err)
				}
			})
		})
	}
	// The one module of ping alone.
	run++
	t.Run("ping/fapi-ciba-id1-client-ping-with-invalid-bearer-token-test", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o := newOP(t)
			d := o.desk(ping)
			s := mustBegin(t, d, Ask{})
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			time.AfterFunc(time.Second, func() {
				if code := send(d, notification(strings.Repeat("B", 43), s.look().ID)); code != 401 {
					t.Errorf("answered %d", code)
				}
			})
			if _, err := d.Wait(ctx, s); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			if _, polls, _ := o.count(); polls != 0 {
				t.Error("the ping was believed")
			}
		})
	})
	t.Logf("%d modules of the suite, replicated", run)
}
