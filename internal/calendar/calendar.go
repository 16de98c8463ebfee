// Package calendar counts the working days of Vietnam's authorities, in UTC+7.
//
// A period in days does not count the day it begins on (Civil Code 2015 Art. 147.2) and
// ends with the end of its last day (Art. 148.2), here its last second. A working day is
// a day from Monday to Friday that is no public holiday, or a Saturday that a year's
// decision made one in exchange.
//
// # The table
//
// Rows are data, and each says where it comes from and how sure that is:
//
//	Law       a fixed day: 1 January, 30 April, 1 May, 2 September, and the weekday after
//	          one of them that falls on a weekend (Labour Code 2019 Art. 111.3, 112.1)
//	Press     read in press reports of the year's decision
//	Recalled  remembered, not found in a source here
//	Assumed   not decided when this was written: the pattern of former years
//
// Tết and the Hùng Kings' day follow the lunar calendar, and the dates here are those of
// the Vietnamese one, by the meridian of 105° E. Years without rows have the fixed days
// alone: Covers tells them. 24 November (Ngày Văn hóa Việt Nam) is not in the table:
// Resolution 80-NQ/TW of January 2026 means it to be a holiday (press), and no law that
// makes it one was found. Whoever knows better makes a Calendar of their own rows.
package calendar

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// zone is Vietnam's time, which has no summer time.
var zone = time.FixedZone("UTC+7", 7*60*60)

// Certainty says how sure a row is.
type Certainty string

// The certainties: see the package comment.
const (
	Law      Certainty = "law"
	Press    Certainty = "press"
	Recalled Certainty = "recalled"
	Assumed  Certainty = "assumed"
)

// Row is some days in a row that are off, or worked in exchange.
type Row struct {
	From, To  vneid.Date // both included; a zero To is From
	Works     bool       // a weekend's day that is worked (làm bù)
	Name      string     // in Vietnamese
	Source    string
	Certainty Certainty
}

// Calendar knows which days are worked. The zero value knows weekends and nothing else.
type Calendar struct {
	rows  []Row
	days  map[vneid.Date]*Row
	fixed bool
}

// Vietnam returns the calendar of the package's table.
func Vietnam() *Calendar {
	c, err := New(table())
	if err != nil {
		return &Calendar{} // a test keeps the table whole
	}
	return c
}

// New returns a calendar of rows, beside weekends and the fixed days. No day may stand
// in two rows.
func New(rows []Row) (*Calendar, error) {
	c := &Calendar{rows: slices.Clone(rows), days: map[vneid.Date]*Row{}, fixed: true}
	for i := range c.rows {
		r := &c.rows[i]
		if r.To.IsZero() {
			r.To = r.From
		}
		if r.From.Day() == 0 || r.To.Day() == 0 || r.To.Before(r.From) || Sub(r.To, r.From) > 31 {
			return nil, fmt.Errorf("calendar: row %d has no days", i)
		}
		if r.Source == "" || r.Certainty == "" {
			return nil, fmt.Errorf("calendar: row %d does not say where it comes from", i)
		}
		for d := r.From; !r.To.Before(d); d = Add(d, 1) {
			if c.days[d] != nil {
				return nil, fmt.Errorf("calendar: %v stands in two rows", d)
			}
			if r.Works && !weekend(d) {
				return nil, fmt.Errorf("calendar: %v is worked in exchange and no weekend", d)
			}
			c.days[d] = r
		}
	}
	return c, nil
}

// Rows returns the table that the calendar was made of.
func (c *Calendar) Rows() []Row { return slices.Clone(c.rows) }

// Covers reports whether there are rows for the year: else Tết is missing in it.
func (c *Calendar) Covers(year int) bool {
	return slices.ContainsFunc(c.rows, func(r Row) bool { return r.From.Year() == year })
}

// Working reports whether a day is worked. A date that lacks its day is not.
func (c *Calendar) Working(day vneid.Date) bool {
	if day.Day() == 0 {
		return false
	}
	if r := c.days[day]; r != nil {
		return r.Works
	}
	return !weekend(day) && (!c.fixed || !holiday(day))
}

