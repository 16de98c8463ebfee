package platform

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const tableTombstones = "tombstone" // account id → Tombstone

// An account's end.
const (
	EndDeath  = "death"  // the holder died
	EndClosed = "closed" // the agency closed it
)

// Tombstone is what says that an account has ended. The account itself, with the person's
// particulars, card, electronic identity card and documents, stays for good as the law
// wants it (Decree 69/2024 Art. 28.4); what opened it is gone.
type Tombstone struct {
	Account  string      `json:"account"`
	Why      string      `json:"why"`
	Level    vneid.Level `json:"level"` // that the account had
	At       time.Time   `json:"at"`
	By       string      `json:"by"` // citizen, system, a staff id or a client
	Citation string      `json:"citation,omitempty"`

	// Undone is when it turned out that the holder lives, or the person registered anew.
	Undone time.Time `json:"undone,omitzero"`
}

// ErrEnded is for an account that there is none of any more, or was none.
var ErrEnded = errors.New("platform: the person has no account")

// CloseAccount ends an account that the agency closes, by a decision that it cites:
// sessions, tokens, codes, grants and consents end, name and password log nobody in. The
// person stays known to the registers, and may register again, and is asked again then.
func (p *Platform) CloseAccount(ctx context.Context, by Staff, id, citation string) error {
	citation = strings.TrimSpace(citation)
	if err := mayCite(by, citation); err != nil {
		return err
	}
	return p.change(ctx, id, func(tx Tx, a *Account) error {
		if a.Level == 0 {
			return ErrEnded
		}
		t := Tombstone{Account: id, Why: EndClosed, Level: a.Level, At: p.now(), By: by.ID, Citation: citation}
		// Who has documents of the person learns of a lock, and no more.
		err := p.lockEvents(tx, a, Locks{a.EIDLocked, a.AccountLocked}.or(Locks{EID: a.Level == 2, Account: true}))
		a.Level, a.App, a.Device, a.EndedAt = 0, false, Device{}, t.At
		return errors.Join(err,
			tx.Delete(tableUsernames, p.mac("username", a.Username())), tx.Delete(tablePasswords, id),
			save(tx, tableKnown, p.mac("known", a.Username()), id, time.Time{}), p.bury(tx, t), p.tellLogout(tx, id, ""), p.endConsents(tx, id))
	})
}

// endConsents ends all that somebody agreed to.
func (p *Platform) endConsents(tx Tx, account string) error {
	agreed, err1 := tx.List(tableConsents, account+"/", "", maxConsents)
	shares, err2 := list[string](tx, tableSharesOf, account+"/", maxShares)
	err := errors.Join(err1, err2)
	for _, row := range agreed {
		err = errors.Join(err, tx.Delete(tableConsents, row.Key))
	}
	for _, id := range shares {
		s, got := load[sharing](tx, tableSharings, id)
		if err = errors.Join(err, got); s != nil && s.live() {
			err = errors.Join(err, p.move(tx, s, shareOver))
		}
	}
	return err
}

// bury writes a tombstone, unless one stands: whose account the agency closed can die.
func (p *Platform) bury(tx Tx, t Tombstone) error {
	if was, err := load[Tombstone](tx, tableTombstones, t.Account); err != nil || was != nil && was.Undone.IsZero() && t.Why == EndDeath {
		return err
	}
	err := save(tx, tableTombstones, t.Account, t, time.Time{})
	if t.Why == EndClosed {
		err = errors.Join(err, p.record(tx, entry{Kind: auditClosed, Actor: t.By, Account: t.Account, Body: map[string]string{"citation": t.Citation}}))
		_, err2 := next(tx, countLocks)
		err = errors.Join(err, err2)
	}
	return err
}

// unbury takes back that an account has ended; nothing for one that has not. Who knew it
// as locked learns that it is open.
func (p *Platform) unbury(tx Tx, a *Account, why string) error {
	t, err := load[Tombstone](tx, tableTombstones, a.ID)
	if err != nil || t == nil || t.Why != why || !t.Undone.IsZero() {
		return err
	}
	t.Undone = p.now()
	if err := save(tx, tableTombstones, a.ID, t, time.Time{}); err != nil || why == EndDeath {
		return err // lifting the ground told it
	}
	for name, open := range map[string]bool{wire.AccountUnlock: !a.AccountLocked, wire.EIDUnlock: !a.EIDLocked && a.Level == 2} {
		if open {
			err = errors.Join(err, p.happened(tx, a.ID, event{Name: name}))
		}
	}
	return err
}

// Tombstone returns how an account ended; the zero Tombstone for one that has not.
func (p *Platform) Tombstone(ctx context.Context, account string) (out Tombstone, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		t, err := load[Tombstone](tx, tableTombstones, account)
		if t != nil {
			out = *t
		}
		return err
	})
	return out, err
}
