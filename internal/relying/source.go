package relying

import (
	"context"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// How long the provider's metadata is believed, and when a failed reading may be
// tried again.
const (
	metadataLife  = time.Hour
	metadataStale = 24 * time.Hour
	FirstBackoff  = time.Second // after the first failure; it doubles
	lastBackoff   = time.Minute
	readTime      = 10 * time.Second // of one reading
)

// Source remembers what Fetch read. It is read when first needed, by one call
// however many wait, in a goroutine that ends by the call's own time-out: a waiter
// who gives up fails alone.
type Source[T any] struct {
	Fetch func(context.Context) (*T, error)
	Now   func() time.Time

	mu      sync.Mutex
	have    *T
	read    time.Time // when have was read
	err     error     // why the last reading failed, nil if it did not
	retry   time.Time // not to be read again before
	backoff time.Duration
	flight  chan struct{} // closed when the reading under way ends
}

// Get returns what was read not longer than metadataLife ago, or while a new reading
// is under way or failing not longer than metadataStale ago.
func (s *Source[T]) Get(ctx context.Context) (*T, error) {
	if err := ctx.Err(); err != nil {
		return nil, Cancelled(err)
	}
	s.mu.Lock()
	now := s.Now()
	age := now.Sub(s.read)
	if s.have != nil && age >= 0 && age < metadataLife {
		defer s.mu.Unlock()
		return s.have, nil
	}
	if s.flight == nil && (!now.Before(s.retry) || s.retry.Sub(now) > lastBackoff) { // or the clock was set back
		s.flight = make(chan struct{})
		go s.refresh()
	}
	if s.have != nil && age >= 0 && age < metadataStale {
		defer s.mu.Unlock()
		return s.have, nil
	}
	flight, err := s.flight, s.err
	s.mu.Unlock()
	if flight == nil {
		return nil, err
	}
	select {
	case <-ctx.Done():
		return nil, Cancelled(ctx.Err())
	case <-flight:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	return s.have, nil
}

// refresh reads once and wakes the waiters.
func (s *Source[T]) refresh() {
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	have, err := s.Fetch(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if s.err = err; err == nil {
		s.have, s.read, s.backoff, s.retry = have, now, 0, time.Time{}
	} else {
		s.backoff = min(max(2*s.backoff, FirstBackoff), lastBackoff)
		s.retry = now.Add(s.backoff)
	}
	close(s.flight)
	s.flight = nil
}

// Forget lets the next Get read again.
func (s *Source[T]) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.have = nil
}

// Cancelled words the end of a caller's patience.
func Cancelled(err error) error {
	return fault.Wrap(vneid.ErrUnavailable, err, "the caller gave up")
}
