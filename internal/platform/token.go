package platform

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// tokenCall is a call of the token endpoint on its way to an answer.
type tokenCall struct {
	client *Client
	form   url.Values
	jkt    string // the key that a proof came with; empty: none came
	marks  []mark // of assertion and proof; none once they are spent
	repeat *repeat

	grant     *grant
	scopes    []string
	access    string
	refresh   string // empty: none to give
	life      time.Duration
	refreshed bool
	sharing   *sharing // the data request that the tokens are for
	txn       string   // and the one fetch of it
}

// handleToken is the token endpoint (OpenID Connect Core §3.1.3, §12).
func (p *Platform) handleToken(w http.ResponseWriter, r *http.Request) {
	c, out, err := p.act(w, r, func(form url.Values, c *Client, marks *[]mark) (members, error) {
		q := &tokenCall{client: c, form: form, marks: *marks}
		out, err := p.tokensFor(w, r, q)
		*marks = q.marks
		return out, err
	})
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

// tokensFor has a call prove its key, and answers it.
func (p *Platform) tokensFor(w http.ResponseWriter, r *http.Request, q *tokenCall) (out members, err error) {
	if q.client.binds() || r.Header.Get(proofHeader) != "" {
		var m mark
		if q.jkt, m, err = p.prove(w, r, q.client, ""); err != nil {
			return nil, err
		}
		q.marks = append(q.marks, m)
	}
	if q.repeat, err = p.repeatableForm(r, q.client, authCodeLife, q.form, q.jkt); err != nil {
		return nil, err
	}
	return p.tokens(r.Context(), q)
}

// A grantType turns what the client brings into tokens. A refusal is apart from
// err, since what it changed must stay.
type grantType func(tx Tx, q *tokenCall) (refusal, err error)

// grantType finds what a grant_type means; nil for nothing.
func (p *Platform) grantType(name string) grantType {
	switch name {
	case "authorization_code":
		return p.spend
	case "refresh_token":
		return p.renew
	case cibaGrant:
		return p.fetch
	case "client_credentials":
		return p.credentials
	}
	return nil
}

func (p *Platform) tokens(ctx context.Context, q *tokenCall) (members, error) {
	act := p.grantType(q.form.Get("grant_type"))
	if act == nil {
		return nil, refuse(http.StatusBadRequest, "unsupported_grant_type", "")
	}
	// What a code gives is bounded by the login that was admitted before it.
	if q.form.Get("grant_type") != "authorization_code" {
		if err := p.admit(ctx); err != nil {
			return nil, err
		}
	}
	var refusal error
	var out members
	err := p.store.Update(ctx, func(tx Tx) (err error) {
		refusal = nil
		if err := p.spendMarks(tx, q.marks); err != nil {
			return err
		}
		if out, err = p.answeredBefore(tx, q.repeat); err != nil || out != nil {
			return err
		}
		refusal, err = act(tx, q)
		if q.repeat == nil || refusal != nil || err != nil {
			return err
		}
		if out, err = p.tokenAnswer(q); err != nil {
			return err
		}
		return p.keepAnswer(tx, q.repeat, out)
	})
	if err != nil {
		return nil, err
	}
	if q.marks = nil; refusal != nil {
		return nil, refusal
	}
	if out == nil { // signing keeps no other transaction waiting
		return p.tokenAnswer(q)
	}
	return out, nil
}

// tokenAnswer is what a successful call is answered with.
func (p *Platform) tokenAnswer(q *tokenCall) (members, error) {
	out := members{
		is("access_token", q.access), is("token_type", tokenType(q.jkt)), is("expires_in", int(q.life/time.Second)),
		is("scope", strings.Join(q.scopes, " ")),
	}
	if q.sharing != nil {
		details, err := p.details(q.sharing, q.txn)
		if err != nil {
			return nil, err
		}
		out = append(out, is(wire.Details, details))
	}
	if q.refresh != "" {
		out = append(out, is("refresh_token", q.refresh))
	}
	if slices.Contains(q.scopes, scopeOpenID) {
		id, err := p.idToken(q)
		if err != nil {
			return nil, err
		}
		out = append(out, is("id_token", id))
	}
	return out, nil
}

func tokenType(jkt string) string {
	if jkt != "" {
		return "DPoP"
	}
	return "Bearer"
}
