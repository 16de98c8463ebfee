package calendar

import (
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func day(t *testing.T, s string) vneid.Date {
	t.Helper()
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDaysThatAreWorked(t *testing.T) {
	c := Vietnam()
	for s, want := range map[string]bool{
		"2026-11-20": true,  // a Friday
		"2026-11-21": false, // a Saturday
		"2026-11-22": false, // a Sunday
		"2024-02-29": true,  // a Thursday that other years lack
		"2028-02-29": true,
		// fixed days, and what they leave when they fall on a weekend
		"2023-01-01": false, "2023-01-02": false, "2023-01-03": true,
		"2026-01-01": false,
		"2027-04-30": false, "2027-05-01": false, "2027-05-03": false, "2027-05-04": true,
		"2028-04-30": false, "2028-05-01": false, "2028-05-02": false, "2028-05-03": true, // a Sunday before the other day
		"2022-04-30": false, "2022-05-01": false, "2022-05-02": false, "2022-05-03": false, "2022-05-04": true, // both
		"2029-09-02": false, "2029-09-03": false, "2029-09-04": true,
		// Tết, and the days around it
		"2026-02-13": true, "2026-02-16": false, "2026-02-20": false, "2026-02-23": true,
		"2025-01-24": true, "2025-01-27": false, "2025-02-03": true,
		"2024-02-07": true, "2024-02-14": false, "2024-02-15": true,
		// an exchange, both ways
		"2024-04-29": false, "2024-05-04": true, "2024-05-11": false,
		"2025-04-26": true, "2025-05-02": false,
		"2026-08-22": true, "2026-08-31": false, "2026-09-01": false, "2026-09-03": true,
		"2023-05-02": false, "2023-05-03": false, "2023-05-04": true,
	} {
		if got := c.Working(day(t, s)); got != want {
			row, _ := c.Why(day(t, s))
			t.Errorf("%s (%v, %q): worked %v", s, Start(day(t, s)).Weekday(), row.Name, got)
		}
	}
	if c.Working(day(t, "2026-11")) || c.Working(vneid.Date{}) {
		t.Error("a date without its day is worked")
	}
}

func TestDeadlinesEndWithTheLastSecondOfAWorkingDay(t *testing.T) {
	c := Vietnam()
	for name, x := range map[string]struct {
		from string
		n    int
		want string
	}{
		"a Monday morning":                          {"2026-11-23T08:00:00+07:00", 3, "2026-11-26T23:59:59+07:00"},
		"a Friday evening":                          {"2026-11-20T23:59:59+07:00", 3, "2026-11-25T23:59:59+07:00"},
		"two seconds later, on the Saturday":        {"2026-11-21T00:00:01+07:00", 3, "2026-11-25T23:59:59+07:00"},
		"a Sunday night, still Sunday in Vietnam":   {"2026-11-22T16:59:59Z", 3, "2026-11-25T23:59:59+07:00"},
		"a Sunday in London, a Monday in Vietnam":   {"2026-11-22T17:00:00Z", 3, "2026-11-26T23:59:59+07:00"},
		"seven days":                                {"2026-11-20T10:00:00+07:00", 7, "2026-12-01T23:59:59+07:00"},
		"fifteen days, over New Year":               {"2026-12-18T10:00:00+07:00", 15, "2027-01-11T23:59:59+07:00"},
		"the last day before Tết":                   {"2026-02-13T16:30:00+07:00", 3, "2026-02-25T23:59:59+07:00"},
		"in the middle of Tết":                      {"2026-02-18T09:00:00+07:00", 3, "2026-02-25T23:59:59+07:00"},
		"a Saturday that is worked counts":          {"2026-08-20T09:00:00+07:00", 3, "2026-08-24T23:59:59+07:00"},
		"received on a Saturday that is worked":     {"2026-08-22T09:00:00+07:00", 3, "2026-08-26T23:59:59+07:00"},
		"over 29 February":                          {"2024-02-27T09:00:00+07:00", 3, "2024-03-01T23:59:59+07:00"},
		"the same days in a year without that day":  {"2026-02-25T09:00:00+07:00", 3, "2026-03-02T23:59:59+07:00"},
		"over the turn of Decree 69":                {"2024-06-28T17:00:00+07:00", 3, "2024-07-03T23:59:59+07:00"},
		"over the end of the districts":             {"2025-06-30T17:00:00+07:00", 3, "2025-07-03T23:59:59+07:00"},
		"Hùng Kings, 30 April and 1 May in one row": {"2023-04-28T08:00:00+07:00", 3, "2023-05-08T23:59:59+07:00"},
	} {
		from, err := time.Parse(time.RFC3339, x.from)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Deadline(from, x.n)
		if err != nil || got.Format(time.RFC3339) != x.want {
			t.Errorf("%s: %v %v, want %s", name, got.Format(time.RFC3339), err, x.want)
		}
	}
}

func TestOneDayIsOneDay(t *testing.T) {
	from := time.Date(2026, 11, 21, 9, 0, 0, 0, zone) // a Saturday: the app has no weekend
	if got := from.Add(LevelOne); got.Sub(from) != 24*time.Hour {
		t.Error(got)
	}
}

func TestACalendarOfOnesOwn(t *testing.T) {
	culture := Row{From: day(t, "2026-11-24"), Name: "Ngày Văn hóa Việt Nam", Source: "a consumer's own", Certainty: Assumed}
	with, err := New(append(Vietnam().Rows(), culture))
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range map[*Calendar]string{Vietnam(): "2026-11-24", with: "2026-11-25"} {
		if got, err := c.AddWorkingDays(day(t, "2026-11-23"), 1); err != nil || got != day(t, want) {
			t.Errorf("%v %v, want %s", got, err, want)
		}
	}
	if !with.Covers(2026) || with.Covers(2028) {
		t.Error("the wrong years are covered")
	}
	var zero Calendar
	if zero.Working(day(t, "2026-11-22")) || !zero.Working(day(t, "2026-01-01")) {
		t.Error("the zero calendar knows weekends alone")
	}
}

func TestRowsThatCannotBeAreRefused(t *testing.T) {
	good := Row{From: day(t, "2026-11-24"), Source: "x", Certainty: Assumed}
	if _, err := New([]Row{good}); err != nil {
		t.Fatal(err)
	}
	edit := func(f func(*Row)) []Row {
		r := good
		f(&r)
		return []Row{r}
	}
	for name, rows := range map[string][]Row{
		"a month":                 edit(func(r *Row) { r.From = day(t, "2026-11") }),
		"an end before the begin": edit(func(r *Row) { r.To = day(t, "2026-11-23") }),
		"two months":              edit(func(r *Row) { r.To = day(t, "2027-01-24") }),
		"no source":               edit(func(r *Row) { r.Source = "" }),
		"no certainty":            edit(func(r *Row) { r.Certainty = "" }),
		"a Tuesday in exchange":   edit(func(r *Row) { r.Works = true }),
		"one day twice":           {good, good},
	} {
		if _, err := New(rows); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestNumbersOfDaysThatCannotBeAreRefused(t *testing.T) {
	c := Vietnam()
	for _, n := range []int{0, -1, 1001} {
		if _, err := c.AddWorkingDays(day(t, "2026-11-23"), n); err == nil {
			t.Errorf("%d days", n)
		}
	}
	if _, err := c.AddWorkingDays(day(t, "2026"), 1); err == nil {
		t.Error("a year is no day")
	}
}

// The decisions give so many days off that fall on no weekend: counted by hand from the
// law's eleven days a year, and what was exchanged.
func TestEveryYearHasItsElevenDays(t *testing.T) {
	c := Vietnam()
	for year := 2023; year <= 2027; year++ {
		off, worked := 0, 0
		for d := on(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006-01-02")); d.Year() == year; d = Add(d, 1) {
			if weekend(d) && c.Working(d) {
				worked++
			}
			if !weekend(d) && !c.Working(d) {
				off++
			}
		}
		if off-worked != 11 {
			t.Errorf("%d: %d weekdays off, %d weekend days worked", year, off, worked)
		}
		if !c.Covers(year) {
			t.Errorf("%d is not covered", year)
		}
	}
}
