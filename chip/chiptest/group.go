package chiptest

import (
	"io"
	"math/big"
)

// group is where a key agreement happens: a curve or a subgroup of the integers
// modulo a prime. It is plain math/big on purpose: slow, variable in time, and
// nothing that the reader of package chip could share a mistake with.
type group interface {
	number() int                         // standardised domain parameters
	order() *big.Int                     // of the base, a prime
	field() *big.Int                     // the prime beneath
	base() element                       // the generator
	power(e element, k *big.Int) element // k·e, or e to the k
	combine(a, b element) element        // a+b, or a·b
	embed(t *big.Int) element            // PACE's integrated mapping of a number
	encode(e element) []byte             // as public keys travel
	decode(b []byte) (element, bool)     // the reverse, with every check a chip can make
	secret(e element) []byte             // what key derivation takes, of fixed length
}

// element is a point, or a number in x alone. A curve's identity has neither.
type element struct{ x, y *big.Int }

func groupByName(name string) group {
	if c := curveByName(name); c != nil {
		return c
	}
	if m := modpByName(name); m != nil {
		return m
	}
	return nil
}

// entropy is the chip's randomness. It is crypto/rand's, which does not fail;
// tests of published examples put a recording in its place.
type entropy struct{ io.Reader }

func (r entropy) bytes(n int) []byte {
	b := make([]byte, n)
	io.ReadFull(r, b)
	return b
}

// scalar returns a number from 1 to n-1. Eight bytes more than n has make the
// bias of the reduction negligible (FIPS 186-5 A.2.1).
func (r entropy) scalar(n *big.Int) *big.Int {
	k := new(big.Int).SetBytes(r.bytes(len(n.Bytes()) + 8))
	k.Mod(k, new(big.Int).Sub(n, big.NewInt(1)))
	return k.Add(k, big.NewInt(1))
}

// fixed writes n as wide as the modulus is: leading zero bytes stay.
func fixed(n, modulus *big.Int) []byte { return n.FillBytes(make([]byte, len(modulus.Bytes()))) }

func hexInt(s string) *big.Int {
	n, _ := new(big.Int).SetString(s, 16)
	return n
}
