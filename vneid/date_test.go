package vneid

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

func date(t testing.TB, s string) Date {
	t.Helper()
	if s == "" {
		return Date{}
	}
	d, err := ParseDate(s)
	if err != nil {
		t.Fatalf("ParseDate(%q): %v", s, err)
	}
	return d
}

func TestParseDateReadsEveryLayout(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"19901231", "1990-12-31"},
		{"31121990", "1990-12-31"},
		{"31/12/1990", "1990-12-31"},
		{"1/2/1990", "1990-02-01"},
		{"01/2/1990", "1990-02-01"},
		{"1990-12-31", "1990-12-31"},
		{"1990-12", "1990-12"},
		{"12/1990", "1990-12"},
		{"1990", "1990"},
		{"20121990", "1990-12-20"}, // begins like a year
		{"20010112", "2001-01-12"},
		{"29/02/2000", "2000-02-29"},
		{"01/01/1800", "1800-01-01"},
		{"99991231", "9999-12-31"},
		{"Không thời hạn", "Không thời hạn"},
		{"KHÔNG THỜI HẠN", "Không thời hạn"},
		{"khong thoi han", "Không thời hạn"},
		{"Kho\u0302ng tho\u031b\u0300i ha\u0323n", "Không thời hạn"},
		{" Không  thời hạn\n", "Không thời hạn"},
	} {
		if got := date(t, c.in).String(); got != c.want {
			t.Errorf("ParseDate(%q) = %s, want %s", c.in, got, c.want)
		}
	}
}

// Each refused text stands beside an accepted twin that differs only in the fault.
func TestParseDateRefuses(t *testing.T) {
	for _, c := range []struct{ fault, twin, refused string }{
		{"day past the end of the month", "30/04/1990", "31/04/1990"},
		{"29 February of a common year", "29/02/2000", "29/02/1900"},
		{"month 13", "12/1990", "13/1990"},
		{"month 0", "1990-01", "1990-00"},
		{"day 0", "19900101", "19900100"},
		{"year before 1800", "1800", "1799"},
		{"seven digits", "19900101", "1990010"},
		{"nine digits", "19900101", "199001011"},
		{"one digit where two belong", "1990-01-01", "1990-1-01"},
		{"another separator", "31/12/1990", "31.12.1990"},
		{"mixed separators", "31/12/1990", "31/12-1990"},
		{"trailing space", "31/12/1990", "31/12/1990 "},
		{"a sign", "1990", "+990"},
		{"digits that are not ASCII", "1990", "１９９０"},
		{"time of day", "1990-12-31", "1990-12-31T00:00:00Z"},
		{"other words", "Không thời hạn", "Không giới hạn"},
		{"endless text", "Không thời hạn", "Không thời hạn" + strings.Repeat(" ", 1000)},
		{"nothing", "1990", " "},
	} {
		if _, err := ParseDate(c.twin); err != nil {
			t.Errorf("%s: the twin %q: %v", c.fault, c.twin, err)
		}
		d, err := ParseDate(c.refused)
		if !errors.Is(err, ErrMalformed) || d != (Date{}) {
			t.Errorf("%s: ParseDate(%q) = %v, %v", c.fault, c.refused, d, err)
		} else if strings.ContainsAny(err.Error(), "0123456789") {
			t.Errorf("%s: digits in %q", c.fault, err)
		}
	}
}

func TestEightDigitsNeverHaveTwoReadings(t *testing.T) {
	for year := minYear; year <= maxYear; year++ {
		for _, dayMonth := range []string{"0101", "1812", "1902", "2001", "2010", "2212", "2801"} {
			s := dayMonth + strconv.Itoa(year)
			_, one := parseDate(s, "ddMMyyyy")
			_, other := parseDate(s, "yyyyMMdd")
			if !one || other {
				t.Fatalf("%s: as ddMMyyyy %v, as yyyyMMdd %v", s, one, other)
			}
		}
	}
}

func TestNamedLayoutsAreTheOnlyOnesRead(t *testing.T) {
	if d, err := ParseDate("31121990", "ddMMyyyy"); err != nil || d.String() != "1990-12-31" {
		t.Errorf("ddMMyyyy: %v, %v", d, err)
	}
	if d, err := ParseDate("Không thời hạn", "dd/MM/yyyy", "Không thời hạn"); err != nil || !d.IsForever() {
		t.Errorf("expiry: %v, %v", d, err)
	}
	for _, c := range [][]string{
		{"19901231", "ddMMyyyy"}, {"31121990", "yyyyMMdd"}, {"1/2/1990", "dd/MM/yyyy"},
		{"1990", "yyyy-MM-dd", "yyyy-MM"}, {"Không thời hạn", "dd/MM/yyyy"},
	} {
		if d, err := ParseDate(c[0], c[1:]...); !errors.Is(err, ErrMalformed) {
			t.Errorf("ParseDate(%q) = %v, %v", c, d, err)
		}
	}
	var kind Kind
	if _, err := ParseDate("1990", "2006"); err == nil || errors.As(err, &kind) || !strings.Contains(err.Error(), "2006") {
		t.Errorf("an unknown layout is the caller's mistake and has no kind: %v", err)
	}
}

