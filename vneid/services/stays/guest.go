package stays

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Source says where a guest's details come from.
type Source uint8

// The sources. Somebody signed what comes from the last three; the first two are text.
const (
	SourceTyped   Source = iota // at the desk, or in a file
	SourcePrinted               // the unsigned text printed on a card
	SourceCode                  // a signed QR code
	SourceChip                  // the chip of a card
	SourceLogin                 // a login with VNeID
)

// sourceNames are the words of the wire, sourceWords those for people.
var (
	sourceNames = [...]string{"typed", "printed", "code", "chip", "login"}
	sourceWords = [...][2]string{
		{"nhập tay, chưa xác thực", "typed, not authenticated"},
		{"chỉ đọc chữ in trên thẻ, chưa xác thực", "only printed text, not authenticated"},
		{"mã QR có chữ ký, đã xác minh", "signed code, verified"},
		{"chip của thẻ, đã xác minh", "the card's chip, verified"},
		{"đăng nhập VNeID, đã xác minh", "login with VNeID, verified"},
	}
)

// Verified reports whether the details were signed by somebody whom the hotel trusts.
// That the person at the desk is the one they are about is for the desk to see.
func (s Source) Verified() bool { return s >= SourceCode && int(s) < len(sourceNames) }

// String is the word of the wire.
func (s Source) String() string {
	if int(s) >= len(sourceNames) {
		return sourceNames[0]
	}
	return sourceNames[s]
}

// Text says it in Vietnamese and English.
func (s Source) Text() (vi, en string) {
	if int(s) >= len(sourceWords) {
		s = 0
	}
	return sourceWords[s][0], sourceWords[s][1]
}

// Guest is who stays (người lưu trú), and how well that is known. A source that is
// verified comes out of verified evidence alone. It prints as the masked number,
// whatever encloses it, and encoders refuse it. The zero value is nobody.
//
// No picture is in it: what a card shows is read and forgotten.
type Guest struct {
	g **guest // two pointers: fmt follows one
}

type guest struct {
	record   vneid.Record
	passport string
	source   Source
}

func newGuest(r vneid.Record, passport string, s Source) Guest {
	// Of all that evidence says, what the notice needs (Law 91/2025: no more).
	g := &guest{passport: passport, source: s, record: vneid.Record{
		ID: r.ID, ForeignerID: r.ForeignerID, OldID: r.OldID, Name: r.Name, Birth: r.Birth, Sex: r.Sex, Nationality: r.Nationality, Residence: r.Residence,
	}}
	return Guest{&g}
}

// FromCode takes the guest from a verified QR code.
func FromCode(c *qr.Credential) Guest { return fromCitizen(c.Citizen(), SourceCode) }

// FromChip takes the guest from the chip of a card.
func FromChip(d *chip.Document) Guest { return fromCitizen(d.Citizen(), SourceChip) }

// FromLogin takes the guest from a login: sso.Identity.Citizen, of a login whose
// Integrity is sso.Signed. What the wires before OpenID Connect said nobody signed:
// hand it on as Typed.
func FromLogin(c vneid.Citizen) Guest { return fromCitizen(c, SourceLogin) }

func fromCitizen(c vneid.Citizen, s Source) Guest {
	if c.IsZero() {
		return Guest{}
	}
	return newGuest(c.Reveal(), "", s)
}

// FromCard takes the guest from the text printed on a card, which nobody signed.
func FromCard(c *qr.Card) Guest { return newGuest(c.Reveal(), "", SourcePrinted) }

// Typed takes what somebody typed. A passport alone is taken for a foreigner's, whose
// stay is declared elsewhere (ForeignerError), unless Nationality says Vietnam.
func Typed(r vneid.Record, passport string) Guest { return newGuest(r, passport, SourceTyped) }

func (g Guest) get() guest {
	if g.g == nil {
		return guest{}
	}
	return **g.g
}

// IsZero reports whether g is nobody.
func (g Guest) IsZero() bool { return g.g == nil }

// Source says where the details come from.
func (g Guest) Source() Source { return g.get().source }

// Name returns the name as the source spells it.
func (g Guest) Name() string { return g.get().record.Name }

// Reveal returns what a notice tells of the guest, as plain data.
func (g Guest) Reveal() (r vneid.Record, passport string) {
	v := g.get()
	return v.record, v.passport
}

// Foreign reports whether the guest is none whose stay is notified here.
func (g Guest) Foreign() bool {
	v := g.get()
	w := servicewire.Stay{Number: number(v.record), Passport: v.passport, Nationality: nation(v.record.Nationality)}
	return v.record.ForeignerID != "" || w.Foreign()
}

// String shows the masked number.
func (g Guest) String() string {
	id, err := vneid.ParseCitizenID(g.get().record.ID)
	switch {
	case g.g == nil:
		return "nobody"
	case err != nil:
		return "guest"
	}
	return fmt.Sprintf("guest %v", id)
}

// Format prints what String shows, whatever the verb and flags.
func (g Guest) Format(f fmt.State, _ rune) { io.WriteString(f, g.String()) }

// LogValue logs what String shows.
func (g Guest) LogValue() slog.Value { return slog.StringValue(g.String()) }

// MarshalText refuses: encode what Reveal returns, or the part of it you keep.
func (g Guest) MarshalText() ([]byte, error) {
	return nil, errors.New("stays: refusing to encode personal data; call Reveal() and encode what it returns")
}
