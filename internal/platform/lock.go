package platform

import (
	"context"
	"errors"
	"time"
)

// A lock stands as long as a ground for it stands (căn cứ khóa). Several can stand at
// once, and the lock opens with the last of them. Every change of a ground works in its
// own transaction on what the locks mean: sessions, tokens, codes, shares, and who has to
// be told.

const (
	tableGrounds     = "lock-ground" // account id / id → LockGround that stands
	tableGroundsPast = "lock-past"   // account id / when it was lifted → LockGround

	maxGrounds = 64 // that stand for one account at once
)

// LockGround is one ground for which an account's locks stand, or stood.
type LockGround struct {
	ID     string    `json:"id"`
	Ground Ground    `json:"ground"`
	Locks  Locks     `json:"locks"`
	At     time.Time `json:"at"`
	Until  time.Time `json:"until,omitzero"` // when it ends by itself; zero: when somebody lifts it

	By     string `json:"by"`               // citizen, system, a staff id, or a client
	Client string `json:"client,omitempty"` // of a client's notification: who said so
	Unit   string `json:"unit,omitempty"`   // where it was asked for
	Form   string `json:"form,omitempty"`   // TK03
	Reason string `json:"reason,omitempty"`
	Body   string `json:"body,omitempty"` // which body asked

	Lifted   time.Time `json:"lifted,omitzero"`
	LiftedBy string    `json:"lifted_by,omitempty"`
}

// formLock is the form by which locks are asked for, and unlocking, of the electronic
// identity card and of the account.
const formLock = "TK03"

// What placing and lifting a ground refuse with.
var (
	ErrNoGround   = errors.New("platform: no such ground stands")
	ErrManyLocks  = errors.New("platform: too many grounds stand")
	ErrNoLock     = errors.New("platform: the ground places no such lock")
	ErrOtherStand = errors.New("platform: another ground still stands")
)

// SetLocks sets both locks, with immediate effect, as if their holder had asked for
// them: every other ground is lifted. It is for tests and the lab.
func (p *Platform) SetLocks(ctx context.Context, id string, l Locks) error {
	return p.change(ctx, id, func(tx Tx, a *Account) error {
		all, err := p.standing(tx, id)
		if l == (Locks{a.EIDLocked, a.AccountLocked}) && len(all) == 1 && all[0].Ground == GroundHolder {
			return err // it is so
		}
		for _, g := range all {
			err = errors.Join(err, p.past(tx, id, g, actorSystem))
			if g.Ground == GroundDeath {
				err = errors.Join(err, p.unbury(tx, a, EndDeath))
			}
		}
		if l != (Locks{}) {
			_, err2 := p.enterGround(tx, id, LockGround{Ground: GroundHolder, Locks: l, By: actorSystem})
			err = errors.Join(err, err2)
		}
		return errors.Join(err, p.lock(tx, a, l, actorSystem))
	})
}

// LockGrounds returns why an account is locked: the grounds that stand.
func (p *Platform) LockGrounds(ctx context.Context, account string) (out []LockGround, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out, err = p.standing(tx, account)
		return err
	})
	return out, err
}

// LocksPast returns the grounds that were lifted, the last one first.
func (p *Platform) LocksPast(ctx context.Context, account string, limit int) (out []LockGround, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out, err = list[LockGround](tx, tableGroundsPast, account+"/", limit)
		return err
	})
	return out, err
}

func (p *Platform) standing(tx Tx, account string) ([]LockGround, error) {
	return list[LockGround](tx, tableGrounds, account+"/", maxGrounds)
}

// enterGround writes a ground down.
func (p *Platform) enterGround(tx Tx, account string, g LockGround) (LockGround, error) {
	g.ID, g.At = p.newestFirst(p.now()), p.now()
	return g, save(tx, tableGrounds, account+"/"+g.ID, g, time.Time{})
}

// past takes a ground away, and keeps that it stood.
func (p *Platform) past(tx Tx, account string, g LockGround, by string) error {
	g.Lifted, g.LiftedBy = p.now(), by
	return errors.Join(tx.Delete(tableGrounds, account+"/"+g.ID),
		save(tx, tableGroundsPast, account+"/"+p.newestFirst(g.Lifted), g, time.Time{}))
}

