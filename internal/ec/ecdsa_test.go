package ec

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
)

// OpenSSL signed; every refused vector has its accepted twin.
func TestSignaturesByOpenSSL(t *testing.T) {
	good := read[[]ecdsaVector](t, "accepted/ecdsa.json")
	bad := read[[]ecdsaVector](t, "refused/ecdsa.json")
	if len(good) != 3*len(all()) || len(bad) != 2*len(good) {
		t.Fatalf("%d accepted and %d refused vectors", len(good), len(bad))
	}
	for i, v := range good {
		if !v.key(t).VerifyDER(v.Digest, v.Signature) {
			t.Errorf("accepted vector %d, %s with a digest of %d bytes: refused", i, v.Curve, len(v.Digest))
		}
	}
	for i, v := range bad {
		if twin := good[v.Twin]; !bytes.Equal(v.Public, twin.Public) || !bytes.Equal(v.Digest, twin.Digest) {
			t.Fatalf("refused vector %d differs from its twin in more than the signature", i)
		}
		if v.key(t).VerifyDER(v.Digest, v.Signature) {
			t.Errorf("refused vector %d, %s, %s: accepted", i, v.Curve, v.Fault)
		}
	}
}

// split reads a good signature, by the standard library's reader.
func split(t testing.TB, der []byte) (r, s *big.Int) {
	t.Helper()
	var v struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &v); err != nil || len(rest) > 0 {
		t.Fatal(err)
	}
	return v.R, v.S
}

