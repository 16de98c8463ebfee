package platform

import (
	"context"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/units"
)

// LockOrder is what a member of staff places.
type LockOrder struct {
	Ground Ground
	Locks  Locks     // what is asked for, where the policy leaves that open
	Reason string    // why
	Until  time.Time // the term, if it has one; never of the holder's own ground
}

// PlaceLock places a ground as staff may: an officer at a unit on form TK03 of the holder
// who stands there, or because the card was revoked or held; the agency also for a breach
// of terms and a death. What another body asks for comes by RequestLock.
func (p *Platform) PlaceLock(ctx context.Context, by Staff, account string, o LockOrder) (placed LockGround, err error) {
	rule, known := RuleOf(o.Ground)
	switch {
	case !known || !rule.MayPlace(by):
		return placed, ErrNotAllowed
	case !servicewire.Plain(o.Reason, maxReason):
		return placed, ErrText
	case o.Ground == GroundHolder && !o.Until.IsZero(), !o.Until.IsZero() && !p.now().Before(o.Until):
		return placed, ErrTerm
	}
	g := LockGround{Ground: o.Ground, Locks: o.Locks, By: by.ID, Unit: by.Unit, Reason: o.Reason, Until: o.Until}
	if o.Ground == GroundHolder {
		g.Form = formLock
	}
	if err := p.receives(by, units.Lock); err != nil {
		return placed, err
	}
	err = p.change(ctx, account, func(tx Tx, a *Account) error {
		if o.Ground == GroundDeath {
			placed, err = p.died(tx, a, g)
			return err
		}
		placed, err = p.place(tx, a, g)
		return err
	})
	return placed, err
}

// LiftLock takes a ground away as staff may: an officer the holder's own, on form TK03;
// the agency every one.
func (p *Platform) LiftLock(ctx context.Context, by Staff, account, id string) error {
	if err := p.receives(by, units.Unlock); err != nil {
		return err
	}
	return p.change(ctx, account, func(tx Tx, a *Account) error {
		g, err := load[LockGround](tx, tableGrounds, account+"/"+id)
		if err != nil {
			return err
		}
		if g == nil {
			return ErrNoGround
		}
		if rule, _ := RuleOf(g.Ground); !rule.MayLift(by) {
			return ErrNotAllowed
		}
		return p.lift(tx, a, by.ID, *g)
	})
}

// ReturnCard notes that a card that was held is with its holder again, or that a new one
// is in the place of one that was revoked: the ground has ended, and the review opens the
// lock at once.
func (p *Platform) ReturnCard(ctx context.Context, by Staff, account string) error {
	if err := p.receives(by, units.Unlock); err != nil {
		return err
	}
	return p.change(ctx, account, func(tx Tx, a *Account) error {
		ended, err := p.cardBack(tx, a)
		if err == nil && !ended {
			err = ErrNoGround
		}
		return err
	})
}

// cardBack ends the grounds that a missing card was; false when there were none.
func (p *Platform) cardBack(tx Tx, a *Account) (bool, error) {
	all, err := p.standing(tx, a.ID)
	if err != nil {
		return false, err
	}
	ended := false
	for _, g := range all {
		if g.Ground != GroundCard {
			continue
		}
		g.Until, ended = p.now(), true
		if err := save(tx, tableGrounds, a.ID+"/"+g.ID, g, time.Time{}); err != nil {
			return false, err
		}
	}
	if ended {
		_, err = p.review(tx, a)
	}
	return ended, err
}

// receives says why an officer's unit does not receive something today: there are no
// districts since 2025-07-01. The agency does everywhere.
func (p *Platform) receives(by Staff, what units.Procedure) error {
	switch by.Role {
	case RoleAgency:
		return nil
	case RoleOfficer:
		if p.cfg.Units.May(by.Unit, what, p.today()) == nil {
			return nil
		}
	}
	return ErrNotAllowed
}
