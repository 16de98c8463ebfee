package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
)

// visitor is a person at the site with a browser of their own.
type visitor struct{ *webtest.Browser }

func open(t *testing.T) (site *Site, v *visitor) {
	t.Helper()
	base := webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		site, err = New(t.Context(), Config{Issuer: base, Clients: []platform.Client{Portal("http://127.0.0.1:1/callback")}, PasswordRounds: 1})
		return site, err
	})
	return site, stranger(t, base)
}

// stranger is another browser at a site.
func stranger(t *testing.T, base string) *visitor { return &visitor{webtest.New(t, base)} }

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// logIn begins at /me and posts the login form.
func (v *visitor) logIn(handle string) (*http.Response, string) {
	v.T.Helper()
	who, _ := personas.Get(handle)
	res, page := v.Get("/me")
	csrf := csrfField.FindStringSubmatch(page)
	if csrf == nil {
		v.T.Fatalf("no login form at %s", res.Request.URL)
	}
	return v.Post(res.Request.URL.Path, url.Values{
		"csrf": {csrf[1]}, "username": {who.Username()}, "password": {who.Account.Password},
	})
}

func TestEveryOwnPageHasBannerAndPolicyInBothLanguages(t *testing.T) {
	_, v := open(t)
	v.logIn("level2")
	for _, path := range []string{"/", "/me", "/me/papers", "/me/papers/driver-licence", "/phone", "/help", "/me/inbox", "/me/bills", "/office"} {
		for _, lang := range []string{"vi", "en"} {
			res, page := v.Get(path + "?lang=" + lang)
			if res.StatusCode != 200 || !strings.Contains(page, platform.Banner) || !strings.Contains(page, `<html lang="`+lang+`">`) {
				t.Errorf("%s in %s: status %d", path, lang, res.StatusCode)
			}
			if strings.Contains(page, "<script>") || strings.Contains(page, " style=") || strings.Contains(page, "<style") {
				t.Errorf("%s has what its policy forbids", path)
			}
			policy := res.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || res.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: headers %v", path, res.Header)
			}
		}
	}
}

func TestTheHomePageIntroducesEverybody(t *testing.T) {
	_, v := open(t)
	_, page := v.Get("/")
	for _, p := range personas.All() {
		if !strings.Contains(page, p.Username()) || !strings.Contains(page, ">"+p.Handle+"<") {
			t.Errorf("the home page lacks %s", p.Handle)
		}
	}
	if !strings.Contains(page, personas.Password) {
		t.Error("the home page does not say the password")
	}
}

func TestTheStyleSheetIsServedForGood(t *testing.T) {
	_, v := open(t)
	_, page := v.Get("/")
	for _, attr := range []string{`rel="stylesheet" href="`, `rel="icon" href="`} {
		_, after, _ := strings.Cut(page, attr)
		path, _, _ := strings.Cut(after, `"`)
		res, body := v.Get(path)
		if res.StatusCode != 200 || body == "" || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
	if res, _ := v.Get("/assets/old/style.css"); res.StatusCode != 404 {
		t.Errorf("another digest: status %d", res.StatusCode)
	}
}

func TestTheCitizensPageNeedsALogin(t *testing.T) {
	_, v := open(t)
	res, _ := v.Get("/me")
	if !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
		t.Errorf("a stranger came to %s", res.Request.URL)
	}
}

func TestTheCitizensPageShowsTheCodesThatTheAccountMayHave(t *testing.T) {
	for handle, want := range map[string]int{"level2": 2, "level1": 1, "eid-locked": 1} {
		_, v := open(t)
		_, page := v.logIn(handle)
		if n := strings.Count(page, "<figure"); n != want {
			t.Errorf("%s has %d codes, want %d", handle, n, want)
		}
	}
}

func TestTheCodeOnThePageIsASignedOne(t *testing.T) {
	_, v := open(t)
	_, page := v.logIn("level2")
	codes := regexp.MustCompile(`<p class="mono break small"[^>]*>([^<]+)</p>`).FindAllStringSubmatch(page, -1)
	if len(codes) != 2 {
		t.Fatalf("%d codes", len(codes))
	}
	for _, c := range codes {
		if qr.Classify(c[1]) != qr.Signed {
			t.Errorf("the page shows %.20q", c[1])
		}
	}
}