func join(t testing.TB, r, s *big.Int) []byte {
	t.Helper()
	b, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNumbersOutsideTheirRangeAreNoSignature(t *testing.T) {
	for _, v := range read[[]ecdsaVector](t, "accepted/ecdsa.json") {
		q := v.key(t)
		o := oracleOf(q.Curve())
		r, s := split(t, v.Signature)
		zero, neg := new(big.Int), new(big.Int).Neg
		if !q.Verify(v.Digest, r.Bytes(), s.Bytes()) || !q.VerifyPlain(v.Digest, o.plain(r, s)) {
			t.Fatalf("%s: the twin is refused", v.Curve)
		}
		if !q.Verify(v.Digest, append([]byte{0, 0}, r.Bytes()...), append(make([]byte, 100), s.Bytes()...)) {
			t.Errorf("%s: zeros in front count", v.Curve)
		}
		// n − s verifies too: that is ECDSA's nature, and nothing here hides it.
		if !q.Verify(v.Digest, r.Bytes(), new(big.Int).Sub(o.n, s).Bytes()) {
			t.Errorf("%s: n − s is refused", v.Curve)
		}
		for name, pair := range map[string][2]*big.Int{
			"r = 0": {zero, s}, "s = 0": {r, zero}, "both 0": {zero, zero},
			"r = n": {o.n, s}, "s = n": {r, o.n}, "r + n": {new(big.Int).Add(r, o.n), s}, "s + n": {r, new(big.Int).Add(s, o.n)},
			"r = p": {o.p, s}, "r + p": {new(big.Int).Add(r, o.p), s},
			"swapped": {s, r}, "r + 1": {new(big.Int).Add(r, big.NewInt(1)), s}, "s + 1": {r, new(big.Int).Add(s, big.NewInt(1))},
			"1 and 1":       {big.NewInt(1), big.NewInt(1)},
			"n − 1, n − 1":  {o.nMinus, o.nMinus},
			"very long r":   {new(big.Int).Lsh(r, 700), s},
			"r + 2⁵⁷⁶":      {new(big.Int).Add(r, new(big.Int).Lsh(big.NewInt(1), 576)), s},
			"negative r":    {neg(r), s},
			"negative s":    {r, neg(s)},
			"r, s negative": {neg(r), neg(s)},
		} {
			if pair[0].Sign() >= 0 && pair[1].Sign() >= 0 && q.Verify(v.Digest, pair[0].Bytes(), pair[1].Bytes()) {
				t.Errorf("%s: %s is accepted", v.Curve, name)
			}
			if q.VerifyDER(v.Digest, join(t, pair[0], pair[1])) {
				t.Errorf("%s: %s is accepted in DER", v.Curve, name)
			}
		}
		if q.Verify(nil, r.Bytes(), s.Bytes()) || q.Verify(v.Digest, nil, s.Bytes()) || q.Verify(v.Digest, r.Bytes(), nil) {
			t.Errorf("%s: something empty is accepted", v.Curve)
		}
	}
}

func (o *oracle) plain(r, s *big.Int) []byte {
	b := make([]byte, 2*o.nSize)
	r.FillBytes(b[:o.nSize])
	s.FillBytes(b[o.nSize:])
	return b
}

func TestPlainSignaturesHaveOneWidth(t *testing.T) {
	for _, v := range read[[]ecdsaVector](t, "accepted/ecdsa.json") {
		q := v.key(t)
		o := oracleOf(q.Curve())
		good := o.plain(split(t, v.Signature))
		if !q.VerifyPlain(v.Digest, good) {
			t.Fatalf("%s: the twin is refused", v.Curve)
		}
		half := len(good) / 2
		for name, bad := range map[string][]byte{
			"empty": nil, "short": good[1:], "long": append(slices.Clone(good), 0), "half": good[:half], "DER": v.Signature,
			"a zero between": slices.Concat(good[:half], []byte{0}, good[half:]), "a zero in front": slices.Concat([]byte{0}, good),
			"both a byte wider": slices.Concat([]byte{0}, good[:half], []byte{0}, good[half:]),
		} {
			if len(bad) != len(good) && q.VerifyPlain(v.Digest, bad) {
				t.Errorf("%s: %s is accepted", v.Curve, name)
			}
		}
	}
}

// Every way to spell ECDSA-Sig-Value but the one of DER.
func TestOnlyStrictDERIsASignature(t *testing.T) {
	unsigned := 0
	defer func() {
		if unsigned < 10 {
			t.Errorf("only %d signatures had a number with its top bit set", unsigned)
		}
	}()
	for _, v := range read[[]ecdsaVector](t, "accepted/ecdsa.json") {
		q := v.key(t)
		r, s := split(t, v.Signature)
		body := func(a, b []byte) []byte { return slices.Concat(a, b) }
		num := func(x *big.Int) []byte { b, _ := asn1.Marshal(x); return b }
		seq := func(content []byte) []byte {
			if len(content) < 0x80 {
				return append([]byte{0x30, byte(len(content))}, content...)
			}
			return append([]byte{0x30, 0x81, byte(len(content))}, content...)
		}
		R, S := num(r), num(s)
		if good := seq(body(R, S)); !bytes.Equal(good, v.Signature) || !q.VerifyDER(v.Digest, good) {
			t.Fatalf("%s: the twin is refused", v.Curve)
		}
		padded := func(x []byte) []byte { // INTEGER with a zero too many
			return append([]byte{2, x[1] + 1, 0}, x[2:]...)
		}
		long := func(x []byte) []byte { return append([]byte{x[0], 0x81}, x[1:]...) }
		content := body(R, S)
		n := byte(len(content))
		for name, bad := range map[string][]byte{
			"empty": nil, "tag alone": {0x30}, "no content": {0x30, 0},
			"trailing byte":         append(seq(content), 0),
			"byte after s":          seq(append(slices.Clone(content), 0)),
			"a third number":        seq(slices.Concat(content, []byte{2, 1, 1})),
			"s missing":             seq(R),
			"SET":                   append([]byte{0x31}, seq(content)[1:]...),
			"OCTET STRING for r":    seq(body(append([]byte{4}, R[1:]...), S)),
			"OCTET STRING for s":    seq(body(R, append([]byte{4}, S[1:]...))),
			"r padded":              seq(body(padded(R), S)),
			"s padded":              seq(body(R, padded(S))),
			"r long length":         seq(body(long(R), S)),
			"length in three bytes": slices.Concat([]byte{0x30, 0x82, 0, n}, content),
			"long length, short":    slices.Concat([]byte{0x30, 0x81, n - 1}, content),
			"indefinite":            slices.Concat([]byte{0x30, 0x80}, content, []byte{0, 0}),
			"length past the end":   slices.Concat([]byte{0x30, 0x81, 0xff}, content),
			"length 2³²":            slices.Concat([]byte{0x30, 0x85, 1, 0, 0, 0, n}, content),
			"truncated":             v.Signature[:len(v.Signature)-1],
			"r empty":               seq(body([]byte{2, 0}, S)),
			"s empty":               seq(body(R, []byte{2, 0})),
			"r takes all":           seq(append([]byte{2, byte(len(R) - 2 + len(S))}, body(R[2:], S)...)),
			"length 0x81 alone":     {0x30, 0x81},
		} {
			if q.VerifyDER(v.Digest, bad) {
				t.Errorf("%s: %s is accepted", v.Curve, name)
			}
		}
		for name, bad := range map[string][]byte{ // a number above 2^(8k−1) without its sign
			"r without its sign": slices.Concat([]byte{2, R[1] - 1}, R[3:], S),
			"s without its sign": slices.Concat(R, []byte{2, S[1] - 1}, S[3:]),
		} {
			if signed := map[string]byte{"r": R[2], "s": S[2]}[name[:1]]; signed != 0 {
				continue
			}
			unsigned++
			if q.VerifyDER(v.Digest, seq(bad)) {
				t.Errorf("%s: %s is accepted", v.Curve, name)
			}
		}
		if n < 0x80 && q.VerifyDER(v.Digest, slices.Concat([]byte{0x30, 0x81, n}, content)) {
			t.Errorf("%s: a length that is not minimal is accepted", v.Curve)
		}
	}
}

// r is x mod n, so x may be r + n; such points are too rare to meet by chance and
// are made here: Q = r⁻¹(s·R − e·G) for a point R that has such an x.
func TestAnXAboveNIsReduced(t *testing.T) {
	tried := 0
	for _, c := range all() {
		o := oracleOf(c)
		if o.n.Cmp(o.p) >= 0 {
			continue
		}
		tried++
		room := new(big.Int).Sub(o.p, o.n)
		high := o.aboveN()
		r := new(big.Int).Sub(high.x, o.n)
		low := o.atX(0)
		if room.Cmp(big.NewInt(1<<20)) < 0 || r.Cmp(room) >= 0 {
			t.Fatalf("%v: no room", c)
		}
		for _, v := range []struct {
			name string
			at   *bigPoint
			r    *big.Int
		}{{"x above n", high, r}, {"x far below", low, low.x}} {
			if v.r.Sign() == 0 {
				continue
			}
			s, digest := big.NewInt(7654321), []byte("any digest will do")
			q := o.point(t, o.keyFor(v.at, v.r, s, digest))
			if !q.Verify(digest, v.r.Bytes(), s.Bytes()) {
				t.Errorf("%v: %s: refused", c, v.name)
			}
			if q.Verify(digest, new(big.Int).Add(v.r, big.NewInt(1)).Bytes(), s.Bytes()) {
				t.Errorf("%v: %s: r + 1 accepted", c, v.name)
			}
		}
	}
	if tried < 8 {
		t.Errorf("only %d curves have n < p", tried)
	}
}

// Two equations that a forger likes: with the digest 0 the key drops out of half
// of the sum, and with −r·d all of it, so that there is no x to compare.
func TestEmptyDigestsAndPointsAtInfinityProveNothing(t *testing.T) {
	for _, c := range all() {
		o, rnd := oracleOf(c), seeded(c)
		k, s := o.scalar(rnd), o.scalar(rnd)
		at := o.times(k, o.g)
		r := new(big.Int).Mod(at.x, o.n)
		q := o.point(t, o.keyFor(at, r, s, nil))
		if !q.Verify([]byte{0}, r.Bytes(), s.Bytes()) {
			t.Fatalf("%v: the twin, a digest of one zero, is refused", c)
		}
		if q.Verify(nil, r.Bytes(), s.Bytes()) || q.Verify([]byte{}, r.Bytes(), s.Bytes()) {
			t.Errorf("%v: an empty digest is accepted", c)
		}

		d := o.scalar(rnd)
		q = o.point(t, o.times(d, o.g))
		e := new(big.Int).Mul(r, d)
		e.Sub(o.n, e.Mod(e, o.n)).Lsh(e, uint(8*o.nSize-o.n.BitLen()))
		digest := e.FillBytes(make([]byte, o.nSize))
		var p jacobian
		u1, u2 := fromBig(o.reduceDigest(digest)), fromBig(r)
		if o.id.load().combine(&p, &u1, &u2, &q.at); !p.infinite() {
			t.Fatalf("%v: the sum is not at infinity", c)
		}
		if q.Verify(digest, r.Bytes(), s.Bytes()) {
			t.Errorf("%v: the point at infinity is accepted", c)
		}
	}
}

func TestZeroIsNoPartOfASignature(t *testing.T) {
	c := P256.load()
	var z elem
	if !c.number(&z, []byte{0, 1}) || c.number(&z, nil) || c.number(&z, []byte{0}) || c.number(&z, make([]byte, 40)) {
		t.Error("zero is read as a number from 1 to n−1")
	}
}

// aboveN returns a point with n < x < p.
func (o *oracle) aboveN() *bigPoint {
	for x := o.nPlus; ; x = new(big.Int).Add(x, big.NewInt(1)) {
		p := &bigPoint{x: x}
		if p.y = new(big.Int).ModSqrt(o.right(x), o.p); p.y != nil {
			return p
		}
	}
}

// keyFor returns the key under which (r, s) is a signature with the point at.
func (o *oracle) keyFor(at *bigPoint, r, s *big.Int, digest []byte) *bigPoint {
	e := o.reduceDigest(digest)
	sum := o.add(o.times(s, at), o.times(new(big.Int).Sub(o.n, e), o.g))
	return o.times(new(big.Int).ModInverse(r, o.n), sum)
}

func (o *oracle) reduceDigest(digest []byte) *big.Int {
	e := new(big.Int).SetBytes(digest)
	if extra := 8*len(digest) - o.n.BitLen(); extra > 0 {
		e.Rsh(e, uint(extra))
	}
	return e.Mod(e, o.n)
}

// verify is ECDSA by the book.
func (o *oracle) verify(q *bigPoint, digest []byte, r, s *big.Int) bool {
	if r.Sign() <= 0 || s.Sign() <= 0 || r.Cmp(o.n) >= 0 || s.Cmp(o.n) >= 0 {
		return false
	}
	w := new(big.Int).ModInverse(s, o.n)
	u1 := new(big.Int).Mul(o.reduceDigest(digest), w)
	u2 := new(big.Int).Mul(r, w)
	p := o.add(o.times(u1.Mod(u1, o.n), o.g), o.times(u2.Mod(u2, o.n), q))
	return p != nil && new(big.Int).Mod(p.x, o.n).Cmp(r) == 0
}

// The formulas have exceptions: equal points, opposite ones, infinity. These
// scalars meet them all.
func TestCombinationsThatMeetEachOther(t *testing.T) {
	for _, c := range all() {
		o, k := oracleOf(c), c.load()
		scalars := []*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(31), big.NewInt(127), o.nMinus, o.scalar(seeded(c))}
		var left []*bigPoint
		for _, a := range scalars {
			left = append(left, o.times(a, o.g))
		}
		for _, m := range []int64{1, 31} {
			for _, sign := range []bool{true, false} {
				q := o.times(big.NewInt(m), o.g)
				if !sign {
					q = &bigPoint{q.x, new(big.Int).Sub(o.p, q.y)}
				}
				at := o.point(t, q)
				for _, b := range scalars {
					right := o.times(b, q)
					for i, a := range scalars {
						x, y := fromBig(a), fromBig(b)
						var p jacobian
						k.combine(&p, &x, &y, &at.at)
						want := o.add(left[i], right)
						if want == nil != p.infinite() || want != nil && !o.same(k, &p, want) {
							t.Fatalf("%v: %v·G + %v·(±%d·G) is wrong", c, a, b, m)
						}
					}
				}
			}
		}
	}
}

