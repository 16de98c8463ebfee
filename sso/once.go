package sso

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Browsers send one callback twice: a double click on the provider's last page, a
// reload of a slow one. They drop the answer to the first and show the second's, and
// the code is good for one exchange (RFC 6749 §4.1.2). So the second request waits
// for the first and shares its outcome; a later one finds the login spent.
const (
	shareTime  = 10 * time.Second // after the end of a login; a request sent before the answer arrived
	finishTime = 30 * time.Second // metadata, exchange, keys and userinfo have shorter ones of their own
	maxLogins  = 10_000
)

// outcome is how one login of the handlers ended. It does not change after done
// is closed.
type outcome struct {
	done   chan struct{}
	until  time.Time // when the Session is over by itself
	shared time.Time // until when others get the outcome
	id     *Identity
	cookie string // the sealed session
	err    error
}

// outcomes are those of one client, by a hash of the state. When there are too many
// the login that makes room is protected by its code's single use alone: refusing
// instead would let anybody with a few thousand callbacks lock everybody out.
type outcomes struct {
	now func() time.Time

	mu    sync.Mutex
	of    map[[32]byte]*outcome
	sweep time.Time
}

// once ends the login s by way of finish, or returns how it ended for a request just
// before. The login goes on when the browser gives up on the request that began it.
func (a *outcomes) once(ctx context.Context, s *Session, finish func(context.Context) (*Identity, string, error)) *outcome {
	o, first := a.join(sha256.Sum256([]byte(s.State())), s.Expires())
	if first {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
		defer cancel()
		defer a.end(o) // even if finish panics
		o.err = fault.New(vneid.ErrUnavailable, "sso: the login was broken off")
		o.id, o.cookie, o.err = finish(ctx)
		return o
	}
	select {
	case <-o.done:
		return o
	case <-ctx.Done():
		return &outcome{err: fault.Prefix("sso", relying.Cancelled(ctx.Err()))}
	}
}

// join returns the outcome of a login and whether the caller has to bring it about.
func (a *outcomes) join(key [32]byte, until time.Time) (o *outcome, first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	a.tidy(now)
	if o := a.of[key]; o != nil {
		if o.over(now) {
			o = o.spent()
		}
		return o, false
	}
	o = &outcome{done: make(chan struct{}), until: until}
	if a.of == nil {
		a.of = make(map[[32]byte]*outcome)
	}
	a.of[key] = o
	return o, true
}

func (a *outcomes) end(o *outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o.shared = a.now().Add(shareTime)
	close(o.done)
}

// tidy forgets logins that are over by themselves, and of those that nobody shares
// any more all but that they ended.
func (a *outcomes) tidy(now time.Time) {
	full := len(a.of) >= maxLogins
	if !full && now.Before(a.sweep) {
		return
	}
	a.sweep = now.Add(shareTime)
	for key, o := range a.of {
		switch {
		case o.shared.IsZero(): // under way
		case !now.Before(o.until) || full:
			delete(a.of, key)
			full = false
		case o.id != nil && o.over(now):
			a.of[key] = o.spent()
		}
	}
}

// over reports whether the outcome is shared no more. The caller holds the lock.
func (o *outcome) over(now time.Time) bool { return !o.shared.IsZero() && !now.Before(o.shared) }

// spent is o without the person.
func (o *outcome) spent() *outcome {
	return &outcome{done: o.done, until: o.until, shared: o.shared,
		err: fault.New(vneid.ErrReplayed, "sso: this login was finished before")}
}
