package document

import (
	"slices"
	"strconv"
	"strings"
)

// Predicate is a question about a document that has yes or no for an answer, so
// that a relying party need not see what decides it: is the holder of age, may they
// drive this. Predicates are comparable; the zero value asks nothing. AgeAtLeast,
// LicenceIncludes and ParsePredicate make them.
type Predicate struct {
	years int          // of AgeAtLeast
	class LicenceClass // of LicenceIncludes
}

// AgeAtLeast asks whether the holder has completed so many years. An age that
// nobody asks for in earnest, below 1 or above 150, makes the zero Predicate.
func AgeAtLeast(years int) Predicate {
	if years < 1 || years > maxAge {
		return Predicate{}
	}
	return Predicate{years: years}
}

const maxAge = 150

// LicenceIncludes asks whether a driving licence entitles to drive what class
// covers today. Class is one of Law 36/2024/QH15 Art. 57, in any spelling; others,
// those of the old law too, make the zero Predicate.
func LicenceIncludes(class LicenceClass) Predicate {
	for _, known := range newClasses {
		if known.key() == class.key() {
			return Predicate{class: known}
		}
	}
	return Predicate{}
}

// ParsePredicate reads the text that String writes, and no other spelling of it.
func ParsePredicate(text string) (p Predicate, ok bool) {
	if n, found := strings.CutPrefix(text, "age>="); found {
		years, _ := strconv.Atoi(n)
		p = AgeAtLeast(years)
	} else if class, found := strings.CutPrefix(text, "licence:"); found && len(class) <= 3 { // folding copies
		p = LicenceIncludes(LicenceClass(class))
	}
	return p, !p.IsZero() && p.String() == text
}

// IsZero reports whether p asks nothing.
func (p Predicate) IsZero() bool { return p == Predicate{} }

// Years returns the age that AgeAtLeast asks for, else 0.
func (p Predicate) Years() int { return p.years }

// Class returns the class that LicenceIncludes asks for, else "".
func (p Predicate) Class() LicenceClass { return p.class }

// String returns the one text of the question, by which requests and documents name
// it: age>=18, licence:B, and "" for the zero Predicate.
func (p Predicate) String() string {
	switch {
	case p.years > 0:
		return "age>=" + strconv.Itoa(p.years)
	case p.class != "":
		return "licence:" + string(p.class)
	}
	return ""
}

// FitsKind reports whether a document of the kind can answer: a date of birth
// stands on it, or classes do.
func (p Predicate) FitsKind(k Kind) bool {
	switch {
	case p.years > 0:
		return slices.Contains(born, k)
	case p.class != "":
		return k == DriverLicence
	}
	return false
}

// born are the kinds with their holder's date of birth.
var born = []Kind{Identity, ElectronicID, CitizenCard, OldCard, Passport, DriverLicence, HealthInsurance, SocialInsurance, JudicialRecord}
