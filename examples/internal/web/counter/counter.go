// Package counter draws the officer's counter of the reference platform (below
// /counter) and the page where its staff log in (/staff/login). The engine decides
// everything; a page shows and asks. Every handler asks for the officer's session and
// role itself.
package counter

import (
	"embed"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/relay"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html
var templates embed.FS

// Paths are what the handler of New serves.
var Paths = []string{"/counter", "/counter/", "/staff/"}

type desk struct {
	p        *platform.Platform
	pages    *ui.Set
	anchors  []chip.Anchor
	readings readings
	phones   relay.Relay
}

// New returns the pages. The site lends them its name and foot. The anchors are whom
// cards that a telephone relays may be signed by, beside the emulated cards' authority.
func New(p *platform.Platform, site ui.Site, anchors ...chip.Anchor) (http.Handler, error) {
	set, err := ui.Parse(templates, "templates", site)
	if err != nil {
		return nil, err
	}
	d := &desk{p: p, pages: set, anchors: anchors}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /staff/login", d.login)
	mux.HandleFunc("POST /staff/login", d.enter)
	mux.HandleFunc("POST /staff/logout", d.leave)
	mux.HandleFunc("GET "+pathHome, d.toWork)
	mux.HandleFunc("GET /counter", d.officer(d.home))
	mux.HandleFunc("GET /counter/done", d.officer(d.done))
	mux.HandleFunc("POST /counter/cases", d.officer(d.open))
	mux.HandleFunc("GET /counter/cases/{id}", d.officer(d.showCase))
	mux.HandleFunc("POST /counter/cases/{id}/{step}", d.officer(d.do))
	mux.HandleFunc("GET /counter/applications", d.only(platform.RoleAgency, d.applications))
	mux.HandleFunc("POST /counter/applications", d.only(platform.RoleAgency, d.decideNow))
	mux.Handle("GET "+relayPath, &d.phones)
	return mux, nil
}

// Tabs are the pages of the counter.
var Tabs = []ui.Link{
	{Href: "/counter", Text: ui.Text{Vi: "Hồ sơ đang xử lý", En: "Cases"}},
	{Href: "/counter/done", Text: ui.Text{Vi: "Đã giải quyết", En: "Decided"}},
	{Href: "/counter/locks", Text: ui.Text{Vi: "Khóa, mở khóa", En: "Locks"}},
}

// officer lets officers through and hands them to the handler; anybody else is sent to
// log in, or refused.
func (d *desk) officer(next func(http.ResponseWriter, *http.Request, platform.Staff)) http.HandlerFunc {
	return d.only(platform.RoleOfficer, next)
}

func (d *desk) only(role platform.Role, next func(http.ResponseWriter, *http.Request, platform.Staff)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := d.p.StaffSession(r)
		switch {
		case errors.Is(err, platform.ErrNoSession):
			http.Redirect(w, r, "/staff/login?return="+url.QueryEscape(r.URL.Path), http.StatusSeeOther)
		case err != nil:
			d.fail(w, r, err)
		case who.Role != role:
			d.fail(w, r, platform.ErrNotAllowed)
		default:
			next(w, r, who)
		}
	}
}

type loginPage struct {
	Return, ID string
	Problem    *ui.Text
	Who        *platform.Staff // who is logged in in this browser
	Staff      []personas.StaffMember
	Password   string
}

// login asks who it is.
func (d *desk) login(w http.ResponseWriter, r *http.Request) {
	page := loginPage{Return: back(r.URL.Query().Get("return"))}
	if who, err := d.p.StaffSession(r); err == nil {
		page.Who = &who
	}
	d.showLogin(w, r, http.StatusOK, page)
}

func (d *desk) showLogin(w http.ResponseWriter, r *http.Request, status int, page loginPage) {
	page.Staff, page.Password = personas.Staff(), personas.Password
	d.pages.Render(w, r, status, "login", page)
}

// enter ends whatever session the browser had and begins another.
func (d *desk) enter(w http.ResponseWriter, r *http.Request) {
	page := loginPage{Return: back(r.PostFormValue("return")), ID: r.PostFormValue("id")}
	err := d.p.StaffLogout(w, r)
	if err == nil {
		err = d.p.StaffLogin(r.Context(), w, page.ID, r.PostFormValue("password"))
	}
	switch {
	case errors.Is(err, platform.ErrStaffLogin):
		page.Problem = &ui.Text{Vi: "Tên cán bộ hoặc mật khẩu không đúng.", En: "Wrong name or password."}
		d.showLogin(w, r, http.StatusUnauthorized, page)
	case errors.Is(err, platform.ErrStaffWait):
		page.Problem = &ui.Text{Vi: "Sai mật khẩu nhiều lần. Hãy chờ rồi thử lại.", En: "Too many wrong passwords. Wait, then try again."}
		d.showLogin(w, r, http.StatusTooManyRequests, page)
	case err != nil:
		d.fail(w, r, err)
	default:
		http.Redirect(w, r, page.Return, http.StatusSeeOther)
	}
}

// pathHome leads to where somebody works.
const pathHome = "/staff/home"

func (d *desk) toWork(w http.ResponseWriter, r *http.Request) {
	to := "/staff/login"
	if who, err := d.p.StaffSession(r); err == nil {
		to = map[platform.Role]string{platform.RoleOfficer: "/counter", platform.RoleAgency: "/agency", platform.RoleClient: "/console"}[who.Role]
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (d *desk) leave(w http.ResponseWriter, r *http.Request) {
	if err := d.p.StaffLogout(w, r); err != nil {
		d.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/staff/login", http.StatusSeeOther)
}

// back keeps a return address on this site: one path, which no browser reads as
// another host.
func back(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") || len(path) > 512 {
		return pathHome
	}
	return path
}

// fail says in words why something did not work.
func (d *desk) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, t := said(err)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	d.pages.Render(w, r, status, "error", t)
}

// said words an error; what is none of the engine's refusals is trouble here.
func said(err error) (int, ui.Text) {
	for _, known := range failures {
		if errors.Is(err, known.err) {
			return known.status, known.text
		}
	}
	return http.StatusServiceUnavailable, ui.Text{Vi: "Hệ thống đang bận. Hãy thử lại sau.", En: "The platform is busy. Try again later."}
}
