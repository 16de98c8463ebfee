package ec

// A projective point (X : Y : Z) of the image stands for (X/Z, Y/Z), and for the
// point at infinity if Z is zero, which is (0 : 1 : 0).
type projective struct{ x, y, z elem }

func (c *curve) infinity() projective { return projective{y: c.p.one} }

// add sets r to p + q for any two points, equal, opposite or at infinity
// (Renes, Costello, Batina 2015, algorithm 4: 12 products and 2 by b).
func (c *curve) add(r, p, q *projective) {
	f := c.p
	var t0, t1, t2, t3, t4, x, y, z elem
	f.mul(&t0, &p.x, &q.x)
	f.mul(&t1, &p.y, &q.y)
	f.mul(&t2, &p.z, &q.z)
	f.cross(&t3, &p.x, &p.y, &q.x, &q.y, &t0, &t1) // X₁Y₂ + X₂Y₁
	f.cross(&t4, &p.y, &p.z, &q.y, &q.z, &t1, &t2) // Y₁Z₂ + Y₂Z₁
	f.cross(&y, &p.x, &p.z, &q.x, &q.z, &t0, &t2)  // X₁Z₂ + X₂Z₁

	f.mul(&z, &c.imageB, &t2)
	f.sub(&x, &y, &z)
	f.triple(&x, &x)
	f.sub(&z, &t1, &x)
	f.add(&x, &t1, &x)

	f.mul(&y, &c.imageB, &y)
	f.triple(&t2, &t2)
	f.sub(&y, &y, &t2)
	f.sub(&y, &y, &t0)
	f.triple(&y, &y)
	f.triple(&t0, &t0)
	f.sub(&t0, &t0, &t2)

	f.mul(&t1, &t4, &y)
	f.mul(&t2, &t0, &y)
	f.mul(&y, &x, &z)
	f.add(&r.y, &y, &t2)
	f.mul(&x, &t3, &x)
	f.sub(&r.x, &x, &t1)
	f.mul(&z, &t4, &z)
	f.mul(&t1, &t3, &t0)
	f.add(&r.z, &z, &t1)
}

// double sets r to p + p for any point (algorithm 6 of the same paper: 8
// products, 3 squares and 2 products by b).
func (c *curve) double(r, p *projective) {
	f := c.p
	var t0, t1, t2, t3, x, y, z elem
	f.mul(&t0, &p.x, &p.x)
	f.mul(&t1, &p.y, &p.y)
	f.mul(&t2, &p.z, &p.z)
	f.mul(&t3, &p.x, &p.y)
	f.add(&t3, &t3, &t3)
	f.mul(&z, &p.x, &p.z)
	f.add(&z, &z, &z)

	f.mul(&y, &c.imageB, &t2)
	f.sub(&y, &y, &z)
	f.triple(&y, &y)
	f.sub(&x, &t1, &y)
	f.add(&y, &t1, &y)
	f.mul(&y, &x, &y)
	f.mul(&x, &x, &t3)

	f.triple(&t2, &t2)
	f.mul(&z, &c.imageB, &z)
	f.sub(&z, &z, &t2)
	f.sub(&z, &z, &t0)
	f.triple(&z, &z)
	f.triple(&t0, &t0)
	f.sub(&t0, &t0, &t2)
	f.mul(&t0, &t0, &z)
	f.add(&y, &y, &t0)

	f.mul(&t0, &p.y, &p.z)
	f.add(&t0, &t0, &t0)
	f.mul(&z, &t0, &z)
	f.sub(&r.x, &x, &z)
	r.y = y
	f.mul(&z, &t0, &t1)
	f.add(&z, &z, &z)
	f.add(&r.z, &z, &z)
}

// cross sets z to ad + bc, given ac and bd: one product instead of two.
func (f *field) cross(z, a, b, c, d, ac, bd *elem) {
	var s, t elem
	f.add(&s, a, b)
	f.add(&t, c, d)
	f.mul(&s, &s, &t)
	f.add(&t, ac, bd)
	f.sub(z, &s, &t)
}

// triple sets z to 3x.
func (f *field) triple(z, x *elem) {
	var t elem
	f.add(&t, x, x)
	f.add(z, &t, x)
}

// toAffine returns the affine point, false for the point at infinity.
func (c *curve) toAffine(r *affine, p *projective) bool {
	var t elem
	c.p.invert(&t, &p.z)
	c.p.mul(&r.x, &p.x, &t)
	c.p.mul(&r.y, &p.y, &t)
	return zero(&p.z) == 0
}

// An affine point of the image, never at infinity.
type affine struct{ x, y elem }

func (c *curve) lift(p *affine) projective { return projective{p.x, p.y, c.p.one} }
