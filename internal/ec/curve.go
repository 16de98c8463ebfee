package ec

import "sync"

// A curve is a Curve made ready for use. It is computed on its image with
// a = −3: (x, y) ↦ (u²x, u³y) takes y² = x³ + ax + b to y² = x³ + u⁴ax + u⁶b, and
// for every curve here −3/a is a fourth power (RFC 5639 §2.1 asks for it).
type curve struct {
	p, n       *field
	a, b       elem // the coefficients
	toX, toY   elem // u², u³
	outX, outY elem // u⁻², u⁻³
	imageB     elem // u⁶b
	x, y       elem // the generator's image
	windows    func() *[blocks][16]projective
	odd        func() *[1 << (wideWindow - 2)]affine
}

// prepared holds each curve from its first use on; nothing in it changes after.
var prepared [len(definitions)]struct {
	once sync.Once
	c    *curve
}

// load returns the curve made ready, nil for no curve.
func (c Curve) load() *curve {
	if !c.known() {
		return nil
	}
	slot := &prepared[c-P192]
	slot.once.Do(func() { slot.c = newCurve(&definitions[c-P192]) })
	return slot.c
}

func newCurve(d *definition) *curve {
	c := &curve{p: newField(number(d.p)), n: newField(number(d.n))}
	p := c.p
	read := func(hex string) (x elem) {
		x = number(hex)
		p.enter(&x, &x)
		return x
	}
	c.a, c.b = read(d.a), read(d.b)

	// −3/a is 1 or, as p ≡ 3 mod 4, the fourth power of itself to ((p+1)/4)².
	var u, t elem
	root := sqrtExponent(p)
	p.add(&t, &p.one, &p.one)
	p.add(&t, &t, &p.one)
	p.sub(&t, &elem{}, &t)
	p.invert(&u, &c.a)
	p.mul(&t, &t, &u)
	p.pow(&c.toX, &t, &root)
	p.pow(&u, &c.toX, &root)
	p.mul(&c.toY, &c.toX, &u)
	p.invert(&c.outX, &c.toX)
	p.invert(&c.outY, &c.toY)
	p.mul(&c.imageB, &c.toY, &c.toY)
	p.mul(&c.imageB, &c.imageB, &c.b)

	c.x, c.y = read(d.x), read(d.y)
	p.mul(&c.x, &c.x, &c.toX)
	p.mul(&c.y, &c.y, &c.toY)
	c.windows = sync.OnceValue(c.makeWindows)
	c.odd = sync.OnceValue(c.makeOdd)
	return c
}

// sqrtExponent is (p+1)/4: x to this power is a square root of x if there is one
// and p ≡ 3 mod 4.
func sqrtExponent(p *field) (e elem) {
	e = p.m
	for i := range e { // (p − 3)/4, as p ends in 11
		e[i] >>= 2
		if i+1 < limbs {
			e[i] |= p.m[i+1] << 62
		}
	}
	for i := range e { // + 1
		if e[i]++; e[i] != 0 {
			break
		}
	}
	return e
}

// number reads a hexadecimal number of the definitions.
func number(hex string) (x elem) {
	for i := range len(hex) {
		digit := uint64(hex[i] - '0')
		if digit > 9 {
			digit = uint64(hex[i]-'a') + 10
		}
		at := len(hex) - 1 - i
		x[at/16] |= digit << (at % 16 * 4)
	}
	return x
}

// holds reports whether y² = x³ − 3x + b on the image.
func (c *curve) holds(x, y *elem) bool {
	p := c.p
	var l, r, t elem
	p.mul(&l, y, y)
	p.mul(&r, x, x)
	p.add(&t, &p.one, &p.one)
	p.add(&t, &t, &p.one)
	p.sub(&r, &r, &t)
	p.mul(&r, &r, x)
	p.add(&r, &r, &c.imageB)
	return l == r
}
