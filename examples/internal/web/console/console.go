// Package console draws the console of the relying parties (below /console): what their
// own staff see of their registration, keys, purposes, calls, events and reconciliation.
//
//	/console                 the registration, and what may be changed of it
//	/console/keys            keys by fingerprint, rotation in two steps, secrets
//	/console/purposes        what people's documents are asked for
//	/console/calls           the last requests and answers; /console/calls.har as HAR 1.2
//	/console/events          what waits to be told, what was refused, and sent again
//	/console/reconciliation  the list of a day
//	/console/clients         the agency's: all registrations, new ones, class and channel
//
// Whose console it is stands in the session (platform.StaffSession) and never in an
// address, so that nobody reaches another relying party's. The agency registers and
// decides class and channel; it does not see what a relying party and the platform said
// to each other. Everything on the wire is a project format, not VNeID's.
package console

import (
	"embed"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/staff"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html
var templates embed.FS

// Paths are what the handler of New serves.
var Paths = []string{"/console", "/console/"}

// Tabs are the pages of a relying party's staff.
var Tabs = []ui.Link{
	{Href: "/console", Text: ui.Text{Vi: "Đăng ký", En: "Registration"}},
	{Href: "/console/keys", Text: ui.Text{Vi: "Khóa", En: "Keys"}},
	{Href: "/console/purposes", Text: ui.Text{Vi: "Mục đích", En: "Purposes"}},
	{Href: "/console/calls", Text: ui.Text{Vi: "Lời gọi", En: "Calls"}},
	{Href: "/console/events", Text: ui.Text{Vi: "Sự kiện", En: "Events"}},
	{Href: "/console/reconciliation", Text: ui.Text{Vi: "Đối soát", En: "Reconciliation"}},
}

type desk struct{ staff.Desk }

// New returns the pages.
func New(p *platform.Platform, site ui.Site) (http.Handler, error) {
	shared, err := staff.Open(p, templates, site, Paths[0], refusals)
	if err != nil {
		return nil, err
	}
	d := &desk{shared}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /console", d.own(d.registration))
	mux.HandleFunc("POST /console", d.own(d.change))
	mux.HandleFunc("GET /console/keys", d.own(d.keys))
	mux.HandleFunc("POST /console/keys", d.own(d.changeKeys))
	mux.HandleFunc("GET /console/purposes", d.own(d.purposes))
	mux.HandleFunc("POST /console/purposes", d.own(d.changePurposes))
	mux.HandleFunc("GET /console/calls", d.own(d.calls))
	mux.HandleFunc("POST /console/calls", d.own(d.forget))
	mux.HandleFunc("GET /console/calls.har", d.own(d.har))
	mux.HandleFunc("GET /console/events", d.own(d.events))
	mux.HandleFunc("POST /console/events", d.own(d.sendAgain))
	mux.HandleFunc("GET /console/reconciliation", d.own(d.reconciliation))
	mux.HandleFunc("GET /console/clients", d.office(d.clients))
	mux.HandleFunc("POST /console/clients", d.office(d.enlist))
	mux.HandleFunc("GET /console/clients/{client}", d.office(d.oneClient))
	mux.HandleFunc("POST /console/clients/{client}", d.office(d.standing))
	return mux, nil
}

// visit is a request of somebody of the staff. client is theirs, without its secrets.
type visit struct {
	w      http.ResponseWriter
	r      *http.Request
	who    platform.Staff
	client platform.Client
}

// own lets the staff of relying parties through, each to their own. The agency has a page
// of its own instead of the first one.
func (d *desk) own(next func(*visit)) http.HandlerFunc {
	return d.For(func(w http.ResponseWriter, r *http.Request, by platform.Staff) {
		if by.Role == platform.RoleAgency {
			if r.Method == http.MethodGet && r.URL.Path == d.Home {
				http.Redirect(w, r, "/console/clients", http.StatusSeeOther)
			} else {
				d.Fail(w, r, platform.ErrNotAllowed)
			}
			return
		}
		c, err := d.Platform.Client(r.Context(), by.Client)
		if err != nil {
			d.Fail(w, r, err)
			return
		}
		next(&visit{w, r, by, c})
	}, platform.RoleClient, platform.RoleAgency)
}

// office lets the agency's staff through.
func (d *desk) office(next func(*visit)) http.HandlerFunc {
	return d.For(func(w http.ResponseWriter, r *http.Request, by platform.Staff) {
		next(&visit{w: w, r: r, who: by})
	}, platform.RoleAgency)
}

// page is what every page of the console knows.
type page struct {
	Who     platform.Staff
	Client  platform.Client
	Problem *problem
	Done    *ui.Text
}

// problem is a change that was refused: in words, and as the engine names the field,
// which is what an integrator searches for.
type problem struct {
	Text  ui.Text
	Field string
}

// page begins a page; the query says what was done before it.
func (v *visit) page() page {
	return page{Who: v.who, Client: v.client, Done: doneWords.Said(v.r)}
}

var doneWords = form.Done{
	"saved":   {Vi: "Đã lưu.", En: "Saved."},
	"keys":    {Vi: "Đã thêm khóa. Khóa cũ vẫn dùng được cho đến khi bạn gỡ.", En: "The keys were added. The old ones are good until you drop them."},
	"dropped": {Vi: "Đã gỡ khóa.", En: "The key was dropped."},
	"again":   {Vi: "Đã xếp lại vào hàng gửi.", En: "Put back into the stream."},
	"nothing": {Vi: "Không có gì để gửi lại.", En: "There is nothing to send again."},
	"forgot":  {Vi: "Đã xóa bản ghi.", En: "The records are gone."},
	"listed":  {Vi: "Đã đăng ký đơn vị.", En: "The relying party is registered."},
}

func (d *desk) done(v *visit, path, what string) {
	form.Lead(v.w, v.r, path, what)
}

// refused words an error of the engine.
func refused(err error) *problem {
	p := &problem{Text: ui.Text{Vi: "Nền tảng không nhận thay đổi này.", En: "The platform does not take this change."}, Field: err.Error()}
	if why := refusals.Of(err); why.Status != http.StatusServiceUnavailable {
		p.Text = why.Text
	}
	return p
}

var refusals = words.Refusals{
	words.Refuse(platform.ErrNotAllowed, http.StatusForbidden, "Trang này không dành cho vai trò của bạn.", "This page is not for your role."),
	words.Refuse(platform.ErrNoClient, http.StatusNotFound, "Đơn vị của bạn chưa được đăng ký ở nền tảng này.", "Your relying party is not registered at this platform."),
	words.Refuse(platform.ErrClientExists, http.StatusConflict, "Mã đơn vị này đã có.", "A relying party of that id is registered."),
	words.Refuse(platform.ErrChannel, http.StatusUnprocessableEntity, "Doanh nghiệp phải kết nối qua tổ chức cung cấp dịch vụ xác thực điện tử được cấp phép (Nghị định 69/2024/NĐ-CP, Điều 18 khoản 4).", "A business connects through a licensed provider of electronic authentication (Decree 69/2024, Art. 18.4)."),
}
