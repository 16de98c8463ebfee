package cms

import (
	"crypto"
	stdecdsa "crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha512"
)

// verify checks a signature over a message: the algorithm first, then the key,
// then the signature itself.
func (p Policy) verify(k *PublicKey, a signatureAlgorithm, message, signature []byte) error {
	if err := p.accepts(k, a); err != nil {
		return err
	}
	return p.demand(k.verify(a, message, signature), BadSignature)
}

// accepts is what verify checks before the signature.
func (p Policy) accepts(k *PublicKey, a signatureAlgorithm) error {
	if err := p.digest(a.digest); err != nil {
		return err
	}
	if err := p.demand(k.strong(), WeakKey); err != nil {
		return err
	}
	if !k.fits(a) {
		return Disagree
	}
	return nil
}

// digest refuses SHA-1 unless the policy allows it.
func (p Policy) digest(h crypto.Hash) error {
	return p.demand(p.AllowSHA1 || h != crypto.SHA1, WeakDigest)
}

// fits reports whether the key may make such a signature. A key bound to
// RSASSA-PSS makes no other, with its own digest and no less salt than it says
// (RFC 4055 §3.3).
func (k *PublicKey) fits(a signatureAlgorithm) bool {
	switch {
	case a.digest == 0:
		return false
	case k.rsa == nil:
		return a.scheme == ecdsa
	case !k.pssOnly:
		return a.scheme == pkcs1 || a.scheme == pss
	case k.only.scheme == 0:
		return a.scheme == pss
	}
	return a.scheme == pss && a.digest == k.only.digest && a.salt >= k.only.salt
}

func (k *PublicKey) verify(a signatureAlgorithm, message, signature []byte) bool {
	var buf [sha512.Size]byte
	d := digest(a.digest, message, &buf)
	switch {
	case a.scheme == pkcs1:
		return rsa.VerifyPKCS1v15(k.rsa, a.digest, d, signature) == nil
	case a.scheme == pss:
		return rsa.VerifyPSS(k.rsa, a.digest, d, signature, &rsa.PSSOptions{SaltLength: a.salt, Hash: a.digest}) == nil
	case k.std != nil:
		return stdecdsa.VerifyASN1(k.std, d, signature)
	}
	return k.point.VerifyDER(d, signature)
}
