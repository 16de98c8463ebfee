package platform

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// tracedStore is a store that tests step into: before each transaction of a request,
// inside it at each step, and after it has committed. What a test does to the platform
// itself is left alone.
type tracedStore struct {
	Store
	mu     sync.Mutex
	calls  int
	before func(call int)       // before a transaction, of Update and View alike
	inside func(call int) error // at each reading and writing of an Update
	after  func(call int) error // when an Update has committed, before anybody knows
}

// ofRequest reports whether a transaction is of a request that the server serves.
func ofRequest(ctx context.Context) bool { return ctx.Value(http.ServerContextKey) != nil }

func (s *tracedStore) call() int {
	s.mu.Lock()
	s.calls++
	n := s.calls
	before := s.before
	s.mu.Unlock()
	if before != nil {
		before(n)
	}
	return n
}

func (s *tracedStore) set(before func(int), inside, after func(int) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.before, s.inside, s.after = 0, before, inside, after
}

func (s *tracedStore) hooks() (inside, after func(int) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inside, s.after
}

func (s *tracedStore) View(ctx context.Context, f func(Tx) error) error {
	if ofRequest(ctx) {
		s.call()
	}
	return s.Store.View(ctx, f)
}

func (s *tracedStore) Get(ctx context.Context, table, key string) ([]byte, error) {
	if ofRequest(ctx) {
		s.call()
	}
	return s.Store.Get(ctx, table, key)
}

func (s *tracedStore) Update(ctx context.Context, f func(Tx) error) error {
	if !ofRequest(ctx) {
		return s.Store.Update(ctx, f)
	}
	n := s.call()
	inside, after := s.hooks()
	err := s.Store.Update(ctx, func(tx Tx) error {
		if inside == nil {
			return f(tx)
		}
		t := &tracedTx{Tx: tx, step: func() error { return inside(n) }}
		err := f(t)
		return errors.Join(err, t.crashed)
	})
	if err == nil && after != nil {
		return after(n)
	}
	return err
}

// tracedTx crashes for good: nothing after the step that failed is done.
type tracedTx struct {
	Tx
	step    func() error
	crashed error
}

func (t *tracedTx) at() error {
	if t.crashed == nil {
		t.crashed = t.step()
	}
	return t.crashed
}

func (t *tracedTx) Get(table, key string) ([]byte, error) {
	if err := t.at(); err != nil {
		return nil, err
	}
	return t.Tx.Get(table, key)
}

func (t *tracedTx) Put(table, key string, value []byte, until time.Time) error {
	if err := t.at(); err != nil {
		return err
	}
	return t.Tx.Put(table, key, value, until)
}

func (t *tracedTx) Delete(table, key string) error {
	if err := t.at(); err != nil {
		return err
	}
	return t.Tx.Delete(table, key)
}

// count is how many transactions there were.
func (s *tracedStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}
