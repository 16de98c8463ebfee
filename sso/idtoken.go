package sso

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"hash"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// maxLife is the longest life of an ID token that we believe.
const maxLife = 24 * time.Hour

// idToken is an ID token that passed every check of OpenID Connect Core
// §3.1.3.7.
type idToken struct {
	claims  jws.Object
	subject string
	sid     string
	expires time.Time
	at      time.Time // auth_time, zero when absent
}

// verifyIDToken checks a token against the session whose code bought it. access
// is the access token that came along; "" when none did.
func (c *Client) verifyIDToken(ctx context.Context, keys vneid.KeySet, raw, access string, p *pending) (idToken, error) {
	tok, err := c.parser.Parse(raw)
	if err != nil {
		return idToken{}, refused(err)
	}
	claims, err := tok.Claims()
	if err != nil {
		return idToken{}, refused(err)
	}
	// The issuer picks the keys, so it is compared before they are asked.
	if claims.String("iss") != c.cfg.Issuer {
		return idToken{}, fault.New(vneid.ErrUntrusted, "the ID token is of another issuer")
	}
	err = keys.Verify(ctx, vneid.Signed{
		Use: vneid.UseIDToken, Issuer: c.cfg.Issuer, Alg: tok.Alg, KeyID: tok.KeyID,
		Input: tok.Input, Signature: tok.Signature,
	})
	if err != nil {
		return idToken{}, checked(err)
	}
	t := idToken{claims: claims} // from here on its Err notes every disappointment
	t.subject, t.sid = t.claims.String("sub"), t.claims.String("sid")
	t.expires, t.at = t.claims.Time("exp"), t.claims.Time("auth_time")
	if err := c.checkParties(&t.claims, p); err != nil {
		return idToken{}, err
	}
	if err := c.checkTimes(&t, p); err != nil {
		return idToken{}, err
	}
	if !same(t.claims.String("nonce"), p.Nonce) {
		return idToken{}, fault.New(vneid.ErrMismatch, "the ID token answers another login: its nonce is not this session's")
	}
	if err := checkAccessHash(&t.claims, tok.Alg, access); err != nil {
		return idToken{}, err
	}
	return t, nil
}

// refused gives a refusal of the front end its kind.
func refused(err error) error {
	kind := vneid.ErrMalformed
	if errors.Is(err, jws.ErrAlgorithm) || errors.Is(err, jws.ErrKey) {
		kind = vneid.ErrUntrusted
	}
	return fault.New(kind, "the ID token: %v", err)
}

// checkParties: sub is there; the token is for us and, since we trust no other
// audience, for us alone (§3.1.3.7 steps 3 to 5); and a login of one person
// again is by that person.
func (c *Client) checkParties(o *jws.Object, p *pending) error {
	sub := o.String("sub")
	switch {
	case sub == "" || len(sub) > 255 || !printable(sub):
		return fault.New(vneid.ErrMalformed, "the ID token has no sub of at most 255 ASCII characters")
	case !o.Has("aud"):
		return fault.New(vneid.ErrMalformed, "the ID token has no aud")
	case !c.soleAudience(o):
		return fault.New(vneid.ErrMismatch, "the ID token is for another party")
	case o.Has("azp") && o.String("azp") != c.cfg.ClientID:
		return fault.New(vneid.ErrMismatch, "the ID token was issued to another party (azp)")
	case p.Subject != "" && !same(sub, p.Subject):
		return fault.New(vneid.ErrMismatch, "another person logged in than the one who had to")
	}
	return nil
}

// soleAudience reports whether aud is this client, as text or as a list of one.
func (c *Client) soleAudience(o *jws.Object) bool {
	if o.Raw("aud")[0] == '"' { // as nearly always: no list has to be made
		return o.String("aud") == c.cfg.ClientID
	}
	aud := o.Strings("aud")
	return len(aud) == 1 && aud[0] == c.cfg.ClientID
}

// checkTimes: steps 9 and 10, and bounds on what the issuer may claim.
func (c *Client) checkTimes(t *idToken, p *pending) error {
	now, skew := c.cfg.Now(), c.cfg.Skew
	iat, nbf := t.claims.Time("iat"), t.claims.Time("nbf")
	switch {
	case t.claims.Err() != nil:
		return refused(t.claims.Err())
	case t.expires.IsZero() || iat.IsZero():
		return fault.New(vneid.ErrMalformed, "the ID token lacks exp or iat")
	case !t.expires.After(iat):
		return fault.New(vneid.ErrMalformed, "the ID token expires before it is issued")
	case t.expires.Sub(iat) > maxLife:
		return fault.New(vneid.ErrUntrusted, "the ID token lives longer than 24 hours")
	case !now.Before(t.expires.Add(skew)):
		return &vneid.TimeError{NotAfter: t.expires, Now: now}
	case iat.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: iat, Now: now}
	case nbf.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: nbf, Now: now}
	case t.at.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: t.at, Now: now}
	case iat.Before(p.Created.Add(-skew)):
		return fault.New(vneid.ErrMismatch, "the ID token is older than the login")
	}
	return nil
}

// checkAccessHash: at_hash binds the access token to the ID token whenever the
// provider sends it (§3.1.3.8; in the code flow it may leave it out).
func checkAccessHash(o *jws.Object, alg, access string) error {
	if access == "" || !o.Has("at_hash") {
		return nil
	}
	var h hash.Hash
	switch alg[len(alg)-3:] {
	case "256":
		h = sha256.New()
	case "384":
		h = sha512.New384()
	default: // 512, and EdDSA with Ed25519, whose own hash is SHA-512
		h = sha512.New()
	}
	h.Write([]byte(access))
	sum := h.Sum(nil)
	if !same(o.String("at_hash"), base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])) {
		return fault.New(vneid.ErrSignature, "the access token is not the one that the ID token vouches for (at_hash)")
	}
	return nil
}
