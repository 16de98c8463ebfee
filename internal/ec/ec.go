// Package ec does arithmetic on the elliptic curves of electronic documents: for
// PACE and Chip Authentication with secrets, for certificates and Active
// Authentication with signatures.
//
// # Curves
//
// The eleven curves y² = x³ + ax + b over a prime field that ICAO Doc 9303-11
// §9.5.1 numbers 8 to 18: five of NIST (FIPS 186-4, SEC 2) and six of Brainpool
// (RFC 5639). All have a prime number n of points, cofactor 1. A Curve is that
// number; the zero Curve is none. Curves are found by it, by name, by the object
// identifier of a certificate, or by explicit parameters, which must agree in
// every one of p, a, b, G, n and h: whoever may bring a generator of his own can
// sign for anybody (CVE-2020-0601).
//
// # What is secret, and how it is kept
//
// A Secret is a scalar 1 ≤ k < n. What depends on it runs in constant time: no
// branch, no address and no count of steps follows its bits. Numbers have a fixed
// width for each curve; points are added by formulas that have no exceptions
// (J. Renes, C. Costello, L. Batina, "Complete addition formulas for prime order
// elliptic curves", 2016, algorithms 4 and 6), in windows of four bits, and every
// read from a table touches the whole table. This is so by construction and is
// measured by a t-test; it is not proven, and the compiler and the processor have
// the last word. Copies that the compiler makes on the stack are not wiped.
//
// Verification of signatures knows public data alone and is faster: Jacobian
// coordinates, signed sliding windows, one chain of doublings for both scalars.
//
// # What was measured
//
// Every curve is computed on its isomorphic image with a = −3, which for NIST is
// the curve itself and for Brainpool the "twisted" one of RFC 5639: with a general
// a, each addition and doubling takes three products more, and a multiplication
// was a seventh slower on 256 bits and a fifth on 512. Four, six and eight words
// have straight-line products, a half to two thirds of the loop's time; narrower
// curves run at the next width. Inversion by Fermat's little theorem is about a
// twentieth of a multiplication, so every result is made affine.
//
// # Limits
//
// A Point is affine, on its curve, and never the point at infinity: what would
// end there is an error. Points are read and written uncompressed only: 04 ‖ x ‖
// y, both of full width and below p (BSI TR-03111 §3.2.1). Nothing here signs.
// Errors carry no number of any kind.
package ec

// A Curve is one of the curves below, by its standardized domain parameter id
// (ICAO Doc 9303-11 §9.5.1). Curves compare with ==.
type Curve uint8

// The curves.
const (
	P192            Curve = 8 + iota // secp192r1
	BrainpoolP192r1                  // 9
	P224                             // 10, secp224r1
	BrainpoolP224r1                  // 11
	P256                             // 12, secp256r1
	BrainpoolP256r1                  // 13
	BrainpoolP320r1                  // 14
	P384                             // 15, secp384r1
	BrainpoolP384r1                  // 16
	BrainpoolP512r1                  // 17
	P521                             // 18, secp521r1
)

// Error says why an operation was refused.
type Error string

func (e Error) Error() string { return string(e) }

// The reasons for a refusal.
const (
	ErrCurve    Error = "an elliptic curve that is not known here"
	ErrPoint    Error = "not a point of the curve"
	ErrSecret   Error = "not a scalar from 1 to n−1"
	ErrMixed    Error = "elliptic curves that differ"
	ErrInfinity Error = "the point at infinity"
	ErrMapping  Error = "a number that the curve does not map to a point"
)

// ByID returns the curve with a standardized domain parameter id. Ids 0 to 2 are
// groups of Diffie and Hellman, not curves.
func ByID(id int) (Curve, error) {
	if id < int(P192) || id > int(P521) {
		return 0, ErrCurve
	}
	return Curve(id), nil
}

// ByName returns the curve with a name of SEC 2 or RFC 5639, such as secp256r1
// or brainpoolP256r1.
func ByName(name string) (Curve, error) {
	return find(func(p *definition) bool { return p.name == name })
}

// ByOID returns the curve with an object identifier, given as the content of its
// DER encoding.
func ByOID(oid []byte) (Curve, error) {
	return find(func(p *definition) bool { return p.oid == string(oid) })
}

func find(match func(*definition) bool) (Curve, error) {
	for i := range definitions {
		if match(&definitions[i]) {
			return P192 + Curve(i), nil
		}
	}
	return 0, ErrCurve
}

// Parameters are explicit domain parameters, as big-endian numbers of any width.
type Parameters struct {
	P, A, B []byte // the field and the two coefficients
	G       []byte // the generator, 04 ‖ x ‖ y
	N       []byte // its order
	H       []byte // the cofactor
}

// ByParameters returns the curve that explicit parameters describe (ECParameters,
// RFC 3279 §2.3.5), an error unless all of them are those of one known curve. What
// it means to leave out the cofactor is for the reader of the encoding to say.
func ByParameters(e Parameters) (Curve, error) {
	return find(func(d *definition) bool {
		size := len(d.p) / 2
		return len(e.G) == 1+2*size && e.G[0] == uncompressed && same(e.H, "01") &&
			same(e.P, d.p) && same(e.A, d.a) && same(e.B, d.b) && same(e.N, d.n) &&
			same(e.G[1:1+size], d.x) && same(e.G[1+size:], d.y)
	})
}

// same reports whether a big-endian number of any width is the hexadecimal one.
func same(b []byte, hex string) bool {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	var x elem
	return load(&x, b) && x == number(hex)
}

// String returns the curve's name.
func (c Curve) String() string {
	if !c.known() {
		return "no curve"
	}
	return definitions[c-P192].name
}

// Size is the length of a coordinate in bytes, 0 for no curve.
func (c Curve) Size() int {
	if !c.known() {
		return 0
	}
	return len(definitions[c-P192].p) / 2
}

func (c Curve) known() bool { return c >= P192 && c <= P521 }