// same reports whether a jacobian point has the oracle's x and y.
func (o *oracle) same(k *curve, p *jacobian, want *bigPoint) bool {
	q := o.id.Generator()
	var zi, zz elem
	k.p.invert(&zi, &p.z)
	k.p.mul(&zz, &zi, &zi)
	k.p.mul(&q.at.x, &p.x, &zz)
	k.p.mul(&zz, &zz, &zi)
	k.p.mul(&q.at.y, &p.y, &zz)
	return bytes.Equal(q.Bytes(), o.encode(want))
}

func TestTheFirstBitsOfADigestCount(t *testing.T) {
	for _, c := range all() {
		o, k, r := oracleOf(c), c.load(), seeded(c)
		for width := 1; width < 80; width++ {
			digest := make([]byte, width)
			for i := range digest {
				digest[i] = byte(r.Uint32()) | byte(width%2*255) // every other one all ones
			}
			var e elem
			if k.digest(&e, digest); e.big().Cmp(o.reduceDigest(digest)) != 0 {
				t.Fatalf("%v: digest of %d bytes is %x, want %x", c, width, e.big(), o.reduceDigest(digest))
			}
		}
	}
}

func TestSignedDigitsAddUp(t *testing.T) {
	for _, c := range all() {
		o, k := oracleOf(c), c.load()
		r := seeded(c)
		for i := range 40 {
			x := o.scalar(r)
			switch i {
			case 0:
				x = big.NewInt(0)
			case 1:
				x = o.nMinus
			case 2:
				x = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(o.n.BitLen()-1)), big.NewInt(1))
			}
			for _, width := range []int{keyWindow, wideWindow} {
				var digits [maxDigits]int8
				e := fromBig(x)
				k.signedDigits(&digits, &e, width)
				sum, last := new(big.Int), -width
				for j, d := range digits {
					if d == 0 {
						continue
					}
					sum.Add(sum, new(big.Int).Lsh(big.NewInt(int64(d)), uint(j)))
					if d%2 == 0 || int(max(d, -d)) >= 1<<(width-1) || j-last < width {
						t.Fatalf("%v: digit %d at %d", c, d, j)
					}
					last = j
				}
				if sum.Cmp(x) != 0 {
					t.Fatalf("%v: the digits of %x add up to %x", c, x, sum)
				}
			}
		}
	}
}
