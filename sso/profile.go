package sso

import (
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/relying"
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
	case !relying.Printable(c.KeyID):
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
	if err := relying.CheckSigner("Config.Key", c.Key); err != nil {
		return err
	}
	if err := relying.CheckSigner("Config.DPoPKey", c.DPoPKey); err != nil {
		return err
	}
	if c.Key != nil && c.DPoPKey != nil && relying.EqualKeys(c.Key.Public(), c.DPoPKey.Public()) {
		return errors.New("Config.DPoPKey is Config.Key: one key serves one purpose (RFC 8725 §3.5)")
	}
	return relying.CheckDecrypt("Config.Decrypt", c.Decrypt, c.Key, c.DPoPKey)
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
