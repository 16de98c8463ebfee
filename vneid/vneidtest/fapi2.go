package vneidtest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
)

// FAPI2 registers a relying party that is held to FAPI 2.0, with keys of its own,
// and returns its configuration: pushed requests, private_key_jwt, DPoP. JARM can
// be switched on in it; Encrypt adds a key for encrypted tokens.
func (p *Platform) FAPI2(redirectURL string) sso.Config {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p.must(err)
	c := p.registration(redirectURL)
	c.Profile, c.Keys = platform.FAPI2, p.jwks(jwx.Key{Public: key.Public(), ID: "sign", Alg: "ES256", Use: "sig"})
	p.must(p.engine.Register(context.Background(), c))
	cfg := p.configuration(c)
	cfg.Profile, cfg.Key = sso.FAPI2, key
	return cfg
}

// Encrypt registers an encryption key for a relying party and returns its
// configuration with that key: ID tokens and userinfo come encrypted from then on.
func (p *Platform) Encrypt(cfg sso.Config) sso.Config {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p.must(err)
	c := p.registration(cfg.RedirectURL)
	c.ID, c.Sector, c.Name, c.Secret = cfg.ClientID, cfg.ClientID, "Đơn vị thử nghiệm "+cfg.ClientID, cfg.ClientSecret
	keys := []jwx.Key{{Public: key.Public(), ID: "enc", Alg: "ECDH-ES+A256KW", Use: "enc"}}
	if cfg.Key != nil {
		keys = append(keys, jwx.Key{Public: cfg.Key.Public(), ID: "sign", Use: "sig"})
	}
	if cfg.Profile == sso.FAPI2 {
		c.Profile = platform.FAPI2
	}
	c.Keys = p.jwks(keys...)
	p.must(p.engine.Register(context.Background(), c))
	cfg.Decrypt = []crypto.PrivateKey{key}
	return cfg
}

func (p *Platform) jwks(keys ...jwx.Key) []byte {
	p.t.Helper()
	set, err := jwx.Marshal(keys...)
	p.must(err)
	return set
}
