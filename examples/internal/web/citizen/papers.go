package citizen

import (
	"net/http"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
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

// papers lists what the citizen has.
func (c *app) papers(w http.ResponseWriter, r *http.Request, me platform.Session) {
	there, err := c.p.Papers(r.Context(), me.Account.ID)
	if err != nil {
		c.fail(w, r, err)
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
	c.show(w, r, "papers", list)
}

// present draws the code of one document. A page that is loaded again shows a fresh
// one: each works once.
func (c *app) present(w http.ResponseWriter, r *http.Request, me platform.Session) {
	kind := document.Kind(r.PathValue("kind"))
	if !slices.Contains(showable, kind) {
		http.NotFound(w, r)
		return
	}
	drawn, err := c.document(r.Context(), me.Account.ID, kind)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, "present", struct {
		Kind document.Kind
		Name ui.Text
		Code *ui.Code // nil: show the paper
	}{kind, label(kind), drawn})
}
