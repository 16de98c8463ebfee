package citizen

import (
	"net/http"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// showable are the documents that are presented by code.
var showable = []document.Kind{document.DriverLicence, document.VehicleRegistration, document.HealthInsurance}

// elsewhere are documents with a page of their own.
var elsewhere = map[document.Kind]string{document.Residence: "/me/residence", document.Dependants: "/me/dependants", document.ElectronicID: "/me/eid"}

// held is a document on the citizen's page.
type held struct {
	Kind   document.Kind
	Name   ui.Text
	State  ui.Text
	Badge  string
	Ready  bool      // đã được xác thực: may be presented
	At     time.Time // since when it is in that state
	Source *ui.Text  // the register
	Facts  []field
	Href   string // its own page
}

func label(kind document.Kind) ui.Text {
	vi, en := kind.Label()
	return ui.Text{Vi: vi, En: en}
}

// source is who keeps a document; nil where nobody is named.
func source(name string) *ui.Text {
	if name == "" {
		return nil
	}
	t := words.Of(words.Registers, name)
	return &t
}

func heldOf(p platform.Paper) held {
	h := held{Kind: p.Kind, Name: label(p.Kind), State: words.Of(words.PaperStates, p.State), At: p.At, Source: source(p.Source), Facts: facts(p.Claims), Href: elsewhere[p.Kind]}
	switch {
	case p.Status == sdjwt.Suspended:
		h.State, h.Badge = ui.Text{Vi: "Đang bị tạm đình chỉ", En: "Suspended"}, "warn"
	case p.Status != sdjwt.Valid:
		h.State, h.Badge = ui.Text{Vi: "Đã bị thu hồi", En: "Revoked"}, "bad"
	case p.State == "verified":
		h.Badge, h.Ready = "ok", true
	default:
		h.Badge = "warn"
	}
	return h
}

// papers lists what the citizen has, and what could be presented and is not there.
func (c *app) papers(w http.ResponseWriter, r *http.Request, me platform.Session) {
	if !whole(me) {
		c.hidden(w, r, me, ui.Text{Vi: "Giấy tờ", En: "Papers"})
		return
	}
	there, err := c.p.Papers(r.Context(), me.Account.ID)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page := struct{ Present, Others []held }{}
	for _, kind := range showable {
		h := held{Kind: kind, Name: label(kind), State: words.PaperStates[""]}
		for _, p := range there {
			if p.Kind == kind {
				h = heldOf(p)
			}
		}
		page.Present = append(page.Present, h)
	}
	for _, p := range there {
		if !slices.Contains(showable, p.Kind) {
			page.Others = append(page.Others, heldOf(p))
		}
	}
	c.show(w, r, "papers", page)
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

// paperOf returns one of the person's documents; nil for none.
func (c *app) paperOf(r *http.Request, me platform.Session, kind document.Kind) (*platform.Paper, error) {
	all, err := c.p.Papers(r.Context(), me.Account.ID)
	for _, p := range all {
		if p.Kind == kind {
			return &p, err
		}
	}
	return nil, err
}
