package platform

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas/wallet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const tableHealth = "health" // account id → wallet.Health

// ErrNoHealth is for people about whom no health record is held.
var ErrNoHealth = errors.New("platform: no health record")

// healthAuth is the authentication level at which a health record is opened: it is
// sensitive personal data (Law 91/2025).
const healthAuth = vneid.AuthLevel(2)

// SetHealth enters a person's health record (sổ sức khỏe điện tử), as the database of
// insurance and the hospitals fill it.
func (p *Platform) SetHealth(ctx context.Context, account string, h wallet.Health) error {
	return p.store.Update(ctx, func(tx Tx) error { return save(tx, tableHealth, account, h, time.Time{}) })
}

// Health opens the health record of who is logged in. It is there to be shown by them:
// there is no code for it, no scope and no data request, so nobody else pulls it. It needs
// account level 2, an electronic identity card that is not locked, and two factors.
func (p *Platform) Health(ctx context.Context, by Session) (out wallet.Health, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := load[Account](tx, tableAccounts, by.Account.ID)
		if err != nil {
			return err
		}
		switch {
		case a == nil:
			return ErrNoHolder
		case a.EIDLocked || a.AccountLocked:
			return &vneid.LockError{EID: a.EIDLocked, Account: a.AccountLocked}
		case a.Level < 2 || by.Assurance.Auth < healthAuth:
			return &vneid.LevelError{Got: vneid.Assurance{Level: a.Level, Auth: by.Assurance.Auth}, Want: vneid.Assurance{Level: 2, Auth: healthAuth}}
		}
		h, err := load[wallet.Health](tx, tableHealth, a.ID)
		if err == nil && h == nil {
			err = ErrNoHealth
		}
		if err == nil {
			out = *h
		}
		return err
	})
	return out, err
}

// seedHealth enters the records of the invented people.
func (p *Platform) seedHealth(ctx context.Context) error {
	for handle, h := range wallet.HealthRecords() {
		if err := p.SetHealth(ctx, handle, h); err != nil {
			return err
		}
	}
	return nil
}
