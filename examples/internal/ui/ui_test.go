package ui

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func pages(t *testing.T, main string) *Set {
	t.Helper()
	files := fstest.MapFS{"pages/x.html": {Data: []byte(`{{define "title"}}{{say "Trang" "Page"}}{{end}}{{define "main"}}` + main + `{{end}}`)}}
	set, err := Parse(files, "pages", Site{Name: Text{"Tên", "Name"}, Class: "portal"})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func get(set *Set, target, name string, data any) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	set.Render(w, httptest.NewRequest("GET", target, nil), http.StatusTeapot, name, data)
	return w
}

func TestAPageComesWithTheLayoutAndItsStatus(t *testing.T) {
	w := get(pages(t, `<h1>{{.}}</h1>`), "/a?lang=en", "x", "a<b")
	for _, want := range []string{Banner, "<title>Page · Name</title>", "<h1>a&lt;b</h1>", `lang="vi" hreflang="vi">Tiếng Việt`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if w.Code != http.StatusTeapot || w.Header().Get("Content-Language") != "en" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
}

func TestAPageThatCannotBeDrawnIsNoHalfPage(t *testing.T) {
	set := pages(t, `<h1>{{.Missing.Field}}</h1>`)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"a broken template": get(set, "/", "x", struct{}{}),
		"no such page":      get(set, "/", "y", nil),
	} {
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "<h1>") {
			t.Errorf("%s: status %d, %q", name, w.Code, w.Body)
		}
	}
}

func TestABrokenTemplateIsRefusedAtOnce(t *testing.T) {
	if _, err := Parse(fstest.MapFS{"p/x.html": {Data: []byte(`{{define "main"}}{{if}}{{end}}`)}}, "p", Site{}); err == nil {
		t.Error("a broken template was parsed")
	}
}

func TestBodiesAreBounded(t *testing.T) {
	h := Secure(10, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ParseForm() != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	}))
	for body, want := range map[string]int{"a=1": 200, "a=12345678901": 413} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if h.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%d bytes: status %d", len(body), w.Code)
		}
	}
}

func TestOneOriginIsServed(t *testing.T) {
	h := At("http://127.0.0.1:8088/callback", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for _, c := range []struct {
		method, host string
		status       int
		to           string
	}{
		{"GET", "127.0.0.1:8088", 204, ""},
		{"POST", "127.0.0.1:8088", 204, ""},
		{"GET", "localhost:8088", 307, "http://127.0.0.1:8088//evil.example/a?b=%2B"},
		{"POST", "localhost:8088", 421, ""},
		{"GET", "evil.example", 307, "http://127.0.0.1:8088//evil.example/a?b=%2B"},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(c.method, "http://"+c.host+"//evil.example/a?b=%2B", nil)
		if h.ServeHTTP(w, r); w.Code != c.status || w.Header().Get("Location") != c.to {
			t.Errorf("%s %s: status %d to %q", c.method, c.host, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestInstantsAreWrittenAsInVietnam(t *testing.T) {
	if got := When(time.Date(2026, 1, 31, 18, 5, 9, 0, time.UTC)); got != "01:05:09 01/02/2026" {
		t.Errorf("got %s", got)
	}
}

func TestFormsMayLeadToOneOtherSite(t *testing.T) {
	for site, want := range map[string]string{
		"https://id.example/issuer": "form-action 'self' https://id.example;",
		"http://127.0.0.1:8088":     "form-action 'self' http://127.0.0.1:8088;",
		"":                          "form-action 'self';",
		"no site":                   "form-action 'self';",
	} {
		w := httptest.NewRecorder()
		Secure(1, FormsTo(site, http.NotFoundHandler())).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, want) || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%q: %s", site, policy)
		}
	}
}

func TestTheScriptIsSmallAndKeepsToThePolicy(t *testing.T) {
	data, err := assets.ReadFile("app.js")
	if err != nil || len(data) > 4<<10 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	for _, never := range []string{"eval(", "innerHTML", "http:", "https:", "setAttribute('style'", "localStorage", "cookie"} {
		if strings.Contains(string(data), never) {
			t.Errorf("the script has %s", never)
		}
	}
	w := httptest.NewRecorder()
	if Assets(w, httptest.NewRequest("GET", assetPath+"app.js", nil)); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
		t.Errorf("status %d, %v", w.Code, w.Header())
	}
}

func TestNavigationSaysWhereAPageIs(t *testing.T) {
	links := []Link{{Href: "/"}, {Href: "/me"}, {Href: "/me/shares"}}
	for path, want := range map[string][3]string{
		"/":              {"page", "", ""},
		"/me":            {"", "page", ""},
		"/me/papers":     {"", "true", ""},
		"/me/shares":     {"", "", "page"},
		"/me/shares/1":   {"", "", "true"},
		"/menu":          {},
		"/interaction/x": {},
	} {
		for i, p := range mark(links, path) {
			if p.Here != want[i] {
				t.Errorf("%s: entry %s is %q, want %q", path, p.Href, p.Here, want[i])
			}
		}
	}
}

func TestACodeComesWithBannerAndTime(t *testing.T) {
	until := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	code, err := Draw("one", "VN1:ABC", until)
	if err != nil {
		t.Fatal(err)
	}
	code.Fresh, code.Life, code.Words = true, 60, Text{"Dùng một lần.", "Works once."}
	page := get(pages(t, `{{template "code" .}}`), "/?lang=en", "x", code).Body.String()
	for _, want := range []string{
		`<figure class="code" id="one" data-fresh><svg`, `<small lang="vi">` + Banner, "Works once.", "16:00:00 22/11/2026",
		`data-until="2026-11-22T09:00:00.000Z" max="60" value="60"`, `id="one-text">VN1:ABC<`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the code lacks %s", want)
		}
	}
	if _, err := Draw("two", strings.Repeat("A", 9000), until); err == nil {
		t.Error("a text that no symbol holds was drawn")
	}
}

func TestPagesCarryTheClockThatCountdownsFollow(t *testing.T) {
	files := fstest.MapFS{"p/x.html": {Data: []byte(`{{define "title"}}{{end}}{{define "main"}}{{end}}`)}}
	set, err := Parse(files, "p", Site{Now: func() time.Time { return time.Date(2024, 6, 30, 17, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	if page := get(set, "/", "x", nil).Body.String(); !strings.Contains(page, `data-now="2024-06-30T17:00:00.000Z"`) {
		t.Error("the page does not say what time it is")
	}
}

// Parts of several areas are there for each, whose own of the same name stand before them.
func TestAreasShareParts(t *testing.T) {
	page := func(main string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(`{{define "title"}}{{end}}{{define "main"}}` + main + `{{end}}`)}
	}
	shared := fstest.MapFS{"templates/parts.html": {Data: []byte(`{{define "one"}}shared one{{end}}{{define "two"}}shared two{{end}}`)}}
	files := fstest.MapFS{"p/x.html": page(`{{template "one"}}, {{template "two"}}`), "p/_own.html": {Data: []byte(`{{define "two"}}own two{{end}}`)}}
	set, err := Parse(files, "p", Site{Shared: shared})
	if err != nil {
		t.Fatal(err)
	}
	if w := get(set, "/", "x", nil); !strings.Contains(w.Body.String(), "shared one, own two") {
		t.Errorf("%s", w.Body)
	}
	if _, err := Parse(files, "p", Site{Shared: fstest.MapFS{"templates/parts.html": {Data: []byte(`{{if}}`)}}}); err == nil {
		t.Error("broken parts are taken")
	}
}
