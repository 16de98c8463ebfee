package platform

import (
	"crypto/subtle"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// handleWireToken is the token endpoint of a wire: a form, the secret in its body (or
// in the header), the code, the same redirect_uri, and Envelope's encrypt_key again.
// A body of JSON gets 415, whatever the vendor's paper says; an address that is not
// on the client's allow-list gets what a wrong secret gets.
func (p *Platform) handleWireToken(w ClientWire) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		form, err := formOf(rw, r)
		if err != nil {
			fail(rw, err)
			return
		}
		c, marks, err := p.clientOf(rw, r, form, true)
		if err == nil {
			err = p.spendNow(r.Context(), marks...)
		}
		if err == nil && (c.Wire != w || !c.listed(r) && p.on("wire-address")) {
			err = errClient
		}
		if err == nil && p.breakCall(rw, r, c.ID) {
			return
		}
		var out members
		if err == nil {
			out, err = p.wireTokens(r, &tokenCall{client: c, form: form})
		}
		if err != nil {
			fail(rw, err)
			return
		}
		for _, f := range p.faultsOf(c.ID) {
			if f.token != nil {
				f.token(&out)
			}
		}
		p.writeWire(rw, c, out)
	}
}

func (p *Platform) wireTokens(r *http.Request, q *tokenCall) (members, error) {
	if q.form.Get("grant_type") != "authorization_code" {
		return nil, refuse(http.StatusBadRequest, "unsupported_grant_type", "")
	}
	var refusal error
	err := p.store.Update(r.Context(), func(tx Tx) (err error) {
		refusal, err = p.spendWire(tx, q)
		return err
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return nil, err
	}
	return members{is("access_token", q.access), is("token_type", "Bearer"), is("expires_in", int(q.life/time.Second)), is("scope", scopeOpenID)}, nil
}

// spendWire spends a code of a wire, as spend does one of OpenID Connect.
func (p *Platform) spendWire(tx Tx, q *tokenCall) (refusal, err error) {
	key, now := p.mac("code", q.form.Get("code")), p.now()
	k, err := load[code](tx, tableCodes, key)
	switch {
	case err != nil:
		return nil, err
	case k == nil || k.Client != q.client.ID && p.on("wire-code-client"):
		return badGrant("no such code"), nil
	case k.Used && p.on("wire-code-once"):
		return badGrant("the code was used before"), p.endFamily(tx, k.Grant)
	}
	k.Used = true
	if err := save(tx, tableCodes, key, k, now.Add(tokenLife)); err != nil {
		return nil, err
	}
	switch {
	case !now.Before(k.Until) && p.on("wire-code-time"):
		return badGrant("the code is too old"), nil
	case q.form.Get("redirect_uri") != k.Redirect && p.on("wire-code-redirect"):
		return badGrant("redirect_uri is not the one of the authorization request"), nil
	case k.Key != "" && subtle.ConstantTimeCompare([]byte(k.Key), []byte(p.mac("encrypt_key", q.form.Get("encrypt_key")))) != 1 && p.on("wire-code-key"):
		return badGrant("encrypt_key is not the one that came with the code"), nil
	}
	g, a, err := p.granted(tx, k.Grant)
	if err != nil || g == nil {
		return badGrant("the login has ended"), err
	}
	q.grant, q.scopes = g, g.Scopes
	if refusal, err := p.mint(tx, q, k.Grant); refusal != nil || err != nil {
		return refusal, err
	}
	return nil, p.write(tx, a.ID, q.client, ReadLogin, g.Scopes)
}

// handleWireUserinfo says who logged in.
func (p *Platform) handleWireUserinfo(w ClientWire) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		access, bound, ok := presented(r)
		if !ok || bound {
			challengeToken(rw, errNoToken)
			return
		}
		key := p.mac("token", access)
		_, c, err := p.findToken(r.Context(), key)
		if err == nil && (c.Wire != w || !c.listed(r)) {
			err = errInvalidToken
		}
		var out members
		if err == nil {
			err = p.store.Update(r.Context(), func(tx Tx) error {
				t, g, a, err := p.liveToken(tx, key)
				if err != nil {
					return err
				}
				out = p.wireClaims(c, g, a, t.Scopes)
				return p.write(tx, a.ID, c, ReadUserinfo, t.Scopes)
			})
		}
		switch {
		case err != nil:
			challengeToken(rw, err)
			return
		case p.breakCall(rw, r, c.ID):
			return
		}
		for _, f := range p.faultsOf(c.ID) {
			if f.userinfo != nil {
				f.userinfo(&out)
			}
		}
		p.writeWire(rw, c, out)
	}
}

// writeWire writes an answer in the clear, or in an envelope.
func (p *Platform) writeWire(w http.ResponseWriter, c *Client, out members) {
	s, err := p.sealerOf(c)
	if err != nil {
		fail(w, err)
		return
	}
	if s == nil || s.plain {
		writeMembers(w, out)
		return
	}
	text, err := jws.Encode(out...)
	if err != nil {
		fail(w, err)
		return
	}
	key, data, err := s.seal(text)
	if err != nil {
		fail(w, err)
		return
	}
	writeMembers(w, members{is("data", data), is("key", key)})
}

// wireClaims are the flat claims of each wire, as far as the person agreed.
func (p *Platform) wireClaims(c *Client, g *grant, a *Account, scopes []string) members {
	has := map[string]bool{}
	for _, name := range g.given(scopes) {
		has[name] = true
	}
	kind := "2" // what other accounts than citizens' have was not seen
	if a.Type == "citizen" {
		kind = "1"
	}
	if c.Wire == Envelope {
		return p.envelopeClaims(g, a, kind, has)
	}
	return p.vnConnectClaims(c, g, a, kind, has)
}

// whole reports whether a date has its day: the wires know no others.
func whole(d vneid.Date) bool { return d.Day() != 0 && !d.IsForever() }
