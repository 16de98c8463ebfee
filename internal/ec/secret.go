package ec

import "crypto/rand"

// A Secret is a secret scalar from 1 to n−1. Copies share one number, so that
// Wipe ends all of them. The zero Secret is none, and every operation refuses it.
//
// Printing shows an address at most: fmt follows a pointer to a struct under some
// verbs, a pointer to a pointer under none.
type Secret struct{ s **scalar }

type scalar struct {
	curve Curve
	k     elem // plain
}

// NewSecret draws a Secret, each with the same probability (FIPS 186-4 B.4.2:
// candidates that are not below n are drawn again).
func (c Curve) NewSecret() (Secret, error) {
	k := c.load()
	if k == nil {
		return Secret{}, ErrCurve
	}
	var b [8 * limbs]byte
	candidate := b[:k.n.size()]
	defer clear(candidate)
	for {
		rand.Read(candidate) // never fails: it ends the program instead
		candidate[0] &= 0xff >> (8*len(candidate) - k.n.bits)
		if s, err := c.Secret(candidate); err == nil {
			return s, nil
		}
	}
}

// Secret reads a Secret from exactly as many bytes as n has.
func (c Curve) Secret(b []byte) (Secret, error) {
	k := c.load()
	if k == nil {
		return Secret{}, ErrCurve
	}
	s := &scalar{curve: c}
	if !k.n.parse(&s.k, b) || zero(&s.k) != 0 {
		s.k = elem{}
		return Secret{}, ErrSecret
	}
	return Secret{&s}, nil
}

// Wipe forgets the number; the Secret and all copies of it are then none.
func (s Secret) Wipe() {
	if s.s != nil {
		**s.s = scalar{}
	}
}

// open returns the number and its curve, nil for none.
func (s Secret) open() (*scalar, *curve) {
	if s.s == nil {
		return nil, nil
	}
	return *s.s, (*s.s).curve.load()
}

// Public returns k·G, the public key.
func (s Secret) Public() (Point, error) {
	secret, c := s.open()
	if c == nil {
		return Point{}, ErrSecret
	}
	var r projective
	c.timesG(&r, &secret.k)
	return c.point(secret.curve, &r)
}

// Times returns k·p: a key pair over the generator p, or the shared point of
// ECDH with the other side's key p. It is never the point at infinity.
func (s Secret) Times(p Point) (Point, error) {
	secret, c := s.open()
	switch {
	case c == nil:
		return Point{}, ErrSecret
	case p.curve == 0:
		return Point{}, ErrPoint
	case p.curve != secret.curve:
		return Point{}, ErrMixed
	}
	r := c.lift(&p.at)
	c.times(&r, &secret.k, &r)
	return c.point(secret.curve, &r)
}
