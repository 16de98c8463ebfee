// Package citizen draws the citizen's app of the reference platform, below /me. In this
// stand-in the app is a browser in which the person is logged in.
//
// Every page takes the account from the session and never from the address or a form, so
// there is nothing to guess with which somebody could read about another person. What
// matters to the safety of an account asks for the password again; the engine decides, and
// a page shows and asks.
package citizen

import (
	"embed"
	"errors"
	"net/http"
	"net/url"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html
var templates embed.FS

// Paths are what the handler of New serves.
var Paths = []string{"/me", "/me/"}

// Tabs are the pages that stand at the foot of a phone.
var Tabs = []ui.Link{
	{Href: "/me", Text: ui.Text{Vi: "Của tôi", En: "Mine"}},
	{Href: "/me/papers", Text: ui.Text{Vi: "Giấy tờ", En: "Papers"}},
	{Href: "/me/shares", Text: ui.Text{Vi: "Chia sẻ", En: "Shared"}},
	{Href: "/me/inbox", Text: ui.Text{Vi: "Thông báo", En: "Notices"}},
	{Href: "/me/settings", Text: ui.Text{Vi: "Cài đặt", En: "Settings"}},
}

// app is the pages on top of the engine.
type app struct {
	p     *platform.Platform
	pages *ui.Set
}

// New returns the pages.
func New(p *platform.Platform, site ui.Site) (http.Handler, error) {
	set, err := ui.Parse(templates, "templates", site)
	if err != nil {
		return nil, err
	}
	c := &app{p, set}
	mux := http.NewServeMux()
	c.routeOwn(mux)
	c.routeRecords(mux)
	mux.HandleFunc("POST /me/leave", c.leave)
	mux.HandleFunc("GET /me/locked", c.locked)
	return mux, nil
}

// routeOwn adds the pages of the account.
func (c *app) routeOwn(mux *http.ServeMux) {
	mux.HandleFunc("GET /me", c.own(c.home))
	mux.HandleFunc("GET /me/eid", c.own(c.eid))
	mux.HandleFunc("GET /me/level2", c.own(c.level2))
	mux.HandleFunc("GET /me/code/{kind}", c.own(c.large))
	mux.HandleFunc("GET /me/requests", c.own(c.requests))
	mux.HandleFunc("POST /me/requests", c.own(c.respond))
	mux.HandleFunc("GET /me/sessions", c.own(c.sessions))
	mux.HandleFunc("POST /me/sessions/end", c.own(c.end))
	mux.HandleFunc("GET /me/history", c.own(c.history))
	mux.HandleFunc("GET /me/locks", c.own(c.locks))
	mux.HandleFunc("POST /me/locks", c.own(c.lock))
	mux.HandleFunc("POST /me/locks/open", c.own(c.unlock))
	mux.HandleFunc("GET /me/settings", c.own(c.settings))
	mux.HandleFunc("POST /me/settings/phone", c.own(c.change("phone", platform.SMS)))
	mux.HandleFunc("POST /me/settings/phone/code", c.own(c.confirm("phone", platform.SMS)))
	mux.HandleFunc("POST /me/settings/email", c.own(c.change("email", platform.Email)))
	mux.HandleFunc("POST /me/settings/email/code", c.own(c.confirm("email", platform.Email)))
	mux.HandleFunc("POST /me/settings/channels", c.own(c.channels))
	mux.HandleFunc("POST /me/settings/device", c.own(c.device))
	mux.HandleFunc("POST /me/settings/password", c.own(c.password))
}

// routeRecords adds the pages of what there is about the person, and what they file.
func (c *app) routeRecords(mux *http.ServeMux) {
	mux.HandleFunc("GET /me/papers", c.own(c.papers))
	mux.HandleFunc("GET /me/papers/{kind}", c.own(c.present))
	mux.HandleFunc("GET /me/shares", c.own(c.shares))
	mux.HandleFunc("POST /me/shares/withdraw", c.own(c.withdraw))
	mux.HandleFunc("POST /me/shares/decide", c.own(c.represent))
	mux.HandleFunc("POST /me/shares/forget", c.own(c.forget))
	mux.HandleFunc("GET /me/inbox", c.own(c.inbox))
	mux.HandleFunc("GET /me/bills", c.own(c.bills))
	mux.HandleFunc("GET /me/residence", c.own(c.residence))
	mux.HandleFunc("GET /me/dependants", c.own(c.dependants))
	mux.HandleFunc("GET /me/health", c.own(c.health))
	mux.HandleFunc("GET /me/stays", c.own(c.stays))
	mux.HandleFunc("POST /me/stays", c.own(c.notify))
	mux.HandleFunc("POST /me/stays/cancel", c.own(c.unnotify))
	mux.HandleFunc("GET /me/filings", c.own(c.filingList))
	mux.HandleFunc("GET /me/filings/{kind}", c.own(c.file))
	mux.HandleFunc("POST /me/filings/{kind}", c.own(c.submit))
}

// handler is a page of somebody who is logged in.
type handler func(w http.ResponseWriter, r *http.Request, me platform.Session)

// own hands a page who is logged in. Anybody else is sent to log in, and comes back.
func (c *app) own(next handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		me, err := c.p.Session(r)
		switch {
		case errors.Is(err, platform.ErrNoSession):
			c.toLogin(w, r, "")
		case err != nil:
			c.fail(w, r, err)
		default:
			next(w, r, me)
		}
	}
}

// toLogin asks for a login, or with auth for a stronger one, and comes back to the page; to
// the first one where a form was sent, which nobody sends again by themselves.
func (c *app) toLogin(w http.ResponseWriter, r *http.Request, auth string) {
	back := "/me"
	if r.Method == http.MethodGet {
		back = r.URL.RequestURI()
	}
	q := url.Values{"return": {back}}
	if auth != "" {
		q.Set("auth", auth)
	}
	http.Redirect(w, r, "/login?"+q.Encode(), http.StatusSeeOther)
}

// leave ends all sessions of the person, everywhere. Who is not logged in has left.
func (c *app) leave(w http.ResponseWriter, r *http.Request) {
	me, err := c.p.Session(r)
	if err == nil {
		err = c.p.EndSessions(r.Context(), me.Account.ID)
	}
	if err != nil && !errors.Is(err, platform.ErrNoSession) {
		c.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// fail says that something is wrong on this side: all that a person can do wrong has words
// of its own on its page.
func (c *app) fail(w http.ResponseWriter, r *http.Request, _ error) {
	c.pages.Render(w, r, http.StatusServiceUnavailable, "error", nil)
}

func (c *app) show(w http.ResponseWriter, r *http.Request, page string, data any) {
	c.pages.Render(w, r, http.StatusOK, page, data)
}
