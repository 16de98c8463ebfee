package lab_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// tester is somebody at this machine with a platform of their own.
type tester struct {
	*webtest.Browser
	t    *testing.T
	site *web.Site
}

func open(t *testing.T, edit func(*web.Config)) *tester {
	t.Helper()
	w := &tester{t: t}
	w.Browser = webtest.New(t, webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		cfg := web.Config{Issuer: base, PasswordRounds: 1, Clock: new(platform.Clock)}
		if edit != nil {
			edit(&cfg)
		}
		w.site, err = web.New(t.Context(), cfg)
		return w.site, err
	}))
	return w
}

func (w *tester) do(method, path, kind, body string) (status int, at, text string) {
	w.t.Helper()
	res, text := w.Send(method, path, strings.NewReader(body), "Content-Type", kind)
	return res.StatusCode, res.Request.URL.RequestURI(), text
}

func (w *tester) get(path string) (int, string) {
	w.t.Helper()
	status, _, page := w.do("GET", path, "", "")
	return status, page
}

func (w *tester) post(path string, form ...string) (int, string) {
	w.t.Helper()
	v := url.Values{}
	for i := 0; i < len(form); i += 2 {
		v.Set(form[i], form[i+1])
	}
	status, _, page := w.do("POST", path, "application/x-www-form-urlencoded", v.Encode())
	return status, page
}

func TestEveryPageOfTheLabInBothLanguages(t *testing.T) {
	w := open(t, nil)
	for _, path := range []string{"/lab", "/lab/people", "/lab/faults", "/lab/clock", "/lab/keys", "/lab/weather", "/lab/reset"} {
		for _, lang := range []string{"vi", "en"} {
			status, page := w.get(path + "?lang=" + lang)
			if status != 200 || !strings.Contains(page, platform.Banner) || !strings.Contains(page, `<html lang="`+lang+`"`) || strings.Contains(page, " style=") {
				t.Errorf("%s in %s: %d", path, lang, status)
			}
		}
	}
	if status, page := w.get("/"); status != 200 || !strings.Contains(page, `href="/lab"`) || !strings.Contains(page, `href="/rp"`) || !strings.Contains(page, `href="/console"`) {
		t.Error("the start page does not lead here")
	}
}

func TestOverAHundredPeopleAreListedAndFound(t *testing.T) {
	w := open(t, func(c *web.Config) { c.People = crowd.Crowd{Seed: 1}.People(0, crowd.Start) })
	for query, want := range map[string]string{"": "crowd-000000", "level2": "level2", "999090000001": "level2", "khóa": "eid-locked", "crowd-000042": "crowd-000042", "child": "minor"} {
		found := false
		for path := "/lab/people?q=" + url.QueryEscape(query); path != ""; {
			status, page := w.get(path)
			if status != 200 {
				t.Fatalf("%s: %d", path, status)
			}
			found = found || strings.Contains(page, ">"+want+"<")
			_, rest, more := strings.Cut(page, `<a href="?q=`)
			after, _, _ := strings.Cut(rest, `"`)
			if path = ""; more {
				path = "/lab/people?q=" + strings.ReplaceAll(after, "&amp;", "&")
			}
		}
		if !found {
			t.Errorf("%q does not find %s", query, want)
		}
	}
	if _, page := w.get("/lab/people?q=nobody-at-all"); !strings.Contains(page, `class="empty"`) {
		t.Error("nobody is somebody")
	}
	var people struct {
		Found  int
		Next   string
		People []struct{ Handle string }
	}
	w.json("GET", "/lab/api/v1/people", nil, 200, &people)
	if people.Found < 100 || len(people.People) != people.Found {
		t.Errorf("%d people", people.Found)
	}
}

func TestAFaultIsSwitchedForOneClientOrForAll(t *testing.T) {
	w := open(t, nil)
	p := w.site.Platform
	if status, page := w.post("/lab/faults", "client", "bank", "name", "bad-signature", "do", "on"); status != 200 || !strings.Contains(page, "đang bật") {
		t.Errorf("%d", status)
	}
	w.post("/lab/faults", "client", "bank", "name", "jwks-empty", "do", "on")
	if got := strings.Join(p.Broken("bank"), " "); got != "bad-signature" {
		t.Errorf("of the bank: %s", got)
	}
	if got := strings.Join(p.Broken(""), " "); got != "jwks-empty" {
		t.Errorf("of everybody: %s", got)
	}
	w.post("/lab/faults", "client", "bank", "name", "bad-signature", "do", "off")
	if got := p.Broken("bank"); len(got) != 0 {
		t.Errorf("afterwards: %v", got)
	}
	w.post("/lab/faults", "do", "heal")
	if got := p.BrokenClients(); len(got) != 0 {
		t.Errorf("healed: %v", got)
	}
	for name, form := range map[string][]string{
		"no such fault":  {"client", "bank", "name", "nothing", "do", "on"},
		"no such client": {"client", "nobody", "name", "bad-signature", "do", "on"},
		"nothing to do":  {"client", "bank", "name", "bad-signature"},
	} {
		if status, page := w.post("/lab/faults", form...); status != 422 || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%s: %d", name, status)
		}
	}
}

