package platform

import (
	"context"
	"errors"
	"time"
)

// A session is over when the account was locked, or the person ended all of theirs, since
// it began. When the lab puts the clock back such an end is still to come, and every new
// session would be over from its first second: so what has ended is taken away, and the
// end comes before what is new.

// turnPage is how many accounts are looked at in one transaction.
const turnPage = 500

// sessionsEnded is when the person's sessions of before ended last.
func (a *Account) sessionsEnded() time.Time {
	if a.LockedAt.After(a.EndedAt) {
		return a.LockedAt
	}
	return a.EndedAt
}

// turnBack looks through the accounts for ends that are later than now.
func (p *Platform) turnBack(ctx context.Context) error {
	for after, more := "", true; more; {
		var whose []string
		err := p.store.View(ctx, func(tx Tx) error {
			whose = nil
			rows, err := tx.List(tableAccounts, "", after, turnPage)
			for _, row := range rows {
				a, err := load[Account](tx, tableAccounts, row.Key)
				if err != nil {
					return err
				}
				if a != nil && p.now().Before(a.sessionsEnded()) {
					whose = append(whose, row.Key)
				}
			}
			if more = len(rows) == turnPage; more {
				after = rows[turnPage-1].Key
			}
			return err
		})
		if err == nil && len(whose) > 0 {
			err = p.store.Update(ctx, func(tx Tx) error { return p.turnAllBack(tx, whose) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Platform) turnAllBack(tx Tx, whose []string) error {
	now := p.now()
	for _, id := range whose {
		a, err := load[Account](tx, tableAccounts, id)
		if err != nil {
			return err
		}
		if a == nil {
			continue
		}
		if err := p.dropEnded(tx, a); err != nil {
			return err
		}
		for _, at := range []*time.Time{&a.LockedAt, &a.EndedAt} {
			if now.Before(*at) {
				*at = now
			}
		}
		if err := save(tx, tableAccounts, id, a, time.Time{}); err != nil {
			return err
		}
	}
	return p.record(tx, entry{Kind: auditClockMoved, Body: map[string]int{"accounts": len(whose)}})
}

// dropEnded takes away the sessions of an account that are over.
func (p *Platform) dropEnded(tx Tx, a *Account) error {
	rows, err := tx.List(tableSessionsOf, a.ID+"/", "", maxShares)
	for _, row := range rows {
		sid := row.Key[len(a.ID)+1:]
		s, got := load[session](tx, tableSessions, sid)
		if err = errors.Join(err, got); s != nil && !s.At.After(a.sessionsEnded()) {
			err = errors.Join(err, tx.Delete(tableSessions, sid), tx.Delete(tableSessionsOf, row.Key))
		}
	}
	return err
}
