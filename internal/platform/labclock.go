package platform

import (
	"context"
	"errors"
	"time"
)

// The lab's clock: its offset lies in the store, so that a restart does not bring the
// real time back, and processes with one store have one time.

const (
	tableLab = "lab" // "clock" → labClock

	labClockKey = "clock"
)

// labClock is how far the platform's time is from the real one.
type labClock struct {
	Offset time.Duration `json:"offset"`
}

// What SetClock refuses with.
var (
	ErrNoClock  = errors.New("platform: Config.Clock is nil: this platform's time cannot be moved")
	ErrFarClock = errors.New("platform: the clock goes from 2020 to 2099")
)

// Times in tokens are whole numbers and keys of the store sort by nanoseconds: far from
// today both would go on working, and certificates, calendars and laws would not.
var (
	firstInstant = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	lastInstant  = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// SetClock makes the platform's time t now; it goes on from there. actor is who does it:
// an id of Staff, or empty.
//
// Put back as far as the real time, the clock brings nothing back that is spent or ended,
// and what was made later is not yet valid until its time comes again. Behind the real
// time, what was over and has been dropped is not known any more.
func (p *Platform) SetClock(ctx context.Context, actor string, t time.Time) error {
	if far(t) {
		return ErrFarClock
	}
	return p.moveClock(ctx, actor, func(time.Duration) time.Duration { return time.Until(t) })
}

// AdvanceClock puts the platform's time forward, or back.
func (p *Platform) AdvanceClock(ctx context.Context, actor string, d time.Duration) error {
	return p.moveClock(ctx, actor, func(was time.Duration) time.Duration { return was + d })
}

// ResetClock goes back to the real time.
func (p *Platform) ResetClock(ctx context.Context, actor string) error {
	return p.moveClock(ctx, actor, func(time.Duration) time.Duration { return 0 })
}

// ClockOffset is how far the platform's time is ahead of the real one.
func (p *Platform) ClockOffset() time.Duration {
	if p.cfg.Clock == nil {
		return 0
	}
	return p.cfg.Clock.Offset()
}

func far(t time.Time) bool { return t.Before(firstInstant) || !t.Before(lastInstant) }

// moveClock makes the offset another than the store has: two processes may move the one
// clock.
func (p *Platform) moveClock(ctx context.Context, actor string, offset func(was time.Duration) time.Duration) error {
	if p.cfg.Clock == nil {
		return ErrNoClock
	}
	var to, was time.Duration
	err := p.store.Update(ctx, func(tx Tx) error {
		was = p.ClockOffset()
		c, err := load[labClock](tx, tableLab, labClockKey)
		if err != nil {
			return err
		}
		if c != nil {
			was = c.Offset
		}
		if to = offset(was); far(time.Now().Add(to)) {
			return ErrFarClock
		}
		return errors.Join(
			p.record(tx, entry{Kind: auditClockMoved, Actor: actor, Body: map[string]string{"offset": to.String()}}),
			save(tx, tableLab, labClockKey, labClock{to}, time.Time{}))
	})
	if err != nil {
		return err
	}
	p.cfg.Clock.SetOffset(to)
	// By the new time the last entries are old, and would look as if somebody had taken
	// their checkpoint away. What this cannot sign Work does.
	_ = p.Checkpoint(ctx)
	if to < was {
		return p.turnBack(ctx)
	}
	return nil
}

// resumeClock takes the offset that the store has: another process may have moved it.
func (p *Platform) resumeClock(ctx context.Context) error {
	if p.cfg.Clock == nil {
		return nil
	}
	return p.store.View(ctx, func(tx Tx) error {
		c, err := load[labClock](tx, tableLab, labClockKey)
		if err == nil && c != nil {
			p.cfg.Clock.SetOffset(c.Offset)
		}
		return err
	})
}