func TestTheClockMovesForEverything(t *testing.T) {
	w := open(t, nil)
	near := func(want time.Time) {
		t.Helper()
		if d := w.site.Platform.Now().Sub(want); d < -5*time.Second || d > 5*time.Second {
			t.Errorf("it is %v, want %v", w.site.Platform.Now(), want)
		}
	}
	vietnam := time.FixedZone("UTC+7", 7*60*60)
	w.post("/lab/clock", "preset", "old-accounts")
	near(time.Date(2024, 6, 30, 23, 59, 50, 0, vietnam))
	w.post("/lab/clock", "preset", "day")
	near(time.Date(2024, 7, 1, 23, 59, 50, 0, vietnam))
	w.post("/lab/clock", "at", "2025-02-03T04:05")
	near(time.Date(2025, 2, 3, 4, 5, 0, 0, vietnam))
	if _, page := w.get("/lab/clock"); !strings.Contains(page, "03/02/2025") {
		t.Error("the page shows another day")
	}
	w.post("/lab/clock", "do", "real")
	near(time.Now())
	for _, form := range [][]string{{"at", "yesterday"}, {"at", "1999-01-01T00:00"}, {"preset", "doomsday"}, {}} {
		if status, page := w.post("/lab/clock", form...); status != 422 || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%v: %d", form, status)
		}
	}
}

func TestKeysRotateInThreeSteps(t *testing.T) {
	w := open(t, nil)
	phases := func() (out []string) {
		for _, k := range w.site.Platform.LoginKeys().List() {
			out = append(out, string(k.Phase))
		}
		return out
	}
	for _, step := range []struct{ do, want string }{{"announce", "signing announced"}, {"switch", "former signing"}, {"retire", "signing"}} {
		if status, _ := w.post("/lab/keys", "set", "login", "do", step.do); status != 200 || strings.Join(phases(), " ") != step.want {
			t.Errorf("%s: %d, %v", step.do, status, phases())
		}
	}
	for _, form := range [][]string{{"set", "login", "do", "burn"}, {"set", "nobody", "do", "announce"}} {
		if status, _ := w.post("/lab/keys", form...); status != 422 {
			t.Errorf("%v: %d", form, status)
		}
	}
}

func TestWeatherIsMadeAndCleared(t *testing.T) {
	w := open(t, nil)
	if status, page := w.post("/lab/weather", "place", "GET /jwks.json", "down", "1"); status != 200 || !strings.Contains(page, "mất") {
		t.Errorf("%d", status)
	}
	if status, _ := w.get("/jwks.json"); status != 503 {
		t.Errorf("the endpoint answers %d", status)
	}
	w.post("/lab/weather", "place", "GET /jwks.json")
	if status, _ := w.get("/jwks.json"); status != 200 {
		t.Errorf("cleared: %d", status)
	}
	for _, form := range [][]string{{"place", "GET /nowhere", "down", "1"}, {"place", "GET /jwks.json", "delay", "90000"}, {"place", "GET /jwks.json", "delay", "x"}, {"place", "register population", "delay", "5"}} {
		if status, page := w.post("/lab/weather", form...); status != 422 || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%v: %d", form, status)
		}
	}
}

func TestAResetBringsEverythingBack(t *testing.T) {
	w := open(t, nil)
	p := w.site.Platform
	if err := p.Break("", "slow-token"); err != nil {
		t.Fatal(err)
	}
	w.post("/lab/clock", "preset", "year")
	w.post("/lab/clock", "preset", "day")
	if err := p.Enlist(t.Context(), "", platform.Client{ID: "extra", Name: "X", Secret: "extra-secret-000", RedirectURIs: []string{"https://x.example/cb"}}); err != nil {
		t.Fatal(err)
	}
	if err := p.SetLocks(t.Context(), "level2", platform.Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	if status, page := w.post("/lab/reset"); status != 422 || !strings.Contains(page, `role="alert"`) {
		t.Errorf("without a tick: %d", status)
	}
	if status, page := w.post("/lab/reset", "sure", "1"); status != 200 || !strings.Contains(page, "trở về lúc đầu") {
		t.Fatalf("%d", status)
	}
	a, err := p.Account(t.Context(), "level2")
	if err != nil || a.AccountLocked || p.ClockOffset() != 0 || len(p.BrokenClients()) != 0 {
		t.Errorf("%+v, clock %v, faults %v: %v", a.AccountLocked, p.ClockOffset(), p.BrokenClients(), err)
	}
	if _, err := p.Client(t.Context(), "extra"); err == nil {
		t.Error("a client that was added is still there")
	}
	if _, err := p.Client(t.Context(), "bank"); err != nil {
		t.Errorf("a hosted party is gone: %v", err)
	}
	if status, _ := w.get("/rp/bank"); status != 200 {
		t.Errorf("the bank answers %d", status)
	}
}
