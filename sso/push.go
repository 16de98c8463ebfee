package sso

import (
	"context"
	"net/http"
	"net/url"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// push hands the request to the provider (RFC 9126 §2) and returns what is left for
// the browser to carry: which client asks, and the name that the provider gave to
// the request. Nobody between can read or change the rest.
func (c *Client) push(ctx context.Context, md *metadata, q url.Values) (url.Values, error) {
	party := c.party(md.secretInBody)
	a, err := party.Post(step(ctx, "push"), md.par, q)
	switch {
	case err != nil:
		return nil, err
	case a.Status != http.StatusCreated && a.Status != http.StatusOK:
		return nil, exchangeFailed(a)
	case !a.IsJSON:
		return nil, fault.New(vneid.ErrMalformed, "the answer to the pushed request is not a JSON object")
	}
	name, life := a.Object.String("request_uri"), a.Object.Int("expires_in")
	switch {
	case a.Object.Err() != nil || name == "" || len(name) > 1024 || !relying.Printable(name):
		return nil, fault.New(vneid.ErrMalformed, "the answer to the pushed request has no usable request_uri")
	case life <= 0 && c.on("par-life"): // RFC 9126 §2.2 has it a positive number, always
		return nil, fault.New(vneid.ErrMalformed, "the answer to the pushed request has no expires_in, or is over")
	}
	return url.Values{"client_id": {c.cfg.ClientID}, "request_uri": {name}}, nil
}
