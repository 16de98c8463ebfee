package sso

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
	firstBackoff  = time.Second
	lastBackoff   = time.Minute
	readTime      = 10 * time.Second // of one reading
)

// provider remembers the provider's metadata. It is read when first needed, by
// one call however many wait, in a goroutine that ends by the call's own
// time-out: a waiter who gives up fails alone.
type provider struct {
	fetch func(context.Context) (*metadata, error)
	now   func() time.Time

	mu      sync.Mutex
	have    *metadata
	read    time.Time // when have was read
	err     error     // why the last reading failed, nil if it did not
	retry   time.Time // not to be read again before
	backoff time.Duration
	flight  chan struct{} // closed when the reading under way ends
}

// get returns metadata not older than metadataLife, or while a new reading is
// under way or failing not older than metadataStale.
func (p *provider) get(ctx context.Context) (*metadata, error) {
	if err := ctx.Err(); err != nil {
		return nil, cancelled(err)
	}
	p.mu.Lock()
	now := p.now()
	age := now.Sub(p.read)
	if p.have != nil && age >= 0 && age < metadataLife {
		defer p.mu.Unlock()
		return p.have, nil
	}
	if p.flight == nil && !now.Before(p.retry) {
		p.flight = make(chan struct{})
		go p.refresh()
	}
	if p.have != nil && age >= 0 && age < metadataStale {
		defer p.mu.Unlock()
		return p.have, nil
	}
	flight, err := p.flight, p.err
	p.mu.Unlock()
	if flight == nil {
		return nil, err
	}
	select {
	case <-ctx.Done():
		return nil, cancelled(ctx.Err())
	case <-flight:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return nil, p.err
	}
	return p.have, nil
}

// refresh reads once and wakes the waiters.
func (p *provider) refresh() {
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	md, err := p.fetch(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.err = err; err == nil {
		p.have, p.read, p.backoff, p.retry = md, now, 0, time.Time{}
	} else {
		p.backoff = min(max(2*p.backoff, firstBackoff), lastBackoff)
		p.retry = now.Add(p.backoff)
	}
	close(p.flight)
	p.flight = nil
}

func cancelled(err error) error {
	return fault.Wrap(vneid.ErrUnavailable, err, "the caller gave up")
}
