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
	token, info *jws.Object // info is nil when it was not asked
	err         error       // the first disappointment
}

func (p *person) fail(kind vneid.Kind, claim, problem string) {
	if p.err == nil {
		p.err = fault.New(kind, "the claim %s %s", claim, problem)
	}
}

// said returns the JSON of a claim, "" for an absent one. It leaves null out,
// which OpenID Connect Core §5.3.2 merely advises against.
func said(o *jws.Object, name string) string {
	if o == nil {
		return ""
	}
	if raw := o.Raw(name); raw != "null" {
		return raw
	}
	return ""
}

// text returns a string claim.
func (p *person) text(name string) string {
	token, info := said(p.token, name), said(p.info, name)
	if token == "" && info == "" {
		return ""
	}
	a, okA := jws.Text(token)
	b, okB := jws.Text(info)
	switch {
	case !okA && token != "" || !okB && info != "":
		p.fail(vneid.ErrMalformed, name, "is not a text")
	case okA && okB && a != b:
		p.fail(vneid.ErrMismatch, name, "differs between ID token and userinfo")
	}
	if okA {
		return a
	}
	return b
}

// date returns a date claim in the layouts of OpenID Connect Core §5.1, or for
// an expiry "Không thời hạn".
func (p *person) date(name string) vneid.Date { return p.readDate(p.text(name), name) }

func (p *person) readDate(s, name string) vneid.Date {
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
	raw := said(o, name)
	if raw == "" {
		return vneid.Address{}, false
	}
	if text, ok := jws.Text(raw); ok {
		return vneid.Address{Text: viet.NFC(text)}, true
	}
	text, ok := inner(o, name, "text")
	asOf, ok2 := inner(o, name, "as_of")
	at := person{}
	a := vneid.Address{Text: viet.NFC(text), AsOf: at.readDate(asOf, name)}
	if raw[0] != '{' || !ok || !ok2 || at.err != nil {
		p.fail(vneid.ErrMalformed, name, "is not an address")
	}
	return a, true
}

// inner returns a text inside a claim that is an object, "" if absent or null.
func inner(o *jws.Object, name, member string) (text string, ok bool) {
	raw := o.In(name, member)
	if raw == "" || raw == "null" {
		return "", true
	}
	return jws.Text(raw)
}

// numbers returns the former personal numbers.
func (p *person) numbers(name string) []string {
	token, inToken := p.list(p.token, name)
	info, inInfo := p.list(p.info, name)
	if inToken && inInfo && !slices.Equal(token, info) {
		p.fail(vneid.ErrMismatch, name, "differs between ID token and userinfo")
	}
	if inToken {
		return token
	}
	return info
}

func (p *person) list(o *jws.Object, name string) ([]string, bool) {
	if said(o, name) == "" {
		return nil, false
	}
	list := o.Strings(name)
	for _, s := range list {
		if !digits(s, 12) {
			p.fail(vneid.ErrMalformed, name, "has an entry of other than twelve digits")
		}
	}
	return list, true
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
		CardIssuer:  viet.NFC(p.text(wire.CardIssuer)),
		Father:      viet.NFC(p.text(wire.Father)),
		Mother:      viet.NFC(p.text(wire.Mother)),
	}
	if r.ID != "" && !digits(r.ID, 12) {
		p.fail(vneid.ErrMalformed, wire.CitizenID, "is not a number of twelve digits")
	}
	if r.OldID != "" && !digits(r.OldID, 9) && !digits(r.OldID, 12) {
		p.fail(vneid.ErrMalformed, wire.OldID, "is not a number of nine or twelve digits")
	}
	for _, o := range [...]*jws.Object{p.token, p.info} {
		if o != nil && o.Err() != nil && p.err == nil {
			p.err = fault.New(vneid.ErrMalformed, "%v", o.Err())
		}
	}
	if p.err != nil {
		return vneid.Record{}, p.err
	}
	return r, nil
}

// digits is what vneid.ParseCitizenID checks, without interning the number for
// somebody who may never ask for it.
func digits(s string, n int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) == n
}
