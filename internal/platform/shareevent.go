package platform

import (
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// relation is a client that was given something about a person, and so is told what
// happens to them. The number counts the person's events for this client, from 1.
type relation struct {
	Client string `json:"client"`
	Seq    int64  `json:"seq"`
}

// event is one thing that a client has to be told, until it says that it knows.
type event struct {
	ID      string    `json:"id"` // jti: the same however often it is told
	Client  string    `json:"client"`
	Account string    `json:"account"`
	Name    string    `json:"name"`
	Seq     int64     `json:"seq"`
	Told    uint64    `json:"told"` // of all that the client is told, counted from 1
	At      time.Time `json:"at"`

	Grant  string `json:"grant,omitempty"`
	Kind   string `json:"kind,omitempty"`
	URI    string `json:"uri,omitempty"`
	Index  int    `json:"idx,omitempty"`
	Level  int    `json:"level,omitempty"`
	Device bool   `json:"device,omitempty"` // the sessions of the former device have ended

	key string // of its row
}

// maxRelations is of how many clients one person's events tell.
const maxRelations = 10_000

// relate begins to tell a client of a person, and returns how many events it was told
// of so far.
func (p *Platform) relate(tx Tx, client, account string) (seq int64, err error) {
	key := account + "/" + client
	r, err := load[relation](tx, tableRelations, key)
	if err != nil || r != nil {
		return r.seq(), err
	}
	return 0, save(tx, tableRelations, key, relation{Client: client}, time.Time{})
}

func (r *relation) seq() int64 {
	if r == nil {
		return 0
	}
	return r.Seq
}

// happened enters an event for every client that has to know, in the transaction of
// what happened: neither is ever without the other.
func (p *Platform) happened(tx Tx, account string, e event) error {
	rows, err := list[relation](tx, tableRelations, account+"/", maxRelations)
	for _, r := range rows {
		err = errors.Join(err, p.tellOf(tx, account, r.Client, e))
	}
	return err
}

// tellOf enters an event for one client, under the next number of the person.
func (p *Platform) tellOf(tx Tx, account, client string, e event) error {
	if !p.on("share-event") {
		return nil
	}
	key := account + "/" + client
	r, err := load[relation](tx, tableRelations, key)
	if err != nil {
		return err
	}
	if r == nil {
		r = &relation{Client: client}
	}
	told, err := next(tx, toldTo(client))
	if err != nil {
		return err
	}
	r.Seq++
	e.ID, e.Client, e.Account, e.Seq, e.Told, e.At = random()[:22], client, account, r.Seq, told+1, p.now()
	// Rows sort by the order in which they were entered, of all the client's people.
	row := fmt.Sprintf("%s%016x", p.rowsOf(client), e.Told)
	return errors.Join(
		save(tx, tableRelations, key, r, time.Time{}),
		save(tx, tableEvents, row, e, time.Time{}),
		p.tell(tx, notice{Client: client, Stream: true}))
}

// token writes an event as a security event token (RFC 8417).
func (p *Platform) eventToken(c *Client, e event) (string, error) {
	t, err := p.shareSigned(wire.TypeEvent, is("iss", p.cfg.Issuer), is("aud", c.ID), is("jti", e.ID), is("iat", e.At), is(wire.EventTold, e.Told))
	if err != nil {
		return "", err
	}
	if e.Name != wire.EventHeartbeat {
		t.claims = append(t.claims, is(wire.Sequence, e.Seq), is(wire.SubjectID, []jws.Member{
			is(wire.SubjectFormat, wire.SubjectIssuer), is("iss", p.cfg.Issuer), is("sub", p.subject(c, e.Account)),
		}))
	}
	t.claims = append(t.claims, is(wire.Events, []jws.Member{is(wire.EventPrefix+e.Name, []jws.Member(e.members()))}))
	for _, f := range p.faultsOf(c.ID) {
		if f.event != nil {
			f.event(t)
		}
	}
	return t.sign()
}

// members are what the event itself says. There is no personal data in any.
func (e event) members() members {
	m := members{}
	switch e.Name {
	case wire.Withdrawn:
		m = append(m, is(wire.EventGrant, e.Grant))
	case wire.DocumentRevoked:
		m = append(m, is(wire.EventKind, e.Kind), is(wire.EventURI, e.URI), is(wire.EventIndex, e.Index))
	case wire.LevelChanged:
		m = append(m, is(wire.EventLevel, e.Level))
	case wire.DeviceChanged:
		if e.Device {
			m = append(m, is(wire.EventSessions, true))
		}
	}
	return m
}

// toldTo names the counter of a client's events.
func toldTo(client string) string { return "events told to " + client }

// unacknowledged lists what a client has not acknowledged yet, oldest first.
func (p *Platform) unacknowledged(tx Tx, client string, limit int) ([]event, error) {
	rows, err := tx.List(tableEvents, p.rowsOf(client), "", limit)
	if err != nil {
		return nil, err
	}
	var out []event
	for _, row := range rows {
		e, err := load[event](tx, tableEvents, row.Key)
		if err != nil || e == nil {
			return nil, err
		}
		e.key = row.Key
		out = append(out, *e)
	}
	return out, nil
}

// rowsOf begins the keys of a client's rows. A client's id may have any character, so
// that one could be the beginning of another.
func (p *Platform) rowsOf(client string) string { return p.mac("rows", client)[:22] + "/" }
