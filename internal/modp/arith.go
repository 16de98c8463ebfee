package modp

import (
	"math/bits"
	"sync"
)

// limbs is the width of the widest p in words.
const limbs = 32

// elem is a number modulo p, least word first, words past those of p zero.
type elem [limbs]uint64

// modulus is a group made ready for use.
type modulus struct {
	n         int // words
	p         elem
	inverse   uint64 // −1/p modulo 2⁶⁴
	one, rr   elem   // R and R² modulo p, R = 2^(64n)
	generator elem
	order     []byte
	cofactor  []byte
}

// prepared holds each group from its first use on; nothing in it changes after.
var prepared [len(definitions)]struct {
	once sync.Once
	m    *modulus
}

func (g Group) load() *modulus {
	if g.Size() == 0 {
		return nil
	}
	slot := &prepared[g-1]
	slot.once.Do(func() { slot.m = newModulus(&definitions[g-1]) })
	return slot.m
}

func newModulus(d *definition) *modulus {
	m := &modulus{n: len(d.p) / 16, order: number(d.q), cofactor: number(d.cofactor)}
	load(&m.p, number(d.p))
	m.inverse = 1
	for range 6 { // Newton's method doubles the bits that are right
		m.inverse *= 2 - m.p[0]*m.inverse
	}
	m.inverse = -m.inverse
	m.rr[0] = 1
	for i := range 128 * m.n {
		m.double(&m.rr)
		if i == 64*m.n-1 {
			m.one = m.rr
		}
	}
	m.read(&m.generator, number(d.g))
	return m
}

// load reads a number that fits.
func load(z *elem, b []byte) {
	*z = elem{}
	for i := range b {
		at := len(b) - 1 - i
		z[at/8] |= uint64(b[i]) << (at % 8 * 8)
	}
}

// double sets z to 2z.
func (m *modulus) double(z *elem) {
	var carry uint64
	for i := range m.n {
		z[i], carry = bits.Add64(z[i], z[i], carry)
	}
	m.reduce(z, z, carry)
}

// reduce sets z to the number carry·R + x, which is below 2p, modulo p.
func (m *modulus) reduce(z, x *elem, carry uint64) {
	var t elem
	var borrow uint64
	for i := range m.n {
		t[i], borrow = bits.Sub64(x[i], m.p[i], borrow)
	}
	keep := -(borrow &^ carry) // x itself, if it is below p
	for i := range m.n {
		z[i] = x[i]&keep | t[i]&^keep
	}
}

// mul sets z to xy/R (C. K. Koç et al., "Analyzing and comparing Montgomery
// multiplication algorithms", 1996, CIOS).
func (m *modulus) mul(z, x, y *elem) {
	var t elem
	var top uint64
	p, n := &m.p, m.n
	for i := range n {
		var c, d uint64
		f := x[i]
		for j := range n {
			hi, lo := bits.Mul64(f, y[j])
			var k uint64
			lo, k = bits.Add64(lo, t[j], 0)
			hi += k
			t[j], k = bits.Add64(lo, c, 0)
			c = hi + k
		}
		top, d = bits.Add64(top, c, 0)
		f = t[0] * m.inverse
		hi, lo := bits.Mul64(f, p[0])
		_, k := bits.Add64(lo, t[0], 0)
		c = hi + k
		for j := 1; j < n; j++ {
			hi, lo := bits.Mul64(f, p[j])
			lo, k = bits.Add64(lo, t[j], 0)
			hi += k
			t[j-1], k = bits.Add64(lo, c, 0)
			c = hi + k
		}
		t[n-1], k = bits.Add64(top, c, 0)
		top = d + k
	}
	*z = elem{}
	m.reduce(z, &t, top)
}

// power sets z to x to the exponent, a big-endian number. The time depends on the
// exponent's length alone.
func (m *modulus) power(z, x *elem, exponent []byte) {
	var table [16]elem
	table[0], table[1] = m.one, *x
	for i := 2; i < 16; i++ {
		m.mul(&table[i], &table[i-1], x)
	}
	acc := m.one
	var next elem
	for _, b := range exponent {
		for _, window := range [...]byte{b >> 4, b & 15} {
			for range 4 {
				m.mul(&acc, &acc, &acc)
			}
			m.choose(&next, &table, uint64(window))
			m.mul(&acc, &acc, &next)
		}
	}
	*z = acc
	clear(table[:])
}

// choose copies entry i, touching every entry alike.
func (m *modulus) choose(z *elem, table *[16]elem, i uint64) {
	*z = elem{}
	for j := range table {
		d := uint64(j) ^ i
		mask := -((d - 1) >> 63) // all ones if j is i
		for w := range m.n {
			z[w] |= table[j][w] & mask
		}
	}
}

// read brings a number below p to Montgomery form; ok is false for others.
func (m *modulus) read(z *elem, b []byte) (ok bool) {
	if len(b) > 8*m.n {
		return false
	}
	var t elem
	load(&t, b)
	var borrow uint64
	for i := range m.n {
		_, borrow = bits.Sub64(t[i], m.p[i], borrow)
	}
	if borrow == 0 {
		return false
	}
	m.mul(z, &t, &m.rr)
	return true
}

// wide brings a number of any width to Montgomery form, byte by byte.
func (m *modulus) wide(z *elem, b []byte) {
	*z = elem{}
	for _, c := range b {
		for range 8 {
			m.double(z)
		}
		var t elem
		t[0] = uint64(c)
		m.mul(&t, &t, &m.rr)
		m.add(z, &t)
	}
}

// add sets z to z + x.
func (m *modulus) add(z, x *elem) {
	var carry uint64
	for i := range m.n {
		z[i], carry = bits.Add64(z[i], x[i], carry)
	}
	m.reduce(z, z, carry)
}

// bytes returns the plain number at the width of p.
func (m *modulus) bytes(x *elem) []byte {
	one := elem{1}
	var t elem
	m.mul(&t, x, &one)
	b := make([]byte, 8*m.n)
	for i := range b {
		at := len(b) - 1 - i
		b[i] = byte(t[at/8] >> (at % 8 * 8))
	}
	return b
}
