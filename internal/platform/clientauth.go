package platform

import (
	"crypto"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

var errClient = refuse(http.StatusUnauthorized, "invalid_client", "")

// clientOf authenticates by the one way that the client registered:
// private_key_jwt, client_secret_basic or client_secret_post, or, for a public
// client, client_id alone. Two ways in one call are refused (RFC 6749 §2.3). Unless it is to
// ask the store now, a client with keys is taken as it was last read.
func (p *Platform) clientOf(w http.ResponseWriter, r *http.Request, form url.Values, now bool) (c *Client, marks []mark, err error) {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	header := r.Header.Get("Authorization") != ""
	if form.Has("client_assertion") || form.Has("client_assertion_type") {
		if header || form.Has("client_secret") {
			return nil, nil, errClient
		}
		return p.assertedClient(w, r, form, now)
	}
	if header {
		user, pass, ok := r.BasicAuth()
		basicID, err1 := url.QueryUnescape(user)
		basicSecret, err2 := url.QueryUnescape(pass)
		if !ok || err1 != nil || err2 != nil || form.Has("client_secret") || id != "" && id != basicID {
			return nil, nil, errClient
		}
		id, secret = basicID, basicSecret
	}
	c, err = p.partyNow(r.Context(), id)
	switch {
	case err != nil:
		return nil, nil, err
	case c == nil:
		return nil, nil, errClient
	case c.Public && secret == "" && !header:
		noteOf(w).by(c)
		return c, nil, nil
	case !p.secretIs(c, secret):
		noteOf(w).claims(c, "the secret is not the client's, or it authenticates by a key")
		return nil, nil, errClient
	}
	noteOf(w).by(c)
	return c, nil, nil
}

// clientSkew is how far a client's clock may be off (FAPI 2.0 Security Profile
// §5.3.2.1).
const clientSkew = 10 * time.Second

// assertedClient authenticates by private_key_jwt (RFC 7523 §3): signed by a
// registered key, for this issuer alone (FAPI 2.0 Security Profile §5.3.2.1), at
// most five minutes ahead, and spent by its jti as the last step, so that nobody
// else's copy of a refused one is. Unless it is to ask the store now, it takes the client
// as it was last read: the mark says so.
func (p *Platform) assertedClient(w http.ResponseWriter, r *http.Request, form url.Values, now bool) (*Client, []mark, error) {
	a, err := oauth.ReadAssertion(form.Get("client_assertion"))
	if err != nil {
		return nil, nil, errClient
	}
	id := a.Says("sub")
	if id == "" || form.Get("client_assertion_type") != oauth.AssertionType || form.Has("client_id") && form.Get("client_id") != id {
		return nil, nil, errClient
	}
	var c *Client
	if !now {
		c = p.clients.last(id)
	}
	last := c
	if c == nil {
		c, err = p.partyNow(r.Context(), id)
	}
	if err != nil {
		return nil, nil, err
	}
	if c == nil {
		return nil, nil, errClient
	}
	m, err := p.asserted(w, r, a, c)
	if err != nil && last != nil {
		if c, _ := p.partyNow(r.Context(), id); c != last { // what refused it is over
			noteOf(w).forget()
			return p.assertedClient(w, r, form, true)
		}
	}
	if !now {
		m.client = c
	}
	return c, []mark{m}, err
}

// asserted holds an assertion against a client's registration.
func (p *Platform) asserted(w http.ResponseWriter, r *http.Request, a *oauth.Asserted, c *Client) (m mark, err error) {
	signing, _, err := c.keys()
	if err != nil || len(signing) == 0 {
		noteOf(w).claims(c, "the client registered no key that signs")
		return m, errClient
	}
	jti, until, err := a.Verify(p.assertionRules(c.ID, a, signing))
	if err != nil {
		noteOf(w).claims(c, err.Error()) // told to the client's own console, never to the caller
		return m, errClient
	}
	noteOf(w).by(c)
	return p.mark(r.Context(), until, "assertion-once", usedAgain{errClient, "the assertion's jti was used before"}, "assertion", c.ID, jti)
}

// assertionRules says what the client's assertion must be.
func (p *Platform) assertionRules(id string, a *oauth.Asserted, keys []jwx.Key) oauth.AssertionRules {
	rules := oauth.AssertionRules{Client: id, Audience: p.cfg.Issuer, Now: p.now(), Skew: clientSkew, Verify: p.verifyBy(keys)}
	if !p.on("assertion-audience") {
		rules.Audience = a.Says("aud")
	}
	if !p.on("assertion-life") {
		rules.Now = rules.Now.Add(7 * 24 * time.Hour)
	}
	if !p.on("assertion-key") {
		rules.Verify = func(string, string, []byte, []byte) error { return nil }
	}
	return rules
}

// verify checks a signature, and counts.
func (p *Platform) verify(alg string, key crypto.PublicKey, input, sig []byte) error {
	p.meter.verify(alg)
	return jws.Verify(alg, key, input, sig)
}

// verifyBy checks a signature by a registered key, the named one if both name one.
func (p *Platform) verifyBy(keys []jwx.Key) func(alg, kid string, input, sig []byte) error {
	return func(alg, kid string, input, sig []byte) error {
		if slices.Contains(fapiAlgs(), alg) {
			for _, k := range keys {
				if (kid == "" || k.ID == "" || k.ID == kid) && k.Signs(alg) && p.verify(alg, k.Public, input, sig) == nil {
					return nil
				}
			}
		}
		return errors.New("no registered key made the signature")
	}
}
