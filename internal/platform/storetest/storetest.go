// Package storetest is the contract of platform.Store as a test, for every
// implementation there is.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	errX = errors.New("the function failed")
)

// Run tests a store. fresh makes an empty one for each part.
func Run(t *testing.T, fresh func(testing.TB) platform.Store) {
	for name, part := range map[string]func(*testing.T, platform.Store){
		"what was put is there":                         put,
		"a failed update leaves nothing":                rollback,
		"an abandoned update leaves nothing":            abandoned,
		"a view changes nothing":                        view,
		"a list is sorted, cut and of one table":        lists,
		"a sweep drops what is over":                    sweep,
		"updates are serialised":                        serialised,
		"a context that is over changes nothing":        cancelled,
		"a panic leaves nothing, and the store goes on": panics,
		"nothing is a value, and a large one too":       sizes,
		"keys are bytes, in the order of bytes":         order,
		"a transaction lists what it wrote":             ownList,
		"a hundred thousand keys are paged":             pages,
		"a failing update takes no other with it":       together,
		"a view sees one state":                         oneState,
		"a context that ends inside":                    endsInside,
	} {
		t.Run(name, func(t *testing.T) { part(t, fresh(t)) })
	}
}

func update(t *testing.T, s platform.Store, f func(platform.Tx) error) {
	t.Helper()
	if err := s.Update(ctx, f); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s platform.Store, table, key string) string {
	t.Helper()
	var got []byte
	if err := s.View(ctx, func(tx platform.Tx) (err error) {
		got, err = tx.Get(table, key)
		got = append([]byte(nil), got...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if alone, err := s.Get(ctx, table, key); err != nil || string(alone) != string(got) {
		t.Errorf("a view has %q, the record by itself %q, %v", got, alone, err)
	}
	return string(got)
}

func put(t *testing.T, s platform.Store) {
	update(t, s, func(tx platform.Tx) error {
		if b, err := tx.Get("a", "k"); b != nil || err != nil {
			t.Errorf("an empty store has %q, %v", b, err)
		}
		if err := tx.Delete("a", "k"); err != nil {
			t.Errorf("deleting nothing: %v", err)
		}
		if err := tx.Put("a", "k", []byte("1"), noon); err != nil {
			return err
		}
		if b, err := tx.Get("a", "k"); string(b) != "1" || err != nil {
			t.Errorf("a transaction does not see its own writing: %q, %v", b, err)
		}
		return tx.Put("a", "k", []byte("2"), time.Time{})
	})
	if got := get(t, s, "a", "k"); got != "2" {
		t.Errorf("got %q", got)
	}
	if got := get(t, s, "b", "k"); got != "" {
		t.Errorf("another table has %q", got)
	}
	if b, err := s.Get(ctx, "b", "k"); b != nil || err != nil {
		t.Errorf("another table has %q, %v", b, err)
	}
	update(t, s, func(tx platform.Tx) error { return tx.Delete("a", "k") })
	if got := get(t, s, "a", "k"); got != "" {
		t.Errorf("deleted, and yet %q", got)
	}
}

// mess writes, overwrites and deletes over a prepared state.
func mess(tx platform.Tx) error {
	return errors.Join(tx.Put("a", "new", []byte("x"), noon), tx.Put("a", "old", []byte("x"), noon),
		tx.Put("a", "old", []byte("y"), noon), tx.Delete("a", "gone"), tx.Delete("a", "new"), tx.Put("a", "new", []byte("z"), noon))
}

func prepared(t *testing.T, s platform.Store) {
	t.Helper()
	update(t, s, func(tx platform.Tx) error {
		return errors.Join(tx.Put("a", "old", []byte("old"), noon), tx.Put("a", "gone", []byte("gone"), noon))
	})
}

func untouched(t *testing.T, s platform.Store) {
	t.Helper()
	for key, want := range map[string]string{"old": "old", "gone": "gone", "new": ""} {
		if got := get(t, s, "a", key); got != want {
			t.Errorf("%s is %q", key, got)
		}
	}
}

func rollback(t *testing.T, s platform.Store) {
	prepared(t, s)
	err := s.Update(ctx, func(tx platform.Tx) error { return errors.Join(mess(tx), errX) })
	if !errors.Is(err, errX) {
		t.Errorf("the error is %v", err)
	}
	untouched(t, s)
}

// abandoned leaves the function as a panic does, without returning from it.
func abandoned(t *testing.T, s platform.Store) {
	prepared(t, s)
	done := make(chan struct{})
	go func() {
		defer close(done)
		// The error never comes: Goexit unwinds Update too.
		_ = s.Update(ctx, func(tx platform.Tx) error {
			_ = mess(tx)
			runtime.Goexit()
			return nil
		})
		t.Error("Update came back")
	}()
	<-done
	untouched(t, s)
}

func view(t *testing.T, s platform.Store) {
	prepared(t, s)
	_ = s.View(ctx, func(tx platform.Tx) error {
		if tx.Put("a", "new", []byte("x"), noon) == nil || tx.Delete("a", "gone") == nil {
			t.Error("a view writes")
		}
		return nil
	})
	untouched(t, s)
}

func lists(t *testing.T, s platform.Store) {
	update(t, s, func(tx platform.Tx) error {
		var err error
		for _, key := range []string{"p/3", "p/1", "q/1", "p/2", "p", "p0"} {
			err = errors.Join(err, tx.Put("a", key, []byte("v"+key), noon), tx.Put("b", "p/0", []byte("b"), noon))
		}
		return err
	})
	for _, c := range []struct {
		after string
		limit int
		want  string
	}{
		{"", 0, "[]"}, {"", 2, "[p/1=vp/1 p/2=vp/2]"}, {"", 9, "[p/1=vp/1 p/2=vp/2 p/3=vp/3]"},
		{"p/1", 1, "[p/2=vp/2]"}, {"p/15", 9, "[p/2=vp/2 p/3=vp/3]"}, {"p/3", 9, "[]"}, {"q/1", 9, "[]"},
	} {
		var got []string
		if err := s.View(ctx, func(tx platform.Tx) error {
			rows, err := tx.List("a", "p/", c.after, c.limit)
			for _, row := range rows {
				got = append(got, row.Key+"="+string(row.Value))
			}
			return err
		}); err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%d after %q: %v %v", c.limit, c.after, got, err)
		}
	}
}

func sweep(t *testing.T, s platform.Store) {
	update(t, s, func(tx platform.Tx) error {
		return errors.Join(tx.Put("a", "before", []byte("x"), noon.Add(-1)), tx.Put("a", "at", []byte("x"), noon),
			tx.Put("a", "after", []byte("x"), noon.Add(1)), tx.Put("b", "for good", []byte("x"), time.Time{}))
	})
	if stay, err := s.Sweep(ctx, noon); err != nil || stay != 2 { // what is for good does not count
		t.Errorf("%d stay, %v", stay, err)
	}
	if get(t, s, "a", "before") != "" || get(t, s, "a", "at") == "" || get(t, s, "b", "for good") == "" {
		t.Error("swept the wrong ones")
	}
}

func serialised(t *testing.T, s platform.Store) {
	const workers, rounds = 16, 50
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range rounds {
				if err := s.Update(ctx, func(tx platform.Tx) error {
					b, err := tx.Get("a", "n")
					n, _ := strconv.Atoi(string(b))
					return errors.Join(err, tx.Put("a", "n", []byte(strconv.Itoa(n+1)), noon))
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := get(t, s, "a", "n"); got != strconv.Itoa(workers*rounds) {
		t.Errorf("counted to %s", got)
	}
}

func cancelled(t *testing.T, s platform.Store) {
	prepared(t, s)
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Update(over, mess); !errors.Is(err, context.Canceled) {
		t.Errorf("update: %v", err)
	}
	if err := s.View(over, func(platform.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("view: %v", err)
	}
	if _, err := s.Get(over, "a", "old"); !errors.Is(err, context.Canceled) {
		t.Errorf("get: %v", err)
	}
	untouched(t, s)
}
