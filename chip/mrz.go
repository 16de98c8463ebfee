package chip

import (
	"crypto/sha1"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unique"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// MRZ is the machine-readable zone of a Vietnamese identity card (TD1, three lines
// of thirty characters) or passport (TD3, two lines of 44) whose check digits
// hold. It is copied from print or from DG1, and proves nothing by itself.
//
//	IDVNM, document number 9, check digit; number 12, <<, its check digit
//	birth yyMMdd, check digit; sex; expiry yyMMdd, check digit; VNM; composite
//	SURNAME<<MIDDLE<GIVEN, no diacritics, cut at 30
//
// The zero value is no zone. An MRZ prints as its masked personal number, and
// compares with ==.
type MRZ struct{ h unique.Handle[string] }

// layout says where things stand in the zone, all lines joined.
type layout struct {
	size, line             int
	name                   [2]int
	document, birth        int // each followed by its check digit
	sex, expiry            int
	nationality, personal  int // of TD1 fifteen characters, its own check digit last (Vietnam's use)
	personalSize, personCD int
	composite              int
	covered                [][2]int // by the composite check digit
}

// The layouts of ICAO Doc 9303-5 §4.2.2 and 9303-4 §4.2.2.
var (
	td1 = layout{90, 30, [2]int{60, 90}, 5, 30, 37, 38, 45, 15, 12, 29, 59,
		[][2]int{{5, 30}, {30, 37}, {38, 45}, {48, 59}}}
	td3 = layout{88, 44, [2]int{5, 44}, 44, 57, 64, 65, 54, 72, 14, 86, 87,
		[][2]int{{44, 54}, {57, 64}, {65, 87}}}
)

const documentSize, dateSize = 9, 6

// ParseMRZ reads a zone of either size, with or without line breaks and
// surrounding white space, and checks every check digit. Anything else, and
// documents of another State, are ErrMalformed.
func ParseMRZ(s string) (MRZ, error) {
	if len(s) > 1024 {
		return MRZ{}, malformed("it is too long")
	}
	text := strings.Join(strings.Fields(s), "")
	l := &td1
	if len(text) == td3.size {
		l = &td3
	}
	if len(text) != l.size {
		return MRZ{}, malformed("neither the three lines of a card nor the two of a passport")
	}
	for i := range len(text) {
		if weight(text[i]) < 0 {
			return MRZ{}, malformed("only capital letters, digits and < may occur")
		}
	}
	if why := l.wrong(text); why != "" {
		return MRZ{}, malformed(why)
	}
	return MRZ{unique.Make(text)}, nil
}

func malformed(why string) error {
	return fault.New(vneid.ErrMalformed, "chip: machine-readable zone: %s", why)
}

// wrong says what is wrong with a zone of the right size and characters.
func (l *layout) wrong(text string) string {
	kind := text[0]
	if l == &td1 && kind != 'I' || l == &td3 && kind != 'P' || text[2:5] != "VNM" {
		return "this is no Vietnamese identity card or passport"
	}
	personal := text[l.personal : l.personal+l.personalSize]
	for _, f := range []struct {
		name, over string
		digit      byte
	}{
		{"document number", text[l.document : l.document+documentSize], text[l.document+documentSize]},
		{"date of birth", text[l.birth : l.birth+dateSize], text[l.birth+dateSize]},
		{"date of expiry", text[l.expiry : l.expiry+dateSize], text[l.expiry+dateSize]},
		{"personal number", personal, text[l.personCD]},
		{"whole zone", l.composed(text), text[l.composite]},
	} {
		empty := f.name == "personal number" && l == &td3 && strings.Trim(personal, "<") == "" && f.digit == '<'
		if checkDigit(f.over) != f.digit && !empty { // ICAO 9303-4 §4.2.2.2 leaves it out where there is no number
			return "the check digit of the " + f.name + " is wrong"
		}
	}
	if l == &td1 && !digits(personal) {
		return "the personal number is not twelve digits"
	}
	if !partialDate(text[l.birth:l.birth+dateSize]) || !digits(text[l.expiry:l.expiry+dateSize]) {
		return "a date has other characters than digits"
	}
	if sex := text[l.sex]; sex != 'M' && sex != 'F' && sex != '<' {
		return "the sex is none of M, F and <"
	}
	return ""
}

func (l *layout) composed(text string) string {
	var b strings.Builder
	for _, part := range l.covered {
		b.WriteString(text[part[0]:part[1]])
	}
	return b.String()
}

// partialDate reports whether yyMMdd has its year, and unknown parts as fillers
// (ICAO Doc 9303-3 §4.8).
func partialDate(s string) bool {
	return digits(s) || digits(s[:4]) && s[4:] == "<<" || digits(s[:2]) && s[2:] == "<<<<"
}

// checkDigit weighs characters 7, 3, 1, 7, … modulo ten (ICAO 9303-3 §4.9).
func checkDigit(s string) byte {
	sum := 0
	for i := range len(s) {
		sum += weight(s[i]) * [...]int{7, 3, 1}[i%3]
	}
	return byte('0' + sum%10)
}

func weight(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	case c == '<':
		return 0
	}
	return -1
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// IsZero reports whether m is no zone.
func (m MRZ) IsZero() bool { return m == MRZ{} }

// read returns the zone and where things stand in it; "" for the zero value.
func (m MRZ) read() (string, *layout) {
	if m.IsZero() {
		return "", &td1
	}
	text := m.h.Value()
	if len(text) == td3.size {
		return text, &td3
	}
	return text, &td1
}

// Reveal returns the lines, joined by line feeds; "" for the zero value.
func (m MRZ) Reveal() string {
	text, l := m.read()
	var lines []string
	for ; text != ""; text = text[l.line:] {
		lines = append(lines, text[:l.line])
	}
	return strings.Join(lines, "\n")
}

// Fields returns what the zone says. It composes to the same zone again, except
// for names, which a zone cuts.
func (m MRZ) Fields() MRZFields {
	text, l := m.read()
	if text == "" {
		return MRZFields{}
	}
	surname, given, _ := strings.Cut(text[l.name[0]:l.name[1]], "<<")
	f := MRZFields{
		Passport: l == &td3,
		Document: strings.TrimRight(text[l.document:l.document+documentSize], "<"),
		Surname:  words(surname), Given: words(given),
		Sex: map[byte]vneid.Sex{'M': vneid.Male, 'F': vneid.Female}[text[l.sex]],
	}
	f.ID, _ = vneid.ParseCitizenID(strings.TrimRight(text[l.personal:l.personal+l.personalSize], "<"))
	if f.ID.BirthYear() != 0 {
		f.Birth = zoneDate(f.ID.BirthYear()/100*100, text[l.birth:l.birth+dateSize])
	}
	f.Expires = zoneDate(2000, text[l.expiry:l.expiry+dateSize])
	if text[l.expiry:l.expiry+dateSize] == foreverZone && !f.Passport {
		f.Expires = vneid.Forever()
	}
	return f
}

// foreverZone is how cards print Không thời hạn, as far as public specimens show.
const foreverZone = "991231"

func words(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '<' }), " ")
}

