package register

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// place is the pages on a loopback address, with the engine's beside them and a clock
// that stands still.
type place struct {
	*platform.Platform
	t    *testing.T
	base string
	mu   sync.Mutex
	at   time.Time
}

func (p *place) time() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

func (p *place) set(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = at
}

func open(t *testing.T) *place {
	t.Helper()
	p := &place{t: t, at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	p.base = webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		if p.Platform, err = platform.New(platform.Config{Issuer: base, PasswordRounds: 1, Now: p.time}); err != nil {
			return nil, err
		}
		if err := p.Seed(t.Context()); err != nil {
			return nil, err
		}
		h, err := New(p.Platform, ui.Site{Name: ui.Text{Vi: "Nền tảng", En: "Platform"}, Class: "citizen", Now: p.time})
		mux := http.NewServeMux()
		safe := ui.Secure(64<<10, http.NewCrossOriginProtection().Handler(h))
		for _, path := range Paths {
			mux.Handle(path, safe)
		}
		mux.Handle("/", p.Handler())
		return mux, err
	})
	return p
}

type browser struct{ *webtest.Browser }

func (p *place) browser() *browser { return &browser{webtest.New(p.t, p.base)} }

var keyField = regexp.MustCompile(`name="key" value="([^"]+)"`)

// fill is the form of a page, filled in for one of the invented people.
func (b *browser) fill(path, handle string) url.Values {
	b.T.Helper()
	_, page := b.Get(path)
	key := keyField.FindStringSubmatch(page)
	if key == nil {
		b.T.Fatalf("no form: %s", page)
	}
	who, _ := personas.Get(handle)
	return url.Values{"key": {key[1]}, "number": {who.Username()}, "name": {who.Record.Name}, "birth": {who.Record.Birth.Printed()}, "phone": {"0000000106"}, "portrait": {"match"}}
}

func TestSomebodyRegistersInThreeSteps(t *testing.T) {
	p := open(t)
	b := p.browser()
	if _, page := b.Get("/register"); !strings.Contains(page, `href="/register/request"`) || !strings.Contains(page, "Bùi Thị Vân") || !strings.Contains(page, "Công an xã/phường/đặc khu") {
		t.Fatalf("step 1: %s", page)
	}
	form := b.fill("/register/request", "no-account")
	res, page := b.Post("/register/request", form)
	if res.StatusCode != 200 || !strings.HasPrefix(res.Request.URL.Path, "/register/result/") || !strings.Contains(page, "data-reload") || !strings.Contains(page, "16:00:00 23/11/2026") {
		t.Fatalf("step 2 leads to %s: %s", res.Request.URL, page)
	}
	for _, private := range []string{"999165000006", "Bùi Thị Vân", "000000106"} {
		if strings.Contains(page, private) {
			t.Errorf("the result shows %s", private)
		}
	}
	if again, _ := b.Post("/register/request", form); again.Request.URL.Path != res.Request.URL.Path {
		t.Error("the same form twice is two requests")
	}
	p.set(p.time().Add(25 * time.Hour))
	if _, page := b.Get(res.Request.URL.Path); !strings.Contains(page, "quá thời hạn") {
		t.Error("nobody says that it is late")
	}
	if _, err := p.DecideApplications(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, page := b.Get(res.Request.URL.Path); !strings.Contains(page, "notice ok") || strings.Contains(page, "data-reload") {
		t.Errorf("step 3: %s", page)
	}
	if a, err := p.Account(t.Context(), "no-account"); err != nil || a.Level != 1 {
		t.Error(a.Level, err)
	}
}

// The pages of somebody who has an account, of somebody who has none and of nobody are
// the same, byte for byte but for key and reference.
func TestThePagesTellStrangersNothing(t *testing.T) {
	p := open(t)
	hide := regexp.MustCompile(`result/[\w-]+|<code class="break">[\w-]+|name="key" value="\w+"`)
	pages := map[string][2]string{}
	for name, number := range map[string]string{"an account": "999090000001", "a card alone": "999165000006", "nobody": "999090000098", "a locked one": "999192000008", "a foreigner": "99900000000020"} {
		b := p.browser()
		form := b.fill("/register/request", "level2")
		form.Set("number", number)
		form.Set("portrait", "no-match")
		form.Del("phone")
		form.Set("email", "a"+number[8:]+"@example.com")
		res, before := b.Post("/register/request", form)
		if _, err := p.DecideApplications(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, after := b.Get(res.Request.URL.Path)
		pages[name] = [2]string{hide.ReplaceAllString(before, ""), hide.ReplaceAllString(after, "")}
	}
	for name, got := range pages {
		if got != pages["nobody"] {
			t.Errorf("%s reads otherwise than nobody", name)
		}
	}
}

func TestAFormSaysWhatIsMissing(t *testing.T) {
	p := open(t)
	b := p.browser()
	for field, change := range map[string]url.Values{
		"number-error":   {"number": {""}},
		"name-error":     {"name": {" "}},
		"birth-error":    {"birth": {"31/02/1990"}},
		"phone-error":    {"phone": {""}},
		"portrait-error": {"portrait": {""}},
		`role="alert"`:   {"number": {"abc"}},
	} {
		form := b.fill("/register/request", "no-account")
		for name, v := range change {
			form[name] = v
		}
		res, page := b.Post("/register/request", form)
		if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, field) || !strings.Contains(page, "<title>Lỗi: ") {
			t.Errorf("%s: %d %s", field, res.StatusCode, page)
		}
		if field != "name-error" && !strings.Contains(page, `value="Bùi Thị Vân"`) {
			t.Errorf("%s: what was typed is gone", field)
		}
	}
	form := b.fill("/register/request", "no-account")
	if res, _ := b.Post("/register/request", form, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site's form: %d", res.StatusCode)
	}
	for range 5 {
		b.Post("/register/request", b.fill("/register/request", "no-account"))
	}
	if res, page := b.Post("/register/request", b.fill("/register/request", "no-account")); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `role="alert"`) {
		t.Errorf("a sixth request: %d", res.StatusCode)
	}
	if res, _ := b.Get("/register/result/nothing"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a result of nothing: %d", res.StatusCode)
	}
	p.set(time.Date(2022, 10, 19, 9, 0, 0, 0, time.UTC))
	if _, page := b.Get("/register"); strings.Contains(page, `href="/register/request"`) {
		t.Error("registration before the first decree")
	}
}

