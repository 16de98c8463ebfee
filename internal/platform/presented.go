package platform

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
)

var (
	errInvalidToken = refuse(http.StatusUnauthorized, "invalid_token", "")
	errNoToken      = refuse(http.StatusUnauthorized, "", "")
)

// presented reads the Authorization header: Bearer (RFC 6750 §2.1) or DPoP
// (RFC 9449 §7.1), whose schemes have no case.
func presented(r *http.Request) (access string, bound, ok bool) {
	all := r.Header.Values("Authorization")
	if len(all) != 1 {
		return "", false, false
	}
	scheme, access, _ := strings.Cut(all[0], " ")
	bound = strings.EqualFold(scheme, "DPoP")
	return access, bound, (bound || strings.EqualFold(scheme, "Bearer")) && visible(access, 4096)
}

// admitted is what a request for userinfo came with, before the store is asked about it.
type admitted struct {
	key    string // of the token, in the store
	bound  bool   // a proof came with it
	jkt    string // by this key
	marks  []mark
	scheme string // of the challenge
}

// admitToken looks at what userinfo is asked with: a token, and the proof that must come
// with a bound one. The caller spends the marks, where the token turns out to be good, and
// asks fits.
func (p *Platform) admitToken(w http.ResponseWriter, r *http.Request) (q admitted, err error) {
	access, bound, ok := presented(r)
	if !ok {
		return q, errNoToken
	}
	q.key, q.bound = p.mac("token", access), bound
	var c *Client
	// What nobody has seen is most likely no token: it keeps no update waiting. And a
	// defect may be in what the client's proofs must be.
	if p.issued.last(q.key) == nil || p.broken() {
		if c, err = p.holder(r.Context(), &q); err != nil {
			return q, err
		}
	}
	if !bound {
		return q, nil
	}
	q.scheme = p.proofPolicy(c, pathUserinfo).scheme
	jkt, m, err := p.prove(w, r, c, access)
	var e *oauthError
	if errors.As(err, &e) {
		// A token that is not good at all is refused first.
		c, lost := p.holder(r.Context(), &q)
		if lost != nil {
			return q, lost
		}
		noteOf(w).by(c)
		return q, &challenged{*e, q.scheme}
	}
	m.again.error = &challenged{*(errProofUsed.(*oauthError)), q.scheme}
	q.jkt, q.marks = jkt, []mark{m}
	return q, err
}

// holder is the client whose token it is, before its proof is looked at.
func (p *Platform) holder(ctx context.Context, q *admitted) (*Client, error) {
	t, c, err := p.findToken(ctx, q.key)
	if err == nil {
		err = p.scheme(q, t, c)
	}
	return c, err
}

// scheme refuses what does not go with a request that is bound, or not.
func (p *Platform) scheme(q *admitted, t *token, c *Client) error {
	// A bound token that comes as Bearer was taken from its owner (RFC 9449 §7.2).
	if c.Wire != "" && p.on("wire-apart") || (t.JKT != "") != q.bound && p.on("token-scheme") {
		return errInvalidToken
	}
	return nil
}

// fits refuses what does not go with the token.
func (p *Platform) fits(q *admitted, t *token, c *Client) error {
	err := p.scheme(q, t, c)
	if err == nil && q.bound && q.jkt != t.JKT && p.on("token-key") {
		return &challenged{*(errInvalidToken.(*oauthError)), q.scheme}
	}
	return err
}

// challenged is a refusal under the DPoP scheme.
type challenged struct {
	oauthError
	scheme string
}

// challengeToken refuses a request for userinfo (RFC 6750 §3, RFC 9449 §7.1).
func challengeToken(w http.ResponseWriter, err error) {
	var c *challenged
	var e *oauthError
	scheme, tail := "Bearer", ""
	if errors.As(err, &c) {
		scheme, tail, e = c.scheme, `, algs="`+strings.Join(fapiAlgs(), " ")+`"`, &c.oauthError
		e.Status = http.StatusUnauthorized
	}
	if e == nil && !errors.As(err, &e) || e.Status != http.StatusUnauthorized {
		fail(w, err)
		return
	}
	challenge := scheme + ` realm="vneid-test"`
	if e.Code != "" {
		challenge += `, error="` + e.Code + `"`
	}
	w.Header().Set("WWW-Authenticate", challenge+tail)
	if e.Code == "" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	fail(w, e)
}

// findToken returns a token for userinfo that is not over, and its client. Whether
// the login behind it still lives is for liveToken to say, when the token is used.
func (p *Platform) findToken(ctx context.Context, key string) (t *token, c *Client, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		if t, err = p.goodToken(tx, key); err != nil {
			return err
		}
		g, err := p.grants.find(tx, tableGrants, t.Grant, nil)
		if err == nil && g != nil {
			c, err = p.party(tx, g.Client)
		}
		if err == nil && c == nil {
			err = errInvalidToken
		}
		return err
	})
	return t, c, err
}

// goodToken returns a token for userinfo. One that was issued for a resource server is
// not good here.
func (p *Platform) goodToken(tx Tx, key string) (*token, error) {
	t, err := p.issued.find(tx, tableTokens, key, nil)
	if err != nil {
		return nil, err
	}
	if t == nil || !p.now().Before(t.Until) || t.Resource != "" && !t.Userinfo && p.on("token-audience") || !slices.Contains(t.Scopes, scopeOpenID) {
		return nil, errInvalidToken
	}
	return t, nil
}

// liveToken returns a token for userinfo that is good now, with what is behind it.
func (p *Platform) liveToken(tx Tx, key string) (*token, *grant, *Account, error) {
	t, err := p.goodToken(tx, key)
	if err != nil {
		return nil, nil, nil, err
	}
	g, a, err := p.granted(tx, t.Grant)
	if err != nil {
		return nil, nil, nil, err
	}
	if g == nil {
		return nil, nil, nil, errInvalidToken
	}
	return t, g, a, nil
}
