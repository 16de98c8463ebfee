package store

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// writer is a transaction that no other writes beside, in any process.
type writer interface {
	reader

	// commit writes the changes and returns when they are on the disk. After an
	// error the transaction is over too.
	commit(changes) error

	// abort ends the transaction without a trace.
	abort()
}

// line lets updates pass one after the other, and commits those together that have
// gathered behind each other.
type line struct {
	begin func(context.Context) (writer, error)

	waiting atomic.Int64 // who will take mu for certain
	mu      sync.Mutex
	open    *batch // the transaction that the next update shares
}

// batch is one transaction of the database with the updates that share it.
type batch struct {
	overlay // what they wrote
	base    watched
	since   time.Time
	size    int
	done    chan struct{} // closed when it has ended
	err     error         // how; to be read when done is closed
}

// A batch ends when nobody waits, or when it is this large or old: the first update
// in it waits until the last has run.
const (
	batchSize = 128
	batchAge  = 4 * time.Millisecond
)

// Update implements platform.Store. Each function runs in its caller's goroutine, so
// that a panic goes where it belongs.
func (l *line) Update(ctx context.Context, f func(platform.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b, err := l.enter(ctx)
	if err != nil {
		return err
	}
	err = l.run(b, f)
	// A refusal too may rest on what another wrote in this transaction.
	<-b.done
	if b.err != nil {
		return fmt.Errorf("store: %w", b.err)
	}
	return err
}

// enter waits for the line and returns the batch to join. Without an error the line
// is the caller's until leave.
func (l *line) enter(ctx context.Context) (*batch, error) {
	l.waiting.Add(1)
	l.mu.Lock()
	l.waiting.Add(-1)
	err := ctx.Err()
	if err == nil && l.open == nil {
		var w writer
		if w, err = l.begin(ctx); err == nil {
			l.open = &batch{base: watched{writer: w}, since: time.Now(), done: make(chan struct{})}
			l.open.under = &l.open.base
		}
	}
	if err != nil {
		l.leave()
		return nil, err
	}
	l.open.size++
	return l.open, nil
}

// run runs one function and leaves the line, even when the function does not
// return. Only a function that returned nil adds to the batch.
func (l *line) run(b *batch, f func(platform.Tx) error) (err error) {
	tx, returned := &overlay{under: b}, false
	defer func() {
		tx.over = true
		if returned && err == nil {
			b.take(tx.changes)
		}
		l.leave()
	}()
	err = f(tx)
	returned = true
	return err
}

// leave gives the line to the next, who adds to the batch. The last one ends it.
func (l *line) leave() {
	if b := l.open; b != nil && (l.waiting.Load() == 0 || b.size >= batchSize || time.Since(b.since) >= batchAge) {
		l.flush()
	}
	l.mu.Unlock()
}

// flush ends the open batch, if there is one.
func (l *line) flush() {
	b := l.open
	if b == nil {
		return
	}
	l.open = nil
	switch {
	case b.base.err != nil || len(b.changes) == 0:
		b.base.abort()
		b.err = b.base.err
	default:
		b.err = b.base.commit(b.changes)
	}
	close(b.done)
}

// alone runs f while no update runs and no batch is open.
func (l *line) alone(f func() error) error {
	l.waiting.Add(1)
	l.mu.Lock()
	l.waiting.Add(-1)
	defer l.mu.Unlock()
	l.flush()
	return f()
}

// watched remembers that a reading failed: what was decided without it must not be
// committed, even by a function that let the error pass.
type watched struct {
	writer
	err error
}

func (w *watched) Get(table, key string) ([]byte, error) {
	v, err := w.writer.Get(table, key)
	w.note(err)
	return v, err
}

func (w *watched) List(table, prefix, after string, limit int) ([]platform.Record, error) {
	rows, err := w.writer.List(table, prefix, after, limit)
	w.note(err)
	return rows, err
}

func (w *watched) note(err error) {
	if w.err == nil {
		w.err = err
	}
}
