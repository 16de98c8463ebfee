package envelope

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// The classes are what an attacker would like to tell apart by how long a refusal
// takes. The first two are Bleichenbacher's question.
var classes = []struct {
	name string
	of   func(name string) bool
}{
	{"RSA padding right, code wrong", func(n string) bool { return strings.HasPrefix(n, "code-") }},
	{"RSA padding wrong", oneOf("key-type-0", "key-type-1", "key-type-3", "key-first-byte-1", "key-no-separator", "key-fill-of-7", "key-bit-128")},
	{"AES key of another length", oneOf("key-aes-of-0", "key-aes-of-16", "key-aes-of-24", "key-aes-of-31", "key-aes-of-33")},
	{"AES padding wrong", func(n string) bool { return strings.HasPrefix(n, "data-padding-") }},
	{"number out of range", oneOf("key-modulus", "key-ones", "key-cut", "key-long", "key-nothing")},
	{"no base64", func(n string) bool { return strings.HasPrefix(n, "key-base64-") }},
}

func oneOf(names ...string) func(string) bool {
	return func(n string) bool { return slices.Contains(names, n) }
}

// sample is what one class took, in microseconds.
type sample []float64

func (s sample) median() float64 { slices.Sort(s); return s[len(s)/2] }

// calm leaves out the slowest tenth: the operating system's.
func (s sample) calm() sample { slices.Sort(s); return s[:len(s)*9/10] }

func (s sample) moments() (mean, variance float64) {
	for _, x := range s {
		mean += x / float64(len(s))
	}
	for _, x := range s {
		variance += (x - mean) * (x - mean) / float64(len(s)-1)
	}
	return mean, variance
}

func welch(a, b sample) float64 {
	ma, va := a.moments()
	mb, vb := b.moments()
	return (ma - mb) / math.Sqrt(va/float64(len(a))+vb/float64(len(b)))
}

// measure runs open over all classes, in random order within each round.
func measure(rounds int, all map[string]vector, open func(*vector) bool) []sample {
	names := make([][]string, len(classes))
	for name := range all {
		for i, c := range classes {
			if c.of(name) {
				names[i] = append(names[i], name)
			}
		}
	}
	took, rng := make([]sample, len(classes)), rand.New(rand.NewPCG(7, 7))
	for round := range rounds {
		for _, i := range rng.Perm(len(classes)) {
			v := all[names[i][round%len(names[i])]]
			start := time.Now()
			open(&v)
			took[i] = append(took[i], float64(time.Since(start).Nanoseconds())/1e3)
		}
	}
	return took
}

// spread is the largest of the classes' medians over the smallest.
func spread(took []sample) float64 {
	low, high := math.Inf(1), 0.0
	for _, s := range took {
		low, high = min(low, s.median()), max(high, s.median())
	}
	return high / low
}

// naive opens as one would without care: it returns as soon as something is wrong.
func naive(key *rsa.PrivateKey, v *vector) bool {
	c, err := base64.StdEncoding.DecodeString(v.Key)
	if err != nil {
		return false
	}
	aes, err := rsa.DecryptPKCS1v15(nil, key, c)
	if err != nil || len(aes) != 32 {
		return false
	}
	b, err := base64.StdEncoding.DecodeString(v.Data)
	if err != nil || len(b)%16 != 0 || len(b) == 0 {
		return false
	}
	decryptECB(aes, b)
	n, ok := slowUnpad(b)
	return ok && guidForm.Match(b[:n])
}

// One timing class: medians within 15 %, since others use the machine too; with
// VNEID_COST=1, which takes its time on a quiet one, within 2 % and |t| < 4.5 for the
// RSA padding. Both on the third try at the latest. What is not so careful shows in the
// same measurement.
func TestRefusalsTakeOneTime(t *testing.T) {
	o, all := newOpener(t, 256), vectors(t, "refused")
	rounds, bound := 120, 1.15
	if os.Getenv("VNEID_COST") != "" {
		rounds, bound = 4000, 1.02
	}
	var got, t01 float64
	for try := range 3 {
		took := measure(rounds, all, func(v *vector) bool { _, ok := o.OpenCode(v.Key, v.Data); return ok })
		got, t01 = spread(took), math.Abs(welch(took[0].calm(), took[1].calm()))
		for i, s := range took {
			t.Logf("try %d: %-30s median %6.0f µs, Welch t to the first %5.2f", try, classes[i].name, s.median(), welch(s.calm(), took[0].calm()))
		}
		if got <= bound && (rounds < 1000 || t01 < 4.5) {
			break
		}
	}
	if got > bound || rounds >= 1000 && t01 >= 4.5 {
		t.Errorf("the classes' medians differ by %.3f, |t| of the RSA padding is %.2f", got, t01)
	}
	careless := spread(measure(20, all, func(v *vector) bool { return naive(o.key.(*rsa.PrivateKey), v) }))
	if t.Logf("spread %.3f; without care %.0f", got, careless); careless < 5 {
		t.Error("the measurement does not even see a function that returns early")
	}
}

// A thousand times one bad ciphertext is one behaviour, in one timing class with
// another thousand of as many kinds as there are.
func TestAThousandRepeatsAreOneBehaviour(t *testing.T) {
	o, all := newOpener(t, 256), vectors(t, "refused")
	names := []string{}
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	one := all["key-type-1"]
	wrapped, _ := o.wrapped(one.Key)
	first := o.unwrap(wrapped)
	for try := 1; ; try++ {
		var repeated, others sample
		for i := range 1000 {
			v, other := one, all[names[i%len(names)]]
			start := time.Now()
			text, ok := o.OpenCode(v.Key, v.Data)
			between := time.Now()
			text2, ok2 := o.OpenCode(other.Key, other.Data)
			others = append(others, float64(time.Since(between).Nanoseconds())/1e3)
			repeated = append(repeated, float64(between.Sub(start).Nanoseconds())/1e3)
			if ok || ok2 || text != "" || text2 != "" || i%100 == 0 && !bytes.Equal(o.unwrap(wrapped), first) {
				t.Fatal("another behaviour")
			}
		}
		ratio := repeated.median() / others.median()
		t.Logf("1,000 × one against 1,000 over %d kinds: medians %.0f and %.0f µs, ratio %.3f, Welch t %.2f",
			len(names), repeated.median(), others.median(), ratio, welch(repeated.calm(), others.calm()))
		if math.Abs(ratio-1) <= 0.1 {
			return
		}
		if try == 3 {
			t.Fatalf("ratio of medians %.3f", ratio)
		}
	}
}
