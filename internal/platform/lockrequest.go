package platform

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/units"
)

const (
	tableLockRequests = "lock-request"    // when it came, and random → LockRequest
	tableLockPlaces   = "lock-request-at" // open / id, or done / order / id → id
)

// LockRequest is another body's request to lock somebody (Luật Căn cước Art. 34): a unit
// receives it and hands it on within one working day, and the agency decides within three
// in all. One that is late can still be decided, and stays marked.
type LockRequest struct {
	ID        string    `json:"id"`
	Account   string    `json:"account"`
	Ground    Ground    `json:"ground"` // GroundBody or GroundParty
	Body      string    `json:"body"`   // who asks
	Reference string    `json:"reference"`
	Locks     Locks     `json:"locks"`
	Until     time.Time `json:"until,omitzero"` // the term that is asked for; zero: until it is taken back

	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Unit string    `json:"unit,omitempty"`

	ForwardBy time.Time `json:"forward_by"`
	DecideBy  time.Time `json:"decide_by"`

	Forwarded time.Time `json:"forwarded,omitzero"`
	Decided   time.Time `json:"decided,omitzero"`
	Decider   string    `json:"decider,omitempty"`
	Granted   bool      `json:"granted,omitempty"`
	Note      string    `json:"note,omitempty"`
	LockID    string    `json:"lock,omitempty"` // the ground that was placed
}

// Late reports which of the two terms was missed, or is missed now.
func (q LockRequest) Late(now time.Time) (forward, decide bool) {
	over := func(done, due time.Time) bool {
		if !done.IsZero() {
			now = done
		}
		return now.After(due) // the last second still counts
	}
	return over(q.Forwarded, q.ForwardBy), over(q.Decided, q.DecideBy)
}

// What requests refuse with.
var (
	ErrTerm      = errors.New("platform: the term is over already, or of a ground that has none")
	ErrNoRequest = errors.New("platform: no such request, or it was decided")
)

// RequestLock enters what another body asks for, as staff received it. Only q's Account,
// Ground, Body, Reference, Locks and Until are looked at.
func (p *Platform) RequestLock(ctx context.Context, by Staff, q LockRequest) (LockRequest, error) {
	rule, _ := RuleOf(q.Ground)
	now := p.now()
	if err := p.receives(by, units.Lock); err != nil || rule.Decide == 0 {
		return q, ErrNotAllowed
	}
	forward, err1 := p.cfg.Calendar.Deadline(now, rule.Forward)
	decide, err2 := p.cfg.Calendar.Deadline(now, rule.Decide)
	if err := errors.Join(err1, err2); err != nil {
		return q, err
	}
	switch {
	case q.Body == "" || !servicewire.Plain(q.Body, 200) || !servicewire.Plain(q.Reference, 100):
		return q, ErrText
	case !q.Until.IsZero() && !now.Before(q.Until):
		return q, ErrTerm
	case p.LockPolicy().locksOf(q.Ground, q.Locks) == (Locks{}):
		return q, ErrNoLock // nobody could grant it
	}
	q = LockRequest{
		ID: dueKey(now) + "-" + random()[:16], Account: q.Account, Ground: q.Ground, Body: q.Body, Reference: q.Reference, Locks: p.LockPolicy().locksOf(q.Ground, q.Locks), Until: q.Until,
		At: now, By: by.ID, Unit: by.Unit, ForwardBy: forward, DecideBy: decide,
	}
	if by.Role == RoleAgency {
		q.Forwarded = now // it is where it has to go
	}
	return q, p.store.Update(ctx, func(tx Tx) error {
		a, err := load[Account](tx, tableAccounts, q.Account)
		if err != nil {
			return err
		}
		if a == nil || a.Level == 0 {
			return ErrNoHolder
		}
		return errors.Join(q.put(tx), p.record(tx, q.audit(by.ID, "received")))
	})
}

// put writes a request and where it is listed.
func (q LockRequest) put(tx Tx) error {
	return errors.Join(save(tx, tableLockRequests, q.ID, q, time.Time{}), save(tx, tableLockPlaces, q.place(), q.ID, time.Time{}))
}

