// Package webtest is a browser for tests of pages, and the address on this machine that it
// goes to. It knows nothing of what it is shown.
package webtest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Serve opens a handler that has to know its own address, until the test ends.
func Serve(t testing.TB, open func(base string) (http.Handler, error)) (base string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	base = "http://" + server.Listener.Addr().String()
	h, err := open(base)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = h
	server.Start()
	return base
}

// Browser keeps cookies and follows redirects. What goes wrong on the way ends the test.
type Browser struct {
	T      testing.TB
	Base   string // of the site
	Client *http.Client
}

// New returns a browser with no cookies.
func New(t testing.TB, base string) *Browser {
	jar, _ := cookiejar.New(nil) // fails never
	return &Browser{t, base, &http.Client{Jar: jar, Timeout: time.Minute}}
}

// Get asks for a page. The header is names and values in turns.
func (b *Browser) Get(path string, header ...string) (*http.Response, string) {
	b.T.Helper()
	return b.Send(http.MethodGet, path, nil, header...)
}

// Post sends a form.
func (b *Browser) Post(path string, form url.Values, header ...string) (*http.Response, string) {
	b.T.Helper()
	header = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)
	return b.Send(http.MethodPost, path, strings.NewReader(form.Encode()), header...)
}

// Send asks in any other way.
func (b *Browser) Send(method, path string, body io.Reader, header ...string) (*http.Response, string) {
	b.T.Helper()
	req, err := http.NewRequestWithContext(b.T.Context(), method, b.Base+path, body)
	if err != nil {
		b.T.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := b.Client.Do(req)
	if err != nil {
		b.T.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	return res, string(page)
}

// Staff logs somebody of the staff in, and goes on to a page.
func (b *Browser) Staff(id, password, to string) (*http.Response, string) {
	b.T.Helper()
	res, page := b.Post("/staff/login", url.Values{"id": {id}, "password": {password}, "return": {to}})
	if res.Request.URL.Path == "/staff/login" || res.StatusCode >= 500 {
		b.T.Fatalf("%s cannot log in: %d", id, res.StatusCode)
	}
	return res, page
}
