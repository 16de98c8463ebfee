package platform

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// CaseRef names a case as an officer saw it, and the form that changes it.
type CaseRef struct {
	ID  string
	Rev int
	Key string // a random text of the form
}

// caseStep changes a case. The same form again is done already; another one on an old
// revision is ErrStale.
func (p *Platform) caseStep(ctx context.Context, by Staff, ref CaseRef, name string, in []RegState, f func(Tx, *Case) error) error {
	return p.store.Update(ctx, func(tx Tx) error {
		c, err := load[Case](tx, tableCases, ref.ID)
		switch {
		case err != nil:
			return err
		case c == nil || by.Role != RoleOfficer || !p.mine(by, c.Unit):
			return ErrNoCase
		case ref.Key != "" && c.Key == ref.Key:
			return nil
		case c.Rev != ref.Rev:
			return ErrStale
		case !slices.Contains(in, c.State):
			return ErrStep
		}
		before := *c
		if err := f(tx, c); err != nil {
			return err
		}
		c.Rev, c.Key = c.Rev+1, ref.Key
		c.Steps = append(c.Steps, CaseStep{p.now(), by.ID, name})
		if c.State != RegOpen && c.State != RegSubmitted {
			if err := tx.Delete(tableCaseOpen, p.about(c)); err != nil {
				return err
			}
		}
		return errors.Join(p.putCase(tx, &before, c), p.recordCase(tx, c, by, name))
	})
}

// endCase ends a case outside of caseStep.
func (p *Platform) endCase(tx Tx, c *Case, by Staff, state RegState, step string) error {
	before := *c
	c.State, c.Decided, c.Rev = state, p.now(), c.Rev+1
	c.Steps = append(c.Steps, CaseStep{p.now(), by.ID, step})
	return errors.Join(tx.Delete(tableCaseOpen, p.about(c)), p.putCase(tx, &before, c), p.recordCase(tx, c, by, step))
}

var whileOpen, whileWaiting = []RegState{RegOpen}, []RegState{RegSubmitted}

// CaseContact enters the telephone number or e-mail address, or both.
func (p *Platform) CaseContact(ctx context.Context, by Staff, ref CaseRef, phone, email string) error {
	to := contact{phone, email}
	if !to.read() {
		return ErrForm
	}
	return p.caseStep(ctx, by, ref, "contact", whileOpen, func(_ Tx, c *Case) error {
		c.Contact = to
		return nil
	})
}

// Outcome is how a comparison ended (kết quả đối sánh). There is no picture and no print
// here: devices compare.
type Outcome string

// The outcomes.
const (
	OutcomeMatch   Outcome = "match"
	OutcomeNoMatch Outcome = "no-match"
	OutcomeTaken   Outcome = "taken"   // with a first card: there is nothing to compare with yet
	OutcomeMissing Outcome = "missing" // could not be taken
)

// Comparison is how portrait and fingerprints were compared.
type Comparison struct {
	Face    Outcome   `json:"face"`
	Finger  Outcome   `json:"finger"`
	At      time.Time `json:"at"`
	Officer string    `json:"officer"`
}

// suffices reports whether somebody was recognised: both are asked for, and the match of
// either is enough (published 2022: "ảnh chân dung, hoặc vân tay"; C6 of
// docs/services.md). One that contradicts the other is not.
func (m *Comparison) suffices(kind CaseKind) bool {
	if m == nil || m.Face == OutcomeNoMatch || m.Finger == OutcomeNoMatch {
		return false
	}
	if kind == CaseFirstCard && (m.Face == OutcomeTaken || m.Finger == OutcomeTaken) {
		return true
	}
	return m.Face == OutcomeMatch || m.Finger == OutcomeMatch
}

// CaseCompared enters how the comparisons ended.
func (p *Platform) CaseCompared(ctx context.Context, by Staff, ref CaseRef, face, finger Outcome) error {
	return p.caseStep(ctx, by, ref, "compared", whileOpen, func(_ Tx, c *Case) error {
		for _, o := range []Outcome{face, finger} {
			if !slices.Contains([]Outcome{OutcomeMatch, OutcomeNoMatch, OutcomeMissing}, o) && (o != OutcomeTaken || c.Kind != CaseFirstCard) {
				return ErrForm
			}
		}
		c.Compared = &Comparison{face, finger, p.now(), by.ID}
		return nil
	})
}

// Representative is who acts for a child or a ward: a parent or guardian by the population
// register, with an own account of level 2.
type Representative struct {
	Account  string    `json:"account"`
	Name     string    `json:"name"`
	Attested string    `json:"attested"` // the register that says so
	At       time.Time `json:"at"`
}

