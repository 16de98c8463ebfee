package ec

import (
	"bytes"
	"crypto/elliptic"
	"encoding/hex"
	"math/big"
	"slices"
	"testing"
)

// The printed numbers by themselves: primes, a point of the curve, its order.
func TestTheParametersDescribeCurvesOfPrimeOrder(t *testing.T) {
	for _, c := range all() {
		o := oracleOf(c)
		if !o.p.ProbablyPrime(20) || !o.n.ProbablyPrime(20) {
			t.Errorf("%v: p or n is no prime", c)
		}
		if !o.holds(o.g) || o.times(o.nMinus, o.g).y.Cmp(new(big.Int).Sub(o.p, o.g.y)) != 0 || o.times(o.n, o.g) != nil {
			t.Errorf("%v: G is no point of order n", c)
		}
		// Hasse: |p + 1 − #E| ≤ 2√p, and n is the only multiple of n within.
		gap := new(big.Int).Sub(o.nMinus, o.p)
		if gap.Mul(gap, gap).Cmp(new(big.Int).Lsh(o.p, 2)) > 0 {
			t.Errorf("%v: the cofactor is not 1", c)
		}
	}
}

func TestTheParametersAreThoseOfTheStandards(t *testing.T) {
	for c, std := range map[Curve]elliptic.Curve{P224: elliptic.P224(), P256: elliptic.P256(), P384: elliptic.P384(), P521: elliptic.P521()} {
		o, p := oracleOf(c), std.Params()
		a := new(big.Int).Sub(p.P, big.NewInt(3))
		for what, pair := range map[string][2]*big.Int{"p": {o.p, p.P}, "a": {o.a, a}, "b": {o.b, p.B}, "x": {o.g.x, p.Gx}, "y": {o.g.y, p.Gy}, "n": {o.n, p.N}} {
			if pair[0].Cmp(pair[1]) != 0 {
				t.Errorf("%v: %s differs from the standard library's", c, what)
			}
		}
	}
}

func TestEveryCurveIsComputedOnAnImageWithAMinus3(t *testing.T) {
	for _, c := range all() {
		k := c.load()
		var x, three elem
		k.p.mul(&x, &k.toX, &k.toX)
		k.p.mul(&x, &x, &k.a)
		k.p.triple(&three, &k.p.one)
		k.p.add(&x, &x, &three)
		if x != (elem{}) {
			t.Errorf("%v: u⁴a is not −3", c)
		}
		if nist := c.String()[0] == 's'; nist != (k.toX == k.p.one) {
			t.Errorf("%v: the image is the curve itself: %v", c, k.toX == k.p.one)
		}
	}
}

func TestCurvesAreFoundByWhateverNamesThem(t *testing.T) {
	vectors := read[map[string]paramVector](t, "accepted/parameters.json")
	if len(vectors) != len(all()) {
		t.Fatalf("%d vectors", len(vectors))
	}
	for _, c := range all() {
		v := vectors[c.String()]
		for how, find := range map[string]func() (Curve, error){
			"id":             func() (Curve, error) { return ByID(int(c)) },
			"name":           func() (Curve, error) { return ByName(c.String()) },
			"oid":            func() (Curve, error) { return ByOID(v.OID) },
			"parameters":     func() (Curve, error) { return ByParameters(v.parameters()) },
			"zeros in front": func() (Curve, error) { p := v.parameters(); p.A = append([]byte{0}, p.A...); return ByParameters(p) },
		} {
			if got, err := find(); got != c || err != nil {
				t.Errorf("%v by its %s: %v, %v", c, how, got, err)
			}
		}
		if c.Size() != len(v.P[1:]) && c.Size() != len(v.P) {
			t.Errorf("%v: size %d", c, c.Size())
		}
	}
	for how, find := range map[string]func() (Curve, error){
		"id 7":      func() (Curve, error) { return ByID(7) },
		"id 19":     func() (Curve, error) { return ByID(19) },
		"id −248":   func() (Curve, error) { return ByID(-248) },
		"id 264":    func() (Curve, error) { return ByID(256 + int(P192)) },
		"no name":   func() (Curve, error) { return ByName("") },
		"secp256k1": func() (Curve, error) { return ByName("secp256k1") },
		"no oid":    func() (Curve, error) { return ByOID(nil) },
		"oid of t1": func() (Curve, error) { return ByOID(unhex(t, "2b2403030208010108")) },
	} {
		if got, err := find(); got != 0 || err != ErrCurve {
			t.Errorf("%s: %v, %v", how, got, err)
		}
	}
	if Curve(0).String() != "no curve" || Curve(0).Size() != 0 || Curve(19).Size() != 0 {
		t.Error("no curve has a name or a size")
	}
}

// One number at a time is changed in parameters that are otherwise right; a
// generator with a known logarithm is what CVE-2020-0601 was about.
func TestParametersThatDifferAnywhereAreRefused(t *testing.T) {
	vectors := read[map[string]paramVector](t, "accepted/parameters.json")
	for _, c := range all() {
		v, o := vectors[c.String()], oracleOf(c)
		bump := func(b []byte) []byte {
			b = slices.Clone(b)
			b[len(b)-1]++
			return b
		}
		faults := map[string]func(p *Parameters){
			"p":                      func(p *Parameters) { p.P = bump(p.P) },
			"a":                      func(p *Parameters) { p.A = bump(p.A) },
			"b":                      func(p *Parameters) { p.B = bump(p.B) },
			"n":                      func(p *Parameters) { p.N = bump(p.N) },
			"h = 2":                  func(p *Parameters) { p.H = []byte{2} },
			"h = 0":                  func(p *Parameters) { p.H = []byte{0} },
			"no h":                   func(p *Parameters) { p.H = nil },
			"h empty":                func(p *Parameters) { p.H = []byte{} },
			"no p":                   func(p *Parameters) { p.P = nil },
			"no a":                   func(p *Parameters) { p.A = nil },
			"no n":                   func(p *Parameters) { p.N = nil },
			"a generator of its own": func(p *Parameters) { p.G = o.encode(o.times(big.NewInt(2), o.g)) },
			"−G":                     func(p *Parameters) { p.G = o.encode(o.times(o.nMinus, o.g)) },
			"x of G":                 func(p *Parameters) { p.G = slices.Clone(p.G); p.G[o.size]++ },
			"G compressed":           func(p *Parameters) { p.G = append([]byte{2 + p.G[2*o.size]&1}, p.G[1:1+o.size]...) },
			"G hybrid":               func(p *Parameters) { p.G = append([]byte{6 + p.G[2*o.size]&1}, p.G[1:]...) },
			"G too long":             func(p *Parameters) { p.G = append(slices.Clone(p.G), 0) },
			"no G":                   func(p *Parameters) { p.G = nil },
			"n very long":            func(p *Parameters) { p.N = append(bytes.Repeat([]byte{1}, 4096), p.N...) },
		}
		for fault, change := range faults {
			p := v.parameters()
			if got, err := ByParameters(p); got != c || err != nil {
				t.Fatalf("%v: the twin is refused: %v", c, err)
			}
			change(&p)
			if got, err := ByParameters(p); got != 0 || err != ErrCurve {
				t.Errorf("%v with %s: %v, %v", c, fault, got, err)
			}
		}
	}
}

func TestTheTableIsWrittenAsItsCommentSays(t *testing.T) {
	for _, d := range definitions {
		for _, s := range []string{d.a, d.b, d.x, d.y, d.n} {
			if _, err := hex.DecodeString(s); err != nil || len(s) != len(d.p) {
				t.Errorf("%s: %q", d.name, s)
			}
		}
	}
}
