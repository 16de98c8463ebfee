package platform

import (
	"context"
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// LockForm is form TK03 as a holder fills it in, in the app or at a counter.
type LockForm struct {
	Locks  Locks
	Reason string // in their own words, if they like
}

// ErrText is for words that are too long or not plain text.
var ErrText = errors.New("platform: the words are too long or not plain text")

const maxReason = 500

// unlockAuth is the authentication level that opens a lock: whoever found an open
// telephone may close, and must not be able to open.
const unlockAuth = vneid.AuthLevel(3)

// LockOwn locks what the holder asks for by form TK03 in the app, at once (Luật Căn cước
// Art. 34.3). The password is asked for again. A locked account ends its own session. The
// same form sent twice locks once.
func (p *Platform) LockOwn(ctx context.Context, by Session, password string, f LockForm) error {
	if !servicewire.Plain(f.Reason, maxReason) {
		return ErrText
	}
	if err := p.reauthenticate(ctx, by.Account.ID, password); err != nil {
		return err
	}
	return p.change(ctx, by.Account.ID, func(tx Tx, a *Account) error {
		all, err := p.standing(tx, a.ID)
		if err != nil {
			return err
		}
		asked := p.LockPolicy().locksOf(GroundHolder, f.Locks)
		for _, g := range all {
			if g.Ground == GroundHolder && asked != (Locks{}) && g.Locks.or(asked) == g.Locks {
				return nil
			}
		}
		_, err = p.place(tx, a, LockGround{Ground: GroundHolder, Locks: f.Locks, By: actorCitizen, Form: formLock, Reason: f.Reason})
		return err
	})
}

// UnlockOwn opens what the holder closed, at once. It needs the password again, in a
// session of authentication level 3. Other grounds than the holder's own stay: with one of
// them the electronic identity card stays locked, which is ErrOtherStand. A locked account
// is opened at a unit: nobody can be logged in to it.
func (p *Platform) UnlockOwn(ctx context.Context, by Session, password string) error {
	if by.Assurance.Auth < unlockAuth {
		return &vneid.LevelError{Got: by.Assurance, Want: vneid.Assurance{Auth: unlockAuth}}
	}
	if err := p.reauthenticate(ctx, by.Account.ID, password); err != nil {
		return err
	}
	locked := false
	err := p.change(ctx, by.Account.ID, func(tx Tx, a *Account) error {
		all, err := p.standing(tx, a.ID)
		if err != nil {
			return err
		}
		var own []LockGround
		for _, g := range all {
			if g.Ground == GroundHolder {
				own = append(own, g)
			}
		}
		if len(own) == 0 {
			return ErrNoGround
		}
		err = p.lift(tx, a, actorCitizen, own...)
		locked = a.EIDLocked
		return err
	})
	if err == nil && locked {
		return ErrOtherStand
	}
	return err
}

// reauthenticate asks the holder of a session for their password again. A wrong one, or
// one that comes too soon after wrong ones, is ErrFactor.
func (p *Platform) reauthenticate(ctx context.Context, account, password string) error {
	a, err := p.Account(ctx, account)
	if err != nil {
		return err
	}
	who, _, _, err := p.authenticate(ctx, a.Username(), password)
	switch {
	case err != nil:
		return err
	case who == nil || who.ID != account:
		return ErrFactor
	}
	return nil
}
