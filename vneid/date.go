package vneid

import (
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
)

// Date is a civil date that may lack its day, or its day and month; or it is
// the "no expiry" (Không thời hạn) of cards issued after the last milestone.
// The zero value is no date. Dates are comparable with ==.
//
// Its text form, in JSON too, is 1990-12-31, 1990-12, 1990 or Không thời hạn;
// decoders read what ParseDate reads.
type Date struct {
	year       int16
	month, day uint8
	forever    bool
}

// Years outside these bounds are damage, not dates. That nothing before 1300 is
// read also settles eight digits: see ParseDate.
const minYear, maxYear = 1800, 9999

const foreverText = "Không thời hạn"

// NewDate returns the date of a calendar day of the years 1800 to 9999. Day 0,
// or day and month 0, means that the part is not known. It takes what
// time.Time.Date returns: choose the time zone first (Vietnam is UTC+7).
func NewDate(year int, month time.Month, day int) (Date, error) {
	whole := month >= time.January && month <= time.December && day >= 1 && day <= daysIn(year, month)
	partial := day == 0 && month >= 0 && month <= time.December
	if year < minYear || year > maxYear || !whole && !partial {
		return Date{}, fault.New(ErrMalformed, "vneid: no such date")
	}
	return Date{year: int16(year), month: uint8(month), day: uint8(day)}, nil
}

// Forever returns the expiry of a card without one: Không thời hạn.
func Forever() Date { return Date{forever: true} }

func daysIn(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// IsForever reports whether d is Không thời hạn.
func (d Date) IsForever() bool { return d.forever }

// Year returns the year, 0 when d is zero or Forever.
func (d Date) Year() int { return int(d.year) }

// Month returns the month, 0 when d lacks it.
func (d Date) Month() time.Month { return time.Month(d.month) }

// Day returns the day of the month, 0 when d lacks it.
func (d Date) Day() int { return int(d.day) }

// Earliest returns the first day that d can mean: 1990-01-01 for 1990. Zero and
// Forever return themselves.
func (d Date) Earliest() Date {
	if d.year != 0 {
		d.month, d.day = max(d.month, 1), max(d.day, 1)
	}
	return d
}

// Latest returns the last day that d can mean: 1990-12-31 for 1990. Zero and
// Forever return themselves.
func (d Date) Latest() Date {
	if d.year != 0 && d.month == 0 {
		d.month = 12
	}
	if d.year != 0 && d.day == 0 {
		d.day = uint8(daysIn(d.Year(), d.Month()))
	}
	return d
}

// Before reports whether d certainly lies before e: the last day that d can mean
// before the first that e can mean. So 1990 is neither before nor after
// 1990-05. Every date lies before Forever; a zero date before and after nothing.
func (d Date) Before(e Date) bool {
	if d.IsZero() || e.IsZero() || d.forever {
		return false
	}
	return e.forever || d.Latest().ordinal() < e.Earliest().ordinal()
}

// Agrees reports whether d and e can mean the same day: every part that both
// have is equal. A zero date agrees with nothing.
func (d Date) Agrees(e Date) bool {
	return !d.IsZero() && !e.IsZero() && d.forever == e.forever && !d.Before(e) && !e.Before(d)
}

// ordinal orders whole dates.
func (d Date) ordinal() int { return int(d.year)<<9 | int(d.month)<<5 | int(d.day) }

// Age returns the least and the most years that someone born on d can have
// completed on the given day; they differ when a date is partial. So least ≥ 18
// is certainly of age and most < 18 certainly a minor. ok is false, and the ages
// are 0, when either date is missing or the birth lies after the day. Someone born
// on 29 February completes a year on 1 March of other years (our reading).
func (d Date) Age(on Date) (least, most int, ok bool) {
	if d.year == 0 || on.year == 0 || on.Before(d) {
		return 0, 0, false
	}
	years := func(birth, day Date) int {
		n := day.Year() - birth.Year()
		if day.ordinal()&0x1FF < birth.ordinal()&0x1FF { // month and day
			n--
		}
		return max(n, 0)
	}
	return years(d.Latest(), on.Earliest()), years(d.Earliest(), on.Latest()), true
}

// Ended reports whether the last day that d can mean is over in Vietnam (UTC+7)
// at the given instant: a card is valid on the day of its expiry (inferred).
// Forever never ends, and neither does a zero date: that an expiry is missing is
// for the caller to judge.
func (d Date) Ended(now time.Time) bool {
	if d.year == 0 {
		return false
	}
	last := d.Latest()
	return !now.Before(time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, vietnam))
}

// vietnam needs no time zone data: there has been no other offset since 1975.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

// String returns the text form, "" for no date.
func (d Date) String() string { return d.format("%04d-%02d-%02d", "%04d-%02d", false) }

// Printed returns the date as Vietnamese documents print it: 31/12/1990, 12/1990,
// 1990 or Không thời hạn.
func (d Date) Printed() string { return d.format("%02d/%02d/%04d", "%02d/%04d", true) }

func (d Date) format(whole, noDay string, dayFirst bool) string {
	switch {
	case d.forever:
		return foreverText
	case d.year == 0:
		return ""
	case d.month == 0:
		return fmt.Sprintf("%04d", d.year)
	case d.day == 0 && dayFirst:
		return fmt.Sprintf(noDay, d.month, d.year)
	case d.day == 0:
		return fmt.Sprintf(noDay, d.year, d.month)
	case dayFirst:
		return fmt.Sprintf(whole, d.day, d.month, d.year)
	}
	return fmt.Sprintf(whole, d.year, d.month, d.day)
}
