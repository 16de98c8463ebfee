package platform

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// refresh is a refresh token. Its record outlives its use, so that a second use
// can be noticed.
type refresh struct {
	Grant  string    `json:"grant"`
	Client string    `json:"client"`
	At     time.Time `json:"at"`
	Until  time.Time `json:"until"`
	Used   bool      `json:"used,omitempty"`
}

// mintRefresh gives the client a refresh token, which lives as long as the login.
func (p *Platform) mintRefresh(tx Tx, q *tokenCall, id string) error {
	q.refresh = random()
	rec := refresh{Grant: id, Client: q.client.ID, At: p.now(), Until: q.grant.Until}
	return save(tx, tableRefresh, p.mac("refresh", q.refresh), rec, rec.Until)
}

// renew gives new tokens for a refresh token. One that rotates is good once: a
// second use means that two parties hold it, and ends the whole family with every
// access token of the login (RFC 9700 §4.14.2). Whatever is wrong with the request
// itself spends nothing.
func (p *Platform) renew(tx Tx, q *tokenCall) (refusal, err error) {
	if !q.client.Refresh && len(q.client.Purposes) == 0 {
		return refuse(http.StatusBadRequest, "unauthorized_client", ""), nil
	}
	key := p.mac("refresh", q.form.Get("refresh_token"))
	rec, err := load[refresh](tx, tableRefresh, key)
	switch {
	case err != nil:
		return nil, err
	case rec == nil || rec.Client != q.client.ID && p.on("refresh-client") || !p.now().Before(rec.Until):
		return badGrant("no such refresh token"), nil
	case rec.Used && p.on("refresh-once"):
		return badGrant("the refresh token was used before"), p.endFamily(tx, rec.Grant)
	}
	g, a, err := p.granted(tx, rec.Grant)
	if err != nil || g == nil {
		return badGrant("the login has ended"), err
	}
	if refusal, err := p.forShare(tx, q, g); refusal != nil || err != nil {
		return refusal, err
	}
	q.grant, q.refreshed = g, true
	if refusal := p.narrow(q); refusal != nil {
		return refusal, nil
	}
	if refusal, err := p.mint(tx, q, rec.Grant); refusal != nil || err != nil {
		return refusal, err
	}
	if q.client.rotates() {
		rec.Used = true
		if err := save(tx, tableRefresh, key, rec, rec.Until); err != nil {
			return nil, err
		}
		if err := p.mintRefresh(tx, q, rec.Grant); err != nil {
			return nil, err
		}
	}
	if q.sharing != nil {
		return nil, nil
	}
	return nil, p.write(tx, a.ID, q.client, ReadLogin, q.scopes)
}

// narrow takes the scopes that a refresh asks for (RFC 6749 §6), and holds it to
// the key of the login: a client without a secret must show the same one, any
// other may have changed its key but not come back without one (RFC 9449 §5).
func (p *Platform) narrow(q *tokenCall) error {
	switch {
	case q.grant.JKT != "" && q.jkt == "":
		return badProof("the login is bound to a key")
	case q.grant.JKT != "" && q.client.Public && q.jkt != q.grant.JKT && p.on("refresh-key"):
		return badGrant("the refresh token is bound to another key")
	}
	q.scopes = q.grant.Scopes
	if !q.form.Has("scope") {
		return nil
	}
	q.scopes = nil
	for _, s := range strings.Fields(q.form.Get("scope")) {
		if !slices.Contains(q.grant.Scopes, s) && p.on("refresh-scope") {
			return refuse(http.StatusBadRequest, "invalid_scope", "a scope was not granted")
		}
		if !slices.Contains(q.scopes, s) {
			q.scopes = append(q.scopes, s)
		}
	}
	if len(q.scopes) == 0 {
		return refuse(http.StatusBadRequest, "invalid_scope", "no scope is left")
	}
	return nil
}
