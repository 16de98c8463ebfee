package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
)

type family uint8

const (
	pkcs1 family = iota + 1
	pss
	ecdsaFixed
	eddsa
)

// algorithm is what RFC 7518 §3.1 and RFC 8037 §3.1 say of an alg value.
type algorithm struct {
	family family
	hash   crypto.Hash
	curve  elliptic.Curve
}

func lookup(alg string) (algorithm, bool) {
	switch alg {
	case "RS256":
		return algorithm{family: pkcs1, hash: crypto.SHA256}, true
	case "RS384":
		return algorithm{family: pkcs1, hash: crypto.SHA384}, true
	case "RS512":
		return algorithm{family: pkcs1, hash: crypto.SHA512}, true
	case "PS256":
		return algorithm{family: pss, hash: crypto.SHA256}, true
	case "PS384":
		return algorithm{family: pss, hash: crypto.SHA384}, true
	case "PS512":
		return algorithm{family: pss, hash: crypto.SHA512}, true
	case "ES256":
		return algorithm{ecdsaFixed, crypto.SHA256, elliptic.P256()}, true
	case "ES384":
		return algorithm{ecdsaFixed, crypto.SHA384, elliptic.P384()}, true
	case "ES512":
		return algorithm{ecdsaFixed, crypto.SHA512, elliptic.P521()}, true
	case "EdDSA", "Ed25519":
		return algorithm{family: eddsa}, true
	}
	return algorithm{}, false
}

// Known reports whether alg is one of the algorithms of this package.
func Known(alg string) bool {
	_, ok := lookup(alg)
	return ok
}

// Fits reports whether key is of the type, and on the curve, that alg uses.
func Fits(alg string, key crypto.PublicKey) bool {
	a, ok := lookup(alg)
	return ok && a.fits(key)
}

func (a algorithm) fits(key crypto.PublicKey) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return k != nil && (a.family == pkcs1 || a.family == pss)
	case *ecdsa.PublicKey:
		return k != nil && a.family == ecdsaFixed && k.Curve == a.curve
	case ed25519.PublicKey:
		return a.family == eddsa
	}
	return false
}

// Verify checks one signature. The key must have passed CheckKey when it was
// loaded; here only its fitness for alg is looked at.
func Verify(alg string, key crypto.PublicKey, input, sig []byte) error {
	a, ok := lookup(alg)
	if !ok {
		return fail(ErrAlgorithm, "the algorithm is not accepted")
	}
	if !a.fits(key) {
		return fail(ErrKey, "the key is not of the algorithm's type")
	}
	if !a.verify(key, input, sig) {
		return fail(ErrSignature, "the signature is wrong")
	}
	return nil
}

func (a algorithm) verify(key crypto.PublicKey, input, sig []byte) bool {
	if k, ok := key.(ed25519.PublicKey); ok {
		return len(k) == ed25519.PublicKeySize && ed25519.Verify(k, input, sig)
	}
	digest := a.digest(input)
	switch k := key.(type) {
	case *rsa.PublicKey:
		if a.family == pkcs1 {
			return rsa.VerifyPKCS1v15(k, a.hash, digest, sig) == nil
		}
		// RFC 7518 §3.5: the salt is as long as the hash, no other length passes.
		return rsa.VerifyPSS(k, a.hash, digest, sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
	case *ecdsa.PublicKey:
		der, ok := derSignature(sig, fieldBytes(a.curve))
		return ok && ecdsa.VerifyASN1(k, digest, der)
	}
	return false
}

func (a algorithm) digest(input []byte) []byte {
	switch a.hash {
	case crypto.SHA256:
		d := sha256.Sum256(input)
		return d[:]
	case crypto.SHA384:
		d := sha512.Sum384(input)
		return d[:]
	}
	d := sha512.Sum512(input)
	return d[:]
}

func fieldBytes(c elliptic.Curve) int { return (c.Params().BitSize + 7) / 8 }

// derSignature turns r || s, each exactly size bytes (RFC 7518 §3.4), into the
// DER that crypto/ecdsa wants; that package holds r and s to 1 … n-1.
func derSignature(sig []byte, size int) ([]byte, bool) {
	if len(sig) != 2*size {
		return nil, false
	}
	body := make([]byte, 0, 2*(size+3)+3)
	// The longest body, for P-521, is 138 bytes: its length needs one byte more.
	body = append(body, 0x30, 0x81, 0)
	body = appendInteger(body, sig[:size])
	body = appendInteger(body, sig[size:])
	if n := len(body) - 3; n < 0x80 {
		body = body[1:]
		body[0], body[1] = 0x30, byte(n)
	} else {
		body[2] = byte(n)
	}
	return body, true
}

func appendInteger(der, n []byte) []byte {
	for len(n) > 1 && n[0] == 0 {
		n = n[1:]
	}
	if n[0] < 0x80 {
		der = append(der, 2, byte(len(n)))
	} else {
		der = append(der, 2, byte(len(n)+1), 0)
	}
	return append(der, n...)
}
