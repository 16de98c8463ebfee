package events

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Waits of Run after failures: doubled each time from the first to the last.
const (
	firstWait = time.Second
	lastWait  = time.Minute
)

// Run polls until ctx ends, and returns only then. Failures are told to
// Config.Refused; it waits longer after each, and at least for as long as the platform
// asks. One Run for a client is enough, two do no harm.
func (r *Receiver) Run(ctx context.Context) error {
	if r == nil || r.parser == nil {
		return errNotMade
	}
	if r.key == nil {
		return errors.New("events: Config.PollURL is missing")
	}
	wait := time.Duration(0)
	for ctx.Err() == nil {
		more, err := r.Poll(ctx)
		switch {
		case err == nil && more:
			wait = 0
			continue
		case err == nil:
			wait = 0
			sleep(ctx, jitter(r.cfg.Every))
		default:
			if ctx.Err() != nil {
				break
			}
			r.cfg.Refused(err)
			wait = min(max(2*wait, firstWait), lastWait)
			var api *vneid.APIError
			if errors.As(err, &api) && api.RetryAfter > wait {
				sleep(ctx, api.RetryAfter)
			} else {
				sleep(ctx, jitter(wait))
			}
		}
	}
	return fault.Prefix("events", fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "the polling was ended"))
}

// jitter is between three quarters of d and d, so that clients which failed together
// do not come back together.
func jitter(d time.Duration) time.Duration {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return d - time.Duration(binary.LittleEndian.Uint64(b[:])%uint64(d/4+1))
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
