package sdjwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// bound checks that a document with cnf, and only such a one, comes with the proof
// that cnf's key made for this use of it, and returns that key.
func (r *Reader) bound(payload *jws.Object, proof, text string, want Expect) (crypto.PublicKey, error) {
	err := first(
		r.hold(checkBound, payload.Has("cnf") && proof == ""),
		r.hold(checkUnbound, !payload.Has("cnf") && proof != ""),
	)
	if err != nil || proof == "" || !payload.Has("cnf") {
		return nil, err
	}
	if want.Audience == "" || want.Nonce == "" || want.Now.IsZero() {
		return nil, errors.New("Expect: Audience, Nonce or Now is not set, and the document is bound to a key")
	}
	cnf := payload.Object("cnf")
	key, err := readJWK(cnf.Raw("jwk"), len(cnf.Names()))
	if err != nil {
		return nil, err
	}
	token, err := r.binding.Parse(proof)
	if err != nil {
		return nil, err
	}
	defer token.Free()
	if !jws.Fits(token.Alg, key) {
		return nil, &refusal{jws.ErrKey, "the key in cnf is not of the proof's algorithm"}
	}
	err = r.hold(checkProof, jws.Verify(token.Alg, key, token.Input, token.Signature) != nil)
	if err != nil {
		return nil, err
	}
	claims, err := token.Claims()
	if err != nil {
		return nil, err
	}
	if err := r.proof(&claims, sha256.Sum256([]byte(text)), want); err != nil {
		return nil, err
	}
	return key, nil
}

// proof checks what a key-binding JWT says (RFC 9901 §7.3 step 5).
func (r *Reader) proof(c *jws.Object, digest sum, want Expect) error {
	hash, aud, nonce, iat := c.String("sd_hash"), c.String("aud"), c.String("nonce"), c.Time("iat")
	if c.Err() != nil {
		return c.Err()
	}
	if iat.IsZero() {
		return malformed("the key's proof has no iat")
	}
	age, skew := want.Now.Sub(iat), skew(want.Skew)
	most := want.MaxAge
	if most <= 0 {
		most = 5 * time.Minute
	}
	return first(
		r.hold(checkHashOf, !same(hash, encodeSum(digest))),
		r.hold(checkAudience, aud != want.Audience),
		r.hold(checkNonce, !same(nonce, want.Nonce)),
		r.hold(checkStale, age > most+skew),
		r.hold(checkEarly, age < -skew),
	)
}

func skew(d time.Duration) time.Duration {
	if d == 0 {
		return time.Minute
	}
	return max(d, 0)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func encodeSum(s sum) string { return base64.RawURLEncoding.EncodeToString(s[:]) }

// readJWK reads the public key in cnf. Only what is needed may be in it: a private
// member would be a leak, a URL a temptation.
func readJWK(text string, members int) (crypto.PublicKey, error) {
	unusable := &refusal{jws.ErrKey, "cnf does not hold one public key, by jwk alone"}
	if text == "" || members != 1 {
		return nil, unusable
	}
	o, err := jws.ParseObject(text)
	if err != nil {
		return nil, unusable
	}
	for _, name := range o.Names() {
		switch name {
		case "kty", "crv", "x", "y", "kid", "alg", "use", "key_ops":
		default:
			return nil, unusable
		}
	}
	x, okX := jws.DecodeBase64(o.String("x"))
	y, okY := jws.DecodeBase64(o.String("y"))
	key := publicKey(o.String("kty"), o.String("crv"), x, y)
	use := o.String("use")
	if o.Err() != nil || !okX || !okY || key == nil || use != "" && use != "sig" || jws.CheckKey(key) != nil {
		return nil, unusable
	}
	return key, nil
}

// publicKey returns nil for what is none (RFC 7518 §6.2, RFC 8037 §2).
func publicKey(kty, crv string, x, y []byte) crypto.PublicKey {
	if kty == "OKP" && crv == "Ed25519" && len(x) == ed25519.PublicKeySize && len(y) == 0 {
		return ed25519.PublicKey(x)
	}
	curve := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[crv]
	if kty != "EC" || curve == nil {
		return nil
	}
	// Both at full width; the parser holds their sum to the curve's.
	if n := (curve.Params().BitSize + 7) / 8; len(x) != n || len(y) != n {
		return nil
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, append(append([]byte{4}, x...), y...))
	if err != nil {
		return nil // not (*ecdsa.PublicKey)(nil), which is a key of a sort
	}
	return key
}
