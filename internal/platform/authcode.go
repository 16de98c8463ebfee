package platform

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"
)

// spend spends a code. The code is worth nothing afterwards, whether the rest of
// the request was right or not; a second use by the same client ends what the
// first one gave (RFC 6749 §4.1.2). Another client cannot spend it.
func (p *Platform) spend(tx Tx, q *tokenCall) (refusal, err error) {
	if !verifier(q.form.Get("code_verifier")) {
		return badRequest("code_verifier is missing or malformed (RFC 7636 §4.1)"), nil
	}
	key, now := p.mac("code", q.form.Get("code")), p.now()
	k, err := load[code](tx, tableCodes, key)
	switch {
	case err != nil:
		return nil, err
	case k == nil || k.Client != q.client.ID && p.on("code-client"):
		return badGrant("no such code"), nil
	case k.Used && p.on("code-once"):
		return badGrant("the code was used before"), p.endFamily(tx, k.Grant)
	}
	k.Used = true
	if err := save(tx, tableCodes, key, k, k.kept()); err != nil {
		return nil, err
	}
	if refusal := p.checkCode(k, q, now); refusal != nil {
		return refusal, nil
	}
	return p.firstTokens(tx, q, k.Grant)
}

// firstTokens mints the first tokens of a grant, and binds it to the key of who came for
// them.
func (p *Platform) firstTokens(tx Tx, q *tokenCall, id string) (refusal, err error) {
	g, a, err := p.granted(tx, id)
	if err != nil || g == nil {
		return badGrant("the login has ended"), err
	}
	if refusal, err := p.forShare(tx, q, g); refusal != nil || err != nil {
		return refusal, err
	}
	if g.JKT != q.jkt {
		own := *g
		own.JKT = q.jkt
		g = &own
		if err := save(tx, tableGrants, id, g, g.Until); err != nil {
			return nil, err
		}
	}
	q.grant, q.scopes = g, g.Scopes
	if refusal, err := p.mint(tx, q, id); refusal != nil || err != nil {
		return refusal, err
	}
	if q.again() {
		if err := p.mintRefresh(tx, q, id); err != nil {
			return nil, err
		}
	}
	if q.sharing != nil {
		return nil, nil // what is read is written down when it is
	}
	return nil, p.write(tx, a.ID, q.client, ReadLogin, g.Scopes)
}

// checkCode compares the request with what the code was made for.
func (p *Platform) checkCode(k *code, q *tokenCall, now time.Time) error {
	sum := sha256.Sum256([]byte(q.form.Get("code_verifier")))
	switch {
	case !now.Before(k.Until) && p.on("code-time"):
		return badGrant("the code is too old")
	case q.form.Get("redirect_uri") != k.Redirect && p.on("code-redirect"):
		return badGrant("redirect_uri is not the one of the authorization request")
	case subtle.ConstantTimeCompare([]byte(b64(sum[:])), []byte(k.Challenge)) != 1 && p.on("code-verifier"):
		return badGrant("code_verifier does not fit the challenge")
	case k.JKT != "" && k.JKT != q.jkt && p.on("code-key"): // RFC 9449 §10
		return badGrant("the code is bound to another key")
	}
	return nil
}

// granted returns a grant whose session still lives, and the account as it is
// now. A lock that came since takes the level away from the grant too. Nobody may change
// what it returns: all requests share it.
func (p *Platform) granted(tx Tx, id string) (*grant, *Account, error) {
	g, err := p.grants.find(tx, tableGrants, id, nil)
	if err != nil || g == nil || !p.now().Before(g.Until) {
		return nil, nil, err
	}
	if g.Share != "" {
		return p.grantedShare(tx, g)
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
