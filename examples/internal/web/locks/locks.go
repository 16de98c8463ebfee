// Package locks draws where staff place and lift locks, below /counter/locks: an officer on
// form TK03 of the holder who stands there, or because a card is held; the agency on its
// other grounds, and what other bodies ask for. The engine decides who may do what; every
// handler asks it with the session of who is there.
package locks

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
var Paths = []string{"/counter/locks", "/counter/locks/"}

type desk struct{ staff.Desk }

// New returns the pages.
func New(p *platform.Platform, site ui.Site) (http.Handler, error) {
	shared, err := staff.Open(p, templates, site, Paths[0], refusals)
	if err != nil {
		return nil, err
	}
	d := &desk{shared}
	// What they may do is asked of the engine, by each page.
	either := func(page staff.Page) http.HandlerFunc { return d.For(page, platform.RoleOfficer, platform.RoleAgency) }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /counter/locks", either(d.list))
	mux.HandleFunc("POST /counter/locks", either(d.find))
	mux.HandleFunc("GET /counter/locks/of/{account}", either(d.file))
	mux.HandleFunc("POST /counter/locks/of/{account}/place", either(d.place))
	mux.HandleFunc("POST /counter/locks/of/{account}/lift", either(d.lift))
	mux.HandleFunc("POST /counter/locks/of/{account}/card", either(d.cardBack))
	mux.HandleFunc("POST /counter/locks/of/{account}/request", either(d.request))
	mux.HandleFunc("POST /counter/locks/requests/{id}", either(d.decide))
	return mux, nil
}

var refusals = words.Refusals{
	words.Refuse(platform.ErrNotAllowed, http.StatusForbidden, "Việc này không dành cho vai trò hoặc đơn vị của bạn hôm nay.", "Not for your role or unit today."),
	words.Refuse(platform.ErrNoHolder, http.StatusNotFound, "Không có tài khoản này.", "There is no such account."),
	words.Refuse(platform.ErrNoGround, http.StatusConflict, "Căn cứ khóa này không còn.", "This ground no longer stands."),
	words.Refuse(platform.ErrNoRequest, http.StatusConflict, "Yêu cầu này chưa được chuyển đến, hoặc đã giải quyết.", "This request was not handed on yet, or is decided."),
	words.Refuse(platform.ErrNoLock, http.StatusUnprocessableEntity, "Hãy chọn mục cần khóa; căn cứ này không khóa được mục khác.", "Choose what to lock; this ground places no other lock."),
	words.Refuse(platform.ErrTerm, http.StatusUnprocessableEntity, "Thời hạn đã qua, hoặc căn cứ này không có thời hạn.", "The term is over, or this ground has none."),
	words.Refuse(platform.ErrText, http.StatusUnprocessableEntity, "Nội dung còn thiếu, quá dài hoặc có ký tự không đọc được.", "The words are missing, too long, or not plain text."),
	words.Refuse(platform.ErrManyLocks, http.StatusConflict, "Đã có quá nhiều căn cứ.", "Too many grounds stand."),
}

// request is another body's request on the page.
type request struct {
	platform.LockRequest
	Text, What                ui.Text
	LateForward, LateDecision bool
	MayForward, MayDecide     bool
}

// How many requests the page shows.
const maxOpen, maxDone = 200, 50

// list shows the form to find somebody, and the requests that wait.
func (d *desk) list(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	open, err1 := d.requests(r, by, false, maxOpen)
	done, err2 := d.requests(r, by, true, maxDone)
	if err := errors.Join(err1, err2); err != nil {
		d.Fail(w, r, err)
		return
	}
	d.Render(w, r, by, http.StatusOK, "list", struct {
		Who        platform.Staff
		Unit       string
		Open, Done []request
	}{by, d.unit(by.Unit), open, done})
}

func (d *desk) requests(r *http.Request, by platform.Staff, done bool, limit int) (out []request, err error) {
	all, err := d.Platform.LockRequests(r.Context(), by, done, limit)
	now := d.Platform.Now()
	for _, q := range all {
		one := request{LockRequest: q, What: words.Locks[q.Locks]}
		if rule, ok := platform.RuleOf(q.Ground); ok {
			one.Text = ui.Text(rule.Text)
		}
		one.LateForward, one.LateDecision = q.Late(now)
		one.MayForward = by.Role == platform.RoleOfficer && q.Forwarded.IsZero()
		one.MayDecide = by.Role == platform.RoleAgency && !q.Forwarded.IsZero()
		out = append(out, one)
	}
	return out, err
}

func (d *desk) find(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	account, err := d.Platform.FindHolder(r.Context(), by, strings.TrimSpace(r.PostFormValue("number")))
	if err != nil {
		d.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, at(account), http.StatusSeeOther)
}

