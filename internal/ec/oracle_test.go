package ec

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// all are the eleven curves.
func all() (cs []Curve) {
	for c := P192; c <= P521; c++ {
		cs = append(cs, c)
	}
	return cs
}

// An oracle is a curve in math/big and affine coordinates, by the formulas of a
// school book: it shares nothing with the package but the printed parameters,
// which TestTheParametersAreThoseOfTheStandards checks by themselves.
type oracle struct {
	id            Curve
	p, a, b, n    *big.Int
	g             *bigPoint
	size, nSize   int
	nPlus, nMinus *big.Int
}

// A bigPoint is affine; nil is the point at infinity.
type bigPoint struct{ x, y *big.Int }

func oracleOf(c Curve) *oracle {
	d := definitions[c-P192]
	read := func(s string) *big.Int {
		v, _ := new(big.Int).SetString(s, 16)
		return v
	}
	o := &oracle{id: c, p: read(d.p), a: read(d.a), b: read(d.b), n: read(d.n), g: &bigPoint{read(d.x), read(d.y)}}
	o.size, o.nSize = (o.p.BitLen()+7)/8, (o.n.BitLen()+7)/8
	o.nPlus, o.nMinus = new(big.Int).Add(o.n, big.NewInt(1)), new(big.Int).Sub(o.n, big.NewInt(1))
	return o
}

func (o *oracle) add(p, q *bigPoint) *bigPoint {
	if p == nil {
		return q
	}
	if q == nil {
		return p
	}
	num, den := new(big.Int).Sub(q.y, p.y), new(big.Int).Sub(q.x, p.x)
	if p.x.Cmp(q.x) == 0 {
		if p.y.Cmp(q.y) != 0 || p.y.Sign() == 0 {
			return nil
		}
		num.Mul(p.x, p.x).Mul(num, big.NewInt(3)).Add(num, o.a)
		den.Lsh(p.y, 1)
	}
	den.Mod(den, o.p)
	l := num.Mul(num, den.ModInverse(den, o.p))
	l.Mod(l, o.p)
	x := new(big.Int).Mul(l, l)
	x.Sub(x, p.x).Sub(x, q.x).Mod(x, o.p)
	y := new(big.Int).Sub(p.x, x)
	y.Mul(y, l).Sub(y, p.y).Mod(y, o.p)
	return &bigPoint{x, y}
}

func (o *oracle) times(k *big.Int, p *bigPoint) (r *bigPoint) {
	for i := k.BitLen() - 1; i >= 0; i-- {
		if r = o.add(r, r); k.Bit(i) == 1 {
			r = o.add(r, p)
		}
	}
	return r
}

func (o *oracle) holds(p *bigPoint) bool {
	y := new(big.Int).Mul(p.y, p.y)
	return y.Mod(y, o.p).Cmp(o.right(p.x)) == 0
}

// right is x³ + ax + b.
func (o *oracle) right(x *big.Int) *big.Int {
	r := new(big.Int).Mul(x, x)
	r.Add(r, o.a).Mul(r, x).Add(r, o.b)
	return r.Mod(r, o.p)
}

func (o *oracle) encode(p *bigPoint) []byte {
	b := make([]byte, 1+2*o.size)
	b[0] = 4
	p.x.FillBytes(b[1 : 1+o.size])
	p.y.FillBytes(b[1+o.size:])
	return b
}

// point brings an oracle's point into the package.
func (o *oracle) point(t testing.TB, p *bigPoint) Point {
	t.Helper()
	q, err := o.id.Point(o.encode(p))
	if err != nil {
		t.Fatalf("%v: a point of the oracle: %v", o.id, err)
	}
	return q
}

func (o *oracle) secret(t testing.TB, k *big.Int) Secret {
	t.Helper()
	s, err := o.id.Secret(k.FillBytes(make([]byte, o.nSize)))
	if err != nil {
		t.Fatalf("%v: %v", o.id, err)
	}
	return s
}

// scalar draws a number from 1 to n−1 by a seeded generator.
func (o *oracle) scalar(r *rand.Rand) *big.Int {
	b := make([]byte, o.nSize+8)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	k := new(big.Int).SetBytes(b)
	return k.Mod(k, o.nMinus).Add(k, big.NewInt(1))
}

func seeded(c Curve) *rand.Rand { return rand.New(rand.NewPCG(uint64(c), 9303)) }
