package platform

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// An organisation's account is not split into levels (Decree 69/2024; recalled) and
// nobody logs in with it here: the legal representative acts, with their own account of
// level 2. It is decided within 3 working days if the registers have what is needed, and
// within 15 if it has to be verified.

// OrganisationData is what is said about an organisation.
type OrganisationData struct {
	Code     string    `json:"code"` // mã số, ten or thirteen digits
	Name     string    `json:"name"`
	Known    bool      `json:"known,omitempty"`   // the registers have what is needed
	Verified time.Time `json:"verified,omitzero"` // else: when an officer had verified it
}

// Organisation is an account of an organisation.
type Organisation struct {
	Code           string    `json:"code"`
	Name           string    `json:"name"`
	Representative string    `json:"representative"` // account id
	Granted        time.Time `json:"granted"`
	Rules          string    `json:"rules"`
}

const tableOrganisations = "organisation" // keyed hash of the code → Organisation

var organisationCode = regexp.MustCompile(`^[0-9]{10}(?:-?[0-9]{3})?$`)

// openOrganisation takes what an officer entered.
func (c *Case) openOrganisation(d OrganisationData) error {
	d.Name, d.Verified = strings.TrimSpace(d.Name), time.Time{}
	if !organisationCode.MatchString(d.Code) || d.Name == "" || !servicewire.Plain(d.Name, 200) {
		return ErrForm
	}
	c.Organisation = &d
	return nil
}

// admitOrganisation says why an organisation cannot have an account by this person.
func (p *Platform) admitOrganisation(tx Tx, c *Case, representative *Account) error {
	there, err := tx.Get(tableOrganisations, p.mac("organisation", c.Organisation.Code))
	switch {
	case err != nil:
		return err
	case there != nil:
		return ErrHas
	case representative == nil || representative.Usable() < 2:
		return ErrNoPerson
	}
	return nil
}

// CaseVerified notes that an organisation's data was verified, which takes the place of
// what the registers do not have.
func (p *Platform) CaseVerified(ctx context.Context, by Staff, ref CaseRef) error {
	return p.caseStep(ctx, by, ref, "verified", whileWaiting, func(_ Tx, c *Case) error {
		if c.Kind != CaseOrganisation || c.Organisation.Known {
			return ErrStep
		}
		c.Organisation.Verified = p.now()
		return nil
	})
}

// grantOrganisation is GrantCase for an organisation.
func (p *Platform) grantOrganisation(tx Tx, c *Case, by Staff) error {
	d := c.Organisation
	if !d.Known && d.Verified.IsZero() {
		return ErrMissing
	}
	rep, err := load[Account](tx, tableAccounts, c.Account)
	switch {
	case err != nil:
		return err
	case rep == nil || rep.AccountLocked || rep.Usable() < 2:
		return ErrNoPerson
	}
	return errors.Join(
		save(tx, tableOrganisations, p.mac("organisation", d.Code), Organisation{d.Code, d.Name, rep.ID, c.Decided, c.Rules}, time.Time{}),
		p.record(tx, entry{Kind: auditRegistered, Actor: by.ID, Account: rep.ID, Body: auditAccount{Type: "organisation"}}),
		p.tellResult(tx, *rep, rep.ID, servicewire.Text{Vi: "Tài khoản định danh điện tử của tổ chức đã được cấp: " + d.Name, En: "The organisation's account was granted: " + d.Name}))
}

// OrganisationOf returns an organisation's account; ErrUnknown for none.
func (p *Platform) OrganisationOf(ctx context.Context, code string) (out Organisation, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		o, err := load[Organisation](tx, tableOrganisations, p.mac("organisation", code))
		if err != nil {
			return err
		}
		if o == nil {
			return ErrUnknown
		}
		out = *o
		return nil
	})
	return out, err
}
