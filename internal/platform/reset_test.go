package platform

import (
	"context"
	"testing"
)

type midway struct {
	Store
	table string
	f     func(Tx) error
}

type midwayTx struct {
	Tx
	m *midway
}

func (m *midway) Update(ctx context.Context, f func(Tx) error) error {
	return m.Store.Update(ctx, func(tx Tx) error { return f(&midwayTx{tx, m}) })
}

func (tx *midwayTx) List(table, prefix, after string, limit int) ([]Record, error) {
	if f := tx.m.f; f != nil && table == tx.m.table {
		tx.m.f = nil
		if err := f(tx.Tx); err != nil {
			return nil, err
		}
	}
	return tx.Tx.List(table, prefix, after, limit)
}

func TestTheLogBeginsAnewWhateverHappensDuringAReset(t *testing.T) {
	m := &midway{Store: NewMemory(), table: tableTombstones}
	w := newWorldOn(t, m)
	m.f = func(tx Tx) error { return w.record(tx, entry{Kind: auditClockMoved}) }
	w.err(w.Reset(t.Context(), ""))
	if m.f != nil {
		t.Fatal("nothing happened during the reset")
	}
	w.err(w.Checkpoint(t.Context()))
	if r, err := w.audited(w.trust()); err != nil || r.Entries != 1 {
		t.Errorf("%+v %v", r, err)
	}
}