func at(account string) string { return "/counter/locks/of/" + url.PathEscape(account) }

// ground is one that stands, and what the officer may do about it.
type ground struct {
	platform.LockGround
	Text, What ui.Text
	Who        ui.Text // placed it
	Opener     ui.Text // lifted it
	MayLift    bool
}

// choice is a ground that may be placed.
type choice struct {
	platform.GroundRule
	Text  ui.Text
	Asks  bool // the request names the lock
	Typed typed
}

func (d *desk) file(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	d.show(w, r, by, http.StatusOK, typed{})
}

// show is the file, perhaps with what was wrong with one of its forms.
func (d *desk) show(w http.ResponseWriter, r *http.Request, by platform.Staff, status int, t typed) {
	f, err := d.Platform.LockFile(r.Context(), by, r.PathValue("account"))
	if err != nil {
		d.Fail(w, r, err)
		return
	}
	page := struct {
		Who            platform.Staff
		File           platform.LockFile
		Standing, Past []ground
		Place, Bodies  []choice
		Held           bool     // the card is
		Problem        *ui.Text // with a button
		Request        typed
		Wrong          bool
	}{Who: by, File: f, Wrong: t.problem != nil}
	switch t.form {
	case formRequest:
		page.Request = t
	case formButton:
		page.Problem = t.problem
	}
	for _, g := range f.Standing {
		page.Standing = append(page.Standing, d.ground(g, by))
		page.Held = page.Held || g.Ground == platform.GroundCard
	}
	for _, g := range f.Past {
		page.Past = append(page.Past, d.ground(g, by))
	}
	policy := d.Platform.LockPolicy()
	for _, rule := range platform.GroundRules() {
		c := choice{rule, ui.Text(rule.Text), policy.Asks(rule.Ground), typed{}}
		if t.form == formPlace && t.Ground == rule.Ground {
			c.Typed = t
		}
		switch {
		case rule.Decide > 0:
			page.Bodies = append(page.Bodies, c)
		case rule.MayPlace(by):
			page.Place = append(page.Place, c)
		}
	}
	d.Render(w, r, by, status, "file", page)
}

func (d *desk) ground(g platform.LockGround, by platform.Staff) ground {
	colleague := func(id string) ui.Text { return words.By(id, ui.Text{Vi: id, En: id}) }
	out := ground{LockGround: g, What: words.Locks[g.Locks], Who: colleague(g.By), Opener: colleague(g.LiftedBy)}
	out.Unit = d.unit(g.Unit)
	if rule, ok := platform.RuleOf(g.Ground); ok {
		out.Text, out.MayLift = ui.Text(rule.Text), rule.MayLift(by)
	}
	return out
}

// unit is the name of a unit.
func (d *desk) unit(id string) string {
	if u, ok := d.Platform.Units().Get(id); ok {
		return u.Name
	}
	return id
}

func (d *desk) place(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	t := read(r, formPlace)
	end, err := t.end()
	if err == nil {
		_, err = d.Platform.PlaceLock(r.Context(), by, r.PathValue("account"), platform.LockOrder{Ground: t.Ground, Locks: t.Locks, Reason: t.Reason, Until: end})
	}
	d.back(w, r, by, t, at(r.PathValue("account")), err)
}

func (d *desk) lift(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	err := d.Platform.LiftLock(r.Context(), by, r.PathValue("account"), r.PostFormValue("id"))
	d.back(w, r, by, read(r, formButton), at(r.PathValue("account")), err)
}

func (d *desk) cardBack(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	err := d.Platform.ReturnCard(r.Context(), by, r.PathValue("account"))
	d.back(w, r, by, read(r, formButton), at(r.PathValue("account")), err)
}

// request enters what another body asks for.
func (d *desk) request(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	t := read(r, formRequest)
	end, err := t.end()
	if err == nil {
		_, err = d.Platform.RequestLock(r.Context(), by, platform.LockRequest{
			Account: r.PathValue("account"), Ground: t.Ground, Body: t.Body, Reference: t.Reference, Locks: t.Locks, Until: end,
		})
	}
	d.back(w, r, by, t, Paths[0], err)
}

// decide hands a request on, or decides it.
func (d *desk) decide(w http.ResponseWriter, r *http.Request, by platform.Staff) {
	id, note := r.PathValue("id"), strings.TrimSpace(r.PostFormValue("note"))
	var err error
	switch r.PostFormValue("do") {
	case "forward":
		err = d.Platform.ForwardLock(r.Context(), by, id)
	case "grant":
		err = d.Platform.DecideLock(r.Context(), by, id, true, note)
	case "refuse":
		err = d.Platform.DecideLock(r.Context(), by, id, false, note)
	default:
		err = platform.ErrNoRequest
	}
	if err != nil {
		d.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/counter/locks", http.StatusSeeOther)
}
