package platform

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A set of strings in order does what a sorted slice would, through splits and empty
// blocks.
func TestOrderedIsASortedSet(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, begin := range [][]string{nil, {"a"}, many(3 * blockLen)} {
		o, want := newOrdered(begin), slices.Clone(begin)
		for range 20 * blockLen {
			s := "k" + strconv.Itoa(r.IntN(4*blockLen))
			if r.IntN(8) == 0 { // often the last
				s = "z" + strconv.Itoa(len(want))
			}
			at, found := slices.BinarySearch(want, s)
			if r.IntN(2) == 0 {
				if o.add(s); !found {
					want = slices.Insert(want, at, s)
				}
			} else if o.remove(s); found {
				want = slices.Delete(want, at, at+1)
			}
		}
		for _, c := range [][2]string{{"", ""}, {"k1", ""}, {"", "k2"}, {"k1", "k12"}, {"k1", "a"}, {"k1", "zzz"}, {"nobody", ""}} {
			var got, expect []string
			o.list(c[0], c[1], func(s string) bool { got = append(got, s); return len(got) < 700 })
			for _, s := range want {
				if strings.HasPrefix(s, c[0]) && s > c[1] && len(expect) < 700 {
					expect = append(expect, s)
				}
			}
			if !slices.Equal(got, expect) {
				t.Errorf("%q behind %q: %d strings, not %d", c[0], c[1], len(got), len(expect))
			}
		}
		if slices.ContainsFunc(o.blocks, func(b []string) bool { return len(b) == 0 || len(b) > blockLen }) {
			t.Error("a block is empty or too long")
		}
		for _, s := range slices.Clone(want) {
			o.remove(s)
		}
		if len(o.blocks) != 0 {
			t.Error("something stays")
		}
	}
}

func many(n int) (out []string) {
	for i := range n {
		out = append(out, "k"+strconv.Itoa(i))
	}
	slices.Sort(out)
	return out
}

func TestWhatIsDueIsTakenOnce(t *testing.T) {
	r, now := rand.New(rand.NewPCG(7, 8)), int64(1e18)
	var due expiries
	waits := map[string]int64{}
	for i := range 4000 {
		if r.IntN(20) > 0 {
			x := &memoryRow{until: now + int64(r.IntN(500)-100)*1e9, key: strconv.Itoa(i), value: []byte("x")}
			due.push(x)
			waits[x.key] = x.until
			continue
		}
		now += int64(r.IntN(40)) * 1e9
		due.take(now, func(x *memoryRow) {
			if at, ok := waits[x.key]; !ok || at != x.until || at >= now {
				t.Fatal("something is taken twice, or too early")
			}
			delete(waits, x.key)
		})
		for _, at := range waits {
			if at < now {
				t.Fatal("something that is due is left")
			}
		}
	}
	if len(due.at) != len(due.minutes) {
		t.Error("a minute is lost")
	}
}

// What a list or a sweep costs does not grow with what it has nothing to do with.
func BenchmarkMemory(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		m := NewMemory()
		put := func(i int) {
			_ = m.Update(b.Context(), func(tx Tx) error {
				return tx.Put("t", strconv.Itoa(i%1000)+"/"+strconv.Itoa(i), []byte("value"), time.Unix(int64(1e9+i), 0))
			})
		}
		for i := range n {
			put(i)
		}
		b.Run("list/"+strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				_ = m.View(b.Context(), func(tx Tx) error { _, err := tx.List("t", "7/", "", 10); return err })
			}
		})
		b.Run("put/"+strconv.Itoa(n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				put(n + i)
			}
		})
		b.Run("sweep/"+strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				_, _ = m.Sweep(b.Context(), time.Unix(1e9, 0))
			}
		})
	}
}
