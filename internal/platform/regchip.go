package platform

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// ChipReading is how the reading of a card's chip ended. Of what the chip said only that
// is kept which the registers have to confirm.
type ChipReading struct {
	At      time.Time   `json:"at"`
	Officer string      `json:"officer"`
	Passed  bool        `json:"passed"`
	Own     bool        `json:"own"`              // the chip says the number of the case
	Name    string      `json:"name,omitempty"`   // of the decisive check, of a reading that did not pass
	Reason  string      `json:"reason,omitempty"` // its reason
	Anchor  string      `json:"anchor,omitempty"` // the caller's name for the authority that signed
	Checks  []ChipCheck `json:"checks"`

	Shown ChipPerson `json:"shown,omitzero"`
}

// ChipCheck is one line of the verdict.
type ChipCheck struct {
	Name   string      `json:"name"`
	Status chip.Status `json:"status"`
	Reason string      `json:"reason,omitempty"`
}

// ChipPerson is what the chip said that registers are asked about.
type ChipPerson struct {
	Name    string     `json:"name"`
	Birth   vneid.Date `json:"birth"`
	Sex     vneid.Sex  `json:"sex"`
	Issued  vneid.Date `json:"issued,omitzero"`
	Expires vneid.Date `json:"expires,omitzero"`
}

// CaseChip enters what came of reading the card: a Document, which only a Verifier makes,
// or the error in its place. An error that is no verdict (the card was taken away, the
// reader is in trouble) changes nothing and is returned.
func (p *Platform) CaseChip(ctx context.Context, by Staff, ref CaseRef, doc *chip.Document, failed error) error {
	reading := &ChipReading{At: p.now(), Officer: by.ID}
	var verdict *chip.VerifyError
	switch {
	case errors.As(failed, &verdict):
		reading.Name, reading.Reason, reading.Checks = verdict.Name, verdict.Reason, chipChecks(verdict.Checks)
	case failed != nil:
		return failed
	case doc == nil || doc.Citizen().IsZero():
		return ErrForm
	default:
		reading.Passed, reading.Anchor, reading.Checks = true, doc.Anchor(), chipChecks(doc.Checks())
	}
	return p.caseStep(ctx, by, ref, "chip", whileOpen, func(_ Tx, c *Case) error {
		if c.Kind != CaseCitizen {
			return ErrStep
		}
		if reading.Passed {
			// The number is compared here, and kept nowhere else: of another person's card
			// nothing stays.
			r := doc.Citizen().Reveal()
			if reading.Own = r.ID == c.Number; reading.Own {
				reading.Shown = ChipPerson{r.Name, r.Birth, r.Sex, r.CardIssued, r.CardExpires}
			}
		}
		c.Chip = reading
		return nil
	})
}

func chipChecks(list []chip.Check) (out []ChipCheck) {
	for _, c := range list {
		out = append(out, ChipCheck{c.Name, c.Status, c.Reason})
	}
	return out
}

// asked is whom the registers are asked about.
func (c *Case) asked() registers.Person {
	who := registers.Person{Number: c.Number, Name: c.Name}
	if c.Chip != nil && c.Chip.Passed && c.Chip.Own {
		s := c.Chip.Shown
		who.Name, who.Birth, who.Sex, who.CardIssued, who.CardExpires = s.Name, s.Birth, s.Sex, s.Issued, s.Expires
	}
	return who
}
