package platform

import (
	"net/http"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// handleUserinfo gives the claims of the granted scopes (OpenID Connect Core
// §5.3). The token travels in the header only: in a URL it would be logged.
func (p *Platform) handleUserinfo(w http.ResponseWriter, r *http.Request) {
	access, ok := bearer(r)
	if !ok {
		w.Header().Set("WWW-Authenticate", `Bearer realm="vneid-test"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var out members
	var c *Client
	err := p.store.Update(r.Context(), func(tx Tx) error {
		t, err := load[token](tx, tableTokens, p.mac("token", access))
		if err != nil {
			return err
		}
		if t == nil || !p.now().Before(t.Until) {
			return errInvalidToken
		}
		g, a, err := p.granted(tx, t.Grant)
		if err != nil {
			return err
		}
		if g == nil {
			return errInvalidToken
		}
		if c, err = load[Client](tx, tableClients, g.Client); err != nil || c == nil {
			return errInvalidToken
		}
		out = p.claims(*c, *g, *a)
		return p.write(tx, a.ID, *c, ReadUserinfo, g.Scopes)
	})
	if err == errInvalidToken {
		w.Header().Set("WWW-Authenticate", `Bearer realm="vneid-test", error="invalid_token"`)
	}
	if err != nil {
		fail(w, err)
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
	writeMembers(w, out)
}

var errInvalidToken = refuse(http.StatusUnauthorized, "invalid_token", "")

// bearer reads RFC 6750 §2.1, whose scheme is case-insensitive.
func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return token, ok && strings.EqualFold(scheme, "Bearer") && visible(token, 512)
}

// claims are what the scopes give, as far as the account has it. Scopes above the
// account's level are not in a grant, and granted refuses one whose level is gone.
func (p *Platform) claims(c Client, g grant, a Account) members {
	out := members{
		is("sub", p.subject(c, g.Account)),
		is(wire.AccountLevel, int(g.ACR.Level)), is(wire.AccountType, a.Type),
		is(wire.EIDStatus, status(a.EIDLocked)), is(wire.Account, status(false)),
	}
	have := about(a)
	for _, scope := range g.Scopes {
		for _, name := range scopeClaims[scope] {
			if value, ok := have[name]; ok {
				out = append(out, is(name, value))
			}
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
