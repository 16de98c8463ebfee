package citizen_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// house is a whole platform that listens, with a clock that tests move.
type house struct {
	*web.Site
	t     *testing.T
	base  string
	clock platform.Clock
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t}
	h.clock.Set(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	h.base = webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		h.Site, err = web.New(t.Context(), web.Config{Issuer: base, Now: h.clock.Now, PasswordRounds: 1})
		return h.Site, err
	})
	return h
}

// visitor is a browser.
type visitor struct {
	*house
	*webtest.Browser
}

func (h *house) visitor() *visitor { return &visitor{h, webtest.New(h.t, h.base)} }

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// logIn logs somebody in with a password, or with as many factors as the authentication
// level needs.
func (h *house) logIn(handle string, auth int) *visitor {
	h.t.Helper()
	v := h.visitor()
	who, _ := personas.Get(handle)
	res, page := v.Get("/login?return=/me&auth=" + string(rune('0'+auth)))
	for range 8 {
		if !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
			return v
		}
		form := url.Values{"csrf": {csrfField.FindStringSubmatch(page)[1]}}
		path := res.Request.URL.Path
		switch {
		case strings.Contains(page, `name="username"`):
			form.Set("username", who.Username())
			form.Set("password", personas.Password)
		case strings.Contains(page, `value="face"`):
			form.Set("factor", "face")
			form.Set("result", "match")
		case strings.Contains(page, `name="code"`):
			all, err := h.Platform.Outbox(h.t.Context(), handle)
			if err != nil || len(all) == 0 {
				h.t.Fatal("no message", err)
			}
			form.Set("factor", "otp")
			form.Set("code", all[0].Secret)
		default:
			form.Set("factor", "otp")
		}
		res, page = v.Post(path, form)
	}
	h.t.Fatalf("%s: the login does not end: %s", handle, res.Request.URL)
	return nil
}

// pages are all the pages of the app that have no parameter.
var pages = []string{
	"/me", "/me/eid", "/me/level2", "/me/code/dynamic", "/me/code/static", "/me/papers", "/me/papers/driver-licence", "/me/shares",
	"/me/requests", "/me/sessions", "/me/history", "/me/locks", "/me/inbox", "/me/bills", "/me/residence", "/me/dependants", "/me/health", "/me/stays",
	"/me/filings", "/me/filings/report", "/me/filings/permanent", "/me/filings/temporary", "/me/filings/absence", "/me/filings/judicial",
	"/me/filings/integration", "/me/settings",
}

func TestEveryPageForEverySortOfPersonInBothLanguages(t *testing.T) {
	h := open(t)
	for handle, forbidden := range map[string][]string{
		"level2": nil, "guardian": nil, "old-cmnd": nil, "reissued": nil, "no-app": nil, "expired-card": nil,
		"level1":     {"/me/eid", "/me/papers", "/me/residence", "/me/dependants", "/me/health", "/me/filings/judicial", "/me/filings/integration"},
		"eid-locked": {"/me/eid", "/me/papers", "/me/residence", "/me/dependants", "/me/health", "/me/filings/judicial", "/me/filings/integration"},
		"foreigner":  {"/me/eid"},
	} {
		v := h.logIn(handle, 2)
		for _, path := range pages {
			want := http.StatusOK
			for _, f := range forbidden {
				if f == path {
					want = http.StatusForbidden
				}
			}
			for lang, other := range map[string]string{"vi": "en", "en": "vi"} {
				res, page := v.Get(path + "?lang=" + lang)
				if res.StatusCode != want || res.Request.URL.Path != path {
					t.Errorf("%s sees %s: status %d at %s", handle, path, res.StatusCode, res.Request.URL.Path)
				}
				if !strings.Contains(page, ui.Banner) || !strings.Contains(page, `<html lang="`+lang+`">`) || !strings.Contains(page, `hreflang="`+other+`"`) {
					t.Errorf("%s in %s lacks its banner or language", path, lang)
				}
				if strings.Contains(page, " style=") || strings.Contains(page, "<style") || strings.Contains(page, "<script>") || strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "<no value>") {
					t.Errorf("%s has what its policy forbids, or a hole", path)
				}
			}
		}
	}
}
