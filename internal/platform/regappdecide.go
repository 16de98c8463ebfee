package platform

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// grantsAtOnce is how many accounts one call makes: each costs the hash of a password, and
// Work has other things to do.
const grantsAtOnce = 16

// DecideApplications decides what waits, who is due first before the others; Work calls
// it. What a register that is off would have to confirm goes on waiting, behind its
// deadline too: it is late then, and the agency sees it; it keeps nobody waiting whom
// other registers confirm. decided counts.
func (p *Platform) DecideApplications(ctx context.Context) (decided int, err error) {
	grants := 0
	for after, more := "", true; more; {
		var ready []string
		if ready, after, err = p.decidable(ctx, after); err != nil {
			return decided, err
		}
		more = after != ""
		for _, id := range ready {
			if ctx.Err() != nil {
				return decided, ctx.Err()
			}
			state, err := p.decideApplication(ctx, id)
			if err != nil {
				return decided, err
			}
			if state != RegReceived {
				decided++
			}
			if state == RegGranted {
				if grants++; grants == grantsAtOnce {
					p.wake() // there may be more
					return decided, nil
				}
			}
		}
	}
	return decided, nil
}

// decidable looks at a page of those who wait, and notes of whom a register does not
// answer for that it was tried. next is where the following page begins, "" when there is
// none.
func (p *Platform) decidable(ctx context.Context, after string) (ready []string, next string, err error) {
	const page = 256
	var rows []Record
	err = p.store.View(ctx, func(tx Tx) (err error) {
		rows, err = tx.List(tableAppQueue, "", after, page)
		return err
	})
	if err != nil || len(rows) == 0 {
		return nil, "", err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		ready = nil
		for _, row := range rows {
			_, id, _ := strings.Cut(row.Key, "/")
			a, err := load[Application](tx, tableApplications, id)
			if err != nil {
				return err
			}
			if a == nil || a.State != RegReceived {
				continue // somebody else decided it
			}
			reason, _, err := p.judgeApplication(ctx, tx, a)
			if err != nil {
				return err
			}
			if reason != RegReason(registers.Unavailable) {
				ready = append(ready, id)
				continue
			}
			a.Tries++
			if err := save(tx, tableApplications, a.ID, a, a.Due.Add(keepRefused)); err != nil {
				return err
			}
		}
		return nil
	})
	if len(rows) == page {
		next = rows[page-1].Key
	}
	return ready, next, err
}

// decideApplication decides one, in one transaction with the account, its messages and
// the audit. Somebody who decided it at the same moment came first. A password is hashed
// for who gets an account alone: strangers can ask for as many as they like.
func (p *Platform) decideApplication(ctx context.Context, id string) (state RegState, err error) {
	var first string
	var pw *password
	for {
		err = p.store.Update(ctx, func(tx Tx) error {
			state = RegReceived
			a, err := load[Application](tx, tableApplications, id)
			if err != nil || a == nil || a.State != RegReceived {
				return err
			}
			reason, who, err := p.judgeApplication(ctx, tx, a)
			switch {
			case err != nil:
				return err
			case reason == RegReason(registers.Unavailable):
				return nil // since decidable looked
			case reason == "" && pw == nil:
				state = RegOpen // everything is there but the password
				return nil
			}
			a.Decided, a.Reason = p.now(), reason
			if err := tx.Delete(tableAppQueue, a.queue()); err != nil {
				return err
			}
			if reason != "" {
				state = RegRefused
				return p.refuseApplication(tx, a, who)
			}
			state = RegGranted
			return p.grantApplication(tx, a, who, *pw, first)
		})
		if err != nil || state != RegOpen {
			return state, err
		}
		first = digits(10)
		made := hash(first, p.cfg.PasswordRounds)
		made.First = true
		pw = &made
	}
}

// judgeApplication returns why an application cannot be granted, "" if it can, and the
// person whom it is about as far as they are known. The account need not be in the store.
func (p *Platform) judgeApplication(ctx context.Context, tx Tx, a *Application) (RegReason, *Account, error) {
	of := []registers.Register{registers.Population, registers.Cards}
	who, err := p.person(tx, a.Number)
	if err != nil {
		return "", nil, err
	}
	if entry, err := (shelf{p, tx}).Entry(registers.Immigration, a.Number); err != nil {
		return "", nil, err
	} else if entry != nil {
		of = []registers.Register{registers.Immigration}
	}
	if a.Findings, err = p.ask(ctx, tx, registers.Person{Number: a.Number, Name: a.Name, Birth: a.Birth}, of...); err != nil {
		return "", nil, err
	}
	last := a.Findings[len(a.Findings)-1]
	if last.Result != registers.Matched {
		return RegReason(last.Result), who, nil
	}
	entry := a.Findings[0].Entry
	if who == nil { // the registers know somebody whom the platform never met
		who = &Account{ID: random()[:22], Record: last.Entry.Record, Type: accountType(last.Entry.Record), Ward: entry.Ward}
	}
	reason, err := p.judgePerson(tx, a, who, entry)
	return reason, who, err
}

func accountType(rec vneid.Record) string {
	if rec.ID == "" {
		return "foreigner"
	}
	return "citizen"
}

