package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"math/big"
	"slices"
)

// Bounds of RSA keys. Below is weak (NIST SP 800-131A), above makes checking a
// signature slow enough to be an attack.
const (
	minRSABits     = 2048
	maxRSABits     = 8192
	minRSAExponent = 65537
)

// CheckKey refuses, with reason ErrKey, a public key that no signature should be
// trusted by: RSA outside the bounds of the package comment, a point off its
// curve, an Ed25519 key that is not canonical, not on the curve or of small
// order, and every other type. RSA keys with the fingerprint of the ROCA flaw
// (CVE-2017-15361), which come from smart cards and security chips, are refused
// too: their factors can be found.
func CheckKey(key crypto.PublicKey) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return checkRSA(k)
	case *ecdsa.PublicKey:
		return checkEC(k)
	case ed25519.PublicKey:
		return checkEd25519(k)
	}
	return fail(ErrKey, "the key is of a type that signs no tokens")
}

func checkRSA(k *rsa.PublicKey) error {
	if k == nil || k.N == nil || k.N.Sign() <= 0 {
		return fail(ErrKey, "the RSA key is empty")
	}
	if n := k.N.BitLen(); n < minRSABits || n > maxRSABits || k.N.Bit(0) == 0 {
		return fail(ErrKey, "the RSA modulus is even or not of 2048 to 8192 bits")
	}
	if k.E < minRSAExponent || k.E&1 == 0 {
		return fail(ErrKey, "the RSA exponent is even or below 65537")
	}
	if hasROCA(k.N) {
		return fail(ErrKey, "the RSA key has the ROCA flaw")
	}
	return nil
}

// hasROCA reports whether n is a power of 65537 modulo each of the first primes
// for which that says something. One honest modulus in 2²⁸ is, too.
func hasROCA(n *big.Int) bool {
	for _, p := range [...]uint64{11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157} {
		want := new(big.Int).Mod(n, new(big.Int).SetUint64(p)).Uint64()
		power := uint64(1)
		for power != want {
			if power = power * 65537 % p; power == 1 {
				return false
			}
		}
	}
	return true
}

func checkEC(k *ecdsa.PublicKey) error {
	if k == nil || k.Curve == nil || k.X == nil || k.Y == nil {
		return fail(ErrKey, "the EC key is empty")
	}
	if !Fits("ES256", k) && !Fits("ES384", k) && !Fits("ES512", k) {
		return fail(ErrKey, "the EC key is not on P-256, P-384 or P-521")
	}
	if _, err := k.Bytes(); err != nil {
		return fail(ErrKey, "the EC point is not on its curve")
	}
	return nil
}

// checkEd25519 does what RFC 8032 §5.1.3 asks of a decoder and crypto/ed25519
// leaves out: y below p, and no point of order 1, 2, 4 or 8, under which anyone
// can make signatures.
func checkEd25519(k ed25519.PublicKey) error {
	if len(k) != ed25519.PublicKeySize {
		return fail(ErrKey, "the Ed25519 key is not 32 bytes long")
	}
	b := slices.Clone(k)
	b[31] &= 0x7f // the sign of x
	slices.Reverse(b)
	y, one := new(big.Int).SetBytes(b), big.NewInt(1)
	p := new(big.Int).Sub(new(big.Int).Lsh(one, 255), big.NewInt(19))
	if y.Cmp(p) >= 0 {
		return fail(ErrKey, "the Ed25519 key is not canonical")
	}
	// x² = u/v with u = y²-1, v = dy²+1 and d = -121665/121666: a point exists
	// if and only if u·v is a square.
	d := new(big.Int).ModInverse(big.NewInt(121666), p)
	d.Mul(d, big.NewInt(-121665))
	yy := new(big.Int).Mul(y, y)
	v := d.Mul(d, yy)
	v.Add(v, one).Mod(v, p)
	u := new(big.Int).Sub(yy, one)
	if big.Jacobi(u.Mul(u, v).Mod(u, p), p) < 0 {
		return fail(ErrKey, "the Ed25519 point is not on the curve")
	}
	// Order 1, 2 and 4 have y = 1, -1 and 0; order 8 is where doubling gives
	// y = 0, that is dy⁴ + 2y² - 1 = 0.
	if yy.Mod(yy, p).BitLen() <= 1 || hasOrderEight(v.Sub(v, one), yy, p) {
		return fail(ErrKey, "the Ed25519 point has small order")
	}
	return nil
}

// hasOrderEight reports whether dy⁴ + 2y² - 1 = 0, given dy² and y².
func hasOrderEight(dyy, yy, p *big.Int) bool {
	n := new(big.Int).Mul(dyy, yy)
	n.Add(n, yy).Add(n, yy).Sub(n, big.NewInt(1))
	return n.Mod(n, p).Sign() == 0
}
