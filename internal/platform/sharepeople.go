package platform

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// What happens to people after they shared something, each told to the clients that
// have it, in the transaction in which it happens.

// lockEvents tells what changes between an account's locks and the new ones.
func (p *Platform) lockEvents(tx Tx, a *Account, l Locks) error {
	var names []string
	if l.EID != a.EIDLocked {
		names = append(names, either(l.EID, wire.EIDLock, wire.EIDUnlock))
	}
	if l.Account != a.AccountLocked {
		names = append(names, either(l.Account, wire.AccountLock, wire.AccountUnlock))
	}
	var err error
	for _, name := range names {
		err = errors.Join(err, p.happened(tx, a.ID, event{Name: name}))
	}
	return err
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// ChangePhone gives an account another telephone number.
func (p *Platform) ChangePhone(ctx context.Context, id, phone string) error {
	return p.change(ctx, id, func(tx Tx, a *Account) error {
		a.Phone = phone
		return errors.Join(p.happened(tx, id, event{Name: wire.PhoneChanged}), p.record(tx, entry{Kind: auditPhoneChanged, Account: id}))
	})
}

// ChangeDevice moves the app to another device: the sessions of the former one end.
func (p *Platform) ChangeDevice(ctx context.Context, id string) error {
	return p.change(ctx, id, func(tx Tx, a *Account) error {
		a.App, a.EndedAt = true, p.now()
		return errors.Join(p.tellLogout(tx, id, ""), p.happened(tx, id, event{Name: wire.DeviceChanged, Device: true}),
			p.record(tx, entry{Kind: auditDeviceChanged, Account: id}))
	})
}

// ReissueNumber gives a person another personal number (xác lập lại số định danh); the
// former one stays known.
func (p *Platform) ReissueNumber(ctx context.Context, id, number string) error {
	if _, err := vneid.ParseCitizenID(number); err != nil {
		return errors.New("platform: not a personal number")
	}
	return p.change(ctx, id, func(tx Tx, a *Account) error {
		if other, err := tx.Get(tableUsernames, p.mac("username", number)); err != nil || other != nil {
			return errors.Join(err, errors.New("platform: the number is somebody's"))
		}
		if err := tx.Delete(tableUsernames, p.mac("username", a.Username())); err != nil {
			return err
		}
		a.Record.FormerIDs = append(a.Record.FormerIDs[:len(a.Record.FormerIDs):len(a.Record.FormerIDs)], a.Record.ID)
		a.Cancelled = append(a.Cancelled, Cancellation{a.Record.ID, p.now()})
		a.Record.ID = number
		return errors.Join(save(tx, tableUsernames, p.mac("username", number), id, time.Time{}), p.happened(tx, id, event{Name: wire.NumberReissued}),
			p.record(tx, entry{Kind: auditNumberReissued, Account: id}))
	})
}

// ReplaceCard issues another card: everything about the former one is out of date.
func (p *Platform) ReplaceCard(ctx context.Context, id string) error {
	return p.change(ctx, id, func(tx Tx, _ *Account) error {
		return errors.Join(p.happened(tx, id, event{Name: wire.CardReplaced}), p.record(tx, entry{Kind: auditCardReplaced, Account: id}))
	})
}

// Died ends an account with its holder's death, which is a ground to lock both the
// electronic identity card and the account (Law 26/2023 Art. 34.1).
func (p *Platform) Died(ctx context.Context, id string) error {
	return p.change(ctx, id, p.died)
}

// died is Died in a transaction whose caller saves the account.
func (p *Platform) died(tx Tx, a *Account) error {
	return errors.Join(p.record(tx, entry{Kind: auditDied, Account: a.ID}),
		p.lock(tx, a, Locks{EID: true, Account: true}), p.happened(tx, a.ID, event{Name: wire.HolderDied}))
}
