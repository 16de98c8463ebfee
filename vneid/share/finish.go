package share

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Finish ends a request of Begin: it takes the Session of the browser that came back
// and the raw query of its request (r.URL.RawQuery), and returns the verified answer.
// What the browser brings is only a hint: what counts is what the platform then says to
// this server. The package comment lists its checks in their order.
//
// A request ends once. Whoever calls again with its Session and state, within a day and
// in this process, gets the same Records or the same refusal. After an error of kind
// vneid.ErrUnavailable the next call goes on where this one stopped.
func (c *Client) Finish(ctx context.Context, s *Session, rawQuery string) (Records, error) {
	r, err := c.finish(ctx, s, rawQuery)
	if err != nil {
		return Records{}, fault.Prefix("share", err)
	}
	return r, nil
}

func (c *Client) finish(ctx context.Context, s *Session, rawQuery string) (Records, error) {
	if err := c.made(); err != nil {
		return Records{}, err
	}
	p := s.look()
	if err := c.ours(&p); err != nil {
		return Records{}, err
	}
	if p.ID != "" {
		return Records{}, mismatch("the session is of Ask: Poll or Wait ends it")
	}
	r, err := readResponse(rawQuery)
	if err != nil {
		return Records{}, err
	}
	switch {
	case c.on("state") && !same(r.state, p.state()):
		return Records{}, mismatch("the callback answers another request: its state is not this session's")
	case c.on("iss") && r.iss != c.cfg.Issuer: // RFC 9207, and FAPI 2.0 Security Profile §5.3.3.2: always
		return Records{}, mismatch("the callback comes from another issuer, or does not say from which")
	}
	return c.ended.Once(ctx, p.name(), rememberTime, func(ctx context.Context, left *progress) (Records, error) {
		return c.conclude(ctx, &p, r, left)
	})
}

// conclude brings a request to its end from wherever it was.
func (c *Client) conclude(ctx context.Context, p *pending, r response, left *progress) (Records, error) {
	if left.tokens == nil {
		if now := c.cfg.Now(); c.on("ten-minutes") && (!now.Before(p.until()) || now.Before(p.begun().Add(-c.cfg.Skew))) {
			return Records{}, &vneid.TimeError{NotBefore: p.begun().Add(-c.cfg.Skew), NotAfter: p.until(), Now: now}
		}
		if r.err != "" {
			if err := refused(r.err, p.need()); err != nil {
				return Records{}, err
			}
			return Records{}, fault.New(vneid.ErrUnavailable, "the platform answered an error that nobody knows")
		}
		if err := c.exchange(ctx, p, r.code, left); err != nil {
			return Records{}, err
		}
	}
	want, err := p.expect()
	if err != nil {
		return Records{}, err
	}
	return c.collect(ctx, want, left)
}

// expect is what the answer to a session must be an answer to; txn and grant come with
// the tokens.
func (p *pending) expect() (Expect, error) {
	asked, err := p.asked()
	if err != nil {
		return Expect{}, err
	}
	r := requestOf(asked)
	r.Subject, r.Need = p.Subject, p.need()
	return Expect{Request: r, Nonce: p.nonce(), Subject: p.Subject}, nil
}

// exchange trades the code for tokens (RFC 6749 §4.1.3). It asks once, save for a nonce
// that a proof must have: a code is good for one use, and repeating it may revoke what
// the first call got (RFC 9700 §4.10). So where no answer comes, or none that can be
// read, the request is over.
func (c *Client) exchange(ctx context.Context, p *pending, code string, left *progress) error {
	md, err := c.platform.Get(ctx)
	if err != nil {
		return err
	}
	left.spent = true
	return c.trade(ctx, md, p, left, url.Values{
		"grant_type": {"authorization_code"}, "code": {code},
		"redirect_uri": {c.cfg.RedirectURL}, "code_verifier": {p.verifier()},
	})
}

// trade makes a token request whose answer is for the request of p.
func (c *Client) trade(ctx context.Context, md *metadata, p *pending, left *progress, form url.Values) error {
	party := c.party()
	a, err := party.Post(ctx, md.token, form)
	switch {
	case err != nil:
		return err
	case a.Status != http.StatusOK:
		return refusal(&a, p.need())
	case !a.IsJSON:
		return malformed("the token response is not a JSON object")
	}
	asked, err := p.asked()
	if err != nil {
		return err
	}
	if left.tokens, err = c.readTokens(&a.Object, asked); err == nil {
		left.got = c.cfg.Now()
	}
	return err
}

// ours refuses a session that this client did not begin, so that two platforms or two
// routes of one program cannot be mixed up (RFC 9700 §4.4).
func (c *Client) ours(p *pending) error {
	switch {
	case len(p.Secret) != 32:
		return mismatch("there is no request under way")
	case c.on("session-binding") && subtle.ConstantTimeCompare(p.Owner, c.owner()) != 1:
		return mismatch("the session is of another issuer, client or redirect URL")
	}
	return nil
}

// response is what the platform sent back through the browser.
type response struct{ code, state, iss, err string }

func readResponse(raw string) (response, error) {
	q, err := relying.ParseQuery(raw)
	if err != nil {
		return response{}, err
	}
	r := response{q["code"], q["state"], q["iss"], q["error"]}
	_, hasCode := q["code"]
	_, hasErr := q["error"]
	for _, s := range []string{r.code, r.state, r.iss, r.err} {
		if !relying.Printable(s) {
			return response{}, malformed("a parameter of the callback is not printable ASCII")
		}
	}
	// Tokens in a front channel are other flows, which nobody asked for.
	for _, name := range []string{"id_token", "access_token", "response"} {
		if _, ok := q[name]; ok {
			return response{}, fault.New(vneid.ErrMalformed, "the callback carries %s, which was not asked for", name)
		}
	}
	switch {
	case hasCode && hasErr:
		return response{}, malformed("the callback has both a code and an error")
	case r.code == "" && r.err == "":
		return response{}, malformed("the callback has neither a code nor an error")
	case r.state == "":
		return response{}, malformed("the callback has no state")
	}
	return r, nil
}

// same compares secrets in constant time; an empty one matches nothing.
func same(got, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

// over is the refusal of what has ended.
func over(until, now time.Time) error { return &vneid.TimeError{NotAfter: until, Now: now} }
