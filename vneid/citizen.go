package vneid

import (
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/seal"
)

// Citizen is a person as verified evidence describes them. Only the verifying
// calls of this module make one (sso.Client.Finish, qr.Verifier.Verify, …), so a
// function that takes a Citizen cannot be handed unverified data. The zero value
// is nobody.
//
// A Citizen prints as its masked number, whatever encloses it, and encoders
// refuse it: choose the fields to keep from Reveal.
type Citizen struct {
	// Two pointers, because fmt follows one: asked for a verb that does not fit,
	// such as %s, it prints what an unexported pointer to a struct points to.
	r **Record
}

// Record is what a Citizen knows, as plain data to store or show. Having one
// proves nothing. Absent fields are zero; every field is personal data, and nothing
// hides them: fmt prints a Record and encoders write it. Only slog, given one as the
// value of an attribute (or a pointer to one), shows none of it; a Record inside
// another struct, a slice or a map it writes out like any other data.
type Record struct {
	ID          string   `json:"id,omitempty"`           // twelve digits (số định danh cá nhân)
	ForeignerID string   `json:"foreigner_id,omitempty"` // a foreigner's number instead; its length is not fixed
	OldID       string   `json:"old_id,omitempty"`       // CMND, nine or twelve digits
	FormerIDs   []string `json:"former_ids,omitempty"`   // cancelled personal numbers, newest first
	Name        string   `json:"name,omitempty"`         // full name in NFC, never split: word order is family, middle, given
	Birth       Date     `json:"birth,omitzero"`
	Sex         Sex      `json:"sex,omitempty"`
	Nationality string   `json:"nationality,omitempty"` // ISO 3166-1 alpha-3
	Origin      Address  `json:"origin,omitzero"`       // place of origin (quê quán)
	Residence   Address  `json:"residence,omitzero"`    // nơi thường trú, nơi cư trú
	Ethnicity   string   `json:"ethnicity,omitempty"`
	Religion    string   `json:"religion,omitempty"`
	CardIssued  Date     `json:"card_issued,omitzero"`
	CardExpires Date     `json:"card_expires,omitzero"`
	CardIssuer  string   `json:"card_issuer,omitempty"`
	Father      string   `json:"father,omitempty"`
	Mother      string   `json:"mother,omitempty"`
}

// LogValue logs that there is a record, and nothing of it, where the Record is the
// logged value itself: slog does not ask what lies inside other values.
func (r Record) LogValue() slog.Value { return slog.StringValue("record") }

// NewCitizen is for the verifying packages of this module alone: without their
// seal it returns nobody. A malformed ID in r is dropped.
func NewCitizen(r Record, s seal.Seal) Citizen {
	if !s.Valid() {
		return Citizen{}
	}
	if len(r.ID) != 12 || !digits(r.ID) { // not ParseCitizenID: interning is for those who ask for the ID
		r.ID = ""
	}
	r.FormerIDs = slices.Clone(r.FormerIDs)
	cell := &struct { // one allocation for both steps
		r Record
		p *Record
	}{r: r}
	cell.p = &cell.r
	return Citizen{&cell.p}
}

// IsZero reports whether c is nobody.
func (c Citizen) IsZero() bool { return c.r == nil }

// ID returns the personal identification number; zero for foreigners and where
// the evidence does not carry it.
func (c Citizen) ID() CitizenID {
	id, _ := ParseCitizenID(c.rec().ID)
	return id
}

// Name returns the full name as the evidence spells it.
func (c Citizen) Name() string { return c.rec().Name }

// Birth returns the date of birth, which may lack its day or month.
func (c Citizen) Birth() Date { return c.rec().Birth }

// Sex returns the sex as the evidence states it.
func (c Citizen) Sex() Sex { return c.rec().Sex }

// History returns the numbers the person has and had.
func (c Citizen) History() History {
	r := c.rec()
	h := History{Current: c.ID()}
	for _, s := range r.FormerIDs {
		if id, err := ParseCitizenID(s); err == nil {
			h.Former = append(h.Former, id)
		}
	}
	if old, err := ParseOldID(r.OldID); err == nil {
		h.Old = []OldID{old}
	}
	return h
}

// Reveal returns a copy of everything the evidence said about the person.
func (c Citizen) Reveal() Record {
	r := c.rec()
	r.FormerIDs = slices.Clone(r.FormerIDs)
	return r
}

func (c Citizen) rec() Record {
	if c.r == nil {
		return Record{}
	}
	return **c.r
}

// String shows the masked number.
func (c Citizen) String() string {
	switch id := c.rec().ID; {
	case c.r == nil:
		return "nobody"
	case id == "":
		return "citizen"
	default:
		return "citizen " + mask(id)
	}
}

// Format prints what String shows, whatever the verb and flags.
func (c Citizen) Format(f fmt.State, _ rune) { io.WriteString(f, c.String()) }

// LogValue logs what String shows.
func (c Citizen) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText refuses: encode what Reveal returns, or the part of it you keep.
func (c Citizen) MarshalText() ([]byte, error) { return nil, errReveal }
