package platform

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/units"
)

const tableLockRequests = "lock-request" // when it came, and random → LockRequest

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
	}
	q = LockRequest{
		ID: dueKey(now) + "-" + random()[:16], Account: q.Account, Ground: q.Ground, Body: q.Body, Reference: q.Reference, Locks: q.Locks, Until: q.Until,
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
		if a == nil {
			return errNoAccount
		}
		return errors.Join(save(tx, tableLockRequests, q.ID, q, time.Time{}), p.record(tx, q.audit(by.ID, "received")))
	})
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
			return errors.Join(err, errNoAccount)
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
		if err := f(tx, q); err != nil {
			return err
		}
		return save(tx, tableLockRequests, id, q, time.Time{})
	})
}

// LockRequests lists requests, the oldest first. after is the ID of the last of the page
// before.
func (p *Platform) LockRequests(ctx context.Context, after string, limit int) (out []LockRequest, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		rows, err := tx.List(tableLockRequests, "", after, limit)
		out = nil
		for _, row := range rows {
			q, err := load[LockRequest](tx, tableLockRequests, row.Key)
			if err != nil {
				return err
			}
			if q != nil {
				out = append(out, *q)
			}
		}
		return err
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
