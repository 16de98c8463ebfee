package sso

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// tokens is what the token endpoint gave.
type tokens struct {
	oauth2.Token
	id    string
	scope []string
}

// exchange trades the code for tokens (RFC 6749 §4.1.3). It asks once: a code is
// good for one use, and repeating it may revoke what the first call got (RFC
// 9700 §4.10).
func (c *Client) exchange(ctx context.Context, md *metadata, code, verifier string) (tokens, error) {
	form := url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {code},
		"redirect_uri":  {c.cfg.RedirectURL},
		"code_verifier": {verifier},
	}
	if c.secret() == "" || md.secretInBody {
		form.Set("client_id", c.cfg.ClientID)
	}
	if c.secret() != "" && md.secretInBody {
		form.Set("client_secret", c.secret())
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, md.token, strings.NewReader(form.Encode()))
	if err != nil {
		return tokens{}, fault.New(vneid.ErrUntrusted, "the provider's token_endpoint is not a URL")
	}
	// Without GetBody net/http cannot repeat the request on a broken connection.
	req.GetBody = nil
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if c.secret() != "" && !md.secretInBody {
		// Both are form-encoded first (RFC 6749 §2.3.1).
		req.SetBasicAuth(url.QueryEscape(c.cfg.ClientID), url.QueryEscape(c.secret()))
	}
	a, err := c.call(req)
	if err != nil {
		return tokens{}, err
	}
	if a.status != http.StatusOK {
		return tokens{}, exchangeFailed(a)
	}
	if !a.isJSON {
		return tokens{}, fault.New(vneid.ErrMalformed, "the token response is not a JSON object")
	}
	return c.readTokens(&a.object)
}

// readTokens reads a successful response (RFC 6749 §5.1, OpenID Connect Core
// §3.1.3.3).
func (c *Client) readTokens(o *jws.Object) (tokens, error) {
	t := tokens{
		Token: oauth2.Token{AccessToken: o.String("access_token"), TokenType: o.String("token_type")},
		id:    o.String("id_token"),
		scope: c.cfg.Scopes,
	}
	if o.Has("scope") {
		t.scope = strings.Fields(o.String("scope"))
	}
	switch {
	case o.Err() != nil:
		return tokens{}, fault.New(vneid.ErrMalformed, "the token response has a member of a wrong type")
	case t.AccessToken == "" || !printable(t.AccessToken):
		return tokens{}, fault.New(vneid.ErrMalformed, "the token response has no usable access_token")
	case !strings.EqualFold(t.TokenType, "Bearer"):
		return tokens{}, fault.New(vneid.ErrMalformed, "the access token is not a bearer token")
	case t.id == "":
		return tokens{}, fault.New(vneid.ErrMalformed, "the token response has no id_token: is openid among the client's scopes?")
	}
	return t, nil
}

// exchangeFailed tells apart what an operator must do (RFC 6749 §5.2).
func exchangeFailed(a answer) error {
	code := ""
	if a.isJSON {
		code = a.object.String("error")
	}
	switch {
	case code == "invalid_grant":
		return &AuthError{Code: code, Err: vneid.ErrExpired, hint: "the code is too old, used, or was issued for another redirect URL or PKCE verifier"}
	case code == "invalid_client" || a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return &AuthError{Code: "invalid_client", Err: vneid.ErrUntrusted,
			hint: "check Config.ClientID and Config.ClientSecret, and whether the provider's allow-list has this server's address"}
	case a.status == http.StatusUnsupportedMediaType:
		return &vneid.APIError{Kind: vneid.ErrUnavailable, Status: a.status, Code: "unsupported_media_type"}
	case a.status == http.StatusBadRequest && code != "":
		return refusal(code, vneid.Assurance{})
	}
	return a.failed(vneid.ErrUnavailable)
}
