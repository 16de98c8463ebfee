package sso

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Wire is another protocol for the same login (Config.Wire). Only this module's
// packages can be one, since its methods ask for a seal: sso/legacy has those that
// VNeID spoke before OpenID Connect.
type Wire interface{ login.Wire }

// checkWire lets the wire look at what it needs, and refuses settings that only
// OpenID Connect has a use for: whoever sets one believes it protects something.
func (c *Config) checkWire() error {
	switch {
	case c.Profile != Standard:
		return errors.New("Config.Profile has no meaning with Config.Wire")
	case c.Key != nil, c.DPoPKey != nil:
		return errors.New("Config.Key and Config.DPoPKey have no meaning with Config.Wire")
	case c.JARM:
		return errors.New("Config.JARM has no meaning with Config.Wire")
	case len(c.Decrypt) > 0, c.SignedUserinfo:
		return errors.New("Config.Decrypt and Config.SignedUserinfo have no meaning with Config.Wire")
	case c.Keys != nil, len(c.Algs) > 0:
		return errors.New("Config.Keys and Config.Algs have no meaning with Config.Wire, which has no signed token")
	case c.LogoutURL != "":
		return errors.New("Config.LogoutURL has no meaning with Config.Wire")
	case len(c.Hosts) > 0:
		return errors.New("Config.Hosts has no meaning with Config.Wire, whose endpoints are configured")
	}
	now := c.Now
	if now == nil {
		now = time.Now
	}
	return fault.Prefix("Config.Wire", c.Wire.Check(seal.Own(), login.Setup{
		Issuer: c.Issuer, ClientID: c.ClientID, Redirect: c.RedirectURL, Secret: c.ClientSecret != "", Now: now,
	}))
}

// wireURL has the wire write the address of the provider's login page.
func (c *Client) wireURL(p *pending, ask Ask) (string, error) {
	return c.wire().Redirect(seal.Own(), login.Request{
		ClientID: c.cfg.ClientID, Redirect: c.cfg.RedirectURL, Scopes: slices.Clone(c.cfg.Scopes),
		State: p.State, Nonce: p.Nonce, Challenge: challenge(p.Verifier), Prompt: ask.Prompt, LoginHint: ask.LoginHint,
	})
}

// finishWire ends a login whose callback was checked, by way of the wire.
func (c *Client) finishWire(ctx context.Context, p *pending, r response) (*Identity, error) {
	st, err := c.wire().Finish(step(ctx, "wire"), seal.Own(), login.Callback{
		Query: maps.Clone(r.all), ClientID: c.cfg.ClientID, Redirect: c.cfg.RedirectURL,
		Nonce: p.Nonce, Verifier: p.Verifier, Party: c.party(false), Now: c.cfg.Now(),
	})
	if err != nil {
		return nil, err
	}
	return c.fromStatement(st, p)
}

// fromStatement makes an Identity of what nobody signed.
func (c *Client) fromStatement(st login.Statement, p *pending) (*Identity, error) {
	switch {
	case st.Subject == "" || len(st.Subject) > 255 || !relying.Printable(st.Subject):
		return nil, fault.New(vneid.ErrMalformed, "the answer has no subject of at most 255 ASCII characters")
	case p.Subject != "" && !same(st.Subject, p.Subject):
		return nil, fault.New(vneid.ErrMismatch, "another person logged in than the one who had to")
	case st.Locked:
		return nil, &vneid.LockError{Account: true}
	case st.Level < 0 || st.Level > 2 || st.Auth < 0 || st.Auth > 4:
		return nil, fault.New(vneid.ErrMalformed, "the answer has a level that does not exist")
	case st.At.After(c.cfg.Now().Add(c.cfg.Skew)):
		return nil, &vneid.TimeError{NotBefore: st.At, Now: c.cfg.Now()}
	}
	if err := checkNumbers(&st.Record); err != nil {
		return nil, err
	}
	id, f := newIdentity()
	*f = facts{
		citizen: vneid.NewCitizen(st.Record, seal.Own()), issuer: c.cfg.Issuer, subject: st.Subject,
		account: AccountType(st.Account), eidLocked: st.EID, scopes: c.cfg.Scopes, claims: st.Claims,
		assurance: vneid.Assurance{Level: st.Level, Auth: st.Auth, At: st.At},
		integrity: TransportOnly, accepted: least(c.cfg.Accept, p.Accept),
	}
	if f.eidLocked {
		f.assurance.Level = min(f.assurance.Level, 1)
	}
	return id, c.admit(f, p)
}

// checkNumbers is what record asks of the claims of OpenID Connect.
func checkNumbers(r *vneid.Record) error {
	bad := r.ID != "" && !digits(r.ID, 12) || r.OldID != "" && !digits(r.OldID, 9) && !digits(r.OldID, 12) ||
		slices.ContainsFunc(r.FormerIDs, func(s string) bool { return !digits(s, 12) })
	if bad {
		return fault.New(vneid.ErrMalformed, "the answer has a personal number of a wrong length")
	}
	return nil
}
