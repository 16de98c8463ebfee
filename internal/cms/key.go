package cms

import (
	"math/big"

	stdecdsa "crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"

	"github.com/vneid-sdk/vneid-go/internal/ec"
	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// RSA keys outside these sizes are not read; keys below 2,048 bits are weak.
const (
	minRSABits    = 1024
	strongRSABits = 2048
	maxRSABits    = 8192
)

// A PublicKey is the key of a certificate, or of a chip.
type PublicKey struct {
	rsa   *rsa.PublicKey
	point ec.Point

	// Of RSA: the key is for RSASSA-PSS alone (RFC 4055 §1.2), perhaps with one
	// digest and at least so much salt.
	pssOnly bool
	only    signatureAlgorithm

	// Of an EC key on a curve that the standard library computes faster.
	std *stdecdsa.PublicKey
}

// RSA returns the key if it is one of RSA, else nil.
func (k *PublicKey) RSA() *rsa.PublicKey { return k.rsa }

// Point returns the key if it is one of elliptic curves, else the zero Point.
func (k *PublicKey) Point() ec.Point { return k.point }

// strong reports whether a key is long enough: 2,048 bits of RSA, 224 of EC, as
// wide as the smallest digest that ICAO Doc 9303-12 §4.1.6 permits.
func (k *PublicKey) strong() bool {
	if k.rsa != nil {
		return k.rsa.N.BitLen() >= strongRSABits
	}
	return k.point.Curve().Size() >= 224/8
}

// ParsePublicKey reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). It keeps
// nothing of der.
func ParsePublicKey(der []byte) (*PublicKey, error) {
	c := read(der)
	info := c.into(tlv.Sequence)
	algorithm := info.Whole(tlv.Sequence)
	bits := info.Bytes()
	info.end()
	if !c.end() {
		return nil, at("public key", Malformed)
	}
	c = read(algorithm)
	id := c.into(tlv.Sequence)
	switch string(id.Read(tlv.OID)) {
	case oidEC:
		return ecKey(&id, bits)
	case oidRSA:
		if !id.null() {
			return nil, at("public key", Malformed)
		}
		return rsaKey(bits)
	case oidPSS:
		k, err := rsaKey(bits)
		if err != nil {
			return nil, err
		}
		if k.pssOnly = true; id.more() {
			if k.only, err = pssParameters(&id); err != nil {
				return nil, err
			}
		}
		return k, nil
	}
	return nil, at("public key", Algorithm)
}

// rsaKey reads RSAPublicKey (RFC 8017 §A.1.1).
func rsaKey(der []byte) (*PublicKey, error) {
	c := read(der)
	numbers := c.into(tlv.Sequence)
	n := numbers.Uint()
	e := numbers.Uint()
	numbers.end()
	if !c.end() {
		return nil, at("RSA key", Malformed)
	}
	if len(n) > maxRSABits/8 {
		return nil, at("RSA key", TooLarge)
	}
	modulus := new(big.Int).SetBytes(n)
	if modulus.BitLen() < minRSABits || n[len(n)-1]&1 == 0 || len(e) == 0 || len(e) > 4 || len(e) == 4 && e[0] >= 0x80 {
		return nil, at("RSA key", BadKey)
	}
	exponent := 0
	for _, v := range e {
		exponent = exponent<<8 | int(v)
	}
	if exponent < 3 || exponent&1 == 0 {
		return nil, at("RSA key", BadKey)
	}
	return &PublicKey{rsa: &rsa.PublicKey{N: modulus, E: exponent}}, nil
}

// ecKey reads a point on the curve that the parameters name or describe.
func ecKey(params *cursor, point []byte) (*PublicKey, error) {
	curve, err := readCurve(params)
	if err != nil {
		return nil, err
	}
	p, err := curve.Point(point)
	if err != nil {
		return nil, at("EC key", BadKey)
	}
	k := &PublicKey{point: p}
	if curve == ec.P256 {
		if k.std, err = stdecdsa.ParseUncompressedPublicKey(elliptic.P256(), point); err != nil {
			return nil, at("EC key", BadKey)
		}
	}
	return k, nil
}

// readCurve reads EcpkParameters (RFC 3279 §2.3.5, RFC 5480 §2.1.1). Explicit
// parameters, which ICAO Doc 9303-12 §4.1.6 demands, cofactor and all, are those of a known curve in
// every number; a generator of the issuer's own making is refused
// (CVE-2020-0601). The seed of the curve's coefficients says nothing.
func readCurve(c *cursor) (ec.Curve, error) {
	if c.next(tlv.OID) {
		oid := c.Read(tlv.OID)
		if !c.end() {
			return 0, at("EC parameters", Malformed)
		}
		curve, err := ec.ByOID(oid)
		if err != nil {
			return 0, at("EC parameters", UnknownEC)
		}
		return curve, nil
	}
	params := c.into(tlv.Sequence)
	version := params.small(3)
	field := params.into(tlv.Sequence)
	if oid := field.Read(tlv.OID); oid != nil && string(oid) != oidPrimeField {
		return 0, at("EC parameters", UnknownEC)
	}
	e := ec.Parameters{P: field.Uint()}
	field.end()
	coefficients := params.into(tlv.Sequence)
	e.A, e.B = coefficients.Read(tlv.OctetString), coefficients.Read(tlv.OctetString)
	if coefficients.more() {
		coefficients.Read(tlv.BitString)
	}
	coefficients.end()
	e.G = params.Read(tlv.OctetString)
	e.N = params.Uint()
	e.H = params.Uint()
	params.end()
	if !c.end() || version == 0 {
		return 0, at("EC parameters", Malformed)
	}
	curve, err := ec.ByParameters(e)
	if err != nil {
		return 0, at("EC parameters", UnknownEC)
	}
	return curve, nil
}
