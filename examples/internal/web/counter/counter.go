// Package counter draws the officer's counter of the reference platform (below
// /counter) and the page where its staff log in (/staff/login). The engine decides
// everything; a page shows and asks. Every handler asks for the officer's session and
// role itself.
package counter

import (
	"embed"
	"errors"
	"net/http"
	"strings"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/relay"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/staff"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html
var templates embed.FS

// Paths are what the handler of New serves.
var Paths = []string{"/counter", "/counter/", "/staff/"}

type desk struct {
	staff.Desk
	anchors  []chip.Anchor
	readings readings
	phones   relay.Relay
}

// New returns the pages. The site lends them its name and foot. The anchors are whom
// cards that a telephone relays may be signed by, beside the emulated cards' authority.
func New(p *platform.Platform, site ui.Site, anchors ...chip.Anchor) (http.Handler, error) {
	shared, err := staff.Open(p, templates, site, Paths[0], refusals)
	if err != nil {
		return nil, err
	}
	d := &desk{Desk: shared, anchors: anchors}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /staff/login", d.login)
	mux.HandleFunc("POST /staff/login", d.enter)
	mux.HandleFunc("POST /staff/logout", d.leave)
	mux.HandleFunc("GET "+pathHome, d.toWork)
	mux.HandleFunc("GET /counter", d.For(d.home, platform.RoleOfficer))
	mux.HandleFunc("GET /counter/done", d.For(d.done, platform.RoleOfficer))
	mux.HandleFunc("POST /counter/cases", d.For(d.open, platform.RoleOfficer))
	mux.HandleFunc("GET /counter/cases/{id}", d.For(d.showCase, platform.RoleOfficer))
	mux.HandleFunc("POST /counter/cases/{id}/{step}", d.For(d.do, platform.RoleOfficer))
	mux.HandleFunc("GET /counter/applications", d.For(d.applications, platform.RoleAgency))
	mux.HandleFunc("POST /counter/applications", d.For(d.decideNow, platform.RoleAgency))
	mux.Handle("GET "+relayPath, &d.phones)
	return mux, nil
}

// Tabs are the pages of the counter.
var Tabs = []ui.Link{
	{Href: "/counter", Text: ui.Text{Vi: "Hồ sơ đang xử lý", En: "Cases"}},
	{Href: "/counter/done", Text: ui.Text{Vi: "Đã giải quyết", En: "Decided"}},
	{Href: "/counter/locks", Text: ui.Text{Vi: "Khóa, mở khóa", En: "Locks"}},
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
	if who, err := d.Platform.StaffSession(r); err == nil {
		page.Who = &who
	}
	d.showLogin(w, r, http.StatusOK, page)
}

func (d *desk) showLogin(w http.ResponseWriter, r *http.Request, status int, page loginPage) {
	page.Staff, page.Password = personas.Staff(), personas.Password
	d.Pages.Render(w, r, status, "login", page)
}

// enter ends whatever session the browser had and begins another.
func (d *desk) enter(w http.ResponseWriter, r *http.Request) {
	page := loginPage{Return: back(r.PostFormValue("return")), ID: r.PostFormValue("id")}
	err := d.Platform.StaffLogout(w, r)
	if err == nil {
		err = d.Platform.StaffLogin(r.Context(), w, page.ID, r.PostFormValue("password"))
	}
	switch {
	case errors.Is(err, platform.ErrStaffLogin):
		page.Problem = &ui.Text{Vi: "Tên cán bộ hoặc mật khẩu không đúng.", En: "Wrong name or password."}
		d.showLogin(w, r, http.StatusUnauthorized, page)
	case errors.Is(err, platform.ErrStaffWait):
		page.Problem = &ui.Text{Vi: "Sai mật khẩu nhiều lần. Hãy chờ rồi thử lại.", En: "Too many wrong passwords. Wait, then try again."}
		d.showLogin(w, r, http.StatusTooManyRequests, page)
	case err != nil:
		d.Fail(w, r, err)
	default:
		http.Redirect(w, r, page.Return, http.StatusSeeOther)
	}
}

// pathHome leads to where somebody works.
const pathHome = "/staff/home"

func (d *desk) toWork(w http.ResponseWriter, r *http.Request) {
	to := "/staff/login"
	if who, err := d.Platform.StaffSession(r); err == nil {
		to = map[platform.Role]string{platform.RoleOfficer: "/counter", platform.RoleAgency: "/agency", platform.RoleClient: "/console"}[who.Role]
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (d *desk) leave(w http.ResponseWriter, r *http.Request) {
	if err := d.Platform.StaffLogout(w, r); err != nil {
		d.Fail(w, r, err)
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
