package platform

import (
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

func TestTheLogVerifiesAtOnceWhenTheClockWasMoved(t *testing.T) {
	w := newWorld(t)
	w.lab()
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

// lab gives the world a clock that can be moved.
func (w *world) lab() {
	w.cfg.Clock = new(Clock)
	w.cfg.Now = w.cfg.Clock.Now
}

func TestWhoWasLockedLaterLogsInWhenTheClockIsPutBack(t *testing.T) {
	for name, end := range map[string]func(w *world) error{
		"a lock that was opened": func(w *world) error {
			return errors.Join(w.SetLocks(w.t.Context(), "level2", Locks{Account: true}), w.SetLocks(w.t.Context(), "level2", Locks{}))
		},
		"the app on another device": func(w *world) error { return w.ChangeDevice(w.t.Context(), "level2") },
	} {
		w := newWorld(t)
		w.lab()
		w.err(w.AdvanceClock(t.Context(), "", 2*time.Hour))
		before := w.login("level2", nil).text("access_token")
		w.err(w.AdvanceClock(t.Context(), "", time.Hour))
		w.err(end(w))
		w.err(w.ResetClock(t.Context(), ""))
		if code := w.code(nil); code == "" || w.userinfo(w.exchangeCode(code, nil).text("access_token")).status != 200 {
			t.Errorf("%s: nobody logs in any more", name)
		}
		if w.userinfo(before).status != 401 {
			t.Errorf("%s: a session that had ended goes on", name)
		}
	}
}

func TestWaitingEndsWhenTheClockIsPutBack(t *testing.T) {
	w := newWorld(t)
	w.lab()
	who, _ := personas.Get("level2")
	w.err(w.AdvanceClock(t.Context(), "", 365*24*time.Hour))
	for range freeTries {
		if a, _, _, err := w.authenticate(t.Context(), who.Username(), "wrong"); a != nil || err != nil {
			t.Fatal(a, err)
		}
	}
	if _, _, wait, err := w.authenticate(t.Context(), who.Username(), personas.Password); wait == 0 || err != nil {
		t.Fatal("the twin waits for nothing", err)
	}
	for range codeSends {
		w.edit(func(tx Tx) error { return tx.Delete(tableTries, w.mac("username", who.Username())) })
		w.err(w.BeginContact(t.Context(), w.sessionOf("level2", 2), personas.Password, SMS, "0000 000 123"))
	}
	for range freeTries {
		if _, _, _, err := w.authenticate(t.Context(), who.Username(), "wrong"); err != nil {
			t.Fatal(err)
		}
	}
	w.err(w.ResetClock(t.Context(), ""))
	if a, _, wait, err := w.authenticate(t.Context(), who.Username(), personas.Password); a == nil || err != nil {
		t.Errorf("waits for %v, %v", wait, err)
	}
	w.err(w.BeginContact(t.Context(), w.sessionOf("level2", 2), personas.Password, SMS, "0000 000 123"))
}
