package ec

import (
	"bytes"
	"math/big"
	"testing"
)

func TestTimesAgreesWithTheOracle(t *testing.T) {
	for _, c := range all() {
		o, r := oracleOf(c), seeded(c)
		for range 4 {
			p := o.times(o.scalar(r), o.g)
			k := o.scalar(r)
			got, err := o.secret(t, k).Times(o.point(t, p))
			if want := o.encode(o.times(k, p)); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Fatalf("%v: k·P = %x, %v, want %x", c, got.Bytes(), err, want)
			}
			got, err = o.secret(t, k).Public()
			if want := o.encode(o.times(k, o.g)); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Fatalf("%v: k·G = %x, %v, want %x", c, got.Bytes(), err, want)
			}
		}
	}
}

// The inner multiplications know no forbidden scalar: 0 and n end at infinity,
// and the recodings carry right at both ends.
func TestScalarsAtTheEdgesAreRight(t *testing.T) {
	for _, c := range all() {
		o, k := oracleOf(c), c.load()
		p := o.times(big.NewInt(12345), o.g)
		q := o.point(t, p)
		at := k.lift(&q.at)
		edges := []*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(2), big.NewInt(15), big.NewInt(16), o.nMinus, o.n, o.nPlus,
			new(big.Int).Rsh(o.n, 1), new(big.Int).Rsh(o.n, 9), new(big.Int).Lsh(big.NewInt(1), uint(o.n.BitLen()-1)),
			new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(o.n.BitLen())), big.NewInt(1))}
		for _, e := range edges {
			var x elem
			load(&x, e.Bytes())
			var r projective
			k.times(&r, &x, &at)
			compare(t, o, "k·P", &r, o.times(e, p))
			k.timesG(&r, &x)
			compare(t, o, "k·G", &r, o.times(e, o.g))
		}
	}
}

func compare(t *testing.T, o *oracle, what string, r *projective, want *bigPoint) {
	t.Helper()
	q, err := o.id.load().point(o.id, r)
	if want == nil {
		if err != ErrInfinity {
			t.Errorf("%v: %s is %v, %v, want infinity", o.id, what, q, err)
		}
		return
	}
	if err != nil || !bytes.Equal(q.Bytes(), o.encode(want)) {
		t.Errorf("%v: %s = %x, %v, want %x", o.id, what, q.Bytes(), err, o.encode(want))
	}
}
