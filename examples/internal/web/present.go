package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// showable are the documents that are presented by code.
var showable = []document.Kind{document.DriverLicence, document.VehicleRegistration, document.HealthInsurance}

// held is a document on the citizen's page.
type held struct {
	Kind  document.Kind
	Name  ui.Text
	State ui.Text
	Ready bool      // đã được xác thực: may be presented
	At    time.Time // since when it is in that state
}

func label(kind document.Kind) ui.Text {
	vi, en := kind.Label()
	return ui.Text{Vi: vi, En: en}
}

// papers lists what the citizen can present.
func (s *Site) papers(w http.ResponseWriter, r *http.Request) {
	session, ok := s.citizen(w, r)
	if !ok {
		return
	}
	there, err := s.Platform.Papers(r.Context(), session.Account.ID)
	if err != nil {
		s.unavailable(w, r)
		return
	}
	var list []held
	for _, kind := range showable {
		h := held{Kind: kind, Name: label(kind), State: words.PaperStates[""]}
		for _, p := range there {
			if p.Kind == kind {
				h.State, h.Ready, h.At = words.PaperStates[p.State], p.State == "verified", p.At
			}
		}
		list = append(list, h)
	}
	s.pages.Render(w, r, http.StatusOK, "papers", list)
}

// present draws the code of one document. A page that is loaded again shows a fresh
// one: each works once.
func (s *Site) present(w http.ResponseWriter, r *http.Request) {
	session, ok := s.citizen(w, r)
	if !ok {
		return
	}
	kind := document.Kind(r.PathValue("kind"))
	if !presentable(kind) {
		http.NotFound(w, r)
		return
	}
	drawn, err := s.document(r.Context(), session.Account.ID, kind)
	if err != nil {
		s.unavailable(w, r)
		return
	}
	s.pages.Render(w, r, http.StatusOK, "present", struct {
		Kind document.Kind
		Name ui.Text
		Code *shown // nil: show the paper
	}{kind, label(kind), drawn})
}

func (s *Site) document(ctx context.Context, account string, kind document.Kind) (*shown, error) {
	return s.code(ctx, account, platform.CodeRequest{Kind: qr.Document, Document: kind, Life: dynamicLife, Holder: qr.HolderLogin})
}

func presentable(kind document.Kind) bool {
	for _, k := range showable {
		if k == kind {
			return true
		}
	}
	return false
}

// citizen is who is logged in; otherwise the answer has been given.
func (s *Site) citizen(w http.ResponseWriter, r *http.Request) (platform.Session, bool) {
	session, err := s.Platform.Session(r)
	switch {
	case errors.Is(err, platform.ErrNoSession):
		http.Redirect(w, r, "/login?return=/me/papers", http.StatusSeeOther)
	case err != nil:
		s.unavailable(w, r)
	default:
		return session, true
	}
	return platform.Session{}, false
}
