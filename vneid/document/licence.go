package document

import (
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// LicenceClass is a class of driving licence (hạng giấy phép lái xe), such as B2
// or "B1 số tự động". The law of 2025-01-01 replaced the classes and kept some of
// the letters for other vehicles: A1, B1, C and D mean one thing on a licence of
// 2024 and another on one of 2025. So a class is understood only with the date of
// issue; licences of the old classes stay valid as they are.
type LicenceClass string

var (
	oldClasses = []LicenceClass{"A1", "A2", "A3", "A4", "B1 số tự động", "B1", "B2", "C", "D", "E", "FB2", "FC", "FD", "FE"}
	newClasses = []LicenceClass{"A1", "A", "B1", "B", "C1", "C", "D1", "D2", "D", "BE", "C1E", "CE", "D1E", "D2E", "DE"}
)

// LicenceClasses returns the classes in which licences were issued on a day: those
// of Law 23/2008/QH12 until the end of 2024, those of Law 36/2024/QH15 Art. 57 since.
// It returns nil when the date is missing or may be either side.
func LicenceClasses(issued vneid.Date) []LicenceClass {
	newYear, _ := vneid.NewDate(2025, 1, 1)
	switch {
	case issued.Year() == 0:
		return nil
	case issued.Before(newYear):
		return slices.Clone(oldClasses)
	}
	return slices.Clone(newClasses)
}

// IssuedOn reports whether licences of class c were issued on a day.
func (c LicenceClass) IssuedOn(issued vneid.Date) bool {
	for _, known := range LicenceClasses(issued) {
		if known.key() == c.key() {
			return true
		}
	}
	return false
}

// key makes spellings of a class equal: b2, B2, "B1 (số tự động)".
func (c LicenceClass) key() string {
	return strings.Join(strings.FieldsFunc(viet.Fold(string(c)), func(r rune) bool { return strings.ContainsRune(" ().-", r) }), " ")
}

// Exchange is a new class for which a licence of an old one is exchanged.
type Exchange struct {
	Class LicenceClass
	Limit string // a condition of the new licence, in English; usually empty
}

// exchanges follow Law 36/2024/QH15 Art. 89; those of E and of the F classes are
// recalled, and that A4 (tractors up to 1,000 kg) has no new class.
var exchanges = map[string][]Exchange{
	"a1": {{"A", "motorcycles under 175 cm³ or 14 kW"}}, "a2": {{"A", ""}}, "a3": {{"B1", ""}},
	"b1 so tu dong": {{"B", "automatic gearbox"}}, "b1": {{"B", ""}, {"C1", ""}}, "b2": {{"B", ""}, {"C1", ""}},
	"c": {{"C", ""}}, "d": {{"D2", ""}}, "e": {{"D", ""}},
	"fb2": {{"BE", ""}}, "fc": {{"CE", ""}}, "fd": {{"D2E", ""}}, "fe": {{"DE", ""}},
}

// Exchanges returns the classes of today for which a licence of class c, issued
// before 2025, is exchanged; the holder chooses where there are several. It is
// empty for classes that are not of the old law.
func (c LicenceClass) Exchanges() []Exchange { return slices.Clone(exchanges[c.key()]) }
