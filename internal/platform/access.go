package platform

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// token is an access token: a random string or, for a resource server that reads
// tokens itself, a JWT. The store knows either by its keyed hash alone.
type token struct {
	Grant    string    `json:"grant"`
	Scopes   []string  `json:"scopes"`
	At       time.Time `json:"at"`
	Until    time.Time `json:"until"`
	JKT      string    `json:"jkt,omitempty"`      // the key that it is bound to
	Resource string    `json:"resource,omitempty"` // whom it is for; empty: userinfo
}

const (
	tokenLife = 30 * time.Minute // as VNeID's own (reference: 1800 s seen in public samples)

	// A JWT is shorter-lived: whoever reads it offline does not see it taken back.
	jwtLife = 5 * time.Minute
)

var errTarget = refuse(http.StatusBadRequest, "invalid_target", "")

// mint makes and stores the access token. The resource parameter of this request
// says whom it is for (RFC 8707 §2.2); without one it is for userinfo.
func (p *Platform) mint(tx Tx, q *tokenCall, id string) (refusal, err error) {
	now := p.now()
	q.resource, q.life = q.form.Get("resource"), tokenLife
	t := token{Grant: id, Scopes: q.scopes, At: now, JKT: q.jkt, Resource: q.resource}
	if q.access = random(); q.resource != "" {
		server, err := p.resourceServer(tx, q)
		if err != nil || server == nil {
			return errTarget, err
		}
		q.life = jwtLife
		if q.access, err = p.accessJWT(q, server, now); err != nil {
			return nil, err
		}
	}
	t.Until = now.Add(q.life)
	return nil, save(tx, tableTokens, p.mac("token", q.access), t, t.Until)
}

// resourceServer finds who answers to the resource that is asked for; nil if the
// client may not ask for it.
func (p *Platform) resourceServer(tx Tx, q *tokenCall) (*Client, error) {
	if !slices.Contains(q.client.Resources, q.resource) || q.grant.Resource != "" && q.grant.Resource != q.resource {
		return nil, nil
	}
	id, err := load[string](tx, tableAudiences, p.mac("audience", q.resource))
	if err != nil || id == nil {
		return nil, err
	}
	server, err := load[Client](tx, tableClients, *id)
	if err != nil || server == nil || server.Audience != q.resource { // the registration was changed
		return nil, err
	}
	return server, nil
}

// accessJWT writes an access token that its resource server can read (RFC 9068
// §2.2), signed by the algorithm which that server registered.
func (p *Platform) accessJWT(q *tokenCall, server *Client, now time.Time) (string, error) {
	g := q.grant
	t, err := p.newSigned(server.Alg, "at+jwt",
		is("iss", p.cfg.Issuer), is("exp", now.Add(jwtLife)), is("aud", server.Audience), is("sub", p.subject(q.client, g.Account)),
		is("client_id", q.client.ID), is("iat", now), is("jti", random()), is("auth_time", g.At),
		is("acr", wire.ACR(g.ACR.Level, g.ACR.Auth)), is("amr", methods(g.Shown)), is("scope", strings.Join(q.scopes, " ")))
	if err != nil {
		return "", err
	}
	if q.jkt != "" {
		t.claims.set("cnf", confirmation(q.jkt))
	}
	return t.sign()
}

// confirmation is the value of cnf (RFC 9449 §6.1).
func confirmation(jkt string) []jws.Member { return members{is("jkt", jkt)} }
