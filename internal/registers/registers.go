// Package registers is the three databases that an identification account is matched
// against, as stubs: what they hold comes from a Source, and any of them can be switched
// off.
//
//	Population   Cơ sở dữ liệu quốc gia về dân cư: every citizen
//	Cards        Cơ sở dữ liệu căn cước: who has a card, and how it stands
//	Immigration  Cơ sở dữ liệu quốc gia về xuất nhập cảnh: foreigners and their papers
//
// A Finding is for officers: it tells not found from a mismatch, a death, a card that
// was revoked or has ended. Strangers are told none of it: whoever answers them says the
// same for each.
//
// The wire to the real databases is not public, and nothing here is like it.
package registers

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Register is one of the databases.
type Register string

// The registers.
const (
	Population  Register = "population"
	Cards       Register = "card"
	Immigration Register = "immigration"
)

// All lists the registers.
func All() []Register { return []Register{Population, Cards, Immigration} }

// Label is the register's name.
func (r Register) Label() (vi, en string) {
	switch r {
	case Population:
		return "Cơ sở dữ liệu quốc gia về dân cư", "National Population Database"
	case Cards:
		return "Cơ sở dữ liệu căn cước", "Identity card database"
	case Immigration:
		return "Cơ sở dữ liệu quốc gia về xuất nhập cảnh", "National Immigration Database"
	}
	return string(r), string(r)
}

// Entry is what a register holds about a person.
type Entry struct {
	Record vneid.Record `json:"record"`

	Died      vneid.Date `json:"died,omitzero"`       // Population
	Revoked   bool       `json:"revoked,omitempty"`   // Cards: the card was revoked, or is held
	Permit    vneid.Date `json:"permit,omitzero"`     // Immigration: the last day of the residence card
	Guardians []string   `json:"guardians,omitempty"` // Population: the numbers of parents, guardians
	Ward      bool       `json:"ward,omitempty"`
}

// Source looks people up by their number. A nil entry is nobody.
type Source interface {
	Entry(r Register, number string) (*Entry, error)
}

// Person is what is compared. Fields that are empty are not compared, Number has to be
// there.
type Person struct {
	Number      string // personal number, or a foreigner's
	Name        string
	Birth       vneid.Date
	Sex         vneid.Sex
	Nationality string
	CardIssued  vneid.Date // of the card that was shown
	CardExpires vneid.Date
}

// Result is how a comparison ended.
type Result string

// The results. Only Matched is a match.
const (
	Matched     Result = "matched"
	NotFound    Result = "not-found"
	Mismatch    Result = "mismatch"
	Dead        Result = "dead"
	NoCard      Result = "no-card"
	CardRevoked Result = "card-revoked"
	CardExpired Result = "card-expired"
	CardOther   Result = "card-other" // another card than the newest was shown
	NoPermit    Result = "no-permit"  // the residence card is missing or over
	Unavailable Result = "unavailable"
)

// Finding is what a register says about a person on a day. It is for officers alone.
type Finding struct {
	Register Register  `json:"register"`
	Result   Result    `json:"result"`
	At       time.Time `json:"at"`
	Fields   []string  `json:"fields,omitempty"` // with Mismatch: which differ, by the names of Person in lower case
	Entry    *Entry    `json:"-"`                // with Matched
}

// Desk asks the registers. The zero value asks nobody; a Desk is safe for concurrent
// use.
type Desk struct {
	Now func() time.Time // nil: time.Now

	mu  sync.RWMutex
	off map[Register]bool
}

// Switch takes a register out of service, or puts it back.
func (d *Desk) Switch(r Register, off bool) error {
	if !slices.Contains(All(), r) {
		return errors.New("registers: there is no such register")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off == nil {
		d.off = map[Register]bool{}
	}
	d.off[r] = off
	return nil
}

// Off reports whether a register is out of service.
func (d *Desk) Off(r Register) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.off[r]
}

func (d *Desk) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}

// Ask compares a person with a register. An error is trouble of the Source; a register
// that is off, or a context that has ended, is a Finding: Unavailable.
func (d *Desk) Ask(ctx context.Context, from Source, r Register, who Person) (Finding, error) {
	f := Finding{Register: r, At: d.now()}
	if d.Off(r) || ctx.Err() != nil {
		f.Result = Unavailable
		return f, nil
	}
	e, err := from.Entry(r, who.Number)
	if err != nil {
		return Finding{}, err
	}
	if e == nil {
		f.Result = NotFound
		return f, nil
	}
	if f.Fields = differ(e.Record, who); len(f.Fields) > 0 {
		f.Result = Mismatch
		return f, nil
	}
	f.Fields = nil
	if f.Result = e.stands(r, who, f.At); f.Result == Matched {
		f.Entry = e
	}
	return f, nil
}

// stands says what a register has against who is found in it.
func (e *Entry) stands(r Register, who Person, now time.Time) Result {
	rec := e.Record
	switch {
	case !e.Died.IsZero():
		return Dead
	case r == Immigration && (e.Permit.IsZero() || e.Permit.Ended(now)):
		return NoPermit
	case r != Cards:
		return Matched
	case rec.CardIssued.IsZero():
		return NoCard
	case e.Revoked:
		return CardRevoked
	case rec.CardExpires.Ended(now):
		return CardExpired
	case !who.CardIssued.IsZero() && !who.CardIssued.Agrees(rec.CardIssued), !who.CardExpires.IsZero() && !who.CardExpires.Agrees(rec.CardExpires):
		return CardOther
	}
	return Matched
}

// differ lists what a person says otherwise than a register. A birth date that lacks its
// day agrees with the whole one (vneid.Date.Agrees). A name may lack its diacritics, as a
// telephone types it, and be cut where a machine-readable zone ends.
func differ(rec vneid.Record, who Person) (fields []string) {
	if who.Name != "" && vneid.CompareNames(rec.Name, who.Name) == vneid.NamesDifferent {
		fields = append(fields, "name")
	}
	if !who.Birth.IsZero() && !rec.Birth.Agrees(who.Birth) {
		fields = append(fields, "birth")
	}
	if who.Sex != "" && rec.Sex != who.Sex {
		fields = append(fields, "sex")
	}
	if who.Nationality != "" && rec.Nationality != who.Nationality {
		fields = append(fields, "nationality")
	}
	return fields
}