// CaseRepresentative enters who acts for the person, by their number.
func (p *Platform) CaseRepresentative(ctx context.Context, by Staff, ref CaseRef, number string) error {
	return p.caseStep(ctx, by, ref, "representative", whileOpen, func(tx Tx, c *Case) error {
		if !c.ByOther {
			return ErrStep
		}
		rep, err := p.byNumber(tx, number)
		if err != nil {
			return err
		}
		e, err := p.represented(tx, c)
		if err != nil {
			return err
		}
		if e == nil || !represents(rep, e) {
			return ErrNoPerson
		}
		c.Representative = &Representative{rep.ID, rep.Record.Name, string(registers.Population), p.now()}
		c.Agreed = nil // it was somebody else's
		return nil
	})
}

// represented is what the register says about the person of a case.
func (p *Platform) represented(tx Tx, c *Case) (*registers.Entry, error) {
	if c.Kind == CaseForeigner {
		return shelf{p, tx}.Entry(registers.Immigration, c.Number)
	}
	return shelf{p, tx}.Entry(registers.Population, c.Number)
}

// AgreementText is what somebody agrees to at a counter.
type AgreementText struct {
	Version string
	From    vneid.Date
	Vi, En  string
}

// AgreementTexts returns every version, oldest first. The words are the project's.
func AgreementTexts() []AgreementText {
	return []AgreementText{
		{"ND59-1", regDate(2022, 10, 20),
			"Tôi đồng ý đăng ký tạo tài khoản định danh điện tử mức độ 2. Thông tin tôi cung cấp là đúng. Tôi biết ảnh chân dung và vân tay chỉ được đối sánh, kết quả đối sánh được lưu.",
			"I agree to have an electronic identification account of level 2 made. What I said is true. I know that portrait and fingerprints are compared only, and that the result of the comparison is kept."},
		{"ND69-1", regDate(2024, 7, 1),
			"Tôi đồng ý đăng ký tạo tài khoản định danh điện tử mức độ 2 và cấp căn cước điện tử. Thông tin tôi cung cấp là đúng. Tôi biết ảnh chân dung và vân tay chỉ được đối sánh, kết quả đối sánh được lưu, giấy tờ tôi xuất trình được tích hợp khi cán bộ chấp nhận từng giấy tờ.",
			"I agree to have an electronic identification account of level 2 made, and the electronic identity card with it. What I said is true. I know that portrait and fingerprints are compared only, that the result is kept, and that each paper that I hand over is integrated if the officer accepts it."},
	}
}

// AgreementOn is the version of a day.
func AgreementOn(day vneid.Date) (out AgreementText) {
	for _, t := range AgreementTexts() {
		if !day.Before(t.From) {
			out = t
		}
	}
	return out
}

// Agreement is that somebody agreed (khẳng định sự đồng ý đăng ký tạo tài khoản).
type Agreement struct {
	Version string    `json:"version"`
	By      Applicant `json:"by"`
	Account string    `json:"account,omitempty"` // of a representative
	At      time.Time `json:"at"`
	Officer string    `json:"officer"`
	Unit    string    `json:"unit"`
}

// CaseAgreed takes the agreement down. It is to the text of the day, and for a child or
// ward the representative's.
func (p *Platform) CaseAgreed(ctx context.Context, by Staff, ref CaseRef, version string, agreed bool) error {
	return p.caseStep(ctx, by, ref, "agreed", whileOpen, func(_ Tx, c *Case) error {
		if !agreed || version == "" || version != AgreementOn(p.today()).Version {
			return ErrForm
		}
		a := &Agreement{Version: version, By: BySelf, At: p.now(), Officer: by.ID, Unit: by.Unit}
		if c.ByOther {
			if c.Representative == nil {
				return ErrNoPerson
			}
			a.By, a.Account = ByRepresentative, c.Representative.Account
		}
		c.Agreed = a
		return nil
	})
}

// Missing lists the steps that have to be done before a case can be submitted.
func (c Case) Missing() (steps []string) {
	add := func(is bool, name string) {
		if is {
			steps = append(steps, name)
		}
	}
	add(c.ByOther && c.Representative == nil, "representative")
	add(c.Contact == contact{}, "contact")
	person := c.Kind != CaseOrganisation
	add(c.Kind == CaseCitizen && !c.Linked && (c.Chip == nil || !c.Chip.Passed || !c.Chip.Own), "chip")
	add(person && slices.ContainsFunc(c.Papers, func(d CasePaper) bool { return d.Decision == "" }), "papers")
	add(person && !c.Linked && !c.Compared.suffices(c.Kind), "compared")
	add(c.Agreed == nil, "agreed")
	return steps
}
