package approval

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func date(t testing.TB, s string) vneid.Date {
	t.Helper()
	if s == "" {
		return vneid.Date{}
	}
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func join(roles []Role) string {
	var out []string
	for _, r := range roles {
		out = append(out, string(r))
	}
	return strings.Join(out, " ")
}

func TestWhoMustApprove(t *testing.T) {
	for _, c := range []struct {
		sentence, birth, on string
		private, other      string
	}{
		{"a newborn", "2026-11-22", "2026-11-22", "guardian", "guardian"},
		{"the day before seven", "2019-11-23", "2026-11-22", "guardian", "guardian"},
		{"seven", "2019-11-22", "2026-11-22", "child guardian", "guardian"},
		{"fourteen, with an account of one's own", "2012-11-22", "2026-11-22", "child guardian", "guardian"},
		{"the day before sixteen", "2010-11-23", "2026-11-22", "child guardian", "guardian"},
		{"sixteen", "2010-11-22", "2026-11-22", "self", "self"},
		{"grown up", "1990-02-14", "2026-11-22", "self", "self"},
		{"born on 29 February, on the 28th before sixteen", "2012-02-29", "2028-02-28", "child guardian", "guardian"},
		{"born on 29 February, sixteen in a leap year", "2012-02-29", "2028-02-29", "self", "self"},
		{"born on 29 February, seven, on the 28th", "2020-02-29", "2027-02-28", "guardian", "guardian"},
		{"born on 29 February, seven, on 1 March", "2020-02-29", "2027-03-01", "child guardian", "guardian"},
		{"a year of birth of six or seven", "2019", "2026-11-22", "child guardian", "guardian"},
		{"a year of birth of fifteen or sixteen", "2010", "2026-11-22", "child guardian", "child guardian"},
		{"a month of birth of fifteen or sixteen", "2010-11", "2026-11-22", "child guardian", "child guardian"},
		{"the same month, a day before it ends", "2010-11", "2026-11-29", "child guardian", "child guardian"},
		{"the same month, when it has ended", "2010-11", "2026-11-30", "self", "self"},
		{"a year of birth, on the last day of the sixteenth year after", "2010", "2026-12-31", "self", "self"},
		{"no date of birth", "", "2026-11-22", "child guardian", "child guardian"},
		{"born after the day", "2027-01-01", "2026-11-22", "child guardian", "child guardian"},
		{"no day", "1990-02-14", "", "child guardian", "child guardian"},
		{"fifteen, on the last day of the decree", "2010-06-01", "2025-12-31", "child guardian", "child guardian"},
		{"fifteen, on the first day of the law", "2010-06-01", "2026-01-01", "child guardian", "guardian"},
		{"six under the decree", "2019-06-01", "2025-12-31", "guardian", "guardian"},
		{"sixteen under the decree", "2009-06-01", "2025-12-31", "self", "self"},
		{"before the decree", "2010-06-01", "2020-01-01", "child guardian", "child guardian"},
		{"some day of the law's first year", "2010-06-01", "2026", "child guardian", "child guardian"},
	} {
		for _, private := range []bool{true, false} {
			want := c.other
			if private {
				want = c.private
			}
			got := join(Law().Needed(Person{Birth: date(t, c.birth)}, private, date(t, c.on)))
			if got != want {
				t.Errorf("%s, private %v: %q, want %q", c.sentence, private, got, want)
			}
		}
	}
}

func TestAWardIsSpokenFor(t *testing.T) {
	for _, c := range []struct{ sentence, birth, want string }{
		{"grown up", "1985-04-04", "guardian"},
		{"sixteen", "2010-11-22", "guardian"},
		{"fifteen", "2011-01-01", "child guardian"},
		{"six", "2020-01-01", "guardian"},
		{"of no known age", "", "child guardian"},
	} {
		if got := join(Law().Needed(Person{date(t, c.birth), true}, true, date(t, "2026-11-22"))); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
}

func TestATableIsData(t *testing.T) {
	p := Person{Birth: date(t, "2009-01-01")} // seventeen
	on := date(t, "2026-11-22")
	for _, table := range []Table{nil, {}, {{From: date(t, "2027-01-01")}}} {
		if got := join(table.Needed(p, true, on)); got != "child guardian" {
			t.Errorf("a table with no rule for the day lets %q decide", got)
		}
	}
	stricter := append(Law(), Rule{From: date(t, "2026-06-01"), Bands: []Band{{18, []Role{Child, Guardian}, []Role{Child}}}})
	if got := join(stricter.Needed(p, true, on)); got != "child guardian" {
		t.Errorf("by a stricter rule: %q", got)
	}
	if got := join(stricter.Needed(p, true, date(t, "2026-05-31"))); got != "self" {
		t.Errorf("a day before the stricter rule: %q", got)
	}
	Law()[0].Bands[0].Private[0] = Self
	if got := join(Law().Needed(Person{Birth: on}, true, on)); got != "guardian" {
		t.Errorf("a caller can change the law: %q", got)
	}
}

// An incomplete date of birth never asks for fewer people than any day that it can
// mean.
func TestDoubtNeverProtectsLess(t *testing.T) {
	partial := 0
	for year := 2007; year <= 2026; year++ {
		for _, text := range []string{fmt.Sprint(year), fmt.Sprintf("%d-02", year), fmt.Sprintf("%d-11", year)} {
			birth := date(t, text)
			for _, on := range []string{"2025-12-31", "2026-01-01", "2026-11-22", "2027-02-28", "2028-02-29"} {
				for _, private := range []bool{true, false} {
					whole := Law().Needed(Person{Birth: birth}, private, date(t, on))
					for d := birth.Earliest(); !birth.Latest().Before(d); d = next(t, d) {
						for _, r := range Law().Needed(Person{Birth: d}, private, date(t, on)) {
							if r == Self && slices.Contains(whole, Child) {
								r = Child
							}
							unborn := date(t, on).Before(d) // not a day that it can mean
							if !unborn && !slices.Contains(whole, r) {
								t.Fatalf("born %s, on %s: %v, and on %s alone %s", text, on, whole, d, r)
							}
						}
						partial++
					}
				}
			}
		}
	}
	if partial < 50000 {
		t.Errorf("compared only %d days", partial)
	}
}

func next(t *testing.T, d vneid.Date) vneid.Date {
	t.Helper()
	day := time.Date(d.Year(), d.Month(), d.Day()+1, 0, 0, 0, 0, time.UTC)
	out, err := vneid.NewDate(day.Date())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEachApprovalIsADecisionOfItsOwn(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	child := Decision{By: Child, Who: "child", At: at}
	mother := Decision{By: Guardian, Who: "mother", Relation: "mother", Attested: "population-database", At: at}
	both := []Role{Child, Guardian}
	with := func(change func(*Decision)) Decision {
		d := mother
		change(&d)
		return d
	}
	for _, c := range []struct {
		sentence string
		need     []Role
		have     []Decision
		want     string
	}{
		{"both", both, []Decision{child, mother}, ""},
		{"both, the other way round", both, []Decision{mother, child}, ""},
		{"nobody", both, nil, "child guardian"},
		{"the child alone", both, []Decision{child}, "guardian"},
		{"the mother alone", both, []Decision{mother}, "child"},
		{"the mother twice", both, []Decision{mother, mother}, "child"},
		{"two parents", both, []Decision{mother, with(func(d *Decision) { d.Who = "father" })}, "child"},
		{"one account as both", both, []Decision{with(func(d *Decision) { d.By = Child }), mother}, "guardian"},
		{"one account as both, and the father", both, []Decision{with(func(d *Decision) { d.By = Child }), mother, with(func(d *Decision) { d.Who = "father" })}, ""},
		{"a guardian by no relation", both, []Decision{child, with(func(d *Decision) { d.Relation = "" })}, "guardian"},
		{"a guardian whom nobody attests", both, []Decision{child, with(func(d *Decision) { d.Attested = "" })}, "guardian"},
		{"a decision at no time", both, []Decision{child, with(func(d *Decision) { d.At = time.Time{} })}, "guardian"},
		{"a decision by nobody", both, []Decision{child, with(func(d *Decision) { d.Who = "" })}, "guardian"},
		{"the person as an adult", both, []Decision{with(func(d *Decision) { d.By, d.Who = Self, "child" }), mother}, "child"},
		{"an adult", []Role{Self}, []Decision{{By: Self, Who: "an", At: at}}, ""},
		{"an adult, by the mother", []Role{Self}, []Decision{mother}, "self"},
	} {
		if got := join(Missing(c.need, c.have)); got != c.want {
			t.Errorf("%s: %q is missing, want %q", c.sentence, got, c.want)
		}
	}
}
