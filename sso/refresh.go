package sso

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Refresh trades t's refresh token for fresh tokens (RFC 6749 §6). In Standard most
// providers rotate: the refresh token is spent by it, and using it a second time
// ends the login (RFC 9700 §4.14.2). So what comes back is handed to save, which
// writes it down for good, before anybody uses it:
//
//   - While one call is under way others for the same tokens wait for it and get its
//     outcome, and so does whoever comes with them up to a minute later. That holds
//     within this process: several that share tokens lock the record of them around
//     Refresh, and read it again inside. Sessions in Config.Sessions do so
//     themselves, by way of Config.Replay.
//   - When save fails the fresh tokens stay in this process, up to a day, and the
//     error is of kind vneid.ErrUnavailable: the next Refresh of the same tokens
//     saves them without asking the provider.
//   - When the provider's answer is lost, whether the refresh token was spent is
//     unknown. The error is vneid.ErrUnavailable too; if it was, the next attempt is
//     refused as vneid.ErrExpired and the person logs in again.
//
// A caller that gives up breaks nothing off. save may be nil for tokens of a session
// in Config.Sessions, where they are then kept. A program that keeps tokens nowhere
// says so with a save that does nothing.
//
// A provider that does not rotate, as none does in FAPI2, gives an access token and
// the refresh token stays. An ID token that comes along must be of the same login
// (OpenID Connect Core §12.2); it changes no Identity.
func (c *Client) Refresh(ctx context.Context, t *Tokens, save func(context.Context, *Tokens) error) (*Tokens, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	fresh, err := c.refresh(ctx, t, save)
	if err != nil {
		return nil, fault.Prefix("sso", err)
	}
	return fresh, nil
}

func (c *Client) refresh(ctx context.Context, t *Tokens, save func(context.Context, *Tokens) error) (*Tokens, error) {
	if save == nil {
		save = t.get().save
	}
	switch err := c.mine(t); {
	case err != nil:
		return nil, err
	case save == nil:
		return nil, errors.New("Refresh needs a save for tokens that Config.Sessions does not keep")
	case !t.Refreshable():
		return nil, fault.New(vneid.ErrExpired, "there is no refresh token: the person logs in again")
	}
	return c.refreshes.once(ctx, t, save, func(ctx context.Context) (*Tokens, error) {
		if fresh, err := c.elsewhere(ctx, t.get()); fresh != nil || err != nil {
			return fresh, err
		}
		return c.askRefresh(ctx, t.get())
	})
}

// elsewhere looks whether another process that shares Config.Sessions refreshed the
// tokens of a session, or does so now; nil is no to both. Config.Replay, if it is
// shared too, lets one through and for half a minute no other.
func (c *Client) elsewhere(ctx context.Context, old *granted) (*Tokens, error) {
	if old.reload == nil {
		return nil, nil
	}
	look := func() (*Tokens, error) {
		kept, err := old.reload(ctx)
		if err != nil || kept == nil || kept.get().Access == old.Access {
			return nil, err
		}
		return kept, nil
	}
	if fresh, err := look(); fresh != nil || err != nil || c.cfg.Replay == nil {
		return fresh, err
	}
	sum, now := old.name(), c.cfg.Now()
	err := c.cfg.Replay.Use(ctx, vneid.Once{
		Use: vneid.UseAccess, Issuer: c.cfg.Issuer, ID: "refresh " + base64.RawURLEncoding.EncodeToString(sum[:]),
		Issued: now, Until: now.Add(finishTime),
	})
	if err != nil {
		return nil, fault.New(vneid.ErrUnavailable, "another process refreshes the tokens now, or Config.Replay cannot tell")
	}
	return look() // it may have ended between the two
}

// askRefresh makes the call, once: a refresh token may be spent by it.
func (c *Client) askRefresh(ctx context.Context, old *granted) (*Tokens, error) {
	md, err := c.provider.Get(ctx)
	if err != nil {
		return nil, err
	}
	// What comes may have an ID token, and what cannot be verified is dropped: without
	// keys the refresh token would be spent for nothing.
	if keys, ok := c.keys.(interface{ Ready(context.Context) error }); ok {
		if err := keys.Ready(ctx); err != nil {
			return nil, checked(err)
		}
	}
	party := c.party(md.secretInBody)
	a, err := party.Post(step(ctx, "refresh"), md.token, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old.Refresh}})
	switch {
	case err != nil:
		return nil, err
	case a.Code() == "invalid_grant":
		return nil, &AuthError{Code: "invalid_grant", Err: vneid.ErrExpired, hint: "the refresh token is over, was revoked, or was used before: the person logs in again"}
	case a.Status != http.StatusOK:
		return nil, exchangeFailed(a)
	case !a.IsJSON:
		return nil, fault.New(vneid.ErrMalformed, "the token response is not a JSON object")
	}
	return c.readRefreshed(ctx, &a, old)
}

