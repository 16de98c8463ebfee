package ops

import (
	"context"
	"sync"
	"time"
)

// within is a request's context with an end, as context.WithDeadline makes one, but its
// timer runs only once somebody waits for that end. Most requests never do.
type within struct {
	context.Context
	until time.Time

	mu    sync.Mutex
	timed context.Context // nil: nobody waits
	stop  context.CancelFunc
}

// Deadline implements context.Context.
func (c *within) Deadline() (time.Time, bool) {
	if at, ok := c.Context.Deadline(); ok && at.Before(c.until) {
		return at, true
	}
	return c.until, true
}

// Done implements context.Context.
func (c *within) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timed == nil {
		c.timed, c.stop = context.WithDeadline(c.Context, c.until)
	}
	return c.timed.Done()
}

// Err implements context.Context. Where Done has been asked for it says the same.
func (c *within) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timed != nil {
		return c.timed.Err()
	}
	if err := c.Context.Err(); err != nil {
		return err
	}
	if !time.Now().Before(c.until) {
		return context.DeadlineExceeded
	}
	return nil
}

// end ends it, and the timer if one runs: the request is answered.
func (c *within) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timed == nil {
		c.timed, c.stop = over, func() {}
	}
	c.stop()
}

// over is a context that has ended.
var over = func() context.Context {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	return ctx
}()
