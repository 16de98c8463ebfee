// Package approval says who must agree before data about a child or a ward is
// disclosed, by the law of the day. It decides for the reference platform, and lets a
// relying party compare what an answer says with its own reading.
//
// # The table
//
//	from          age            who                                       source
//	(always)      under 7        the representative                        Decree 13/2023 Art. 20
//	              7 to 15        the child and the representative          likewise
//	2026-01-01    under 7        the representative                        Law 91/2025/QH15 Art. 24
//	              7 to 15        the child and the representative where    Art. 24.2
//	                             private life is disclosed, else the
//	                             representative
//
// From 16 people decide for themselves; a ward's representative decides for the ward,
// and for a child who is a ward the child's own line holds too. An account of one's
// own, which there is from 14, changes nothing of this.
//
// The law is known here from press reports and recall, and the rows are our reading of
// it: a Table is data, and a caller may use another. What is not certain is decided
// towards more protection: of every age that an incomplete date of birth can mean, and
// of every day that is asked about, all approvals are needed together. Somebody of
// whom no date of birth is known may be a child of any age.
//
// Whoever was born on 29 February completes a year on 1 March of other years, as with
// vneid.Date.Age.
package approval

import (
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Role is as whom somebody approves, in the words of the envelope.
type Role string

// The roles. A Child is the person whom the data is about, like Self, and is told
// apart because the child's approval alone is not enough.
const (
	Self     Role = wire.ApprovalSelf
	Guardian Role = wire.ApprovalGuard
	Child    Role = wire.ApprovalChild
)

// Person is what the table looks at.
type Person struct {
	Birth vneid.Date
	Ward  bool // người được giám hộ: somebody else decides whatever the age
}

// Table is the law by the day: rules in the order of their days. The zero Table
// lets nobody decide alone: see Needed.
type Table []Rule

// Rule is what holds from a day until the next rule.
type Rule struct {
	From   vneid.Date // zero: always
	Source string
	Bands  []Band // in the order of their ages; above the last, people decide for themselves
}

// Band is the people under an age whom no earlier band has.
type Band struct {
	Under   int
	Private []Role // where private life is disclosed
	Other   []Role // where it is not
}

// Law returns the table of the package comment.
func Law() Table {
	parent, both := []Role{Guardian}, []Role{Child, Guardian}
	day, _ := vneid.NewDate(2026, 1, 1)
	return Table{
		{Source: "Decree 13/2023/NĐ-CP Art. 20 (recalled)", Bands: []Band{{7, parent, parent}, {16, both, both}}},
		{From: day, Source: "Law 91/2025/QH15 Art. 24", Bands: []Band{{7, parent, parent}, {16, both, parent}}},
	}
}

// Needed lists whose approvals are needed on a
// day in Vietnam before data about p is disclosed; each is a decision of its own.
// private says that the data is about private life, which any document beyond the
// basic identity is taken to be.
func (t Table) Needed(p Person, private bool, on vneid.Date) []Role {
	var need []Role
	add := func(roles []Role) { need = append(need, roles...) }
	from, to, known := p.Birth.Age(on)
	if !known {
		from, to = 0, 1<<30
	}
	rules := t.on(on)
	if len(rules) == 0 {
		return []Role{Child, Guardian}
	}
	for _, r := range rules {
		r.each(from, to, private, add)
	}
	if p.Ward {
		need = append(slices.DeleteFunc(need, func(r Role) bool { return r == Self }), Guardian)
	}
	return ordered(need)
}

// on returns the rules that may be in force on a day.
func (t Table) on(day vneid.Date) (out []Rule) {
	for i, r := range t {
		begun := !day.Before(r.From) // no day, and a rule of always, are before nothing
		over := i+1 < len(t) && !day.IsZero() && !day.Earliest().Before(t[i+1].From)
		if begun && !over {
			out = append(out, r)
		}
	}
	return out
}

// each adds the roles of every age from one to another.
func (r Rule) each(from, to int, private bool, add func([]Role)) {
	least := 0
	for _, b := range r.Bands {
		if from < b.Under && to >= least {
			if private {
				add(b.Private)
			} else {
				add(b.Other)
			}
		}
		least = b.Under
	}
	if to >= least {
		add([]Role{Self})
	}
}

// ordered lists each role once. Somebody who may be a child or grown up decides as a
// child: it is the same person, with a representative beside them.
func ordered(need []Role) (out []Role) {
	has := func(r Role) bool { return slices.Contains(need, r) }
	self := has(Self)
	if child := has(Child) || self && has(Guardian); child {
		out, self = append(out, Child), false
	}
	if self {
		out = append(out, Self)
	}
	if has(Guardian) {
		out = append(out, Guardian)
	}
	return out
}

// Decision is one recorded approval.
type Decision struct {
	By       Role
	Who      string    // the account that decided; each decides once
	Relation string    // of a guardian: father, mother, guardian, …
	Attested string    // who says that this is so: the population database, a court, …
	At       time.Time // when
}

// Missing lists the roles for which there is no decision yet. A decision counts once,
// for its own role, with a time and an account of its own; a guardian's counts if it
// says by what relation, and who attests that.
func Missing(need []Role, have []Decision) (missing []Role) {
	taken := map[string]bool{}
	for _, role := range need {
		i := slices.IndexFunc(have, func(d Decision) bool {
			stated := d.By != Guardian || d.Relation != "" && d.Attested != ""
			return d.By == role && d.Who != "" && !taken[d.Who] && !d.At.IsZero() && stated
		})
		if i < 0 {
			missing = append(missing, role)
			continue
		}
		taken[have[i].Who] = true
	}
	return missing
}
