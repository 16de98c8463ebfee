// Package ledgertest is the contract of an events.Ledger as a test, for whoever
// implements one over a database of their own:
//
//	func TestLedger(t *testing.T) {
//		ledgertest.Test(t, func(t testing.TB, now func() time.Time) events.Ledger {
//			return &mydb.Ledger{DB: empty(t), Now: now}
//		})
//	}
//
// Each part gets a ledger of its own from the constructor, empty, which reads the time
// from now and allows a silence of events.DefaultMaxSilence. A ledger that is to
// survive its process can be given to Reopened too.
package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

const (
	issuer  = "https://op.example"
	subject = "pairwise-1"
)

// clock is the time of one test.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// Test tests a ledger.
func Test(t *testing.T, fresh func(t testing.TB, now func() time.Time) events.Ledger) {
	for name, part := range map[string]func(*testing.T, events.Ledger, *clock){
		"of nobody nothing is known":            nobody,
		"what was applied is known":             applied,
		"the highest seq decides":               ordered,
		"a repetition is the newest word too":   repeated,
		"a bundle counts":                       bundles,
		"people and issuers stay apart":         apart,
		"the verdict follows":                   verdicts,
		"silence ends every verdict":            silence,
		"a gap in the stream is a silence":      gaps,
		"a stream is counted by all at once":    counted,
		"what is not known is kept nowhere":     unknown,
		"what lacks its parts is refused":       lacking,
		"what is given out is the caller's":     copies,
		"every order ends alike, all at once":   together,
		"a call that is over changes nothing":   cancelled,
		"names are exact and of any usual form": names,
	} {
		t.Run(name, func(t *testing.T) {
			c := &clock{t: time.Now().Truncate(time.Second)}
			part(t, fresh(t, c.now), c)
		})
	}
}

// event makes one of the person.
func event(name events.Name, seq int64) events.Event {
	return events.Event{Name: name, Issuer: issuer, Subject: subject, Seq: seq}
}

func withdrawn(grant string, seq int64) events.Event {
	e := event(events.ConsentWithdrawn, seq)
	e.Grant = grant
	return e
}

func apply(t testing.TB, l events.Ledger, e events.Event, newest bool) {
	t.Helper()
	got, err := l.Apply(context.Background(), e)
	if err != nil || got != newest {
		t.Errorf("Apply of %s with seq %d: %v, %v; want %v", e.Name, e.Seq, got, err, newest)
	}
}

func hear(t testing.TB, l events.Ledger, issuer string, at time.Time) {
	t.Helper()
	hearing(t, l, events.Event{Name: events.Heartbeat, Issuer: issuer, Issued: at}, true)
}

func hearing(t testing.TB, l events.Ledger, e events.Event, whole bool) {
	t.Helper()
	if got, err := l.Heard(context.Background(), e); err != nil || got != whole {
		t.Errorf("Heard of %s, told %d: %v, %v; want %v", e.Name, e.Told, got, err, whole)
	}
}

func state(t testing.TB, l events.Ledger) events.State {
	t.Helper()
	s, err := l.State(context.Background(), issuer, subject)
	if err != nil {
		t.Errorf("State: %v", err)
	}
	return s
}

// allows fails the test unless the verdict is of the kind; 0 is none.
func allows(t testing.TB, what string, l events.Ledger, grant string, want vneid.Kind) {
	t.Helper()
	err := l.Allows(context.Background(), issuer, subject, grant)
	if want == 0 {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	kind(t, what, err, want)
}

func kind(t testing.TB, what string, err error, want vneid.Kind) {
	t.Helper()
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) != (k == want) {
			t.Errorf("%s: %v, want %v", what, err, want)
			return
		}
	}
}

func nobody(t *testing.T, l events.Ledger, c *clock) {
	if s := state(t, l); !reflect.DeepEqual(s, events.State{}) {
		t.Errorf("%+v", s)
	}
	allows(t, "before anything was heard", l, "g", vneid.ErrUnavailable)
	hear(t, l, issuer, c.now())
	allows(t, "a person of whom nothing was told", l, "g", 0)
}

