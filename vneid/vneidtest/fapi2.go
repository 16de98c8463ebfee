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
	"github.com/vneid-sdk/vneid-go/sso/resource"
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
	keys := []jwx.Key{{Public: key.Public(), ID: "enc", Alg: "ECDH-ES+A256KW", Use: "enc"}}
	if cfg.Key != nil {
		keys = append(keys, jwx.Key{Public: cfg.Key.Public(), ID: "sign", Use: "sig"})
	}
	p.change(cfg, func(c *platform.Client) { c.Keys = p.jwks(keys...) })
	cfg.Decrypt = []crypto.PrivateKey{key}
	return cfg
}

// API registers an API at a URL and returns the configuration of its server. The
// access tokens of the callers, relying parties of this platform, open it from their
// next login on.
func (p *Platform) API(url string, callers ...sso.Config) resource.Config {
	p.t.Helper()
	p.must(p.engine.Register(context.Background(), platform.Client{ID: "api@" + url, Secret: rand.Text(), Audience: url}))
	for _, cfg := range callers {
		p.change(cfg, func(c *platform.Client) { c.Resources, c.AccessFor = append(c.Resources, url), url })
	}
	return resource.Config{Issuer: p.Issuer(), Audience: url, URL: url, Now: p.Now}
}

// change registers a relying party anew.
func (p *Platform) change(cfg sso.Config, f func(*platform.Client)) {
	p.t.Helper()
	c, err := p.engine.Client(context.Background(), cfg.ClientID)
	p.must(err)
	c.Secret = cfg.ClientSecret
	f(&c)
	p.must(p.engine.Register(context.Background(), c))
}

func (p *Platform) jwks(keys ...jwx.Key) []byte {
	p.t.Helper()
	set, err := jwx.Marshal(keys...)
	p.must(err)
	return set
}
