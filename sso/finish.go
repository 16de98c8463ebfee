package sso

import (
	"context"
	"crypto/subtle"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Finish ends a login: it takes the Session of the browser that came back and
// the raw query of its request (r.URL.RawQuery), and returns who logged in. The
// package comment lists its checks in their order.
func (c *Client) Finish(ctx context.Context, s *Session, rawQuery string) (*Identity, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	id, err := c.finish(ctx, s, rawQuery)
	if err != nil {
		return nil, fault.Prefix("sso", err)
	}
	return id, nil
}

func (c *Client) finish(ctx context.Context, s *Session, rawQuery string) (*Identity, error) {
	p := s.data()
	if err := c.ours(p); err != nil {
		return nil, err
	}
	r, err := parseQuery(rawQuery)
	if err != nil {
		return nil, err
	}
	if !same(r.state, p.State) {
		return nil, fault.New(vneid.ErrMismatch, "the callback answers another login: its state is not this session's")
	}
	if now := c.cfg.Now(); !now.Before(p.Expires) || now.Before(p.Created.Add(-c.cfg.Skew)) {
		return nil, &vneid.TimeError{NotBefore: p.Created.Add(-c.cfg.Skew), NotAfter: p.Expires, Now: now}
	}
	md, err := c.provider.get(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.checkIss(r, md); err != nil {
		return nil, err
	}
	if s.spent.Swap(true) {
		return nil, fault.New(vneid.ErrReplayed, "this session has finished a login before")
	}
	if r.err != "" {
		return nil, refusal(r.err, stronger(c.cfg.Need, p.Need))
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
	if p.Issuer != c.cfg.Issuer || p.ClientID != c.cfg.ClientID || p.Redirect != c.cfg.RedirectURL {
		return fault.New(vneid.ErrMismatch, "the session is of another issuer, client or redirect URL")
	}
	return nil
}

// checkIss compares the response's iss whenever there is one, and demands it
// when the provider announces it (RFC 9207 §2.4). It comes before anything else
// in the response is believed, errors included.
func (c *Client) checkIss(r response, md *metadata) error {
	switch {
	case r.hasIss && r.iss != c.cfg.Issuer:
		return fault.New(vneid.ErrMismatch, "the callback comes from another issuer")
	case !r.hasIss && md.announcesIss:
		return fault.New(vneid.ErrMismatch, "the callback lacks the iss that the provider announces")
	}
	return nil
}

// same compares secrets in constant time; an empty one matches nothing.
func same(got, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}
