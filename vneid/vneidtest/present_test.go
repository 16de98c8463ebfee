package vneidtest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

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
