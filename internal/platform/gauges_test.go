package platform

import (
	"errors"
	"testing"
	"time"
)

func TestGaugesSayWhatWaits(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	before, err := w.Gauges(ctx)
	if err != nil || before.AuditSeq == 0 || before.Waiting != 0 || before.Overdue != 0 {
		t.Fatalf("%+v, %v", before, err)
	}
	if err := w.SetLocks(ctx, "level2", Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	err = w.store.Update(ctx, func(tx Tx) error {
		return errors.Join(w.tell(tx, notice{Client: "rp", Logout: &ended{}}), w.tell(tx, notice{Client: "rp", Logout: &ended{}}))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.advance(90 * time.Second)
	after, err := w.Gauges(ctx)
	if err != nil || after.AuditSeq <= before.AuditSeq || after.Waiting != 2 || after.Overdue != 90*time.Second {
		t.Errorf("%+v, %v", after, err)
	}
}
