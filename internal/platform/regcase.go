package platform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/units"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Level 2 at the counter of a unit, as the published procedure has it: the citizen goes
// there; shows the card, gives a telephone number or e-mail address, hands over papers to
// integrate; the officer enters it, has portrait and fingerprints compared, and takes the
// agreement down; the result is told.
//
//	open ──submit──► submitted ──grant──► granted      the registers confirm it then and there
//	 │ ▲                │  │ └──refuse──► refused
//	 │ └─────reopen─────┘  │
//	 └──────withdraw───────┴────────────► withdrawn    the citizen gives up
//
// Each change names the revision that it was made on, so that of two officers one is
// told; a form that is sent twice changes once. A case is for its unit alone, and for the
// heir of a unit that is no more. The days of the deadline begin when everything has been
// handed in, with submit.

// CaseKind is what a case is about.
type CaseKind string

// The kinds. Who needs a representative follows from age and law, not from the kind.
const (
	CaseCitizen      CaseKind = "citizen"      // level 2, for who has a card with a chip
	CaseFirstCard    CaseKind = "first-card"   // level 2 together with the card, in one procedure
	CaseForeigner    CaseKind = "foreigner"    // level 2, by the immigration database
	CaseOrganisation CaseKind = "organisation" // an organisation's account, by its legal representative
)

// Case is one person's, or organisation's, matter at a counter. No picture and no print is
// in it: only how comparisons ended.
type Case struct {
	ID      string   `json:"id"`
	Rev     int      `json:"rev"`
	Kind    CaseKind `json:"kind"`
	State   RegState `json:"state"`
	Unit    string   `json:"unit"`
	Officer string   `json:"officer"` // cán bộ tiếp nhận: who received it
	Rules   string   `json:"rules"`

	Number  string `json:"number"` // of the person; of the representative, for an organisation
	Name    string `json:"name"`
	Account string `json:"account"`
	ByOther bool   `json:"by_other,omitempty"` // a representative acts for the person
	Linked  bool   `json:"linked,omitempty"`   // no account of their own: with the representative's

	Opened    time.Time `json:"opened"`
	Submitted time.Time `json:"submitted,omitzero"`
	Due       time.Time `json:"due,omitzero"`
	Decided   time.Time `json:"decided,omitzero"`

	Contact        contact           `json:"contact,omitzero"`
	Chip           *ChipReading      `json:"chip,omitempty"`
	Compared       *Comparison       `json:"compared,omitempty"`
	Papers         []CasePaper       `json:"papers,omitempty"`
	Agreed         *Agreement        `json:"agreed,omitempty"`
	Representative *Representative   `json:"representative,omitempty"`
	Organisation   *OrganisationData `json:"organisation,omitempty"`

	Findings []registers.Finding `json:"findings,omitempty"`
	Reason   RegReason           `json:"reason,omitempty"`
	Note     string              `json:"note,omitempty"`
	Steps    []CaseStep          `json:"steps"`
	Key      string              `json:"key,omitempty"` // of the form that changed it last
}

// CaseStep is one thing that was done.
type CaseStep struct {
	At      time.Time `json:"at"`
	Officer string    `json:"officer"`
	Step    string    `json:"step"`
}

// Late reports whether a decision is missing behind its deadline.
func (c Case) Late(now time.Time) bool { return c.State == RegSubmitted && now.After(c.Due) }

// last is when somebody went on with the case.
func (c Case) last() time.Time {
	if n := len(c.Steps); n > 0 {
		return c.Steps[n-1].At
	}
	return c.Opened
}

// Phone and Email are how the citizen wants to be told.
func (c Case) Phone() string { return c.Contact.Phone }

// Email is the e-mail address.
func (c Case) Email() string { return c.Contact.Email }

// procedure is what a unit has to be for.
func (k CaseKind) procedure() units.Procedure {
	switch k {
	case CaseCitizen:
		return units.Level2
	case CaseFirstCard:
		return units.FirstCard
	case CaseForeigner:
		return units.Foreigner
	case CaseOrganisation:
		return units.Organisation
	}
	return ""
}

