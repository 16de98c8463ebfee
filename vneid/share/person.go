package share

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/approval"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// holder is what a document says about who holds it.
type holder struct {
	kind  document.Kind
	name  string
	birth vneid.Date
	id    string
	old   []string // numbers that were cancelled
}

// holderOf reads the claims that mean the same on all papers. A birth that cannot be
// read is for Reveal to refuse.
func holderOf(p *paperFacts) holder {
	h := holder{kind: p.kind}
	h.name, _ = jws.Text(p.claims.Raw("name"))
	if text, ok := jws.Text(p.claims.Raw("birth")); ok {
		h.birth, _ = vneid.ParseDate(text)
	}
	if text, ok := jws.Text(p.claims.Raw("id")); ok && len(text) == 12 {
		h.id = text
	}
	h.old = p.claims.Strings("former_ids")
	return h
}

// onePerson compares what the documents say about their holder. All name the same
// subject, but issuers have mixed up people before, and a name costs little to compare.
// Diacritics that one of them lost, and a day of birth that one of them lacks, are no
// difference.
func (r *reading) onePerson() error {
	holders := make([]holder, 0, maxDocuments)
	for _, p := range r.papers {
		h := holderOf(p)
		for _, other := range holders {
			if differ(h, other) && r.on("one person") {
				return mismatch("the documents are about two people: " + string(other.kind) + " and " + string(h.kind) + " disagree")
			}
		}
		holders = append(holders, h)
	}
	return nil
}

func differ(a, b holder) bool {
	return a.name != "" && b.name != "" && !strings.EqualFold(a.name, b.name) && vneid.CompareNames(a.name, b.name) == vneid.NamesDifferent ||
		!a.birth.IsZero() && !b.birth.IsZero() && !a.birth.Agrees(b.birth) ||
		a.id != "" && b.id != "" && a.id != b.id && !slices.Contains(a.old, b.id) && !slices.Contains(b.old, a.id)
}

// identities are the kinds that say who somebody is, the best one first: the electronic
// identity card is kept up to date, the account's own data may be older, and a paper may
// be older still.
var identities = []document.Kind{document.ElectronicID, document.CitizenCard, document.Identity, document.Passport}

// citizen makes the citizen of what an identity document says; nobody if there is none.
func (a *answer) citizen() vneid.Citizen {
	for _, kind := range identities {
		for _, p := range a.papers {
			if p.kind != kind || !p.certain() {
				continue
			}
			var rec vneid.Record
			// vneid.Record has the names of these kinds' claims.
			if json.Unmarshal([]byte(p.object(recorded)), &rec) == nil {
				return vneid.NewCitizen(rec, seal.Own())
			}
		}
	}
	return vneid.Citizen{}
}

// certain reports whether an issuer vouches for what a document says. Where nobody signs
// there are no states.
func (p *paperFacts) certain() bool { return p.state == wire.StateVerified || p.state == "" }

// recorded are the claims that make a vneid.Record. encoding/json would take others
// that differ in case alone.
func recorded(name string) bool {
	switch name {
	case "id", "foreigner_id", "old_id", "former_ids", "name", "birth", "sex", "nationality", "origin", "residence",
		"ethnicity", "religion", "card_issued", "card_expires", "card_issuer", "father", "mother":
		return true
	}
	return false
}

// object is the JSON of those claims of a document's kind that are wanted.
func (p *paperFacts) object(wanted func(string) bool) string {
	members := make([]jws.Member, 0, len(p.names))
	for _, name := range p.names {
		if wanted(name) {
			members = append(members, jws.Member{Name: name, Value: jws.Raw(p.claims.Raw(name))})
		}
	}
	text, err := jws.Encode(members...)
	if err != nil {
		return "{}" // never: all of it was read by the same rules
	}
	return string(text)
}

// approved checks that somebody agreed, where no law does instead, and not after the
// answer was made. A child's word is never the only one. Where a document tells the holder's birth, those have to be among them
// who decide for a child of that age (package internal/approval has the law's table).
// Whether a grown-up is somebody's ward no document tells.
func (r *reading) approved() error {
	if len(r.approvals) == 0 {
		if r.want.Request.Basis.Kind != BasisLaw && r.on("approvals") {
			return fault.New(vneid.ErrDenied, "nobody agreed to the answer, and no law stands in for that")
		}
		return nil
	}
	for _, a := range r.approvals {
		if a.At.After(r.issued) && r.on("approval time") {
			return malformed("an approval is later than the answer")
		}
	}
	if r.agreedBy(approval.Child) && !r.agreedBy(approval.Guardian) && r.on("guardian") {
		return fault.New(vneid.ErrDenied, "the answer is about a child, and lacks the approval of a guardian")
	}
	day := r.now.In(vietnam)
	today, err := vneid.NewDate(day.Year(), day.Month(), day.Day())
	if err != nil {
		return malformed("the clock shows no date")
	}
	for _, p := range r.papers {
		birth := holderOf(p).birth
		if birth.IsZero() {
			continue
		}
		private := slices.ContainsFunc(r.papers, func(p *paperFacts) bool { return p.kind != document.Identity })
		for _, role := range r.law.Needed(approval.Person{Birth: birth}, private, today) {
			if role != approval.Self && !r.agreedBy(role) && r.on("guardian") {
				return fault.New(vneid.ErrDenied, "the answer is about a child, and lacks the approval of a %s", role)
			}
		}
	}
	return nil
}

// agreedBy reports whether somebody agreed in a role. A guardian is one whose relation
// somebody attests.
func (r *reading) agreedBy(role approval.Role) bool {
	return slices.ContainsFunc(r.approvals, func(a Approval) bool {
		return a.By == string(role) && (role != approval.Guardian || a.Relation != "" && a.Attested != "")
	})
}

// vietnam needs no time zone data: there has been no other offset since 1975.
var vietnam = time.FixedZone("UTC+7", 7*60*60)
