package platform

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// token is an access token: a random string, known to the store by its keyed
// hash alone.
type token struct {
	Grant string    `json:"grant"`
	Until time.Time `json:"until"`
}

const (
	tokenLife   = 30 * time.Minute // as VNeID's own (reference: 1800 s seen in public samples)
	idTokenLife = 10 * time.Minute
)

// handleToken is the token endpoint (OpenID Connect Core §3.1.3).
func (p *Platform) handleToken(w http.ResponseWriter, r *http.Request) {
	form, c, err := p.clientCall(w, r)
	if err != nil {
		fail(w, err)
		return
	}
	if form.Get("grant_type") != "authorization_code" {
		fail(w, refuse(http.StatusBadRequest, "unsupported_grant_type", ""))
		return
	}
	out, err := p.exchange(r.Context(), *c, form)
	if err != nil {
		fail(w, err)
		return
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.token != nil {
			f.token(&out)
		}
	}
	writeMembers(w, out)
}

// clientCall reads the form of a call that only a registered client may make,
// and authenticates it.
func (p *Platform) clientCall(w http.ResponseWriter, r *http.Request) (url.Values, *Client, error) {
	form, err := formOf(w, r)
	if err != nil {
		return nil, nil, err
	}
	if r.URL.RawQuery != "" {
		return nil, nil, badRequest("parameters belong into the body, never into the URL")
	}
	c, err := p.clientOf(r, form)
	if err != nil {
		return nil, nil, err
	}
	if p.breakCall(w, r, c.ID) {
		return nil, nil, errAnswered
	}
	return form, c, nil
}

// errAnswered says that a fault has written the answer already.
var errAnswered = errors.New("answered")

// clientOf authenticates by client_secret_basic, client_secret_post or, for a
// public client, client_id alone: one of them, not two (RFC 6749 §2.3).
func (p *Platform) clientOf(r *http.Request, form url.Values) (*Client, error) {
	bad := refuse(http.StatusUnauthorized, "invalid_client", "")
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if r.Header.Get("Authorization") != "" {
		user, pass, ok := r.BasicAuth()
		basicID, err1 := url.QueryUnescape(user)
		basicSecret, err2 := url.QueryUnescape(pass)
		if !ok || err1 != nil || err2 != nil || form.Has("client_secret") || id != "" && id != basicID {
			return nil, bad
		}
		id, secret = basicID, basicSecret
	}
	c, err := p.client(r.Context(), id)
	switch {
	case err != nil:
		return nil, err
	case c == nil:
		return nil, bad
	case c.Public && secret == "" && r.Header.Get("Authorization") == "":
		return c, nil
	case !p.secretIs(c, secret):
		return nil, bad
	}
	return c, nil
}

// exchange spends a code. The code is worth nothing afterwards, whether the rest
// of the request was right or not; a second use by the same client ends what the
// first one gave (RFC 6749 §4.1.2). Another client cannot spend it.
func (p *Platform) exchange(ctx context.Context, c Client, form url.Values) (members, error) {
	if !verifier(form.Get("code_verifier")) {
		return nil, badRequest("code_verifier is missing or malformed (RFC 7636 §4.1)")
	}
	access := random()
	var g *grant
	var refusal error
	err := p.store.Update(ctx, func(tx Tx) (err error) {
		g, refusal, err = p.spend(tx, c, form, access)
		return err
	})
	if err = errors.Join(err, refusal); err != nil {
		return nil, err
	}
	id, err := p.idToken(c, *g, access)
	if err != nil {
		return nil, err
	}
	return members{
		is("access_token", access), is("token_type", "Bearer"), is("expires_in", int(tokenLife/time.Second)),
		is("id_token", id), is("scope", strings.Join(g.Scopes, " ")),
	}, nil
}

// spend marks the code used and stores the access token. A refusal is apart from
// err, since what it changed must stay.
func (p *Platform) spend(tx Tx, c Client, form url.Values, access string) (*grant, error, error) {
	key, now := p.mac("code", form.Get("code")), p.now()
	k, err := load[code](tx, tableCodes, key)
	switch {
	case err != nil:
		return nil, nil, err
	case k == nil || k.Client != c.ID:
		return nil, badGrant("no such code"), nil
	case k.Used:
		return nil, badGrant("the code was used before"), tx.Delete(tableGrants, k.Grant)
	}
	k.Used = true
	if err := save(tx, tableCodes, key, k, now.Add(tokenLife+authCodeLife)); err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	switch {
	case !now.Before(k.Until):
		return nil, badGrant("the code is too old"), nil
	case form.Get("redirect_uri") != k.Redirect:
		return nil, badGrant("redirect_uri is not the one of the authorization request"), nil
	case subtle.ConstantTimeCompare([]byte(b64(sum[:])), []byte(k.Challenge)) != 1:
		return nil, badGrant("code_verifier does not fit the challenge"), nil
	}
	g, a, err := p.granted(tx, k.Grant)
	if err != nil || g == nil {
		return nil, badGrant("the login has ended"), err
	}
	t := token{Grant: k.Grant, Until: now.Add(tokenLife)}
	if err := save(tx, tableTokens, p.mac("token", access), t, t.Until); err != nil {
		return nil, nil, err
	}
	return g, nil, p.write(tx, a.ID, c, ReadLogin, g.Scopes)
}

