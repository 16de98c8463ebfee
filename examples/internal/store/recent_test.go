package store

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Two processes that share a file read what it holds, whichever of them wrote it, and
// after updates that failed and after sweeps.
func TestWhatIsRememberedIsWhatTheFileHolds(t *testing.T) {
	path := "sqlite:" + filepath.Join(t.TempDir(), "p.db")
	stores := []*sqliteStore{at(t, path).(*sqliteStore), at(t, path).(*sqliteStore)}
	r, long, failed := rand.New(rand.NewPCG(5, 6)), time.Now().Add(time.Hour), errors.New("on purpose")
	want := map[string]string{}
	for round := range 600 {
		s, next := stores[r.IntN(2)], maps.Clone(want)
		fail := r.IntN(5) == 0
		err := s.Update(t.Context(), func(tx platform.Tx) error {
			for range 6 {
				key := fmt.Sprint(r.IntN(12))
				got, err := tx.Get("a", key)
				if value, is := next[key]; err != nil || (got != nil) != is || string(got) != value {
					t.Fatalf("round %d: %q has %q, not %q: %v", round, key, got, value, err)
				}
				switch r.IntN(4) {
				case 0:
					next[key] = fmt.Sprint(round)
					err = tx.Put("a", key, []byte(next[key]), long)
				case 1:
					delete(next, key)
					err = tx.Delete("a", key)
				}
				if err != nil {
					return err
				}
			}
			if fail {
				return failed
			}
			return nil
		})
		switch {
		case fail && errors.Is(err, failed):
		case err != nil:
			t.Fatal(err)
		default:
			want = next
		}
		if r.IntN(40) == 0 {
			if _, err := stores[r.IntN(2)].Sweep(t.Context(), long.Add(time.Second)); err != nil {
				t.Fatal(err)
			}
			clear(want)
		}
	}
}

// What could not be committed is not remembered.
func TestACommitThatFailsIsForgotten(t *testing.T) {
	s := at(t, "sqlite:"+filepath.Join(t.TempDir(), "p.db")).(*sqliteStore)
	set := func(value string, more int) error {
		return s.Update(t.Context(), func(tx platform.Tx) error {
			err := tx.Put("a", "k", []byte(value), time.Time{})
			for i := range more {
				err = errors.Join(err, tx.Put("b", fmt.Sprint(i), make([]byte, maxRecentRow), time.Time{}))
			}
			return err
		})
	}
	if err := set("before", 0); err != nil {
		t.Fatal(err)
	}
	if err := s.alone(func() error { return s.writer.exec("PRAGMA max_page_count = 1") }); err != nil {
		t.Fatal(err)
	}
	if err := set("lost", 64); err == nil {
		t.Fatal("there was room")
	}
	if err := s.Update(t.Context(), func(tx platform.Tx) error {
		kept, err := tx.Get("a", "k")
		more, err2 := tx.Get("b", "0")
		if string(kept) != "before" || more != nil {
			t.Errorf("it has %q and %d bytes", kept, len(more))
		}
		return errors.Join(err, err2)
	}); err != nil {
		t.Error(err)
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	var r recent
	for i := range 5 * maxRecent {
		r.keep(rowName{"a", fmt.Sprint(i)}, []byte{1})
		r.find(rowName{"a", "0"}) // used all the time
	}
	if n := len(r.now) + len(r.last); n > 2*maxRecent {
		t.Errorf("%d rows", n)
	}
	if _, ok := r.find(rowName{"a", "0"}); !ok {
		t.Error("what is used all the time is forgotten")
	}
	r.keep(rowName{"a", "0"}, nil)
	if _, ok := r.find(rowName{"a", "0"}); ok {
		t.Error("what was deleted is remembered")
	}
	if r.keep(rowName{"a", "large"}, make([]byte, maxRecentRow+1)); r.now[rowName{"a", "large"}] != nil {
		t.Error("a large row is kept")
	}
}
