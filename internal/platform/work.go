package platform

import (
	"context"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Work does what no request does, until ctx ends. The program that serves Handler runs
// it beside; several processes on one store may each run it.
//
//   - It tells relying parties what they have to know (logouts, answers at a counter) as
//     soon as it happens, and again where that fails. Without it logouts by a browser
//     are told once, while that browser waits.
//   - It signs a checkpoint of the audit log at most a minute after an entry, and at the
//     end (Checkpoint).
//   - It decides applications that have waited (DecideApplications), tells people what a
//     new day brings (Remind), opens locks that have no ground any more (ReviewLocks),
//     forgets usage history whose time is over (Purge), and
//     drops keys that nobody needs any more.
func (p *Platform) Work(ctx context.Context) error {
	var beside sync.WaitGroup
	beside.Go(func() { every(ctx, checkpointLook, func() { _ = p.checkpoint(ctx, checkpointEvery) }) })
	var chores chores
	beside.Go(func() { every(ctx, choresLook, func() { p.do(ctx, &chores) }) })
	err := p.keepTelling(ctx)
	beside.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastCheckpoint)
	defer cancel()
	_ = p.Checkpoint(last) // the next start signs what this could not
	return err
}

// With a look each twenty seconds an entry waits for its checkpoint fifty at most.
const (
	checkpointLook = 20 * time.Second
	choresLook     = 5 * time.Second
	lastCheckpoint = 5 * time.Second
)

// every calls f now and then until ctx ends, by the real clock: the platform's may be a
// virtual one that stands still.
func every(ctx context.Context, wait time.Duration, f func()) {
	timer := time.NewTicker(wait)
	defer timer.Stop()
	for ctx.Err() == nil {
		f()
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
	}
}

// chores remembers when each was done.
type chores struct {
	reminded vneid.Date
	reviewed time.Time
}

// do does what is due. What fails is tried at the next look.
func (p *Platform) do(ctx context.Context, c *chores) {
	_ = p.resumeClock(ctx) // in trouble with the store nothing below works either
	p.ring.fresh(ctx)
	_, _ = p.DecideApplications(ctx)
	p.remindDaily(ctx, &c.reminded)
	p.reviewOften(ctx, &c.reviewed)
	_, _ = p.Purge(ctx)
	for _, k := range p.ring.sets {
		_ = k.tidy(ctx)
	}
}

// keepTelling delivers notices as soon as they are due.
func (p *Platform) keepTelling(ctx context.Context) error {
	for {
		_ = p.resumeClock(ctx)
		next, err := p.Deliver(ctx)
		wait := idle
		if err != nil || !next.IsZero() {
			wait = max(100*time.Millisecond, min(time.Second, next.Sub(p.now()))) // the clock may be an injected one
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-p.kick:
			timer.Stop()
		case <-timer.C:
		}
	}
}
