package ciba

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/sso"
)

func ping(_ *sso.Config, c *Config) { c.Ping = true }

// notification is what a provider sends (CIBA §10.2).
func notification(token, id string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/ping", strings.NewReader(`{"auth_req_id":"`+id+`"}`))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	return r
}

func send(d *Desk, r *http.Request) int {
	w := httptest.NewRecorder()
	d.Notify().ServeHTTP(w, r)
	return w.Code
}

func TestThePingWakesTheWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk(ping)
		s := mustBegin(t, d, Ask{})
		token := o.requests[0].Get("client_notification_token")
		if len(token) != 43 {
			t.Fatalf("a token of %d characters", len(token))
		}
		start := time.Now()
		time.AfterFunc(7*time.Second, func() {
			if code := send(d, notification(token, "req-1")); code != http.StatusNoContent {
				t.Errorf("answered %d", code)
			}
		})
		if _, err := d.Wait(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 7*time.Second || len(o.polls) != 1 {
			t.Errorf("after %v and %d polls", took, len(o.polls))
		}
		// A provider that did not get its answer repeats itself; one day the token is gone.
		if code := send(d, notification(token, "req-1")); code != http.StatusNoContent {
			t.Errorf("answered %d", code)
		}
		time.Sleep(decoupled.MaxLife)
		mustBegin(t, d, Ask{Hint: "999090000002"})
		if code := send(d, notification(token, "req-1")); code != http.StatusUnauthorized {
			t.Errorf("answered %d", code)
		}
	})
}

func TestAPingBeforeTheAcknowledgement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk(ping)
		o.notify = func(token, id string) {
			if code := send(d, notification(token, id)); code != http.StatusNoContent {
				t.Errorf("answered %d", code)
			}
		}
		s := mustBegin(t, d, Ask{})
		start := time.Now()
		if _, err := d.Wait(t.Context(), s); err != nil || time.Since(start) >= decoupled.Interval {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestALostPingIsSurvived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk(ping)
		start := time.Now()
		if _, err := d.Wait(t.Context(), mustBegin(t, d, Ask{})); err != nil || time.Since(start) != lost {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

// After the ping the provider may still say pending; then the interval counts.
func TestAPingTooEarlyCausesNoStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		o.answers = []string{"authorization_pending", "slow_down"}
		d := o.desk(ping)
		s := mustBegin(t, d, Ask{})
		start := time.Now()
		send(d, notification(o.requests[0].Get("client_notification_token"), "req-1"))
		if _, err := d.Wait(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); len(o.polls) != 3 || took < 15*time.Second {
			t.Errorf("%d polls in %v", len(o.polls), took)
		}
	})
}

func TestNotificationsThatAreNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk(ping)
		s, other := mustBegin(t, d, Ask{}), mustBegin(t, d, Ask{Hint: "999090000002"})
		token, theirs := o.requests[0].Get("client_notification_token"), o.requests[1].Get("client_notification_token")
		if token == theirs {
			t.Fatal("one token for two requests")
		}
		good := func(change func(*http.Request)) *http.Request {
			r := notification(token, "req-1")
			change(r)
			return r
		}
		body := func(text string) *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/ping", strings.NewReader(text))
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Content-Type", "application/json")
			return r
		}
		for _, c := range []struct {
			name   string
			r      *http.Request
			status int
		}{
			{"another token", notification(strings.Repeat("A", 43), "req-1"), 401},
			{"no token", good(func(r *http.Request) { r.Header.Del("Authorization") }), 401},
			{"an empty token", notification("", "req-1"), 401},
			{"two tokens", good(func(r *http.Request) { r.Header.Add("Authorization", "Bearer "+token) }), 401},
			{"another scheme", good(func(r *http.Request) { r.Header.Set("Authorization", "Basic "+token) }), 401},
			{"another request's token", notification(theirs, "req-1"), 400},
			{"another request", notification(token, "req-2"), 400},
			{"a GET", good(func(r *http.Request) { r.Method = http.MethodGet }), 405},
			{"a form", good(func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }), 400},
			{"no JSON", body("auth_req_id=req-1"), 400},
			{"a name twice", body(`{"auth_req_id":"req-1","auth_req_id":"req-1"}`), 400},
			{"a number", body(`{"auth_req_id":1}`), 400},
			{"nothing in it", body(`{}`), 400},
			{"too much", body(`{"auth_req_id":"req-1","x":"` + strings.Repeat("x", maxPing) + `"}`), 400},
		} {
			if code := send(d, c.r); code != c.status {
				t.Errorf("%s: %d, want %d", c.name, code, c.status)
			}
		}
		for _, s := range []*Session{s, other} {
			select {
			case <-d.bell(s.look()):
				t.Error("one of them rang")
			default:
			}
		}
		if code := send(d, good(func(*http.Request) {})); code != 204 {
			t.Errorf("the twin: %d", code)
		}
		// A push (§10.3.1) is no notification that we believe: its tokens are not read.
		push := body(`{"auth_req_id":"req-1","access_token":"at","token_type":"Bearer","id_token":"a.b.c"}`)
		if code := send(d, push); code != 204 {
			t.Errorf("%d", code)
		}
		if id, err := d.Wait(t.Context(), s); err != nil || id.Subject() != "person-1" {
			t.Error(err)
		}
	})
}

func TestThePollHasNoBell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk()
		mustBegin(t, d, Ask{})
		if code := send(d, notification("", "req-1")); code != 401 {
			t.Errorf("answered %d", code)
		}
		if code := send(new(Desk), notification("x", "req-1")); code != 500 {
			t.Errorf("a Desk that New did not make answered %d", code)
		}
	})
}