// place sorts what waits by when it came, and what is decided, the last first.
func (q LockRequest) place() string {
	if q.Decided.IsZero() {
		return "open/" + q.ID
	}
	return fmt.Sprintf("done/%020d/%s", 1<<62-q.Decided.UnixNano(), q.ID)
}

// ForwardLock hands a request on to the agency: the unit that received it, or the heir of
// one that is no more.
func (p *Platform) ForwardLock(ctx context.Context, by Staff, id string) error {
	return p.editRequest(ctx, id, func(tx Tx, q *LockRequest) error {
		if by.Role != RoleOfficer || !p.mine(by, q.Unit) {
			return ErrNotAllowed
		}
		if !q.Forwarded.IsZero() {
			return ErrNoRequest
		}
		q.Forwarded = p.now()
		return p.record(tx, q.audit(by.ID, "forwarded"))
	})
}

// DecideLock locks as a request asks for, or refuses it.
func (p *Platform) DecideLock(ctx context.Context, by Staff, id string, grant bool, note string) error {
	if by.Role != RoleAgency {
		return ErrNotAllowed
	}
	if !servicewire.Plain(note, maxReason) {
		return ErrText
	}
	return p.editRequest(ctx, id, func(tx Tx, q *LockRequest) error {
		if q.Forwarded.IsZero() {
			return ErrNoRequest
		}
		q.Decided, q.Decider, q.Granted, q.Note = p.now(), by.ID, grant, note
		if !grant {
			return p.record(tx, q.audit(by.ID, "refused"))
		}
		if !q.Until.IsZero() && !p.now().Before(q.Until) {
			return ErrTerm
		}
		a, err := load[Account](tx, tableAccounts, q.Account)
		if err != nil || a == nil {
			return errors.Join(err, ErrNoHolder)
		}
		g, err := p.place(tx, a, LockGround{Ground: q.Ground, Locks: q.Locks, By: by.ID, Unit: q.Unit, Body: q.Body, Until: q.Until})
		q.LockID = g.ID
		return errors.Join(err, save(tx, tableAccounts, a.ID, a, time.Time{}))
	})
}

func (p *Platform) editRequest(ctx context.Context, id string, f func(Tx, *LockRequest) error) error {
	return p.store.Update(ctx, func(tx Tx) error {
		q, err := load[LockRequest](tx, tableLockRequests, id)
		if err != nil {
			return err
		}
		if q == nil || !q.Decided.IsZero() {
			return ErrNoRequest
		}
		before := q.place()
		if err := f(tx, q); err != nil {
			return err
		}
		return errors.Join(tx.Delete(tableLockPlaces, before), q.put(tx))
	})
}

// A list of decided requests is picked from so many, the last ones.
const maxLooked, lookAtOnce = 2000, 200

// LockRequests lists the requests that wait, the oldest first, or those that are decided,
// the last first: to the agency all, to an officer those of the unit and of units whose heir
// it is.
func (p *Platform) LockRequests(ctx context.Context, by Staff, done bool, limit int) (out []LockRequest, err error) {
	part := "open/"
	if done {
		part = "done/"
	}
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		for looked, after := 0, ""; !done || looked < maxLooked; looked += lookAtOnce {
			rows, err := tx.List(tableLockPlaces, part, after, lookAtOnce)
			if err != nil {
				return err
			}
			for _, row := range rows {
				q, err := load[LockRequest](tx, tableLockRequests, path.Base(row.Key))
				if err != nil {
					return err
				}
				if q != nil && p.mine(by, q.Unit) {
					out = append(out, *q)
				}
				if len(out) == limit {
					return nil
				}
			}
			if len(rows) < lookAtOnce {
				return nil
			}
			after = rows[len(rows)-1].Key
		}
		return nil
	})
	return out, err
}

func (q LockRequest) audit(actor, step string) entry {
	return entry{Kind: auditLockRequest, Actor: actor, Account: q.Account, Body: struct {
		Step   string `json:"step"`
		Ground Ground `json:"ground"`
		Locks  Locks  `json:"locks"`
		Unit   string `json:"unit,omitempty"`
	}{step, q.Ground, q.Locks, q.Unit}}
}
