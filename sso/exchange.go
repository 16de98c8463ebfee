package sso

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// tokens is what the token endpoint gave.
type tokens struct {
	oauth2.Token
	id    string
	scope []string
	asked time.Time // when the provider was asked for them; zero: just now
}

// exchange trades the code for tokens (RFC 6749 §4.1.3). It asks once, save for a
// nonce that a DPoP proof must have: a code is good for one use, and repeating it may
// revoke what the first call got (RFC 9700 §4.10).
func (c *Client) exchange(ctx context.Context, md *metadata, code, verifier string) (tokens, error) {
	asked := c.cfg.Now()
	party := c.party(md.secretInBody)
	a, err := party.Post(step(ctx, "token"), md.token, url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {code},
		"redirect_uri":  {c.cfg.RedirectURL},
		"code_verifier": {verifier},
	})
	switch {
	case err != nil:
		return tokens{}, err
	case a.Status != http.StatusOK:
		return tokens{}, exchangeFailed(a)
	case !a.IsJSON:
		return tokens{}, fault.New(vneid.ErrMalformed, "the token response is not a JSON object")
	}
	t, err := c.readTokens(&a.Object)
	t.asked = asked
	return t, err
}

// readTokens reads a successful response to a code (OpenID Connect Core §3.1.3.3).
func (c *Client) readTokens(o *jws.Object) (tokens, error) {
	t, err := c.readAccess(o)
	switch {
	case err != nil:
		return tokens{}, err
	case t.id == "":
		return tokens{}, fault.New(vneid.ErrMalformed, "the token response has no id_token: is openid among the client's scopes?")
	}
	return t, nil
}

// exchangeFailed tells apart what an operator must do (RFC 6749 §5.2).
func exchangeFailed(a oauth.Answer) error {
	code := a.Code()
	switch {
	case code == "invalid_grant":
		return &AuthError{Code: code, Err: vneid.ErrExpired, hint: "the code is too old, used, or was issued for another redirect URL or PKCE verifier"}
	case code == "invalid_client" || a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return &AuthError{Code: "invalid_client", Err: vneid.ErrUntrusted,
			hint: "check Config.ClientID and Config.ClientSecret or Config.Key, and whether the provider's allow-list has this server's address"}
	case a.Status == http.StatusUnsupportedMediaType:
		return &vneid.APIError{Kind: vneid.ErrUnavailable, Status: a.Status, Code: "unsupported_media_type"}
	case a.Status == http.StatusBadRequest && code != "":
		return refusal(code, vneid.Assurance{})
	}
	return a.Failed(vneid.ErrUnavailable)
}
