package document

import (
	"slices"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// below lists the other classes whose vehicles the holder of a class of today may
// drive (Law 36/2024/QH15 Art. 57.1, recalled). Those for trailers (BE, C1E, …) list
// none: the law describes them by the vehicles that tow, and we read no more into it.
var below = map[LicenceClass][]LicenceClass{
	"A":  {"A1"},
	"B1": {"A1"},
	"C1": {"B"},
	"C":  {"B", "C1"},
	"D1": {"B", "C1", "C"},
	"D2": {"B", "C1", "C", "D1"},
	"D":  {"B", "C1", "C", "D1", "D2"},
}

// Includes reports whether a licence of class c that was issued on a day certainly
// entitles to drive what class covers today; class is one of today's classes. A
// conditional entitlement is none, and where there are several readings all of them
// must agree:
//
//   - issued since 2025-01-01: c is class, or one above it
//   - issued before: each class for which c is exchanged, without a condition, is
//     class or one above it. So B1 and B2 include B and not C1, which their holders
//     might choose; B1 số tự động does not include B. The old A1 includes A1: it goes
//     further (under 175 cm³) than today's (125 cm³)
//   - no date of issue: both of these
func (c LicenceClass) Includes(class LicenceClass, issued vneid.Date) bool {
	if issued.IsForever() || !slices.Contains(newClasses, class) {
		return false
	}
	newYear, _ := vneid.NewDate(2025, 1, 1)
	old := issued.IsZero() || issued.Before(newYear)
	today := issued.IsZero() || !old
	return (!old || c.includesOld(class)) && (!today || c.includes(class))
}

func (c LicenceClass) includes(class LicenceClass) bool {
	for _, known := range newClasses {
		if known.key() == c.key() {
			return known == class || slices.Contains(below[known], class)
		}
	}
	return false
}

func (c LicenceClass) includesOld(class LicenceClass) bool {
	if c.key() == "a1" {
		return class == "A1"
	}
	choices := c.Exchanges()
	for _, e := range choices {
		if e.Limit != "" || !e.Class.includes(class) {
			return false
		}
	}
	return len(choices) > 0
}
