package platform

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// CasePaper is a paper that the citizen handed over to have it integrated. Each is
// accepted or refused on its own, whatever becomes of the others.
type CasePaper struct {
	Kind     document.Kind `json:"kind"`
	Number   string        `json:"number"`
	Held     PaperFinding  `json:"held"`
	Decision string        `json:"decision,omitempty"` // servicewire.Verified or Refused
	Reason   string        `json:"reason,omitempty"`
	At       time.Time     `json:"at,omitzero"`
	Officer  string        `json:"officer,omitempty"`
}

// PaperFinding is what the register of a paper says about it.
type PaperFinding string

// The findings. Only PaperHeld can be accepted.
const (
	PaperHeld    PaperFinding = "held"
	PaperNone    PaperFinding = "none"
	PaperOther   PaperFinding = "other-number"
	PaperRevoked PaperFinding = "revoked"
)

// ErrPaper is for a paper that its register does not confirm, or that stands there twice.
var ErrPaper = errors.New("platform: the register of the paper does not confirm it")

// Integrable are the kinds of papers that can be handed over at a counter.
func Integrable() []document.Kind {
	return []document.Kind{document.DriverLicence, document.HealthInsurance, document.VehicleRegistration, document.SocialInsurance, document.Passport}
}

// CasePaperAdd enters a paper and looks it up in its register.
func (p *Platform) CasePaperAdd(ctx context.Context, by Staff, ref CaseRef, kind document.Kind, number string) error {
	number = strings.TrimSpace(number)
	if !slices.Contains(Integrable(), kind) || number == "" || !servicewire.Plain(number, 64) {
		return ErrForm
	}
	return p.caseStep(ctx, by, ref, "paper", whileOpen, func(tx Tx, c *Case) error {
		if c.Kind == CaseOrganisation || slices.ContainsFunc(c.Papers, func(d CasePaper) bool { return d.Kind == kind }) {
			return ErrPaper
		}
		held, err := p.findPaper(tx, c.Account, kind, number)
		if err != nil {
			return err
		}
		c.Papers = append(c.Papers, CasePaper{Kind: kind, Number: number, Held: held})
		return nil
	})
}

// CasePaperDecide accepts a paper, or refuses it with a reason.
func (p *Platform) CasePaperDecide(ctx context.Context, by Staff, ref CaseRef, kind document.Kind, accept bool, reason string) error {
	if !servicewire.Plain(reason, 300) {
		return ErrForm
	}
	return p.caseStep(ctx, by, ref, "paper-decided", whileOpen, func(tx Tx, c *Case) error {
		i := slices.IndexFunc(c.Papers, func(d CasePaper) bool { return d.Kind == kind })
		if i < 0 {
			return ErrForm
		}
		d := &c.Papers[i]
		var err error
		if d.Held, err = p.findPaper(tx, c.Account, kind, d.Number); err != nil {
			return err
		}
		if accept && d.Held != PaperHeld {
			return ErrPaper
		}
		d.Decision, d.Reason, d.At, d.Officer = servicewire.Refused, reason, p.now(), by.ID
		if accept {
			d.Decision, d.Reason = servicewire.Verified, ""
		}
		return nil
	})
}

// findPaper asks the register of a paper, which is a stub: what the platform holds.
func (p *Platform) findPaper(tx Tx, account string, kind document.Kind, number string) (PaperFinding, error) {
	held, err := load[Paper](tx, tablePapers, account+"/"+string(kind))
	switch {
	case err != nil:
		return "", err
	case held == nil:
		return PaperNone, nil
	case held.Status != sdjwt.Valid:
		return PaperRevoked, nil
	}
	var says struct{ Number, Plate string }
	if err := json.Unmarshal(held.Claims, &says); err != nil {
		return PaperNone, nil
	}
	if n := bareNumber(number); n != "" && (n == bareNumber(says.Number) || n == bareNumber(says.Plate)) {
		return PaperHeld, nil
	}
	return PaperOther, nil
}

var fillers = strings.NewReplacer(" ", "", ".", "", "-", "", "/", "")

func bareNumber(s string) string { return strings.ToUpper(fillers.Replace(s)) }

// integrate does with the papers of a granted case what was decided, each as a ticket of
// its own: the person is told of each.
func (p *Platform) integrate(tx Tx, c *Case) error {
	for _, d := range c.Papers {
		key := c.Account + "/" + string(d.Kind)
		held, err := load[Paper](tx, tablePapers, key)
		if err != nil {
			return err
		}
		if d.Decision == servicewire.Verified && held != nil {
			held.State, held.At = wire.StateVerified, p.now()
			err = errors.Join(save(tx, tablePapers, key, held, time.Time{}),
				p.record(tx, entry{Kind: auditPaperChanged, Actor: d.Officer, Account: c.Account, Body: auditPaper{Kind: string(d.Kind), Status: held.Status}}))
		}
		t := &Ticket{ID: random()[:22], Client: counterClient, Account: c.Account,
			Filing: servicewire.Filing{Kind: servicewire.Integration, Applicant: c.Number, Document: string(d.Kind), Number: d.Number},
			Steps:  []TicketStep{{State: servicewire.Received, At: c.Submitted}}}
		note := servicewire.Text{Vi: d.Reason, En: d.Reason}
		if err := errors.Join(err, p.decideTicket(tx, t, d.Decision, note)); err != nil {
			return err
		}
	}
	return nil
}

// counterClient stands in tickets that were handed in at a counter.
const counterClient = "counter"
