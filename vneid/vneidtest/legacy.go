package vneidtest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/legacy"
)

// VNConnect registers a relying party of the wire of the National Public Service
// Portal's broker and returns its configuration, which accepts what that wire can
// prove (sso.TransportOnly). Its codes live two seconds of the platform's clock.
func (p *Platform) VNConnect(redirectURL string) sso.Config {
	p.t.Helper()
	cfg := p.legacy(redirectURL, platform.VNConnect, nil)
	cfg.Wire = legacy.VNConnect{Deployment: legacy.Deployment{
		AuthURL: p.Issuer() + "/oauth2/authorize", TokenURL: p.Issuer() + "/oauth2/token", UserinfoURL: p.Issuer() + "/oauth2/userinfo",
	}}.Wire()
	return cfg
}

// Envelope does the same for the wire of VNeID's direct single sign-on, with an RSA
// key of its own. Pass a changed legacy.Envelope to sso.Config.Wire to try another
// configuration of it: EnvelopeWire is where to begin.
func (p *Platform) Envelope(redirectURL string) sso.Config {
	p.t.Helper()
	cfg, e := p.EnvelopeWire(redirectURL)
	cfg.Wire = e.Wire()
	return cfg
}

// EnvelopeWire is Envelope before its wire is made.
func (p *Platform) EnvelopeWire(redirectURL string) (sso.Config, legacy.Envelope) {
	p.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	p.must(err)
	cfg := p.legacy(redirectURL, platform.Envelope, p.jwks(jwx.Key{Public: key.Public(), ID: "enc", Use: "enc"}))
	subject := make([]byte, 32)
	rand.Read(subject)
	return cfg, legacy.Envelope{
		Deployment: legacy.Deployment{
			AuthURL: p.Issuer() + "/auth", TokenURL: p.Issuer() + "/auth/token", UserinfoURL: p.Issuer() + "/auth/userinfo",
		},
		Key: key, SubjectKey: subject,
	}
}

// legacy registers a relying party of a wire.
func (p *Platform) legacy(redirectURL string, w platform.ClientWire, keys []byte) sso.Config {
	p.t.Helper()
	c := p.registration(redirectURL)
	c.Secret, c.Wire, c.Keys = c.ID+"-secret-of-a-test", w, keys
	c.Redeem, c.Refresh = false, false
	p.must(p.engine.Register(context.Background(), c))
	cfg := p.configuration(c)
	cfg.Scopes, cfg.Accept = nil, sso.TransportOnly
	return cfg
}
