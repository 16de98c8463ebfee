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

// admitToken looks at the token that userinfo is asked with, and at the proof that
// must come with a bound one, which the caller spends. It returns the token's key in
// the store.
func (p *Platform) admitToken(w http.ResponseWriter, r *http.Request) (key string, c *Client, marks []mark, err error) {
	access, bound, ok := presented(r)
	if !ok {
		return "", nil, nil, errNoToken
	}
	key = p.mac("token", access)
	t, c, err := p.findToken(r.Context(), key)
	switch {
	case err != nil:
		return "", nil, nil, err
	case c.Wire != "" && p.on("wire-apart"):
		return "", nil, nil, errInvalidToken
	case (t.JKT != "") != bound && p.on("token-scheme"):
		// A bound token that comes as Bearer was taken from its owner (RFC 9449 §7.2).
		return "", nil, nil, errInvalidToken
	case !bound:
		return key, c, nil, nil
	}
	scheme := p.proofPolicy(c, pathUserinfo).scheme
	jkt, m, err := p.prove(w, r, c, access)
	if err == nil && jkt != t.JKT && p.on("token-key") {
		err = errInvalidToken
	}
	var e *oauthError
	switch {
	case errors.As(err, &e):
		return "", nil, nil, &challenged{*e, scheme}
	case err != nil:
		return "", nil, nil, err
	}
	m.again.error = &challenged{*(errProofUsed.(*oauthError)), scheme}
	return key, c, []mark{m}, nil
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
