package ec

import "math/bits"

// limbs is how many 64-bit words the widest modulus takes: 521 bits.
const limbs = 9

// An elem is a number below 2⁵⁷⁶, least significant word first. Words past those
// of the modulus are always zero, so two elems of one field may be compared with
// the == operator where timing does not matter.
type elem [limbs]uint64

// A field is the integers modulo an odd prime. Its elements are kept in
// Montgomery form, x·R mod m with R = 2^(64·n): a product then costs two rows of
// word products per word and no division (P. L. Montgomery, 1985).
//
// Every method but pow takes time that depends on the modulus alone; pow's time
// depends on its exponent also, which is always public.
type field struct {
	bits   int
	n      int // words: those of the modulus, rounded up to 4, 6, 8 or 9
	m      elem
	inv    uint64 // −m⁻¹ mod 2⁶⁴
	one    elem   // R mod m: the number 1
	square elem   // R² mod m
	fermat elem   // m − 2
}

// newField prepares arithmetic modulo m.
func newField(m elem) *field {
	f := &field{m: m}
	for i, w := range m {
		if w != 0 {
			f.bits = 64*i + bits.Len64(w)
		}
	}
	switch words := (f.bits + 63) / 64; { // widths that have straight-line code
	case words <= 4:
		f.n = 4
	case words <= 8:
		f.n = (words + 1) / 2 * 2
	default:
		f.n = limbs
	}
	inv := m[0] // right for the lowest three bits; each step doubles them
	for range 5 {
		inv *= 2 - m[0]*inv
	}
	f.inv = -inv
	x := elem{1}
	for i := range 128 * f.n {
		if i == 64*f.n {
			f.one = x
		}
		f.add(&x, &x, &x)
	}
	f.square = x
	f.sub(&f.fermat, &elem{}, &elem{2})
	return f
}

// size is the length of an element in bytes.
func (f *field) size() int { return (f.bits + 7) / 8 }

// enter brings a plain number below m into Montgomery form.
func (f *field) enter(z, x *elem) { f.mul(z, x, &f.square) }

// leave brings an element back to a plain number.
func (f *field) leave(z, x *elem) { f.mul(z, x, &elem{1}) }

// below returns 1 if the plain number x is less than m, otherwise 0.
func (f *field) below(x *elem) (yes uint64) {
	for i := range x {
		_, yes = bits.Sub64(x[i], f.m[i], yes)
	}
	return yes
}

// zero returns all ones if x is zero, otherwise zero.
func zero(x *elem) (mask uint64) {
	var or uint64
	for _, w := range x {
		or |= w
	}
	return (or|-or)>>63 - 1
}

// equal returns all ones if x and y are equal, otherwise zero.
func equal(x, y *elem) (mask uint64) {
	var d elem
	for i := range d {
		d[i] = x[i] ^ y[i]
	}
	return zero(&d)
}

// pick sets z to x if mask is all ones, and to y if it is zero.
func pick(z *elem, mask uint64, x, y *elem) {
	for i := range z {
		z[i] = y[i] ^ mask&(x[i]^y[i])
	}
}

// pow sets z to x^e by windows of four bits. The time depends on e.
func (f *field) pow(z, x, e *elem) {
	var table [16]elem
	table[1] = *x
	for i := 2; i < 16; i++ {
		f.mul(&table[i], &table[i-1], x)
	}
	acc := f.one
	for i := 16*f.n - 1; i >= 0; i-- {
		for range 4 {
			f.mul(&acc, &acc, &acc)
		}
		if w := window(e, i); w != 0 {
			f.mul(&acc, &acc, &table[w])
		}
	}
	*z = acc
}

// window returns the i-th group of four bits.
func window(x *elem, i int) uint64 { return x[i/16] >> (i % 16 * 4) & 15 }

// invert sets z to 1/x, and to 0 if x is 0, by Fermat's little theorem.
func (f *field) invert(z, x *elem) { f.pow(z, x, &f.fermat) }

// parse reads a plain number below m from exactly size bytes.
func (f *field) parse(z *elem, b []byte) bool {
	return len(b) == f.size() && load(z, b) && f.below(z) == 1
}

// load reads a big-endian number, false if it is too long for an elem.
func load(z *elem, b []byte) bool {
	*z = elem{}
	if len(b) > 8*limbs {
		return false
	}
	for i, v := range b {
		at := len(b) - 1 - i
		z[at/8] |= uint64(v) << (at % 8 * 8)
	}
	return true
}

// appendBytes writes a plain number as size bytes, leading zeros kept.
func (f *field) appendBytes(b []byte, x *elem) []byte {
	for at := f.size() - 1; at >= 0; at-- {
		b = append(b, byte(x[at/8]>>(at%8*8)))
	}
	return b
}

// wide sets z to the big-endian number b modulo m, in Montgomery form. The time
// depends on the length of b only.
func (f *field) wide(z *elem, b []byte) {
	var acc, word, base elem
	f.enter(&base, &elem{0, 1}) // every modulus is wider than 2⁶⁴
	for len(b) > 0 {
		head := b[:(len(b)-1)%8+1]
		b = b[len(head):]
		load(&word, head)
		f.enter(&word, &word)
		f.mul(&acc, &acc, &base)
		f.add(&acc, &acc, &word)
	}
	*z = acc
}
