package ciba

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// lost is how often Wait asks although nobody rang.
const lost = 30 * time.Second

// Wait returns when the person has answered, when the request has expired
// (vneid.ErrExpired), or when ctx ends; the Session is good for another Wait then. It
// keeps to the provider's interval, and goes on while the provider cannot be reached.
func (d *Desk) Wait(ctx context.Context, s *Session) (*sso.Identity, error) {
	bell, ring := d.bell(s.look()), false
	for {
		id, err := d.poll(ctx, s, ring)
		if err == nil {
			return id, nil
		}
		p := s.look()
		if ctx.Err() != nil || p.Over || p.ID == "" || !errors.Is(err, vneid.ErrUnavailable) {
			return nil, fault.Prefix("ciba", given(ctx, err))
		}
		if ring, err = d.rest(ctx, p, bell); err != nil {
			return nil, fault.Prefix("ciba", err)
		}
		if ring {
			bell = nil // it rings once; what follows is asked for in the usual way
		}
	}
}

// rest waits for the next time to ask, and reports whether the provider rang.
func (d *Desk) rest(ctx context.Context, p pending, bell <-chan struct{}) (ring bool, err error) {
	now := time.Now()
	if op, err := d.client.Provider(ctx, seal.Own()); err == nil {
		now = op.Now()
	}
	if !now.Before(p.Expires) { // with the provider's metadata away nobody else says so
		return false, &vneid.TimeError{NotAfter: p.Expires, Now: now}
	}
	wait := p.Next.Sub(now)
	if wait <= 0 {
		wait = decoupled.Interval // nothing has set Next: the provider's metadata are away
	}
	if bell != nil {
		wait = max(wait, lost)
	}
	timer := time.NewTimer(max(min(wait, p.Expires.Sub(now)), time.Millisecond))
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

// given words the end of the caller's patience.
func given(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "the caller gave up waiting")
}
