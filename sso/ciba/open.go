package ciba

import (
	"strings"
	"time"
	"unicode"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// maxOpen bounds the requests under way.
const maxOpen = 10_000

// beginTime is how long a hint is taken while its request is being sent.
const beginTime = time.Minute

// request is what a Desk knows of one that is open. Of a Session there may be many
// copies, in the tabs and the stores of a program: what must hold for the request is
// kept here.
type request struct {
	until time.Time
	of    [32]byte  // the hash of its auth_req_id; zero until it is acknowledged
	next  time.Time // not to be asked about before
}

// canonical is a hint without what people write in more than one way, so that spaces,
// dots and capitals open no second request to one telephone. Two sorts of hint for one
// person, a number and a telephone's, are two all the same.
func canonical(hint string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, hint)
	if plain == "" {
		return hint
	}
	return plain
}

// enter takes a hint for one request. Processes do not know of each other's: their
// providers do.
func (d *Desk) enter(hint [32]byte, now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tidy(now)
	if r, taken := d.open[hint]; taken && now.Before(r.until) && !d.omits(checkOpen) {
		left := r.until.Sub(now)
		return fault.Wrap(&vneid.APIError{RetryAfter: left}, nil, "a request to this person is open, or may be; it ends in %v", left.Round(time.Second))
	}
	if len(d.open) >= maxOpen {
		return fault.Wrap(&vneid.APIError{RetryAfter: defaultInterval}, nil, "too many requests are open")
	}
	d.open[hint] = request{until: now.Add(beginTime)}
	return nil
}

// hold keeps the hint until the request ends by itself: the telephone shows it that
// long, whatever becomes of our side.
func (d *Desk) hold(p pending) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open[p.Hint] = request{p.Expires, sumOf(p.ID), p.Next}
}

func (d *Desk) leave(hint [32]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, hint)
}

// end lets the person be asked again, if the request is the one that is open: a
// Session of an older one, left in some tab, frees nobody.
func (d *Desk) end(p pending) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open[p.Hint].of == sumOf(p.ID) || d.omits(checkOpen) {
		delete(d.open, p.Hint)
	}
	if p.Bell != nil {
		delete(d.bells, *p.Bell)
	}
}

// pace claims the request for a call now, or says how long another copy of the
// Session has made it wait. A clock that was set back keeps nobody waiting for ever.
func (d *Desk) pace(p pending, now time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, here := d.open[p.Hint]
	if !here || r.of != sumOf(p.ID) {
		return 0
	}
	if wait := r.next.Sub(now); wait > 0 && wait <= maxInterval {
		return wait
	}
	r.next = now.Add(p.Interval)
	d.open[p.Hint] = r
	return 0
}

// paced notes when the request may be asked about again.
func (d *Desk) paced(p pending) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r := d.open[p.Hint]; r.of == sumOf(p.ID) {
		r.next = p.Next
		d.open[p.Hint] = r
	}
}

// tidy forgets what ended, at most once in ten seconds. The caller holds the lock.
func (d *Desk) tidy(now time.Time) {
	if now.Before(d.sweep) && len(d.open) < maxOpen {
		return
	}
	d.sweep = now.Add(10 * time.Second)
	for hint, r := range d.open {
		if !now.Before(r.until) {
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
