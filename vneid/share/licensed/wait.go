package licensed

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Wait returns when the transaction has ended, or when ctx ends; the Session is good for
// another Wait then. It asks at each interval, at once when the gateway's webhook comes
// (Notify), and less often while the gateway cannot be reached.
func (c *Client) Wait(ctx context.Context, s *Session) (share.Records, error) {
	p := s.look()
	if err := c.mine(&p); err != nil {
		return share.Records{}, prefixed(err)
	}
	bell, ring, pause := c.desk.Rung(c.bell(&p)), false, c.cfg.Interval
	for {
		r, err := c.ask(ctx, s, noHint, ring)
		if err == nil {
			return r, nil
		}
		if ctx.Err() != nil || !isUnavailable(err) || c.ended.Final(p.name()) {
			return share.Records{}, prefixed(given(ctx, err))
		}
		if pending := new(share.Pending); errors.As(err, &pending) {
			pause = max(pending.Again, time.Millisecond)
		} else {
			pause = min(max(2*pause, c.cfg.Interval), decoupled.MaxInterval)
		}
		left := p.Until.Sub(c.cfg.Now())
		timer := time.NewTimer(max(min(pause, left), time.Millisecond))
		select {
		case <-ctx.Done():
		case <-bell:
			bell, ring = nil, true
		case <-timer.C:
			ring = false
		}
		timer.Stop()
	}
}

// bell is the one of a transaction, nil where the gateway tells nobody.
func (c *Client) bell(p *pending) *[32]byte {
	if len(c.webhook()) == 0 {
		return nil
	}
	sum := decoupled.Sum(p.Txn)
	return &sum
}

func isUnavailable(err error) bool { return errors.Is(err, vneid.ErrUnavailable) }

// given words the end of the caller's patience.
func given(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "the caller gave up waiting")
}
