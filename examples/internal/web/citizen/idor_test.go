package citizen_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/web/routes"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// forms are all the forms of the app, filled in.
var forms = map[string]url.Values{
	"/me/leave": {}, "/me/locks": tk03("eid"), "/me/locks/open": {"password": {personas.Password}},
	"/me/sessions/end": {"id": {"x"}}, "/me/shares/withdraw": {"grant": {"x"}}, "/me/shares/forget": {"client": {"x"}},
	"/me/shares/decide": {"grant": {"x"}, "decision": {"allow"}}, "/me/stays": {}, "/me/stays/cancel": {"id": {"x"}, "version": {"1"}},
	"/me/filings/report": {"category": {"fraud"}, "text": {"x"}}, "/me/settings/phone": {"to": {"0900000001"}, "password": {personas.Password}},
	"/me/settings/phone/code": {"code": {"000000"}}, "/me/settings/email": {"to": {"a@example.org"}, "password": {personas.Password}},
	"/me/settings/email/code": {"code": {"000000"}}, "/me/settings/channels": {"channel": {"sms"}},
	"/me/requests":          {"prompt": {"x"}, "number": {"00"}},
	"/me/settings/password": {"password": {personas.Password}, "new": {"mot-mat-khau-khac"}},
	"/me/settings/device":   {"name": {"x"}, "password": {personas.Password}},
}

func TestNobodyElseSeesOrDoesAnything(t *testing.T) {
	h := open(t)
	stranger := h.visitor()
	for _, path := range pages {
		res, page := stranger.Get(path)
		if !strings.HasPrefix(res.Request.URL.Path, "/interaction/") || !strings.Contains(page, `name="username"`) {
			t.Errorf("a stranger sees %s: %s", path, res.Request.URL)
		}
	}
	for path, f := range forms {
		want := func(at string) bool {
			return strings.HasPrefix(at, "/interaction/") || path == "/me/leave" && at == "/"
		}
		if res, _ := stranger.Post(path, f); !want(res.Request.URL.Path) {
			t.Errorf("a stranger posts %s: %d at %s", path, res.StatusCode, res.Request.URL)
		}
	}
}

func TestNoFormOfAnotherSiteIsTaken(t *testing.T) {
	h := open(t)
	v := h.logIn("level2", 3)
	for path, f := range forms {
		for _, site := range []string{"cross-site", "same-site"} {
			if res, _ := v.Post(path, f, "Sec-Fetch-Site", site); res.StatusCode != http.StatusForbidden {
				t.Errorf("%s from a %s page: %d", path, site, res.StatusCode)
			}
		}
		if res, _ := v.Post(path, f, "Origin", "https://evil.example"); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s from another origin: %d", path, res.StatusCode)
		}
	}
	if a, err := h.Platform.Account(t.Context(), "level2"); err != nil || a.EIDLocked || !a.EndedAt.IsZero() {
		t.Error("and yet something happened")
	}
}

// canaries are what nobody but the person and their family may read.
func canaries(handle string) []string {
	who, _ := personas.Get(handle)
	return []string{who.Username(), who.Record.Name, who.Account.Phone, "•••" + who.Account.Phone[len(who.Account.Phone)-3:]}
}

// Two people use the app at once, with everything in it that it has; neither finds the
// other on any page, whatever they put into addresses and forms.
func TestNoPageShowsAnotherPerson(t *testing.T) {
	h := open(t)
	one, two := h.logIn("old-cmnd", 2), h.logIn("long-name", 2)
	for _, v := range []*visitor{one, two} {
		fill(t, v)
	}
	others := canaries("old-cmnd")
	for _, path := range pages {
		for _, q := range []string{"", "?account=old-cmnd", "?id=old-cmnd&handle=old-cmnd&user=" + others[0]} {
			_, page := two.Get(path + q)
			for _, secret := range others {
				if strings.Contains(strings.ReplaceAll(page, q, ""), secret) && !strings.Contains(q, secret) {
					t.Errorf("%s shows %q of somebody else", path, secret)
				}
			}
		}
	}
	if _, page := one.Get("/me/eid"); !strings.Contains(page, others[0]) {
		t.Error("the canary is not even on its own page")
	}
}

// fill gives somebody something on every page.
func fill(t *testing.T, v *visitor) {
	t.Helper()
	v.Post("/me/filings/report", url.Values{"key": {key(t, v, "/me/filings/report")}, "category": {"fraud"}, "text": {"Nội dung riêng"}})
	v.Post("/me/stays", url.Values{"key": {key(t, v, "/me/stays")}, "who": {"self"}, "name": {"x"}, "place": {"Số 1"}, "arrive": {"2026-11-22T16:00"}, "leave": {"2026-11-24"}})
	v.Post("/me/settings/email", url.Values{"to": {"rieng@example.org"}, "password": {personas.Password}})
}

var keyField = regexp.MustCompile(`name="key" value="([^"]+)"`)

func key(t *testing.T, v *visitor, path string) string {
	t.Helper()
	_, page := v.Get(path)
	m := keyField.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no key on %s: %s", path, page)
	}
	return m[1]
}

