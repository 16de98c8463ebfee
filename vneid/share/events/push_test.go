package events

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestWhatIsNotAPushOfOneTokenIsRefused(t *testing.T) {
	w := newWorld(t)
	r := w.receiver()
	good := w.set(EIDLocked, 1, "{}", nil)
	for _, test := range []struct {
		name, method, media, body string
		want                      int
	}{
		{"the twin", "POST", "application/secevent+jwt", good, 202},
		{"the twin with a parameter", "POST", "Application/SecEvent+JWT; charset=utf-8", good, 202},
		{"GET", "GET", "application/secevent+jwt", good, 405},
		{"PUT", "PUT", "application/secevent+jwt", good, 405},
		{"no type", "POST", "", good, 400},
		{"another type", "POST", "application/jwt", good, 400},
		{"a form", "POST", "application/x-www-form-urlencoded", "token=" + good, 400},
		{"nothing", "POST", "application/secevent+jwt", "", 400},
		{"a line feed after it", "POST", "application/secevent+jwt", good + "\n", 400},
		{"two tokens", "POST", "application/secevent+jwt", good + good, 400},
		{"more than 16 KiB", "POST", "application/secevent+jwt", good + strings.Repeat("A", 16<<10), 400},
	} {
		w.did = nil
		req := httptest.NewRequest(test.method, "/events", strings.NewReader(test.body))
		req.Header.Set("Content-Type", test.media)
		a := httptest.NewRecorder()
		r.Push().ServeHTTP(a, req)
		if a.Code != test.want || (len(w.did) > 0) != (test.want == 202) {
			t.Errorf("%s: %d, want %d", test.name, a.Code, test.want)
		}
		if test.want == 405 && a.Header().Get("Allow") != "POST" {
			t.Errorf("%s: Allow %q", test.name, a.Header().Get("Allow"))
		}
		if a.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be cached", test.name)
		}
	}
	for _, err := range w.why {
		kind(t, "a push", err, vneid.ErrMalformed)
	}
}

// endless is a body that never ends, and counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'A'
	}
	e.read += len(b)
	return len(b), nil
}

func TestABodyIsReadToItsLimit(t *testing.T) {
	w, e := newWorld(t), &endless{}
	req := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(e))
	req.Header.Set("Content-Type", "application/secevent+jwt")
	a := httptest.NewRecorder()
	w.receiver().Push().ServeHTTP(a, req)
	if a.Code != 400 || e.read > 64<<10 {
		t.Errorf("%d after %d bytes", a.Code, e.read)
	}
}

// keySet answers every signature with an error.
type keySet struct{ err error }

func (k keySet) Verify(context.Context, vneid.Signed) error { return k.err }

// What may go better later is 503, so that the platform sends it again.
func TestTroubleOfOursIsNotTheTokensFault(t *testing.T) {
	secret := errors.New("db-7.internal: no row for pairwise-1")
	for name, change := range map[string]func(*world, *Config){
		"the ledger does not keep":       func(w *world, c *Config) { c.Ledger = &brittle{Ledger: w.memory, apply: secret} },
		"the ledger does not note":       func(w *world, c *Config) { c.Ledger = &brittle{Ledger: w.memory, heard: secret} },
		"the reaction fails":             func(w *world, _ *Config) { w.reacted = secret },
		"the keys cannot be had":         func(_ *world, c *Config) { c.Keys = keySet{vneid.ErrUnavailable} },
		"the keys' trouble has no kind":  func(_ *world, c *Config) { c.Keys = keySet{secret} },
		"the ledger is one of no memory": func(_ *world, c *Config) { c.Ledger = &MemoryLedger{} },
	} {
		w := newWorld(t)
		token := w.set(EIDLocked, 1, "{}", nil)
		if a := push(w.receiver(), token); a.Code != http.StatusAccepted {
			t.Fatal("the twin:", a.Code)
		}
		w.memory = NewMemoryLedger(0, 0, w.clock)
		w.ledger = w.memory
		a := push(w.receiver(func(c *Config) { change(w, c) }), token)
		if a.Code != http.StatusServiceUnavailable || a.Header().Get("Retry-After") == "" || a.Body.Len() != 0 {
			t.Errorf("%s: %d %s", name, a.Code, a.Body)
		}
		if len(w.why) != 1 {
			t.Errorf("%s: told %d times", name, len(w.why))
			continue
		}
		kind(t, name, w.why[0], vneid.ErrUnavailable)
		if strings.Contains(w.why[0].Error(), "db-7") || w.allows("g") == nil {
			t.Errorf("%s: %v, and the verdict is %v", name, w.why[0], w.allows("g"))
		}
	}
}

