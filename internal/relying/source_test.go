package relying

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// A clock that was ahead when a reading failed keeps nobody waiting until it is that
// late again.
func TestAClockThatWasSetBackStopsNoReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now, calls := time.Now(), 0
		s := Source[int]{Now: func() time.Time { return now }, Fetch: func(context.Context) (*int, error) {
			if calls++; calls == 1 {
				return nil, vneid.ErrUnavailable
			}
			return new(int), nil
		}}
		if _, err := s.Get(t.Context()); !errors.Is(err, vneid.ErrUnavailable) {
			t.Fatal(err)
		}
		if _, err := s.Get(t.Context()); !errors.Is(err, vneid.ErrUnavailable) || calls != 1 {
			t.Errorf("tried again at once: %v, %d readings", err, calls)
		}
		now = now.Add(-time.Hour)
		if _, err := s.Get(t.Context()); err != nil || calls != 2 {
			t.Errorf("an hour back: %v, %d readings", err, calls)
		}
	})
}
