package chip

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// MRZ is the machine-readable zone of a TD1 card: three lines of thirty
// characters whose check digits hold. It is copied from print or from DG1, and
// proves nothing by itself.
//
//	IDVNM, document number 9, check digit; number 12, <<, its check digit
//	birth yyMMdd, check digit; sex; expiry yyMMdd, check digit; VNM; composite
//	SURNAME<<MIDDLE<GIVEN, no diacritics, cut at 30
//
// The zero value is no zone. An MRZ prints as its masked personal number.
type MRZ struct{ text string } // 90 characters

const (
	lineLength  = 30
	documentEnd = 14 // 5–14 document number, 14 its check digit
	numberStart = 15
)

// ParseMRZ reads three lines of thirty characters, with or without line breaks
// and surrounding white space, and checks every check digit. Anything else, and
// documents of another State, are ErrMalformed.
func ParseMRZ(s string) (MRZ, error) {
	text := strings.Join(strings.Fields(s), "")
	if len(text) != 3*lineLength {
		return MRZ{}, malformed("three lines of thirty characters are needed")
	}
	for i := range len(text) {
		if weight(text[i]) < 0 {
			return MRZ{}, malformed("only capital letters, digits and < may occur")
		}
	}
	m := MRZ{text}
	if text[0] != 'I' || text[2:5] != "VNM" {
		return MRZ{}, malformed("this is not a Vietnamese identity card")
	}
	for _, f := range m.checked() {
		if checkDigit(f.over) != f.digit {
			return MRZ{}, malformed("the check digit of the " + f.name + " is wrong")
		}
	}
	if _, err := vneid.ParseCitizenID(text[numberStart : numberStart+12]); err != nil {
		return MRZ{}, malformed("the personal number is not twelve digits")
	}
	if !digits(text[30:36]) || !digits(text[38:44]) {
		return MRZ{}, malformed("a date has other characters than digits")
	}
	if sex := text[37]; sex != 'M' && sex != 'F' && sex != '<' {
		return MRZ{}, malformed("the sex is none of M, F and <")
	}
	return m, nil
}

func malformed(why string) error {
	return fault.New(vneid.ErrMalformed, "chip: machine-readable zone: %s", why)
}

type checkedField struct {
	name, over string
	digit      byte
}

// checked lists what each check digit covers (ICAO 9303-5 §4.2.2). The fourth is
// Vietnam's own: the optional data ends with a check digit of the number.
func (m MRZ) checked() []checkedField {
	t := m.text
	return []checkedField{
		{"document number", t[5:documentEnd], t[documentEnd]},
		{"date of birth", t[30:36], t[36]},
		{"date of expiry", t[38:44], t[44]},
		{"personal number", t[numberStart : numberStart+12], t[29]},
		{"whole zone", t[5:30] + t[30:37] + t[38:45] + t[48:59], t[59]},
	}
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
func (m MRZ) IsZero() bool { return m.text == "" }

// Reveal returns the three lines, joined by line feeds; "" for the zero value.
func (m MRZ) Reveal() string {
	if m.IsZero() {
		return ""
	}
	return m.text[:30] + "\n" + m.text[30:60] + "\n" + m.text[60:]
}

// ID returns the personal identification number (số định danh cá nhân).
func (m MRZ) ID() vneid.CitizenID {
	if m.IsZero() {
		return vneid.CitizenID{}
	}
	id, _ := vneid.ParseCitizenID(m.text[numberStart : numberStart+12])
	return id
}

// Name returns the name as printed: upper case, no diacritics, fillers as
// spaces, cut at thirty characters. Compare it with vneid.CompareNames.
func (m MRZ) Name() string {
	if m.IsZero() {
		return ""
	}
	return strings.Join(strings.FieldsFunc(m.text[60:], func(r rune) bool { return r == '<' }), " ")
}

// Sex returns the printed sex, empty when it is left open.
func (m MRZ) Sex() vneid.Sex {
	if !m.IsZero() {
		switch m.text[37] {
		case 'M':
			return vneid.Male
		case 'F':
			return vneid.Female
		}
	}
	return ""
}

// String shows the masked personal number.
func (m MRZ) String() string { return "MRZ " + m.ID().String() }

// Format prints what String shows, whatever the verb and flags.
func (m MRZ) Format(f fmt.State, _ rune) { io.WriteString(f, m.String()) }

// LogValue logs what String shows.
func (m MRZ) LogValue() slog.Value { return slog.StringValue(m.String()) }
