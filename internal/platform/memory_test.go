package platform_test

import (
	"errors"
	"maps"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/platform/storetest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(testing.TB) platform.Store { return platform.NewMemory() })
}

// row is a record of the model: what it says and until when.
type row struct {
	value string
	until time.Time
}

// A map does what the store does: records that are written over with another end, dropped,
// taken back with a transaction that fails, and swept.
func TestMemoryIsAMap(t *testing.T) {
	r, now := rand.New(rand.NewPCG(9, 10)), time.Unix(1e9, 0).UTC()
	m, want := platform.NewMemory(), map[string]row{}
	failed := errors.New("on purpose")
	for n := range 3000 {
		next := maps.Clone(want)
		err := m.Update(t.Context(), func(tx platform.Tx) error {
			for range r.IntN(6) {
				key := strconv.Itoa(r.IntN(60))
				if r.IntN(4) == 0 {
					delete(next, key)
					_ = tx.Delete("t", key)
					continue
				}
				x := row{value: strconv.Itoa(n)}
				if r.IntN(5) > 0 {
					x.until = now.Add(time.Duration(r.IntN(8)) * 20 * time.Second) // often the same again
				}
				next[key] = x
				_ = tx.Put("t", key, []byte(x.value), x.until)
			}
			if r.IntN(3) == 0 {
				return failed
			}
			return nil
		})
		if err == nil {
			want = next
		}
		if r.IntN(4) > 0 {
			continue
		}
		now = now.Add(time.Duration(r.IntN(40)) * time.Second)
		stay, err := m.Sweep(t.Context(), now)
		maps.DeleteFunc(want, func(_ string, x row) bool { return !x.until.IsZero() && x.until.Before(now) })
		ends := 0
		for _, x := range want {
			if !x.until.IsZero() {
				ends++
			}
		}
		if err != nil || stay != ends {
			t.Fatalf("round %d: %d stay, want %d: %v", n, stay, ends, err)
		}
		got := map[string]row{}
		if err := m.Each(t.Context(), func(_, key string, value []byte, until time.Time) error {
			got[key] = row{string(value), until}
			return nil
		}); err != nil || !maps.Equal(got, want) {
			t.Fatalf("round %d: %v, want %v: %v", n, got, want, err)
		}
	}
}
