package platform

import (
	"context"

	"github.com/vneid-sdk/vneid-go/internal/units"
)

// LockFile is what staff see of somebody whose locks they are asked about: no more than
// that takes.
type LockFile struct {
	Account  string
	Name     string
	Number   string // masked
	Level    int
	Locks    Locks
	Standing []LockGround
	Past     []LockGround // the last ones
}

// FindHolder finds whose number somebody at the counter has on their card. That staff
// looked stands in the audit.
func (p *Platform) FindHolder(ctx context.Context, by Staff, number string) (account string, err error) {
	if err := p.receives(by, units.Lock); err != nil {
		return "", err
	}
	return p.lookUp(ctx, by, func(tx Tx) (*Account, error) { return p.byNumber(tx, number) })
}

// lookUp answers whom staff found, and enters that they looked.
func (p *Platform) lookUp(ctx context.Context, by Staff, find func(Tx) (*Account, error)) (account string, err error) {
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := find(tx)
		if err != nil {
			return err
		}
		if a == nil {
			return ErrNoHolder
		}
		account = a.ID
		return p.record(tx, entry{Kind: auditLookedUp, Actor: by.ID, Account: a.ID})
	})
	return account, err
}

// LockFile opens the file of an account for staff who may place locks, and enters that
// they did.
func (p *Platform) LockFile(ctx context.Context, by Staff, account string) (f LockFile, err error) {
	if err := p.receives(by, units.Lock); err != nil {
		return f, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := load[Account](tx, tableAccounts, account)
		if err != nil {
			return err
		}
		if a == nil || a.Level == 0 {
			return ErrNoHolder
		}
		f = LockFile{Account: a.ID, Name: a.Record.Name, Number: masked(a.Username()), Level: int(a.Level), Locks: Locks{a.EIDLocked, a.AccountLocked}}
		if f.Standing, err = p.standing(tx, a.ID); err != nil {
			return err
		}
		if f.Past, err = list[LockGround](tx, tableGroundsPast, a.ID+"/", 20); err != nil {
			return err
		}
		return p.record(tx, entry{Kind: auditLookedUp, Actor: by.ID, Account: a.ID})
	})
	return f, err
}
