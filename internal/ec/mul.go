package ec

import "math/bits"

// mul sets z to x·y. Four words, the width of the commonest curves, are unrolled
// here; the measured gain over the loop is a factor of two.
func (f *field) mul(z, x, y *elem) {
	if f.n != 4 {
		f.mulRows(z, x, y)
		return
	}
	var t0, t1, t2, t3, t4 uint64
	y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
	for _, a := range x[:4] {
		// t += a·y
		h0, l0 := bits.Mul64(a, y0)
		h1, l1 := bits.Mul64(a, y1)
		h2, l2 := bits.Mul64(a, y2)
		h3, l3 := bits.Mul64(a, y3)
		u0, c := bits.Add64(t0, l0, 0)
		u1, c := bits.Add64(t1, l1, c)
		u2, c := bits.Add64(t2, l2, c)
		u3, c := bits.Add64(t3, l3, c)
		u1, d := bits.Add64(u1, h0, 0)
		u2, d = bits.Add64(u2, h1, d)
		u3, d = bits.Add64(u3, h2, d)
		u4 := t4 + h3 + c + d // below 2⁶⁴: no modulus here is so close to 2²⁵⁶
		// t = (t + q·m) / 2⁶⁴ with q such that the division is exact
		q := u0 * f.inv
		h0, l0 = bits.Mul64(q, f.m[0])
		h1, l1 = bits.Mul64(q, f.m[1])
		h2, l2 = bits.Mul64(q, f.m[2])
		h3, l3 = bits.Mul64(q, f.m[3])
		_, c = bits.Add64(u0, l0, 0)
		t0, c = bits.Add64(u1, l1, c)
		t1, c = bits.Add64(u2, l2, c)
		t2, c = bits.Add64(u3, l3, c)
		t3, t4 = bits.Add64(u4, 0, c)
		t0, c = bits.Add64(t0, h0, 0)
		t1, c = bits.Add64(t1, h1, c)
		t2, c = bits.Add64(t2, h2, c)
		t3, c = bits.Add64(t3, h3, c)
		t4 += c
	}
	f.reduce4(z, t0, t1, t2, t3, t4)
}

// mulRows is mul for any width: for each word of x a row of products with y and
// a row with m, added where they belong, so that nothing is ever shifted.
func (f *field) mulRows(z, x, y *elem) {
	var t [2*limbs + 1]uint64
	var carry uint64
	n := f.n
	for i, a := range x[:n] {
		var u, v uint64
		switch row := t[i : i+n]; n {
		case 6:
			row := (*[6]uint64)(row)
			u = mac6(row, (*[6]uint64)(y[:]), a)
			v = mac6(row, (*[6]uint64)(f.m[:]), row[0]*f.inv)
		case 8:
			row := (*[8]uint64)(row)
			u = mac8(row, (*[8]uint64)(y[:]), a)
			v = mac8(row, (*[8]uint64)(f.m[:]), row[0]*f.inv)
		default:
			u = mac(row, y[:n], a)
			v = mac(row, f.m[:n], row[0]*f.inv)
		}
		var c, d uint64
		u, c = bits.Add64(u, v, 0)
		t[i+n], d = bits.Add64(u, carry, 0)
		carry = c + d // never 2: the sum so far is below 2m
	}
	if n < 8 {
		t[2*n], carry = carry, 0 // reduce counts eight words
	}
	f.reduce(z, (*elem)(t[n:]), carry)
}

// mac adds a·y to t and returns the word that runs over.
func mac(t, y []uint64, a uint64) (carry uint64) {
	t = t[:len(y)]
	for j, v := range y {
		hi, lo := bits.Mul64(a, v)
		var c uint64
		lo, c = bits.Add64(lo, t[j], 0)
		hi += c
		t[j], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
	return carry
}

// mac6 is mac for six words.
func mac6(t, y *[6]uint64, a uint64) (carry uint64) {
	h0, l0 := bits.Mul64(a, y[0])
	h1, l1 := bits.Mul64(a, y[1])
	h2, l2 := bits.Mul64(a, y[2])
	h3, l3 := bits.Mul64(a, y[3])
	h4, l4 := bits.Mul64(a, y[4])
	h5, l5 := bits.Mul64(a, y[5])
	l1, c := bits.Add64(l1, h0, 0)
	l2, c = bits.Add64(l2, h1, c)
	l3, c = bits.Add64(l3, h2, c)
	l4, c = bits.Add64(l4, h3, c)
	l5, c = bits.Add64(l5, h4, c)
	h5 += c
	t[0], c = bits.Add64(t[0], l0, 0)
	t[1], c = bits.Add64(t[1], l1, c)
	t[2], c = bits.Add64(t[2], l2, c)
	t[3], c = bits.Add64(t[3], l3, c)
	t[4], c = bits.Add64(t[4], l4, c)
	t[5], c = bits.Add64(t[5], l5, c)
	return h5 + c
}

// mac8 is mac for eight words.
func mac8(t, y *[8]uint64, a uint64) (carry uint64) {
	h0, l0 := bits.Mul64(a, y[0])
	h1, l1 := bits.Mul64(a, y[1])
	h2, l2 := bits.Mul64(a, y[2])
	h3, l3 := bits.Mul64(a, y[3])
	h4, l4 := bits.Mul64(a, y[4])
	h5, l5 := bits.Mul64(a, y[5])
	h6, l6 := bits.Mul64(a, y[6])
	h7, l7 := bits.Mul64(a, y[7])
	l1, c := bits.Add64(l1, h0, 0)
	l2, c = bits.Add64(l2, h1, c)
	l3, c = bits.Add64(l3, h2, c)
	l4, c = bits.Add64(l4, h3, c)
	l5, c = bits.Add64(l5, h4, c)
	l6, c = bits.Add64(l6, h5, c)
	l7, c = bits.Add64(l7, h6, c)
	h7 += c
	t[0], c = bits.Add64(t[0], l0, 0)
	t[1], c = bits.Add64(t[1], l1, c)
	t[2], c = bits.Add64(t[2], l2, c)
	t[3], c = bits.Add64(t[3], l3, c)
	t[4], c = bits.Add64(t[4], l4, c)
	t[5], c = bits.Add64(t[5], l5, c)
	t[6], c = bits.Add64(t[6], l6, c)
	t[7], c = bits.Add64(t[7], l7, c)
	return h7 + c
}
