package main

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// walker is a person with a browser, who answers the pages of a login.
type walker struct {
	t    *testing.T
	base string
	who  personas.Persona
	*http.Client
}

func newWalker(t *testing.T, base string, who personas.Persona) *walker {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &walker{t, base, who, &http.Client{Jar: jar}}
}

func handle(t *testing.T, name string) personas.Persona {
	t.Helper()
	who, ok := personas.Get(name)
	if !ok {
		t.Fatalf("nobody is called %s", name)
	}
	return who
}

// page is an answer that has been read.
type page struct {
	*http.Response
	body string
}

func (w *walker) do(req *http.Request) page {
	w.t.Helper()
	res, err := w.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return page{res, string(body)}
}

func (w *walker) get(address string) page {
	w.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = w.base + address
	}
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do(req)
}

func (w *walker) post(address string, form url.Values) page {
	w.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = w.base + address
	}
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(req)
}

var (
	formText  = regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*>.*?</form>`)
	hidden    = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	oneTime   = regexp.MustCompile(`Mã xác thực: ([0-9]{6})`)
	allowText = `value="allow"`
)

// walk goes on from an address until no page of a login asks any more.
func (w *walker) walk(address string) page {
	w.t.Helper()
	p := w.get(address)
	for range 8 {
		next, ok := w.answer(p)
		if !ok {
			return p
		}
		p = next
	}
	return p
}

// answer fills in the form of a login's page.
func (w *walker) answer(p page) (page, bool) {
	w.t.Helper()
	if !strings.HasPrefix(p.Request.URL.Path, "/interaction/") {
		return p, false
	}
	for _, form := range formText.FindAllString(p.body, -1) {
		in := url.Values{}
		for _, m := range hidden.FindAllStringSubmatch(form, -1) {
			in.Set(m[1], html.UnescapeString(m[2]))
		}
		switch {
		case strings.Contains(form, `name="username"`):
			in.Set("username", w.who.Username())
			in.Set("password", w.who.Account.Password)
		case strings.Contains(form, `name="code"`):
			m := oneTime.FindStringSubmatch(w.get("/phone").body)
			if m == nil {
				continue
			}
			in.Set("code", m[1])
		case in.Get("factor") == "otp":
		case strings.Contains(form, allowText):
			in.Set("decision", "allow")
		default:
			continue
		}
		return w.post(p.Request.URL.String(), in), true
	}
	return p, false
}