func TestALockedAccountIsToldSo(t *testing.T) {
	_, v := open(t)
	res, page := v.logIn("account-locked")
	if res.StatusCode != http.StatusForbidden || !strings.Contains(page, errorWords["account_locked"].Vi) {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestTheFirstPasswordIsOnTheTelephone(t *testing.T) {
	_, v := open(t)
	_, page := v.Get("/phone")
	if !regexp.MustCompile(`Mật khẩu lần đầu của bạn: [0-9]{10}`).MatchString(page) {
		t.Error("no first password")
	}
}

// waitInApp leads a login of level2 to where the app has to confirm it.
func waitInApp(t *testing.T, v *visitor) (path, csrf, number, account, prompt string) {
	t.Helper()
	who, _ := personas.Get("level2")
	res, page := v.Get("/login?return=/me&auth=2")
	path, csrf = res.Request.URL.Path, csrfField.FindStringSubmatch(page)[1]
	v.Post(path, url.Values{"csrf": {csrf}, "username": {who.Username()}, "password": {who.Account.Password}})
	_, page = v.Post(path, url.Values{"csrf": {csrf}, "factor": {"app"}})
	found := regexp.MustCompile(`<p class="big mono">([0-9]{2})</p>`).FindStringSubmatch(page)
	_, phone := v.Get("/phone")
	who1 := regexp.MustCompile(`name="account" value="([^"]+)"`).FindStringSubmatch(phone)
	id := regexp.MustCompile(`name="prompt" value="([^"]+)"`).FindStringSubmatch(phone)
	if found == nil || who1 == nil || id == nil {
		t.Fatal("nothing waits in the app")
	}
	if strings.Contains(phone, ">"+found[1]+"<") {
		t.Error("the telephone shows the number that the person is to compare")
	}
	return path, csrf, found[1], who1[1], id[1]
}

func TestALoginIsConfirmedOnTheTelephone(t *testing.T) {
	_, v := open(t)
	path, csrf, number, account, prompt := waitInApp(t, v)
	res, _ := v.Post("/phone", url.Values{"account": {account}, "prompt": {prompt}, "number": {number}})
	if res.Request.URL.RawQuery != "answered=yes" {
		t.Fatalf("the telephone answered %s", res.Request.URL)
	}
	if res, _ := v.Post(path, url.Values{"csrf": {csrf}, "factor": {"app"}}); res.Request.URL.Path != "/me" {
		t.Errorf("the login went to %s", res.Request.URL)
	}
}

func TestALoginIsRefusedOnTheTelephone(t *testing.T) {
	_, v := open(t)
	path, csrf, number, account, prompt := waitInApp(t, v)
	form := url.Values{"account": {account}, "prompt": {prompt}, "number": {number}, "decision": {"deny"}}
	if res, _ := v.Post("/phone", form); res.Request.URL.RawQuery != "answered=no" {
		t.Fatalf("the telephone answered %s", res.Request.URL)
	}
	if res, _ := v.Post(path, url.Values{"csrf": {csrf}, "factor": {"app"}}); res.Request.URL.Path == "/me" {
		t.Error("the login went on")
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	_, v := open(t)
	form := url.Values{"account": {"level2"}, "prompt": {"x"}, "number": {"00"}}
	if res, _ := v.Post("/phone", form, "Sec-Fetch-Site", "same-origin"); res.StatusCode != 200 {
		t.Errorf("our own form: status %d", res.StatusCode)
	}
	for _, site := range []string{"cross-site", "same-site"} {
		if res, _ := v.Post("/phone", form, "Sec-Fetch-Site", site); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: status %d", site, res.StatusCode)
		}
	}
	if res, _ := v.Post("/phone", form, "Origin", "https://evil.example"); res.StatusCode != http.StatusForbidden {
		t.Errorf("another origin: status %d", res.StatusCode)
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	_, v := open(t)
	for _, path := range []string{"/", "/me", "/help"} {
		if res, _ := v.Post(path, nil); res.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: status %d", path, res.StatusCode)
		}
	}
}

func TestTheEnginesEndpointsStandBesideThePages(t *testing.T) {
	_, v := open(t)
	for _, path := range []string{"/.well-known/openid-configuration", "/jwks.json", "/qr/jwks.json"} {
		if res, _ := v.Get(path); res.StatusCode != 200 {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
	if res, _ := v.Get("/nothing-here"); res.StatusCode != 404 {
		t.Errorf("an unknown path: status %d", res.StatusCode)
	}
}
