package rp

import (
	"embed"
	"net/http"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html
var templates embed.FS

// Paths are what a Hall serves.
var Paths = []string{"/rp", "/rp/"}

// Hall is all the hosted relying parties. It is safe for concurrent use.
type Hall struct {
	p       *platform.Platform
	list    *ui.Set
	mux     *http.ServeMux
	pages   map[string]*ui.Set // by party
	mu      sync.Mutex
	built   time.Time
	sites   map[string]*site
	portals map[string]*register // accounts from before VNeID, which outlive the sites
}

// New returns the hall. Register registers its parties.
func New(p *platform.Platform, site ui.Site) (*Hall, error) {
	h := &Hall{p: p, pages: map[string]*ui.Set{}}
	var err error
	if h.list, err = ui.Parse(templates, "templates", site); err != nil {
		return nil, err
	}
	for _, a := range parties() {
		own := site
		own.Area, own.Tabs = a.name, a.tabs()
		if h.pages[a.id], err = ui.Parse(templates, "templates", own); err != nil {
			return nil, err
		}
	}
	h.mux = http.NewServeMux()
	h.mux.HandleFunc("GET /rp", h.home)
	h.mux.Handle("GET /rp/{party}", h.room("home"))
	h.mux.Handle("GET /rp/{party}/login", h.room("login"))
	h.mux.Handle("GET /rp/{party}/callback", h.room("callback"))
	h.mux.Handle("GET /rp/{party}/profile", h.room("profile"))
	h.mux.Handle("GET /rp/{party}/level2", h.room("level2"))
	h.mux.Handle("POST /rp/{party}/logout", h.room("logout"))
	h.mux.Handle("GET /rp/{party}/left", h.room("left"))
	h.mux.Handle("GET /rp/{party}/bye", h.room("bye"))
	h.mux.Handle("POST /rp/{party}/backchannel", h.room("backchannel"))
	h.mux.Handle("GET /rp/{party}/ask", h.room("ask"))
	h.mux.Handle("POST /rp/{party}/ask", h.room("send"))
	h.mux.Handle("GET /rp/{party}/ask/callback", h.room("answered"))
	h.mux.Handle("GET /rp/{party}/answer", h.room("answer"))
	h.mux.Handle("POST /rp/{party}/events", h.room("events"))
	h.mux.Handle("GET /rp/{party}/stays", h.room("stays"))
	h.mux.Handle("POST /rp/{party}/stays", h.room("notify"))
	h.mux.Handle("GET /rp/{party}/old", h.room("old"))
	h.mux.Handle("POST /rp/{party}/old", h.room("enter"))
	h.mux.Handle("POST /rp/{party}/old/leave", h.room("leave"))
	h.mux.Handle("GET /rp/{party}/dossiers", h.room("dossiers"))
	h.mux.Handle("GET /rp/{party}/link", h.room("link"))
	h.mux.Handle("POST /rp/{party}/link", h.room("confirm"))
	h.mux.Handle("POST /rp/{party}/number", h.room("number"))
	h.mux.HandleFunc("/rp/", h.none)
	h.Reset()
	return h, nil
}

// Reset forgets what the parties know: sessions, answers, linked accounts. The lab calls
// it after it has put the platform back.
func (h *Hall) Reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sites, h.portals = nil, map[string]*register{}
}

// ServeHTTP implements http.Handler.
func (h *Hall) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// open returns the site of a party, nil for none. Sites are built when they are first
// needed, and anew when the platform's clock was put back behind that moment: logins from
// before a program began are none to package sso, which cannot know what ended them.
func (h *Hall) open(id string) (*site, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now := h.p.Now(); h.sites == nil || now.Before(h.built) {
		h.sites, h.built = map[string]*site{}, now
	}
	if s := h.sites[id]; s != nil {
		return s, nil
	}
	for _, a := range parties() {
		if a.id != id {
			continue
		}
		if a.old && h.portals[id] == nil {
			h.portals[id] = newRegister(h.p.Now)
		}
		s, err := newSite(h, a)
		if err == nil {
			h.sites[id] = s
		}
		return s, err
	}
	return nil, nil
}

// room serves a page of whichever party the path names.
func (h *Hall) room(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := h.open(r.PathValue("party"))
		switch {
		case err != nil:
			h.list.Render(w, r, http.StatusServiceUnavailable, "broken", nil)
		case s == nil || s.rooms[name] == nil:
			h.none(w, r)
		default:
			apart(s.id, "/rp/"+s.id, s.rooms[name]).ServeHTTP(w, r)
		}
	})
}

func (h *Hall) home(w http.ResponseWriter, r *http.Request) {
	h.list.Render(w, r, http.StatusOK, "parties", rows())
}

func (h *Hall) none(w http.ResponseWriter, r *http.Request) {
	h.list.Render(w, r, http.StatusNotFound, "none", nil)
}

// row is a party in the list.
type row struct {
	ID             string
	Name, About    ui.Text
	Class, Channel ui.Text
}

func rows() (out []row) {
	for _, a := range parties() {
		out = append(out, a.row())
	}
	return out
}

func (a *party) row() row {
	return row{a.id, a.name, a.about, words.Of(words.Classes, string(a.class)), a.channel()}
}

func (a *party) channel() ui.Text {
	if a.provider == "" {
		return ui.Text{Vi: "kết nối trực tiếp", En: "connects directly"}
	}
	return ui.Text{Vi: "qua tổ chức được cấp phép", En: "through a licensed provider"}
}

func (a *party) tabs() []ui.Link {
	at := "/rp/" + a.id
	out := []ui.Link{
		{Href: at, Text: ui.Text{Vi: "Trang đầu", En: "Home"}},
		{Href: at + "/profile", Text: ui.Text{Vi: "Hồ sơ", En: "Profile"}},
		{Href: at + "/level2", Text: ui.Text{Vi: "Dịch vụ mức độ 2", En: "Level-2 service"}},
	}
	if a.asks != nil {
		out = append(out, ui.Link{Href: at + "/ask", Text: ui.Text{Vi: "Hỏi giấy tờ", En: "Ask for documents"}})
	}
	if a.stays() {
		out = append(out, ui.Link{Href: at + "/stays", Text: ui.Text{Vi: "Lưu trú", En: "Stays"}})
	}
	if a.old {
		out = append(out,
			ui.Link{Href: at + "/dossiers", Text: ui.Text{Vi: "Hồ sơ dịch vụ công", En: "Filings"}},
			ui.Link{Href: at + "/link", Text: ui.Text{Vi: "Liên kết tài khoản", En: "Linking"}})
	}
	return out
}

func (a *party) stays() bool {
	for _, s := range a.services {
		if s == platform.ServiceStays {
			return true
		}
	}
	return false
}