// Whoever applies for a child is who is logged in, whatever the form says.
func TestAParentRegistersFromTheirOwnSession(t *testing.T) {
	p := open(t)
	r := vneid.Record{ID: "999220000077", Name: "Nguyễn Gia Út", Sex: vneid.Male, Nationality: "VNM"}
	r.Birth, _ = vneid.NewDate(2020, 5, 5)
	r.CardIssued, _ = vneid.NewDate(2024, 1, 1)
	r.CardExpires, _ = vneid.NewDate(2034, 1, 1)
	for _, reg := range []registers.Register{registers.Population, registers.Cards} {
		if err := p.SetEntry(t.Context(), reg, r.ID, &registers.Entry{Record: r, Guardians: []string{"999191000011"}}); err != nil {
			t.Fatal(err)
		}
	}
	stranger := p.browser()
	if res, _ := stranger.Get("/register/child"); !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
		t.Errorf("a stranger is at %s", res.Request.URL)
	}
	for handle, want := range map[string]platform.RegState{"namesake": platform.RegRefused, "guardian": platform.RegGranted} {
		b := p.browser()
		who, _ := personas.Get(handle)
		res, page := b.Get("/register/child")
		csrf := regexp.MustCompile(`"csrf":"([^"]+)"`).FindStringSubmatch(page) // the engine's own pages
		if csrf == nil {
			t.Fatalf("no login: %s", page)
		}
		res, page = b.Post(res.Request.URL.Path, url.Values{"csrf": {csrf[1]}, "username": {who.Username()}, "password": {who.Account.Password}})
		if res.Request.URL.Path != "/register/child" || !strings.Contains(page, who.Record.Name) {
			t.Fatalf("%s is at %s: %s", handle, res.Request.URL, page)
		}
		form := url.Values{"key": {keyField.FindStringSubmatch(page)[1]}, "number": {r.ID}, "name": {r.Name}, "birth": {"05/05/2020"}, "phone": {"0000000011"},
			"portrait": {"match"}, "representative": {"guardian"}, "for": {"guardian"}}
		res, page = b.Post("/register/child", form)
		if _, err := p.DecideApplications(t.Context()); err != nil {
			t.Fatal(err)
		}
		state, err := p.ApplicationState(t.Context(), strings.TrimPrefix(res.Request.URL.Path, "/register/result/"))
		if err != nil || state.State != want {
			t.Errorf("%s: %+v %v: %s", handle, state, err, page)
		}
	}
}
