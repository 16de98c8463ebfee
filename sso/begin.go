package sso

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Begin starts a login: it makes state, nonce and PKCE verifier, and returns the
// URL to send the browser to and the Session to keep for that browser. It fails
// with vneid.ErrUnavailable while the provider's metadata cannot be read. In FAPI2
// it has pushed the request to the provider; the URL is then good for about a
// minute.
func (c *Client) Begin(ctx context.Context, ask Ask) (redirect string, s *Session, err error) {
	if err := c.made(); err != nil {
		return "", nil, err
	}
	defer c.verdict("begin", c.cfg.Now(), &err)
	p, err := c.pending(ask)
	if err == nil {
		redirect, err = c.requestURL(ctx, p, ask)
	}
	if err != nil {
		return "", nil, fault.Prefix("sso", err)
	}
	return redirect, newSession(p), nil
}

// pending makes the secrets of a login and writes down what it must reach.
func (c *Client) pending(ask Ask) (*pending, error) {
	now := c.cfg.Now()
	need := stronger(c.cfg.Need, ask.Need)
	if ask.MaxAge < 0 {
		return nil, errors.New("Ask.MaxAge is negative")
	}
	if !ask.Accept.known() {
		return nil, errors.New("Ask.Accept is no Integrity")
	}
	if ask.MaxAge > 0 {
		need.At = later(need.At, now.Add(-ask.MaxAge))
	}
	switch ask.Prompt {
	case "", "none", "consent", "select_account":
	case "login":
		need.At = now // what makes the answer checkable: OpenID Connect Core §3.1.2.1, max_age
	default:
		return nil, errors.New("Ask.Prompt is not one of none, login, consent, select_account")
	}
	if need.Level < 0 || need.Level > 2 || need.Auth < 0 || need.Auth > 4 || need.At.After(now) {
		return nil, errors.New("Ask.Need is outside what a login can reach")
	}
	return &pending{
		State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier(),
		Issuer: c.cfg.Issuer, ClientID: c.cfg.ClientID, Redirect: c.cfg.RedirectURL, Profile: c.profile,
		Need: need, Accept: ask.Accept, Subject: ask.Subject, Return: relying.LocalPath(ask.Return),
		Created: now, Expires: now.Add(loginLife),
	}, nil
}

// stronger joins two requirements: each asks what the other does not.
func stronger(a, b vneid.Assurance) vneid.Assurance {
	return vneid.Assurance{Level: max(a.Level, b.Level), Auth: max(a.Auth, b.Auth), At: later(a.At, b.At)}
}

// requestURL is where the browser goes.
func (c *Client) requestURL(ctx context.Context, p *pending, ask Ask) (string, error) {
	if c.wire != nil {
		return c.wireURL(p, ask)
	}
	md, err := c.provider.Get(ctx)
	if err != nil {
		return "", err
	}
	q := c.request(md, p, ask)
	if c.cfg.Profile == FAPI2 || md.mustPush {
		if q, err = c.push(ctx, md, q); err != nil {
			return "", err
		}
	}
	return withQuery(md.authorization, q), nil
}

// request writes the authentication request (OpenID Connect Core §3.1.2.1).
func (c *Client) request(md *metadata, p *pending, ask Ask) url.Values {
	q := url.Values{
		"response_type": {"code"}, "client_id": {c.cfg.ClientID}, "redirect_uri": {c.cfg.RedirectURL},
		"scope": {strings.Join(c.cfg.Scopes, " ")}, "state": {p.State}, "nonce": {p.Nonce},
		"code_challenge": {challenge(p.Verifier)}, "code_challenge_method": {"S256"},
	}
	param := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	param("prompt", ask.Prompt)
	param("login_hint", ask.LoginHint)
	if !p.Need.At.IsZero() {
		param("max_age", strconv.FormatInt(int64(p.Created.Sub(p.Need.At)/time.Second), 10))
	}
	param("acr_values", strings.Join(acrValues(p.Need), " "))
	if md.claimsParam {
		param("claims", claimsParam(p))
	}
	if c.cfg.JARM {
		param("response_mode", "jwt")
	}
	if c.prover != nil {
		param("dpop_jkt", c.prover.Thumbprint()) // RFC 9449 §10: the code is for this key too
	}
	return q
}

func challenge(verifier string) string { return oauth2.S256ChallengeFromVerifier(verifier) }

// withQuery adds parameters to an endpoint, which may have a query of its own
// (RFC 6749 §3.1).
func withQuery(endpoint string, q url.Values) string {
	if strings.Contains(endpoint, "?") {
		return endpoint + "&" + q.Encode()
	}
	return endpoint + "?" + q.Encode()
}

// acrValues lists what satisfies need, weakest first; nothing when any login does.
func acrValues(need vneid.Assurance) []string {
	if need.Level == 0 && need.Auth == 0 {
		return nil
	}
	return wire.AtLeast(need.Level, need.Auth)
}

// claimsParam asks for acr, and for one subject, as essential: a provider that
// cannot comply then answers with an error instead of a weaker login (OpenID
// Connect Core §5.5.1.1). We check the answer all the same.
func claimsParam(p *pending) string {
	type want struct {
		Essential bool     `json:"essential,omitempty"`
		Value     string   `json:"value,omitempty"`
		Values    []string `json:"values,omitempty"`
	}
	ask := map[string]want{}
	if acr := acrValues(p.Need); acr != nil {
		ask["acr"] = want{Essential: true, Values: acr}
	}
	if p.Subject != "" {
		ask["sub"] = want{Value: p.Subject}
	}
	if len(ask) == 0 {
		return ""
	}
	b, err := json.Marshal(map[string]map[string]want{"id_token": ask})
	if err != nil {
		return "" // cannot happen: strings and bools
	}
	return string(b)
}

// random returns 256 bits as 43 characters.
func random() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}
