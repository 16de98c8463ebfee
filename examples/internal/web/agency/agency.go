// Package agency draws the desk of the identification agency (cơ quan quản lý định danh),
// below /agency: legal holds, accounts that are closed, numbers that are given anew, and the
// state of the audit log. The engine decides who may do what; every handler asks it with the
// session of who is there.
package agency

import (
	"embed"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/staff"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html
var templates embed.FS

// Paths are what the handler of New serves.
var Paths = []string{"/agency", "/agency/"}

type desk struct{ staff.Desk }

// New returns the pages.
func New(p *platform.Platform, site ui.Site) (http.Handler, error) {
	shared, err := staff.Open(p, templates, site, Paths[0], refusals)
	if err != nil {
		return nil, err
	}
	d := &desk{shared}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /agency", d.For(d.home, platform.RoleAgency))
	mux.HandleFunc("POST /agency", d.For(d.find, platform.RoleAgency))
	mux.HandleFunc("GET /agency/of/{account}", d.For(d.file, platform.RoleAgency))
	mux.HandleFunc("POST /agency/of/{account}/hold", d.For(d.hold, platform.RoleAgency))
	mux.HandleFunc("POST /agency/of/{account}/lift", d.For(d.lift, platform.RoleAgency))
	mux.HandleFunc("POST /agency/of/{account}/close", d.For(d.close, platform.RoleAgency))
	mux.HandleFunc("POST /agency/of/{account}/number", d.For(d.number, platform.RoleAgency))
	return mux, nil
}

var refusals = words.Refusals{
	words.Refuse(platform.ErrNotAllowed, http.StatusForbidden, "Trang này dành cho cơ quan quản lý định danh.", "This page is for the identification agency."),
	words.Refuse(platform.ErrNoHolder, http.StatusNotFound, "Không ai ở đây có số này.", "Nobody here has this number."),
	words.Refuse(platform.ErrManyHolds, http.StatusConflict, "Đã có quá nhiều yêu cầu lưu giữ.", "Too many holds stand."),
	words.Refuse(platform.ErrNoHold, http.StatusConflict, "Yêu cầu lưu giữ này không còn.", "This hold no longer stands."),
	words.Refuse(platform.ErrNumberTaken, http.StatusConflict, "Số này đang có người dùng, hoặc đã bị hủy và không cấp lại.", "The number is somebody's, or was cancelled and is never given out again."),
	words.Refuse(platform.ErrEnded, http.StatusConflict, "Người này không có tài khoản, hoặc tài khoản đã đóng.", "The person has no account, or it is closed."),
}

// holdsPage is how many holds a page shows.
const holdsPage = 50

func (d *desk) home(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	page := struct {
		Who   platform.Staff
		Holds []platform.Hold
		Next  *platform.Hold
		Audit platform.AuditState
	}{Who: by}
	q := r.URL.Query()
	holds, err1 := d.Platform.Holds(r.Context(), "", platform.Hold{Account: q.Get("account"), ID: q.Get("after")}, holdsPage+1)
	state, err2 := d.Platform.AuditState(r.Context())
	if err := errors.Join(err1, err2); err != nil {
		d.Fail(w, r, err)
		return
	}
	page.Holds, page.Audit = holds, state
	if len(holds) > holdsPage {
		page.Holds, page.Next = holds[:holdsPage], &holds[holdsPage-1]
	}
	d.Render(w, r, by, http.StatusOK, "home", page)
}

func (d *desk) find(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	account, err := d.Platform.FindKept(r.Context(), by, strings.TrimSpace(r.PostFormValue("number")))
	if err != nil {
		d.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, at(account), http.StatusSeeOther)
}

func at(account string) string { return "/agency/of/" + url.PathEscape(account) }

func (d *desk) file(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	d.show(w, r, by, http.StatusOK, nil)
}

// filePage is somebody's file, and what was wrong with the form that was sent.
type filePage struct {
	Who   platform.Staff
	File  platform.KeptFile
	Wrong *wrong
}

// wrong is a form that was refused, and what stood there.
type wrong struct {
	Form, Citation string
	Number         string
	NotCited       bool // it is the citation that was wrong
}

func (d *desk) show(w http.ResponseWriter, r *http.Request, by platform.Staff, status int, bad *wrong) {
	f, err := d.Platform.KeptFile(r.Context(), by, r.PathValue("account"))
	if err != nil {
		d.Fail(w, r, err)
		return
	}
	d.Render(w, r, by, status, "file", filePage{by, f, bad})
}

// answer goes back to the file, or shows it with what was wrong.
func (d *desk) answer(w http.ResponseWriter, r *http.Request, by platform.Staff, form string, err error) {
	switch {
	case errors.Is(err, platform.ErrCitation):
		d.show(w, r, by, http.StatusUnprocessableEntity, &wrong{form, r.PostFormValue("citation"), r.PostFormValue("number"), true})
	case errors.Is(err, platform.ErrNumber):
		d.show(w, r, by, http.StatusUnprocessableEntity, &wrong{form, r.PostFormValue("citation"), r.PostFormValue("number"), false})
	case err != nil:
		d.Fail(w, r, err)
	default:
		http.Redirect(w, r, at(r.PathValue("account")), http.StatusSeeOther)
	}
}

func (d *desk) hold(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	_, err := d.Platform.PlaceHold(r.Context(), by, r.PathValue("account"), r.PostFormValue("citation"))
	d.answer(w, r, by, "hold", err)
}

func (d *desk) lift(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	id := r.PostFormValue("id")
	d.answer(w, r, by, id, d.Platform.LiftHold(r.Context(), by, r.PathValue("account"), id, r.PostFormValue("citation")))
}

func (d *desk) close(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	d.answer(w, r, by, "close", d.Platform.CloseAccount(r.Context(), by, r.PathValue("account"), r.PostFormValue("citation")))
}

func (d *desk) number(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	d.answer(w, r, by, "number", d.Platform.AssignNumber(r.Context(), by, r.PathValue("account"), strings.TrimSpace(r.PostFormValue("number")), r.PostFormValue("citation")))
}

// field is a citation's input of one form.
type field struct {
	Form, Value string
	Bad         bool
}

// Field describes the citation of a form.
func (p filePage) Field(form string) field {
	if !p.Bad(form) {
		return field{Form: form}
	}
	return field{form, p.Wrong.Citation, p.Wrong.NotCited}
}

// Bad reports whether a form was refused.
func (p filePage) Bad(form string) bool { return p.Wrong != nil && p.Wrong.Form == form }

// BadNumber reports whether it is the new number that was refused.
func (p filePage) BadNumber() bool { return p.Bad("number") && !p.Wrong.NotCited }
