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
	"encoding/json"
	"errors"
	"math/big"
	"sync"
)

// Keys is a set of signing keys of one purpose, with a rotation in two phases:
// Announce puts a new key into the published set, Switch begins to sign with it
// once relying parties have had time to fetch the set, Retire drops the keys that
// sign no more. The platform has one set for logins and another for QR codes.
type Keys struct {
	mu     sync.RWMutex
	alg    string // of keys made without being asked for another
	keys   []*signingKey
	public []byte // the JWK set
}

type phase uint8

const (
	announced phase = iota
	signing
	former
)

type signingKey struct {
	kid, alg string
	signer   crypto.Signer
	phase    phase
	jwk      map[string]any
}

func newKeys(alg string) (*Keys, error) {
	k := &Keys{alg: alg}
	_, err := k.signer(alg)
	return k, err
}

// JWKS returns the published set (RFC 7517 §5).
func (k *Keys) JWKS() []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.public
}

// Announce makes the next key of every algorithm in use and publishes it.
func (k *Keys) Announce() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var next []*signingKey
	for _, key := range k.keys {
		if key.phase != signing {
			continue
		}
		n, err := generate(key.alg)
		if err != nil {
			return err
		}
		next = append(next, n)
	}
	k.keys = append(k.keys, next...)
	return k.publish()
}

// Announced reports whether a next key is published.
func (k *Keys) Announced() bool {
	for _, key := range k.all() {
		if key.phase == announced {
			return true
		}
	}
	return false
}

// Switch begins to sign with the newest announced keys. The former ones stay
// published.
func (k *Keys) Switch() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	turned := map[string]bool{}
	for i := len(k.keys) - 1; i >= 0; i-- {
		switch key := k.keys[i]; {
		case key.phase == announced && !turned[key.alg]:
			key.phase, turned[key.alg] = signing, true
		case key.phase != announced && turned[key.alg], key.phase == announced:
			key.phase = former
		}
	}
	return k.publish()
}

// Retire stops publishing the keys that sign no more. What they signed can no
// longer be verified.
func (k *Keys) Retire() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var stay []*signingKey
	for _, key := range k.keys {
		if key.phase != former {
			stay = append(stay, key)
		}
	}
	k.keys = stay
	return k.publish()
}

// signer returns the key that signs alg now, and makes the first one.
func (k *Keys) signer(alg string) (*signingKey, error) {
	k.mu.RLock()
	key := k.current(alg)
	k.mu.RUnlock()
	if key != nil {
		return key, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.current(alg); key != nil {
		return key, nil
	}
	key, err := generate(alg)
	if err != nil {
		return nil, err
	}
	key.phase = signing
	k.keys = append(k.keys, key)
	return key, k.publish()
}

func (k *Keys) current(alg string) *signingKey {
	for _, key := range k.keys {
		if key.alg == alg && key.phase == signing {
			return key
		}
	}
	return nil
}

// all lists copies of the published keys.
func (k *Keys) all() []signingKey {
	k.mu.RLock()
	defer k.mu.RUnlock()
	out := make([]signingKey, len(k.keys))
	for i, key := range k.keys {
		out[i] = *key
	}
	return out
}

func (k *Keys) publish() error {
	set := make([]map[string]any, 0, len(k.keys))
	for _, key := range k.keys {
		set = append(set, key.jwk)
	}
	b, err := json.Marshal(map[string]any{"keys": set})
	k.public = b
	return err
}

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
	spki, err := x509.MarshalPKIXPublicKey(key.signer.Public())
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(spki)
	key.kid = b64(sum[:8])
	key.jwk = publicJWK(key.signer.Public())
	key.jwk["kid"], key.jwk["alg"], key.jwk["use"] = key.kid, alg, "sig"
	return key, nil
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

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
