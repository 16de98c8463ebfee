package ec

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"testing"
)

// curveOf turns any byte into a curve.
func curveOf(b byte) Curve { return P192 + Curve(b)%Curve(len(all())) }

func FuzzPoint(f *testing.F) {
	for _, c := range all() {
		o := oracleOf(c)
		good := c.Generator().Bytes()
		f.Add(byte(c-P192), good)
		f.Add(byte(c-P192), o.encode(o.atX(0)))
		f.Add(byte(c-P192), flip(good, len(good)-1))
		f.Add(byte(c-P192), good[:len(good)-1])
		f.Add(byte(c-P192), append([]byte{2}, good[1:1+o.size]...))
	}
	f.Fuzz(func(t *testing.T, which byte, b []byte) {
		c := curveOf(which)
		o := oracleOf(c)
		q, err := c.Point(b)
		valid := false
		if len(b) == 1+2*o.size && b[0] == 4 {
			p := &bigPoint{new(big.Int).SetBytes(b[1 : 1+o.size]), new(big.Int).SetBytes(b[1+o.size:])}
			valid = p.x.Cmp(o.p) < 0 && p.y.Cmp(o.p) < 0 && o.holds(p)
		}
		if valid != (err == nil) || valid && !bytes.Equal(q.Bytes(), b) || !valid && q != (Point{}) {
			t.Fatalf("%v: %x: %v, the oracle says %v", c, b, err, valid)
		}
	})
}

// Multiplications, additions and mappings of two scalars, against the oracle.
func FuzzArithmetic(f *testing.F) {
	for _, c := range all() {
		o := oracleOf(c)
		for _, v := range [][2]*big.Int{{big.NewInt(1), big.NewInt(1)}, {o.nMinus, big.NewInt(1)}, {o.n, o.nPlus}, {o.scalar(seeded(c)), big.NewInt(0)}} {
			f.Add(byte(c-P192), v[0].Bytes(), v[1].Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, which byte, a, b []byte) {
		if len(a) > 80 || len(b) > 80 {
			return
		}
		c := curveOf(which)
		o := oracleOf(c)
		x, y := new(big.Int).SetBytes(a), new(big.Int).SetBytes(b)
		x.Mod(x, o.n)
		y.Mod(y, o.n)
		if x.Sign() == 0 {
			x.SetInt64(1)
		}
		s := o.secret(t, x)
		p, err := s.Public()
		want := o.times(x, o.g)
		if err != nil || !bytes.Equal(p.Bytes(), o.encode(want)) {
			t.Fatalf("%v: %x·G", c, x)
		}
		twice, err := s.Times(p)
		if again := o.times(x, want); err != nil || !bytes.Equal(twice.Bytes(), o.encode(again)) {
			t.Fatalf("%v: %x·P", c, x)
		}
		sum := o.add(o.times(y, o.g), want)
		mapped, err := p.MapGeneric(b)
		if sum == nil {
			if err != ErrInfinity {
				t.Fatalf("%v: %x·G + P: %v", c, y, err)
			}
		} else if err != nil || !bytes.Equal(mapped.Bytes(), o.encode(sum)) {
			t.Fatalf("%v: %x·G + P", c, y)
		}
		if q, err := c.MapIntegrated(a); err == nil {
			if _, err := c.Point(q.Bytes()); err != nil {
				t.Fatalf("%v: %x maps off the curve", c, a)
			}
		}
	})
}

// A signature is accepted exactly if the standard library reads it as DER, writes
// it back alike, and the oracle's ECDSA by the book accepts the numbers.
func FuzzVerify(f *testing.F) {
	for _, v := range read[[]ecdsaVector](f, "accepted/ecdsa.json") {
		c, _ := ByName(v.Curve)
		f.Add(byte(c-P192), []byte(v.Public), []byte(v.Digest), []byte(v.Signature))
		f.Add(byte(c-P192), []byte(v.Public), []byte(v.Digest), append([]byte{0x30, 0x81}, v.Signature[1:]...))
		f.Add(byte(c-P192), []byte(v.Public), []byte{}, []byte(v.Signature))
	}
	f.Fuzz(func(t *testing.T, which byte, key, digest, signature []byte) {
		c := curveOf(which)
		q, err := c.Point(key)
		if err != nil || len(digest) > 200 || len(signature) > 300 {
			return
		}
		o := oracleOf(c)
		var v struct{ R, S *big.Int }
		rest, err := asn1.Unmarshal(signature, &v)
		want := err == nil && len(rest) == 0 && len(digest) > 0
		if want {
			back, err := asn1.Marshal(v)
			p := &bigPoint{new(big.Int).SetBytes(key[1 : 1+o.size]), new(big.Int).SetBytes(key[1+o.size:])}
			want = err == nil && bytes.Equal(back, signature) && o.verify(p, digest, v.R, v.S)
		}
		if got := q.VerifyDER(digest, signature); got != want {
			t.Fatalf("%v: %v, the oracle says %v", c, got, want)
		}
	})
}
