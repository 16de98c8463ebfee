package qr

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Card is what the text printed on an identity card says (mã QR in trên thẻ).
// Nobody signed it: anyone can print any text, so a Card has no way to become a
// vneid.Citizen. Use it to fill in a form that something else verifies.
//
// It prints as its masked number, whatever encloses it, and encoders refuse it.
// The zero value is empty.
type Card struct{ d **cardText } // two pointers: see Credential

type cardText struct {
	self   Card
	me     *cardText // what self points to
	record vneid.Record
	model  int
	extra  []string
	damage []Warning
	intact bool // a Vietnamese letter has come through
}

// What a card's text may be at most, and how many fields it has.
const (
	maxCard   = 2048 // bytes
	minFields = 7
	maxFields = 16
	fields24  = 10 // the fewest on a card of 2024
)

// The issuers that the cards print.
const (
	issuer2021 = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
	issuer2024 = "Bộ Công an"
)

// newModel is when cards of the 2024 model began (Luật Căn cước, Circular
// 16/2024/TT-BCA).
var newModel, _ = vneid.NewDate(2024, 7, 1)

// ParseCard reads the text of a card's QR code:
//
//	number | CMND or empty | name | birth | Nam/Nữ | address | issued | more…
//
// Seven fields are the CCCD of 2021, ten or more the Căn cước of 2024; the first
// seven mean the same, dates are ddMMyyyy. The head is read strictly: what is not
// a number, a calendar day or a sex is vneid.ErrMalformed. The tail is kept as it
// stands (Extra), since its order is not public. At most 16 fields and 2 KiB.
//
// What readers do to the text on its way is undone where that is certain: byte
// order mark, line ends and tabs around it, decomposed letters, UTF-8 read as
// Big5, Shift-JIS or Latin-1, letters retyped as Telex or VNI. Exact and Warnings
// say when it happened. Telex looks like names of some minorities (Siu Bar), so it
// is undone only if the sex or the address came as its keys too.
func ParseCard(text string) (*Card, error) {
	c := &cardText{}
	if err := c.parse(text); err != nil {
		return nil, fault.Prefix("qr", err)
	}
	c.me, c.self.d = c, &c.me
	return &c.self, nil
}

func (c *cardText) parse(text string) error {
	if len(text) > maxCard {
		return malformed("the text is too long for a card")
	}
	if !utf8.ValidString(text) {
		return malformed("the card text is not UTF-8")
	}
	text = viet.NFC(c.decode(trim(text)))
	c.intact = viet.Accented(text)
	if strings.ContainsFunc(text, func(r rune) bool { return r != unicode.ReplacementChar && hidden(r) }) {
		return malformed("the card text has control or invisible characters")
	}
	fields := strings.Split(text, "|")
	if n := len(fields); n == minFields+1 && fields[n-1] == "" {
		fields = fields[:minFields] // a separator at the end
	}
	if len(fields) < minFields || len(fields) > maxFields {
		return malformed("the card text does not have 7 to 16 fields")
	}
	if err := c.head(fields[:minFields]); err != nil {
		return err
	}
	c.tail(fields[minFields:])
	return nil
}

// head reads the seven fields that both models share.
func (c *cardText) head(f []string) (err error) {
	r := &c.record
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	if !isDigits(f[0], 12) {
		return malformed("the card's number does not have twelve digits")
	}
	if !isDigits(f[1], 0, 9, 12) {
		return malformed("the card's old number does not have nine or twelve digits")
	}
	r.ID, r.OldID = f[0], f[1]
	if r.Birth, err = vneid.ParseDate(f[3], "ddMMyyyy"); err != nil {
		return malformed("the card's date of birth is not a day")
	}
	if r.CardIssued, err = vneid.ParseDate(f[6], "ddMMyyyy"); err != nil {
		return malformed("the card's date of issue is not a day")
	}
	if r.Sex, err = c.sex(f[4]); err != nil { // first: it tells how the others came
		return err
	}
	r.Residence.AsOf = r.CardIssued
	r.Name, r.Residence.Text, err = c.names(f[2], f[5])
	return err
}

