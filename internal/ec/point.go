package ec

// uncompressed introduces a point of two coordinates (SEC 1 §2.3.3).
const uncompressed = 4

// A Point is a point of a curve other than the one at infinity. The zero Point
// belongs to no curve, and every operation refuses it. Points compare with ==.
type Point struct {
	curve Curve
	at    affine // on the image
}

// Point reads an uncompressed point: 04 ‖ x ‖ y, both of the curve's Size, below
// p, on the curve. As the cofactor is 1, every such point has order n.
func (c Curve) Point(b []byte) (Point, error) {
	k := c.load()
	if k == nil {
		return Point{}, ErrCurve
	}
	size := k.p.size()
	if len(b) != 1+2*size || b[0] != uncompressed {
		return Point{}, ErrPoint
	}
	q := Point{curve: c}
	if !k.p.parse(&q.at.x, b[1:1+size]) || !k.p.parse(&q.at.y, b[1+size:]) {
		return Point{}, ErrPoint
	}
	k.in(&q.at)
	if !k.holds(&q.at.x, &q.at.y) {
		return Point{}, ErrPoint
	}
	return q, nil
}

// Generator returns the curve's generator G, the zero Point for no curve.
func (c Curve) Generator() Point {
	k := c.load()
	if k == nil {
		return Point{}
	}
	return Point{c, affine{k.x, k.y}}
}

// Curve returns the point's curve, zero for the zero Point.
func (q Point) Curve() Curve { return q.curve }

// Bytes encodes the point uncompressed; the zero Point gives nil.
func (q Point) Bytes() []byte {
	x, y, k := q.plain()
	if k == nil {
		return nil
	}
	b := append(make([]byte, 0, 1+2*k.p.size()), uncompressed)
	return k.p.appendBytes(k.p.appendBytes(b, &x), &y)
}

// X encodes the x coordinate alone, at its full width: the shared secret of ECDH
// (BSI TR-03111 §3.1.3, FE2OS). Leading zeros belong to it; readers that drop them
// fail one handshake in 256. The zero Point gives nil.
func (q Point) X() []byte {
	x, _, k := q.plain()
	if k == nil {
		return nil
	}
	return k.p.appendBytes(make([]byte, 0, k.p.size()), &x)
}

// Add returns p + q, an error if that is the point at infinity.
func (q Point) Add(p Point) (Point, error) {
	k := q.curve.load()
	if k == nil {
		return Point{}, ErrPoint
	}
	if q.curve != p.curve {
		return Point{}, ErrMixed
	}
	a, b := k.lift(&q.at), k.lift(&p.at)
	k.add(&a, &a, &b)
	return k.point(q.curve, &a)
}

// plain returns the coordinates as plain numbers on the curve itself.
func (q Point) plain() (x, y elem, k *curve) {
	if k = q.curve.load(); k == nil {
		return elem{}, elem{}, nil
	}
	k.p.mul(&x, &q.at.x, &k.outX)
	k.p.mul(&y, &q.at.y, &k.outY)
	k.p.leave(&x, &x)
	k.p.leave(&y, &y)
	return x, y, k
}

// in brings plain coordinates of the curve to the image.
func (c *curve) in(a *affine) {
	c.p.enter(&a.x, &a.x)
	c.p.enter(&a.y, &a.y)
	c.p.mul(&a.x, &a.x, &c.toX)
	c.p.mul(&a.y, &a.y, &c.toY)
}

// point is the way out of every computation.
func (c *curve) point(id Curve, r *projective) (Point, error) {
	q := Point{curve: id}
	if !c.toAffine(&q.at, r) {
		return Point{}, ErrInfinity
	}
	return q, nil
}
