package ops

import (
	"context"
	"errors"
	"testing"
	"time"
)

// What context.WithDeadline does, this does: for who asks Err, and for who waits.
func TestWithinEndsAsADeadlineDoes(t *testing.T) {
	type key struct{}
	parent, gone := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
	for name, waits := range map[string]bool{"asked alone": false, "waited for": true} {
		begin := func(c context.Context, d time.Duration) *within {
			w := &within{Context: c, until: time.Now().Add(d)}
			if waits {
				_ = w.Done()
			}
			return w
		}
		w := begin(parent, time.Hour)
		if at, ok := w.Deadline(); w.Err() != nil || !ok || !at.Equal(w.until) || w.Value(key{}) != "kept" {
			t.Errorf("%s: while it lasts: %v, %v", name, w.Err(), at)
		}
		child, stop := context.WithCancel(w)
		defer stop()
		w.end()
		if <-w.Done(); !errors.Is(w.Err(), context.Canceled) {
			t.Errorf("%s: behind its end: %v", name, w.Err())
		}
		if <-child.Done(); !errors.Is(child.Err(), context.Canceled) {
			t.Errorf("%s: a child behind its end: %v", name, child.Err())
		}
		w.end() // once more does nothing
		w = begin(parent, -time.Second)
		if err := w.Err(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: too late: %v", name, err)
		}
		if <-w.Done(); !errors.Is(w.Err(), context.DeadlineExceeded) {
			t.Errorf("%s: too late: %v", name, w.Err())
		}
		soon, stop2 := context.WithTimeout(parent, time.Minute)
		if at, _ := begin(soon, time.Hour).Deadline(); time.Until(at) > time.Minute {
			t.Errorf("%s: longer than the caller's own: %v", name, at)
		}
		stop2()
	}
	w := &within{Context: parent, until: time.Now().Add(time.Hour)}
	w.end()
	w.end()
	if <-w.Done(); !errors.Is(w.Err(), context.Canceled) {
		t.Errorf("behind its end, for the first who asks: %v", w.Err())
	}
	w = &within{Context: parent, until: time.Now().Add(20 * time.Millisecond)}
	if <-w.Done(); !errors.Is(w.Err(), context.DeadlineExceeded) {
		t.Errorf("after its time: %v", w.Err())
	}
	w = &within{Context: parent, until: time.Now().Add(time.Hour)}
	gone()
	if <-w.Done(); !errors.Is(w.Err(), context.Canceled) {
		t.Errorf("when the caller has gone: %v", w.Err())
	}
}
