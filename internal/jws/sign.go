package jws

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
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

// fixedSignature turns a signer's DER into r || s (RFC 7518 §3.4).
func fixedSignature(der []byte, size int) ([]byte, error) {
	var sig struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &sig)
	if err != nil || len(rest) > 0 || sig.R.Sign() <= 0 || sig.S.Sign() <= 0 ||
		sig.R.BitLen() > 8*size || sig.S.BitLen() > 8*size {
		return nil, fail(ErrKey, "the signer did not return a DER signature of its curve")
	}
	out := make([]byte, 2*size)
	sig.R.FillBytes(out[:size])
	sig.S.FillBytes(out[size:])
	return out, nil
}

// Compact signs payload as a compact JWS. The header is alg followed by the
// given members.
func Compact(alg string, signer crypto.Signer, header []Member, payload []byte) (string, error) {
	head, err := Encode(append([]Member{{"alg", alg}}, header...)...)
	if err != nil {
		return "", err
	}
	b := base64.RawURLEncoding.AppendEncode(nil, head)
	b = base64.RawURLEncoding.AppendEncode(append(b, '.'), payload)
	sig, err := Sign(alg, signer, b)
	if err != nil {
		return "", err
	}
	return string(base64.RawURLEncoding.AppendEncode(append(b, '.'), sig)), nil
}
