package vneid

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clock is a hand-turned clock.
type clock struct{ ns atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.set(time.Date(2026, 5, 6, 7, 8, 9, 500_000_000, time.UTC))
	return c
}

func (c *clock) now() time.Time                    { return time.Unix(0, c.ns.Load()) }
func (c *clock) set(t time.Time)                   { c.ns.Store(t.UnixNano()) }
func (c *clock) forward(d time.Duration)           { c.ns.Add(int64(d)) }
func (c *clock) once(id string) (o Once)           { return c.onceFor(id, time.Minute) }
func (c *clock) use(m *MemoryReplay, o Once) error { return m.Use(context.Background(), o) }
func (c *clock) onceFor(id string, d time.Duration) Once {
	now := c.now().Truncate(time.Second)
	return Once{Use: UseQR, Issuer: "https://issuer.example", ID: id, Issued: now, Until: now.Add(d)}
}

func TestReplayIsUsedExactlyOnceByManyAtOnce(t *testing.T) {
	c := newClock()
	m := NewMemoryReplay(0, c.now)
	const goroutines, codes = 64, 50
	var won [codes]atomic.Int32
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for i := range codes {
				switch err := c.use(m, c.once(fmt.Sprint(i))); {
				case err == nil:
					won[i].Add(1)
				case !errors.Is(err, ErrReplayed):
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for i := range won {
		if n := won[i].Load(); n != 1 {
			t.Errorf("code %d passed %d times", i, n)
		}
	}
}

func TestReplayTellsThingsApart(t *testing.T) {
	c := newClock()
	m := NewMemoryReplay(0, c.now)
	base := c.once("1")
	if err := c.use(m, base); err != nil {
		t.Fatal(err)
	}
	for sentence, change := range map[string]func(*Once){
		"another use":                            func(o *Once) { o.Use = UseLogout },
		"another issuer":                         func(o *Once) { o.Issuer += "x" },
		"another id":                             func(o *Once) { o.ID = "2" },
		"the same characters, divided otherwise": func(o *Once) { o.Issuer, o.ID = o.Issuer+"1", "" },
	} {
		o := base
		change(&o)
		if err := c.use(m, o); err != nil {
			t.Errorf("%s: %v", sentence, err)
		}
	}
	later := base
	later.Until = later.Until.Add(time.Hour)
	later.Issued = later.Issued.Add(time.Second)
	if err := c.use(m, later); !errors.Is(err, ErrReplayed) {
		t.Errorf("other times do not make another thing: %v", err)
	}
}

func TestReplayHoldsUntilTheEnd(t *testing.T) {
	c := newClock()
	m := NewMemoryReplay(0, c.now)
	o := c.once("1")
	if err := c.use(m, o); err != nil {
		t.Fatal(err)
	}
	c.set(o.Until.Add(-1))
	if err := c.use(m, o); !errors.Is(err, ErrReplayed) {
		t.Errorf("in the last instant: %v", err)
	}
	c.set(o.Until)
	if err := c.use(m, o); !errors.Is(err, ErrExpired) {
		t.Errorf("at the end: %v", err)
	}
}

func TestAClockSetBackReopensNothing(t *testing.T) {
	c := newClock()
	m := NewMemoryReplay(1, c.now)
	o := c.once("1")
	if err := c.use(m, o); err != nil {
		t.Fatal(err)
	}
	start := c.now()
	c.set(o.Until.Add(time.Second))
	if err := c.use(m, c.onceFor("2", time.Hour)); err != nil { // drops the first
		t.Fatal(err)
	}
	c.set(start)
	if err := c.use(m, o); !errors.Is(err, ErrExpired) {
		t.Errorf("a used code after the clock went back: %v", err)
	}
}

func TestReplayIsBounded(t *testing.T) {
	c := newClock()
	const max = 100
	m := NewMemoryReplay(max, c.now)
	for i := range max {
		if err := c.use(m, c.once(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 1000 {
		if err := c.use(m, c.once(fmt.Sprint("more", i))); !errors.Is(err, ErrUnavailable) {
			t.Fatalf("a full store: %v", err)
		}
	}
	if err := c.use(m, c.once("1")); !errors.Is(err, ErrReplayed) {
		t.Errorf("a full store still knows what was used: %v", err)
	}
	if len(m.seen) != max {
		t.Errorf("%d entries", len(m.seen))
	}
	c.forward(2 * time.Minute)
	if err := c.use(m, c.once("later")); err != nil {
		t.Errorf("when all have expired there is room: %v", err)
	}
	if len(m.seen) != 1 {
		t.Errorf("%d entries left", len(m.seen))
	}
}

func TestReplayIsFullUntilAnEntryExpires(t *testing.T) {
	c := newClock()
	m := NewMemoryReplay(2, c.now)
	for id, lifetime := range map[string]time.Duration{"short": 10 * time.Second, "long": time.Minute} {
		if err := c.use(m, c.onceFor(id, lifetime)); err != nil {
			t.Fatal(err)
		}
	}
	c.forward(2 * time.Second) // a search, which finds nothing to drop
	if err := c.use(m, c.once("third")); !errors.Is(err, ErrUnavailable) {
		t.Errorf("full of unexpired entries: %v", err)
	}
	c.forward(8 * time.Second)
	if err := c.use(m, c.once("third")); err != nil {
		t.Errorf("one entry has expired: %v", err)
	}
	if err := c.use(m, c.once("fourth")); !errors.Is(err, ErrUnavailable) {
		t.Errorf("full again: %v", err)
	}
	if len(m.seen) != 2 {
		t.Errorf("%d entries", len(m.seen))
	}
}

func TestAReplayThatWasNotMadeLetsNothingPass(t *testing.T) {
	c := newClock()
	if err := c.use(NewMemoryReplay(0, c.now), c.once("1")); err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]*MemoryReplay{"zero": new(MemoryReplay), "nil": nil} {
		err := c.use(m, c.once("1"))
		var kind Kind
		if err == nil || errors.As(err, &kind) || !strings.Contains(err.Error(), "NewMemoryReplay") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReplayRefusesWhatItCannotRemember(t *testing.T) {
	c := newClock()
	m := NewMemoryReplay(0, c.now)
	twin := c.once("this very second")
	if err := c.use(m, twin); err != nil {
		t.Fatalf("issued in the second of the start: %v", err)
	}
	before := c.once("1")
	before.Issued = before.Issued.Add(-time.Second)
	err := c.use(m, before)
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("issued before the start: %v", err)
	}
	before.Issued = twin.Issued
	if err := c.use(m, before); err != nil {
		t.Errorf("a refusal uses nothing up: %v", err)
	}
}

func TestReplayWithAnEndedContext(t *testing.T) {
	c := newClock()
	m := NewMemoryReplay(0, c.now)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := m.Use(ctx, c.once("1"))
	if !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := c.use(m, c.once("1")); err != nil {
		t.Errorf("a cancelled check uses nothing up: %v", err)
	}
}

func TestReplayWithTheRealClock(t *testing.T) {
	m := NewMemoryReplay(-1, nil)
	now := time.Now()
	if err := m.Use(context.Background(), Once{ID: "1", Issued: now, Until: now.Add(time.Minute)}); err != nil {
		t.Error(err)
	}
}
