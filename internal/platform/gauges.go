package platform

import (
	"context"
	"fmt"
	"time"
)

// Gauges are figures of operation. They are of nobody.
type Gauges struct {
	AuditSeq uint64        // number of the audit log's last entry
	Waiting  int           // calls to relying parties that are still to be made, counted up to MaxWaiting
	Overdue  time.Duration // how long the first of them has been due
}

// MaxWaiting is as far as Gauges.Waiting counts: beyond it there is trouble whatever the
// number.
const MaxWaiting = 1000

// Gauges reads the figures. That it can means that the store answers.
func (p *Platform) Gauges(ctx context.Context) (g Gauges, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		at, err := auditHead(tx)
		if err != nil {
			return err
		}
		rows, err := tx.List(tableNotices, "", "", MaxWaiting)
		if err != nil {
			return err
		}
		g = Gauges{AuditSeq: at.Seq, Waiting: len(rows)}
		var due int64
		if len(rows) > 0 {
			if _, err := fmt.Sscanf(rows[0].Key, "%16x", &due); err != nil {
				return err
			}
			g.Overdue = max(0, p.now().Sub(time.Unix(0, due)))
		}
		return nil
	})
	return g, err
}