// readRefreshed makes tokens of a successful response.
func (c *Client) readRefreshed(ctx context.Context, a *oauth.Answer, old *granted) (*Tokens, error) {
	g := *old
	t, err := c.readAccess(&a.Object)
	if err != nil {
		return nil, err
	}
	g.Access, g.Got, g.Expires = t.AccessToken, c.cfg.Now(), t.Expiry
	if t.RefreshToken != "" {
		g.Refresh = t.RefreshToken
	}
	if a.Object.Has("scope") { // else as before (RFC 6749 §5.1)
		g.Scopes = t.scope
	}
	if t.id != "" {
		if err := c.checkRefreshed(ctx, t.id, t.AccessToken, old); err != nil {
			return nil, err
		}
	}
	return newTokens(&g), nil
}

// checkRefreshed: an ID token of a refresh is verified like that of a login, but for
// the nonce, which it should not have, and repeats whose login it was (OpenID
// Connect Core §12.2).
func (c *Client) checkRefreshed(ctx context.Context, raw, access string, old *granted) error {
	plain, err := c.decrypted("the ID token", raw, true)
	if err != nil {
		return err
	}
	expect := &pending{Created: old.Got.Truncate(time.Second)}
	if tok, err := c.parser.Parse(plain); err == nil {
		if o, err := tok.Claims(); err == nil && o.Has("nonce") {
			expect.Nonce = old.Nonce // it need not repeat it, but may have no other
		}
	}
	var f facts
	if err := c.verifyIDToken(ctx, raw, access, expect, &f); err != nil {
		return err
	}
	at := f.claims.Time("auth_time")
	switch {
	case f.claims.Err() != nil:
		return refused("the ID token", f.claims.Err())
	case c.on("refreshed-sub") && !same(f.subject, old.Subject):
		return fault.New(vneid.ErrMismatch, "the refreshed ID token is about another person")
	case c.on("refreshed-auth-time") && !at.IsZero() && !old.AuthTime.IsZero() && !at.Equal(old.AuthTime):
		return fault.New(vneid.ErrMismatch, "the refreshed ID token is of another login (auth_time)")
	case c.on("refreshed-azp") && f.claims.Has("azp") && !old.Azp:
		return fault.New(vneid.ErrMismatch, "the refreshed ID token has an azp that the login had not")
	}
	return f.locks(&f.claims) // the account may have been locked since
}

// readAccess reads what every successful answer of the token endpoint has
// (RFC 6749 §5.1).
func (c *Client) readAccess(o *jws.Object) (tokens, error) {
	t := tokens{id: o.String("id_token"), scope: c.cfg.Scopes}
	t.AccessToken, t.TokenType, t.RefreshToken = o.String("access_token"), o.String("token_type"), o.String("refresh_token")
	if life := o.Int("expires_in"); life > 0 {
		t.Expiry = c.cfg.Now().Add(time.Duration(min(life, 1<<31)) * time.Second)
	}
	if o.Has("scope") {
		t.scope = strings.Fields(o.String("scope"))
	}
	switch {
	case o.Err() != nil:
		return tokens{}, fault.New(vneid.ErrMalformed, "the token response has a member of a wrong type")
	case t.AccessToken == "" || !relying.Printable(t.AccessToken) || !relying.Printable(t.RefreshToken):
		return tokens{}, fault.New(vneid.ErrMalformed, "the token response has no usable access_token")
	case c.prover != nil && c.on("bound") && !strings.EqualFold(t.TokenType, "DPoP"):
		return tokens{}, fault.New(vneid.ErrUntrusted, "the access token is not bound to the client's key (DPoP), which was asked for")
	case c.prover == nil && !strings.EqualFold(t.TokenType, "Bearer"):
		return tokens{}, fault.New(vneid.ErrMalformed, "the access token is not a bearer token")
	}
	return t, nil
}