// A crash may come between any two steps. What was not told to be received comes again,
// and everything is then as if there had been no crash.
func TestACrashBetweenAnyTwoStepsLosesNothing(t *testing.T) {
	crash := errors.New("crash")
	for steps := range 4 {
		w := newWorld(t)
		token := w.set(EIDLocked, 1, "{}", nil)
		reactions := 0
		r := w.receiver(func(c *Config) {
			b := &brittle{Ledger: w.memory}
			if steps == 0 {
				b.apply = crash
			}
			if steps == 2 {
				b.heard = crash
			}
			c.Ledger = b
			c.On = func(_ context.Context, e Event) error {
				if !w.state().EIDLocked {
					t.Errorf("crash after %d steps: a reaction before the ledger knows", steps)
				}
				if steps == 1 {
					return crash
				}
				reactions++
				return nil
			}
		})
		if a := push(r, token); (a.Code == http.StatusAccepted) != (steps == 3) {
			t.Errorf("crash after %d steps: %d", steps, a.Code)
		}
		// The next process gets it again, also where only the answer was lost.
		r = w.receiver(func(c *Config) {
			c.On = func(_ context.Context, e Event) error {
				if reactions++; e.Late {
					t.Error("a repetition is late")
				}
				return nil
			}
		})
		if a := push(r, token); a.Code != http.StatusAccepted {
			t.Errorf("crash after %d steps, again: %d", steps, a.Code)
		}
		if err := w.allows("g"); !errors.Is(err, vneid.ErrLocked) || reactions < 1 {
			t.Errorf("crash after %d steps: %v, %d reactions", steps, err, reactions)
		}
	}
}

func TestAStreamThatIsBlockedFailsClosed(t *testing.T) {
	w := newWorld(t)
	r := w.receiver()
	if err := w.allows("g"); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("before anything came: %v", err)
	}
	push(r, w.set(Heartbeat, 0, "{}", nil))
	w.advance(14 * time.Minute)
	if err := w.allows("g"); err != nil {
		t.Errorf("14 minutes after a heartbeat: %v", err)
	}
	w.advance(time.Minute)
	if err := w.allows("g"); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("15 minutes after it: %v", err)
	}
	push(r, w.set(PhoneChanged, 1, "{}", nil))
	if err := w.allows("g"); err != nil {
		t.Errorf("after an event: %v", err)
	}
	// A clock that is ahead lends the stream no time.
	push(r, w.set(Heartbeat, 0, "{}", map[string]any{"iat": w.clock().Add(50 * time.Second).Unix()}))
	w.advance(15 * time.Minute)
	if err := w.allows("g"); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("15 minutes after a heartbeat from the future: %v", err)
	}
}

// What the platform or a log may see repeats nothing of a token.
func TestNothingOfATokenIsRepeated(t *testing.T) {
	const canary = "canary-4711"
	w := newWorld(t)
	r := w.receiver()
	for _, more := range []map[string]any{
		{"iss": canary}, {"aud": canary}, {"jti": canary + " "}, {"txn": canary + " "}, {"iat": canary}, {"exp": canary}, {"seq": canary},
		{"events": map[string]any{canary: map[string]any{}}}, {"events": map[string]any{"urn:vneid:event:level-changed": map[string]any{"level": canary}}},
		{"sub_id": map[string]any{"format": canary, "iss": issuer, "sub": who}}, {"sub_id": map[string]any{"format": "iss_sub", "iss": issuer, "sub": canary + " "}},
		{"events": map[string]any{"urn:vneid:event:consent-withdrawn": map[string]any{"grant": canary + " "}}},
	} {
		w.why = nil
		a := push(r, w.set(EIDLocked, 1, "{}", more))
		if a.Code != 400 || len(w.why) != 1 {
			t.Fatalf("%v: %d, %v", more, a.Code, w.why)
		}
		for _, said := range []string{a.Body.String(), fmt.Sprint(a.Header()), w.why[0].Error(), fmt.Sprintf("%+v %#v", w.why[0], w.why[0])} {
			if strings.Contains(said, canary) {
				t.Errorf("%v: %s", more, said)
			}
		}
	}
}

func TestAReceiverThatNewDidNotMakeReceivesNothing(t *testing.T) {
	for _, r := range []*Receiver{nil, {}} {
		if a := push(r, "x"); a.Code != http.StatusServiceUnavailable {
			t.Error(a.Code)
		}
		if _, err := r.Poll(t.Context()); err == nil {
			t.Error("it polls")
		}
		if err := r.Run(t.Context()); err == nil {
			t.Error("it runs")
		}
	}
}
