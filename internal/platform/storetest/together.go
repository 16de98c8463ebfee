package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// quietly runs an update whose function panics.
func quietly(s platform.Store, f func(platform.Tx) error) (got any) {
	defer func() { got = recover() }()
	_ = s.Update(ctx, f)
	return nil
}

// blowUp panics as a mistake in a function does.
func blowUp(mistake func()) { mistake() }

func panics(t *testing.T, s platform.Store) {
	prepared(t, s)
	if got := quietly(s, func(tx platform.Tx) error { _ = mess(tx); blowUp(nil); return nil }); got == nil {
		t.Error("the panic stayed inside")
	}
	untouched(t, s)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic stayed inside a view")
			}
		}()
		_ = s.View(ctx, func(platform.Tx) error { blowUp(nil); return nil })
	}()
	update(t, s, func(tx platform.Tx) error { return tx.Put("a", "new", []byte("1"), noon) })
	if get(t, s, "a", "new") != "1" {
		t.Error("the store does not go on")
	}
}

// together: updates that run at the same moment, of which some fail, some panic and
// some come with a context that is over.
func together(t *testing.T, s platform.Store) {
	const workers, rounds = 12, 25
	over, cancel := context.WithCancel(ctx)
	cancel()
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for round := range rounds {
				key := fmt.Sprint(w, "-", round)
				f := func(tx platform.Tx) error {
					b, err := tx.Get("a", "n")
					n, _ := strconv.Atoi(string(b))
					return errors.Join(err, tx.Put("a", key, []byte("x"), noon), tx.Put("a", "n", []byte(strconv.Itoa(n+1)), noon))
				}
				switch (w + round) % 4 {
				case 0:
					if err := s.Update(ctx, func(tx platform.Tx) error { return errors.Join(f(tx), errX) }); !errors.Is(err, errX) {
						t.Errorf("a failing update: %v", err)
					}
				case 1:
					if quietly(s, func(tx platform.Tx) error { _ = f(tx); blowUp(nil); return nil }) == nil {
						t.Error("the panic stayed inside")
					}
				case 2:
					if err := s.Update(over, f); !errors.Is(err, context.Canceled) {
						t.Errorf("with a context that is over: %v", err)
					}
				default:
					if err := s.Update(ctx, f); err != nil || get(t, s, "a", key) != "x" {
						t.Errorf("an update beside failing ones: %v", err)
					}
				}
			}
		})
	}
	wg.Wait()
	if got := get(t, s, "a", "n"); got != strconv.Itoa(workers*rounds/4) {
		t.Errorf("counted to %s", got)
	}
}

// oneState: whoever reads sees both of two records that change together.
func oneState(t *testing.T, s platform.Store) {
	write := func(n int) error {
		return s.Update(ctx, func(tx platform.Tx) error {
			v := []byte(strconv.Itoa(n))
			return errors.Join(tx.Put("a", "1", v, noon), tx.Put("b", "2", v, noon))
		})
	}
	if err := write(0); err != nil {
		t.Fatal(err)
	}
	var done atomic.Bool
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !done.Load() {
				if err := s.View(ctx, func(tx platform.Tx) error {
					one, err := tx.Get("a", "1")
					first := string(one)
					two, err2 := tx.List("b", "", "", 9)
					if len(two) != 1 || string(two[0].Value) != first {
						t.Errorf("a view saw %q and then %q", first, two)
					}
					return errors.Join(err, err2)
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range 150 {
		if err := write(n); err != nil {
			t.Error(err)
		}
	}
	done.Store(true)
	wg.Wait()
}

// endsInside: an update that came back without an error stays, even if its context
// ended meanwhile; one that came back with an error does not.
func endsInside(t *testing.T, s platform.Store) {
	prepared(t, s)
	c, cancel := context.WithCancel(ctx)
	defer cancel()
	err := s.Update(c, func(tx platform.Tx) error {
		cancel()
		return mess(tx)
	})
	if err != nil {
		untouched(t, s)
	} else if get(t, s, "a", "new") != "z" {
		t.Error("an update that succeeded is not there")
	}
	err = s.Update(c, mess)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("afterwards: %v", err)
	}
}