// Each thing with a name of its own is refused to who it is not of, and its twin passes.
func TestNamesOfThingsOpenNothingForOthers(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	mine, other := h.logIn("level2", 2), h.logIn("namesake", 2)
	mine.Post("/me/stays", url.Values{"key": {key(t, mine, "/me/stays")}, "name": {"Khách Mẫu"}, "number": {"999195000002"}, "place": {"Số 1"}, "arrive": {"2026-11-22T16:00"}, "leave": {"2026-11-24"}})
	stays, err := h.Platform.OwnStays(ctx, "level2", 10)
	if err != nil || len(stays) != 1 {
		t.Fatal(stays, err)
	}
	cancel := url.Values{"id": {stays[0].ID}, "version": {"1"}}
	other.Post("/me/stays/cancel", cancel)
	if stays, _ = h.Platform.OwnStays(ctx, "level2", 10); stays[0].State != servicewire.StateFiled {
		t.Error("somebody else took the notice back")
	}
	if _, page := mine.Post("/me/stays/cancel", cancel); !strings.Contains(page, "Đã rút thông báo") {
		t.Error("its owner cannot")
	}

	logins, err := h.Platform.Logins(ctx, "level2")
	if err != nil || len(logins) != 1 {
		t.Fatal(logins, err)
	}
	end := url.Values{"id": {logins[0].ID}}
	other.Post("/me/sessions/end", end)
	if res, _ := mine.Get("/me"); res.Request.URL.Path != "/me" {
		t.Error("somebody else ended the login")
	}
	if res, _ := mine.Post("/me/sessions/end", end); res.Request.URL.Path != "/" {
		t.Errorf("its owner is at %s", res.Request.URL)
	}
	if res, _ := mine.Get("/me"); res.Request.URL.Path == "/me" {
		t.Error("its owner cannot end it")
	}

	mine = h.logIn("level2", 2)
	mine.Post("/me/settings/phone", url.Values{"to": {"+84000000099"}, "password": {personas.Password}})
	sent, err := h.Platform.Outbox(ctx, "level2")
	if err != nil || sent[0].To != "+84000000099" {
		t.Fatal(err)
	}
	code := url.Values{"code": {sent[0].Secret}}
	if res, _ := other.Post("/me/settings/phone/code", code); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("somebody else's code is taken: %d", res.StatusCode)
	}
	if res, page := mine.Post("/me/settings/phone/code", code); res.StatusCode != 200 || !strings.Contains(page, "•••099") {
		t.Errorf("its owner's is not: %d", res.StatusCode)
	}
}

// A login that waits in somebody's app is theirs to confirm, whoever knows its name and
// number.
func TestPromptsAreOfTheirOwnersApp(t *testing.T) {
	h := open(t)
	owner, other := h.logIn("level2", 1), h.logIn("namesake", 1)
	desk := h.visitor() // another browser, where level2 logs in by app
	who, _ := personas.Get("level2")
	res, page := desk.Get("/login?return=/me&auth=2")
	path, csrf := res.Request.URL.Path, csrfField.FindStringSubmatch(page)[1]
	desk.Post(path, url.Values{"csrf": {csrf}, "username": {who.Username()}, "password": {personas.Password}})
	_, page = desk.Post(path, url.Values{"csrf": {csrf}, "factor": {"app"}})
	number := regexp.MustCompile(`<p class="big mono">([0-9]{2})</p>`).FindStringSubmatch(page)
	if number == nil {
		t.Fatalf("no number: %s", page)
	}
	if _, page := owner.Get("/me"); !strings.Contains(page, "Có yêu cầu chờ bạn trả lời") {
		t.Error("the first page does not say that something waits")
	}
	_, page = owner.Get("/me/requests")
	id := regexp.MustCompile(`name="prompt" value="([^"]+)"`).FindStringSubmatch(page)
	if id == nil || strings.Contains(page, ">"+number[1]+"<") {
		t.Fatalf("nothing waits, or with its number: %s", page)
	}
	if _, page := other.Get("/me/requests"); strings.Contains(page, id[1]) {
		t.Error("somebody else sees it")
	}
	form := url.Values{"prompt": {id[1]}, "number": {number[1]}}
	if res, _ := other.Post("/me/requests", form); res.Request.URL.RawQuery != "answered=no" {
		t.Errorf("somebody else confirms: %s", res.Request.URL)
	}
	if res, _ := desk.Post(path, url.Values{"csrf": {csrf}, "factor": {"app"}}); res.Request.URL.Path == "/me" {
		t.Error("and it counts")
	}
	if res, _ := owner.Post("/me/requests", form); res.Request.URL.RawQuery != "answered=yes" {
		t.Errorf("its owner cannot: %s", res.Request.URL)
	}
	if res, _ := desk.Post(path, url.Values{"csrf": {csrf}, "factor": {"app"}}); res.Request.URL.Path != "/me" {
		t.Errorf("the login does not go on: %s", res.Request.URL)
	}
}

// TestTheTablesOfTheseTestsHaveEveryRoute: what is added to the app is walked by the tests
// above, or fails here.
func TestTheTablesOfTheseTestsHaveEveryRoute(t *testing.T) {
	all, err := routes.In(".")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for _, r := range all {
		mux.HandleFunc(r, http.NotFound)
	}
	walked := map[string]bool{"GET /me/locked": true} // which says the same to everybody
	walk := func(method, path string) {
		req, err := http.NewRequest(method, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, pattern := mux.Handler(req)
		if pattern == "" {
			t.Errorf("%s %s is no route", method, path)
		}
		walked[pattern] = true
	}
	for _, path := range pages {
		walk("GET", path)
	}
	for path := range forms {
		walk("POST", path)
	}
	for _, r := range all {
		if !walked[r] {
			t.Errorf("%s is a route that no test walks: put it into pages or forms", r)
		}
	}
}
