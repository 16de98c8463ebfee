package platform

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// ErrMissing is for a case that lacks steps: Case.Missing names them.
var ErrMissing = errors.New("platform: steps are missing")

// SubmitCase closes what the officer enters: the days of the deadline begin, and the
// registers are asked.
func (p *Platform) SubmitCase(ctx context.Context, by Staff, ref CaseRef) error {
	return p.caseStep(ctx, by, ref, "submitted", whileOpen, func(tx Tx, c *Case) error {
		if len(c.Missing()) > 0 {
			return ErrMissing
		}
		c.State, c.Submitted = RegSubmitted, p.now()
		var err error
		if c.Due, err = p.cfg.Calendar.Deadline(c.Submitted, c.days()); err != nil {
			return err
		}
		c.Findings, _, err = p.confirm(ctx, tx, c)
		return err
	})
}

// days is how many working days the decision may take.
func (c *Case) days() int {
	rules, _ := RulesOn(calendar.Day(c.Opened))
	switch {
	case c.Kind == CaseFirstCard:
		return rules.FirstCardDays
	case c.Kind == CaseOrganisation && c.Organisation.Known:
		return rules.OrganisationDays
	case c.Kind == CaseOrganisation:
		return rules.VerifyDays
	}
	return rules.Level2Days
}

// MatchCase asks the registers again.
func (p *Platform) MatchCase(ctx context.Context, by Staff, ref CaseRef) error {
	return p.caseStep(ctx, by, ref, "matched", whileWaiting, func(tx Tx, c *Case) (err error) {
		c.Findings, _, err = p.confirm(ctx, tx, c)
		return err
	})
}

// confirm asks the registers that a case needs, and reports whether all confirm it. A
// first card is confirmed by the card register that has none.
func (p *Platform) confirm(ctx context.Context, tx Tx, c *Case) (found []registers.Finding, whole bool, err error) {
	of := []registers.Register{registers.Population, registers.Cards}
	switch {
	case c.Kind == CaseForeigner:
		of = []registers.Register{registers.Immigration}
	case c.Kind != CaseCitizen || c.Linked:
		of = of[:1]
	}
	if found, err = p.ask(ctx, tx, c.asked(), of...); err != nil {
		return nil, false, err
	}
	_, whole = confirmations(found)
	if !whole || c.Kind != CaseFirstCard {
		return found, whole, nil
	}
	card, err := p.ask(ctx, tx, registers.Person{Number: c.Number}, registers.Cards)
	if err != nil {
		return nil, false, err
	}
	if r := card[0].Result; r != registers.NoCard && r != registers.NotFound {
		return append(found, card...), false, nil
	}
	return found, true, nil
}

// GrantCase makes what the case is for: account level 2 with the electronic identity
// card, the papers that were accepted, a first card. Everything is looked at again in the
// one transaction: registers, locks, the account as it is now, the representative.
func (p *Platform) GrantCase(ctx context.Context, by Staff, ref CaseRef) error {
	first := digits(10)
	pw := hash(first, p.cfg.PasswordRounds)
	pw.First = true
	return p.caseStep(ctx, by, ref, "granted", whileWaiting, func(tx Tx, c *Case) error {
		found, whole, err := p.confirm(ctx, tx, c)
		if err != nil {
			return err
		}
		if !whole {
			if found[len(found)-1].Result == registers.Unavailable {
				return ErrRegister
			}
			return ErrNoMatch
		}
		c.Findings, c.State, c.Decided = found, RegGranted, p.now()
		if c.Kind == CaseOrganisation {
			return p.grantOrganisation(tx, c, by)
		}
		return p.grantPerson(tx, c, by, pw, first)
	})
}

// grantPerson is GrantCase for a person.
func (p *Platform) grantPerson(tx Tx, c *Case, by Staff, pw password, first string) error {
	a, err := load[Account](tx, tableAccounts, c.Account)
	if err != nil {
		return err
	}
	e, err := p.represented(tx, c)
	if err != nil {
		return err
	}
	if a == nil { // they may have registered in the app meanwhile
		if a, err = p.person(tx, c.Number); err != nil {
			return err
		}
	}
	if a != nil {
		c.Account = a.ID
	} else { // the registers know somebody whom the platform never met
		a = &Account{ID: c.Account, Record: e.Record, Type: accountType(e.Record), Ward: e.Ward}
	}
	switch {
	case a.AccountLocked:
		return ErrLocked
	case a.Level >= 2:
		return ErrHas
	}
	if c.ByOther {
		if err := p.actFor(tx, c, e, a); err != nil {
			return err
		}
	}
	if a.Confirmed, _ = confirmations(c.Findings); c.Linked {
		a.LinkedAt = c.Decided
		a.Phone, a.Email = c.Contact.Phone, c.Contact.Email
		return errors.Join(p.writeAccount(tx, a, pw), p.refreshPapers(tx, a), p.recordGrant(tx, c, by, a), p.tellResult(tx, *a, c.Representative.Account,
			servicewire.Text{Vi: "Đã đăng ký theo tài khoản của cha, mẹ hoặc người giám hộ.", En: "Registered with the account of the parent or guardian."}))
	}
	return p.raise(tx, c, by, a, pw, first)
}

// actFor looks once more whether the representative may act, and writes down that they do.
func (p *Platform) actFor(tx Tx, c *Case, e *registers.Entry, a *Account) error {
	rep, err := load[Account](tx, tableAccounts, c.Representative.Account)
	if err != nil {
		return err
	}
	if !represents(rep, e) {
		return ErrNoPerson
	}
	if !slices.Contains(a.Guardians, rep.ID) {
		a.Guardians = append(a.Guardians, rep.ID)
	}
	return nil
}