// Why returns the name and source of the row that makes a day what it is; false for an
// ordinary day or weekend.
func (c *Calendar) Why(day vneid.Date) (Row, bool) {
	if r := c.days[day]; r != nil {
		return *r, true
	}
	if c.fixed && day.Day() != 0 && holiday(day) {
		return Row{From: day, To: day, Name: "Ngày nghỉ lễ cố định", Source: "Bộ luật Lao động 2019 Art. 111.3, 112.1", Certainty: Law}, true
	}
	return Row{}, false
}

// most is how far AddWorkingDays looks: no calendar is off for ten years.
const most = 3660

// AddWorkingDays returns the n-th working day after a day; n is at least 1.
func (c *Calendar) AddWorkingDays(day vneid.Date, n int) (vneid.Date, error) {
	if day.Day() == 0 || n < 1 || n > 1000 {
		return vneid.Date{}, errors.New("calendar: no day, or no number of days")
	}
	for range most {
		day = Add(day, 1)
		if c.Working(day) {
			if n--; n == 0 {
				return day, nil
			}
		}
	}
	return vneid.Date{}, errors.New("calendar: nobody works")
}

// Deadline is the last second of the n-th working day after the day of an instant.
func (c *Calendar) Deadline(from time.Time, n int) (time.Time, error) {
	day, err := c.AddWorkingDays(Day(from), n)
	if err != nil {
		return time.Time{}, err
	}
	return End(day), nil
}

// The periods of registration. One day has no weekend in it: "không quá 1 ngày" is read
// strictly, as 24 hours, since the app takes requests on every day.
const (
	LevelOne         = 24 * time.Hour
	LevelTwoDays     = 3  // working days, with a card
	FirstCardDays    = 7  // working days, together with a first card
	OrganisationDays = 3  // when the registers have what is needed
	VerificationDays = 15 // when it has to be verified
)

// Day is the day of an instant in Vietnam.
func Day(t time.Time) vneid.Date {
	t = t.In(zone)
	return date(t.Year(), t.Month(), t.Day())
}

// Start is the first instant of a day, End its last second.
func Start(d vneid.Date) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
}

// End is the last second of a day.
func End(d vneid.Date) time.Time { return Start(Add(d, 1)).Add(-time.Second) }

// Add returns the day n days later.
func Add(d vneid.Date, n int) vneid.Date {
	t := time.Date(d.Year(), d.Month(), d.Day()+n, 0, 0, 0, 0, time.UTC)
	return date(t.Year(), t.Month(), t.Day())
}

// Sub is the number of days from e to d.
func Sub(d, e vneid.Date) int {
	return int(time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC).Sub(time.Date(e.Year(), e.Month(), e.Day(), 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}

// date is NewDate of what time.Time made: always a day.
func date(y int, m time.Month, d int) vneid.Date {
	out, err := vneid.NewDate(y, m, d)
	if err != nil {
		return vneid.Date{}
	}
	return out
}

func weekend(d vneid.Date) bool {
	w := Start(d).Weekday()
	return w == time.Saturday || w == time.Sunday
}

// holiday reports whether a day is one of the fixed days, or off instead of one that
// fell on a weekend. 30 April and 1 May stand side by side, and so may need two days.
func holiday(d vneid.Date) bool {
	if fixed(d) {
		return true
	}
	owed := 0
	for back := Add(d, -4); back.Before(d); back = Add(back, 1) {
		switch {
		case fixed(back) && weekend(back):
			owed++
		case !fixed(back) && !weekend(back) && owed > 0:
			owed--
		}
	}
	return owed > 0 && !weekend(d)
}

func fixed(d vneid.Date) bool {
	m, day := d.Month(), d.Day()
	return m == time.January && day == 1 || m == time.April && day == 30 || m == time.May && day == 1 || m == time.September && day == 2
}
