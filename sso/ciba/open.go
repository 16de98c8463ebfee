package ciba

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// maxOpen bounds the requests under way.
const maxOpen = 10_000

// beginTime is how long a hint is taken while its request is being sent.
const beginTime = time.Minute

// enter takes a hint for one request. Processes do not know of each other's: their
// providers do.
func (d *Desk) enter(hint [32]byte, now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tidy(now)
	if until, taken := d.open[hint]; taken && now.Before(until) && !d.omits(checkOpen) {
		return fault.Wrap(&vneid.APIError{RetryAfter: until.Sub(now)}, nil, "a request to this person is open, or may be; it ends in %v", until.Sub(now).Round(time.Second))
	}
	if len(d.open) >= maxOpen {
		return fault.Wrap(&vneid.APIError{RetryAfter: defaultInterval}, nil, "too many requests are open")
	}
	d.open[hint] = now.Add(beginTime)
	return nil
}

// hold keeps the hint until the request ends by itself: the telephone shows it that
// long, whatever becomes of our side.
func (d *Desk) hold(hint [32]byte, until time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open[hint] = until
}

func (d *Desk) leave(hint [32]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, hint)
}

// tidy forgets what ended, at most once in ten seconds. The caller holds the lock.
func (d *Desk) tidy(now time.Time) {
	if now.Before(d.sweep) && len(d.open) < maxOpen {
		return
	}
	d.sweep = now.Add(10 * time.Second)
	for hint, until := range d.open {
		if !now.Before(until) {
			delete(d.open, hint)
		}
	}
	for sum, b := range d.bells {
		if !now.Before(b.until) {
			delete(d.bells, sum)
		}
	}
}

// The checks that tests take out one by one, to see the attack succeed.
const (
	checkOpen  = "open"
	checkBell  = "bell"
	checkID    = "id"
	checkBound = "bound"
	checkOver  = "over"
	checkOwner = "owner"
	checkFresh = "fresh"
)