const (
	tableCases     = "case"      // id → Case
	tableCaseOpen  = "case-open" // keyed hash of the number, or of the organisation's code → id of the open case
	tableCaseUnits = "case-unit" // unit / open or done / order → id
)

// caseStale is when a case that nobody went on with no longer keeps another from being
// opened.
const caseStale = 30 * 24 * time.Hour

// CaseForm begins a case. Key is a random text of the form.
type CaseForm struct {
	Key    string
	Kind   CaseKind
	Number string
	OrganisationData
}

// OpenCase begins a case at the officer's unit.
func (p *Platform) OpenCase(ctx context.Context, by Staff, f CaseForm) (c Case, err error) {
	now := p.now()
	today := calendar.Day(now)
	if by.Role != RoleOfficer {
		return c, ErrNotAllowed
	}
	if !numberForm.MatchString(f.Number) || f.Kind.procedure() == "" || len(f.Key) < 22 || len(f.Key) > 64 {
		return c, ErrForm
	}
	if p.cfg.Units.May(by.Unit, f.Kind.procedure(), today) != nil {
		return c, ErrUnit
	}
	rules, ok := RulesOn(today)
	if !ok {
		return c, ErrNoRules
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		c = Case{
			ID: random()[:22], Kind: f.Kind, State: RegOpen, Unit: by.Unit, Officer: by.ID, Rules: rules.Name, Number: f.Number,
			Opened: now, Key: f.Key, Steps: []CaseStep{{now, by.ID, "open"}},
		}
		about := p.mac("case", f.Number)
		if f.Kind == CaseOrganisation {
			if err := c.openOrganisation(f.OrganisationData); err != nil {
				return err
			}
			about = p.mac("case organisation", f.Code)
		}
		there, err := p.openCase(tx, about)
		switch {
		case err != nil:
			return err
		case there != nil && there.Key == f.Key && there.Officer == by.ID && there.Rev == 0:
			c = *there // the same form again
			return nil
		case there != nil && (there.State != RegOpen || now.Sub(there.last()) < caseStale):
			return ErrOpen
		case there != nil:
			if err := p.endCase(tx, there, Staff{ID: actorSystem}, RegWithdrawn, "abandoned"); err != nil {
				return err
			}
		}
		if err := p.admitCase(tx, &c, rules, today); err != nil {
			return err
		}
		return errors.Join(save(tx, tableCaseOpen, about, c.ID, time.Time{}), p.putCase(tx, nil, &c), p.recordCase(tx, &c, by, "open"))
	})
	return c, err
}

func (p *Platform) openCase(tx Tx, about string) (*Case, error) {
	id, err := load[string](tx, tableCaseOpen, about)
	if err != nil || id == nil {
		return nil, err
	}
	return load[Case](tx, tableCases, *id)
}

// about is the key under which a case is the open one.
func (p *Platform) about(c *Case) string {
	if c.Kind == CaseOrganisation {
		return p.mac("case organisation", c.Organisation.Code)
	}
	return p.mac("case", c.Number)
}

// admitCase says why a case cannot be, and fills in whom it is about.
func (p *Platform) admitCase(tx Tx, c *Case, rules RuleSet, today vneid.Date) error {
	a, err := p.person(tx, c.Number)
	if err != nil {
		return err
	}
	register := registers.Population
	if c.Kind == CaseForeigner {
		register = registers.Immigration
	}
	e, err := shelf{p, tx}.Entry(register, c.Number)
	switch {
	case err != nil:
		return err
	case e == nil:
		return ErrUnknown
	case !e.Died.IsZero():
		return ErrDead
	case a != nil && a.AccountLocked:
		return ErrLocked
	}
	c.Name, c.Account = e.Record.Name, random()[:22]
	if a != nil {
		c.Account = a.ID
	}
	if c.Kind == CaseOrganisation {
		return p.admitOrganisation(tx, c, a)
	}
	if a != nil && a.Level >= 2 {
		return ErrHas
	}
	band, ok := rules.Band(kindOf(e.Record, e.Ward), e.Record.Birth, today)
	if !ok || band.Most < 2 && !band.Linked {
		return ErrRules
	}
	if c.ByOther, c.Linked = band.By == ByRepresentative, band.Linked; c.Linked && a != nil && (a.Level > 0 || !a.LinkedAt.IsZero()) {
		return ErrHas
	}
	return p.admitCard(tx, c)
}

