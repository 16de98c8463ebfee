package platform

import (
	"context"
	"errors"
	"slices"
	"time"
)

// What a client refuses for good does not keep the rest of its stream waiting: it is set
// aside, and the client's own staff can have it sent again once they have mended the
// reason. An event keeps its jti and its numbers, so that it fits where it was missed.

const (
	maxAside  = 1000                // of each client; the oldest goes first
	asideLife = 90 * 24 * time.Hour // then only asking the platform anew helps
	maxListed = 1000
)

// Event is something that a client is told about a person, without the person.
type Event struct {
	ID    string // jti
	Name  string // of package events, such as eid-locked
	Told  uint64 // which of all that the client is told, from 1
	At    time.Time
	Aside time.Time // when the client refused it for good; zero while it waits
}

// aside is a row of tableAside.
type aside struct {
	Event event     `json:"event"`
	At    time.Time `json:"at"`
}

// setAside moves an event out of the stream.
func (p *Platform) setAside(tx Tx, e event) error {
	rows, err := tx.List(tableAside, p.rowsOf(e.Client), "", maxAside)
	if err == nil && len(rows) == maxAside {
		err = tx.Delete(tableAside, rows[0].Key)
	}
	return errors.Join(err, tx.Delete(tableEvents, e.key),
		save(tx, tableAside, e.key, aside{e, p.now()}, p.now().Add(asideLife)))
}

// Events lists what waits for a client, and what it refused, oldest first.
func (p *Platform) Events(ctx context.Context, client string) (out []Event, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		waiting, err := p.unacknowledged(tx, client, maxListed)
		if err != nil {
			return err
		}
		for _, e := range waiting {
			out = append(out, Event{e.ID, e.Name, e.Told, e.At, time.Time{}})
		}
		refused, err := list[aside](tx, tableAside, p.rowsOf(client), maxAside)
		for _, a := range refused {
			if p.now().Before(a.At.Add(asideLife)) {
				out = append(out, Event{a.Event.ID, a.Event.Name, a.Event.Told, a.Event.At, a.At})
			}
		}
		return err
	})
	slices.SortStableFunc(out, func(a, b Event) int { return int(int64(a.Told) - int64(b.Told)) })
	return out, err
}

// SendAgain puts events that a client had refused back into its stream: the one of an
// id, or all of them with an empty one. It returns how many.
func (p *Platform) SendAgain(ctx context.Context, client, id string) (n int, err error) {
	err = p.store.Update(ctx, func(tx Tx) error {
		n = 0
		rows, err := tx.List(tableAside, p.rowsOf(client), "", maxAside)
		if err != nil {
			return err
		}
		for _, row := range rows {
			a, err := load[aside](tx, tableAside, row.Key)
			if err != nil || a == nil {
				return err
			}
			if id != "" && a.Event.ID != id || !p.now().Before(a.At.Add(asideLife)) {
				continue
			}
			if err := errors.Join(tx.Delete(tableAside, row.Key), save(tx, tableEvents, row.Key, a.Event, time.Time{})); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return nil
		}
		return p.tell(tx, notice{Client: client, Stream: true})
	})
	return n, err
}

// Pending is something other than an event that a client has not been told yet: a logout
// or a ping, each tried a few times.
type Pending struct {
	Kind string // logout, ping or events
	Due  time.Time
	Try  int // how often it was tried
}

// Pending lists what a client will be told, soonest first.
func (p *Platform) Pending(ctx context.Context, client string) (out []Pending, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		rows, err := tx.List(tableNotices, "", "", 10*maxListed)
		if err != nil {
			return err
		}
		for _, row := range rows {
			n, err := load[notice](tx, tableNotices, row.Key)
			if err != nil || n == nil {
				return err
			}
			if n.Client == client {
				out = append(out, Pending{n.kind(), dueOf(row.Key), n.Tries})
			}
		}
		return nil
	})
	return out, err
}

func (n *notice) kind() string {
	switch {
	case n.Stream:
		return "events"
	case n.Ping != nil:
		return "ping"
	}
	return "logout"
}
