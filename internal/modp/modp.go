// Package modp does Diffie and Hellman's key agreement in the three groups that
// ICAO Doc 9303-11 Table 12 numbers 0 to 2: numbers modulo a prime p, in a subgroup
// of prime order q (RFC 5114 §2). Other groups, and parameters that a card brings
// with it, are refused: their discrete logarithms may be known to their maker.
//
// # What is secret
//
// Exponents and the results of agreements. Numbers are of fixed width, reduced by
// Montgomery's method without a branch; powers are computed in windows of four
// bits with a table whose every entry is touched at every read. The time depends
// on the length of an exponent in bytes and on the group, on nothing else, by
// construction; the compiler and processor have the last word. math/big would be
// faster by half and makes no such promise.
//
// # Public values
//
// An Element read from a card is checked as RFC 2631 §2.1.5 has it: 2 ≤ y ≤ p − 2
// and y^q = 1, so that no small subgroup gives the exponent away. Public values
// are written with as few bytes as they need (ICAO Doc 9303-11 §9.4.1) and read at
// any width; shared secrets have the width of p (PKCS #3 §8.3). Errors carry no
// number.
package modp

import "crypto/rand"

// A Group is one of the three, the zero Group none. Groups compare with ==.
type Group uint8

// The groups of RFC 5114.
const (
	P1024Q160 Group = 1 + iota
	P2048Q224
	P2048Q256
)

// Error says why an operation was refused.
type Error string

func (e Error) Error() string { return string(e) }

// The reasons for a refusal.
const (
	ErrGroup   Error = "a Diffie-Hellman group that is not known here"
	ErrElement Error = "not an element of the group"
	ErrSecret  Error = "not an exponent"
	ErrMixed   Error = "Diffie-Hellman groups that differ"
)

// ByID returns the group with a standardized domain parameter id, 0 to 2.
func ByID(id int) (Group, error) {
	if id < 0 || id > 2 {
		return 0, ErrGroup
	}
	return Group(id + 1), nil
}

// ByParameters returns the group with these numbers, big-endian and of any width.
// q may be nil: PKCS #3 leaves it out, and it follows from p and g here.
func ByParameters(p, g, q []byte) (Group, error) {
	for i := range definitions {
		d := &definitions[i]
		if same(p, d.p) && same(g, d.g) && (q == nil || same(q, d.q)) {
			return Group(i + 1), nil
		}
	}
	return 0, ErrGroup
}

// same reports whether a number is the hexadecimal one.
func same(b []byte, hex string) bool {
	b = trim(b)
	want := trim(number(hex))
	return string(b) == string(want)
}

func trim(b []byte) []byte {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	return b
}

// number reads hexadecimal digits, an even number of them.
func number(hex string) []byte {
	b := make([]byte, len(hex)/2)
	for i := range b {
		b[i] = digit(hex[2*i])<<4 | digit(hex[2*i+1])
	}
	return b
}

func digit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c - 'a' + 10
}

// Size is the width of p in bytes, 0 for no group.
func (g Group) Size() int {
	if g < P1024Q160 || g > P2048Q256 {
		return 0
	}
	return len(definitions[g-1].p) / 2
}

// String returns the group's size, such as "MODP 2048/256".
func (g Group) String() string {
	switch g {
	case P1024Q160:
		return "MODP 1024/160"
	case P2048Q224:
		return "MODP 2048/224"
	case P2048Q256:
		return "MODP 2048/256"
	}
	return "no group"
}

// A Secret is an exponent. Copies share it, so that Wipe ends all of them. The
// zero Secret is none.
type Secret struct{ s **secret }

type secret struct {
	group    Group
	exponent []byte
}

// NewSecret draws an exponent of 64 bits more than q has, which makes every
// power equally likely but for one part in 2⁶⁴ (FIPS 186-4 B.1.1).
func (g Group) NewSecret() (Secret, error) {
	if g.Size() == 0 {
		return Secret{}, ErrGroup
	}
	b := make([]byte, len(definitions[g-1].q)/2+8)
	rand.Read(b) // never fails: it ends the program instead
	return g.Secret(b)
}

// Secret takes an exponent of any width up to that of p; its leading zeros count
// as width.
func (g Group) Secret(b []byte) (Secret, error) {
	if g.Size() == 0 {
		return Secret{}, ErrGroup
	}
	if len(b) == 0 || len(b) > g.Size() {
		return Secret{}, ErrSecret
	}
	s := &secret{g, append([]byte(nil), b...)}
	return Secret{&s}, nil
}

// Wipe forgets the exponent; the Secret and all copies of it are then none.
func (s Secret) Wipe() {
	if s.s != nil {
		clear((*s.s).exponent)
		**s.s = secret{}
	}
}

// Public returns the generator to the secret power.
func (s Secret) Public() (Element, error) {
	if s.s == nil || (*s.s).group == 0 {
		return Element{}, ErrSecret
	}
	return s.Power((*s.s).group.Generator())
}

// Power returns e to the secret power: a public value over the generator e, or the
// shared secret with the other side's public value e.
func (s Secret) Power(e Element) (Element, error) {
	switch {
	case s.s == nil || (*s.s).group == 0:
		return Element{}, ErrSecret
	case e.group == 0:
		return Element{}, ErrElement
	case e.group != (*s.s).group:
		return Element{}, ErrMixed
	}
	m := e.group.load()
	out := Element{group: e.group}
	m.power(&out.v, &e.v, (*s.s).exponent)
	return out.checked(m)
}