// zoneDate reads yyMMdd in a century; zero if there is no such day.
func zoneDate(century int, s string) vneid.Date {
	part := func(i int) (n int) {
		if s[i] != '<' {
			n = int(s[i]-'0')*10 + int(s[i+1]-'0')
		}
		return n
	}
	d, err := vneid.NewDate(century+part(0), time.Month(part(2)), part(4))
	if err != nil {
		return vneid.Date{}
	}
	return d
}

// ID returns the personal identification number (số định danh cá nhân); zero if
// the zone has none, as passports may.
func (m MRZ) ID() vneid.CitizenID { return m.Fields().ID }

// Name returns the name as printed: upper case, no diacritics, fillers as
// spaces, cut at the end of its line. Compare it with vneid.CompareNames.
func (m MRZ) Name() string {
	text, l := m.read()
	if text == "" {
		return ""
	}
	return words(text[l.name[0]:l.name[1]])
}

// Sex returns the printed sex, empty when it is left open.
func (m MRZ) Sex() vneid.Sex { return m.Fields().Sex }

// Birth returns the date of birth. The zone has two digits of its year; the
// century is that of the personal number, and without one the date is zero.
func (m MRZ) Birth() vneid.Date { return m.Fields().Birth }

// Expires returns the date of expiry. Cards without one print 31 December 99
// (inferred), which is read as Không thời hạn.
func (m MRZ) Expires() vneid.Date { return m.Fields().Expires }

// State returns the issuing State, VNM; "" for the zero value.
func (m MRZ) State() string {
	text, _ := m.read()
	if text == "" {
		return ""
	}
	return text[2:5]
}

// Nationality returns the nationality as ICAO writes it, VNM.
func (m MRZ) Nationality() string {
	text, l := m.read()
	if text == "" {
		return ""
	}
	return words(text[l.nationality : l.nationality+3])
}

// documentType returns the document code without fillers: ID, P.
func (m MRZ) documentType() string {
	text, _ := m.read()
	if text == "" {
		return ""
	}
	return strings.TrimRight(text[:2], "<")
}

// Access returns the access by this zone. It opens chips that speak PACE or BAC.
func (m MRZ) Access() Access {
	text, l := m.read()
	if text == "" {
		return Access{}
	}
	key := ""
	for _, at := range []struct{ from, size int }{{l.document, documentSize}, {l.birth, dateSize}, {l.expiry, dateSize}} {
		key += text[at.from : at.from+at.size+1]
	}
	return newAccess(accessMRZ, key)
}

// password returns what PACE takes for the access (ICAO Doc 9303-11 Table 14).
func (a *access) password() []byte {
	if a.kind == accessCAN {
		return []byte(a.text)
	}
	sum := sha1.Sum([]byte(a.text))
	return sum[:]
}

// String shows the masked personal number.
func (m MRZ) String() string { return "MRZ " + m.ID().String() }

// Format prints what String shows, whatever the verb and flags.
func (m MRZ) Format(f fmt.State, _ rune) { io.WriteString(f, m.String()) }

// LogValue logs what String shows.
func (m MRZ) LogValue() slog.Value { return slog.StringValue(m.String()) }

// MarshalText refuses: encode what Reveal returns.
func (m MRZ) MarshalText() ([]byte, error) { return nil, errReveal }
