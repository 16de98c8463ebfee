package jwks

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// How often keys are fetched. A set lives as long as its Cache-Control says,
// within bounds; a quiet program fetches nothing at all.
const (
	minLife     = 5 * time.Minute
	maxLife     = 24 * time.Hour
	defaultLife = time.Hour // without Cache-Control

	defaultStale = 24 * time.Hour

	pause     = 30 * time.Second // between fetches for unknown keys, and after a failure
	coldPause = 5 * time.Second  // after a failure, while there is no key to verify with

	fetchTime = 5 * time.Second
)

// Remote is a KeySet that an issuer publishes. Fill in the fields and use its
// address; do not copy it or change fields after its first use.
//
// Nothing is fetched before the first Verify, so a service starts while its issuer
// is down, answers ErrUnavailable, and recovers by itself.
//
//   - All callers share one fetch, which no caller's context ends: a caller that
//     gives up fails alone. The fetch ends by its own time-out of 5 s.
//   - Keys are fresh for the max-age of Cache-Control, held within 5 minutes and
//     24 hours (1 hour if absent). The first call past 80 % of that starts a
//     refresh and does not wait for it; a call past all of it waits.
//   - While a refresh fails, the old keys serve for MaxStale more. A set without
//     a usable key is a failure and never replaces one that has some.
//   - A key id that the set does not have causes a fetch, at most one in 30 s
//     however many such tokens arrive. Whoever asked before it finished gets its
//     verdict, ErrUntrusted if the id is still unknown; in the 30 s after it the
//     answer is ErrUnavailable, a *vneid.APIError with RetryAfter.
//   - After a failed fetch the next one waits 30 s, or 5 s while there are no
//     keys at all.
//   - The body may have 1 MiB and 100 keys; redirects stay on the host; the URL is
//     https, or http on the machine itself.
type Remote struct {
	URL    string      // of the JWK Set document
	Issuer string      // whose keys they are, exactly as the tokens say
	Uses   []vneid.Use // what they may sign

	HTTP     *http.Client     // nil: one with time-outs; give your own, with a Transport, for a proxy or for certificates
	Now      func() time.Time // nil: time.Now
	MaxStale time.Duration    // how long keys serve past their life when none can be fetched; 0: 24 h, negative: not at all

	once   sync.Once
	config error
	client *http.Client

	cur atomic.Pointer[loaded]

	mu     sync.Mutex
	flight *flight   // the fetch under way
	next   time.Time // no fetch before

	// off takes one check out. Only this package's tests can set it: they show that
	// an attack which a check stops would succeed without it.
	off string
}

var _ vneid.KeySet = (*Remote)(nil)

// loaded is a fetched set and the ends of its life: due for a refresh, no longer
// fresh, no longer to be used.
type loaded struct {
	set               *set
	generation        uint64
	refresh, end, max time.Time
}

// flight is a fetch that callers may wait for.
type flight struct {
	done chan struct{}
	err  error
}

// landed is a flight that nobody has to wait for. It never changes.
var landed = func() *flight {
	f := &flight{done: make(chan struct{})}
	close(f.done)
	return f
}()

// Verify implements vneid.KeySet.
func (r *Remote) Verify(ctx context.Context, s vneid.Signed) error {
	return fault.Prefix("jwks", r.verify(ctx, s))
}

// Check returns nil when the fields can work, else an error without a kind that
// names the one that cannot. It fetches nothing; Ready does.
func (r *Remote) Check() error { return fault.Prefix("jwks", r.configure()) }

// Ready returns nil when there are keys to verify with, fetching them if need be:
// a readiness probe, or a check of the configuration. Its errors are Verify's.
func (r *Remote) Ready(ctx context.Context) error {
	if err := r.configure(); err != nil {
		return fault.Prefix("jwks", err)
	}
	_, _, err := r.keys(ctx)
	return fault.Prefix("jwks", err)
}

// Generation counts the fetched sets: 0 before the first. Who remembers what Verify
// said must forget it when the number changes, since a key may have been taken out,
// and after a minute anyhow, since a Remote that nobody asks fetches nothing.
func (r *Remote) Generation() uint64 {
	if cur := r.cur.Load(); cur != nil {
		return cur.generation
	}
	return 0
}

