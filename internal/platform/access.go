package platform

import (
	"errors"
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
	Userinfo bool      `json:"userinfo,omitempty"` // beside Resource
	Txn      string    `json:"txn,omitempty"`      // the one fetch of a data request, and nothing else
}

const (
	tokenLife = 30 * time.Minute // as VNeID's own (reference: 1800 s seen in public samples)

	// A JWT is shorter-lived: whoever reads it offline does not see it taken back.
	jwtLife = 5 * time.Minute
)

var errTarget = refuse(http.StatusBadRequest, "invalid_target", "")

// mint makes and stores the access token. The resource parameter of this request
// says whom it is for (RFC 8707 §2.2); without one it is for userinfo, and for the
// server that the client registered, if any.
func (p *Platform) mint(tx Tx, q *tokenCall, id string) (refusal, err error) {
	now := p.now()
	t := token{Grant: id, Scopes: q.scopes, At: now, JKT: q.jkt, Resource: q.form.Get("resource"), Txn: q.txn}
	if t.Resource == "" && q.client.AccessFor != "" {
		t.Resource, t.Userinfo = q.client.AccessFor, true
	}
	q.access, q.life = random(), tokenLife
	if t.Resource != "" {
		server, err := p.resourceServer(tx, q, t.Resource)
		if err != nil || server == nil {
			return errTarget, err
		}
		q.life = jwtLife
		if q.access, err = p.accessJWT(q, server, t); err != nil {
			return nil, err
		}
	}
	t.Until = now.Add(q.life)
	key := p.mac("token", q.access)
	if err := save(tx, tableTokens, key, &t, t.Until); err != nil {
		return nil, err
	}
	_, err = p.issued.find(tx, tableTokens, key, nil) // userinfo is next
	return nil, err
}

// audience is aud: one server, or that and userinfo.
func (p *Platform) audience(t token) any {
	if t.Userinfo {
		return []string{t.Resource, p.cfg.Issuer + pathUserinfo}
	}
	return t.Resource
}

// resourceServer finds who answers to the resource that is asked for; nil if the
// client may not ask for it.
func (p *Platform) resourceServer(tx Tx, q *tokenCall, resource string) (*Client, error) {
	if !slices.Contains(q.client.Resources, resource) || q.grant.Resource != "" && q.grant.Resource != resource {
		return nil, nil
	}
	return p.audienceOf(tx, resource)
}

// audienceOf finds the resource server of a name; nil for none.
func (p *Platform) audienceOf(tx Tx, name string) (*Client, error) {
	id, err := load[string](tx, tableAudiences, p.mac("audience", name))
	if err != nil || id == nil {
		return nil, err
	}
	server, err := load[Client](tx, tableClients, *id)
	if err != nil || server == nil || server.Audience != name { // the registration was changed
		return nil, err
	}
	return server, nil
}

// claimAudience enters a resource server under its name. Two servers with one name
// would read each other's tokens.
func (p *Platform) claimAudience(tx Tx, c Client) error {
	if c.Audience == "" {
		return nil
	}
	other, err := p.audienceOf(tx, c.Audience)
	if err != nil {
		return err
	}
	if other != nil && other.ID != c.ID {
		return errors.New("platform: Client.Audience is another client's")
	}
	return save(tx, tableAudiences, p.mac("audience", c.Audience), c.ID, time.Time{})
}

// accessJWT writes an access token that its resource server can read (RFC 9068
// §2.2), signed by the algorithm which that server registered.
func (p *Platform) accessJWT(q *tokenCall, server *Client, t token) (string, error) {
	g := q.grant
	jwt, err := p.newSigned(server.Alg, "at+jwt",
		is("iss", p.cfg.Issuer), is("exp", t.At.Add(jwtLife)), is("aud", p.audience(t)), is("sub", p.subject(q.client, g.Account)),
		is("client_id", q.client.ID), is("iat", t.At), is("jti", random()), is("auth_time", g.At),
		is("acr", wire.ACR(g.ACR.Level, g.ACR.Auth)), is("amr", methods(g.Shown)), is("scope", strings.Join(t.Scopes, " ")))
	if err != nil {
		return "", err
	}
	if t.JKT != "" {
		jwt.claims.set("cnf", confirmation(t.JKT))
	}
	return jwt.sign()
}

// confirmation is the value of cnf (RFC 9449 §6.1).
func confirmation(jkt string) []jws.Member { return members{is("jkt", jkt)} }