// raise brings an account to level 2, or makes one of it.
func (p *Platform) raise(tx Tx, c *Case, by Staff, a *Account, pw password, first string) error {
	had := a.Level > 0
	if err := p.reachable(tx, c, by, a, had); err != nil {
		return err
	}
	if c.Kind == CaseFirstCard {
		if err := p.firstCard(tx, c, by, a); err != nil {
			return err
		}
	}
	a.Level, a.Face = 2, true
	var err error
	if had {
		err = errors.Join(p.issueEID(tx, a), save(tx, tableAccounts, a.ID, a, time.Time{}), p.happened(tx, a.ID, event{Name: wire.LevelChanged, Level: 2}))
	} else if err = p.enrol(tx, *a, pw); err == nil {
		err = p.sendFirst(tx, *a, first)
	}
	return errors.Join(err, p.sourcePapers(tx, a), p.integrate(tx, c), p.recordGrant(tx, c, by, a),
		p.tellResult(tx, *a, a.ID, servicewire.Text{Vi: "Tài khoản định danh điện tử mức độ 2 và căn cước điện tử đã được cấp.", En: "Your account of level 2 and your electronic identity card were granted."}))
}

// reachable gives the account the contact of the case; what changes of an account that
// there was is told to the former address.
func (p *Platform) reachable(tx Tx, c *Case, by Staff, a *Account, had bool) error {
	var err error
	for ch, to := range map[Channel]string{SMS: c.Contact.Phone, Email: c.Contact.Email} {
		switch {
		case to == "" || to == a.address(ch):
		case had:
			err = errors.Join(err, p.changeContact(tx, a, ch, to, by.ID))
		case ch == Email:
			a.Email = to
		default:
			a.Phone = to
		}
	}
	return err
}

// firstCard issues the card that the case is for too.
func (p *Platform) firstCard(tx Tx, c *Case, by Staff, a *Account) error {
	day := calendar.Day(c.Decided)
	a.Record.CardIssued, a.Record.CardIssuer = day, "Bộ Công an"
	a.Record.CardExpires, _ = document.EstimateExpiry(a.Record.Birth, day)
	// What somebody said about the register before is out of date with the card.
	return errors.Join(tx.Delete(tableRegisters, registerKey(p, registers.Cards, c.Number)), p.refreshPapers(tx, a),
		p.record(tx, entry{Kind: auditCardIssued, Actor: by.ID, Account: a.ID}))
}

// sourcePapers has the documents about who somebody is say which register confirmed them,
// and when.
func (p *Platform) sourcePapers(tx Tx, a *Account) error {
	if len(a.Confirmed) == 0 {
		return nil
	}
	last := a.Confirmed[len(a.Confirmed)-1]
	source, _ := last.Register.Label()
	for _, kind := range []document.Kind{document.Identity, document.CitizenCard, document.ElectronicID} {
		key := a.ID + "/" + string(kind)
		held, err := load[Paper](tx, tablePapers, key)
		if err != nil {
			return err
		}
		if held == nil {
			continue
		}
		held.Source, held.At = source, last.At
		if err := save(tx, tablePapers, key, held, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

func (p *Platform) recordGrant(tx Tx, c *Case, by Staff, a *Account) error {
	return p.record(tx, entry{Kind: auditLevelGranted, Actor: by.ID, Account: a.ID, Body: auditRegistration{
		Case: c.ID, Unit: c.Unit, Officer: c.Officer, Level: int(a.Level), Rules: c.Rules, Registers: a.Confirmed}})
}

// RefuseCase ends a case with a reason that the citizen is told in the officer's words.
func (p *Platform) RefuseCase(ctx context.Context, by Staff, ref CaseRef, reason RegReason, note string) error {
	if reason == "" || !servicewire.Plain(note, 300) {
		return ErrForm
	}
	return p.caseStep(ctx, by, ref, "refused", whileWaiting, func(tx Tx, c *Case) error {
		c.State, c.Decided, c.Reason, c.Note = RegRefused, p.now(), reason, note
		about, err := load[Account](tx, tableAccounts, c.Account)
		if err != nil {
			return err
		}
		// Who is reached is who was at the counter, by the contact given there.
		to := Account{ID: "case-" + c.ID, Phone: c.Contact.Phone, Email: c.Contact.Email}
		told := to.ID
		if about != nil && about.Level > 0 {
			told = about.ID
		}
		vi, en := "Yêu cầu cấp tài khoản định danh điện tử chưa được chấp nhận. ", "Your request for an account was not accepted. "
		return p.tellResult(tx, to, told, servicewire.Text{Vi: vi + note, En: en + note})
	})
}

// ReopenCase takes a case back to the officer, to be corrected. Its deadline begins anew
// with the next submission.
func (p *Platform) ReopenCase(ctx context.Context, by Staff, ref CaseRef) error {
	return p.caseStep(ctx, by, ref, "reopened", whileWaiting, func(_ Tx, c *Case) error {
		c.State, c.Submitted, c.Due, c.Findings = RegOpen, time.Time{}, time.Time{}, nil
		return nil
	})
}

// WithdrawCase ends a case that the citizen gives up.
func (p *Platform) WithdrawCase(ctx context.Context, by Staff, ref CaseRef) error {
	return p.caseStep(ctx, by, ref, "withdrawn", []RegState{RegOpen, RegSubmitted}, func(_ Tx, c *Case) error {
		c.State, c.Decided = RegWithdrawn, p.now()
		return nil
	})
}
