package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// A login page in one browser, the app in another: without scripts in either.
func TestLoggingInByTheCodeOnThePage(t *testing.T) {
	_, phone := open(t)
	phone.logIn("level2")
	desk := stranger(t, phone.Base)
	res, page := desk.Get("/me")
	link := regexp.MustCompile(regexp.QuoteMeta(phone.Base) + `/app/[\w.-]+`).FindString(html.UnescapeString(page))
	number := regexp.MustCompile(`class="big mono">(\d\d)</strong>`).FindStringSubmatch(page)
	if link == "" || number == nil || !strings.Contains(page, "<svg") || strings.Count(page, platform.Banner) < 2 {
		t.Fatalf("the login page has no code: %s", page)
	}
	path := strings.TrimPrefix(link, phone.Base)
	if _, app := phone.Get(path); !strings.Contains(app, `name="number"`) || !strings.Contains(app, "Nguyễn Văn An") || !strings.Contains(app, platform.Banner) {
		t.Fatalf("the app asks nothing: %s", app)
	}
	if _, state := desk.Get(path + "/state"); state != "waiting" {
		t.Errorf("the login page hears %q", state)
	}
	form := url.Values{"number": {number[1]}, "password": {"wrong"}}
	if r, _ := phone.Post(path, form, "Sec-Fetch-Site", "cross-site"); r.StatusCode != http.StatusForbidden {
		t.Errorf("another site confirms: %d", r.StatusCode)
	}
	if _, app := phone.Post(path, form); !strings.Contains(app, `name="number"`) {
		t.Errorf("after a wrong password: %s", app)
	}
	form.Set("password", personas.Password)
	if _, app := phone.Post(path, form); strings.Contains(app, `name="number"`) || !strings.Contains(app, `role="status"`) {
		t.Errorf("not confirmed: %s", app)
	}
	if _, state := desk.Get(path + "/state"); state != "over" {
		t.Errorf("the login page hears %q", state)
	}
	if r, page := desk.Get(res.Request.URL.Path); r.Request.URL.Path != "/me" || !strings.Contains(page, "Nguyễn Văn An") {
		t.Errorf("the page at %s does not go on", r.Request.URL.Path)
	}
	if r, page := desk.Get("/app/nothing"); r.StatusCode != 200 || strings.Contains(page, `name="number"`) {
		t.Errorf("a code of nobody: %d", r.StatusCode)
	}
	stranger := stranger(t, phone.Base)
	if r, _ := stranger.Get(path); !strings.HasPrefix(r.Request.URL.Path, "/interaction/") {
		t.Errorf("a stranger sees %s", r.Request.URL.Path)
	}
}
