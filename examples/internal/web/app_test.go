package web

import (
	"html"
	"net/http"
	"net/http/cookiejar"
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
	jar, _ := cookiejar.New(nil)
	desk := &visitor{t, phone.base, &http.Client{Jar: jar}}
	res, page := desk.get("/me")
	link := regexp.MustCompile(regexp.QuoteMeta(phone.base) + `/app/[\w.-]+`).FindString(html.UnescapeString(page))
	number := regexp.MustCompile(`class="big mono">(\d\d)</strong>`).FindStringSubmatch(page)
	if link == "" || number == nil || !strings.Contains(page, "<svg") || strings.Count(page, platform.Banner) < 2 {
		t.Fatalf("the login page has no code: %s", page)
	}
	path := strings.TrimPrefix(link, phone.base)
	if _, app := phone.get(path); !strings.Contains(app, `name="number"`) || !strings.Contains(app, "Nguyễn Văn An") || !strings.Contains(app, platform.Banner) {
		t.Fatalf("the app asks nothing: %s", app)
	}
	if _, state := desk.get(path + "/state"); state != "waiting" {
		t.Errorf("the login page hears %q", state)
	}
	form := url.Values{"number": {number[1]}, "password": {"wrong"}}
	if r, _ := phone.post(path, form, "Sec-Fetch-Site", "cross-site"); r.StatusCode != http.StatusForbidden {
		t.Errorf("another site confirms: %d", r.StatusCode)
	}
	if _, app := phone.post(path, form); !strings.Contains(app, `name="number"`) {
		t.Errorf("after a wrong password: %s", app)
	}
	form.Set("password", personas.Password)
	if _, app := phone.post(path, form); strings.Contains(app, `name="number"`) || !strings.Contains(app, `role="status"`) {
		t.Errorf("not confirmed: %s", app)
	}
	if _, state := desk.get(path + "/state"); state != "over" {
		t.Errorf("the login page hears %q", state)
	}
	if r, page := desk.get(res.Request.URL.Path); r.Request.URL.Path != "/me" || !strings.Contains(page, "Nguyễn Văn An") {
		t.Errorf("the page at %s does not go on", r.Request.URL.Path)
	}
	if r, page := desk.get("/app/nothing"); r.StatusCode != 200 || strings.Contains(page, `name="number"`) {
		t.Errorf("a code of nobody: %d", r.StatusCode)
	}
	jar, _ = cookiejar.New(nil)
	stranger := &visitor{t, phone.base, &http.Client{Jar: jar}}
	if r, _ := stranger.get(path); !strings.HasPrefix(r.Request.URL.Path, "/interaction/") {
		t.Errorf("a stranger sees %s", r.Request.URL.Path)
	}
}
