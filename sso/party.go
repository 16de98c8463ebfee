package sso

import (
	"context"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Provider is for this module's own packages, whose logins no browser brings back:
// the provider as this client may call it, with its metadata read. Everybody else's
// seal is refused.
func (c *Client) Provider(ctx context.Context, own seal.Seal) (login.Provider, error) {
	if err := c.sealed(own, "Provider"); err != nil {
		return login.Provider{}, err
	}
	md, err := c.provider.Get(ctx)
	if err != nil {
		return login.Provider{}, fault.Prefix("sso", err)
	}
	return login.Provider{
		Party: c.party(md.secretInBody), HTTP: c.http,
		Issuer: c.cfg.Issuer, ClientID: c.cfg.ClientID, Scopes: c.cfg.Scopes, Need: c.cfg.Need,
		FAPI2: c.cfg.Profile == FAPI2, Algs: c.cfg.Algs, Now: c.cfg.Now, Skew: c.cfg.Skew,
		Metadata: md.object,
		Endpoint: func(name string) (string, error) { return c.endpoint(&md.object, name) },
	}, nil
}

// Identify is for this module's own packages: what Finish does after the code
// exchange, for tokens that were got in another way. Everybody else's seal is
// refused.
func (c *Client) Identify(ctx context.Context, t login.Tokens, want login.Expect, own seal.Seal) (*Identity, error) {
	if err := c.sealed(own, "Identify"); err != nil {
		return nil, err
	}
	md, err := c.provider.Get(ctx)
	if err != nil {
		return nil, fault.Prefix("sso", err)
	}
	scope := t.Scope
	if scope == nil {
		scope = c.cfg.Scopes
	}
	got := tokens{id: t.ID, scope: scope}
	got.AccessToken, got.RefreshToken, got.Expiry = t.Access, t.Refresh, t.Expires
	id, err := c.identify(ctx, md, got, &pending{
		Nonce: want.Nonce, Need: stronger(c.cfg.Need, want.Need), Subject: want.Subject, Created: want.Begun.Truncate(time.Second),
		answer: want.Nonce == "",
	})
	if err != nil {
		return nil, fault.Prefix("sso", err)
	}
	return id, nil
}

func (c *Client) sealed(own seal.Seal, method string) error {
	switch {
	case !own.Valid():
		return fault.New(vneid.ErrUntrusted, "sso: %s is not for callers outside this module", method)
	case c.made() != nil:
		return c.made()
	case c.wire != nil:
		return fault.New(vneid.ErrUntrusted, "sso: %s: a client with Config.Wire speaks no OpenID Connect", method)
	}
	return nil
}

// party is this client as its provider's endpoints know it.
func (c *Client) party(secretInBody bool) oauth.Party {
	p := oauth.Party{
		HTTP: c.http, Client: c.cfg.ClientID, Secret: c.secret, SecretInBody: secretInBody,
		Audience: c.cfg.Issuer, Prover: c.prover, Now: c.cfg.Now,
	}
	if c.key != nil {
		p.Key = c.key()
	}
	return p
}
