package platform

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
)

// generate makes a key for alg. Its identifier is the one that a COSE header
// carries: the first eight bytes of SHA-256 over the SubjectPublicKeyInfo.
func generate(alg string) (*signingKey, error) {
	key := &signingKey{alg: alg}
	var err error
	switch alg {
	case "EdDSA":
		_, key.signer, err = ed25519.GenerateKey(rand.Reader)
	case "ES256":
		key.signer, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "RS256", "PS256":
		key.signer, err = rsa.GenerateKey(rand.Reader, 2048)
	default:
		err = errors.New("no such signature algorithm here: ES256, EdDSA, RS256, PS256")
	}
	if err != nil {
		return nil, err
	}
	return key, key.name()
}

// name fills in what follows from the public key.
func (key *signingKey) name() error {
	spki, err := x509.MarshalPKIXPublicKey(key.signer.Public())
	if err != nil {
		return err
	}
	sum := sha256.Sum256(spki)
	key.kid = b64(sum[:8])
	key.jwk = publicJWK(key.signer.Public())
	key.jwk["kid"], key.jwk["alg"], key.jwk["use"] = key.kid, key.alg, "sig"
	return nil
}

// publicJWK writes the members of RFC 7518 §6 and RFC 8037 §2.
func publicJWK(pub crypto.PublicKey) map[string]any {
	switch k := pub.(type) {
	case ed25519.PublicKey:
		return map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(k)}
	case *ecdsa.PublicKey:
		point, err := k.Bytes() // 04 ‖ x ‖ y
		if err != nil {
			return map[string]any{}
		}
		return map[string]any{"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])}
	case *rsa.PublicKey:
		return map[string]any{"kty": "RSA", "n": b64(k.N.Bytes()), "e": b64(big.NewInt(int64(k.E)).Bytes())}
	}
	return map[string]any{}
}

func b64(b []byte) string {
	var room [64]byte // a hash, and most else, needs no more
	return string(base64.RawURLEncoding.AppendEncode(room[:0], b))
}
