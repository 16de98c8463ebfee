package vneidtest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// paperFaults say what package qr makes of each defect of a document's code.
var paperFaults = map[string]error{
	"paper-pending": vneid.ErrLevel, "paper-unverified": vneid.ErrLevel, "paper-stateless": vneid.ErrMalformed, "paper-other": vneid.ErrMismatch,
	"paper-over": vneid.ErrExpired, "paper-nameless": vneid.ErrMalformed, "paper-person": vneid.ErrMismatch, "paper-with-number": vneid.ErrMalformed,
	"paper-level-1": vneid.ErrLevel, "paper-long-life": vneid.ErrMalformed,
}

func TestEveryFaultOfADocumentsCodeHasItsKind(t *testing.T) {
	for _, f := range vneidtest.Faults() {
		if strings.HasPrefix(f.Name, "paper-") && paperFaults[f.Name] == nil {
			t.Errorf("%s: no test knows this fault", f.Name)
		}
	}
	p := vneidtest.New(t)
	cfg := p.QR()
	cfg.Document = document.DriverLicence
	inspector, err := qr.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	person, err := qr.New(p.QR())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range paperFaults {
		for _, c := range []vneidtest.Code{{Document: document.DriverLicence}, {Document: document.DriverLicence, JWS: true}} {
			twin, err := p.IssueQR("level2", c)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := inspector.Verify(t.Context(), twin); err != nil {
				t.Fatalf("%s: the twin does not pass: %v", name, err)
			}
			p.Break(name)
			text, err := p.IssueQR("level2", c)
			alone, err2 := p.IssueQR("level2", vneidtest.Code{JWS: c.JWS})
			p.Heal()
			if err != nil || err2 != nil {
				t.Fatalf("%s: %v, %v", name, err, err2)
			}
			got, err := inspector.Verify(t.Context(), text)
			verdict(t, name, err, want, got == nil)
			if _, err := person.Verify(t.Context(), alone); err != nil {
				t.Errorf("%s: a person's code suffers too: %v", name, err)
			}
		}
	}
}

// forgetful is another inspector's store, which has not seen the code.
type forgetful struct{}

func (forgetful) Use(context.Context, vneid.Once) error { return nil }

func TestADocumentIsShownAtAnInspectionOnce(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.QR()
	cfg.Document = document.DriverLicence
	inspector, err := qr.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, jws := range []bool{false, true} {
		code, err := p.IssueQR("level2", vneidtest.Code{Document: document.DriverLicence, JWS: jws})
		if err != nil {
			t.Fatal(err)
		}
		c, err := inspector.Verify(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		if l, err := qr.Reveal[paper.DriverLicence](c); err != nil || l.Number != "999000000001" {
			t.Errorf("%+v, %v", l, err)
		}
		elsewhere := cfg
		elsewhere.Replay = forgetful{}
		other, err := qr.New(elsewhere)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Verify(t.Context(), code); !errors.Is(err, vneid.ErrReplayed) {
			t.Errorf("at another inspection: %v", err)
		}
	}
	if _, err := p.IssueQR("first-login", vneidtest.Code{Document: document.DriverLicence}); !errors.As(err, new(*qr.PaperError)) || !errors.Is(err, vneid.ErrLevel) {
		t.Errorf("a licence that is not approved yet: %v", err)
	}
}
