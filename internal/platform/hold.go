package platform

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

const tableHolds = "hold" // account id / id → Hold

// Hold is a legal hold (yêu cầu lưu giữ): while one stands, nothing of an account's
// usage history is forgotten, however old it is.
type Hold struct {
	ID       string    `json:"id"`
	Account  string    `json:"account"`
	Citation string    `json:"citation"` // of the decision that asks for it
	By       string    `json:"by"`       // staff id
	At       time.Time `json:"at"`
}

// What holds are refused with.
var (
	ErrNoHold    = errors.New("platform: no such hold")
	ErrManyHolds = errors.New("platform: too many holds stand")
	ErrCitation  = errors.New("platform: the citation is missing, too long, not plain text, or has a number in it like a person's")
)

// maxHolds stand for one account at most.
const maxHolds = 100

// PlaceHold keeps an account's usage history from being forgotten. Only the
// identification agency does so, by a decision that it cites.
func (p *Platform) PlaceHold(ctx context.Context, by Staff, account, citation string) (Hold, error) {
	h := Hold{ID: random()[:22], Account: account, Citation: strings.TrimSpace(citation), By: by.ID, At: p.now()}
	if err := mayCite(by, h.Citation); err != nil {
		return Hold{}, err
	}
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err1 := load[Account](tx, tableAccounts, account)
		rows, err2 := tx.List(tableHolds, account+"/", "", maxHolds)
		switch err := errors.Join(err1, err2); {
		case err != nil:
			return err
		case a == nil:
			return ErrNoHolder
		case len(rows) >= maxHolds:
			return ErrManyHolds
		}
		return errors.Join(save(tx, tableHolds, account+"/"+h.ID, h, time.Time{}), tx.Delete(tableReleased, account), p.keepUsage(tx, account),
			p.record(tx, entry{Kind: auditHoldPlaced, Actor: by.ID, Account: account, Body: auditHold{h.ID, h.Citation}}))
	})
	if err != nil {
		return Hold{}, err
	}
	return h, nil
}

// LiftHold takes a hold away, by a decision that is cited too. With the last one the
// entries that are over may go: the next Purge forgets them.
func (p *Platform) LiftHold(ctx context.Context, by Staff, account, id, citation string) error {
	citation = strings.TrimSpace(citation)
	if err := mayCite(by, citation); err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx Tx) error {
		h, err := load[Hold](tx, tableHolds, account+"/"+id)
		if err != nil || h == nil {
			return errors.Join(err, ErrNoHold)
		}
		err = errors.Join(tx.Delete(tableHolds, account+"/"+id),
			p.record(tx, entry{Kind: auditHoldLifted, Actor: by.ID, Account: account, Body: auditHold{id, citation}}))
		if err != nil {
			return err
		}
		if held, err := p.held(tx, account); err != nil || held {
			return err
		}
		return errors.Join(tx.Put(tableReleased, account, []byte("1"), time.Time{}), p.keepUsage(tx, account))
	})
}

// Holds returns the holds that stand for an account; an empty one is all of them, in
// pages: after is the last one of the page before.
func (p *Platform) Holds(ctx context.Context, account string, after Hold, limit int) (out []Hold, err error) {
	prefix, behind := "", ""
	if account != "" {
		prefix = account + "/"
	}
	if after.ID != "" {
		behind = after.Account + "/" + after.ID
	}
	err = p.store.View(ctx, func(tx Tx) error {
		rows, err := tx.List(tableHolds, prefix, behind, limit)
		out = nil
		for _, row := range rows {
			h, err := load[Hold](tx, tableHolds, row.Key)
			if err != nil || h == nil {
				return err
			}
			out = append(out, *h)
		}
		return err
	})
	return out, err
}

// held reports whether a hold stands.
func (p *Platform) held(tx Tx, account string) (bool, error) {
	rows, err := tx.List(tableHolds, account+"/", "", 1)
	return len(rows) > 0, err
}

