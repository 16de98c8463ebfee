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
