package rp_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// world is a platform with its hosted parties, on a loopback listener.
type world struct {
	t     *testing.T
	site  *web.Site
	clock *platform.Clock
	base  string
}

func open(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: new(platform.Clock)}
	w.base = webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		w.site, err = web.New(t.Context(), web.Config{Issuer: base, PasswordRounds: 1, Clock: w.clock})
		return w.site, err
	})
	return w
}

// person is somebody of the cast in front of a browser.
type person struct {
	*world
	*webtest.Browser
	handle string
	only   []string // the boxes to tick; nil: all
	refuse bool
	sent   []*http.Request
}

func (w *world) person(handle string) *person {
	w.t.Helper()
	p := &person{world: w, handle: handle, Browser: webtest.New(w.t, w.base)}
	p.Client.Transport = p
	return p
}

// RoundTrip implements http.RoundTripper: it keeps what the browser sent.
func (p *person) RoundTrip(r *http.Request) (*http.Response, error) {
	p.sent = append(p.sent, r)
	return http.DefaultTransport.RoundTrip(r)
}

type answer struct {
	status int
	path   string
	body   string
	header http.Header
}

func (p *person) get(path string) answer {
	p.t.Helper()
	return answered(p.Get(path))
}

func (p *person) post(path string, form url.Values) answer {
	p.t.Helper()
	return answered(p.Post(path, form))
}

func answered(res *http.Response, body string) answer {
	return answer{res.StatusCode, res.Request.URL.Path, body, res.Header}
}

// walk opens a page and does at the platform whatever it takes to come back.
func (p *person) walk(a answer) answer {
	p.t.Helper()
	for range 8 {
		if !strings.HasPrefix(a.path, "/interaction/") || !csrf.MatchString(a.body) {
			return a
		}
		a = p.post(a.path, p.fill(a.body))
	}
	p.t.Fatalf("%s: the login does not end: %s", p.handle, a.path)
	return a
}

var (
	csrf   = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	boxes  = regexp.MustCompile(`name="scope" value="([^"]+)"`)
	number = regexp.MustCompile(`<p class="big mono">([0-9]{2})</p>`)
)

func (p *person) fill(page string) url.Values {
	p.t.Helper()
	form := url.Values{"csrf": {csrf.FindStringSubmatch(page)[1]}}
	switch {
	case strings.Contains(page, `name="username"`):
		who, _ := personas.Get(p.handle)
		form.Set("username", who.Username())
		form.Set("password", who.Account.Password)
	case number.MatchString(page):
		waiting, err := p.site.Platform.Prompts(p.t.Context(), p.handle)
		if err != nil || len(waiting) == 0 {
			p.t.Fatalf("the telephone does not ask: %v", err)
		}
		if err := p.site.Platform.Confirm(p.t.Context(), p.handle, waiting[0].ID, number.FindStringSubmatch(page)[1]); err != nil {
			p.t.Fatal(err)
		}
		form.Set("factor", "app")
	case strings.Contains(page, `name="factor" value="app"`):
		form.Set("factor", "app")
	case p.refuse:
		form.Set("decision", "deny")
	default:
		form.Set("decision", "allow")
		for _, m := range boxes.FindAllStringSubmatch(page, -1) {
			if p.only == nil || slices.Contains(p.only, m[1]) {
				form.Add("scope", m[1])
			}
		}
	}
	return form
}

// all are the parties of the list.
var all = []string{"national-portal", "public-security", "social-security", "ministry", "union", "bank", "hotel"}