// keepUsage brings what is swept beside the history in line with the holds.
func (p *Platform) keepUsage(tx Tx, account string) error {
	return errors.Join(p.keepShares(tx, account), p.keepTickets(tx, account), p.keepDevices(tx, account))
}

// keepShares keeps, or no longer keeps, a person's data requests from being swept: they
// say more of what was asked than the history does.
func (p *Platform) keepShares(tx Tx, account string) error {
	rows, err := tx.List(tableSharesOf, account+"/", "", maxShares)
	for _, row := range rows {
		var id string
		if json.Unmarshal(row.Value, &id) != nil {
			return errors.New("the store holds a damaged share")
		}
		s, err := load[sharing](tx, tableSharings, id)
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		until, err := p.sharingUntil(tx, s)
		if err != nil {
			return err
		}
		if err := errors.Join(tx.Put(tableSharesOf, row.Key, row.Value, until), save(tx, tableSharings, id, s, until)); err != nil {
			return err
		}
	}
	return err
}

// maxShares is how many data requests, filings and devices of one person a hold keeps.
const maxShares = 10_000

// keepTickets does so with what was filed for the person.
func (p *Platform) keepTickets(tx Tx, account string) error {
	rows, err := tx.List(tableTicketsOf, account+"/", "", maxShares)
	for _, row := range rows {
		var id string
		if json.Unmarshal(row.Value, &id) != nil {
			return errors.New("the store holds a damaged ticket")
		}
		t, err := load[Ticket](tx, tableTickets, id)
		if err != nil {
			return err
		}
		if t == nil {
			continue
		}
		until, err := p.usageUntil(tx, account, t.last().At)
		if err != nil {
			return err
		}
		if err := errors.Join(tx.Put(tableTicketsOf, row.Key, row.Value, until), save(tx, tableTickets, id, t, until)); err != nil {
			return err
		}
	}
	return err
}

// keepDevices does so with the devices that the app was on.
func (p *Platform) keepDevices(tx Tx, account string) error {
	rows, err := tx.List(tableDevices, account+"/", "", maxShares)
	for _, row := range rows {
		d, err := load[Device](tx, tableDevices, row.Key)
		if err != nil || d == nil {
			return err
		}
		until, err := p.usageUntil(tx, account, d.Ended)
		if err != nil {
			return err
		}
		if err := tx.Put(tableDevices, row.Key, row.Value, until); err != nil {
			return err
		}
	}
	return err
}

// usageUntil is when something that a person did may be swept: never, under a hold.
func (p *Platform) usageUntil(tx Tx, account string, at time.Time) (time.Time, error) {
	if account != "" {
		held, err := p.held(tx, account)
		if err != nil || held && p.on("hold-tickets") {
			return time.Time{}, err
		}
	}
	return usageEnds(at), nil
}

// sharingUntil is when a request that a person answered may be swept.
func (p *Platform) sharingUntil(tx Tx, s *sharing) (time.Time, error) {
	held, err := p.held(tx, s.Account)
	if err != nil || held && p.on("hold-shares") {
		return time.Time{}, err
	}
	return s.Made.Add(sharingMemory), nil
}

// auditHold is what an entry says of a hold.
type auditHold struct {
	Hold     string `json:"hold"`
	Citation string `json:"citation"`
}

// personal looks like a number of a person, in groups or not, which no audit entry holds.
var personal = regexp.MustCompile(`[0-9]{9}|[0-9]{3}([ .-][0-9]{3}){2}|[0-9]([ .-]?[0-9]){11}`)

// mayCite is for what the agency alone does, and has to say why.
func mayCite(by Staff, citation string) error {
	switch {
	case by.Role != RoleAgency:
		return ErrNotAllowed
	case citation == "" || !servicewire.Plain(citation, 300) || personal.MatchString(citation):
		return ErrCitation
	}
	return nil
}
