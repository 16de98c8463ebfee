package sso

import (
	"context"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// signedResponse is an authorization response in a JWT (JARM §2.1).
type signedResponse struct {
	token  jws.Token
	claims jws.Object
}

// maxResponseLife is how far a response's exp may lie ahead (JARM §2.1).
const maxResponseLife = 10 * time.Minute

// readSigned takes a response apart that nobody verified yet: its state leads to
// the Session (JARM §2.4, where that comes before the signature). A response in
// plain parameters is refused, for whoever stripped the signature would send that.
func (c *Client) readSigned(q map[string]string) (response, error) {
	for _, name := range []string{"code", "error", "state", "iss", "id_token", "access_token"} {
		if _, plain := q[name]; plain && c.on("jarm") {
			return response{}, fault.New(vneid.ErrUntrusted, "the callback carries %s unsigned, and Config.JARM asked for a signed response", name)
		}
	}
	if !c.on("jarm") && q["response"] == "" {
		return respond(q, false)
	}
	if q["response"] == "" {
		return response{}, fault.New(vneid.ErrUntrusted, "the callback has no signed response, and Config.JARM asked for one")
	}
	raw, err := c.decrypted("the signed response", q["response"], false)
	if err != nil {
		return response{}, err
	}
	s := &signedResponse{}
	if s.token, err = c.parser.Parse(raw); err == nil {
		s.claims, err = s.token.Claims()
	}
	if err != nil {
		return response{}, refused("the signed response", err)
	}
	in := map[string]string{}
	for _, name := range []string{"code", "state", "iss", "error"} {
		if s.claims.Has(name) {
			in[name] = s.claims.String(name)
		}
	}
	if err := s.claims.Err(); err != nil {
		return response{}, refused("the signed response", err)
	}
	r, err := respond(in, false)
	if err == nil {
		r.signed = s
	}
	return r, err
}

// verifyResponse makes the other checks of JARM §2.4, in its order.
func (c *Client) verifyResponse(ctx context.Context, s *signedResponse) error {
	now, o := c.cfg.Now(), &s.claims
	exp := o.Time("exp")
	switch {
	case c.on("jarm-iss") && o.String("iss") != c.cfg.Issuer:
		return fault.New(vneid.ErrMismatch, "the signed response comes from another issuer")
	case c.on("jarm-aud") && (!o.Has("aud") || !c.soleAudience(o)):
		return fault.New(vneid.ErrMismatch, "the signed response is for another party")
	case o.Err() != nil:
		return refused("the signed response", o.Err())
	case c.on("jarm-exp") && exp.IsZero():
		return fault.New(vneid.ErrMalformed, "the signed response lacks exp")
	case c.on("jarm-exp") && !now.Before(exp.Add(c.cfg.Skew)):
		return &vneid.TimeError{NotAfter: exp, Now: now}
	case c.on("jarm-exp") && exp.After(now.Add(maxResponseLife+c.cfg.Skew)):
		return fault.New(vneid.ErrUntrusted, "the signed response is good for more than ten minutes")
	case !c.on("jarm-signature"):
		return nil
	}
	// The keys that sign ID tokens sign these (JARM §2.2). An ID token cannot pass
	// as a response, since it has no state and code, nor a response as an ID token,
	// which needs sub, iat and nonce.
	err := c.keys.Verify(ctx, vneid.Signed{
		Use: vneid.UseIDToken, Issuer: c.cfg.Issuer, Alg: s.token.Alg, KeyID: s.token.KeyID,
		Input: s.token.Input, Signature: s.token.Signature,
	})
	if err != nil {
		return checked(err)
	}
	return nil
}
