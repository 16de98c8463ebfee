package platform

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/units"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// ErrNumberTaken is for a personal number that is somebody's, or was: a cancelled one is
// never given out again (Decree 70/2024 Art. 11).
var ErrNumberTaken = errors.New("platform: the number is somebody's, or was cancelled")

// cancelled stands under a username that logs nobody in any more.
const cancelled = "-"

// ErrNumber is for digits that are no personal number, or not this person's: the fourth to
// sixth say sex, century and year of birth.
var ErrNumber = errors.New("platform: no personal number of this person")

// AssignNumber gives a person another personal number by a decision of the agency, which
// it cites. The number says the person's own sex and year of birth.
func (p *Platform) AssignNumber(ctx context.Context, by Staff, id, number, citation string) error {
	citation = strings.TrimSpace(citation)
	if err := mayCite(by, citation); err != nil {
		return err
	}
	n, err := vneid.ParseCitizenID(number)
	if err != nil {
		return ErrNumber
	}
	return p.change(ctx, id, func(tx Tx, a *Account) error {
		if a.Record.ID == "" || n.Sex() != a.Record.Sex || n.BirthYear() != a.Record.Birth.Year() {
			return ErrNumber
		}
		return p.reissue(tx, a, number, entry{Actor: by.ID, Body: map[string]string{"citation": citation}})
	})
}

// ReissueNumber gives a person another personal number (xác lập lại số định danh). The
// former one stays known, logs nobody in, and is nobody's again. What relying parties know
// the person by, the pairwise subject, stays.
func (p *Platform) ReissueNumber(ctx context.Context, id, number string) error {
	if _, err := vneid.ParseCitizenID(number); err != nil {
		return errors.New("platform: not a personal number")
	}
	return p.change(ctx, id, func(tx Tx, a *Account) error {
		if a.Record.ID == "" {
			return errors.New("platform: a foreigner has no personal number")
		}
		return p.reissue(tx, a, number, entry{})
	})
}

func (p *Platform) reissue(tx Tx, a *Account, number string, e entry) error {
	other, err1 := tx.Get(tableUsernames, p.mac("username", number))
	who, err2 := p.person(tx, number)
	if err := errors.Join(err1, err2); err != nil || other != nil || who != nil {
		return cmp.Or(err, ErrNumberTaken)
	}
	old := a.Username()
	a.Record.FormerIDs = append([]string{a.Record.ID}, a.Record.FormerIDs...)
	a.Cancelled = append([]Cancellation{{a.Record.ID, p.now()}}, a.Cancelled...)
	a.Record.ID = number
	table, key := tableUsernames, p.mac("username", number)
	if a.Level == 0 { // known to the registers, and logs nobody in
		table, key = tableKnown, p.mac("known", number)
	}
	e.Kind, e.Account = auditNumberReissued, a.ID
	return errors.Join(
		p.cancel(tx, old), tx.Delete(tableKnown, p.mac("known", old)), save(tx, table, key, a.ID, time.Time{}),
		p.refreshPapers(tx, a), p.happened(tx, a.ID, event{Name: wire.NumberReissued}), p.record(tx, e),
		p.inform(tx, *a, security("Số định danh cá nhân của bạn đã được xác lập lại", "You have another personal number")))
}

// cancel makes a number nobody's for good.
func (p *Platform) cancel(tx Tx, number string) error {
	return save(tx, tableUsernames, p.mac("username", number), cancelled, time.Time{})
}

// NewCard is what stands on a card that takes the place of another.
type NewCard struct {
	Issued, Expires vneid.Date
	Issuer          string
}

// ReplaceCard issues another card: everything about the former one is out of date.
func (p *Platform) ReplaceCard(ctx context.Context, id string) error {
	return p.change(ctx, id, func(tx Tx, a *Account) error { return p.replaceCard(tx, a, NewCard{}, actorSystem) })
}

// IssueCard is ReplaceCard with what stands on the new one, as staff enters it at a place
// where cards are issued. A ground to lock that the former card was has ended with it.
func (p *Platform) IssueCard(ctx context.Context, by Staff, id string, c NewCard) error {
	if err := p.receives(by, units.FirstCard); err != nil {
		return err
	}
	if c.Issued.Day() == 0 || c.Expires.Day() == 0 && !c.Expires.IsForever() || !servicewire.Plain(c.Issuer, 200) {
		return errors.New("platform: NewCard lacks a day")
	}
	return p.change(ctx, id, func(tx Tx, a *Account) error { return p.replaceCard(tx, a, c, by.ID) })
}

func (p *Platform) replaceCard(tx Tx, a *Account, c NewCard, actor string) error {
	was := paper.Card{Kind: document.CitizenCard, Number: a.Record.ID, Issued: a.Record.CardIssued, Expires: a.Record.CardExpires, Issuer: a.Record.CardIssuer}
	var err error
	if !c.Issued.IsZero() {
		a.Record.CardIssued, a.Record.CardExpires = c.Issued, c.Expires
		if c.Issuer != "" {
			a.Record.CardIssuer = c.Issuer
		}
		err = errors.Join(p.refreshPapers(tx, a), p.formerCard(tx, a, was))
	}
	_, err2 := p.cardBack(tx, a)
	return errors.Join(err, err2, p.happened(tx, a.ID, event{Name: wire.CardReplaced}), p.record(tx, entry{Kind: auditCardReplaced, Actor: actor, Account: a.ID}))
}

// refreshPapers brings what the registers say about who somebody is in line with their
// account: identity, card and electronic identity card.
func (p *Platform) refreshPapers(tx Tx, a *Account) error {
	return errors.Join(
		editPaper(tx, a.ID, document.Identity, func(d *paper.Identity) {
			d.ID, d.ForeignerID, d.Name, d.Phone, d.Email = a.Record.ID, a.Record.ForeignerID, a.Record.Name, a.Phone, a.Email
		}),
		editPaper(tx, a.ID, document.CitizenCard, func(d *paper.CitizenCard) { d.Record = a.Record }),
		editPaper(tx, a.ID, document.ElectronicID, func(d *paper.ElectronicID) { d.Record = a.Record }))
}

// formerCard enters a card into the history of cards.
func (p *Platform) formerCard(tx Tx, a *Account, was paper.Card) error {
	return editPaper(tx, a.ID, document.CitizenCard, func(d *paper.CitizenCard) { d.History = append([]paper.Card{was}, d.History...) })
}

// editPaper changes a document that is there.
func editPaper[T any](tx Tx, account string, kind document.Kind, change func(*T)) error {
	key := account + "/" + string(kind)
	held, err := load[Paper](tx, tablePapers, key)
	if err != nil || held == nil {
		return err
	}
	was, err := paper.Parse(kind, held.Claims)
	if err != nil {
		return err
	}
	d, ok := was.(T)
	if !ok {
		return errors.New("the store holds a damaged paper")
	}
	change(&d)
	if held.Claims, err = json.Marshal(d); err != nil {
		return err
	}
	return save(tx, tablePapers, key, held, time.Time{})
}
