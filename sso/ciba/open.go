package ciba

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
)

// key names the request of a Session.
func (p *pending) key() decoupled.Key { return decoupled.Key{Hint: p.Hint, ID: p.ID} }

// enter takes a hint for one request.
func (d *Desk) enter(hint [32]byte, now time.Time) error {
	return d.open.Enter(hint, now, d.omits(checkOpen))
}

// end lets the person be asked again.
func (d *Desk) end(p pending) { d.open.End(p.key(), p.Bell, d.omits(checkOpen)) }

// bell returns the channel that is closed when the request's bell has rung, nil
// when it has none here.
func (d *Desk) bell(p pending) <-chan struct{} {
	if d.made() != nil {
		return nil
	}
	return d.open.Rung(p.Bell)
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
