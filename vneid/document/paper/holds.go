package paper

import (
	"reflect"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Holds answers a question about a paper as of a day in Vietnam (UTC+7): true only
// if it is true for every day that an incomplete date can mean and by every reading
// of a class. So false says "not certainly", and nothing about why.
func Holds(p document.Predicate, of Paper, on vneid.Date) bool {
	if v := reflect.ValueOf(of); v.Kind() == reflect.Pointer { // what is said of a pointer to a paper holds for it
		if v.IsNil() {
			return false
		}
		of, _ = v.Elem().Interface().(Paper)
	}
	if of == nil || on.Year() == 0 || !p.FitsKind(of.Kind()) {
		return false
	}
	switch licence, ok := of.(DriverLicence); {
	case p.Years() > 0:
		least, _, known := birth(of).Age(on)
		return known && least >= p.Years()
	default:
		return ok && licence.includes(p.Class(), on)
	}
}

func birth(of Paper) vneid.Date {
	for name, field := range members(reflect.ValueOf(of)) {
		if name == "birth" {
			d, _ := field.Interface().(vneid.Date)
			return d
		}
	}
	return vneid.Date{}
}

// includes reports whether the licence certainly entitles to drive class on a day:
// it is issued, a class that includes it is not over and has no condition, and there
// are points left or the licence says nothing of them. A class of which no expiry is
// known may be over.
func (p DriverLicence) includes(class document.LicenceClass, on vneid.Date) bool {
	if p.Points != nil && *p.Points <= 0 || p.Issued.Year() != 0 && on.Earliest().Before(p.Issued.Latest()) {
		return false
	}
	for _, held := range p.Classes {
		until := held.Expires
		if until.IsZero() {
			until = p.Expires
		}
		over := until.IsZero() || until.Earliest().Before(on.Latest())
		if !over && held.Limit == "" && held.Class.Includes(class, p.Issued) {
			return true
		}
	}
	return false
}
