package platform

import (
	"testing"
	"time"
)

func TestTheLogVerifiesAtOnceWhenTheClockWasMoved(t *testing.T) {
	w := newWorld(t)
	w.cfg.Clock = new(Clock)
	w.cfg.Now = w.cfg.Clock.Now
	w.err(w.Checkpoint(t.Context()))
	w.use("level2")
	w.err(w.AdvanceClock(t.Context(), "", 24*time.Hour))
	if _, err := w.audited(w.trust()); err != nil {
		t.Error(err)
	}
}

func TestTwoProcessesMoveOneClock(t *testing.T) {
	w := sharedWorld(t)
	other, err := w.another(w.cfg.Secret)
	w.err(err)
	w.cfg.Clock, other.cfg.Clock = new(Clock), new(Clock)
	w.cfg.Now, other.cfg.Now = w.cfg.Clock.Now, other.cfg.Clock.Now
	w.err(w.AdvanceClock(t.Context(), "", 48*time.Hour))
	w.err(other.AdvanceClock(t.Context(), "", time.Hour))
	if got := other.ClockOffset(); got != 49*time.Hour {
		t.Errorf("two days and an hour are %v", got)
	}
}

func TestAClockThatWasPutForwardAndBackBringsNothingBack(t *testing.T) {
	w := newWorld(t)
	w.cfg.Clock = new(Clock)
	w.cfg.Now = w.cfg.Clock.Now
	spend := func() bool {
		w.Platform.swept.Store(0) // so that it sweeps first
		fresh, err := w.first(t.Context(), time.Now().Add(time.Minute), "test", "one")
		w.err(err)
		return fresh
	}
	if !spend() {
		t.Fatal("the twin: it was spent before")
	}
	w.err(w.AdvanceClock(t.Context(), "", 24*time.Hour))
	w.Platform.swept.Store(0)
	w.err(w.admit(t.Context()))
	w.err(w.ResetClock(t.Context(), ""))
	if spend() {
		t.Error("it was spent twice")
	}
}