func applied(t *testing.T, l events.Ledger, _ *clock) {
	revoked, level := event(events.DocumentRevoked, 4), event(events.LevelChanged, 5)
	revoked.Document, level.Level = events.Document{Kind: "driver-licence", URI: issuer + "/status/1", Index: 7}, 2
	for _, e := range []events.Event{event(events.EIDLocked, 1), event(events.AccountLocked, 2), withdrawn("g", 3), revoked, level,
		event(events.NumberReissued, 6), event(events.HolderDied, 7), event(events.PhoneChanged, 8)} {
		apply(t, l, e, true)
	}
	s := state(t, l)
	if !s.EIDLocked || !s.AccountLocked || !s.IsWithdrawn("g") || !s.IsRevoked(issuer+"/status/1", 7) || s.Level != 2 || !s.Reissued || !s.Died || s.Seq() != 8 {
		t.Errorf("%+v", s)
	}
	if s.IsWithdrawn("h") || s.IsRevoked(issuer+"/status/1", 8) || s.IsRevoked(issuer+"/status/2", 7) {
		t.Error("what was not told is known")
	}
}

func ordered(t *testing.T, l events.Ledger, _ *clock) {
	apply(t, l, event(events.EIDLocked, 5), true)
	apply(t, l, event(events.EIDUnlocked, 4), false)
	if !state(t, l).EIDLocked {
		t.Error("an old unlock opens a newer lock")
	}
	apply(t, l, event(events.AccountLocked, 2), true) // a fact of its own
	apply(t, l, withdrawn("g", 3), true)              // and each grant is one
	apply(t, l, withdrawn("h", 1), true)
	apply(t, l, event(events.EIDUnlocked, 6), true)
	apply(t, l, event(events.EIDLocked, 5), false)
	if s := state(t, l); s.EIDLocked || !s.AccountLocked {
		t.Errorf("%+v", s)
	}
}

func repeated(t *testing.T, l events.Ledger, _ *clock) {
	for range 3 {
		apply(t, l, event(events.EIDLocked, 5), true)
		apply(t, l, withdrawn("g", 6), true)
		apply(t, l, event(events.HolderDied, 7), true)
	}
	if s := state(t, l); !s.EIDLocked || len(s.Withdrawn) != 1 || !s.Died {
		t.Errorf("%+v", s)
	}
}

func bundles(t *testing.T, l events.Ledger, c *clock) {
	apply(t, l, events.Delivered(issuer, subject, 6, c.now()), true)
	apply(t, l, event(events.EIDLocked, 5), false)
	if state(t, l).EIDLocked {
		t.Error("a lock that was over when the bundle was sealed")
	}
	apply(t, l, event(events.EIDLocked, 7), true)
	apply(t, l, events.Delivered(issuer, subject, 6, c.now()), false)
	if !state(t, l).EIDLocked {
		t.Error("an older bundle opens a newer lock")
	}
}

func apart(t *testing.T, l events.Ledger, c *clock) {
	hear(t, l, issuer, c.now())
	for _, other := range [][2]string{{issuer, "pairwise-2"}, {issuer + "/", subject}, {"https://op2.example", subject}} {
		e := event(events.EIDLocked, 3)
		e.Issuer, e.Subject = other[0], other[1]
		apply(t, l, e, true)
		if other[0] != issuer {
			hear(t, l, other[0], c.now().Add(time.Second))
		}
	}
	allows(t, "another's lock", l, "g", 0)
	if s := state(t, l); s.Seq() != 0 || !s.Heard.Equal(c.now()) {
		t.Errorf("%+v", s)
	}
}

func verdicts(t *testing.T, l events.Ledger, c *clock) {
	hear(t, l, issuer, c.now())
	allows(t, "at first", l, "g", 0)
	apply(t, l, event(events.EIDLocked, 1), true)
	allows(t, "the card locked", l, "g", vneid.ErrLocked)
	apply(t, l, event(events.EIDUnlocked, 2), true)
	allows(t, "unlocked", l, "g", 0)
	apply(t, l, event(events.AccountLocked, 3), true)
	allows(t, "the account locked", l, "g", vneid.ErrLocked)
	apply(t, l, event(events.AccountUnlocked, 4), true)
	apply(t, l, withdrawn("g", 5), true)
	allows(t, "withdrawn", l, "g", vneid.ErrRevoked)
	allows(t, "another grant", l, "h", 0)
	apply(t, l, event(events.HolderDied, 6), true)
	allows(t, "died", l, "h", vneid.ErrRevoked)
}