// place adds a ground to an account, which the caller saves, with everything that
// follows from it. What the policy of the day does not let it lock is refused.
func (p *Platform) place(tx Tx, a *Account, g LockGround) (LockGround, error) {
	if g.Locks = p.LockPolicy().locksOf(g.Ground, g.Locks); g.Locks == (Locks{}) {
		return g, ErrNoLock
	}
	all, err := p.standing(tx, a.ID)
	if err != nil {
		return g, err
	}
	if len(all) >= maxGrounds {
		return g, ErrManyLocks
	}
	if g, err = p.enterGround(tx, a.ID, g); err != nil {
		return g, err
	}
	if rule, _ := RuleOf(g.Ground); rule.Notice {
		if err := p.inform(tx, *a, lockedNotice(rule, g)); err != nil {
			return g, err
		}
	}
	return g, errors.Join(p.record(tx, entry{Kind: auditGroundPlaced, Actor: g.By, Account: a.ID, Client: g.Client, Body: g.audit()}),
		p.lock(tx, a, Locks{a.EIDLocked, a.AccountLocked}.or(g.Locks), g.By))
}

// lift takes grounds away from an account, which the caller saves, and opens the locks
// for which none is left.
func (p *Platform) lift(tx Tx, a *Account, by string, gone ...LockGround) error {
	for _, g := range gone {
		if err := p.past(tx, a.ID, g, by); err != nil {
			return err
		}
		if g.Ground == GroundDeath {
			if err := p.unbury(tx, a, EndDeath); err != nil {
				return err
			}
		}
		if err := p.record(tx, entry{Kind: auditGroundLifted, Actor: by, Account: a.ID, Body: g.audit()}); err != nil {
			return err
		}
	}
	all, err := p.standing(tx, a.ID)
	if err != nil {
		return err
	}
	left := Locks{}
	for _, g := range all {
		left = left.or(g.Locks)
	}
	was := Locks{a.EIDLocked, a.AccountLocked}
	if err := p.lock(tx, a, left, by); err != nil || was == left {
		return err
	}
	return p.inform(tx, *a, unlockedNotice(was, left))
}

// lock changes the locks of an account, which the caller saves, and tells who has the
// person's documents.
func (p *Platform) lock(tx Tx, a *Account, l Locks, actor string) error {
	begins := l.Account && !a.AccountLocked
	if err := errors.Join(p.lockEvents(tx, a, l), p.recordLocks(tx, a, l, actor)); err != nil {
		return err
	}
	if l != (Locks{a.EIDLocked, a.AccountLocked}) {
		if _, err := next(tx, countLocks); err != nil {
			return err
		}
	}
	a.EIDLocked, a.AccountLocked = l.EID, l.Account
	if !begins {
		return nil
	}
	a.LockedAt = p.now()
	return p.tellLogout(tx, a.ID, "")
}

// seedGround gives an account that is entered with a lock its ground: there is no lock
// without one.
func (p *Platform) seedGround(tx Tx, a *Account) error {
	l := Locks{a.EIDLocked, a.AccountLocked}
	if l == (Locks{}) {
		return nil
	}
	all, err := p.standing(tx, a.ID)
	if err != nil || len(all) > 0 {
		return err
	}
	_, err = p.enterGround(tx, a.ID, LockGround{Ground: GroundHolder, Locks: l, By: actorCitizen, Form: formLock})
	return err
}

// stale reports whether a ground has ended by itself.
func (g LockGround) stale(now time.Time) bool { return !g.Until.IsZero() && !now.Before(g.Until) }

// audit is what the audit keeps of a ground: none of the words that people typed, which
// could hold anything.
func (g LockGround) audit() any {
	return struct {
		Ground Ground `json:"ground"`
		Locks  Locks  `json:"locks"`
		Form   string `json:"form,omitempty"`
		Unit   string `json:"unit,omitempty"`
	}{g.Ground, g.Locks, g.Form, g.Unit}
}
