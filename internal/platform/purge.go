package platform

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/audit"
)

// What is forgotten is found through the audit log: it is in the order of time, and the
// twin of each history entry. The purge walks it once from its beginning, never passes
// an entry whose time is not over, and drops the history entry and what the twin says.
// Entries of somebody under a legal hold are put aside, and found again when it is
// lifted. Entries that a virtual clock made in a later year keep those behind them
// waiting for as long: late, and never early.

const (
	tableHeldBack = "held-back" // account id / number of the entry → nothing: over, but under a hold
	tableReleased = "released"  // account id → nothing: entries put aside may go
	headPurge     = "purge"     // in tableHead: number of the last entry that the purge has passed

	purgePage = 200 // entries of one transaction
)

// Purge forgets the usage history whose time is over, in transactions of two hundred
// entries at most, and answers how many entries it forgot. It may be called as often as
// one likes, and by several processes at once; Work calls it. Account and electronic
// identity data are never forgotten, nor that an entry was there: the audit log still
// verifies.
func (p *Platform) Purge(ctx context.Context) (gone int, err error) {
	for _, step := range []func(context.Context) (int, bool, error){p.purgeOver, p.purgeReleased} {
		for more := true; more; {
			var n int
			if n, more, err = step(ctx); err != nil {
				return gone, err
			}
			gone += n
		}
	}
	return gone, nil
}

// purgeOver walks on in the log. more is whether there may be something left.
func (p *Platform) purgeOver(ctx context.Context) (gone int, more bool, err error) {
	if due, err := p.purgeDue(ctx); err != nil || !due {
		return 0, false, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		gone, more = 0, false
		after, err := tx.Get(tableHead, headPurge)
		if err != nil {
			return err
		}
		rows, err := tx.List(tableAudit, "", string(after), purgePage)
		if err != nil {
			return err
		}
		last := ""
		for _, row := range rows {
			e, err := audit.ParseLine(row.Value)
			if err != nil {
				return err // somebody changed it: what it says to forget is nobody's word
			}
			if !p.outOfTime(e) {
				break
			}
			last = row.Key
			if !usage(e.Kind) || e.Forgotten() {
				continue
			}
			if forgotten, err := p.forget(tx, e); err != nil {
				return err
			} else if forgotten {
				gone++
			}
		}
		if last == "" {
			return nil
		}
		more = len(rows) == purgePage && last == rows[len(rows)-1].Key
		return tx.Put(tableHead, headPurge, []byte(last), time.Time{})
	})
	return gone, more, err
}

// outOfTime reports whether the time of an entry is over.
func (p *Platform) outOfTime(e audit.Entry) bool {
	return !p.now().Before(usageEnds(e.Time)) || !p.on("purge-time")
}

// purgeDue looks whether the next entry is over, without a transaction that writes.
func (p *Platform) purgeDue(ctx context.Context) (due bool, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		due = false
		after, err := tx.Get(tableHead, headPurge)
		if err != nil {
			return err
		}
		rows, err := tx.List(tableAudit, "", string(after), 1)
		if err != nil || len(rows) == 0 {
			return err
		}
		e, err := audit.ParseLine(rows[0].Value)
		due = err == nil && p.outOfTime(e)
		return err
	})
	return due, err
}

// purgeReleased forgets what was put aside for somebody whose last hold was lifted.
func (p *Platform) purgeReleased(ctx context.Context) (gone int, more bool, err error) {
	var whose []Record
	err = p.store.View(ctx, func(tx Tx) (err error) {
		whose, err = tx.List(tableReleased, "", "", 1)
		return err
	})
	if err != nil || len(whose) == 0 {
		return 0, false, err
	}
	account := whose[0].Key
	err = p.store.Update(ctx, func(tx Tx) error {
		gone, more = 0, true
		held, err := p.held(tx, account)
		if err != nil {
			return err
		}
		rows, err := tx.List(tableHeldBack, account+"/", "", purgePage)
		if err != nil {
			return err
		}
		if held || len(rows) == 0 {
			return tx.Delete(tableReleased, account)
		}
		for _, row := range rows {
			line, err := tx.Get(tableAudit, row.Key[len(account)+1:])
			if err != nil {
				return err
			}
			e, err := audit.ParseLine(line)
			if err != nil {
				return err
			}
			if err := errors.Join(p.drop(tx, e), tx.Delete(tableHeldBack, row.Key)); err != nil {
				return err
			}
			gone++
		}
		return nil
	})
	return gone, more, err
}

// forget drops an entry, or puts it aside under a hold.
func (p *Platform) forget(tx Tx, e audit.Entry) (bool, error) {
	var who struct{ Account string }
	if err := json.Unmarshal(e.Body, &who); err != nil {
		return false, errors.New("the store holds a damaged audit entry")
	}
	held, err := p.held(tx, who.Account)
	if err != nil {
		return false, err
	}
	if held && p.on("purge-hold") {
		return false, tx.Put(tableHeldBack, who.Account+"/"+auditKey(e.Seq), []byte(strconv.FormatUint(e.Seq, 10)), time.Time{})
	}
	return true, p.drop(tx, e)
}

// drop forgets what an entry says, and with it the history entry whose twin it is.
func (p *Platform) drop(tx Tx, e audit.Entry) error {
	var said struct{ Details struct{ Key string } }
	if err := json.Unmarshal(e.Body, &said); err != nil {
		return errors.New("the store holds a damaged audit entry")
	}
	var err error
	if e.Kind == auditRead {
		err = tx.Delete(tableHistory, said.Details.Key)
	}
	e.Forget()
	return errors.Join(err, tx.Put(tableAudit, auditKey(e.Seq), e.Line(), time.Time{}))
}
