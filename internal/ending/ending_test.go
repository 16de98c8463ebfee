package ending

import (
	"context"
	"encoding/binary"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

type step struct {
	n, size int
	over    bool
}

func (s *step) Over() bool  { return s.over }
func (s *step) Begun() bool { return s.n > 0 }
func (s *step) Size() int   { return s.size }

func table(now *time.Time) *Table[int, *step] {
	return &Table[int, *step]{Now: func() time.Time { return *now }, Fresh: func() *step { return &step{size: 1} }}
}

func key(i int) (k [32]byte) {
	binary.BigEndian.PutUint64(k[:], uint64(i))
	return k
}

func TestAnOutcomeIsOneForEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		a, runs := table(&now), 0
		work := func(context.Context, *step) (int, error) {
			time.Sleep(time.Second)
			runs++
			return runs, nil
		}
		results := make(chan int, 20)
		for range cap(results) {
			go func() { n, _ := a.Once(context.Background(), key(1), time.Minute, work); results <- n }()
		}
		for range cap(results) {
			if n := <-results; n != 1 {
				t.Errorf("outcome %d", n)
			}
		}
		now = now.Add(time.Minute)
		if n, _ := a.Once(t.Context(), key(1), time.Minute, work); n != 2 {
			t.Errorf("a minute later: %d", n)
		}
	})
}

func TestWhatIsUnavailableGoesOnUnlessItIsOver(t *testing.T) {
	now := time.Now()
	for over, want := range map[bool]int{false: 3, true: 1} {
		a := table(&now)
		last := 0
		for range 3 {
			_, err := a.Once(t.Context(), key(1), time.Minute, func(_ context.Context, s *step) (int, error) {
				s.n++
				last, s.over = s.n, over
				return 0, vneid.ErrUnavailable
			})
			if !errors.Is(err, vneid.ErrUnavailable) || a.Final(key(1)) != over {
				t.Errorf("%v, final: %v", err, a.Final(key(1)))
			}
		}
		if last != want {
			t.Errorf("over %v: %d attempts, want %d", over, last, want)
		}
	}
	a := table(&now)
	_, _ = a.Once(t.Context(), key(1), time.Minute, func(context.Context, *step) (int, error) { return 0, vneid.ErrUnavailable })
	if a.Len() != 0 {
		t.Error("nothing was begun, and it is remembered")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	now := time.Now()
	a := table(&now)
	good := func(context.Context, *step) (int, error) { return 1, nil }
	for i := range maxEnded + 50 {
		_, _ = a.Once(t.Context(), key(i), time.Hour, good)
	}
	if a.Len() != maxEnded {
		t.Errorf("%d are remembered", a.Len())
	}
	now = now.Add(time.Hour)
	_, _ = a.Once(t.Context(), key(-1), time.Hour, good)
	if a.Len() != 1 || a.size != 1 {
		t.Errorf("%d are remembered, of size %d", a.Len(), a.size)
	}
	a.Fresh = func() *step { return &step{size: maxMemory/2 + 1} }
	for i := range 3 {
		_, _ = a.Once(t.Context(), key(i), time.Hour, good)
	}
	if a.Len() != 1 || !a.Final(key(2)) {
		t.Errorf("%d large ones are remembered", a.Len())
	}
}

func TestWorkThatPanicsLeavesNobodyWaiting(t *testing.T) {
	now := time.Now()
	a := table(&now)
	func() {
		defer func() { _ = recover() }()
		_, _ = a.Once(t.Context(), key(1), time.Minute, func(context.Context, *step) (int, error) { panic("a key set's") })
	}()
	if _, err := a.Once(t.Context(), key(1), time.Minute, func(context.Context, *step) (int, error) { return 1, nil }); err != nil {
		t.Error(err)
	}
}

func TestAWaiterWhoGivesUpFailsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		a := table(&now)
		done := make(chan error)
		go func() {
			_, err := a.Once(context.Background(), key(1), time.Minute, func(ctx context.Context, _ *step) (int, error) {
				time.Sleep(time.Second)
				return 1, ctx.Err()
			})
			done <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := a.Once(ctx, key(1), time.Minute, nil); !errors.Is(err, context.Canceled) || !errors.Is(err, vneid.ErrUnavailable) {
			t.Errorf("%v", err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// Who tries again and again takes the place of one, and makes nobody else's progress be
// forgotten.
func TestOneThatIsTriedForEverTakesOnePlace(t *testing.T) {
	now := time.Now()
	a := table(&now)
	begin := func(_ context.Context, s *step) (int, error) { s.n++; return 0, vneid.ErrUnavailable }
	_, _ = a.Once(t.Context(), key(1), time.Hour, begin)
	for range maxEnded + 1 {
		_, _ = a.Once(t.Context(), key(2), time.Hour, begin)
	}
	last := 0
	_, _ = a.Once(t.Context(), key(1), time.Hour, func(_ context.Context, s *step) (int, error) { last = s.n; return 1, nil })
	if last != 1 || len(a.queue) != 2 || a.size != 2 {
		t.Errorf("progress %d; %d places of size %d", last, len(a.queue), a.size)
	}
}
