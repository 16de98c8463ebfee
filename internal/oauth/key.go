package oauth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Key is a private key of the client: in memory, or behind a crypto.Signer in
// hardware.
type Key struct {
	ID     string // kid, as registered with the server; may be empty
	Alg    string // PS256, ES256 or EdDSA; empty: the one that fits the key
	Signer crypto.Signer
}

// maxID bounds identifiers that end up in tables: jti and kid.
const maxID = 256

// Check refuses a key that cannot sign, is weak, or whose algorithm FAPI 2.0 does
// not know. Its errors name the field and nothing of the key.
func (k Key) Check() error {
	if k.Signer == nil {
		return errors.New("Key.Signer is nil")
	}
	if !printable(k.ID) || len(k.ID) > maxID {
		return errors.New("Key.ID is not printable ASCII of at most 256 characters")
	}
	if err := jws.CheckKey(k.Signer.Public()); err != nil {
		return fmt.Errorf("Key.Signer: %w", err)
	}
	switch alg := k.alg(); {
	case alg == "":
		return errors.New("Key.Signer is neither RSA, P-256 nor Ed25519")
	case alg != "PS256" && alg != "ES256" && alg != "EdDSA":
		return errors.New("Key.Alg is none of PS256, ES256 and EdDSA (FAPI 2.0 Security Profile §5.4.1)")
	case !jws.Fits(alg, k.Signer.Public()):
		return errors.New("Key.Alg does not fit the type of Signer's key")
	}
	return nil
}

// alg is the algorithm that k signs with, "" if there is none.
func (k Key) alg() string {
	if k.Alg == "Ed25519" {
		return "EdDSA"
	}
	if k.Alg != "" {
		return k.Alg
	}
	return algOf(k.Signer.Public())
}

// algOf is the one algorithm of FAPI 2.0 that fits public.
func algOf(public crypto.PublicKey) string {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return "PS256"
	case *ecdsa.PublicKey:
		if jws.Fits("ES256", key) {
			return "ES256"
		}
	case ed25519.PublicKey:
		return "EdDSA"
	}
	return ""
}

// Format prints the key's name and nothing else of it.
func (k Key) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "oauth.Key %q", k.ID) }

// LogValue logs what Format prints.
func (k Key) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(k)) }

// MarshalText refuses, for encoding/json and others.
func (k Key) MarshalText() ([]byte, error) {
	return nil, errors.New("oauth: refusing to encode a Key: it is private")
}

// printable reports whether s is ASCII without spaces and control characters.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
