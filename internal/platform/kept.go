package platform

import (
	"context"
	"errors"
)

// KeptFile is what the agency sees of what is kept of somebody.
type KeptFile struct {
	Account   string
	Name      string
	Number    string // masked
	Holds     []Hold
	Tombstone Tombstone
	Closable  bool
	Numbered  bool           // has a personal number, which can be another
	Former    []Cancellation // numbers that were cancelled, masked; the newest first
}

// FindKept finds somebody by their number, with an account or without one any more. That
// staff looked stands in the audit.
func (p *Platform) FindKept(ctx context.Context, by Staff, number string) (account string, err error) {
	if by.Role != RoleAgency {
		return "", ErrNotAllowed
	}
	return p.lookUp(ctx, by, func(tx Tx) (*Account, error) { return p.person(tx, number) })
}

// KeptFile opens somebody's file, and enters that staff did.
func (p *Platform) KeptFile(ctx context.Context, by Staff, account string) (f KeptFile, err error) {
	if by.Role != RoleAgency {
		return f, ErrNotAllowed
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := load[Account](tx, tableAccounts, account)
		if err != nil {
			return err
		}
		if a == nil {
			return ErrNoHolder
		}
		f = KeptFile{Account: a.ID, Name: a.Record.Name, Number: masked(a.Username()), Closable: a.Level > 0, Numbered: a.Record.ID != ""}
		for _, c := range a.Cancelled {
			f.Former = append(f.Former, Cancellation{masked(c.Number), c.At})
		}
		if f.Holds, err = list[Hold](tx, tableHolds, account+"/", maxHolds); err != nil {
			return err
		}
		t, err := load[Tombstone](tx, tableTombstones, account)
		if t != nil {
			f.Tombstone = *t
		}
		return errors.Join(err, p.record(tx, entry{Kind: auditLookedUp, Actor: by.ID, Account: account}))
	})
	return f, err
}
