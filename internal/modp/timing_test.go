package modp

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// moments sums a class of measurements up: how many, their mean, and the sum of
// squared distances from it (B. P. Welford, 1962).
type moments struct{ count, mean, squares float64 }

func (m *moments) add(x float64) {
	m.count++
	off := x - m.mean
	m.mean += off / m.count
	m.squares += off * (x - m.mean)
}

// apart is Welch's t of two classes: how far their means are apart, in standard
// errors.
func apart(a, b *moments) float64 {
	spread := a.squares/(a.count-1)/a.count + b.squares/(b.count-1)/b.count
	if !(spread > 0) {
		return 0
	}
	return math.Abs(a.mean-b.mean) / math.Sqrt(spread)
}

// A trial is one piece of work on a secret. ready, if there is one, unpacks the
// secret before the clock starts.
type trial struct {
	name          string
	fixed, random func(at *elem)
	ready         func(secret *elem)
	work          func(secret *elem)
}

// leak runs a trial on the fixed secret and on random ones, in an order that coins
// decide, and returns the largest t over all measurements and over the fastest of
// them: what is slow is the operating system's (O. Reparaz, J. Balasch, I.
// Verbauwhede, "Dude, is my code constant time?", 2017). Both secrets are made each
// time and one is chosen without a branch, so that nothing but its value differs.
func leak(count int, c trial) (worst float64) {
	coins := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0x5eed))
	var secret, other elem
	took, tossed := make([]float64, count), make([]uint64, count)
	for i := range count {
		c.fixed(&secret)
		c.random(&other)
		tossed[i] = coins.Uint64() & 1
		mask := -tossed[i]
		for w := range secret {
			secret[w] ^= (secret[w] ^ other[w]) & mask
		}
		if c.ready != nil {
			c.ready(&secret)
		}
		start := time.Now()
		c.work(&secret)
		took[i] = float64(time.Since(start))
	}
	ordered := slices.Sorted(slices.Values(took))
	for _, part := range []float64{1, 0.99, 0.95, 0.9, 0.75, 0.5} {
		slowest := ordered[int(part*float64(count-1))]
		var classes [2]moments
		for i, x := range took {
			if x <= slowest {
				classes[tossed[i]].add(x)
			}
		}
		worst = max(worst, apart(&classes[0], &classes[1]))
	}
	return worst
}

// pool is a ring of random numbers below p.
func (m *modulus) pool() (next func(at *elem)) {
	r := rand.New(rand.NewPCG(1, uint64(m.n)))
	numbers := make([]elem, 512)
	for i := range numbers {
		for w := range m.n {
			numbers[i][w] = r.Uint64()
		}
		m.reduce(&numbers[i], &numbers[i], 0) // p has its first bit set, so this is enough
	}
	at := 0
	return func(z *elem) { *z = numbers[at%len(numbers)]; at++ }
}

// repeats makes work out of steps that are shorter than a clock can tell.
const repeats = 16

// steps are the parts of a power that see something secret.
func (m *modulus) steps() []trial {
	random := m.pool()
	one := func(z *elem) { *z = elem{1} }
	zero := func(z *elem) { *z = elem{} }
	var out elem
	var table [16]elem
	for i := range table {
		random(&table[i])
	}
	var carry uint64
	exponent := make([]byte, 1)
	return []trial{
		{"multiply", one, random, nil, func(x *elem) { m.mul(&out, x, &table[3]) }},
		{"square", one, random, nil, func(x *elem) { m.mul(&out, x, x) }},
		// Random numbers up to 2p, of which half are reduced, against one that never is.
		{"reduce", zero, random, func(x *elem) {
			carry = 0
			for w := range m.n {
				x[w], carry = x[w]<<1|carry, x[w]>>63
			}
		}, func(x *elem) {
			for range repeats {
				m.reduce(&out, x, carry)
			}
		}},
		{"choose", zero, random, nil, func(x *elem) {
			for range repeats {
				m.choose(&out, &table, x[0]&15)
			}
		}},
		// Two windows, and the table before them.
		{"window", zero, random, func(x *elem) { exponent[0] = byte(x[0]) }, func(*elem) { m.power(&out, &table[5], exponent) }},
	}
}

// wholes are whole powers: with exponents as long as a Secret's, and by PACE's
// mapping as long as a nonce.
func (m *modulus) wholes() []trial {
	random := m.pool()
	one := func(z *elem) { *z = elem{1} }
	var out elem
	power := func(name string, size int, base *elem) trial {
		exponent := make([]byte, size)
		ready := func(x *elem) {
			var wide [8 * limbs]byte
			for w, v := range x {
				binary.BigEndian.PutUint64(wide[8*(limbs-1-w):], v)
			}
			copy(exponent, wide[len(wide)-size:])
		}
		return trial{name, one, random, ready, func(*elem) { m.power(&out, base, exponent) }}
	}
	peer := new(elem)
	random(peer)
	return []trial{
		power("power", len(m.order)+8, peer),
		power("power of g by a nonce", 16, &m.generator),
	}
}

// counted is how many traces a step and a whole power get.
func counted(t *testing.T) (step, whole int, limit float64) {
	s := os.Getenv("VNEID_TRACES")
	if s == "" {
		return 1000, 100, 15
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1000 {
		t.Fatalf("VNEID_TRACES=%s", s)
	}
	return n, n / 10, 4.5
}

// TestTimeDoesNotDependOnTheExponent measures fixed against random secrets in the
// steps that powers are made of, and whole powers with the exponent 1, whose
// windows are all zero but the last, against random ones of the same length.
// VNEID_TRACES=1000000 is the long form, which must stay below 4.5: as many traces
// of each step, and a tenth of that of whole powers, of which a million would take
// hours. VNEID_TRACES_GROUP="MODP 2048/256" picks one group. The short form only looks for gross errors, for a machine that is busy
// with other things moves t by itself.
func TestTimeDoesNotDependOnTheExponent(t *testing.T) {
	step, whole, limit := counted(t)
	for _, g := range groups {
		if only := os.Getenv("VNEID_TRACES_GROUP"); only != "" && only != g.String() {
			continue
		}
		m := g.load()
		for _, part := range []struct {
			count  int
			trials []trial
		}{{step, m.steps()}, {whole, m.wholes()}} {
			for _, c := range part.trials {
				worst := leak(part.count, c)
				t.Logf("%v %-22s |t| = %5.2f over %d traces", g, c.name, worst, part.count)
				if worst > limit {
					t.Errorf("%v: %s takes a time that depends on the secret: |t| = %.2f", g, c.name, worst)
				}
			}
		}
	}
}

// The harness must see a leak: a power that skips the windows that are zero, and a
// reduction that subtracts only where it must, are one each.
func TestTheTimingHarnessSeesALeak(t *testing.T) {
	m := P1024Q160.load()
	random := m.pool()
	one := func(z *elem) { *z = elem{1} }
	var base, out elem
	random(&base)
	for _, c := range []trial{
		{"a power that skips zeros", one, random, nil, func(x *elem) {
			out = m.one
			for bit := range 160 {
				m.mul(&out, &out, &out)
				if x[bit/64]>>(bit%64)&1 == 1 {
					m.mul(&out, &out, &base)
				}
			}
		}},
		{"a reduction that branches", one, random, nil, func(x *elem) {
			for range repeats {
				if x[m.n-1] > m.p[m.n-1]/2 {
					m.reduce(&out, x, 0)
				}
			}
		}},
	} {
		if worst := leak(2000, c); worst < 15 {
			t.Errorf("|t| = %.2f for %s", worst, c.name)
		}
	}
}
