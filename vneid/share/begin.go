package share

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// sessionLife is how long the person has, from Begin to the callback.
const sessionLife = 10 * time.Minute

// Begin starts a data request: it pushes the request to the platform, and returns the
// URL to send the browser to and the Session to keep for that browser. The URL is good
// for about a minute. A Request with a refused Finding is refused without a kind, as
// what it is: a mistake of the program's.
func (c *Client) Begin(ctx context.Context, r Request) (redirect string, s *Session, err error) {
	redirect, s, err = c.begin(ctx, r)
	if err != nil {
		return "", nil, fault.Prefix("share", err)
	}
	return redirect, s, nil
}

func (c *Client) begin(ctx context.Context, r Request) (string, *Session, error) {
	if err := c.made(); err != nil {
		return "", nil, err
	}
	if c.cfg.RedirectURL == "" {
		return "", nil, errors.New("Begin needs Config.RedirectURL")
	}
	p, err := c.pending(r)
	if err != nil {
		return "", nil, err
	}
	md, err := c.platform.Get(ctx)
	if err != nil {
		return "", nil, err
	}
	sum := sha256.Sum256([]byte(p.verifier()))
	q := url.Values{
		"response_type": {"code"}, "client_id": {c.cfg.ClientID}, "redirect_uri": {c.cfg.RedirectURL},
		"scope": {wire.ScopeShare}, wire.Details: {string(p.Details)}, "state": {p.state()}, "nonce": {p.nonce()},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
		"dpop_jkt": {c.prover.Thumbprint()}, // RFC 9449 §10: the code is for this key too
	}
	if need := p.need(); !need.At.IsZero() {
		q.Set("max_age", strconv.FormatInt(max(0, p.Begun-p.At), 10))
	}
	demand(q, p.need())
	if r.Subject != "" {
		q.Set("login_hint", r.Subject)
	}
	name, err := c.push(ctx, md, q)
	if err != nil {
		return "", nil, err
	}
	return withQuery(md.authorization, url.Values{"client_id": {c.cfg.ClientID}, "request_uri": {name}}), newSession(p), nil
}

// pending makes the secrets of a request and writes down what it must reach.
func (c *Client) pending(r Request) (pending, error) {
	for _, f := range r.Check() {
		if f.Refused {
			return pending{}, fmt.Errorf("the Request is refused: %s: %s", f.Where, f.EN)
		}
	}
	if len(r.Subject) > maxSubject || !relying.Printable(r.Subject) {
		return pending{}, errors.New("Request.Subject is no subject")
	}
	need := stronger(c.cfg.Need, r.need())
	now := c.cfg.Now()
	if need.Level < 0 || need.Level > 2 || need.Auth < 0 || need.Auth > 4 || need.At.After(now) {
		return pending{}, errors.New("Request.Need is outside what an answer can reach")
	}
	p := newPending(c.owner(), now, sessionLife)
	p.setNeed(need)
	p.Subject = r.Subject
	text, err := r.details().Encode()
	if err != nil {
		return pending{}, fmt.Errorf("the Request cannot be sent: %w", err)
	}
	p.Details = json.RawMessage(text)
	return p, nil
}

// owner is what tells this client's sessions from others'.
func (c *Client) owner() []byte {
	sum := sha256.Sum256([]byte("vneid-share owner " + c.box.Binding()))
	return sum[:16]
}

// stronger joins two requirements: each asks what the other does not.
func stronger(a, b vneid.Assurance) vneid.Assurance {
	at := a.At
	if b.At.After(at) {
		at = b.At
	}
	return vneid.Assurance{Level: max(a.Level, b.Level), Auth: max(a.Auth, b.Auth), At: at}
}

// demand asks for what an answer must be, weakest first.
func demand(q url.Values, need vneid.Assurance) {
	if need.Level > 0 || need.Auth > 0 {
		q.Set("acr_values", strings.Join(wire.AtLeast(need.Level, need.Auth), " "))
	}
}

// push hands the request to the platform (RFC 9126 §2) and returns the name that it
// gave to it: nobody between can read or change the rest.
func (c *Client) push(ctx context.Context, md *metadata, q url.Values) (string, error) {
	party := c.party()
	a, err := party.Post(ctx, md.par, q)
	switch {
	case err != nil:
		return "", err
	case a.Status != http.StatusCreated && a.Status != http.StatusOK:
		return "", refusal(&a, vneid.Assurance{})
	case !a.IsJSON:
		return "", fault.New(vneid.ErrMalformed, "the answer to the pushed request is not a JSON object")
	}
	return pushed(&a, c.on("par-life"))
}

func pushed(a *oauth.Answer, life bool) (string, error) {
	name, expires := a.Object.String("request_uri"), a.Object.Int("expires_in")
	switch {
	case a.Object.Err() != nil || name == "" || len(name) > 1024 || !relying.Printable(name):
		return "", fault.New(vneid.ErrMalformed, "the answer to the pushed request has no usable request_uri")
	case expires <= 0 && life: // RFC 9126 §2.2 has it a positive number, always
		return "", fault.New(vneid.ErrMalformed, "the answer to the pushed request has no expires_in, or is over")
	}
	return name, nil
}

// withQuery adds parameters to an endpoint, which may have a query of its own
// (RFC 6749 §3.1).
func withQuery(endpoint string, q url.Values) string {
	if strings.Contains(endpoint, "?") {
		return endpoint + "&" + q.Encode()
	}
	return endpoint + "?" + q.Encode()
}
