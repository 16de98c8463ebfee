package chiptest

import "math/big"

// curve is a curve y² = x³ + ax + b over a prime field, of prime order.
type curve struct {
	text       curveText
	p, a, b, n *big.Int
	g          element
}

func curveByName(name string) *curve {
	for _, t := range curveTexts {
		if t.name == name {
			return &curve{t, hexInt(t.p), hexInt(t.a), hexInt(t.b), hexInt(t.n), element{hexInt(t.x), hexInt(t.y)}}
		}
	}
	return nil
}

func (c *curve) number() int     { return c.text.id }
func (c *curve) order() *big.Int { return c.n }
func (c *curve) field() *big.Int { return c.p }
func (c *curve) base() element   { return c.g }

// Arithmetic modulo p, of numbers below p.
func (c *curve) mul(a, b *big.Int) *big.Int { a = new(big.Int).Mul(a, b); return a.Mod(a, c.p) }
func (c *curve) inv(a *big.Int) *big.Int    { return new(big.Int).ModInverse(a, c.p) }
func (c *curve) square(a *big.Int) *big.Int { return c.mul(a, a) }
func (c *curve) twice(a *big.Int) *big.Int  { return c.add(a, a) }

func (c *curve) add(a, b *big.Int) *big.Int {
	if a = new(big.Int).Add(a, b); a.Cmp(c.p) >= 0 {
		a.Sub(a, c.p)
	}
	return a
}

func (c *curve) sub(a, b *big.Int) *big.Int {
	if a = new(big.Int).Sub(a, b); a.Sign() < 0 {
		a.Add(a, c.p)
	}
	return a
}

// right is x³ + ax + b.
func (c *curve) right(x *big.Int) *big.Int {
	return c.add(c.mul(c.add(c.square(x), c.a), x), c.b)
}

func (c *curve) on(e element) bool {
	return e.x != nil && e.x.Cmp(c.p) < 0 && e.y.Cmp(c.p) < 0 && c.square(e.y).Cmp(c.right(e.x)) == 0
}

// jacobian is (x/z², y/z³); z = 0 is the identity.
type jacobian struct{ x, y, z *big.Int }

// power is double-and-add from the highest bit.
func (c *curve) power(e element, k *big.Int) element {
	sum := jacobian{big.NewInt(1), big.NewInt(1), new(big.Int)}
	if e.x == nil {
		return e
	}
	for i := k.BitLen() - 1; i >= 0; i-- {
		sum = c.double(sum)
		if k.Bit(i) == 1 {
			sum = c.addAffine(sum, e)
		}
	}
	return c.affine(sum)
}

func (c *curve) combine(a, b element) element {
	switch {
	case a.x == nil:
		return b
	case b.x == nil:
		return a
	}
	return c.affine(c.addAffine(jacobian{a.x, a.y, big.NewInt(1)}, b))
}

func (c *curve) affine(j jacobian) element {
	if j.z.Sign() == 0 {
		return element{}
	}
	inv := c.inv(j.z)
	square := c.square(inv)
	return element{c.mul(j.x, square), c.mul(j.y, c.mul(square, inv))}
}

func (c *curve) double(j jacobian) jacobian {
	if j.z.Sign() == 0 || j.y.Sign() == 0 {
		return jacobian{big.NewInt(1), big.NewInt(1), new(big.Int)}
	}
	yy := c.square(j.y)
	s := c.twice(c.twice(c.mul(j.x, yy))) // 4xy²
	xx := c.square(j.x)
	m := c.add(c.add(xx, c.twice(xx)), c.mul(c.a, c.square(c.square(j.z)))) // 3x² + az⁴
	x := c.sub(c.square(m), c.twice(s))
	y := c.sub(c.mul(m, c.sub(s, x)), c.twice(c.twice(c.twice(c.square(yy)))))
	return jacobian{x, y, c.twice(c.mul(j.y, j.z))}
}

// addAffine adds a point with z = 1 that is not the identity.
func (c *curve) addAffine(j jacobian, e element) jacobian {
	if j.z.Sign() == 0 {
		return jacobian{e.x, e.y, big.NewInt(1)}
	}
	zz := c.square(j.z)
	h := c.sub(c.mul(e.x, zz), j.x)
	r := c.sub(c.mul(e.y, c.mul(zz, j.z)), j.y)
	if h.Sign() == 0 {
		if r.Sign() == 0 {
			return c.double(j)
		}
		return jacobian{big.NewInt(1), big.NewInt(1), new(big.Int)}
	}
	hh := c.square(h)
	hhh := c.mul(hh, h)
	v := c.mul(j.x, hh)
	x := c.sub(c.sub(c.square(r), hhh), c.twice(v))
	y := c.sub(c.mul(r, c.sub(v, x)), c.mul(j.y, hhh))
	return jacobian{x, y, c.mul(j.z, h)}
}

// embed is the point encoding of the integrated mapping (ICAO Doc 9303-11
// Appendix B.2, after Brier and others), for p ≡ 3 modulo 4 and cofactor 1.
func (c *curve) embed(t *big.Int) element {
	one := big.NewInt(1)
	alpha := c.sub(new(big.Int), c.square(t))
	ratio := c.mul(c.sub(new(big.Int), c.b), c.inv(c.a))
	x2 := c.mul(ratio, c.add(one, c.inv(c.add(alpha, c.square(alpha)))))
	x3 := c.mul(alpha, x2)
	h2 := c.right(x2)
	u := c.mul(c.mul(c.square(t), t), h2)
	e := new(big.Int).Add(c.p, one) // p − 1 − (p+1)/4
	e.Sub(new(big.Int).Sub(c.p, one), e.Rsh(e, 2))
	root := new(big.Int).Exp(h2, e, c.p)
	if c.mul(c.square(root), h2).Cmp(one) == 0 {
		return element{x2, c.mul(root, h2)}
	}
	return element{x3, c.mul(root, u)}
}

// encode writes the uncompressed form (BSI TR-03111 §3.2.1); the identity is one
// zero byte.
func (c *curve) encode(e element) []byte {
	if e.x == nil {
		return []byte{0}
	}
	return append(append([]byte{4}, fixed(e.x, c.p)...), fixed(e.y, c.p)...)
}

func (c *curve) decode(b []byte) (element, bool) {
	size := len(c.p.Bytes())
	if len(b) != 1+2*size || b[0] != 4 {
		return element{}, false
	}
	e := element{new(big.Int).SetBytes(b[1 : 1+size]), new(big.Int).SetBytes(b[1+size:])}
	return e, c.on(e)
}

// secret is the x coordinate, as long as p even when it begins with zeros (BSI
// TR-03111 §3.1.3): cards do it so, and readers that forget it fail once in 256.
func (c *curve) secret(e element) []byte { return fixed(e.x, c.p) }
