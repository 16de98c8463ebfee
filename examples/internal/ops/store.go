package ops

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// The operations of a store.
const (
	opUpdate = "update"
	opView   = "view"
	opSweep  = "sweep"
)

// Store counts the transactions of a platform's store and how long they take. What the
// platform itself refuses inside one is no error of the store.
func (m *Metrics) Store(s platform.Store) platform.Store {
	return &timed{s, m, m.store.WithLabelValues(opUpdate), m.store.WithLabelValues(opView)}
}

type timed struct {
	platform.Store
	m            *Metrics
	update, view prometheus.Observer
}

// Update implements platform.Store.
func (t *timed) Update(ctx context.Context, f func(platform.Tx) error) error {
	return t.time(ctx, opUpdate, t.update, t.Store.Update, f)
}

// View implements platform.Store.
func (t *timed) View(ctx context.Context, f func(platform.Tx) error) error {
	return t.time(ctx, opView, t.view, t.Store.View, f)
}

// Get implements platform.Store. It is a view too.
func (t *timed) Get(ctx context.Context, table, key string) ([]byte, error) {
	began := time.Now()
	value, err := t.Store.Get(ctx, table, key)
	t.view.Observe(time.Since(began).Seconds())
	if err != nil && ctx.Err() == nil {
		t.m.failed.WithLabelValues(opView).Inc()
	}
	return value, err
}

// Sweep implements platform.Store.
func (t *timed) Sweep(ctx context.Context, before time.Time) (stay int, err error) {
	began := time.Now()
	stay, err = t.Store.Sweep(ctx, before)
	t.m.store.WithLabelValues(opSweep).Observe(time.Since(began).Seconds())
	if err != nil && ctx.Err() == nil {
		t.m.failed.WithLabelValues(opSweep).Inc()
	}
	return stay, err
}

func (t *timed) time(ctx context.Context, op string, took prometheus.Observer, do func(context.Context, func(platform.Tx) error) error, f func(platform.Tx) error) error {
	began := time.Now()
	var own error // what f itself said
	err := do(ctx, func(tx platform.Tx) error {
		own = f(tx)
		return own
	})
	took.Observe(time.Since(began).Seconds())
	if err != nil && ctx.Err() == nil && !(own != nil && errors.Is(err, own)) {
		t.m.failed.WithLabelValues(op).Inc()
	}
	return err
}
