package ec

// Everything in this file handles public numbers and takes time that depends on
// them.

// wideWindow and window5 are the widths of the signed windows for the generator,
// whose odd multiples are kept, and for the key, whose are made each time.
const (
	wideWindow = 7
	keyWindow  = 5
)

// A jacobian point (X : Y : Z) of the image stands for (X/Z², Y/Z³), and for the
// point at infinity if Z is zero.
type jacobian struct{ x, y, z elem }

func (p *jacobian) infinite() bool { return p.z == elem{} }

// twice sets r to p + p ("dbl-2001-b" for a = −3: 3 products, 5 squares).
func (c *curve) twice(r, p *jacobian) {
	f := c.p
	var alpha, beta, gamma, delta, t elem
	f.mul(&delta, &p.z, &p.z)
	f.mul(&gamma, &p.y, &p.y)
	f.mul(&beta, &p.x, &gamma)
	f.sub(&t, &p.x, &delta)
	f.add(&alpha, &p.x, &delta)
	f.mul(&alpha, &alpha, &t)
	f.triple(&alpha, &alpha)

	f.add(&t, &p.y, &p.z) // Z₃ = (Y+Z)² − γ − δ, before p is overwritten
	f.mul(&t, &t, &t)
	f.sub(&t, &t, &gamma)
	f.sub(&r.z, &t, &delta)

	f.add(&beta, &beta, &beta)
	f.add(&beta, &beta, &beta) // 4β
	f.mul(&t, &alpha, &alpha)
	f.sub(&t, &t, &beta)
	f.sub(&r.x, &t, &beta)

	f.sub(&beta, &beta, &r.x)
	f.mul(&beta, &beta, &alpha)
	f.add(&gamma, &gamma, &gamma)
	f.mul(&gamma, &gamma, &gamma)
	f.add(&gamma, &gamma, &gamma) // 8γ²
	f.sub(&r.y, &beta, &gamma)
}

// plus sets r to p + q: 12 products and 4 squares, or 8 and 3 if q is affine,
// that is if its Z is the number one.
func (c *curve) plus(r, p, q *jacobian) {
	f := c.p
	switch {
	case q.infinite():
		*r = *p
		return
	case p.infinite():
		*r = *q
		return
	}
	var u1, u2, s1, s2, zz, h, hh, w, v elem
	f.mul(&zz, &p.z, &p.z)
	f.mul(&u2, &q.x, &zz)
	f.mul(&s2, &q.y, &zz)
	f.mul(&s2, &s2, &p.z)
	u1, s1 = p.x, p.y
	if q.z != f.one {
		f.mul(&zz, &q.z, &q.z)
		f.mul(&u1, &u1, &zz)
		f.mul(&s1, &s1, &zz)
		f.mul(&s1, &s1, &q.z)
	}
	f.sub(&h, &u2, &u1)
	f.sub(&w, &s2, &s1)
	if h == (elem{}) { // the formula does not know equal and opposite points
		if w == (elem{}) {
			c.twice(r, p)
		} else {
			*r = jacobian{}
		}
		return
	}
	f.mul(&zz, &p.z, &h)
	if q.z != f.one {
		f.mul(&zz, &zz, &q.z)
	}
	f.mul(&hh, &h, &h)
	f.mul(&v, &u1, &hh)
	f.mul(&h, &h, &hh)
	f.mul(&s1, &s1, &h)
	f.mul(&r.x, &w, &w)
	f.sub(&r.x, &r.x, &h)
	f.sub(&r.x, &r.x, &v)
	f.sub(&r.x, &r.x, &v)
	f.sub(&v, &v, &r.x)
	f.mul(&v, &v, &w)
	f.sub(&r.y, &v, &s1)
	r.z = zz
}

// plusDigit adds d·(the point whose odd multiples the table holds) to r.
func (c *curve) plusDigit(r *jacobian, d int8, entry *jacobian) {
	if d > 0 {
		c.plus(r, r, entry)
		return
	}
	neg := *entry
	c.p.sub(&neg.y, &elem{}, &entry.y)
	c.plus(r, r, &neg)
}

// combine sets r to k·G + l·q with one chain of doublings for both (Straus).
func (c *curve) combine(r *jacobian, k, l *elem, q *affine) {
	var table [1 << (keyWindow - 2)]jacobian
	c.oddMultiples(table[:], q)
	var ks, ls [maxDigits]int8
	c.signedDigits(&ks, k, wideWindow)
	c.signedDigits(&ls, l, keyWindow)
	odd := c.odd()
	acc := jacobian{}
	var entry jacobian
	for i := c.n.bits; i >= 0; i-- {
		c.twice(&acc, &acc)
		if d := ls[i]; d != 0 {
			c.plusDigit(&acc, d, &table[max(d, -d)/2])
		}
		if d := ks[i]; d != 0 {
			entry = jacobian{odd[max(d, -d)/2].x, odd[max(d, -d)/2].y, c.p.one}
			c.plusDigit(&acc, d, &entry)
		}
	}
	*r = acc
}

// oddMultiples fills the table with q, 3q, 5q, …
func (c *curve) oddMultiples(table []jacobian, q *affine) {
	table[0] = jacobian{q.x, q.y, c.p.one}
	var two jacobian
	c.twice(&two, &table[0])
	for i := 1; i < len(table); i++ {
		c.plus(&table[i], &table[i-1], &two)
	}
}

// makeOdd prepares the odd multiples of G, made affine with one inversion for all.
func (c *curve) makeOdd() *[1 << (wideWindow - 2)]affine {
	var table [1 << (wideWindow - 2)]jacobian
	c.oddMultiples(table[:], &affine{c.x, c.y})
	f := c.p
	var before [len(table)]elem // products of all Z up to here
	acc := f.one
	for i := range table {
		before[i] = acc
		f.mul(&acc, &acc, &table[i].z)
	}
	f.invert(&acc, &acc)
	odd := new([len(table)]affine)
	for i := len(table) - 1; i >= 0; i-- {
		var inv, inv2 elem
		f.mul(&inv, &acc, &before[i])
		f.mul(&acc, &acc, &table[i].z)
		f.mul(&inv2, &inv, &inv)
		f.mul(&odd[i].x, &table[i].x, &inv2)
		f.mul(&inv2, &inv2, &inv)
		f.mul(&odd[i].y, &table[i].y, &inv2)
	}
	return odd
}
