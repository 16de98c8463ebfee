package paper

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

func TestAgeHoldsOnlyIfItHoldsForEveryDay(t *testing.T) {
	for _, c := range []struct {
		sentence, birth, on string
		want                bool
	}{
		{"the day before the birthday", "2008-05-06", "2026-05-05", false},
		{"the birthday", "2008-05-06", "2026-05-06", true},
		{"a month of birth, within it", "2008-05", "2026-05-30", false},
		{"a month of birth, on its last day", "2008-05", "2026-05-31", true},
		{"a year of birth, on the last day but one", "2008", "2026-12-30", false},
		{"a year of birth, on its last day", "2008", "2026-12-31", true},
		{"29 February, on the 28th", "2008-02-29", "2026-02-28", false},
		{"29 February, on 1 March", "2008-02-29", "2026-03-01", true},
		{"29 February, in a leap year", "2000-02-29", "2018-02-28", false},
		{"no date of birth", "", "2026-05-06", false},
		{"born later", "2027-01-01", "2026-05-06", false},
		{"no expiry is no date of birth", "Không thời hạn", "2026-05-06", false},
		{"no day to ask of", "2008-05-06", "", false},
	} {
		id := Identity{Birth: date(t, c.birth)}
		if got := Holds(document.AgeAtLeast(18), id, date(t, c.on)); got != c.want {
			t.Errorf("%s: %v", c.sentence, got)
		}
		if Holds(document.AgeAtLeast(18), &id, date(t, c.on)) != c.want {
			t.Errorf("%s: a pointer is answered otherwise", c.sentence)
		}
		if got := Holds(document.AgeAtLeast(18), ElectronicID{Record: record(t, c.birth)}, date(t, c.on)); got != c.want {
			t.Errorf("%s, on a paper with a record: %v", c.sentence, got)
		}
	}
	if Holds(document.AgeAtLeast(1), VehicleRegistration{}, date(t, "2026")) || Holds(document.AgeAtLeast(1), nil, date(t, "2026")) ||
		Holds(document.AgeAtLeast(1), (*Identity)(nil), date(t, "2026")) || Holds(document.Predicate{}, Identity{Birth: date(t, "1990")}, date(t, "2026")) {
		t.Error("what cannot be answered holds")
	}
}

func TestALicenceHoldsOnlyIfNothingSpeaksAgainstIt(t *testing.T) {
	none, some := 0, 1
	good := func() DriverLicence {
		return DriverLicence{Issued: date(t, "2025-03-01"), Expires: date(t, "2035-03-01"), Classes: []HeldClass{{Class: "A1"}, {Class: "B"}}}
	}
	for _, c := range []struct {
		sentence string
		change   func(*DriverLicence)
		want     bool
	}{
		{"as it stands", func(*DriverLicence) {}, true},
		{"a higher class", func(p *DriverLicence) { p.Classes[1].Class = "C1" }, true},
		{"another class", func(p *DriverLicence) { p.Classes[1].Class = "B1" }, false},
		{"no class", func(p *DriverLicence) { p.Classes = nil }, false},
		{"a condition", func(p *DriverLicence) { p.Classes[1].Limit = "số tự động" }, false},
		{"on its last day", func(p *DriverLicence) { p.Expires = date(t, "2026-11-22") }, true},
		{"a day after", func(p *DriverLicence) { p.Expires = date(t, "2026-11-21") }, false},
		{"until a month that may be over", func(p *DriverLicence) { p.Expires = date(t, "2026-11") }, false},
		{"until a month to come", func(p *DriverLicence) { p.Expires = date(t, "2026-12") }, true},
		{"no expiry known", func(p *DriverLicence) { p.Expires = date(t, "") }, false},
		{"without end", func(p *DriverLicence) { p.Expires = date(t, "Không thời hạn") }, true},
		{"the class is over, the licence is not", func(p *DriverLicence) { p.Classes[1].Expires = date(t, "2026-01-01") }, false},
		{"the class goes on, the licence does not", func(p *DriverLicence) {
			p.Expires = date(t, "2026-01-01")
			p.Classes[1].Expires = date(t, "2030-01-01")
		}, true},
		{"no points left", func(p *DriverLicence) { p.Points = &none }, false},
		{"a point left", func(p *DriverLicence) { p.Points = &some }, true},
		{"issued tomorrow", func(p *DriverLicence) { p.Issued = date(t, "2026-11-23") }, false},
		{"issued today", func(p *DriverLicence) { p.Issued = date(t, "2026-11-22") }, true},
		{"issued in a month that is not over", func(p *DriverLicence) { p.Issued = date(t, "2026-11") }, false},
		{"B2 of 2024", func(p *DriverLicence) { p.Issued, p.Classes[1].Class = date(t, "2024-12-31"), "B2" }, true},
		{"B2 of 2025, which there is not", func(p *DriverLicence) { p.Classes[1].Class = "B2" }, false},
		{"B, and no date of issue", func(p *DriverLicence) { p.Issued = date(t, "") }, false},
		{"C, and no date of issue", func(p *DriverLicence) { p.Issued, p.Classes[1].Class = date(t, ""), "C" }, true},
	} {
		p := good()
		c.change(&p)
		if got := Holds(document.LicenceIncludes("B"), p, date(t, "2026-11-22")); got != c.want {
			t.Errorf("%s: %v", c.sentence, got)
		}
	}
	for _, on := range []string{"", "Không thời hạn", "2036"} {
		if Holds(document.LicenceIncludes("B"), good(), date(t, on)) {
			t.Errorf("on %q, which is no day of its time", on)
		}
	}
	if Holds(document.LicenceIncludes("B"), Identity{}, date(t, "2026-11-22")) {
		t.Error("an identity is no licence")
	}
}

func record(t *testing.T, birth string) vneid.Record { return vneid.Record{Birth: date(t, birth)} }