func silence(t *testing.T, l events.Ledger, c *clock) {
	start := c.now()
	hear(t, l, issuer, start)
	hear(t, l, issuer, start.Add(-time.Hour)) // an older one takes nothing back
	c.advance(14 * time.Minute)
	allows(t, "after 14 minutes", l, "g", 0)
	c.advance(2 * time.Minute)
	allows(t, "after 16 minutes", l, "g", vneid.ErrUnavailable)
	hear(t, l, issuer, start) // played again
	allows(t, "an old sign of life", l, "g", vneid.ErrUnavailable)
	hear(t, l, issuer, c.now())
	allows(t, "a new one", l, "g", 0)
	if s := state(t, l); !s.Heard.Equal(c.now()) {
		t.Errorf("heard %v", s.Heard)
	}
}

// from is a heartbeat, or another event, of one stream.
func from(name events.Name, told int64, at time.Time) events.Event {
	return events.Event{Name: name, Issuer: issuer, Subject: subject, Seq: told, Told: told, Issued: at}
}

func gaps(t *testing.T, l events.Ledger, c *clock) {
	hear(t, l, issuer, c.now())
	c.advance(16 * time.Minute)
	hearing(t, l, from(events.Heartbeat, 1, c.now()), false)
	allows(t, "an event never came, and a heartbeat", l, "g", vneid.ErrUnavailable)
	hearing(t, l, from(events.PhoneChanged, 2, c.now()), false)
	hearing(t, l, from(events.Heartbeat, 2, c.now()), false)
	allows(t, "an event never came, and another", l, "g", vneid.ErrUnavailable)
	hearing(t, l, events.Event{Name: events.Heartbeat, Issuer: "https://op2.example", Told: 0, Issued: c.now()}, true)
	allows(t, "another's stream", l, "g", vneid.ErrUnavailable)
	hearing(t, l, from(events.CardReplaced, 1, c.now()), true)
	hearing(t, l, from(events.Heartbeat, 2, c.now()), true)
	allows(t, "it came after all", l, "g", 0)
	hearing(t, l, events.Event{Name: "hat-changed", Issuer: issuer, Told: 3, Issued: c.now()}, true) // counts too
	hearing(t, l, from(events.Heartbeat, 3, c.now()), true)
}

// counted has sixteen callers hear parts of one stream.
func counted(t *testing.T, l events.Ledger, c *clock) {
	hear(t, l, issuer, c.now())
	var all sync.WaitGroup
	for i := range int64(16) {
		all.Go(func() {
			for n := range int64(4) {
				if _, err := l.Heard(context.Background(), from(events.PhoneChanged, 1+n*16+i, c.now())); err != nil {
					t.Errorf("Heard: %v", err)
				}
			}
		})
	}
	all.Wait()
	c.advance(time.Hour)
	hearing(t, l, from(events.Heartbeat, 65, c.now()), false)
	hearing(t, l, from(events.Heartbeat, 64, c.now()), true)
	allows(t, "all came", l, "g", 0)
}

func unknown(t *testing.T, l events.Ledger, _ *clock) {
	apply(t, l, event("hat-changed", 9), false)
	apply(t, l, events.Event{Name: events.Heartbeat, Issuer: issuer}, false)
	if s := state(t, l); s.Seq() != 0 {
		t.Errorf("%+v", s)
	}
}

func lacking(t *testing.T, l events.Ledger, _ *clock) {
	apply(t, l, event(events.EIDLocked, 1), true)
	for name, e := range map[string]events.Event{
		"no seq": event(events.EIDUnlocked, 0), "no grant": withdrawn("", 2), "no document": event(events.DocumentRevoked, 2), "no level": event(events.LevelChanged, 2),
		"no subject": {Name: events.EIDUnlocked, Issuer: issuer, Seq: 2}, "no issuer": {Name: events.EIDUnlocked, Subject: subject, Seq: 2},
	} {
		_, err := l.Apply(context.Background(), e)
		kind(t, name, err, vneid.ErrMalformed)
	}
	if s := state(t, l); !s.EIDLocked || s.Seq() != 1 {
		t.Errorf("%+v", s)
	}
}

