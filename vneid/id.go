package vneid

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unique"

	"github.com/vneid-sdk/vneid-go/internal/fault"
)

// CitizenID is a personal identification number (số định danh cá nhân): twelve
// digits PPP G YY NNNNNN, where PPP says where the birth was registered, G the
// century and sex, YY the last digits of the birth year. There is no check
// digit. The zero value is no number.
//
// A CitizenID is comparable and can be a map key. No way of printing it shows
// more than its last three digits, also when it sits unexported inside another
// struct, and encoders refuse it: call Reveal where the number really must leave
// the program. Decoders accept it.
type CitizenID struct{ h unique.Handle[string] }

// ParseCitizenID reads exactly twelve ASCII digits. It refuses anything else as
// ErrMalformed; a province code or birth year that no table knows is accepted.
func ParseCitizenID(s string) (CitizenID, error) {
	if len(s) != 12 || !digits(s) {
		return CitizenID{}, fault.New(ErrMalformed, "vneid: a personal identification number has twelve digits")
	}
	return CitizenID{unique.Make(s)}, nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// IsZero reports whether id is no number.
func (id CitizenID) IsZero() bool { return id == CitizenID{} }

// Reveal returns the twelve digits, "" for the zero value. It is the one door
// out of the type; what passes it is personal data.
func (id CitizenID) Reveal() string { return reveal(id.h) }

// String shows the last three digits: "*********001". (Six would be the chip's
// access number, nine its document number.)
func (id CitizenID) String() string { return mask(id.Reveal()) }

// Format prints what String shows, whatever the verb and flags.
func (id CitizenID) Format(f fmt.State, _ rune) { io.WriteString(f, id.String()) }

// LogValue logs what String shows.
func (id CitizenID) LogValue() slog.Value { return slog.StringValue(id.String()) }

// MarshalText refuses: a number is written out only through Reveal.
func (id CitizenID) MarshalText() ([]byte, error) { return nil, errReveal }

// UnmarshalText reads what ParseCitizenID reads, and "" as the zero value.
func (id *CitizenID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = CitizenID{}
		return nil
	}
	parsed, err := ParseCitizenID(string(text))
	if err == nil {
		*id = parsed
	}
	return err
}

var errReveal = errors.New("vneid: refusing to encode personal data; call Reveal() and encode what it returns")

func reveal(h unique.Handle[string]) string {
	if h == (unique.Handle[string]{}) {
		return ""
	}
	return h.Value()
}

func mask(s string) string {
	if len(s) < 3 {
		return ""
	}
	return strings.Repeat("*", len(s)-3) + s[len(s)-3:]
}

// OldID is the number of a former people's identity card (CMND): nine digits, or
// twelve on the cards of 2012 to 2016. It hides itself as a CitizenID does.
type OldID struct{ h unique.Handle[string] }

// ParseOldID reads exactly nine or twelve ASCII digits and refuses anything else
// as ErrMalformed.
func ParseOldID(s string) (OldID, error) {
	if len(s) != 9 && len(s) != 12 || !digits(s) {
		return OldID{}, fault.New(ErrMalformed, "vneid: an old identity card number has nine or twelve digits")
	}
	return OldID{unique.Make(s)}, nil
}

// IsZero reports whether id is no number.
func (id OldID) IsZero() bool { return id == OldID{} }

// Reveal returns the digits, "" for the zero value.
func (id OldID) Reveal() string { return reveal(id.h) }

// String shows the last three digits.
func (id OldID) String() string { return mask(id.Reveal()) }

// Format prints what String shows, whatever the verb and flags.
func (id OldID) Format(f fmt.State, _ rune) { io.WriteString(f, id.String()) }

// LogValue logs what String shows.
func (id OldID) LogValue() slog.Value { return slog.StringValue(id.String()) }

// MarshalText refuses: a number is written out only through Reveal.
func (id OldID) MarshalText() ([]byte, error) { return nil, errReveal }

// UnmarshalText reads what ParseOldID reads, and "" as the zero value.
func (id *OldID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = OldID{}
		return nil
	}
	parsed, err := ParseOldID(string(text))
	if err == nil {
		*id = parsed
	}
	return err
}
