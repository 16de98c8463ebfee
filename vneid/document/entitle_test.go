package document

import (
	"strings"
	"testing"
)

func TestALicenceIncludesWhatItsDateOfIssueSays(t *testing.T) {
	for _, c := range []struct {
		class           LicenceClass
		old, new, never string // what it includes: issued before 2025, since, and with no date
	}{
		{"A1", "A1", "A1", "A1"},
		{"A2", "A1 A", "", ""},
		{"A", "", "A1 A", ""},
		{"A3", "A1 B1", "", ""},
		{"A4", "", "", ""},
		{"B1", "B", "A1 B1", ""}, // a car until 2024, a tricycle since
		{"B1 (số tự động)", "", "", ""},
		{"B2", "B", "", ""},
		{"B", "", "B", ""},
		{"C1", "", "B C1", ""},
		{"C", "B C1 C", "B C1 C", "B C1 C"},
		{"D1", "", "B C1 C D1", ""},
		{"D2", "", "B C1 C D1 D2", ""},
		{"D", "B C1 C D1 D2", "B C1 C D1 D2 D", "B C1 C D1 D2"},
		{"E", "B C1 C D1 D2 D", "", ""},
		{"BE", "", "BE", ""},
		{"FB2", "BE", "", ""},
		{"FD", "D2E", "", ""},
		{"FE", "DE", "", ""},
		{"Z", "", "", ""},
		{"", "", "", ""},
	} {
		for issued, want := range map[string]string{
			"2024-12-31": c.old, "2024": c.old, "2012-05": c.old, "2025-01-01": c.new, "2025": c.new, "": c.never, "Không thời hạn": "",
		} {
			var got []string
			for _, class := range newClasses {
				if c.class.Includes(class, date(t, issued)) {
					got = append(got, string(class))
				}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s issued %q includes %v, want %s", c.class, issued, got, want)
			}
		}
	}
	if LicenceClass("B2").Includes("B2", date(t, "2020")) || LicenceClass("B").Includes("", date(t, "2026")) {
		t.Error("a class that is not one of today's is included")
	}
}

func TestPredicatesHaveOneText(t *testing.T) {
	for _, p := range []Predicate{AgeAtLeast(1), AgeAtLeast(18), AgeAtLeast(150), LicenceIncludes("B"), LicenceIncludes("d2e"), LicenceIncludes("A1")} {
		if again, ok := ParsePredicate(p.String()); !ok || again != p || p.IsZero() {
			t.Errorf("%s is read as %s, %v", p, again, ok)
		}
	}
	if LicenceIncludes("c1e").String() != "licence:C1E" || AgeAtLeast(18).String() != "age>=18" {
		t.Error(LicenceIncludes("c1e"), AgeAtLeast(18))
	}
	for _, c := range []struct{ fault, twin, refused string }{
		{"an age of none", "age>=1", "age>=0"},
		{"an age of nobody", "age>=150", "age>=151"},
		{"a negative age", "age>=18", "age>=-18"},
		{"a leading zero", "age>=18", "age>=018"},
		{"a sign", "age>=18", "age>=+18"},
		{"a space", "age>=18", "age>= 18"},
		{"another comparison", "age>=18", "age>18"},
		{"a class of the old law", "licence:B", "licence:B2"},
		{"a class in small letters", "licence:B", "licence:b"},
		{"nothing to include", "licence:B", "licence:"},
		{"nothing", "age>=18", ""},
		{"digits that are not ASCII", "age>=18", "age>=１８"},
	} {
		if _, ok := ParsePredicate(c.twin); !ok {
			t.Errorf("%s: the twin is refused", c.fault)
		}
		if p, ok := ParsePredicate(c.refused); ok {
			t.Errorf("%s: read as %s", c.fault, p)
		}
	}
	for _, p := range []Predicate{AgeAtLeast(0), AgeAtLeast(-1), AgeAtLeast(151), LicenceIncludes("B2"), LicenceIncludes(""), {}} {
		if !p.IsZero() || p.String() != "" || p.FitsKind(DriverLicence) || p.Years() != 0 || p.Class() != "" {
			t.Errorf("%q is asked", p)
		}
	}
	if !AgeAtLeast(18).FitsKind(Passport) || AgeAtLeast(18).FitsKind(VehicleRegistration) ||
		!LicenceIncludes("B").FitsKind(DriverLicence) || LicenceIncludes("B").FitsKind(Identity) {
		t.Error("a predicate is asked of a kind that cannot answer, or not of one that can")
	}
}

func FuzzParsePredicate(f *testing.F) {
	for _, s := range []string{"age>=18", "licence:B", "licence:C1E", "age>=0", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := ParsePredicate(s); ok && (p.String() != s || p.IsZero() || p.Years() != 0 == (p.Class() != "")) {
			t.Errorf("%q is read as %q", s, p)
		}
	})
}
