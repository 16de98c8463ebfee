package sso

import (
	"context"
	"crypto/subtle"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Finish ends a login: it takes the Session of the browser that came back and
// the raw query of its request (r.URL.RawQuery), and returns who logged in. The
// package comment lists its checks in their order.
func (c *Client) Finish(ctx context.Context, s *Session, rawQuery string) (id *Identity, err error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	defer c.verdict("finish", c.cfg.Now(), &err)
	if id, err = c.finish(ctx, s, rawQuery); err != nil {
		return nil, fault.Prefix("sso", err)
	}
	return id, nil
}

func (c *Client) finish(ctx context.Context, s *Session, rawQuery string) (*Identity, error) {
	p := s.data()
	if err := c.ours(p); err != nil {
		return nil, err
	}
	r, err := c.readResponse(rawQuery)
	if err != nil {
		return nil, err
	}
	if c.on("state") && !same(r.state, p.State) {
		return nil, fault.New(vneid.ErrMismatch, "the callback answers another login: its state is not this session's")
	}
	if now := c.cfg.Now(); c.on("ten-minutes") && (!now.Before(p.Expires) || now.Before(p.Created.Add(-c.cfg.Skew))) {
		return nil, &vneid.TimeError{NotBefore: p.Created.Add(-c.cfg.Skew), NotAfter: p.Expires, Now: now}
	}
	var md *metadata
	if c.wire == nil {
		if md, err = c.provider.Get(ctx); err != nil {
			return nil, err
		}
	}
	if err := c.checkOrigin(ctx, r, md); err != nil {
		return nil, err
	}
	if s.spent.Swap(true) && c.on("once") {
		return nil, fault.New(vneid.ErrReplayed, "this session has finished a login before")
	}
	if r.err != "" {
		if !c.on("error-code") {
			return nil, &AuthError{Code: r.err}
		}
		return nil, refusal(r.err, stronger(c.cfg.Need, p.Need))
	}
	if c.wire != nil {
		return c.finishWire(ctx, p, r)
	}
	t, err := c.exchange(ctx, md, r.code, p.Verifier)
	if err != nil {
		return nil, err
	}
	return c.identify(ctx, md, t, p)
}

// ours refuses a session that this client did not begin, so that two providers
// or two routes of one program cannot be mixed up (RFC 9700 §4.4).
func (c *Client) ours(p *pending) error {
	if p.State == "" || p.Nonce == "" || p.Verifier == "" {
		return fault.New(vneid.ErrMismatch, "there is no login under way")
	}
	if c.on("session-binding") && (p.Issuer != c.cfg.Issuer || p.ClientID != c.cfg.ClientID || p.Redirect != c.cfg.RedirectURL) {
		return fault.New(vneid.ErrMismatch, "the session is of another issuer, client or redirect URL")
	}
	if c.on("session-profile") && p.Profile != c.profile {
		return fault.New(vneid.ErrMismatch, "the session was begun in another profile")
	}
	return nil
}

// checkOrigin makes sure that the provider answered, before anything else in the
// response is believed, errors included: by a signature with JARM, else by iss. iss
// is compared whenever there is one, and demanded when the provider announces it
// (RFC 9207 §2.4) and in FAPI2 (FAPI 2.0 Security Profile §5.3.3.2).
func (c *Client) checkOrigin(ctx context.Context, r response, md *metadata) error {
	switch {
	case r.signed != nil:
		return c.verifyResponse(ctx, r.signed)
	case r.hasIss && c.on("iss") && r.iss != c.cfg.Issuer && !c.alias(r.iss):
		return fault.New(vneid.ErrMismatch, "the callback comes from another issuer")
	case !r.hasIss && c.on("iss") && md != nil && (md.announcesIss || c.cfg.Profile == FAPI2):
		return fault.New(vneid.ErrMismatch, "the callback lacks the iss that the provider announces or the profile demands")
	}
	return nil
}

// alias reports whether iss is another name that a wire knows the provider by.
func (c *Client) alias(iss string) bool {
	return c.wire != nil && slices.Contains(c.wire().Issuers(seal.Own()), iss)
}

// same compares secrets in constant time; an empty one matches nothing.
func same(got, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}
