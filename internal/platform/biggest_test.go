package platform

import (
	"context"
	"time"
)

// biggest counts the writes of the largest transaction.
type biggest struct {
	Store
	most int
}

func (b *biggest) Update(ctx context.Context, f func(Tx) error) error {
	return b.Store.Update(ctx, func(tx Tx) error {
		c := &writes{Tx: tx}
		err := f(c)
		b.most = max(b.most, c.n)
		return err
	})
}

type writes struct {
	Tx
	n int
}

func (w *writes) Put(table, key string, value []byte, until time.Time) error {
	w.n++
	return w.Tx.Put(table, key, value, until)
}

func (w *writes) Delete(table, key string) error {
	w.n++
	return w.Tx.Delete(table, key)
}
