package ciba

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func mustBegin(t testing.TB, d *Desk, ask Ask) *Session {
	t.Helper()
	if ask.Hint == "" {
		ask.Hint = hint
	}
	s, err := d.Begin(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestALoginAtTheCounter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		o.answers = []string{"authorization_pending", "authorization_pending"}
		d := o.desk()
		s := mustBegin(t, d, Ask{Message: "BHXH quay 3", Need: vneid.Assurance{Level: 2, Auth: 3}, Expiry: time.Minute})
		start := time.Now()
		id, err := d.Wait(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if id.Subject() != "person-1" || id.Citizen().Reveal().ID != hint || id.Assurance().Level != 2 || id.Integrity() != sso.Signed {
			t.Error("not the whole identity")
		}
		if took := time.Since(start); took != 15*time.Second {
			t.Errorf("took %v", took)
		}
		form := o.requests[0]
		if form.Get("login_hint") != hint || form.Get("scope") != "openid vneid:id" || form.Get("requested_expiry") != "60" ||
			form.Get("acr_values") != "urn:vneid:acr:l2:a3 urn:vneid:acr:l2:a4" || form.Get("binding_message") != s.Number()+" BHXH quay 3" ||
			form.Has("client_notification_token") || len(s.Number()) != 2 {
			t.Errorf("%v", form)
		}
		for _, u := range o.urls {
			if strings.Contains(u, hint) || strings.Contains(u, "?") {
				t.Errorf("the hint in a URL: %s", u)
			}
		}
		_, err = d.Wait(t.Context(), s)
		refusedAs(t, err, vneid.ErrReplayed)
	})
}

func TestPollKeepsToTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		o.ack = set("interval", 31)
		o.answers = []string{"authorization_pending"}
		d := o.desk()
		s := mustBegin(t, d, Ask{})
		var wait *Pending
		poll := func() (*sso.Identity, error) { return d.Poll(t.Context(), s) }
		for range 3 {
			if _, err := poll(); !errors.As(err, &wait) || wait.Again != 31*time.Second {
				t.Fatalf("%v", err)
			}
		}
		time.Sleep(30 * time.Second)
		if _, err := poll(); !errors.As(err, &wait) || wait.Again != time.Second {
			t.Fatalf("%v", err)
		}
		if _, polls, _ := o.count(); polls != 0 {
			t.Errorf("%d polls before the first interval is over", polls)
		}
		time.Sleep(time.Second)
		_, err := poll()
		refusedAs(t, err, vneid.ErrUnavailable)
		// A page keeps the Session as text.
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		s = new(Session)
		if err := json.Unmarshal(b, s); err != nil {
			t.Fatal(err)
		}
		time.Sleep(31 * time.Second)
		if id, err := poll(); err != nil || id.Subject() != "person-1" {
			t.Errorf("%v", err)
		}
	})
}

func TestWaitingLasts(t *testing.T) {
	for _, c := range []struct {
		name    string
		ack     func(object)
		answers []string
		want    []time.Duration // between polls
	}{
		{"the provider's interval", set("interval", 7), []string{"authorization_pending", "authorization_pending"}, []time.Duration{7, 7, 7}},
		{"five seconds, if it names none", drop("interval"), []string{"authorization_pending"}, []time.Duration{5, 5}},
		{"a second at least", set("interval", 0), []string{"authorization_pending"}, []time.Duration{1, 1}},
		{"five more after each slow_down", nil, []string{"slow_down", "authorization_pending", "slow_down"}, []time.Duration{5, 10, 10, 15}},
		{"five more after each fault", nil, []string{"500", "503", "authorization_pending"}, []time.Duration{5, 10, 15, 15}},
		{"after too many requests", nil, []string{"429"}, []time.Duration{5, 10}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOP(t)
				o.ack, o.answers = c.ack, c.answers
				d := o.desk()
				s := mustBegin(t, d, Ask{})
				last := time.Now()
				if _, err := d.Wait(t.Context(), s); err != nil {
					t.Fatal(err)
				}
				if len(o.polls) != len(c.want) {
					t.Fatalf("%d polls", len(o.polls))
				}
				for i, at := range o.polls {
					if got := at.Sub(last); got != c.want[i]*time.Second {
						t.Errorf("poll %d after %v", i+1, got)
					}
					last = at
				}
			})
		})
	}
}

func TestWaitingEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		for range 100 {
			o.answers = append(o.answers, "authorization_pending")
		}
		d := o.desk()
		s := mustBegin(t, d, Ask{})
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		_, err := d.Wait(ctx, s)
		refusedAs(t, err, vneid.ErrUnavailable)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		// The Session is still good, until it expires.
		start := time.Now()
		_, err = d.Wait(t.Context(), s)
		refusedAs(t, err, vneid.ErrExpired)
		if took := time.Since(start); took != 108*time.Second {
			t.Errorf("expired after %v", took)
		}
		// Then the person can be asked again.
		mustBegin(t, d, Ask{})
	})
}

func TestTheProviderIsAwayForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk()
		s := mustBegin(t, d, Ask{})
		away := time.Now().Add(20 * time.Second)
		o.transport = func(*http.Request) error {
			if time.Now().Before(away) {
				return errors.New("connection refused")
			}
			return nil
		}
		if _, err := d.Wait(t.Context(), s); err != nil {
			t.Error(err)
		}
	})
}

func TestOnePersonIsAskedOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk()
		s := mustBegin(t, d, Ask{})
		_, err := d.Begin(t.Context(), Ask{Hint: hint})
		refusedAs(t, err, vneid.ErrUnavailable)
		var api *vneid.APIError
		if !errors.As(err, &api) || api.RetryAfter != 120*time.Second {
			t.Errorf("%v", err)
		}
		mustBegin(t, d, Ask{Hint: "999090000002"})
		if begins, _, _ := o.count(); begins != 2 {
			t.Errorf("the provider was asked %d times", begins)
		}
		if _, err := d.Wait(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		mustBegin(t, d, Ask{})
		time.Sleep(2 * time.Minute)
		mustBegin(t, d, Ask{})
		// A refusal frees the person, silence does not: the telephone may have rung.
		o.refuse = "access_denied"
		for range 2 {
			_, err := d.Begin(t.Context(), Ask{Hint: "999090000003"})
			refusedAs(t, err, vneid.ErrDenied)
		}
		o.refuse, o.transport = "", func(*http.Request) error { return errors.New("reset by peer") }
		_, err = d.Begin(t.Context(), Ask{Hint: "999090000004"})
		refusedAs(t, err, vneid.ErrUnavailable)
		o.transport = nil
		_, err = d.Begin(t.Context(), Ask{Hint: "999090000004"})
		refusedAs(t, err, vneid.ErrUnavailable)
		time.Sleep(decoupled.BeginTime)
		mustBegin(t, d, Ask{Hint: "999090000004"})
	})
}

func TestTheNumberIsRandomAndTheHintIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk()
		seen := map[string]bool{}
		for range 50 {
			s := mustBegin(t, d, Ask{})
			seen[s.Number()] = true
			b, _ := json.Marshal(s)
			if strings.Contains(string(b), hint) {
				t.Fatal("the Session holds the hint")
			}
			if _, err := d.Wait(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		if len(seen) < 20 {
			t.Errorf("%d numbers in 50 logins", len(seen))
		}
	})
}

func TestSeveralMayAskAboutOneSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		o.answers = []string{"authorization_pending"}
		d := o.desk()
		s := mustBegin(t, d, Ask{})
		results := make(chan error, 8)
		for range 8 {
			go func() { _, err := d.Wait(t.Context(), s); results <- err }()
		}
		passed := 0
		for range 8 {
			if <-results == nil {
				passed++
			}
		}
		if _, polls, _ := o.count(); passed != 1 || polls != 2 {
			t.Errorf("%d got the identity, %d polls", passed, polls)
		}
	})
}

func TestAHintInAnotherSpellingIsTheSamePerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk()
		mustBegin(t, d, Ask{Hint: "Thu.999 090-000001"})
		for _, same := range []string{"thu999090000001", " THU 999.090.000.001", "Thu\u00a0999090000001"} {
			_, err := d.Begin(t.Context(), Ask{Hint: same})
			refusedAs(t, err, vneid.ErrUnavailable)
		}
		mustBegin(t, d, Ask{Hint: "thu999090000002"})
	})
}

// copyOf is s as a page has it that kept it as text.
func copyOf(t *testing.T, s *Session) *Session {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	c := new(Session)
	if err := json.Unmarshal(b, c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASessionOfYesterdayFreesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		d := o.desk()
		old := copyOf(t, mustBegin(t, d, Ask{}))
		time.Sleep(2 * time.Minute)
		now := mustBegin(t, d, Ask{})
		_, err := d.Poll(t.Context(), old)
		refusedAs(t, err, vneid.ErrExpired)
		_, err = d.Begin(t.Context(), Ask{Hint: hint})
		refusedAs(t, err, vneid.ErrUnavailable)
		if _, err := d.Wait(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		mustBegin(t, d, Ask{})
	})
}

func TestManyCopiesOfASessionAreNoStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		o.answers = []string{"slow_down", "authorization_pending", "authorization_pending"}
		d := o.desk()
		s := mustBegin(t, d, Ask{})
		for want, pause := range []time.Duration{5 * time.Second, 10 * time.Second, 5 * time.Second} {
			time.Sleep(pause)
			for range 20 {
				_, err := d.Poll(t.Context(), copyOf(t, s))
				refusedAs(t, err, vneid.ErrUnavailable)
			}
			if _, polls, _ := o.count(); polls != want+1 {
				t.Errorf("%d calls instead of %d", polls, want+1)
			}
		}
	})
}

func TestWaitingEndsWithTheRequestThoughTheProviderIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		s := copyOf(t, mustBegin(t, o.desk(), Ask{}))
		calls := 0
		o.transport = func(*http.Request) error { calls++; return errors.New("connection refused") }
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		_, err := o.desk().Wait(ctx, s)
		refusedAs(t, err, vneid.ErrExpired)
		if calls > 60 {
			t.Errorf("%d calls", calls)
		}
	})
}
