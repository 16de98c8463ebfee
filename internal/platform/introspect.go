package platform

import (
	"net/http"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// handleIntrospect says what a token is worth (RFC 7662) to the client that it was
// issued to and to the resource server that it is for. To anybody else every token
// is inactive, as one that never was.
func (p *Platform) handleIntrospect(w http.ResponseWriter, r *http.Request) {
	form, c, err := p.clientCall(w, r)
	if err == nil && c.Public {
		err = errClient
	}
	out := members{is("active", false)}
	if err == nil {
		err = p.store.View(r.Context(), func(tx Tx) error {
			known, err := p.introspect(tx, c, form.Get("token"))
			if err == nil && known != nil {
				out = known
			}
			return err
		})
	}
	if err != nil {
		fail(w, err)
		return
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.introspection != nil {
			f.introspection(&out)
		}
	}
	writeMembers(w, out)
}

// introspect returns nil for what the client may not know of.
func (p *Platform) introspect(tx Tx, c *Client, value string) (members, error) {
	t, err := load[token](tx, tableTokens, p.mac("token", value))
	if err != nil {
		return nil, err
	}
	if t == nil {
		return p.introspectRefresh(tx, c, value)
	}
	g, _, err := p.granted(tx, t.Grant)
	if err != nil || g == nil || !p.now().Before(t.Until) ||
		g.Client != c.ID && (t.Resource == "" || t.Resource != c.Audience) && p.on("introspect-owner") ||
		g.Share != "" && p.on("share-introspect") { // who agreed is told with the documents, and written down
		return nil, err
	}
	owner, err := load[Client](tx, tableClients, g.Client)
	if err != nil || owner == nil {
		return nil, err
	}
	out := p.aboutGrant(*owner, *g, t.Scopes)
	out = append(out, is("token_type", tokenType(t.JKT)), is("iat", t.At), is("exp", t.Until),
		is("acr", wire.ACR(g.ACR.Level, g.ACR.Auth)), is("auth_time", g.At))
	if t.Resource != "" {
		out = append(out, is("aud", p.audience(*t)))
	}
	if t.JKT != "" {
		out = append(out, is("cnf", confirmation(t.JKT)))
	}
	return out, nil
}

// introspectRefresh is for the token's own client alone.
func (p *Platform) introspectRefresh(tx Tx, c *Client, value string) (members, error) {
	rec, err := load[refresh](tx, tableRefresh, p.mac("refresh", value))
	if err != nil || rec == nil || rec.Client != c.ID || rec.Used || !p.now().Before(rec.Until) {
		return nil, err
	}
	g, _, err := p.granted(tx, rec.Grant)
	if err != nil || g == nil || g.Share != "" && p.on("share-introspect") {
		return nil, err
	}
	return append(p.aboutGrant(*c, *g, g.Scopes), is("iat", rec.At), is("exp", rec.Until)), nil
}

// aboutGrant names the person as the token's client knows them: a resource server
// sees the name that its JWTs carry.
func (p *Platform) aboutGrant(owner Client, g grant, scopes []string) members {
	return members{
		is("active", true), is("iss", p.cfg.Issuer), is("client_id", owner.ID),
		is("sub", p.subject(&owner, g.Account)), is("scope", strings.Join(scopes, " ")),
	}
}