// granted returns a grant whose session still lives, and the account as it is
// now. A lock that came since takes the level away from the grant too.
func (p *Platform) granted(tx Tx, id string) (*grant, *Account, error) {
	g, err := load[grant](tx, tableGrants, id)
	if err != nil || g == nil || !p.now().Before(g.Until) {
		return nil, nil, err
	}
	s, a, err := p.alive(tx, g.Session)
	if err != nil || s == nil {
		return nil, nil, err
	}
	if g.ACR.Level > a.Usable() {
		return nil, nil, nil
	}
	return g, a, nil
}

// verifier is 43 to 128 unreserved characters (RFC 7636 §4.1).
func verifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0) {
			return false
		}
	}
	return len(s) >= 43 && len(s) <= 128
}

// idToken signs the ID token of a grant.
func (p *Platform) idToken(c Client, g grant, access string) (string, error) {
	key, err := p.login.signer(c.Alg)
	if err != nil {
		return "", err
	}
	now := p.now()
	t := &idToken{key: key, header: members{is("kid", key.kid), is("typ", "JWT")}, claims: members{
		is("iss", p.cfg.Issuer), is("sub", p.subject(c, g.Account)), is("aud", c.ID),
		is("exp", now.Add(idTokenLife)), is("iat", now), is("auth_time", g.At), is("nonce", g.Nonce),
		is("acr", wire.ACR(g.ACR.Level, g.ACR.Auth)), is("amr", methods(g.Shown)), is("at_hash", accessHash(c.Alg, access)),
		is("sid", p.sessionName(c, g.Session)), is(wire.AccountLevel, int(g.ACR.Level)), is(wire.AccountType, g.Type),
		is(wire.EIDStatus, status(g.EIDLocked)), is(wire.Account, status(false)),
	}}
	for _, f := range p.faultsOf(c.ID) {
		if f.idToken != nil {
			f.idToken(t)
		}
	}
	return t.sign()
}

func status(locked bool) string {
	if locked {
		return "locked"
	}
	return "active"
}

// accessHash is at_hash (OpenID Connect Core §3.1.3.6); with Ed25519 the hash is
// the one inside it, SHA-512.
func accessHash(alg, access string) string {
	if alg == "EdDSA" {
		sum := sha512.Sum512([]byte(access))
		return b64(sum[:32])
	}
	sum := sha256.Sum256([]byte(access))
	return b64(sum[:16])
}

// idToken is a token about to be signed; faults change it.
type idToken struct {
	key     *signingKey
	header  members
	claims  members
	payload func([]byte) []byte // edits the encoded claims
	token   func(string) string // edits the signed token
}

func (t *idToken) sign() (string, error) {
	payload, err := jws.Encode(t.claims...)
	if err != nil {
		return "", err
	}
	if t.payload != nil {
		payload = t.payload(payload)
	}
	out, err := jws.Compact(t.key.alg, t.key.signer, t.header, payload)
	if err == nil && t.token != nil {
		out = t.token(out)
	}
	return out, err
}

// members is a JSON object with its members in order.
type members []jws.Member

func is(name string, value any) jws.Member { return jws.Member{Name: name, Value: value} }

func (m *members) set(name string, value any) {
	for i := range *m {
		if (*m)[i].Name == name {
			(*m)[i].Value = value
			return
		}
	}
	*m = append(*m, is(name, value))
}

func (m *members) drop(name string) {
	for i := range *m {
		if (*m)[i].Name == name {
			*m = append((*m)[:i:i], (*m)[i+1:]...)
			return
		}
	}
}

func (m members) get(name string) any {
	for _, one := range m {
		if one.Name == name {
			return one.Value
		}
	}
	return nil
}

func writeMembers(w http.ResponseWriter, m members) {
	b, err := jws.Encode(m...)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// Only a broken connection fails here.
	_, _ = w.Write(b)
}