// judgePerson holds an application to the law of the day it came in, and to the account.
func (p *Platform) judgePerson(tx Tx, a *Application, who *Account, entry *registers.Entry) (RegReason, error) {
	on := calendar.Day(a.Received)
	rules, _ := RulesOn(on)
	band, ok := rules.Band(kindOf(entry.Record, entry.Ward), entry.Record.Birth, on)
	switch {
	case !ok || band.Most < 1 && !band.Linked:
		return ReasonRules, nil
	case !a.Portrait:
		return ReasonPortrait, nil
	case who.AccountLocked:
		return ReasonLocked, nil
	case who.Level > 0, band.Linked && !who.LinkedAt.IsZero():
		return ReasonHas, nil
	case band.By == BySelf && a.For != "", band.By == ByRepresentative && a.For == "":
		return ReasonRules, nil
	}
	a.Linked = band.Linked
	if a.For == "" {
		return "", nil
	}
	rep, err := load[Account](tx, tableAccounts, a.For)
	if err != nil {
		return "", err
	}
	if !represents(rep, entry) {
		return ReasonRepresentative, nil
	}
	return "", nil
}

// represents reports whether somebody may act for whom an entry is about: with an own
// account of level 2 that nothing locks, and by what the population register says.
func represents(rep *Account, entry *registers.Entry) bool {
	return rep != nil && rep.Usable() == 2 && !rep.AccountLocked && slices.Contains(entry.Guardians, rep.Username())
}

// grantApplication makes the account, or links somebody who may not have one of their own
// yet with their representative.
func (p *Platform) grantApplication(tx Tx, a *Application, who *Account, pw password, first string) error {
	a.State, a.Account = RegGranted, who.ID
	who.Phone, who.Email = cmp.Or(a.Contact.Phone, who.Phone), cmp.Or(a.Contact.Email, who.Email)
	who.Confirmed, _ = confirmations(a.Findings)
	if a.For != "" && !slices.Contains(who.Guardians, a.For) {
		who.Guardians = append(who.Guardians, a.For)
	}
	body := servicewire.Text{Vi: "Tài khoản định danh điện tử mức độ 1 đã được cấp.", En: "Your account of level 1 was granted."}
	if a.Linked {
		who.LinkedAt = a.Decided
		body = servicewire.Text{Vi: "Đã đăng ký theo tài khoản của cha, mẹ hoặc người giám hộ.", En: "Registered with the account of the parent or guardian."}
	} else {
		who.Level, who.App = 1, a.For == ""
	}
	err := p.enrol(tx, *who, pw)
	if err == nil && who.Level > 0 {
		err = p.sendFirst(tx, *who, first)
	}
	told := who.ID
	if a.Linked {
		told = a.For
	}
	return errors.Join(err,
		save(tx, tableApplications, a.ID, a, time.Time{}), // account information stays for good
		p.tellResult(tx, *who, told, body),
		p.record(tx, entry{Kind: auditDecided, Account: who.ID, Body: auditRegistration{Case: a.ID, Result: string(a.State), Level: int(who.Level), Rules: a.Rules, Registers: who.Confirmed}}))
}

// refuseApplication tells the contact that was named, always the same, and whoever has an
// account by that number that somebody tried.
func (p *Platform) refuseApplication(tx Tx, a *Application, who *Account) error {
	a.State = RegRefused
	nobody := Account{ID: "application-" + a.ID, Phone: a.Contact.Phone, Email: a.Contact.Email}
	m := Message{Channel: SMS, Text: "Yêu cầu đăng ký tài khoản định danh điện tử chưa được chấp nhận. Hãy đến nơi tiếp nhận để được hỗ trợ."}
	if nobody.Phone == "" {
		m.Channel = Email
	}
	err := errors.Join(p.send(tx, nobody, m), save(tx, tableApplications, a.ID, a, a.Decided.Add(keepRefused)))
	if err != nil || who == nil {
		return err
	}
	if who.Level > 0 {
		err = p.notify(tx, who.ID, Notification{Kind: servicewire.Registration,
			Title: servicewire.Text{Vi: "Có người đăng ký bằng số định danh của bạn", En: "Somebody registered with your number"},
			Body:  servicewire.Text{Vi: "Yêu cầu đã bị từ chối. Nếu không phải bạn, hãy báo Công an xã, phường, đặc khu.", En: "It was refused. If that was not you, tell the commune's police."}})
	}
	if stored, got := load[Account](tx, tableAccounts, who.ID); got != nil || stored == nil {
		return errors.Join(err, got)
	}
	return errors.Join(err, p.record(tx, entry{Kind: auditDecided, Account: who.ID, Body: auditRegistration{Case: a.ID, Result: string(a.State), Rules: a.Rules, Reason: string(a.Reason)}}))
}

// auditRegistration is what the audit says about a request or a case.
type auditRegistration struct {
	Case      string         `json:"case"`
	Unit      string         `json:"unit,omitempty"`
	Officer   string         `json:"officer,omitempty"` // cán bộ tiếp nhận
	Step      string         `json:"step,omitempty"`
	Result    string         `json:"result,omitempty"`
	Level     int            `json:"level,omitempty"`
	Rules     string         `json:"rules,omitempty"`
	Reason    string         `json:"reason,omitempty"`
	Registers []Confirmation `json:"registers,omitempty"`
}
