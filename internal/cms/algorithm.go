package cms

import (
	"crypto"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// scheme is how a signature is made from a digest.
type scheme uint8

const (
	pkcs1 scheme = iota + 1 // RSASSA-PKCS1-v1_5, RFC 8017 §8.2
	pss                     // RSASSA-PSS, §8.1
	ecdsa
)

// A signatureAlgorithm is an AlgorithmIdentifier that stands for a signature.
type signatureAlgorithm struct {
	scheme scheme
	digest crypto.Hash // 0: rsaEncryption, which leaves it to the digestAlgorithm
	salt   int         // of pss
}

// digestAlgorithm reads an AlgorithmIdentifier of a digest. Parameters are absent
// or NULL (RFC 5754 §2).
func digestAlgorithm(c *cursor) (crypto.Hash, error) {
	id := c.into(tlv.Sequence)
	oid := id.Read(tlv.OID)
	if !id.null() {
		return 0, at("digest algorithm", Malformed)
	}
	if h := digestOf(oid); h != 0 {
		return h, nil
	}
	return 0, at("digest algorithm", Algorithm)
}

func digestOf(oid []byte) crypto.Hash {
	switch string(oid) {
	case oidSHA1:
		return crypto.SHA1
	case oidSHA224:
		return crypto.SHA224
	case oidSHA256:
		return crypto.SHA256
	case oidSHA384:
		return crypto.SHA384
	case oidSHA512:
		return crypto.SHA512
	}
	return 0
}

// readAlgorithm reads a signature's AlgorithmIdentifier. NULL is accepted where
// the standards want nothing, and the reverse: issuers do both.
func readAlgorithm(c *cursor) (signatureAlgorithm, error) {
	id := c.into(tlv.Sequence)
	oid := id.Read(tlv.OID)
	if string(oid) == oidPSS {
		if !id.more() {
			return signatureAlgorithm{}, at("RSASSA-PSS", Parameters) // RFC 4055 §3.1: required
		}
		return pssParameters(&id)
	}
	a, known := signatureOf(oid)
	switch {
	case !id.null():
		return signatureAlgorithm{}, at("signature algorithm", Malformed)
	case !known:
		return signatureAlgorithm{}, at("signature algorithm", Algorithm)
	}
	return a, nil
}

func signatureOf(oid []byte) (a signatureAlgorithm, known bool) {
	switch string(oid) {
	case oidRSA:
		a = signatureAlgorithm{scheme: pkcs1}
	case oidSHA1RSA:
		a = signatureAlgorithm{pkcs1, crypto.SHA1, 0}
	case oidSHA224RSA:
		a = signatureAlgorithm{pkcs1, crypto.SHA224, 0}
	case oidSHA256RSA:
		a = signatureAlgorithm{pkcs1, crypto.SHA256, 0}
	case oidSHA384RSA:
		a = signatureAlgorithm{pkcs1, crypto.SHA384, 0}
	case oidSHA512RSA:
		a = signatureAlgorithm{pkcs1, crypto.SHA512, 0}
	case oidSHA1ECDSA:
		a = signatureAlgorithm{ecdsa, crypto.SHA1, 0}
	case oidSHA224ECDSA:
		a = signatureAlgorithm{ecdsa, crypto.SHA224, 0}
	case oidSHA256ECDSA:
		a = signatureAlgorithm{ecdsa, crypto.SHA256, 0}
	case oidSHA384ECDSA:
		a = signatureAlgorithm{ecdsa, crypto.SHA384, 0}
	case oidSHA512ECDSA:
		a = signatureAlgorithm{ecdsa, crypto.SHA512, 0}
	}
	return a, a.scheme != 0
}

// pssParameters reads RSASSA-PSS-params (RFC 4055 §3.1). What is left out has its
// default: SHA-1, MGF1 with SHA-1, 20 bytes of salt. The mask must use the same
// digest (the RFC recommends it and everybody does), the salt must have at least
// a byte and at most 64.
func pssParameters(id *cursor) (signatureAlgorithm, error) {
	a := signatureAlgorithm{scheme: pss, digest: crypto.SHA1, salt: 20}
	mask := crypto.SHA1
	params := id.into(tlv.Sequence)
	if params.next(context(0)) {
		c := params.into(context(0))
		h, err := digestAlgorithm(&c)
		if err != nil {
			return a, err
		}
		a.digest = h
		c.end()
	}
	if params.next(context(1)) {
		c := params.into(context(1))
		mgf := c.into(tlv.Sequence)
		oid := mgf.Read(tlv.OID)
		h, err := digestAlgorithm(&mgf)
		if err != nil {
			return a, err
		}
		if string(oid) != oidMGF1 {
			return a, at("RSASSA-PSS mask", Parameters)
		}
		mask = h
		mgf.end()
		c.end()
	}
	trailer := 1
	if params.next(context(2)) {
		a.salt = params.number(context(2))
	}
	if params.next(context(3)) {
		trailer = params.number(context(3))
	}
	params.end()
	switch {
	case !id.end():
		return a, at("RSASSA-PSS", Malformed)
	case mask != a.digest || a.salt < 1 || a.salt > 64 || trailer != 1:
		return a, at("RSASSA-PSS", Parameters)
	}
	return a, nil
}

// number reads a small INTEGER within an element.
func (c *cursor) number(tag tlv.Tag) int {
	inner := c.into(tag)
	n := inner.small(1 << 10)
	inner.end()
	return n
}

// digest is the digest of a message, in a buffer of the caller's.
func digest(h crypto.Hash, message []byte, buf *[sha512.Size]byte) []byte {
	switch h {
	case crypto.SHA1:
		d := sha1.Sum(message)
		return append(buf[:0], d[:]...)
	case crypto.SHA224:
		d := sha256.Sum224(message)
		return append(buf[:0], d[:]...)
	case crypto.SHA256:
		d := sha256.Sum256(message)
		return append(buf[:0], d[:]...)
	case crypto.SHA384:
		d := sha512.Sum384(message)
		return append(buf[:0], d[:]...)
	case crypto.SHA512:
		*buf = sha512.Sum512(message)
		return buf[:]
	}
	return nil
}