func TestNewDate(t *testing.T) {
	for _, c := range []struct {
		y    int
		m    time.Month
		d    int
		want string
	}{
		{2024, 2, 29, "2024-02-29"}, {2024, 2, 0, "2024-02"}, {2024, 0, 0, "2024"},
		{2023, 2, 29, ""}, {2024, 0, 5, ""}, {2024, 13, 1, ""}, {2024, 13, 0, ""}, {2024, -1, 0, ""}, {2024, 1, -1, ""}, {0, 0, 0, ""}, {10000, 1, 1, ""},
	} {
		got, err := NewDate(c.y, c.m, c.d)
		if got.String() != c.want || (err == nil) != (c.want != "") {
			t.Errorf("NewDate(%d, %d, %d) = %v, %v", c.y, c.m, c.d, got, err)
		}
	}
	if d, err := NewDate(time.Date(2026, 5, 6, 7, 0, 0, 0, time.UTC).Date()); err != nil || d.Year() != 2026 || d.Month() != time.May || d.Day() != 6 {
		t.Errorf("from a time: %v, %v", d, err)
	}
}

func TestDateForms(t *testing.T) {
	for in, want := range map[string]string{"1990-12-31": "31/12/1990", "1990-12": "12/1990", "1990": "1990", "Không thời hạn": "Không thời hạn", "": ""} {
		d := date(t, in)
		if d.String() != in || d.Printed() != want || fmt.Sprint(d) != in {
			t.Errorf("%q: String %q, Printed %q", in, d.String(), d.Printed())
		}
		text, err := json.Marshal(d)
		var back Date
		if err != nil || json.Unmarshal(text, &back) != nil || back != d {
			t.Errorf("%q: through JSON %s: %v, %v", in, text, back, err)
		}
	}
	kept := date(t, "1990")
	if err := json.Unmarshal([]byte(`"1990-13"`), &kept); !errors.Is(err, ErrMalformed) || kept != date(t, "1990") {
		t.Errorf("decoding a bad date: %v, %v", kept, err)
	}
}

func TestDateOrderIsCertain(t *testing.T) {
	for _, c := range []struct {
		a, b           string
		before, agrees bool
	}{
		{"1990-01-01", "1990-01-02", true, false},
		{"1990-01-02", "1990-01-01", false, false},
		{"1990-01-01", "1990-01-01", false, true},
		{"1990", "1990-05-06", false, true},
		{"1990-05", "1990", false, true},
		{"1990-04", "1990-05-01", true, false},
		{"1989", "1990-01-01", true, false},
		{"1990-12-31", "Không thời hạn", true, false},
		{"Không thời hạn", "1990", false, false},
		{"Không thời hạn", "Không thời hạn", false, true},
		{"", "1990", false, false},
		{"1990", "", false, false},
		{"", "Không thời hạn", false, false},
		{"", "", false, false},
	} {
		a, b := date(t, c.a), date(t, c.b)
		if a.Before(b) != c.before || a.Agrees(b) != c.agrees || b.Agrees(a) != c.agrees {
			t.Errorf("%q, %q: before %v, agrees %v", c.a, c.b, a.Before(b), a.Agrees(b))
		}
	}
	for in, want := range map[string][2]string{
		"2024-02": {"2024-02-01", "2024-02-29"}, "1990": {"1990-01-01", "1990-12-31"}, "": {"", ""}, "Không thời hạn": {foreverText, foreverText},
	} {
		if d := date(t, in); d.Earliest().String() != want[0] || d.Latest().String() != want[1] {
			t.Errorf("%q: %v to %v", in, d.Earliest(), d.Latest())
		}
	}
}

func TestAge(t *testing.T) {
	for _, c := range []struct {
		birth, on   string
		least, most int
		ok          bool
	}{
		{"2008-05-06", "2026-05-05", 17, 17, true},
		{"2008-05-06", "2026-05-06", 18, 18, true},
		{"2008-05", "2026-05-06", 17, 18, true},
		{"2008", "2026-05-06", 17, 18, true},
		{"2008", "2026", 17, 18, true},
		{"2008-02-29", "2026-02-28", 17, 17, true},
		{"2008-02-29", "2026-03-01", 18, 18, true},
		{"2026", "2026-05-06", 0, 0, true},
		{"2026-05-07", "2026-05-06", 0, 0, false},
		{"", "2026-05-06", 0, 0, false},
		{"2008", "", 0, 0, false},
		{"2008", "Không thời hạn", 0, 0, false},
	} {
		least, most, ok := date(t, c.birth).Age(date(t, c.on))
		if least != c.least || most != c.most || ok != c.ok {
			t.Errorf("born %q, on %q: %d to %d, %v", c.birth, c.on, least, most, ok)
		}
	}
}

func TestADayEndsAtMidnightInVietnam(t *testing.T) {
	last := time.Date(2026, 5, 6, 16, 59, 59, 0, time.UTC)
	for _, c := range []struct {
		date     string
		now      time.Time
		want     bool
		sentence string
	}{
		{"2026-05-06", last, false, "the last second of the day"},
		{"2026-05-06", last.Add(time.Second), true, "midnight"},
		{"2026-05", last.Add(time.Second), false, "a month that goes on"},
		{"2025", last, true, "last year"},
		{"Không thời hạn", last, false, "no expiry"},
		{"", last, false, "no date"},
	} {
		if got := date(t, c.date).Ended(c.now); got != c.want {
			t.Errorf("%s: %v", c.sentence, got)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"19901231", "31121990", "31/12/1990", "1/2/1990", "1990-12-31", "1990-12", "12/1990", "1990", "Không thời hạn", "29/02/1900", "00000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			if d != (Date{}) || !errors.Is(err, ErrMalformed) {
				t.Fatalf("%v beside %v", d, err)
			}
			return
		}
		for _, form := range []string{d.String(), d.Printed()} {
			if again, err := ParseDate(form); err != nil || again != d {
				t.Errorf("%q reads as %v, its form %q as %v (%v)", s, d, form, again, err)
			}
		}
		if d.Before(d) || !d.Agrees(d) || !d.Agrees(d.Earliest()) || !d.Agrees(d.Latest()) {
			t.Errorf("%v disagrees with itself", d)
		}
	})
}
