// Package staff is what the desks of the platform's staff share: who may sit down at one,
// and the page that says why something did not work. The engine decides who may do what;
// a desk lets in whom its pages are for.
package staff

import (
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"slices"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Desk is the pages of an area in which staff work.
type Desk struct {
	Platform *platform.Platform
	Pages    *ui.Set
	Bare     *ui.Set        // without the area's tabs: for the agency, whose pages they are not, and what went wrong
	Home     string         // the first page
	Refusals words.Refusals // what the engine refuses here
}

// Open reads the templates of an area, one of which is "error" and shows a ui.Text.
func Open(p *platform.Platform, files fs.FS, site ui.Site, home string, refusals words.Refusals) (Desk, error) {
	pages, err1 := ui.Parse(files, "templates", site)
	site.Tabs = nil
	bare, err2 := ui.Parse(files, "templates", site)
	return Desk{p, pages, bare, home, refusals}, errors.Join(err1, err2)
}

// Render draws a page for somebody of the staff.
func (d Desk) Render(w http.ResponseWriter, r *http.Request, by platform.Staff, status int, page string, data any) {
	set := d.Pages
	if by.Role == platform.RoleAgency {
		set = d.Bare
	}
	set.Render(w, r, status, page, data)
}

// Page is a page of somebody of the staff.
type Page func(w http.ResponseWriter, r *http.Request, by platform.Staff)

// For lets staff of the roles through to a page, and with no roles nobody. Who is not
// logged in is sent to do so and comes back: to the page, or to the first one of the desk
// where a form was sent, which nobody sends again by themselves.
func (d Desk) For(page Page, roles ...platform.Role) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, err := d.Platform.StaffSession(r)
		switch {
		case errors.Is(err, platform.ErrNoSession):
			back := d.Home
			if r.Method == http.MethodGet || r.Method == http.MethodHead {
				back = r.URL.RequestURI()
			}
			http.Redirect(w, r, "/staff/login?return="+url.QueryEscape(back), http.StatusSeeOther)
		case err != nil:
			d.Fail(w, r, err)
		case !slices.Contains(roles, by.Role):
			d.Fail(w, r, platform.ErrNotAllowed)
		default:
			page(w, r, by)
		}
	}
}

// Fail says in words why something did not work.
func (d Desk) Fail(w http.ResponseWriter, r *http.Request, err error) {
	why := d.Refusals.Of(err)
	if why.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	d.Bare.Render(w, r, why.Status, "error", why.Text)
}
