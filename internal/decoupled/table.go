package decoupled

import (
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// maxOpen bounds the requests under way.
const maxOpen = 10_000

// BeginTime is how long a hint is taken while its request is being sent.
const BeginTime = time.Minute

// Key names a request: whom it went to, and what the provider called it.
type Key struct {
	Hint [32]byte // the hint's keyed hash
	ID   string   // auth_req_id
}

// Table has the requests that are open. Of a session there may be many copies, in the
// tabs and the stores of a program: what must hold for the request is kept here. The
// zero Table is empty.
type Table struct {
	mu    sync.Mutex
	open  map[[32]byte]request // by the hash of the hint
	bells map[[32]byte]*Bell   // by the hash of the notification token
	sweep time.Time
}

// request is what is known of one that is open.
type request struct {
	until time.Time
	of    [32]byte  // the hash of its auth_req_id; zero until it is acknowledged
	next  time.Time // not to be asked about before
}

// Enter takes a hint for one request; anyway, which tests say, lets a second one in.
// Processes do not know of each other's: their providers do.
func (t *Table) Enter(hint [32]byte, now time.Time, anyway bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tidy(now)
	if r, taken := t.open[hint]; taken && now.Before(r.until) && !anyway {
		left := r.until.Sub(now)
		return fault.Wrap(&vneid.APIError{RetryAfter: left}, nil, "a request to this person is open, or may be; it ends in %v", left.Round(time.Second))
	}
	if len(t.open) >= maxOpen {
		return fault.Wrap(&vneid.APIError{RetryAfter: Interval}, nil, "too many requests are open")
	}
	if t.open == nil {
		t.open = make(map[[32]byte]request)
	}
	t.open[hint] = request{until: now.Add(BeginTime)}
	return nil
}

// Hold keeps the hint until the request ends by itself: the telephone shows it that
// long, whatever becomes of our side.
func (t *Table) Hold(k Key, next, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open == nil {
		t.open = make(map[[32]byte]request)
	}
	t.open[k.Hint] = request{until: until, of: Sum(k.ID), next: next}
}

// Leave frees a hint whose request did not come about.
func (t *Table) Leave(hint [32]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, hint)
}

// End lets the person be asked again, if the request is the one that is open: a
// session of an older one, left in some tab, frees nobody, unless anyway says so. Its
// bell hangs on until its time: a provider whose notification was not answered repeats it.
func (t *Table) End(k Key, bell *[32]byte, anyway bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open[k.Hint].of == Sum(k.ID) || anyway {
		delete(t.open, k.Hint)
	}
	if bell == nil {
		return
	}
	if b := t.bells[*bell]; b != nil {
		b.over = true
	}
	if len(t.bells) > 2*maxOpen {
		delete(t.bells, *bell)
	}
}

// Pace claims the request for a call now, or says how long another copy of its session
// has made it wait. A clock that was set back keeps nobody waiting for ever.
func (t *Table) Pace(k Key, now time.Time, interval time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, here := t.open[k.Hint]
	if !here || r.of != Sum(k.ID) {
		return 0
	}
	if wait := r.next.Sub(now); wait > 0 && wait <= MaxInterval {
		return wait
	}
	r.next = now.Add(interval)
	t.open[k.Hint] = r
	return 0
}

// Paced notes when the request may be asked about again.
func (t *Table) Paced(k Key, next time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r := t.open[k.Hint]; r.of == Sum(k.ID) {
		r.next = next
		t.open[k.Hint] = r
	}
}

// tidy forgets what ended, at most once in ten seconds. The caller holds the lock.
func (t *Table) tidy(now time.Time) {
	if now.Before(t.sweep) && len(t.open) < maxOpen {
		return
	}
	t.sweep = now.Add(10 * time.Second)
	for hint, r := range t.open {
		if !now.Before(r.until) {
			delete(t.open, hint)
		}
	}
	for sum, b := range t.bells {
		if !now.Before(b.until) {
			delete(t.bells, sum)
		}
	}
}
