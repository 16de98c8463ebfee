package platform

import (
	"bytes"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// fapiAlgs are the signature algorithms of FAPI 2.0 Security Profile §5.4.1. The
// platform takes no others from clients, whatever their profile.
func fapiAlgs() []string { return []string{"PS256", "ES256", "EdDSA"} }

// checkProfile checks how the client authenticates and what it is held to.
func (c *Client) checkProfile() error {
	signing, encryption, err := c.keys()
	if err != nil {
		return err
	}
	ways := 0
	for _, has := range []bool{c.Public, c.Secret != "", len(signing) > 0} {
		if has {
			ways++
		}
	}
	switch {
	case ways != 1:
		return errors.New("Client needs one of Secret, Public and a signing key in Keys")
	case len(encryption) > 1:
		return errors.New("Client.Keys has more than one encryption key")
	case c.Profile != Standard && c.Profile != FAPI2:
		return errors.New("Client.Profile is unknown")
	case c.Profile == FAPI2 && len(signing) == 0:
		return errors.New("Client.Keys needs a signing key in the FAPI2 profile")
	case c.Profile == FAPI2 && c.Alg != "" && !slices.Contains(fapiAlgs(), c.Alg):
		return errors.New("Client.Alg must be PS256, ES256 or EdDSA in the FAPI2 profile")
	case c.Audience != "" && (c.Public || !resourceURI(c.Audience)):
		return errors.New("Client.Audience is not an absolute URI without fragment, or of a public client")
	case len(c.Resources) > maxURIs || slices.ContainsFunc(c.Resources, func(s string) bool { return !resourceURI(s) }):
		return errors.New("Client.Resources holds something else than absolute URIs without fragment")
	case c.AccessFor != "" && !slices.Contains(c.Resources, c.AccessFor):
		return errors.New("Client.AccessFor is not among Client.Resources")
	}
	return nil
}

// keys reads the registered key set: the keys that sign assertions, and the ones
// to encrypt to. A key that cannot be used is an error here, where somebody can
// mend it.
func (c *Client) keys() (signing, encryption []jwx.Key, err error) {
	if len(c.Keys) == 0 {
		return nil, nil, nil
	}
	if c.read != nil && bytes.Equal(c.read.text, c.Keys) {
		return c.read.signing, c.read.encryption, nil
	}
	if len(c.Keys) > maxBody {
		return nil, nil, errors.New("Client.Keys is too long")
	}
	all, skipped, err := jwx.ParseSet(c.Keys)
	if err != nil || len(skipped) > 0 {
		return nil, nil, errors.New("Client.Keys is not a JWK Set of usable public keys")
	}
	for _, k := range all {
		switch {
		case k.Use == "enc":
			encryption = append(encryption, k)
		case slices.ContainsFunc(fapiAlgs(), k.Signs):
			signing = append(signing, k)
		default:
			return nil, nil, errors.New("Client.Keys holds a key that neither signs PS256, ES256 or EdDSA nor encrypts")
		}
	}
	return signing, encryption, nil
}

// resourceURI reports whether s can be a resource indicator (RFC 8707 §2).
func resourceURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && (u.Host != "" || u.Opaque != "") && !strings.Contains(s, "#") && visible(s, 512)
}

// pushes reports whether the client's authorization requests must be pushed.
func (c *Client) pushes() bool { return c != nil && (c.PAR || c.Profile == FAPI2) }

// binds reports whether the client's tokens must be bound to a key.
func (c *Client) binds() bool { return c.DPoP || c.Profile == FAPI2 }

// rotates reports whether a refresh token is good once. FAPI 2.0 Security Profile
// §5.3.2.1 forbids rotation: its tokens are bound to the client's key instead, and
// rotation loses sessions when an answer gets lost.
func (c *Client) rotates() bool { return c.Profile != FAPI2 }
