package chip

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// MRZFields is what a machine-readable zone says, as plain data. For an Access,
// Birth and Expires are enough, with Document or ID.
type MRZFields struct {
	Passport bool            // false: an identity card
	Document string          // document number; "" on a card: the last nine digits of ID
	ID       vneid.CitizenID // personal number
	Birth    vneid.Date      // may lack day and month
	Expires  vneid.Date      // vneid.Forever: Không thời hạn
	Sex      vneid.Sex
	Surname  string // first word of a Vietnamese name, usually
	Given    string // the rest
}

// LogValue logs that there are fields, and nothing of them.
func (f MRZFields) LogValue() slog.Value { return slog.StringValue("MRZ fields") }

// Compose returns the zone of a Vietnamese document with these fields. Names lose
// their diacritics and are cut at the end of the line (ICAO Doc 9303-3 §4.6).
func (f MRZFields) Compose() (MRZ, error) {
	document, birth, expiry, err := f.keys()
	if err != nil {
		return MRZ{}, err
	}
	surname, given, err := f.names()
	if err != nil {
		return MRZ{}, err
	}
	sex := map[vneid.Sex]string{vneid.Male: "M", vneid.Female: "F", "": "<"}[f.Sex]
	if sex == "" {
		return MRZ{}, malformed("the sex is none")
	}
	name := surname
	if given != "" {
		name += "<<" + given
	}
	id := f.ID.Reveal()
	if f.Passport {
		first := fill("P<VNM"+name, td3.line)
		second := checked(document) + "VNM" + checked(birth) + sex + checked(expiry) + checked(fill(id, td3.personalSize))
		return ParseMRZ(first + second + string(checkDigit(td3.composed(first+second))))
	}
	if id == "" {
		return MRZ{}, malformed("a card needs a personal number")
	}
	lines := "IDVNM" + checked(document) + id + "<<" + string(checkDigit(id))
	lines += checked(birth) + sex + checked(expiry) + "VNM" + strings.Repeat("<", 11)
	return ParseMRZ(lines + string(checkDigit(td1.composed(lines))) + fill(name, td1.line))
}

// Access returns the access by the zone that these fields stand in: document
// number, date of birth and date of expiry are all it takes.
func (f MRZFields) Access() (Access, error) {
	document, birth, expiry, err := f.keys()
	if err != nil {
		return Access{}, err
	}
	return newAccess(accessMRZ, checked(document)+checked(birth)+checked(expiry)), nil
}

// keys returns the three parts of the zone that open a chip.
func (f MRZFields) keys() (document, birth, expiry string, err error) {
	document = f.Document
	if document == "" && !f.Passport && !f.ID.IsZero() {
		document = f.ID.Reveal()[3:]
	}
	if document == "" || len(document) > documentSize || strings.ContainsFunc(document, func(r rune) bool { return r > 'Z' || weight(byte(r)) < 0 }) {
		return "", "", "", malformed("the document number is none")
	}
	if birth = zoneText(f.Birth); birth == "" || f.Birth.IsForever() {
		return "", "", "", malformed("there is no date of birth")
	}
	if expiry = zoneText(f.Expires); !digits(expiry) || expiry == "" {
		return "", "", "", malformed("there is no date of expiry")
	}
	return fill(document, documentSize), birth, expiry, nil
}

// zoneText writes a date as yyMMdd, unknown parts as fillers, "" for none.
func zoneText(d vneid.Date) string {
	switch {
	case d.IsForever():
		return foreverZone
	case d.IsZero():
		return ""
	case d.Month() == 0:
		return fmt.Sprintf("%02d<<<<", d.Year()%100)
	case d.Day() == 0:
		return fmt.Sprintf("%02d%02d<<", d.Year()%100, d.Month())
	}
	return fmt.Sprintf("%02d%02d%02d", d.Year()%100, d.Month(), d.Day())
}

func (f MRZFields) names() (surname, given string, err error) {
	surname, given = zoneName(f.Surname), zoneName(f.Given)
	for _, c := range []byte(surname + given) {
		if c != '<' && (c < 'A' || c > 'Z') {
			return "", "", malformed("a name has a letter that the zone cannot show")
		}
	}
	if surname == "" {
		return "", "", malformed("there is no surname")
	}
	return surname, given, nil
}

// zoneName writes a name in the zone's letters: hyphens and spaces become fillers,
// apostrophes and commas nothing.
func zoneName(name string) string {
	name = strings.NewReplacer("'", "", "\u2019", "", ",", "", ".", "", "-", " ").Replace(strings.ToUpper(viet.Fold(name)))
	return strings.Join(strings.Fields(name), "<")
}

// fill cuts or fills a text to a length.
func fill(s string, n int) string { return (s + strings.Repeat("<", n))[:n] }

// checked appends the check digit.
func checked(s string) string { return s + string(checkDigit(s)) }
