package jws

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
)

// Sign makes the signature that Verify accepts under signer's public key. The
// signer may be a key in memory or in hardware.
func Sign(alg string, signer crypto.Signer, input []byte) ([]byte, error) {
	a, ok := lookup(alg)
	if !ok {
		return nil, fail(ErrAlgorithm, "the algorithm is not accepted")
	}
	if signer == nil || !a.fits(signer.Public()) {
		return nil, fail(ErrKey, "the key is not of the algorithm's type")
	}
	switch a.family {
	case eddsa:
		return signer.Sign(rand.Reader, input, crypto.Hash(0))
	case pss:
		return signer.Sign(rand.Reader, a.digest(input), &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: a.hash})
	case pkcs1:
		return signer.Sign(rand.Reader, a.digest(input), a.hash)
	}
	der, err := signer.Sign(rand.Reader, a.digest(input), a.hash)
	if err != nil {
		return nil, err
	}
	return fixedSignature(der, fieldBytes(a.curve))
}

// fixedSignature turns a signer's DER into r || s (RFC 7518 §3.4). encoding/asn1 would
// take twenty times as long, which shows beside the signature itself.
func fixedSignature(der []byte, size int) ([]byte, error) {
	out := make([]byte, 2*size)
	body, rest, ok := element(der, 0x30)
	r, body, ok1 := element(body, 2)
	s, body, ok2 := element(body, 2)
	if !ok || !ok1 || !ok2 || len(rest)+len(body) > 0 || !fill(out[:size], r) || !fill(out[size:], s) {
		return nil, fail(ErrKey, "the signer did not return a DER signature of its curve")
	}
	return out, nil
}

// element splits off a DER element with that tag and of less than 256 bytes, as all of
// a signature's are.
func element(der []byte, tag byte) (value, rest []byte, ok bool) {
	if len(der) < 2 || der[0] != tag {
		return nil, nil, false
	}
	n, der := int(der[1]), der[2:]
	if n == 0x81 && len(der) > 0 && der[0] >= 0x80 {
		n, der = int(der[0]), der[1:]
	} else if n >= 0x80 {
		return nil, nil, false
	}
	if n > len(der) {
		return nil, nil, false
	}
	return der[:n], der[n:], true
}

// fill writes a DER integer to all of dst, if it is positive, minimal and fits.
func fill(dst, n []byte) bool {
	if len(n) > 1 && n[0] == 0 && n[1] >= 0x80 {
		n = n[1:]
	} else if len(n) == 0 || n[0] == 0 || n[0] >= 0x80 {
		return false
	}
	if len(n) > len(dst) {
		return false
	}
	copy(dst[len(dst)-len(n):], n)
	return true
}

// Compact signs payload as a compact JWS. The header is alg followed by the
// given members.
func Compact(alg string, signer crypto.Signer, header []Member, payload []byte) (string, error) {
	head, err := Encode(append([]Member{{"alg", alg}}, header...)...)
	if err != nil {
		return "", err
	}
	b := make([]byte, 0, base64.RawURLEncoding.EncodedLen(len(head)+len(payload))+128) // with room for most signatures
	b = base64.RawURLEncoding.AppendEncode(b, head)
	b = base64.RawURLEncoding.AppendEncode(append(b, '.'), payload)
	sig, err := Sign(alg, signer, b)
	if err != nil {
		return "", err
	}
	return string(base64.RawURLEncoding.AppendEncode(append(b, '.'), sig)), nil
}