// sex reads the one word that is always there, and tells by it what happened to
// letters on the way.
func (c *cardText) sex(s string) (vneid.Sex, error) {
	switch strings.ToLower(s) {
	case "nam":
		return vneid.Male, nil
	case "nữ":
		return vneid.Female, nil
	case "nu":
		c.warn("accents-lost")
	case "nuwx":
		c.warn("retyped-telex")
	case "nu74":
		c.warn("retyped-vni")
	case "n?", "n\ufffd":
		c.warn("characters-lost")
	default:
		return "", malformed("the card's sex is neither Nam nor Nữ")
	}
	return vneid.Female, nil
}

// tail reads what cards of 2024 add. Their text has no public description: only
// a run of twelve digits and, on the usual eleven fields, the parents are taken,
// both inferred from published samples.
func (c *cardText) tail(extra []string) {
	r := &c.record
	n := minFields + len(extra)
	switch {
	case n == minFields:
		c.model, r.CardIssuer = 2021, issuer2021
	case n >= fields24:
		c.model, r.CardIssuer = 2024, issuer2024
	case r.CardIssued.Before(newModel):
		r.CardIssuer = issuer2021
	default:
		r.CardIssuer = issuer2024
	}
	c.extra = slices.Clone(extra)
	for _, f := range extra {
		if f = strings.TrimSpace(f); isDigits(f, 12) && f != r.ID {
			r.FormerIDs = append(r.FormerIDs, f)
		}
	}
	if n == 11 {
		r.Father, r.Mother = personName(extra[1]), personName(extra[2])
	}
}

// personName returns s if it can be a name, else "".
func personName(s string) string {
	if s = strings.TrimSpace(s); s != "" && !strings.ContainsFunc(s, notInNames) {
		return s
	}
	return ""
}

// notInNames finds what no Vietnamese name has, those of minorities included:
// their letters are Latin too.
func notInNames(r rune) bool {
	latin := r < 0x2000 && unicode.In(r, unicode.Latin, unicode.Mn)
	return !latin && !strings.ContainsRune(" '’-.", r)
}

// Model returns the year of the card's model: 2021, 2024, or 0 when the number of
// fields fits neither.
func (c *Card) Model() int { return c.text().model }

// Reveal returns what the text says, repaired where Warnings says so. None of it
// is verified. Residence is the permanent address of a 2021 card and the place of
// residence of a 2024 card, as of the day of issue; CardIssuer is inferred from
// the model; FormerIDs, Father and Mother are inferred from the tail.
func (c *Card) Reveal() vneid.Record {
	r := c.text().record
	r.FormerIDs = slices.Clone(r.FormerIDs)
	return r
}

// Extra returns the fields after the seventh as they stand.
func (c *Card) Extra() []string { return slices.Clone(c.text().extra) }

// Exact reports whether name and address arrived as printed. A repaired name is
// not exact: use it to fill in a form, not to decide that two names are equal.
func (c *Card) Exact() bool { return c != nil && c.d != nil && len(c.text().damage) == 0 }

func (c *Card) text() *cardText {
	if c == nil || c.d == nil {
		return &cardText{}
	}
	return *c.d
}

// String shows the masked number.
func (c Card) String() string {
	id, _ := vneid.ParseCitizenID(c.text().record.ID)
	return fmt.Sprintf("unsigned card text of %v", id)
}

// Format prints what String shows, whatever the verb and flags.
func (c Card) Format(f fmt.State, _ rune) { io.WriteString(f, c.String()) }

// LogValue logs what String shows.
func (c Card) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText refuses: encode what Reveal returns, or the part of it you keep.
func (c Card) MarshalText() ([]byte, error) { return nil, errReveal }
