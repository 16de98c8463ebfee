// Package register draws the registration for account level 1 in the citizen's app, below
// /register, in the three steps of the published procedure: install the app; number,
// telephone or e-mail address, portrait, request; result. In this stand-in the app is a
// browser, and the portrait is how a comparison of it ended: there is no picture.
//
// The pages say the same to everybody. Whether a number is somebody's, or has an account,
// shows in no answer.
package register

import (
	"embed"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/units"
	"github.com/vneid-sdk/vneid-go/vneid"
)

//go:embed templates/*.html
var templates embed.FS

// Paths are what the handler of New serves.
var Paths = []string{"/register", "/register/"}

type pages struct {
	p   *platform.Platform
	set *ui.Set
}

// New returns the pages.
func New(p *platform.Platform, site ui.Site) (http.Handler, error) {
	set, err := ui.Parse(templates, "templates", site)
	if err != nil {
		return nil, err
	}
	g := &pages{p, set}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /register", g.begin)
	mux.HandleFunc("GET /register/request", g.request)
	mux.HandleFunc("POST /register/request", g.send)
	mux.HandleFunc("GET /register/child", g.child)
	mux.HandleFunc("POST /register/child", g.sendChild)
	mux.HandleFunc("GET /register/result/{ref}", g.result)
	return mux, nil
}

type beginPage struct {
	Rules  *platform.RuleSet
	Where  ui.Text
	People []personas.Persona // who has no account yet
}

// begin is the first step.
func (g *pages) begin(w http.ResponseWriter, r *http.Request) {
	today := calendar.Day(g.p.Now())
	page := beginPage{Where: where(today)}
	if rules, ok := platform.RulesOn(today); ok {
		page.Rules = &rules
	}
	for _, p := range personas.All() {
		if p.Account.Level == 0 {
			page.People = append(page.People, p)
		}
	}
	g.set.Render(w, r, http.StatusOK, "begin", page)
}

func where(day vneid.Date) ui.Text {
	vi, en := units.Places(day)
	return ui.Text{Vi: vi, En: en}
}

type requestPage struct {
	*form.Form
	Action string
	For    string // the name of the representative who applies
}

// request is the second step.
func (g *pages) request(w http.ResponseWriter, r *http.Request) {
	g.set.Render(w, r, http.StatusOK, "request", requestPage{new(form.Form), "/register/request", ""})
}

func (g *pages) send(w http.ResponseWriter, r *http.Request) {
	g.take(w, r, requestPage{form.Read(r), "/register/request", ""}, "")
}

// child is the second step for somebody whom the person in the session represents. The
// representative is who is logged in, and stands in no form.
func (g *pages) child(w http.ResponseWriter, r *http.Request) {
	if me, ok := g.me(w, r); ok {
		g.set.Render(w, r, http.StatusOK, "request", requestPage{new(form.Form), "/register/child", me.Account.Record.Name})
	}
}

func (g *pages) sendChild(w http.ResponseWriter, r *http.Request) {
	if me, ok := g.me(w, r); ok {
		g.take(w, r, requestPage{form.Read(r), "/register/child", me.Account.Record.Name}, me.Account.ID)
	}
}

func (g *pages) me(w http.ResponseWriter, r *http.Request) (platform.Session, bool) {
	me, err := g.p.Session(r)
	switch {
	case errors.Is(err, platform.ErrNoSession):
		http.Redirect(w, r, "/login?return=/register/child", http.StatusSeeOther)
	case err != nil:
		g.busy(w, r)
	}
	return me, err == nil
}

// take sends a request to the engine, which looks nobody up.
func (g *pages) take(w http.ResponseWriter, r *http.Request, page requestPage, representative string) {
	f := page.Form
	birth := readForm(f)
	if f.Bad() {
		g.set.Render(w, r, f.Status(), "request", page)
		return
	}
	ref, err := g.p.Apply(r.Context(), platform.AppForm{
		Key: f.Key(), Number: f.V("number"), Name: f.V("name"), Birth: birth, Phone: f.V("phone"), Email: f.V("email"),
		Portrait: f.Is("portrait", "match"), Representative: representative,
	})
	switch {
	case errors.Is(err, platform.ErrForm):
		f.Wrong("form", "Có thông tin chưa đúng định dạng: kiểm tra số định danh, số điện thoại và thư điện tử.", "Something has not the right form: look at number, telephone and e-mail address.")
	case errors.Is(err, platform.ErrTooMany):
		f.Wrong("form", "Đã có quá nhiều yêu cầu với thông tin này trong hôm nay. Hãy thử lại vào ngày mai.", "There were too many requests with these details today. Try again tomorrow.")
	case errors.Is(err, platform.ErrNoRules):
		f.Wrong("form", "Vào ngày này chưa có quy định về tài khoản định danh điện tử.", "No decree about accounts is in force on this day.")
	case err != nil:
		g.busy(w, r)
		return
	default:
		http.Redirect(w, r, "/register/result/"+ref, http.StatusSeeOther)
		return
	}
	g.set.Render(w, r, f.Status(), "request", page)
}

// readForm says what is missing in a form. What it does not say is the engine's.
func readForm(f *form.Form) (birth vneid.Date) {
	if f.V("number") == "" {
		f.Wrong("number", "Nhập số định danh cá nhân (12 chữ số).", "Type the personal number (12 digits).")
	}
	if f.V("name") == "" {
		f.Wrong("name", "Nhập họ, chữ đệm và tên như trên thẻ.", "Type the full name as on the card.")
	}
	birth, err := vneid.ParseDate(f.V("birth"))
	if err != nil || birth.IsForever() {
		f.Wrong("birth", "Nhập ngày sinh như trên thẻ.", "Type the date of birth as on the card.")
	}
	if f.V("phone") == "" && f.V("email") == "" {
		f.Wrong("phone", "Nhập số điện thoại hoặc thư điện tử: kết quả được gửi đến đó.", "Type a telephone number or an e-mail address: the result goes there.")
	}
	if f.V("portrait") == "" {
		f.Wrong("portrait", "Chọn kết quả đối sánh ảnh chân dung.", "Choose how the comparison of the portrait ended.")
	}
	return birth
}

type resultPage struct {
	platform.AppState
	Ref   string
	Where ui.Text
	Left  time.Time // until when, while it is not late
}

// result is the third step. The address is a secret of who asked.
func (g *pages) result(w http.ResponseWriter, r *http.Request) {
	ref := r.PathValue("ref")
	state, err := g.p.ApplicationState(r.Context(), ref)
	switch {
	case errors.Is(err, platform.ErrNoCase):
		g.set.Render(w, r, http.StatusNotFound, "none", nil)
	case err != nil:
		g.busy(w, r)
	default:
		g.set.Render(w, r, http.StatusOK, "result", resultPage{state, ref, where(calendar.Day(g.p.Now())), state.Due})
	}
}

func (g *pages) busy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "10")
	g.set.Render(w, r, http.StatusServiceUnavailable, "busy", nil)
}