func copies(t *testing.T, l events.Ledger, _ *clock) {
	apply(t, l, withdrawn("g", 1), true)
	s := state(t, l)
	s.Withdrawn[0] = "x"
	clear(s.Seqs)
	if s := state(t, l); !s.IsWithdrawn("g") || s.Seq() != 1 {
		t.Error("what was given out is the ledger's own")
	}
}

// together has sixteen callers apply one history, each in an order of its own.
func together(t *testing.T, l events.Ledger, _ *clock) {
	var told []events.Event
	for seq := int64(1); seq <= 12; seq++ {
		switch seq % 4 {
		case 0:
			told = append(told, withdrawn(fmt.Sprint("g", seq), seq))
		case 1:
			told = append(told, event(events.EIDLocked, seq))
		case 2:
			told = append(told, event(events.AccountLocked, seq))
		case 3:
			told = append(told, event(events.EIDUnlocked, seq))
		}
	}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			step := []int{1, 5, 7, 11}[i%4] // none divides twelve: each order has all of them
			for n := range told {
				if _, err := l.Apply(context.Background(), told[(i+n*step)%len(told)]); err != nil {
					t.Errorf("Apply: %v", err)
				}
			}
		})
	}
	all.Wait()
	s := state(t, l)
	if s.EIDLocked || !s.AccountLocked || len(s.Withdrawn) != 3 || s.Seq() != 12 {
		t.Errorf("%+v", s)
	}
}

func cancelled(t *testing.T, l events.Ledger, c *clock) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := l.Apply(ctx, event(events.EIDLocked, 1))
	kind(t, "Apply", err, vneid.ErrUnavailable)
	_, err = l.Heard(ctx, events.Event{Name: events.Heartbeat, Issuer: issuer, Issued: c.now()})
	kind(t, "Heard", err, vneid.ErrUnavailable)
	_, err = l.State(ctx, issuer, subject)
	kind(t, "State", err, vneid.ErrUnavailable)
	err = l.Allows(ctx, issuer, subject, "g")
	kind(t, "Allows", err, vneid.ErrUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the reason is lost: %v", err)
	}
	if s := state(t, l); s.Seq() != 0 || !s.Heard.IsZero() {
		t.Errorf("%+v", s)
	}
}

func names(t *testing.T, l events.Ledger, c *clock) {
	hear(t, l, issuer, c.now())
	for i, name := range []string{"a", "A", "a:b", "*", "{x}", "%", "'", `"`, `\`} {
		apply(t, l, withdrawn(name, int64(i+1)), true)
	}
	for _, name := range []string{"a", "A", "a:b", "*", "{x}", "%", "'", `"`, `\`} {
		allows(t, name, l, name, vneid.ErrRevoked)
	}
	for _, name := range []string{"b", "a:", "a:b:", "**", "{x", "\\\\"} {
		allows(t, name, l, name, 0)
	}
}

// Reopened tests that a ledger survives its process: open gives the same one again,
// as a new process finds it. It is closed, or left as a crash leaves it, before.
func Reopened(t *testing.T, open func(t testing.TB, now func() time.Time) events.Ledger) {
	c := &clock{t: time.Now().Truncate(time.Second)}
	l := open(t, c.now)
	hear(t, l, issuer, c.now())
	apply(t, l, event(events.EIDLocked, 5), true)
	apply(t, l, withdrawn("g", 6), true)
	l = open(t, c.now)
	if s := state(t, l); !s.EIDLocked || !s.IsWithdrawn("g") || !s.Heard.Equal(c.now()) {
		t.Fatalf("it forgot: %+v", s)
	}
	apply(t, l, event(events.EIDUnlocked, 4), false)
	allows(t, "the lock", l, "h", vneid.ErrLocked)
	allows(t, "the withdrawal", l, "g", vneid.ErrRevoked)
	apply(t, l, event(events.EIDUnlocked, 7), true)
	hearing(t, l, from(events.EIDUnlocked, 2, c.now()), false)
	l = open(t, c.now)
	allows(t, "unlocked", l, "h", 0)
	c.advance(time.Hour)
	hearing(t, l, from(events.Heartbeat, 2, c.now()), false)
	allows(t, "an event never came, before the end of the process", l, "h", vneid.ErrUnavailable)
}
