package sso

import (
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// person reads what the ID token and, if it was asked, the userinfo endpoint say
// about one person. Where both speak they must agree: the token is signed, the
// other is not, and a difference means two people or a broken provider.
type person struct {
	token, info *jws.Object
	err         error // the first disappointment
}

func (p *person) fail(kind vneid.Kind, claim, problem string) {
	if p.err == nil {
		p.err = fault.New(kind, "the claim %s %s", claim, problem)
	}
}

// has leaves null out, which OpenID Connect Core §5.3.2 merely advises against.
func has(o *jws.Object, name string) bool {
	raw := o.Raw(name)
	return raw != "" && raw != "null"
}

// text returns a string claim.
func (p *person) text(name string) string {
	inToken, inInfo := has(p.token, name), has(p.info, name)
	switch {
	case inToken && inInfo && p.token.String(name) != p.info.String(name):
		p.fail(vneid.ErrMismatch, name, "differs between ID token and userinfo")
	case inToken:
		return p.token.String(name)
	case inInfo:
		return p.info.String(name)
	}
	return ""
}

// date returns a date claim in the layouts of OpenID Connect Core §5.1, or for
// an expiry "Không thời hạn".
func (p *person) date(name string) vneid.Date {
	s := p.text(name)
	if s == "" {
		return vneid.Date{}
	}
	d, err := vneid.ParseDate(s, "yyyy-MM-dd", "yyyy-MM", "yyyy", "Không thời hạn")
	if err != nil || d.IsForever() && name != wire.CardExpires {
		p.fail(vneid.ErrMalformed, name, "is not a date")
	}
	return d
}

// address returns a claim of the form {text, as_of}, or plain text.
func (p *person) address(name string) vneid.Address {
	token, inToken := p.place(p.token, name)
	info, inInfo := p.place(p.info, name)
	if inToken && inInfo && token != info {
		p.fail(vneid.ErrMismatch, name, "differs between ID token and userinfo")
	}
	if inToken {
		return token
	}
	return info
}

func (p *person) place(o *jws.Object, name string) (vneid.Address, bool) {
	if !has(o, name) {
		return vneid.Address{}, false
	}
	if o.Raw(name)[0] == '"' {
		return vneid.Address{Text: viet.NFC(o.String(name))}, true
	}
	in := o.Object(name)
	at := person{token: &in, info: &jws.Object{}}
	a := vneid.Address{Text: viet.NFC(in.String("text")), AsOf: at.date("as_of")}
	if at.err != nil || in.Err() != nil {
		p.fail(vneid.ErrMalformed, name, "is not an address")
	}
	return a, true
}

// numbers returns the former personal numbers.
func (p *person) numbers(name string) []string {
	inToken, inInfo := has(p.token, name), has(p.info, name)
	if !inToken && !inInfo {
		return nil
	}
	token, info := p.token.Strings(name), p.info.Strings(name)
	if inToken && inInfo && !slices.Equal(token, info) {
		p.fail(vneid.ErrMismatch, name, "differs between ID token and userinfo")
	}
	if !inToken {
		token = info
	}
	for _, s := range token {
		if _, err := vneid.ParseCitizenID(s); err != nil {
			p.fail(vneid.ErrMalformed, name, "has an entry of other than twelve digits")
		}
	}
	return token
}

// sex reads OpenID Connect's gender; a value of neither word is unknown.
func (p *person) sex() vneid.Sex {
	switch s := vneid.Sex(p.text("gender")); s {
	case vneid.Male, vneid.Female:
		return s
	}
	return ""
}

// record collects everything, or says what was wrong first.
func (p *person) record() (vneid.Record, error) {
	r := vneid.Record{
		ID:          p.text(wire.CitizenID),
		ForeignerID: p.text(wire.ForeignerID),
		OldID:       p.text(wire.OldID),
		FormerIDs:   p.numbers(wire.FormerIDs),
		Name:        viet.NFC(p.text("name")),
		Birth:       p.date("birthdate"),
		Sex:         p.sex(),
		Nationality: p.text(wire.Nationality),
		Origin:      p.address(wire.Origin),
		Residence:   p.address(wire.Residence),
		Ethnicity:   p.text("ethnicity"),
		Religion:    p.text("religion"),
		CardIssued:  p.date(wire.CardIssued),
		CardExpires: p.date(wire.CardExpires),
	}
	if r.ID != "" {
		if _, err := vneid.ParseCitizenID(r.ID); err != nil {
			p.fail(vneid.ErrMalformed, wire.CitizenID, "is not a number of twelve digits")
		}
	}
	if r.OldID != "" {
		if _, err := vneid.ParseOldID(r.OldID); err != nil {
			p.fail(vneid.ErrMalformed, wire.OldID, "is not a number of nine or twelve digits")
		}
	}
	for _, o := range []*jws.Object{p.token, p.info} {
		if o.Err() != nil && p.err == nil {
			p.err = fault.New(vneid.ErrMalformed, "%v", o.Err())
		}
	}
	if p.err != nil {
		return vneid.Record{}, p.err
	}
	return r, nil
}
