package sso

import (
	"context"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// askUserinfo fetches the claims of the granted scopes (OpenID Connect Core
// §5.3): plain, signed, or signed and encrypted. They count only for the subject of
// the ID token (§5.3.2).
func (c *Client) askUserinfo(ctx context.Context, md *metadata, access, sub string) (*jws.Object, error) {
	party := c.party(md.secretInBody)
	a, err := party.Get(ctx, md.userinfo, access)
	var o jws.Object
	switch {
	case err != nil:
		return nil, err
	case a.Status == http.StatusUnauthorized:
		return nil, a.Failed(vneid.ErrRevoked) // the token was good a moment ago
	case a.Status == http.StatusForbidden:
		return nil, a.Failed(vneid.ErrDenied)
	case a.Status != http.StatusOK:
		return nil, a.Failed(vneid.ErrUnavailable)
	case a.JWT != "":
		if o, err = c.openUserinfo(ctx, a.JWT); err != nil {
			return nil, err
		}
	case c.cfg.SignedUserinfo && c.on("userinfo-signed"):
		return nil, fault.New(vneid.ErrUntrusted, "the userinfo response is not signed, and Config.SignedUserinfo asks for that")
	case !a.IsJSON:
		return nil, fault.New(vneid.ErrMalformed, "the userinfo response is not a JSON object")
	default:
		o = a.Object
	}
	if c.on("userinfo-sub") && !same(o.String("sub"), sub) {
		return nil, fault.New(vneid.ErrMismatch, "the userinfo response is about another subject than the ID token")
	}
	return &o, nil
}

// openUserinfo verifies a userinfo response in a JWT, whether or not one was asked
// for: what is signed must be signed well. Where Core §5.3.2 advises iss and aud we
// demand them, or a response to another relying party would do.
func (c *Client) openUserinfo(ctx context.Context, raw string) (jws.Object, error) {
	const what = "the userinfo response"
	raw, err := c.decrypted(what, raw, false)
	if err != nil {
		return jws.Object{}, err
	}
	tok, err := c.parser.Parse(raw)
	if err != nil {
		return jws.Object{}, refused(what, err)
	}
	o, err := tok.Claims()
	if err != nil {
		return jws.Object{}, refused(what, err)
	}
	if c.on("userinfo-iss") && o.String("iss") != c.cfg.Issuer {
		return jws.Object{}, fault.New(vneid.ErrUntrusted, "the userinfo response is of another issuer")
	}
	// The keys are those of ID tokens (Core §10.1).
	err = c.keys.Verify(ctx, vneid.Signed{
		Use: vneid.UseIDToken, Issuer: c.cfg.Issuer, Alg: tok.Alg, KeyID: tok.KeyID,
		Input: tok.Input, Signature: tok.Signature,
	})
	if err != nil && c.on("userinfo-signature") {
		return jws.Object{}, checked(err)
	}
	return o, c.checkUserinfo(&o)
}

// checkUserinfo: for this client, in its time, and no token of another sort. An ID
// token, which says as much, has a nonce here, or at_hash, or auth_time.
func (c *Client) checkUserinfo(o *jws.Object) error {
	now, skew := c.cfg.Now(), c.cfg.Skew
	iat, exp, nbf := o.Time("iat"), o.Time("exp"), o.Time("nbf")
	switch {
	case o.Err() != nil:
		return refused("the userinfo response", o.Err())
	case !o.Has("aud"):
		return fault.New(vneid.ErrMalformed, "the signed userinfo response has no aud")
	case c.on("userinfo-aud") && !c.soleAudience(o):
		return fault.New(vneid.ErrMismatch, "the userinfo response is for another party")
	case c.on("userinfo-sort") && (o.Has("nonce") || o.Has("at_hash") || o.Has("auth_time") || o.Has("events") || o.Has("code")):
		return fault.New(vneid.ErrMalformed, "the userinfo response is a token of another sort")
	case c.on("userinfo-times") && iat.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: iat, Now: now}
	case c.on("userinfo-times") && nbf.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: nbf, Now: now}
	case c.on("userinfo-times") && !exp.IsZero() && !now.Before(exp.Add(skew)):
		return &vneid.TimeError{NotAfter: exp, Now: now}
	}
	return nil
}
