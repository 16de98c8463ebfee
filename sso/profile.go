package sso

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"reflect"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

// Profile says by which rules client and provider talk.
type Profile int

const (
	// Standard is OpenID Connect's code flow with PKCE and nonce.
	Standard Profile = iota

	// FAPI2 is the FAPI 2.0 Security Profile: pushed requests (RFC 9126), a key
	// instead of a secret (Config.Key), tokens bound to a key (DPoP, RFC 9449), iss
	// in every response. With Config.JARM the response is signed too, as FAPI 2.0
	// Message Signing asks.
	FAPI2
)

// fapiAlgs are the algorithms of FAPI 2.0 Security Profile §5.4.1.
var fapiAlgs = []string{"PS256", "ES256", "EdDSA"}

// checkProfile refuses what the profile does not allow or lacks.
func (c *Config) checkProfile() error {
	switch {
	case c.Profile != Standard && c.Profile != FAPI2:
		return errors.New("Config.Profile is neither Standard nor FAPI2")
	case !c.Accept.known():
		return errors.New("Config.Accept is no Integrity")
	case c.Key != nil && c.ClientSecret != "":
		return errors.New("Config.Key and Config.ClientSecret are both set: the provider registered one of them")
	case c.Key == nil && c.KeyID != "":
		return errors.New("Config.KeyID is set without Config.Key")
	case !printable(c.KeyID):
		return errors.New("Config.KeyID is not printable ASCII")
	case c.Wire != nil:
		return c.checkWire()
	}
	if c.Profile == FAPI2 {
		if c.ClientSecret != "" || c.Key == nil {
			return errors.New("Config.Key is needed by FAPI2, and Config.ClientSecret has no place in it (FAPI 2.0 Security Profile §5.3.3.1)")
		}
		for _, a := range c.Algs {
			if !slices.Contains(fapiAlgs, a) {
				return errors.New("Config.Algs holds an algorithm other than FAPI2's PS256, ES256 and EdDSA")
			}
		}
	}
	if err := checkSigner("Config.Key", c.Key); err != nil {
		return err
	}
	if err := checkSigner("Config.DPoPKey", c.DPoPKey); err != nil {
		return err
	}
	if c.Key != nil && c.DPoPKey != nil && equalKeys(c.Key.Public(), c.DPoPKey.Public()) {
		return errors.New("Config.DPoPKey is Config.Key: one key serves one purpose (RFC 8725 §3.5)")
	}
	return c.checkDecrypt()
}

// checkSigner refuses a key that cannot be used, without a word about it.
func checkSigner(field string, k crypto.Signer) error {
	if k == nil {
		return nil
	}
	if v := reflect.ValueOf(k); v.Kind() == reflect.Pointer && v.IsNil() {
		return errors.New(field + " is a nil pointer")
	}
	if signAlg(k) == "" {
		return errors.New(field + " is no key for PS256 (RSA), ES256 (P-256) or EdDSA (Ed25519)")
	}
	if err := (oauth.Key{Alg: signAlg(k), Signer: k}).Check(); err != nil {
		return errors.New(field + " cannot be used: too short, or not a valid key")
	}
	return nil
}

// signAlg is the one algorithm of FAPI 2.0 that a key is for.
func signAlg(k crypto.Signer) string {
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

// checkDecrypt refuses what cannot decrypt, and a key with a second job.
func (c *Config) checkDecrypt() error {
	for _, k := range c.Decrypt {
		if v := reflect.ValueOf(k); v.Kind() == reflect.Pointer && v.IsNil() {
			return errors.New("Config.Decrypt holds a nil pointer")
		}
		if err := (jwx.PrivateKey{Key: k}).Check(); err != nil {
			return fault.Prefix("Config.Decrypt", err)
		}
		public := k.(interface{ Public() crypto.PublicKey }).Public() // Check has let no other through
		for _, s := range []crypto.Signer{c.Key, c.DPoPKey} {
			if s != nil && equalKeys(public, s.Public()) {
				return errors.New("Config.Decrypt holds a key that signs too: one key serves one purpose (RFC 8725 §3.5)")
			}
		}
	}
	return nil
}

func equalKeys(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// profileName is the profile as a Session remembers it.
func (c *Config) profileName() string {
	name := ""
	switch {
	case c.Wire != nil:
		name = "wire"
	case c.Profile == FAPI2:
		name = "fapi2"
	}
	if c.JARM {
		name += "+jarm"
	}
	return name
}
