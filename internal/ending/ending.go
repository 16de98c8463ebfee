// Package ending lets things that can be done once be done once, and lets everybody
// who comes for the outcome have the same one: a callback that a browser sends twice, a
// second poller, a reload. What could not be done now is no outcome: the next who comes
// goes on from where the last one stopped.
//
// Memory is bounded: the oldest outcomes make room. What stands for them after that is
// the other side's own single use of codes and tokens.
package ending

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Bounds.
const (
	Remember  = 24 * time.Hour   // how long something is worth going on with
	workTime  = 30 * time.Second // of one attempt; the calls in it have shorter ones of their own
	maxEnded  = 10_000
	maxMemory = 64 << 20 // bytes of all outcomes that are remembered
)

// Progress says how far an attempt came.
type Progress interface {
	Over() bool  // nothing more can come of it: what it needed was spent
	Begun() bool // there is something to go on with
	Size() int   // bytes that keeping it, or the outcome, takes
}

// Table remembers outcomes of type R, and progress of type P. Now is needed.
type Table[R any, P Progress] struct {
	Now   func() time.Time
	Fresh func() P // progress of an attempt that is the first

	mu    sync.Mutex
	of    map[[32]byte]*outcome[R, P]
	queue []place[R, P] // of what ended, oldest first
	size  int
}

// outcome is how one thing ended, or how far it came. It does not change after done is
// closed.
type outcome[R any, P Progress] struct {
	done   chan struct{}
	until  time.Time // remembered until then; zero while it is under way
	result R
	err    error
	final  bool
	left   P // what the next attempt goes on with, unless it is final
	size   int
}

type place[R any, P Progress] struct {
	key [32]byte
	o   *outcome[R, P]
}

// Once brings something to its end by way of work, or returns how it ended. What is
// unavailable ends nothing unless its progress is over. The work goes on when its caller
// gives up. keep is how long the outcome is shared.
func (t *Table[R, P]) Once(ctx context.Context, key [32]byte, keep time.Duration, work func(context.Context, P) (R, error)) (R, error) {
	var none R
	o, left, lead := t.join(key)
	if !lead {
		select {
		case <-o.done:
			return o.result, o.err
		case <-ctx.Done():
			return none, relying.Cancelled(ctx.Err())
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workTime)
	defer cancel()
	result, err := none, fault.New(vneid.ErrUnavailable, "the work was broken off")
	defer func() { t.end(key, o, left, result, err, keep) }() // even if work panics
	result, err = work(ctx, left)
	return result, err
}

// Final reports whether something has ended for good.
func (t *Table[R, P]) Final(key [32]byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	o := t.of[key]
	return o != nil && o.final
}

// Len is how much is remembered.
func (t *Table[R, P]) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.of)
}

// join returns the outcome, and for the caller who has to bring it about where to go on.
func (t *Table[R, P]) join(key [32]byte) (o *outcome[R, P], left P, lead bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tidy()
	left = t.Fresh()
	if old := t.of[key]; old != nil {
		switch {
		case old.until.IsZero(), old.final && t.Now().Before(old.until):
			return old, left, false
		case t.Now().Before(old.until):
			left = old.left
		}
		t.forget(key, old)
	}
	o = &outcome[R, P]{done: make(chan struct{})}
	if t.of == nil {
		t.of = make(map[[32]byte]*outcome[R, P])
	}
	t.of[key] = o
	return o, left, true
}

func (t *Table[R, P]) end(key [32]byte, o *outcome[R, P], left P, result R, err error, keep time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	o.result, o.err, o.until, o.size = result, err, t.Now().Add(keep), left.Size()
	if o.final = !errors.Is(err, vneid.ErrUnavailable) || left.Over(); !o.final {
		o.left, o.until = left, t.Now().Add(Remember)
	}
	close(o.done)
	if !o.final && !left.Begun() {
		delete(t.of, key) // the next attempt begins where this one did
		return
	}
	t.size += o.size
	t.queue = append(t.queue, place[R, P]{key, o})
	t.tidy()
}

// tidy forgets what is remembered long enough, and the oldest where there is too much.
// The caller holds the lock.
func (t *Table[R, P]) tidy() {
	now := t.Now()
	for len(t.queue) > 0 {
		first := t.queue[0]
		if now.Before(first.o.until) && t.size <= maxMemory && len(t.queue) <= maxEnded {
			return
		}
		t.forget(first.key, first.o)
	}
}

// forget drops one that ended. The caller holds the lock.
func (t *Table[R, P]) forget(key [32]byte, o *outcome[R, P]) {
	delete(t.of, key)
	t.size -= o.size
	// Mostly the first. Its place goes too: what is tried for ever must not fill the queue.
	if i := slices.IndexFunc(t.queue, func(p place[R, P]) bool { return p.o == o }); i >= 0 {
		t.queue = slices.Delete(t.queue, i, i+1)
	}
}
