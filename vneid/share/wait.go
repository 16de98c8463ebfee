package share

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// lost is how often Wait asks although nobody rang.
const lost = 30 * time.Second

// Wait returns when the person has answered, when the request has expired
// (vneid.ErrExpired), or when ctx ends; the Session is good for another Wait then. It
// keeps to the platform's interval, a little later each time by chance so that the
// counters of a morning do not ask in step, and goes on while the platform cannot be
// reached.
func (c *Client) Wait(ctx context.Context, s *Session) (Records, error) {
	if err := c.made(); err != nil {
		return Records{}, fault.Prefix("share", err)
	}
	p := s.look()
	bell, ring := c.desk.Rung(p.bell()), false
	for {
		r, err := c.poll(ctx, s, ring)
		if err == nil {
			return r, nil
		}
		p := s.look()
		if ctx.Err() != nil || !errors.Is(err, vneid.ErrUnavailable) || c.ended.Final(p.name()) {
			return Records{}, fault.Prefix("share", given(ctx, err))
		}
		if ring, err = c.rest(ctx, p, bell); err != nil {
			return Records{}, fault.Prefix("share", err)
		}
		if ring {
			bell = nil // it rings once; what follows is asked for in the usual way
		}
	}
}

// rest waits for the next time to ask, and reports whether the platform rang.
func (c *Client) rest(ctx context.Context, p pending, bell <-chan struct{}) (ring bool, err error) {
	now := c.cfg.Now()
	if !now.Before(p.until()) && !p.Over { // with the platform's metadata away nobody else says so
		return false, over(p.until(), now)
	}
	wait := p.next().Sub(now)
	if wait <= 0 {
		wait = decoupled.Interval // nothing has set Next: metadata, status or bundle are away
	}
	if bell != nil {
		wait = max(wait, lost)
	}
	if !p.Over {
		wait = min(wait, p.until().Sub(now))
	}
	timer := time.NewTimer(max(wait, time.Millisecond) + jitter(wait))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false, given(ctx, ctx.Err())
	case <-bell:
		return true, nil
	case <-timer.C:
		return false, nil
	}
}

// jitter is up to a tenth of a time, by chance.
func jitter(d time.Duration) time.Duration {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(max(d/10, 1))))
	if err != nil {
		return 0
	}
	return time.Duration(n.Int64())
}

// given words the end of the caller's patience.
func given(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "the caller gave up waiting")
}
