// Package agency draws the desk of the identification agency (cơ quan quản lý định danh),
// below /agency: legal holds, accounts that are closed, and the state of the audit log. The
// engine decides who may do what; every handler asks it with the session of who is there.
package agency

import (
	"embed"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html
var templates embed.FS

// Paths are what the handler of New serves.
var Paths = []string{"/agency", "/agency/"}

type desk struct {
	p     *platform.Platform
	pages *ui.Set
}

// New returns the pages.
func New(p *platform.Platform, site ui.Site) (http.Handler, error) {
	set, err := ui.Parse(templates, "templates", site)
	if err != nil {
		return nil, err
	}
	d := &desk{p, set}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /agency", d.staff(d.home))
	mux.HandleFunc("POST /agency", d.staff(d.find))
	mux.HandleFunc("GET /agency/of/{account}", d.staff(d.file))
	mux.HandleFunc("POST /agency/of/{account}/hold", d.staff(d.hold))
	mux.HandleFunc("POST /agency/of/{account}/lift", d.staff(d.lift))
	mux.HandleFunc("POST /agency/of/{account}/close", d.staff(d.close))
	return mux, nil
}

type handler func(w http.ResponseWriter, r *http.Request, by platform.Staff)

// staff lets the agency's staff through; anybody else is sent to log in, or refused.
func (d *desk) staff(next handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, err := d.p.StaffSession(r)
		switch {
		case errors.Is(err, platform.ErrNoSession):
			http.Redirect(w, r, "/staff/login?return="+url.QueryEscape("/agency"), http.StatusSeeOther)
		case err != nil:
			d.fail(w, r, err)
		case by.Role != platform.RoleAgency:
			d.fail(w, r, platform.ErrNotAllowed)
		default:
			next(w, r, by)
		}
	}
}

// fail says in words why something did not work.
func (d *desk) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, t := http.StatusServiceUnavailable, ui.Text{Vi: "Hệ thống đang bận. Chưa có gì thay đổi; hãy thử lại sau.", En: "The platform is busy. Nothing was changed; try again later."}
	for _, known := range failures {
		if errors.Is(err, known.err) {
			status, t = known.status, known.text
			break
		}
	}
	d.pages.Render(w, r, status, "error", t)
}

var failures = []struct {
	err    error
	status int
	text   ui.Text
}{
	{platform.ErrNotAllowed, http.StatusForbidden, ui.Text{Vi: "Trang này dành cho cơ quan quản lý định danh.", En: "This page is for the identification agency."}},
	{platform.ErrNoHolder, http.StatusNotFound, ui.Text{Vi: "Không ai ở đây có số này.", En: "Nobody here has this number."}},
	{platform.ErrNoHold, http.StatusConflict, ui.Text{Vi: "Yêu cầu lưu giữ này không còn.", En: "This hold no longer stands."}},
	{platform.ErrEnded, http.StatusConflict, ui.Text{Vi: "Người này không có tài khoản, hoặc tài khoản đã đóng.", En: "The person has no account, or it is closed."}},
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
	holds, err1 := d.p.Holds(r.Context(), "", platform.Hold{Account: q.Get("account"), ID: q.Get("after")}, holdsPage+1)
	state, err2 := d.p.AuditState(r.Context())
	if err := errors.Join(err1, err2); err != nil {
		d.fail(w, r, err)
		return
	}
	page.Holds, page.Audit = holds, state
	if len(holds) > holdsPage {
		page.Holds, page.Next = holds[:holdsPage], &holds[holdsPage-1]
	}
	d.pages.Render(w, r, http.StatusOK, "home", page)
}

func (d *desk) find(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	account, err := d.p.FindKept(r.Context(), by, strings.TrimSpace(r.PostFormValue("number")))
	if err != nil {
		d.fail(w, r, err)
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

// wrong is a citation that was refused: of which form, and what stood there.
type wrong struct{ Form, Citation string }

func (d *desk) show(w http.ResponseWriter, r *http.Request, by platform.Staff, status int, bad *wrong) {
	f, err := d.p.KeptFile(r.Context(), by, r.PathValue("account"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.pages.Render(w, r, status, "file", filePage{by, f, bad})
}

// answer goes back to the file, or shows it with what was wrong.
func (d *desk) answer(w http.ResponseWriter, r *http.Request, by platform.Staff, form string, err error) {
	switch {
	case errors.Is(err, platform.ErrCitation):
		d.show(w, r, by, http.StatusUnprocessableEntity, &wrong{form, r.PostFormValue("citation")})
	case err != nil:
		d.fail(w, r, err)
	default:
		http.Redirect(w, r, at(r.PathValue("account")), http.StatusSeeOther)
	}
}

func (d *desk) hold(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	_, err := d.p.PlaceHold(r.Context(), by, r.PathValue("account"), r.PostFormValue("citation"))
	d.answer(w, r, by, "hold", err)
}

func (d *desk) lift(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	id := r.PostFormValue("id")
	d.answer(w, r, by, id, d.p.LiftHold(r.Context(), by, r.PathValue("account"), id, r.PostFormValue("citation")))
}

func (d *desk) close(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	d.answer(w, r, by, "close", d.p.CloseAccount(r.Context(), by, r.PathValue("account"), r.PostFormValue("citation")))
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
	return field{form, p.Wrong.Citation, true}
}

// Bad reports whether a form was refused.
func (p filePage) Bad(form string) bool { return p.Wrong != nil && p.Wrong.Form == form }
