package ec

// MapGeneric returns s·G + h, PACE's new generator by generic mapping (ICAO Doc
// 9303-11 §4.4.3.3.1): h is the point that both sides agreed on, s the nonce, a
// number of any width. The time depends on the length of s only.
func (h Point) MapGeneric(s []byte) (Point, error) {
	c := h.curve.load()
	if c == nil {
		return Point{}, ErrPoint
	}
	var k elem
	c.n.wide(&k, s)
	c.n.leave(&k, &k)
	var r projective
	c.timesG(&r, &k)
	k = elem{}
	a := c.lift(&h.at)
	c.add(&r, &r, &a)
	return c.point(h.curve, &r)
}

// MapIntegrated returns the point that a pseudo-random number stands for, PACE's
// new generator by integrated mapping (ICAO Doc 9303-11 §4.4.3.3.2 and Appendix
// B.2, the simplified map of Shallue, van de Woestijne and Ulas). The number is
// the output of the pseudo-random function R(s, t), of any width, and is taken
// modulo p here.
//
// The map asks for p ≡ 3 mod 4, which P224 does not fulfil, and has no answer for
// 0, 1 and −1: ErrMapping. The time depends on the length of the number only.
func (c Curve) MapIntegrated(number []byte) (Point, error) {
	k := c.load()
	if k == nil {
		return Point{}, ErrCurve
	}
	f := k.p
	if f.m[0]&3 != 3 {
		return Point{}, ErrMapping
	}
	var t elem
	f.wide(&t, number)
	q := Point{curve: c}
	if !k.encode(&q.at, &t) {
		return Point{}, ErrMapping
	}
	f.mul(&q.at.x, &q.at.x, &k.toX)
	f.mul(&q.at.y, &q.at.y, &k.toY)
	return q, nil
}

// encode is ICAO Doc 9303-11 Appendix B.2, step by step, on the curve itself.
func (c *curve) encode(r *affine, t *elem) bool {
	f := c.p
	var alpha, d, x2, x3, h2, u, root, check elem
	f.mul(&d, t, t)
	f.sub(&alpha, &elem{}, &d) // α = −t²
	f.mul(&d, &alpha, &alpha)
	f.add(&d, &d, &alpha) // α + α², zero for 0, 1, −1 alone
	defined := ^zero(&d)

	f.invert(&x2, &d) // X₂ = −b/a · (1 + 1/(α + α²))
	f.add(&x2, &x2, &f.one)
	f.mul(&x2, &x2, &c.b)
	f.invert(&u, &c.a)
	f.mul(&x2, &x2, &u)
	f.sub(&x2, &elem{}, &x2)
	f.mul(&x3, &alpha, &x2) // X₃ = α·X₂

	c.right(&h2, &x2) // h₂ = X₂³ + a·X₂ + b
	f.mul(&u, t, t)
	f.mul(&u, &u, t)
	f.mul(&u, &u, &h2) // U = t³·h₂

	e := inverseRootExponent(f)
	f.pow(&root, &h2, &e) // A, a root of 1/h₂ if there is one
	f.mul(&check, &root, &root)
	f.mul(&check, &check, &h2)
	square := equal(&check, &f.one)
	f.mul(&h2, &h2, &root)
	f.mul(&u, &u, &root)
	pick(&r.x, square, &x2, &x3)
	pick(&r.y, square, &h2, &u)
	return defined != 0
}

// right sets z to x³ + ax + b.
func (c *curve) right(z, x *elem) {
	var t elem
	c.p.mul(&t, x, x)
	c.p.add(&t, &t, &c.a)
	c.p.mul(&t, &t, x)
	c.p.add(z, &t, &c.b)
}

// inverseRootExponent is p − 1 − (p+1)/4.
func inverseRootExponent(f *field) (e elem) {
	root := sqrtExponent(f)
	e = f.m
	e[0]-- // p is odd, so nothing is borrowed
	f.sub(&e, &e, &root)
	return e
}
