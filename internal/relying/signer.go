package relying

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"reflect"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

// CheckSigner refuses a key that cannot be used, without a word about it. Nil is for
// the caller to judge.
func CheckSigner(field string, k crypto.Signer) error {
	if k == nil {
		return nil
	}
	if v := reflect.ValueOf(k); v.Kind() == reflect.Pointer && v.IsNil() {
		return errors.New(field + " is a nil pointer")
	}
	if SignAlg(k) == "" {
		return errors.New(field + " is no key for PS256 (RSA), ES256 (P-256) or EdDSA (Ed25519)")
	}
	if err := (oauth.Key{Alg: SignAlg(k), Signer: k}).Check(); err != nil {
		return errors.New(field + " cannot be used: too short, or not a valid key")
	}
	return nil
}

// SignAlg is the one algorithm of FAPI 2.0 that a key is for.
func SignAlg(k crypto.Signer) string {
	switch pub := k.Public().(type) {
	case *rsa.PublicKey:
		return "PS256"
	case *ecdsa.PublicKey:
		if pub != nil && pub.Curve != nil && pub.Params().Name == "P-256" {
			return "ES256"
		}
	case ed25519.PublicKey:
		return "EdDSA"
	}
	return ""
}

// CheckDecrypt refuses what cannot decrypt, and a key with a second job.
func CheckDecrypt(field string, keys []crypto.PrivateKey, signers ...crypto.Signer) error {
	for _, k := range keys {
		if v := reflect.ValueOf(k); v.Kind() == reflect.Pointer && v.IsNil() {
			return errors.New(field + " holds a nil pointer")
		}
		if err := (jwx.PrivateKey{Key: k}).Check(); err != nil {
			return fault.Prefix(field, err)
		}
		public := k.(interface{ Public() crypto.PublicKey }).Public() // Check has let no other through
		for _, s := range signers {
			if s != nil && EqualKeys(public, s.Public()) {
				return errors.New(field + " holds a key that signs too: one key serves one purpose (RFC 8725 §3.5)")
			}
		}
	}
	return nil
}

// EqualKeys reports whether two public keys are one.
func EqualKeys(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}