// admitCard tells whoever has a card from whoever needs a first one.
func (p *Platform) admitCard(tx Tx, c *Case) error {
	if c.Kind == CaseForeigner || c.Linked {
		return nil
	}
	card, err := shelf{p, tx}.Entry(registers.Cards, c.Number)
	if err != nil {
		return err
	}
	has := card != nil && !card.Record.CardIssued.IsZero()
	switch {
	case c.Kind == CaseFirstCard && has:
		return ErrHas
	case c.Kind == CaseCitizen && !has:
		return ErrNoCard
	}
	return nil
}

// ErrNoCard is for who has no card yet: level 2 and card are one procedure then.
var ErrNoCard = errors.New("platform: the person has no card with a chip")

// putCase writes a case and where its unit finds it.
func (p *Platform) putCase(tx Tx, before, c *Case) error {
	if before != nil && before.place() != c.place() {
		if err := tx.Delete(tableCaseUnits, before.place()); err != nil {
			return err
		}
	}
	return errors.Join(save(tx, tableCases, c.ID, c, time.Time{}), save(tx, tableCaseUnits, c.place(), c.ID, time.Time{}))
}

// place sorts what waits by its deadline, then what is open, then what is done by when.
func (c *Case) place() string {
	switch c.State {
	case RegSubmitted:
		return fmt.Sprintf("%s/open/1%020d/%s", c.Unit, c.Due.UnixNano(), c.ID)
	case RegOpen:
		return fmt.Sprintf("%s/open/2%020d/%s", c.Unit, c.Opened.UnixNano(), c.ID)
	}
	return fmt.Sprintf("%s/done/%020d/%s", c.Unit, 1<<62-c.Decided.UnixNano(), c.ID)
}

func (p *Platform) recordCase(tx Tx, c *Case, by Staff, step string) error {
	return p.record(tx, entry{Kind: auditCase, Actor: by.ID, Account: c.Account,
		Body: auditRegistration{Case: c.ID, Unit: by.Unit, Officer: c.Officer, Step: step, Result: string(c.State), Rules: c.Rules, Reason: string(c.Reason)}})
}

// mine reports whether what a unit received is for the officer's unit today; the agency
// sees all.
func (p *Platform) mine(by Staff, unit string) bool {
	return by.Role == RoleAgency || by.Role == RoleOfficer && by.Unit != "" && p.cfg.Units.Holder(unit, p.today()) == by.Unit
}

// Case returns a case of the officer's unit. Those of others do not exist for them.
func (p *Platform) Case(ctx context.Context, by Staff, id string) (out Case, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		c, err := load[Case](tx, tableCases, id)
		if err != nil {
			return err
		}
		if c == nil || !p.mine(by, c.Unit) {
			return ErrNoCase
		}
		out = *c
		return nil
	})
	return out, err
}

// Cases lists the cases of the officer's unit, and of units whose heir it is: what waits,
// who is due first before the others, and what is open; or what is done, the last first.
func (p *Platform) Cases(ctx context.Context, by Staff, done bool, limit int) (out []Case, err error) {
	part := "/open/"
	if done {
		part = "/done/"
	}
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		for _, u := range p.unitsOf(by) {
			ids, err := list[string](tx, tableCaseUnits, u+part, limit)
			if err != nil {
				return err
			}
			for _, id := range ids {
				c, err := load[Case](tx, tableCases, id)
				if err != nil {
					return err
				}
				if c != nil {
					out = append(out, *c)
				}
			}
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b Case) int {
		return strings.Compare(strings.TrimPrefix(a.place(), a.Unit), strings.TrimPrefix(b.place(), b.Unit))
	})
	return out[:min(limit, len(out))], err
}

// unitsOf are the units whose cases somebody has today.
func (p *Platform) unitsOf(by Staff) (out []string) {
	for _, u := range p.cfg.Units.All() {
		if p.mine(by, u.ID) {
			out = append(out, u.ID)
		}
	}
	return out
}
