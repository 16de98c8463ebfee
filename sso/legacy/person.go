package legacy

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// person reads userinfo. Claims that are null, empty or absent are the same: not
// told. Anything else that has not its form is refused.
type person struct {
	o   *jws.Object
	err error // the first disappointment
}

func (p *person) fail(claim, problem string) {
	if p.err == nil {
		p.err = fault.New(vneid.ErrMalformed, "the claim %s %s", claim, problem)
	}
}

// text returns a string claim. Names of claims come from the configuration.
func (p *person) text(name string) string {
	raw := p.raw(name)
	s, ok := jws.Text(raw)
	if raw != "" && !ok {
		p.fail(name, "is not a text")
	}
	return s
}

// word returns a claim that may be a text or a whole number: what these servers send
// for types and levels was not seen.
func (p *person) word(name string) string {
	raw := p.raw(name)
	if s, ok := jws.Text(raw); ok {
		return s
	}
	if strings.Trim(raw, "0123456789") != "" || len(raw) > 9 {
		p.fail(name, "is neither a text nor a small number")
		return ""
	}
	return raw
}

func (p *person) raw(name string) string {
	if name == "" {
		return ""
	}
	if raw := p.o.Raw(name); raw != "null" {
		return raw
	}
	return ""
}

// statement reads what both wires know. Subject is the claim's; Envelope may set
// another.
func (d *Deployment) statement(o *jws.Object) (login.Statement, error) {
	p := person{o: o}
	st := login.Statement{
		Subject: p.text(d.Claims.Subject),
		Record:  vneid.Record{Name: viet.NFC(p.text(d.Claims.Name)), Birth: d.birth(&p)},
		Level:   d.Levels[p.word(d.Claims.AccountLevel)],
	}
	d.account(&p, &st)
	if p.err != nil {
		return login.Statement{}, p.err
	}
	var err error
	st.Claims, err = harmless(o)
	return st, err
}

func (d *Deployment) birth(p *person) vneid.Date {
	s := p.text(d.Claims.Birth)
	if s == "" {
		return vneid.Date{}
	}
	date, err := vneid.ParseDate(s, d.BirthLayouts...)
	if err != nil || date.IsForever() {
		p.fail(d.Claims.Birth, "is not a date in a layout of Deployment.BirthLayouts")
	}
	return date
}

// account reads whose account it is, and takes the number for what that says.
func (d *Deployment) account(p *person, st *login.Statement) {
	word, number := p.word(d.Claims.AccountType), p.text(d.Claims.ID)
	kind, listed := d.AccountTypes[word]
	if !listed {
		kind = sso.AccountType(word)
	}
	st.Account = string(kind)
	switch {
	case len(d.AccountTypes) == 0, listed && kind == sso.AccountCitizen:
		if number != "" && !twelve(number) {
			p.fail(d.Claims.ID, "is not a number of twelve digits")
		}
		st.Record.ID = number
	case listed && kind == sso.AccountForeigner:
		st.Record.ForeignerID = number
	}
}

func twelve(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }
