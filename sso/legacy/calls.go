package legacy

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// reader finds the object in an answer. VNConnect's is the answer itself.
type reader func(*oauth.Answer) (jws.Object, error)

// exchange trades the code for an access token. more is what the wire adds to the
// form.
func (d *Deployment) exchange(ctx context.Context, b login.Callback, code string, more url.Values, open reader) (string, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {b.Redirect}}
	if d.PKCE {
		form.Set("code_verifier", b.Verifier)
	}
	for name, values := range more {
		form[name] = values
	}
	p := d.party(b)
	a, err := p.Post(ctx, d.TokenURL, form)
	if err != nil {
		return "", err
	}
	d.anyMedia(&a)
	if a.Status != http.StatusOK {
		return "", tokenFailed(&a)
	}
	o, err := open(&a)
	if err != nil {
		return "", err
	}
	access, kind := o.String("access_token"), o.String("token_type")
	switch {
	case o.Err() != nil:
		return "", fault.New(vneid.ErrMalformed, "the token response has a member of a wrong type")
	case access == "" || !printable(access):
		return "", fault.New(vneid.ErrMalformed, "the token response has no usable access_token")
	case kind != "" && !strings.EqualFold(kind, "Bearer"):
		return "", fault.New(vneid.ErrMalformed, "the access token is not a bearer token")
	}
	return access, nil
}

// userinfo asks who logged in.
func (d *Deployment) userinfo(ctx context.Context, b login.Callback, access string, open reader) (jws.Object, error) {
	p := d.party(b)
	a, err := p.Get(ctx, d.UserinfoURL, access)
	if err != nil {
		return jws.Object{}, err
	}
	d.anyMedia(&a)
	if a.Status != http.StatusOK {
		return jws.Object{}, userinfoFailed(&a)
	}
	return open(&a)
}

// party is sso's, with what these wires know of client authentication.
func (d *Deployment) party(b login.Callback) *oauth.Party {
	p := b.Party
	p.SecretInBody, p.Key, p.Prover = !d.BasicAuth, nil, nil
	return &p
}

// anyMedia reads a body as JSON that was not called so.
func (d *Deployment) anyMedia(a *oauth.Answer) {
	if !d.AnyMediaType || a.IsJSON || a.Other == "" {
		return
	}
	if o, err := jws.ParseObject(a.Other); err == nil {
		a.Object, a.IsJSON = o, true
	}
}

// refused is a status that tells an operator what to do. errors.As finds the
// *vneid.APIError with the number.
type refused struct {
	*vneid.APIError
	endpoint, hint string
}

func (e *refused) Error() string {
	return "the " + e.endpoint + " " + e.APIError.Error() + ": " + e.hint
}
func (e *refused) Unwrap() error { return e.APIError }

const allowList = "this server's address may not be on the provider's allow-list, or the secret is wrong: the provider answers both alike"

func tokenFailed(a *oauth.Answer) error {
	fail := func(kind vneid.Kind, code, hint string) error {
		return &refused{&vneid.APIError{Kind: kind, Status: a.Status, Code: code, RetryAfter: a.Retry}, "token endpoint", hint}
	}
	code := a.Code()
	switch {
	case code == "invalid_grant":
		return fail(vneid.ErrExpired, code, "the code is older than the few seconds it lives, was used, or was issued for another redirect URL")
	case code == "invalid_client" || a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return fail(vneid.ErrUntrusted, "", allowList)
	case a.Status == http.StatusUnsupportedMediaType:
		return fail(vneid.ErrUnavailable, "", "it does not take a form (application/x-www-form-urlencoded), the only thing these servers were seen to take")
	}
	return a.Failed(vneid.ErrUnavailable)
}

func userinfoFailed(a *oauth.Answer) error {
	if a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden {
		return &refused{&vneid.APIError{Kind: vneid.ErrUntrusted, Status: a.Status, RetryAfter: a.Retry}, "userinfo endpoint",
			"this server's address may not be on the provider's allow-list, or the access token is not for this endpoint"}
	}
	return a.Failed(vneid.ErrUnavailable)
}

// plain reads an answer that is no envelope.
func plain(a *oauth.Answer) (jws.Object, error) {
	if !a.IsJSON {
		return jws.Object{}, errNoObject
	}
	return a.Object, nil
}

var errNoObject = fault.New(vneid.ErrMalformed, "the provider's answer is not a JSON object of type application/json (Deployment.AnyMediaType)")

func joined(scopes []string) string { return strings.Join(scopes, " ") }

// printable reports whether s is ASCII without spaces and control characters.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
