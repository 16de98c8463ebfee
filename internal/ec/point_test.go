package ec

import (
	"bytes"
	"math/big"
	"slices"
	"testing"
)

// atX returns the first point whose x is small or more, by a square root.
func (o *oracle) atX(x int64) *bigPoint {
	for ; ; x++ {
		p := &bigPoint{x: big.NewInt(x)}
		if p.y = new(big.Int).ModSqrt(o.right(p.x), o.p); p.y != nil {
			return p
		}
	}
}

// Each fault stands in an encoding that is accepted without it.
func TestWhatIsNoPointOfTheCurveIsRefused(t *testing.T) {
	for _, c := range all() {
		o := oracleOf(c)
		generator, small := o.encode(o.g), o.encode(o.atX(0))
		last := len(generator) - 1
		overX := slices.Clone(small) // the same x + p: the same point, said twice
		new(big.Int).Add(o.p, o.atX(0).x).FillBytes(overX[1 : 1+o.size])
		for _, v := range []struct {
			fault     string
			good, bad []byte
		}{
			{"nothing", generator, nil},
			{"the point at infinity", generator, []byte{0}},
			{"infinity at full length", generator, make([]byte, 1+2*o.size)},
			{"x and y zero", generator, append([]byte{4}, make([]byte, 2*o.size)...)},
			{"compressed", generator, append([]byte{2 + generator[last]&1}, generator[1:1+o.size]...)},
			{"hybrid", generator, append([]byte{6 + generator[last]&1}, generator[1:]...)},
			{"no prefix", generator, generator[1:]},
			{"a byte short", generator, generator[:last]},
			{"a byte long", generator, append(slices.Clone(generator), 0)},
			{"off the curve in y", generator, flip(generator, last)},
			{"off the curve in x", generator, flip(generator, o.size)},
			{"x not below p", small, overX},
			{"y = p", small, append(slices.Clone(small[:1+o.size]), o.p.FillBytes(make([]byte, o.size))...)},
			{"all ones", generator, append([]byte{4}, bytes.Repeat([]byte{0xff}, 2*o.size)...)},
		} {
			if q, err := c.Point(v.good); err != nil || !bytes.Equal(q.Bytes(), v.good) {
				t.Fatalf("%v: the twin of %s is refused: %v", c, v.fault, err)
			}
			if q, err := c.Point(v.bad); err != ErrPoint || q != (Point{}) {
				t.Errorf("%v: %s: %v", c, v.fault, err)
			}
		}
	}
}

func flip(b []byte, at int) []byte {
	b = slices.Clone(b)
	b[at] ^= 1
	return b
}

// A y that fits after p is added says a point twice; brainpool primes leave room.
func TestACoordinateIsBelowP(t *testing.T) {
	tried := 0
	for _, c := range all() {
		o := oracleOf(c)
		for x := int64(0); x < 40; x++ {
			p := o.atX(x)
			over := new(big.Int).Add(p.y, o.p)
			if over.BitLen() > 8*o.size {
				continue
			}
			tried++
			good := o.encode(p)
			bad := append(slices.Clone(good[:1+o.size]), over.FillBytes(make([]byte, o.size))...)
			if _, err := c.Point(good); err != nil {
				t.Fatalf("%v: the twin is refused: %v", c, err)
			}
			if _, err := c.Point(bad); err != ErrPoint {
				t.Errorf("%v: y + p: %v", c, err)
			}
		}
	}
	if tried < 40 {
		t.Errorf("only %d points had room", tried)
	}
}

func TestLeadingZerosBelongToCoordinates(t *testing.T) {
	for _, c := range all() {
		o := oracleOf(c)
		p := o.atX(0) // x below 2⁸ in practice
		q := o.point(t, p)
		want := p.x.FillBytes(make([]byte, o.size))
		if !bytes.Equal(q.X(), want) || len(q.Bytes()) != 1+2*o.size || q.X()[0] != 0 {
			t.Errorf("%v: x is %x", c, q.X())
		}
		// ECDH towards that point: (1/k)·P is the other side's key.
		k := big.NewInt(0x1234567)
		peer := o.times(new(big.Int).ModInverse(k, o.n), p)
		shared, err := o.secret(t, k).Times(o.point(t, peer))
		if err != nil || shared != q || !bytes.Equal(shared.X(), want) {
			t.Errorf("%v: shared secret %x, %v, want %x", c, shared.X(), err, want)
		}
	}
}

func TestAddKnowsEqualOppositeAndForeignPoints(t *testing.T) {
	for _, c := range all() {
		o := oracleOf(c)
		p, q := o.times(big.NewInt(77), o.g), o.times(big.NewInt(1000003), o.g)
		minus := &bigPoint{p.x, new(big.Int).Sub(o.p, p.y)}
		a, b := o.point(t, p), o.point(t, q)
		for _, v := range []struct {
			name string
			with Point
			want *bigPoint
		}{{"another", b, o.add(p, q)}, {"itself", a, o.add(p, p)}, {"G", c.Generator(), o.add(p, o.g)}} {
			if got, err := a.Add(v.with); err != nil || !bytes.Equal(got.Bytes(), o.encode(v.want)) {
				t.Errorf("%v: P + %s = %x, %v", c, v.name, got.Bytes(), err)
			}
		}
		if got, err := a.Add(o.point(t, minus)); err != ErrInfinity || got != (Point{}) {
			t.Errorf("%v: P − P: %v", c, err)
		}
		other := (P192 + (c-P192+1)%Curve(len(all()))).Generator()
		if _, err := a.Add(other); err != ErrMixed {
			t.Errorf("%v + %v: %v", c, other.Curve(), err)
		}
		if _, err := a.Add(Point{}); err != ErrMixed {
			t.Errorf("P + the zero Point: %v", err)
		}
	}
}

func TestTheZeroPointDoesNothing(t *testing.T) {
	var zero Point
	if zero.Curve() != 0 || zero.Bytes() != nil || zero.X() != nil || Curve(0).Generator() != zero {
		t.Error("the zero Point has a curve or coordinates")
	}
	if _, err := zero.Add(P256.Generator()); err != ErrPoint {
		t.Errorf("Add: %v", err)
	}
	if _, err := zero.MapGeneric([]byte{1}); err != ErrPoint {
		t.Errorf("MapGeneric: %v", err)
	}
	if _, err := Curve(0).Point(P256.Generator().Bytes()); err != ErrCurve {
		t.Errorf("Point: %v", err)
	}
	if zero.Verify([]byte{1}, []byte{1}, []byte{1}) || zero.VerifyPlain([]byte{1}, nil) || zero.VerifyDER([]byte{1}, nil) {
		t.Error("the zero Point verifies")
	}
}
