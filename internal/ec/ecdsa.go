package ec

import "math/bits"

// Verify reports whether (r, s) is an ECDSA signature over the digest by the
// owner of the public key q (BSI TR-03111 §4.2.1.2, FIPS 186-4 §6.4). r and s are
// big-endian numbers from 1 to n−1; of a digest wider than n the first bits
// count. An empty digest is never signed. Everything is public, and the time
// depends on it.
func (q Point) Verify(digest, r, s []byte) bool {
	c := q.curve.load()
	if c == nil || len(digest) == 0 {
		return false
	}
	var rn, w, e, u1, u2 elem
	if !c.number(&rn, r) || !c.number(&w, s) {
		return false
	}
	c.digest(&e, digest)
	c.n.enter(&w, &w)
	c.n.invert(&w, &w)
	c.n.mul(&u1, &e, &w) // one factor in Montgomery form: the product is plain
	c.n.mul(&u2, &rn, &w)
	var p jacobian
	c.combine(&p, &u1, &u2, &q.at)
	return !p.infinite() && c.hasX(&p, &rn)
}

// VerifyPlain is Verify for r ‖ s, each as wide as n (BSI TR-03111 §5.2.1).
func (q Point) VerifyPlain(digest, signature []byte) bool {
	c := q.curve.load()
	if c == nil || len(signature) != 2*c.n.size() {
		return false
	}
	return q.Verify(digest, signature[:c.n.size()], signature[c.n.size():])
}

// VerifyDER is Verify for ECDSA-Sig-Value, SEQUENCE { r INTEGER, s INTEGER }, in
// strict DER (RFC 3279 §2.2.3, BSI TR-03111 §5.2.2).
func (q Point) VerifyDER(digest, signature []byte) bool {
	body, rest, ok := der(signature, 0x30)
	if !ok || len(rest) != 0 {
		return false
	}
	r, body, ok := der(body, 0x02)
	if !ok {
		return false
	}
	s, body, ok := der(body, 0x02)
	return ok && len(body) == 0 && natural(r) && natural(s) && q.Verify(digest, r, s)
}

// der splits off one element with a minimal length below 256: no signature on
// these curves is longer than 139 bytes.
func der(b []byte, tag byte) (content, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != tag {
		return nil, nil, false
	}
	n := int(b[1])
	b = b[2:]
	if n == 0x81 && len(b) > 0 && b[0] >= 0x80 {
		n, b = int(b[0]), b[1:]
	} else if n >= 0x80 {
		return nil, nil, false
	}
	if n > len(b) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// natural reports whether b is a minimal INTEGER that is not negative.
func natural(b []byte) bool {
	return len(b) > 0 && b[0] < 0x80 && (len(b) == 1 || b[0] != 0 || b[1] >= 0x80)
}

// number reads a number from 1 to n−1.
func (c *curve) number(z *elem, b []byte) bool {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	return len(b) > 0 && load(z, b) && c.n.below(z) == 1
}

// digest reads the first bits of a digest, as many as n has, below n.
func (c *curve) digest(z *elem, b []byte) {
	if size := c.n.size(); len(b) >= size {
		b = b[:size]
		load(z, b)
		if extra := 8*size - c.n.bits; extra > 0 {
			for i := range z {
				z[i] >>= extra
				if i+1 < limbs {
					z[i] |= z[i+1] << (64 - extra)
				}
			}
		}
	} else {
		load(z, b)
	}
	c.n.reduce(z, z, 0)
}

// hasX reports whether the x coordinate of p, modulo n, is r. The coordinate may
// be r, r + n, … as far as it is below the field's p; there is one such number
// more only where n is the smaller. Comparing r·Z² with X saves an inversion.
func (c *curve) hasX(p *jacobian, r *elem) bool {
	f := c.p
	var zz, x elem
	f.mul(&zz, &p.z, &p.z)
	f.mul(&zz, &zz, &c.toX)
	for t := *r; f.below(&t) == 1; {
		f.enter(&x, &t)
		f.mul(&x, &x, &zz)
		if x == p.x {
			return true
		}
		var carry uint64 // never left over: an elem has room past n and p
		for i := range t {
			t[i], carry = bits.Add64(t[i], c.n.m[i], carry)
		}
	}
	return false
}
