package platform

import (
	"io"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// handleUserinfo gives the claims of the granted scopes (OpenID Connect Core
// §5.3). The token travels in the header only: in a URL it would be logged.
func (p *Platform) handleUserinfo(w http.ResponseWriter, r *http.Request) {
	q, err := p.admitToken(w, r)
	if err != nil {
		challengeToken(w, err)
		return
	}
	var c *Client
	var out members
	err = p.store.Update(r.Context(), func(tx Tx) error {
		t, g, a, err := p.liveToken(tx, q.key)
		if err != nil {
			return err
		}
		if c, err = p.party(tx, g.Client); err != nil {
			return err
		}
		if c == nil {
			return errInvalidToken
		}
		noteOf(w).by(c)
		if err := p.fits(&q, t, c); err != nil {
			return err
		}
		if err := p.spendMarks(tx, q.marks); err != nil {
			return err
		}
		out = p.claims(c, g, a, t.Scopes)
		return p.write(tx, a.ID, c, ReadUserinfo, t.Scopes)
	})
	if err != nil {
		if c == nil { // its login is over: that is for its client's console all the same
			c, _ = p.holder(r.Context(), &q)
			noteOf(w).by(c)
		}
		challengeToken(w, err)
		return
	}
	if p.breakCall(w, r, c.ID) {
		return
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.userinfo != nil {
			f.userinfo(&out)
		}
	}
	p.writeUserinfo(w, c, out)
}

// writeUserinfo answers with JSON or, for a client that registered it so, with a
// JWT (OpenID Connect Core §5.3.2).
func (p *Platform) writeUserinfo(w http.ResponseWriter, c *Client, out members) {
	to, err := c.recipient()
	if err == nil && to == nil && !c.SignedUserinfo {
		writeMembers(w, out)
		return
	}
	var t *signed
	if err == nil {
		t, err = p.newSigned(c.Alg, "JWT", append(members{is("iss", p.cfg.Issuer), is("aud", c.ID), is("iat", p.now())}, out...)...)
	}
	if err != nil {
		fail(w, err)
		return
	}
	t.to = to
	for _, f := range p.faultsOf(c.ID) {
		if f.userinfoJWT != nil {
			f.userinfoJWT(t)
		}
	}
	if t.plain {
		writeMembers(w, out)
		return
	}
	text, err := t.sign()
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	// Only a broken connection fails here.
	_, _ = io.WriteString(w, text)
}

// claims are what the scopes give, as far as the account has it. Scopes above the
// account's level are not in a grant, and granted refuses one whose level is gone.
func (p *Platform) claims(c *Client, g *grant, a *Account, scopes []string) members {
	names := g.given(scopes)
	out := append(make(members, 0, 5+len(names)),
		is("sub", p.subject(c, g.Account)),
		is(wire.AccountLevel, int(g.ACR.Level)), is(wire.AccountType, a.Type),
		is(wire.EIDStatus, status(a.EIDLocked)), is(wire.Account, status(false)))
	for _, name := range names {
		if value := about(a, name); value != nil {
			out = append(out, is(name, value))
		}
	}
	return out
}

// about is what a record says under the name of a claim; nil for nothing.
func about(a *Account, name string) any {
	r := &a.Record
	switch name {
	case wire.Origin:
		return address(r.Origin)
	case wire.Residence:
		return address(r.Residence)
	case "phone_number_verified":
		if a.Phone != "" {
			return true
		}
	case "email_verified":
		if a.Email != "" {
			return false // the platform never asks
		}
	case wire.VerifiedBy:
		if len(a.Confirmed) > 0 {
			return verifiedBy(a.Confirmed)
		}
	case wire.FormerIDs:
		if len(r.FormerIDs) > 0 {
			return r.FormerIDs
		}
	default:
		if s := text(a, name); s != "" {
			return s
		}
	}
	return nil
}

// text is about for the claims that are texts.
func text(a *Account, name string) string {
	r := &a.Record
	switch name {
	case wire.Name:
		return r.Name
	case wire.Nationality:
		return r.Nationality
	case wire.CitizenID:
		return r.ID
	case wire.ForeignerID:
		return r.ForeignerID
	case wire.Birth:
		return r.Birth.String()
	case wire.Gender:
		return string(r.Sex)
	case wire.OldID:
		return r.OldID
	case wire.CardIssued:
		return r.CardIssued.String()
	case wire.CardExpires:
		return r.CardExpires.String()
	case wire.CardIssuer:
		return r.CardIssuer
	case wire.Ethnicity:
		return r.Ethnicity
	case wire.Religion:
		return r.Religion
	case wire.Father:
		return r.Father
	case wire.Mother:
		return r.Mother
	case "phone_number":
		return a.Phone
	case "email":
		return a.Email
	}
	return ""
}

func address(at vneid.Address) any {
	if at.Text == "" {
		return nil
	}
	out := []jws.Member{is(wire.PlaceText, at.Text)}
	if !at.AsOf.IsZero() {
		out = append(out, is(wire.PlaceAsOf, at.AsOf.String()))
	}
	return out
}
