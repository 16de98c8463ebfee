package sso

import (
	"context"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	refreshShare = time.Minute    // how long the outcome is given to who comes with the old tokens
	refreshKeep  = 24 * time.Hour // how long what could not be saved is kept
	maxRefreshes = 10_000
)

// refreshes are the refreshes of one client under way and just over, by the name of
// the tokens that they replace.
type refreshes struct {
	now func() time.Time

	mu    sync.Mutex
	of    map[[32]byte]*refreshing
	sweep time.Time
}

// refreshing is one refresh. It does not change after done is closed.
type refreshing struct {
	done  chan struct{}
	fresh *Tokens // what the provider gave, nil if nothing
	err   error   // why nobody may use it
	until time.Time
}

// once spends the refresh token of t by way of ask and has the outcome saved, or
// returns what became of that for another caller. The work goes on when its caller
// gives up.
func (a *refreshes) once(ctx context.Context, t *Tokens, save func(context.Context, *Tokens) error, ask func(context.Context) (*Tokens, error)) (*Tokens, error) {
	key := t.get().name()
	r, lead, err := a.join(key)
	switch {
	case err != nil:
		return nil, err
	case lead:
		a.work(ctx, key, r, save, ask)
	default:
		select {
		case <-r.done:
		case <-ctx.Done():
			return nil, relying.Cancelled(ctx.Err())
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	return r.fresh, nil
}

// join returns the refresh of a token and whether the caller has to bring it about.
func (a *refreshes) join(key [32]byte) (r *refreshing, lead bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	a.tidy(now)
	r = a.of[key]
	switch {
	case r == nil && len(a.of) >= maxRefreshes:
		return nil, false, fault.New(vneid.ErrUnavailable, "too many refreshes at once")
	case r == nil || r.over(now):
		r = &refreshing{done: make(chan struct{})}
	case r.unsaved(): // it was got, and only has to be saved
		r = &refreshing{done: make(chan struct{}), fresh: r.fresh}
	default:
		return r, false, nil
	}
	if a.of == nil {
		a.of = make(map[[32]byte]*refreshing)
	}
	a.of[key] = r
	return r, true, nil
}

// work asks the provider, unless that was done, and saves.
func (a *refreshes) work(ctx context.Context, key [32]byte, r *refreshing, save func(context.Context, *Tokens) error, ask func(context.Context) (*Tokens, error)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	fresh, err := r.fresh, fault.New(vneid.ErrUnavailable, "the refresh was broken off")
	defer func() { a.end(key, r, fresh, err) }() // even if save panics
	if fresh == nil {
		if fresh, err = ask(ctx); err != nil {
			return
		}
		err = errUnsaved
	}
	if save(ctx, fresh) != nil {
		err = errUnsaved // the store's words are its own
		return
	}
	err = nil
}

var errUnsaved = fault.New(vneid.ErrUnavailable, "the fresh tokens could not be saved; this process keeps them and tries again at the next refresh")

func (a *refreshes) end(key [32]byte, r *refreshing, fresh *Tokens, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r.fresh, r.err, r.until = fresh, err, a.now().Add(refreshShare)
	switch {
	case fresh == nil:
		delete(a.of, key) // nothing to share but an error
	case err != nil:
		r.until = a.now().Add(refreshKeep)
	}
	close(r.done)
}

// tidy forgets what is over, at most once in ten seconds even while there is no room.
func (a *refreshes) tidy(now time.Time) {
	if now.Before(a.sweep) {
		return
	}
	a.sweep = now.Add(10 * time.Second)
	for key, r := range a.of {
		if r.over(now) {
			delete(a.of, key)
		}
	}
}

// over reports whether the outcome is shared no more, unsaved whether it waits for a
// store. Only end writes what they read. The caller holds the lock.
func (r *refreshing) over(now time.Time) bool { return !r.until.IsZero() && !now.Before(r.until) }
func (r *refreshing) unsaved() bool           { return !r.until.IsZero() && r.err != nil }
