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
	key, c, marks, err := p.admitToken(w, r)
	if err != nil {
		challengeToken(w, err)
		return
	}
	var out members
	err = p.store.Update(r.Context(), func(tx Tx) error {
		if err := p.spendMarks(tx, marks); err != nil {
			return err
		}
		t, g, a, err := p.liveToken(tx, key)
		if err != nil {
			return err
		}
		out = p.claims(*c, *g, *a, t.Scopes)
		return p.write(tx, a.ID, *c, ReadUserinfo, t.Scopes)
	})
	if err != nil {
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
func (p *Platform) claims(c Client, g grant, a Account, scopes []string) members {
	out := members{
		is("sub", p.subject(c, g.Account)),
		is(wire.AccountLevel, int(g.ACR.Level)), is(wire.AccountType, a.Type),
		is(wire.EIDStatus, status(a.EIDLocked)), is(wire.Account, status(false)),
	}
	have := about(a)
	for _, name := range g.given(scopes) {
		if value, ok := have[name]; ok {
			out = append(out, is(name, value))
		}
	}
	return out
}

// about writes a record as claims; what is absent has none.
func about(a Account) map[string]any {
	r := a.Record
	out := map[string]any{}
	for name, s := range map[string]string{
		wire.Name: r.Name, wire.Nationality: r.Nationality, wire.CitizenID: r.ID, wire.ForeignerID: r.ForeignerID,
		wire.Birth: r.Birth.String(), wire.Gender: string(r.Sex), wire.OldID: r.OldID,
		wire.CardIssued: r.CardIssued.String(), wire.CardExpires: r.CardExpires.String(), wire.CardIssuer: r.CardIssuer,
		wire.Ethnicity: r.Ethnicity, wire.Religion: r.Religion, wire.Father: r.Father, wire.Mother: r.Mother,
		"phone_number": a.Phone, "email": a.Email,
	} {
		if s != "" {
			out[name] = s
		}
	}
	if a.Phone != "" {
		out["phone_number_verified"] = true
	}
	if a.Email != "" {
		out["email_verified"] = false // the platform never asks
	}
	if len(a.Confirmed) > 0 {
		out[wire.VerifiedBy] = verifiedBy(a.Confirmed)
	}
	if len(r.FormerIDs) > 0 {
		out[wire.FormerIDs] = r.FormerIDs
	}
	for name, at := range map[string]vneid.Address{wire.Origin: r.Origin, wire.Residence: r.Residence} {
		if at.Text != "" {
			place := members{is(wire.PlaceText, at.Text)}
			if !at.AsOf.IsZero() {
				place = append(place, is(wire.PlaceAsOf, at.AsOf.String()))
			}
			out[name] = []jws.Member(place)
		}
	}
	return out
}
