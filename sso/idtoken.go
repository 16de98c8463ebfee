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
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// maxLife is the longest life of an ID token that we believe.
const maxLife = 24 * time.Hour

// verifyIDToken makes every check of OpenID Connect Core §3.1.3.7 on a token,
// against the session whose code bought it, and writes what it says into f.
// access is the access token that came along; "" when none did.
func (c *Client) verifyIDToken(ctx context.Context, raw, access string, p *pending, f *facts) error {
	raw, err := c.decrypted("the ID token", raw, true)
	if err != nil {
		return err
	}
	tok, err := c.parser.Parse(raw)
	if err != nil {
		return refused("the ID token", err)
	}
	if f.claims, err = tok.Claims(); err != nil {
		return refused("the ID token", err)
	}
	// The issuer picks the keys, so it is compared before they are asked.
	if c.on("token-iss") && f.claims.String("iss") != c.cfg.Issuer {
		return fault.New(vneid.ErrUntrusted, "the ID token is of another issuer")
	}
	err = c.keys.Verify(ctx, vneid.Signed{
		Use: vneid.UseIDToken, Issuer: c.cfg.Issuer, Alg: tok.Alg, KeyID: tok.KeyID,
		Input: tok.Input, Signature: tok.Signature,
	})
	tok.Free() // a KeySet keeps neither
	if err != nil && c.on("signature") {
		return checked(err)
	}
	f.issuer, f.subject, f.sid = c.cfg.Issuer, f.claims.String("sub"), f.claims.String("sid")
	f.expires, f.assurance.At = f.claims.Time("exp"), f.claims.Time("auth_time")
	if err := c.checkParties(f, p); err != nil {
		return err
	}
	if err := c.checkTimes(f, p); err != nil {
		return err
	}
	if c.on("nonce") && !answersNonce(&f.claims, p.Nonce) {
		return fault.New(vneid.ErrMismatch, "the ID token answers another login: its nonce is not this session's")
	}
	if !c.on("at-hash") {
		return nil
	}
	if p.answer && !f.claims.Has("at_hash") && f.assurance.At.IsZero() {
		return fault.New(vneid.ErrMalformed, "the ID token has neither a nonce nor at_hash nor auth_time")
	}
	return checkAccessHash(&f.claims, tok.Alg, access)
}

// answersNonce compares the nonce. A login without one (login.Expect) is not answered by
// a token that has one: that belongs to a browser's.
func answersNonce(o *jws.Object, nonce string) bool {
	if nonce == "" {
		return !o.Has("nonce")
	}
	return same(o.String("nonce"), nonce)
}

// refused gives a refusal of the front end its kind.
func refused(what string, err error) error {
	kind := vneid.ErrMalformed
	if errors.Is(err, jws.ErrAlgorithm) || errors.Is(err, jws.ErrKey) {
		kind = vneid.ErrUntrusted
	}
	return fault.New(kind, "%s: %v", what, err)
}

// checkParties: sub is there; the token is for us and, since we trust no other
// audience, for us alone (§3.1.3.7 steps 3 to 5); and a login of one person
// again is by that person.
func (c *Client) checkParties(f *facts, p *pending) error {
	o, sub := &f.claims, f.subject
	switch {
	case sub == "" || len(sub) > 255 || !relying.Printable(sub):
		return fault.New(vneid.ErrMalformed, "the ID token has no sub of at most 255 ASCII characters")
	case !o.Has("aud"):
		return fault.New(vneid.ErrMalformed, "the ID token has no aud")
	case c.on("aud") && !c.soleAudience(o):
		return fault.New(vneid.ErrMismatch, "the ID token is for another party")
	case c.on("azp") && o.Has("azp") && o.String("azp") != c.cfg.ClientID:
		return fault.New(vneid.ErrMismatch, "the ID token was issued to another party (azp)")
	case c.on("subject") && p.Subject != "" && !same(sub, p.Subject):
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
func (c *Client) checkTimes(f *facts, p *pending) error {
	now, skew := c.cfg.Now(), c.cfg.Skew
	iat, nbf := f.claims.Time("iat"), f.claims.Time("nbf")
	switch {
	case f.claims.Err() != nil:
		return refused("the ID token", f.claims.Err())
	case f.expires.IsZero() || iat.IsZero():
		return fault.New(vneid.ErrMalformed, "the ID token lacks exp or iat")
	case !f.expires.After(iat):
		return fault.New(vneid.ErrMalformed, "the ID token expires before it is issued")
	case c.on("life") && f.expires.Sub(iat) > maxLife:
		return fault.New(vneid.ErrUntrusted, "the ID token lives longer than 24 hours")
	case c.on("exp") && !now.Before(f.expires.Add(skew)):
		return &vneid.TimeError{NotAfter: f.expires, Now: now}
	case c.on("iat") && iat.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: iat, Now: now}
	case c.on("nbf") && nbf.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: nbf, Now: now}
	case c.on("auth-time") && f.assurance.At.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: f.assurance.At, Now: now}
	case c.on("iat") && iat.Before(p.Created.Add(-skew)):
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
