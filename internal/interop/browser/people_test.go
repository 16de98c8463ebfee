package browser

import (
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// part is somebody whom a browser plays.
type part struct {
	name    string
	citizen string   // handle of internal/personas
	staff   string   // id of internal/personas
	where   string   // what they open first; empty: the home page
	also    []string // pages that their forms lead to, and no link
	parties []string // hosted relying parties that they have agreed to log in at
	closed  string   // an expression for the pages that are somebody else's
}

var parts = []part{
	{name: "nobody"},
	{name: "citizen level 2", citizen: "level2", where: "/me", parties: []string{"national-portal", "bank", "hotel"},
		also: []string{"/rp/bank", "/rp/bank/profile", "/rp/bank/ask", "/rp/bank/answer", "/rp/hotel/stays", "/rp/national-portal/profile", "/rp/national-portal/dossiers"}},
	{name: "citizen level 1", citizen: "level1", where: "/me", closed: `^/me/(eid|papers|residence|dependants|health|filings/(judicial|integration))\b|^/rp/[^/]+/(level2|callback\?error=unmet)`},
	{name: "representative", citizen: "guardian", where: "/me"},
	{name: "officer", staff: "can-bo-phuong", where: "/counter", also: []string{"/counter/locks/of/level2", "/counter/locks/of/eid-locked"}, closed: `^/(agency|console|counter/applications)\b`},
	{name: "client staff", staff: "nhan-vien-portal", where: "/console", closed: `^/(agency|counter|console/clients)\b`},
	{name: "agency", staff: "co-quan", where: "/agency", also: []string{"/agency/of/level2", "/counter/locks/of/level2"}, closed: `^/(counter$|counter/done|console/[^c])`},
}

// enter logs the part in as they would: by the page that their first one leads to. It
// answers false where they are not let in.
func (b *tab) enter(w world, p part) bool {
	b.t.Helper()
	switch {
	case p.citizen != "":
		b.to(w.platform + p.where)
		who, _ := personas.Get(p.citizen)
		b.login(who.Username(), who.Account.Password)
	case p.staff != "":
		b.to(w.platform + "/staff/login?return=" + url.QueryEscape(p.where))
		b.fill("#id", p.staff)
		b.fill("#password", personas.Password)
		b.click("main form.card button")
		return b.status() == 200
	}
	return true
}

// login fills the login page in.
func (b *tab) login(number, password string) {
	b.t.Helper()
	b.fill("#username", number)
	b.fill("#password", password)
	b.click("form:has(#password) button")
}

func (b *tab) status() int64 {
	if r := b.response(); r != nil {
		return r.Status
	}
	return 0
}

// header is one of the page's answer.
func (b *tab) header(name string) string {
	for k, v := range b.response().Headers {
		if strings.EqualFold(k, name) {
			s, _ := v.(string)
			return s
		}
	}
	return ""
}

// everybody does the same as each part.
func everybody(t *testing.T, f func(t *testing.T, p part)) {
	for _, p := range parts {
		t.Run(strings.ReplaceAll(p.name, " ", "-"), func(t *testing.T) { f(t, p) })
	}
}
