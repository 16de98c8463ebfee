package platform

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// PersonKind is who somebody is to the law of accounts.
type PersonKind string

// The kinds. A ward (người được giám hộ) is one whatever their age.
const (
	KindCitizen   PersonKind = "citizen"
	KindWard      PersonKind = "ward"
	KindForeigner PersonKind = "foreigner"
)

// RuleSet is what one decree says about who may have which account.
type RuleSet struct {
	Name   string // ND59, ND69
	From   vneid.Date
	Until  vneid.Date // its last day; zero: none yet
	Vi, En string
	Bands  []RuleBand

	Level2Days, FirstCardDays        int // working days
	OrganisationDays, VerifyDays     int
	OrganisationLevels, Organisation bool // organisations' accounts: split into levels; any at all
}

// RuleBand is one line of a rule set.
type RuleBand struct {
	Kind        PersonKind
	From, Under int         // completed years; Under 0: no end
	Most        vneid.Level // 0: no account of their own
	By          Applicant
	OnDemand    bool // level 2 if they wish it; else as everybody
	Linked      bool // without an account of their own they stand in the representative's
	Source      string
}

// Applicant is who applies.
type Applicant string

// The applicants.
const (
	BySelf           Applicant = "self"
	ByRepresentative Applicant = "representative" // cha, mẹ, người giám hộ
)

// RuleSets returns the rules by their days (docs/services.md: rows 14, 15, 87, 88, and C8,
// C9 and C10 of its contradictions). What is marked recalled stands in no text that this
// project could read.
func RuleSets() []RuleSet {
	const (
		texts59 = "published 2022-11 about Decree 59/2022"
		art7    = "Decree 69/2024 Art. 7"
	)
	days := RuleSet{
		Level2Days: calendar.LevelTwoDays, FirstCardDays: calendar.FirstCardDays,
		OrganisationDays: calendar.OrganisationDays, VerifyDays: calendar.VerificationDays, Organisation: true,
	}
	nd59, nd69 := days, days
	nd59.Name, nd59.From, nd59.Until = "ND59", regDate(2022, 10, 20), regDate(2024, 6, 30)
	nd59.Vi, nd59.En = "Nghị định 59/2022/NĐ-CP", "Decree 59/2022"
	nd59.Bands = []RuleBand{
		{KindCitizen, 0, 14, 0, ByRepresentative, false, true, texts59},
		{KindCitizen, 14, 0, 2, BySelf, false, false, texts59},
		{KindWard, 0, 0, 0, ByRepresentative, false, true, texts59},
		{KindForeigner, 0, 14, 0, ByRepresentative, false, true, texts59},
		{KindForeigner, 14, 0, 2, BySelf, false, false, texts59},
	}
	nd69.Name, nd69.From = "ND69", regDate(2024, 7, 1)
	nd69.Vi, nd69.En = "Nghị định 69/2024/NĐ-CP", "Decree 69/2024"
	nd69.Bands = []RuleBand{
		{KindCitizen, 0, 6, 1, ByRepresentative, false, false, art7 + ".1"},
		{KindCitizen, 6, 14, 2, ByRepresentative, true, false, art7 + ".1"},
		{KindCitizen, 14, 0, 2, BySelf, false, false, art7 + ".1"},
		{KindWard, 0, 6, 1, ByRepresentative, false, false, art7 + ".1 (of wards: recalled)"},
		{KindWard, 6, 0, 2, ByRepresentative, true, false, art7 + ".1 (of wards: recalled)"},
		{KindForeigner, 6, 14, 2, ByRepresentative, true, false, art7 + ".2"},
		{KindForeigner, 14, 0, 2, BySelf, true, false, art7 + ".2"},
	}
	return []RuleSet{nd59, nd69}
}

// RulesOn returns the rule set of a day; false before the first.
func RulesOn(day vneid.Date) (RuleSet, bool) {
	for _, s := range RuleSets() {
		if !day.Before(s.From) && (s.Until.IsZero() || !s.Until.Before(day)) {
			return s, true
		}
	}
	return RuleSet{}, false
}

// Band returns the line for somebody on a day. Of every age that an incomplete date of
// birth can mean the strictest line holds; false if there is none for one of them.
func (s RuleSet) Band(kind PersonKind, birth, on vneid.Date) (RuleBand, bool) {
	least, most, ok := birth.Age(on)
	if !ok {
		return RuleBand{}, false
	}
	var out *RuleBand
	for age := least; age <= most; age++ {
		b := s.at(kind, age)
		if b == nil {
			return RuleBand{}, false
		}
		if out == nil || b.Most < out.Most || b.By == ByRepresentative && out.By == BySelf {
			out = b
		}
	}
	return *out, true
}

func (s RuleSet) at(kind PersonKind, age int) *RuleBand {
	for i, b := range s.Bands {
		if b.Kind == kind && age >= b.From && (b.Under == 0 || age < b.Under) {
			return &s.Bands[i]
		}
	}
	return nil
}

// kindOf is who the law takes an account's person to be.
func kindOf(rec vneid.Record, ward bool) PersonKind {
	switch {
	case ward:
		return KindWard
	case rec.ID == "":
		return KindForeigner
	}
	return KindCitizen
}

// regDate makes the tables' own dates, which are real ones.
func regDate(y, m, d int) vneid.Date {
	out, err := vneid.NewDate(y, time.Month(m), d)
	if err != nil {
		return vneid.Date{}
	}
	return out
}
