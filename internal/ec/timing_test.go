package ec

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// A class sums measurements up to mean and variance in one pass (Welford).
type class struct{ n, mean, m2 float64 }

func (c *class) add(x float64) {
	c.n++
	d := x - c.mean
	c.mean += d / c.n
	c.m2 += d * (x - c.mean)
}

// welch is the statistic of Welch's t-test for two classes.
func welch(a, b *class) float64 {
	v := a.m2/(a.n-1)/a.n + b.m2/(b.n-1)/b.n
	if v == 0 {
		return 0
	}
	return (a.mean - b.mean) / math.Sqrt(v)
}

// leak measures op on fixed and random inputs in random order and returns the
// largest |t| over the traces as they are and without their slowest parts: the
// tail is the operating system's, the rest is ours (O. Reparaz, J. Balasch,
// I. Verbauwhede, "Dude, is my code constant time?", 2017). What op reads is
// copied to one place first, so that both classes look alike to the caches.
func leak(traces int, fixed, random func(at *elem), op func(k *elem)) float64 {
	coins := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	var k, other elem
	times, kinds := make([]float64, traces), make([]bool, traces)
	for i := range traces {
		fixed(&k)
		random(&other)
		kinds[i] = coins.Uint32()&1 == 1
		pick(&k, -uint64(coin(kinds[i])), &other, &k)
		start := time.Now()
		op(&k)
		times[i] = float64(time.Since(start))
	}
	sorted := slices.Clone(times)
	slices.Sort(sorted)
	worst := 0.0
	for _, keep := range []float64{1, 0.99, 0.95, 0.9, 0.75, 0.5} {
		limit := sorted[int(keep*float64(traces-1))]
		var a, b class
		for i, x := range times {
			if x > limit {
				continue
			}
			if kinds[i] {
				a.add(x)
			} else {
				b.add(x)
			}
		}
		worst = max(worst, math.Abs(welch(&a, &b)))
	}
	return worst
}

func coin(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// traces is how many measurements a curve gets: VNEID_TRACES, or few.
func traces(t *testing.T) (n int, long bool) {
	s := os.Getenv("VNEID_TRACES")
	if s == "" {
		return 100, false
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 100 {
		t.Fatalf("VNEID_TRACES=%s", s)
	}
	return n, true
}

// TestTimeDoesNotDependOnTheScalar measures k·P and k·G for k = 1, whose windows
// are all zero but the last, against random k, and the map of PACE-IM for a fixed
// number. VNEID_TRACES=1000000 is the long form, which must stay below 4.5; the
// short one only looks for gross errors, for a machine that is busy with other
// things moves t by itself.
func TestTimeDoesNotDependOnTheScalar(t *testing.T) {
	n, long := traces(t)
	limit := 15.0
	if long {
		limit = 4.5
	}
	for _, c := range all() {
		if only := os.Getenv("VNEID_TRACES_CURVE"); only != "" && only != c.String() {
			continue
		}
		k, o, r := c.load(), oracleOf(c), seeded(c)
		pool := make([]elem, 1024)
		for i := range pool {
			pool[i] = fromBig(o.scalar(r))
		}
		next := 0
		random := func(at *elem) { *at = pool[next%len(pool)]; next++ }
		one := func(at *elem) { *at = elem{1} }
		fixed := func(at *elem) { *at = pool[0] }
		g := k.lift(&affine{k.x, k.y})
		p := projective{}
		k.times(&p, &pool[7], &g)
		var out projective
		var point affine
		k.timesG(&out, &pool[1]) // the tables are made
		for _, v := range []struct {
			name string
			from func(*elem)
			op   func(*elem)
		}{
			{"k·P", one, func(x *elem) { k.times(&out, x, &p) }},
			{"k·G", one, func(x *elem) { k.timesG(&out, x) }},
			{"map", fixed, func(x *elem) { k.encode(&point, x) }},
		} {
			if v.name == "map" && c == P224 {
				continue
			}
			worst := leak(n, v.from, random, v.op)
			t.Logf("%-15v %s: |t| = %.2f over %d traces", c, v.name, worst, n)
			if worst > limit {
				t.Errorf("%v: %s takes a time that depends on the scalar: |t| = %.2f", c, v.name, worst)
			}
		}
	}
}

// The harness must see a leak: the public road, which skips zero digits, is one.
func TestTheTimingHarnessSeesALeak(t *testing.T) {
	c := BrainpoolP256r1
	k, o, r := c.load(), oracleOf(c), seeded(c)
	q := o.point(t, o.times(big.NewInt(99), o.g))
	var p jacobian
	worst := leak(400, func(at *elem) { *at = elem{1} }, func(at *elem) { *at = fromBig(o.scalar(r)) },
		func(x *elem) { k.combine(&p, x, x, &q.at) })
	if worst < 15 {
		t.Errorf("|t| = %.2f for a multiplication that skips zeros", worst)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	for _, c := range all() {
		s, _ := c.NewSecret()
		p, err := s.Public()
		if err != nil {
			t.Fatal(err)
		}
		one := binary.BigEndian.AppendUint64(nil, 1)
		encoded := p.Bytes()
		for name, op := range map[string]func(){
			"Times":         func() { s.Times(p) },
			"Public":        func() { s.Public() },
			"Verify":        func() { p.Verify(one, one, one) },
			"MapGeneric":    func() { p.MapGeneric(one) },
			"MapIntegrated": func() { c.MapIntegrated(encoded) },
			"Add":           func() { p.Add(p) },
			"Point":         func() { c.Point(encoded) },
		} {
			if n := testing.AllocsPerRun(3, op); n != 0 {
				t.Errorf("%v: %s makes %v allocations", c, name, n)
			}
		}
	}
}
