package platform

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/units"
)

// Confirmation is a register that a person was found in, and when: what an account stands on.
type Confirmation struct {
	Register registers.Register `json:"register"`
	At       time.Time          `json:"at"`
}

// What registration refuses with, for pages that have words for each. None of it goes
// to strangers but ErrForm, ErrTooMany and trouble.
var (
	ErrForm     = errors.New("platform: the form is not whole")
	ErrTooMany  = errors.New("platform: too many requests, try again tomorrow")
	ErrNoCase   = errors.New("platform: no such case, or not for this unit")
	ErrStale    = errors.New("platform: somebody changed it meanwhile")
	ErrStep     = errors.New("platform: not in this state")
	ErrNoRules  = errors.New("platform: no decree about accounts is in force on that day")
	ErrRules    = errors.New("platform: the law of the day gives this person no such account")
	ErrUnit     = errors.New("platform: the unit does not receive this today")
	ErrHas      = errors.New("platform: the person has this already")
	ErrOpen     = errors.New("platform: a case about this person is open")
	ErrUnknown  = errors.New("platform: no register knows the number")
	ErrDead     = errors.New("platform: the holder died")
	ErrLocked   = errors.New("platform: the account is locked")
	ErrNoMatch  = errors.New("platform: the registers do not confirm it")
	ErrRegister = errors.New("platform: a register does not answer")
	ErrNoPerson = errors.New("platform: the representative is not one of this person")
)

const (
	tableKnown     = "known"    // keyed hash of the number of somebody without an account → account id
	tableRegisters = "register" // register / keyed hash of the number → registers.Entry, where it differs from what follows from the account
)

// Registers are the databases that accounts are matched against; the lab switches them
// off and on.
func (p *Platform) Registers() *registers.Desk { return p.registers }

// Units is the registry of offices.
func (p *Platform) Units() *units.Registry { return p.cfg.Units }

// Calendar is the calendar of working days.
func (p *Platform) Calendar() *calendar.Calendar { return p.cfg.Calendar }

// SetEntry changes what a register holds about a number: a death, a revoked card, another
// name. nil takes the change back.
func (p *Platform) SetEntry(ctx context.Context, r registers.Register, number string, e *registers.Entry) error {
	if !slices.Contains(registers.All(), r) || number == "" {
		return errors.New("platform: no such register, or no number")
	}
	key := registerKey(p, r, number)
	return p.store.Update(ctx, func(tx Tx) error {
		if e == nil {
			return tx.Delete(tableRegisters, key)
		}
		return save(tx, tableRegisters, key, e, time.Time{})
	})
}

func registerKey(p *Platform, r registers.Register, number string) string {
	return string(r) + "/" + p.mac("register", number)
}

// RegisterEntry returns what a register holds about a number; nil for nothing.
func (p *Platform) RegisterEntry(ctx context.Context, r registers.Register, number string) (e *registers.Entry, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		e, err = shelf{p, tx}.Entry(r, number)
		return err
	})
	return e, err
}

// shelf is what the registers hold in a transaction: what SetEntry said, else what
// follows from the people that the platform knows.
type shelf struct {
	p  *Platform
	tx Tx
}

// residenceUntil is how long the invented foreigners' residence cards hold.
var residenceUntil = regDate(2030, 12, 31)

// Entry implements registers.Source.
func (s shelf) Entry(r registers.Register, number string) (*registers.Entry, error) {
	e, err := load[registers.Entry](s.tx, tableRegisters, registerKey(s.p, r, number))
	if err != nil || e != nil {
		return e, err
	}
	a, err := s.p.person(s.tx, number)
	if err != nil || a == nil || (a.Record.ID == "") != (r == registers.Immigration) {
		return nil, err
	}
	e = &registers.Entry{Record: a.Record, Ward: a.Ward}
	if r == registers.Immigration {
		e.Permit = residenceUntil
	}
	grounds, err := s.p.standing(s.tx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, g := range grounds {
		switch g.Ground {
		case GroundDeath:
			e.Died = calendar.Day(g.At)
		case GroundCard:
			e.Revoked = true
		}
	}
	for _, id := range a.Guardians {
		g, err := load[Account](s.tx, tableAccounts, id)
		if err != nil {
			return nil, err
		}
		if g != nil {
			e.Guardians = append(e.Guardians, g.Username())
		}
	}
	return e, nil
}

// person finds who has a number, with an account or without; nil for nobody.
func (p *Platform) person(tx Tx, number string) (*Account, error) {
	a, err := p.byNumber(tx, number)
	if err != nil || a != nil {
		return a, err
	}
	id, err := load[string](tx, tableKnown, p.mac("known", number))
	if err != nil || id == nil {
		return nil, err
	}
	return load[Account](tx, tableAccounts, *id)
}

// ask compares somebody with registers, in a transaction. The findings stop at the first
// that is no match.
func (p *Platform) ask(ctx context.Context, tx Tx, who registers.Person, of ...registers.Register) (found []registers.Finding, err error) {
	for _, r := range of {
		f, err := p.registers.Ask(ctx, shelf{p, tx}, r, who)
		if err != nil {
			return nil, err
		}
		if found = append(found, f); f.Result != registers.Matched {
			break
		}
	}
	return found, nil
}

// confirmations are the findings that are matches; whole reports whether all of them are.
func confirmations(found []registers.Finding) (out []Confirmation, whole bool) {
	for _, f := range found {
		if f.Result == registers.Matched {
			out = append(out, Confirmation{f.Register, f.At})
		}
	}
	return out, len(out) == len(found) && len(out) > 0
}

// numberForm is that of a number: a foreigner's has no fixed length.
var numberForm = regexp.MustCompile(`^[0-9]{9,20}$`)

// verifiedBy is the claim that names the registers: of each the last time.
func verifiedBy(list []Confirmation) []jws.Member {
	var out members
	for _, c := range list {
		out.set(string(c.Register), c.At)
	}
	return out
}

// contact is how somebody is told the result: a telephone, an e-mail address, or both.
type contact struct {
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// read checks what was typed, and normalises it.
func (c *contact) read() (ok bool) {
	if ok = c.Phone != "" || c.Email != ""; ok && c.Phone != "" {
		c.Phone, ok = addressOf(SMS, c.Phone)
	}
	if ok && c.Email != "" {
		c.Email, ok = addressOf(Email, c.Email)
	}
	return ok
}
