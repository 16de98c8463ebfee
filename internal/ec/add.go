package ec

import "math/bits"

// add sets z to x + y.
func (f *field) add(z, x, y *elem) {
	if f.n == 4 {
		t0, c := bits.Add64(x[0], y[0], 0)
		t1, c := bits.Add64(x[1], y[1], c)
		t2, c := bits.Add64(x[2], y[2], c)
		t3, c := bits.Add64(x[3], y[3], c)
		f.reduce4(z, t0, t1, t2, t3, c)
		return
	}
	var t elem
	var c uint64
	if f.n <= 8 { // words past the modulus are zero and do no harm
		t[0], c = bits.Add64(x[0], y[0], 0)
		t[1], c = bits.Add64(x[1], y[1], c)
		t[2], c = bits.Add64(x[2], y[2], c)
		t[3], c = bits.Add64(x[3], y[3], c)
		t[4], c = bits.Add64(x[4], y[4], c)
		t[5], c = bits.Add64(x[5], y[5], c)
		t[6], c = bits.Add64(x[6], y[6], c)
		t[7], c = bits.Add64(x[7], y[7], c)
		f.reduce(z, &t, c)
		return
	}
	for i := range t {
		t[i], c = bits.Add64(x[i], y[i], c)
	}
	f.reduce(z, &t, c)
}

// sub sets z to x − y.
func (f *field) sub(z, x, y *elem) {
	if f.n == 4 {
		t0, b := bits.Sub64(x[0], y[0], 0)
		t1, b := bits.Sub64(x[1], y[1], b)
		t2, b := bits.Sub64(x[2], y[2], b)
		t3, b := bits.Sub64(x[3], y[3], b)
		mask := -b // add m back if the difference is negative
		t0, c := bits.Add64(t0, mask&f.m[0], 0)
		t1, c = bits.Add64(t1, mask&f.m[1], c)
		t2, c = bits.Add64(t2, mask&f.m[2], c)
		t3, _ = bits.Add64(t3, mask&f.m[3], c)
		z[0], z[1], z[2], z[3] = t0, t1, t2, t3
		return
	}
	if f.n <= 8 {
		f.sub8(z, x, y)
		return
	}
	var t elem
	var b, c uint64
	for i := range t {
		t[i], b = bits.Sub64(x[i], y[i], b)
	}
	mask := -b
	for i := range t {
		z[i], c = bits.Add64(t[i], mask&f.m[i], c)
	}
}

// sub8 is sub for up to eight words.
func (f *field) sub8(z, x, y *elem) {
	t0, b := bits.Sub64(x[0], y[0], 0)
	t1, b := bits.Sub64(x[1], y[1], b)
	t2, b := bits.Sub64(x[2], y[2], b)
	t3, b := bits.Sub64(x[3], y[3], b)
	t4, b := bits.Sub64(x[4], y[4], b)
	t5, b := bits.Sub64(x[5], y[5], b)
	t6, b := bits.Sub64(x[6], y[6], b)
	t7, b := bits.Sub64(x[7], y[7], b)
	mask := -b
	z[0], b = bits.Add64(t0, mask&f.m[0], 0)
	z[1], b = bits.Add64(t1, mask&f.m[1], b)
	z[2], b = bits.Add64(t2, mask&f.m[2], b)
	z[3], b = bits.Add64(t3, mask&f.m[3], b)
	z[4], b = bits.Add64(t4, mask&f.m[4], b)
	z[5], b = bits.Add64(t5, mask&f.m[5], b)
	z[6], b = bits.Add64(t6, mask&f.m[6], b)
	z[7], _ = bits.Add64(t7, mask&f.m[7], b)
}

// reduce sets z to the number (top, t), which is below 2m, modulo m. The top
// stands above eight words, above nine for a modulus that has them.
func (f *field) reduce(z, t *elem, top uint64) {
	if f.n <= 8 {
		f.reduce8(z, t, top)
		return
	}
	var s elem
	var b uint64
	for i := range s {
		s[i], b = bits.Sub64(t[i], f.m[i], b)
	}
	_, b = bits.Sub64(top, 0, b)
	pick(z, -b, t, &s) // borrowed: t was below m already
}

// reduce8 is reduce for up to eight words.
func (f *field) reduce8(z, t *elem, top uint64) {
	s0, b := bits.Sub64(t[0], f.m[0], 0)
	s1, b := bits.Sub64(t[1], f.m[1], b)
	s2, b := bits.Sub64(t[2], f.m[2], b)
	s3, b := bits.Sub64(t[3], f.m[3], b)
	s4, b := bits.Sub64(t[4], f.m[4], b)
	s5, b := bits.Sub64(t[5], f.m[5], b)
	s6, b := bits.Sub64(t[6], f.m[6], b)
	s7, b := bits.Sub64(t[7], f.m[7], b)
	_, b = bits.Sub64(top, 0, b)
	mask := -b
	z[0] = s0 ^ mask&(s0^t[0])
	z[1] = s1 ^ mask&(s1^t[1])
	z[2] = s2 ^ mask&(s2^t[2])
	z[3] = s3 ^ mask&(s3^t[3])
	z[4] = s4 ^ mask&(s4^t[4])
	z[5] = s5 ^ mask&(s5^t[5])
	z[6] = s6 ^ mask&(s6^t[6])
	z[7] = s7 ^ mask&(s7^t[7])
}

// reduce4 is reduce for four words.
func (f *field) reduce4(z *elem, t0, t1, t2, t3, top uint64) {
	s0, b := bits.Sub64(t0, f.m[0], 0)
	s1, b := bits.Sub64(t1, f.m[1], b)
	s2, b := bits.Sub64(t2, f.m[2], b)
	s3, b := bits.Sub64(t3, f.m[3], b)
	_, b = bits.Sub64(top, 0, b)
	mask := -b
	z[0] = s0 ^ mask&(s0^t0)
	z[1] = s1 ^ mask&(s1^t1)
	z[2] = s2 ^ mask&(s2^t2)
	z[3] = s3 ^ mask&(s3^t3)
}
