package sso

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// Attacks on the session that follows a login, by way of the handlers.
var browsers = []attack{
	{"A7 a copy of the cookie after the logout", "revoked", 0, nil, func(a *arena) error {
		cookie := a.loggedIn()
		a.serve(a.c.Logout("/"), http.MethodPost, cookie)
		return a.visit(cookie)
	}},
	{"A7 a copy of the cookie after another login", "revoked", 0, nil, func(a *arena) error {
		cookie := a.loggedIn()
		a.loggedIn(cookie)
		return a.visit(cookie)
	}},
	{"A7 a cookie that is over", "session-life", 0, nil, func(a *arena) error {
		cookie := a.loggedIn()
		a.o.clock.advance(time.Hour)
		return a.visit(cookie)
	}},
	{"A7 a cookie of a week ago", "session-life", 0, nil, func(a *arena) error {
		cookie := a.loggedIn()
		a.o.clock.advance(7 * 24 * time.Hour)
		return a.visit(cookie)
	}},
	{"A4 another site logs the person out", "cross-site", 0, nil, func(a *arena) error {
		cookie := a.loggedIn()
		w := a.serve(a.c.Logout("/"), http.MethodPost, cookie, "Sec-Fetch-Site", "cross-site")
		if w.StatusCode != http.StatusSeeOther {
			return errors.New("refused")
		}
		return nil
	}},
	{"A4 another site logs the person out, in an old browser", "cross-site", 0, nil, func(a *arena) error {
		cookie := a.loggedIn()
		w := a.serve(a.c.Logout("/"), http.MethodPost, cookie, "Origin", "https://evil.example")
		if w.StatusCode != http.StatusSeeOther {
			return errors.New("refused")
		}
		return nil
	}},
	{"A13 the code leaves in the Referer of what the page after the login embeds", "hide", 0, nil, func(a *arena) error {
		// A browser of before 2020: the whole URL goes along unless it is told not to.
		if a.answered().Header.Get("Referrer-Policy") == "no-referrer" {
			return errors.New("kept")
		}
		return nil
	}},
	{"A13 a cache on the way keeps the answer to a code", "hide", 0, nil, func(a *arena) error {
		if a.answered().Header.Get("Cache-Control") == "no-store" {
			return errors.New("not kept")
		}
		return nil
	}},
	{"A16 an error code that is a script", "error-code", 0, nil, errorText("<script>alert(1)</script>")},
	{"A16 an error code that forges a line of the log", "error-code", 0, nil, errorText("x;level=info;msg=login_of_admin")},
	{"A16 an error code that names a person", "error-code", 0, nil, errorText("999190000001")},
	{"A9 the session of one person at a page for another", "subject", 0, nil, func(a *arena) error {
		return a.visitAs(Ask{Subject: "pairwise-9"}, a.loggedIn())
	}},
	{"A9 a session of before the rule about locked cards", "locks", 0, nil, func(a *arena) error {
		claim("eid_status", "locked")(a.o)
		cookie := a.loggedIn()
		a.c.cfg.RefuseLockedEID = true
		return a.visit(cookie)
	}},
}

// loggedIn is the session cookie after a login by way of the handlers.
func (a *arena) loggedIn(before ...*http.Cookie) *http.Cookie {
	off := a.c.off
	a.c.off = ""
	defer func() { a.c.off = off }()
	start := a.serveAll(a.c.Login(Ask{}), http.MethodGet, "/login", before)
	to := start.Header.Get("Location")
	back := a.serveAll(a.c.Callback(nil), http.MethodGet, a.o.authorize(to), append(before, start.Cookies()...))
	for _, k := range back.Cookies() {
		if k.Name == a.c.sessionCookie() && k.Value != "" {
			return k
		}
	}
	a.t.Fatal("the login did not open a session")
	return nil
}

// visit opens a page for whoever is logged in.
func (a *arena) visit(k *http.Cookie) error { return a.visitAs(Ask{}, k) }

func (a *arena) visitAs(ask Ask, k *http.Cookie) error {
	seen := false
	page := a.c.Require(ask, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen = true }))
	a.serve(page, http.MethodGet, k)
	if !seen {
		return errors.New("not let through")
	}
	return nil
}

func (a *arena) serve(h http.Handler, method string, k *http.Cookie, headers ...string) *http.Response {
	return a.serveAll(h, method, "/page", []*http.Cookie{k}, headers...)
}

func (a *arena) serveAll(h http.Handler, method, where string, cookies []*http.Cookie, headers ...string) *http.Response {
	r := httptest.NewRequest(method, where, nil)
	for _, k := range cookies {
		r.AddCookie(&http.Cookie{Name: k.Name, Value: k.Value})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return serve(h, r).Result()
}

// answered is the answer to a callback.
func (a *arena) answered() *http.Response {
	start := a.serveAll(a.c.Login(Ask{}), http.MethodGet, "/login", nil)
	return a.serveAll(a.c.Callback(nil), http.MethodGet, a.o.authorize(start.Header.Get("Location")), start.Cookies())
}

// errorText is a callback whose error is the attacker's, who wants to read it again in
// what the program logs or shows.
func errorText(text string) func(*arena) error {
	return func(a *arena) error {
		s, raw := a.begin(Ask{})
		v := query(raw)
		v.Del("code")
		v.Set("error", text)
		if err := a.finish(s, v.Encode()); err == nil || !strings.Contains(err.Error(), text) {
			return errors.New("not repeated")
		}
		return nil
	}
}
