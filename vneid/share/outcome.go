package share

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	rememberTime = 24 * time.Hour   // of how a request ended
	workTime     = 30 * time.Second // tokens, bundle, keys and status lists have shorter ones of their own
	maxOutcomes  = 10_000
	maxOutcome   = 64 << 20 // bytes of all answers that are remembered
)

// outcome is how one request ended, or how far it came. It does not change after done
// is closed.
type outcome struct {
	done    chan struct{}
	until   time.Time // remembered until then; zero while it is under way
	records Records
	err     error
	left    *progress // what the next attempt goes on with; nil: there is none
	size    int
}

// progress is how far a request came. What is in it was paid for with something that
// can be spent once, so it is kept where a later step has to be tried again.
type progress struct {
	spent  bool    // the code or the like was sent, and no answer came that says what became of it
	tokens *tokens // the answer to it …
	got    time.Time
	saved  bool // … and the caller wrote its refresh token down
	bundle []byte
}

func (p *progress) empty() bool { return p.tokens == nil && !p.spent }

// outcomes are those of one client. Requests end once: a callback that comes twice, a
// second poller and a reload get what the first one got, the Records or the refusal.
// The oldest make room; who comes after that finds the code spent.
type outcomes struct {
	now func() time.Time

	mu    sync.Mutex
	of    map[[32]byte]*outcome
	queue []place // of what ended, oldest first; some of it may be gone
	size  int
}

type place struct {
	key [32]byte
	o   *outcome
}

// once brings a request to its end by way of work, or returns how it ended. What is
// unavailable ends nothing: work goes on from where it was. It does so too when the
// caller gives up. keep is how long the outcome is shared.
func (a *outcomes) once(ctx context.Context, key [32]byte, keep time.Duration, work func(context.Context, *progress) (Records, error)) (Records, error) {
	o, left := a.join(key)
	if left == nil {
		select {
		case <-o.done:
			return o.records, o.err
		case <-ctx.Done():
			return Records{}, relying.Cancelled(ctx.Err())
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workTime)
	defer cancel()
	records, err := Records{}, fault.New(vneid.ErrUnavailable, "the request was broken off")
	defer func() { a.end(key, o, left, records, err, keep) }() // even if work panics
	records, err = work(ctx, left)
	return records, err
}

// final reports whether a request has ended for good.
func (a *outcomes) final(key [32]byte) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	o := a.of[key]
	return o != nil && !o.until.IsZero() && o.left == nil
}

// join returns the outcome of a request, and for the caller who has to bring it about
// where to go on.
func (a *outcomes) join(key [32]byte) (*outcome, *progress) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tidy()
	old := a.of[key]
	if old != nil && !old.until.IsZero() && !a.now().Before(old.until) {
		a.forget(key, old)
		old = nil
	}
	left := new(progress)
	switch {
	case old != nil && old.left == nil:
		return old, nil // over, or under way
	case old != nil:
		*left = *old.left
		a.forget(key, old)
	}
	o := &outcome{done: make(chan struct{})}
	if a.of == nil {
		a.of = make(map[[32]byte]*outcome)
	}
	a.of[key] = o
	return o, left
}

func (a *outcomes) end(key [32]byte, o *outcome, left *progress, records Records, err error, keep time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o.records, o.err, o.until = records, err, a.now().Add(keep)
	o.size = 1<<10 + len(left.bundle)
	if errors.Is(err, vneid.ErrUnavailable) && (left.tokens != nil || !left.spent) {
		o.left, o.until = left, a.now().Add(rememberTime)
	}
	close(o.done)
	if o.left != nil && o.left.empty() {
		delete(a.of, key) // the next attempt begins where this one did
		return
	}
	a.size += o.size
	a.queue = append(a.queue, place{key, o})
	a.tidy()
}

// tidy forgets what is remembered long enough, and the oldest where there is too much.
// The caller holds the lock.
func (a *outcomes) tidy() {
	now := a.now()
	for len(a.queue) > 0 {
		first := a.queue[0]
		gone := a.of[first.key] != first.o
		if !gone && now.Before(first.o.until) && a.size <= maxOutcome && len(a.queue) <= maxOutcomes {
			return
		}
		a.queue = a.queue[1:]
		if !gone {
			a.forget(first.key, first.o)
		}
	}
}

// forget drops one that ended. The caller holds the lock.
func (a *outcomes) forget(key [32]byte, o *outcome) {
	delete(a.of, key)
	a.size -= o.size
}
