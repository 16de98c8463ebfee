package sso

import (
	"context"
	"net/http"
	"net/url"

	"github.com/vneid-sdk/vneid-go/internal/fault"
)

// Revoke takes t back at the provider (RFC 7009): the refresh token and the access
// token, since not every provider ends the one with the other. Tokens that are over
// already are no error. A provider without a revocation_endpoint is
// vneid.ErrUntrusted.
func (c *Client) Revoke(ctx context.Context, t *Tokens) error {
	if err := c.made(); err != nil {
		return err
	}
	if err := c.mine(t); err != nil {
		return fault.Prefix("sso", err)
	}
	first := c.revoke(ctx, t.get().Refresh, "refresh_token")
	if err := c.revoke(ctx, t.get().Access, "access_token"); first == nil {
		first = err
	}
	return fault.Prefix("sso", first)
}

func (c *Client) revoke(ctx context.Context, token, sort string) error {
	if token == "" {
		return nil
	}
	md, err := c.provider.Get(ctx)
	if err != nil {
		return err
	}
	where, err := c.endpoint(&md.object, "revocation_endpoint")
	if err != nil {
		return err
	}
	party := c.party(md.secretInBody)
	a, err := party.Post(step(ctx, "revoke"), where, url.Values{"token": {token}, "token_type_hint": {sort}})
	switch {
	case err != nil:
		return err
	case a.Status == http.StatusOK, a.Status == http.StatusNoContent:
		return nil
	}
	return exchangeFailed(a)
}