func (r *Remote) verify(ctx context.Context, s vneid.Signed) error {
	if err := r.configure(); err != nil {
		return err
	}
	if err := (scope{r.Issuer, r.Uses}).allows(s); err != nil {
		return err
	}
	if !jws.Known(s.Alg) {
		return fault.New(vneid.ErrUntrusted, "the algorithm is not accepted")
	}
	cur, fetched, err := r.keys(ctx)
	if err != nil {
		return err
	}
	if !fetched && len(cur.set.find(s)) == 0 {
		if cur, err = r.renewed(ctx, cur); err != nil {
			return err
		}
	}
	return cur.set.verify(s)
}

// keys returns the set to use now, and whether it was fetched for this call.
func (r *Remote) keys(ctx context.Context) (cur *loaded, fetched bool, err error) {
	now := r.now()
	cur = r.cur.Load()
	if cur != nil && now.Before(cur.end) {
		if !now.Before(cur.refresh) {
			r.start(false) // nobody waits for it
		}
		return cur, false, nil
	}
	err = r.fetch(ctx, false)
	switch cur = r.cur.Load(); {
	case err == nil:
		return cur, true, nil
	case cur == nil || !now.Before(cur.max):
		return nil, false, err
	}
	return cur, false, nil
}

// renewed returns a set newer than old, in which a key was not found.
func (r *Remote) renewed(ctx context.Context, old *loaded) (*loaded, error) {
	err := r.fetch(ctx, true)
	// A fetch that ended since old was read is as good as one that began now.
	if cur := r.cur.Load(); cur != old {
		return cur, nil
	}
	return nil, err
}

// fetch waits for a fetch, its own or one under way.
func (r *Remote) fetch(ctx context.Context, unknown bool) error {
	f, err := r.start(unknown)
	if err != nil {
		return err
	}
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "gave up waiting for the issuer's keys")
	}
}

// start begins a fetch unless one is under way or it is too early for another.
func (r *Remote) start(unknown bool) (*flight, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.flight != nil {
		return r.flight, nil
	}
	now := r.now()
	if cur := r.cur.Load(); !unknown && cur != nil && now.Before(cur.refresh) {
		return landed, nil // it ended after the caller looked
	}
	if limit := now.Add(pause); r.next.After(limit) {
		r.next = limit // the clock was set back
	}
	if wait := r.next.Sub(now); wait > 0 && r.off != "pause" {
		return nil, fault.Wrap(&vneid.APIError{RetryAfter: wait}, nil,
			"the issuer's keys were asked for a moment ago; try again in %v", wait.Round(time.Second))
	}
	r.flight = &flight{done: make(chan struct{})}
	go r.run(r.flight, unknown)
	return r.flight, nil
}

// run does one fetch and ends with it.
func (r *Remote) run(f *flight, unknown bool) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTime)
	defer cancel()
	keys, life, fail := download(ctx, r.client, r.URL, scope{r.Issuer, r.Uses}.has(vneid.UseQR))
	switch {
	case r.off == "poison" && fail != nil:
		keys, fail = new(set), nil
	case keys != nil:
		keys.off = r.off
	}

	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	switch cur := r.cur.Load(); {
	case fail == nil:
		if r.off != "life" {
			life = min(max(life, minLife), maxLife)
		}
		end := now.Add(life)
		r.cur.Store(&loaded{keys, r.Generation() + 1, now.Add(life * 8 / 10), end, end.Add(r.stale())})
		if unknown {
			r.next = now.Add(pause)
		}
	case cur == nil || !now.Before(cur.max):
		r.next = now.Add(coldPause)
		f.err = fail.error(coldPause)
	default:
		r.next = now.Add(pause)
		f.err = fail.error(pause)
	}
	r.flight = nil
	close(f.done)
}

func (r *Remote) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

func (r *Remote) stale() time.Duration {
	if r.MaxStale == 0 {
		return defaultStale
	}
	return max(r.MaxStale, 0)
}

// configure checks the fields, once.
func (r *Remote) configure() error {
	r.once.Do(func() {
		if _, err := guard.CheckURL(r.URL); err != nil {
			r.config = fmt.Errorf("Remote.URL is %w", err)
			return
		}
		if field, err := (scope{r.Issuer, r.Uses}).check(); err != nil {
			r.config = fmt.Errorf("%s %w", "Remote."+field, err)
			return
		}
		r.client = guard.Client(r.HTTP, r.URL)
	})
	return r.config
}
