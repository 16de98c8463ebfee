package staff_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/counter"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/staff"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// open serves a desk beside the counter's login: a page for officers, one for officers and
// the agency, one for nobody, and one where the store is in trouble.
func open(t *testing.T) *webtest.Browser {
	t.Helper()
	return webtest.New(t, webtest.Serve(t, func(base string) (http.Handler, error) {
		p, err := platform.New(platform.Config{Issuer: base, PasswordRounds: 1})
		if err != nil {
			return nil, err
		}
		files := fstest.MapFS{
			"templates/error.html": {Data: []byte(`{{define "title"}}x{{end}}{{define "main"}}<p role="alert">{{text .}}</p>{{end}}`)},
			"templates/page.html":  {Data: []byte(`{{define "title"}}x{{end}}{{define "main"}}<p>page</p>{{end}}`)},
		}
		d, err1 := staff.Open(p, files, ui.Site{Tabs: []ui.Link{{Href: "/desk"}, {Href: "/desk/tab"}}}, "/desk", words.Refusals{
			words.Refuse(platform.ErrNotAllowed, http.StatusForbidden, "Không dành cho bạn", "Not for you"),
		})
		login, err2 := counter.New(p, ui.Site{})
		if err := errors.Join(err1, err2, p.Seed(t.Context())); err != nil {
			return nil, err
		}
		hello := func(w http.ResponseWriter, r *http.Request, by platform.Staff) { fmt.Fprint(w, "hello ", by.ID) }
		mux := http.NewServeMux()
		mux.Handle("/staff/", login)
		mux.HandleFunc("/desk", d.For(hello, platform.RoleOfficer))
		mux.HandleFunc("/both", d.For(hello, platform.RoleOfficer, platform.RoleAgency))
		mux.HandleFunc("/nobody", d.For(hello))
		mux.HandleFunc("/page", d.For(func(w http.ResponseWriter, r *http.Request, by platform.Staff) {
			d.Render(w, r, by, http.StatusOK, "page", nil)
		}, platform.RoleOfficer, platform.RoleAgency))
		mux.HandleFunc("/trouble", d.For(func(w http.ResponseWriter, r *http.Request, by platform.Staff) {
			d.Fail(w, r, errors.New("disk 7 of "+by.ID))
		}, platform.RoleOfficer))
		return mux, nil
	}))
}

func TestADeskLetsInItsRolesAlone(t *testing.T) {
	b := open(t)
	for id, may := range map[string]string{"can-bo-phuong": "/desk /both", "co-quan": "/both", "nhan-vien-portal": ""} {
		b.Staff(id, personas.Password, "/desk")
		for _, path := range []string{"/desk", "/both", "/nobody"} {
			for _, ask := range []func() (*http.Response, string){
				func() (*http.Response, string) { return b.Get(path + "?lang=en") },
				func() (*http.Response, string) { return b.Post(path+"?lang=en", nil) },
			} {
				res, page := ask()
				if strings.Contains(may, path) {
					if res.StatusCode != http.StatusOK || page != "hello "+id {
						t.Errorf("%s at %s: %d %s", id, path, res.StatusCode, page)
					}
				} else if res.StatusCode != http.StatusForbidden || strings.Contains(page, "hello") || !strings.Contains(page, "Not for you") {
					t.Errorf("%s at %s: %d %s", id, path, res.StatusCode, page)
				}
			}
		}
	}
}

func TestAStrangerLogsInAndComesBack(t *testing.T) {
	b := open(t)
	for path, back := range map[string]string{"/both?after=x&account=y": "/both?after=x&account=y", "/nobody": "/nobody"} {
		if res, _ := b.Get(path); res.Request.URL.Path != "/staff/login" || res.Request.URL.Query().Get("return") != back {
			t.Errorf("from %s to %s", path, res.Request.URL)
		}
	}
	if res, _ := b.Post("/both", url.Values{"do": {"x"}}); res.Request.URL.Path != "/staff/login" || res.Request.URL.Query().Get("return") != "/desk" {
		t.Errorf("after a form to %s", res.Request.URL)
	}
	if res, page := b.Staff("can-bo-phuong", personas.Password, "/both?after=x"); res.Request.URL.RequestURI() != "/both?after=x" || page != "hello can-bo-phuong" {
		t.Errorf("came to %s: %s", res.Request.URL, page)
	}
}

func TestTroubleIsNobodysFaultAndSaysNothingOfItself(t *testing.T) {
	b := open(t)
	b.Staff("can-bo-phuong", personas.Password, "/desk")
	for lang, say := range map[string]string{"vi": "Hệ thống đang bận", "en": "The platform is busy"} {
		res, page := b.Get("/trouble?lang=" + lang)
		if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || !strings.Contains(page, say) || strings.Contains(page, "disk") {
			t.Errorf("%d %s", res.StatusCode, page)
		}
	}
}

func TestTheAgencySeesNoTabsOfPagesThatAreNotIts(t *testing.T) {
	b := open(t)
	b.Staff("can-bo-phuong", personas.Password, "/desk")
	if _, page := b.Get("/page"); !strings.Contains(page, `href="/desk/tab"`) {
		t.Errorf("the officer has no tabs: %s", page)
	}
	b.Staff("co-quan", personas.Password, "/both")
	if _, page := b.Get("/page"); !strings.Contains(page, "<p>page</p>") || strings.Contains(page, `href="/desk/tab"`) {
		t.Errorf("the agency has the officer's tabs: %s", page)
	}
	if _, page := b.Get("/desk"); strings.Contains(page, `href="/desk/tab"`) {
		t.Errorf("who is refused has tabs: %s", page)
	}
}
