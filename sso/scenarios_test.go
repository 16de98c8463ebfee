package sso

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// What people and networks do to a login, in both profiles: the odd ways end in a
// sensible answer, and none in a login of somebody else.
var scenarios = map[string]func(*testing.T, *site){
	"two tabs crossed": func(t *testing.T, s *site) {
		s.page("/a", Ask{})
		s.page("/b", Ask{})
		b := s.browser()
		first, second := b.start("/a"), b.start("/b")
		if _, body := b.get(second); !strings.HasPrefix(body, "/b is") {
			t.Errorf("second tab: %s", body)
		}
		if _, body := b.get(first); !strings.HasPrefix(body, "/a is") || b.pending() != 0 {
			t.Errorf("first tab: %s", body)
		}
	},
	"two tabs with each other's answers": func(t *testing.T, s *site) {
		b := s.browser()
		first, second := b.start("/home"), b.start("/home")
		here, there := s.op.authorize(first), s.op.authorize(second)
		for _, swapped := range []string{crossed(here, there), crossed(there, here)} {
			if status, _ := b.get(swapped); status == http.StatusOK {
				t.Error("a tab took the other's code")
			}
		}
	},
	"back button": func(t *testing.T, s *site) {
		b := s.browser()
		callback := s.op.authorize(b.start("/home"))
		if status, body := b.get(callback); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		if status, body := b.get(callback); status != http.StatusOK || body != "root" {
			t.Errorf("back to the callback: %d %s", status, body)
		}
		if status, _ := b.get("/home"); status != http.StatusOK || s.op.count("/token") != 1 {
			t.Errorf("then: %d, %d codes sent", status, s.op.count("/token"))
		}
	},
	"cancelled": func(t *testing.T, s *site) {
		honest := s.op.callback
		s.op.callback = func(v url.Values) { v.Del("code"); v.Set("error", "access_denied") }
		b := s.browser()
		if status, _ := b.get("/home"); status != http.StatusForbidden {
			t.Errorf("%d", status)
		}
		refusedAs(t, s.lastError(), vneid.ErrDenied)
		s.op.callback = honest
		if status, _ := b.get("/home"); status != http.StatusOK {
			t.Errorf("the next try: %d", status)
		}
	},
	"a code that lives two seconds": func(t *testing.T, s *site) {
		s.op.codeLife = 2 * time.Second
		if status, _ := s.browser().get("/home"); status != http.StatusOK {
			t.Errorf("at once: %d", status)
		}
		b := s.browser()
		callback := s.op.authorize(b.start("/home"))
		s.op.clock.advance(3 * time.Second)
		if status, _ := b.get(callback); status != http.StatusForbidden {
			t.Errorf("three seconds later: %d", status)
		}
		var auth *AuthError
		if err := s.lastError(); !errors.As(err, &auth) || auth.Code != "invalid_grant" || !errors.Is(err, vneid.ErrExpired) {
			t.Errorf("%v", err)
		}
		if status, _ := b.get("/home"); status != http.StatusOK {
			t.Errorf("the next try: %d", status)
		}
	},
	"the provider is down at the start": func(t *testing.T, s *site) {
		down := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
		s.op.override[wellKnown] = down
		b := s.browser()
		if status, _ := b.get("/home"); status != http.StatusServiceUnavailable {
			t.Errorf("%d", status)
		}
		refusedAs(t, s.lastError(), vneid.ErrUnavailable)
		s.op.override[wellKnown] = nil
		s.op.clock.advance(relying.FirstBackoff)
		if status, _ := b.get("/home"); status != http.StatusOK {
			t.Errorf("after it came back: %d", status)
		}
	},
	"the provider goes down in the middle": func(t *testing.T, s *site) {
		b := s.browser()
		callback := s.op.authorize(b.start("/home"))
		s.op.override["/token"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
		if status, _ := b.get(callback); status != http.StatusServiceUnavailable {
			t.Errorf("%d", status)
		}
		s.op.override["/token"] = nil
		if status, _ := b.get("/home"); status != http.StatusOK {
			t.Errorf("the next try: %d", status)
		}
	},
	"a spoofed Host": func(t *testing.T, s *site) {
		r := httptest.NewRequest(http.MethodGet, "https://evil.example/login", nil)
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("Forwarded", "host=evil.example")
		w := serve(s.c.Login(Ask{}), r)
		to := w.Header().Get("Location")
		u, err := url.Parse(to)
		if err != nil || strings.Contains(to, "evil") {
			t.Fatal(err, to)
		}
		if q := s.op.request(u.Query()); q.Get("redirect_uri") != s.srv.URL+"/callback" {
			t.Errorf("back to %s", q.Get("redirect_uri"))
		}
		for _, k := range w.Result().Cookies() {
			if k.Domain != "" {
				t.Error("a cookie for a host of the request's choice")
			}
		}
	},
}

// crossed is one callback with the state of another; of a signed one the claims, under
// the signature that was there.
func crossed(callback, with string) string {
	here, there := query(callback[strings.IndexByte(callback, '?')+1:]), query(with[strings.IndexByte(with, '?')+1:])
	if here.Get("response") != "" {
		h, p := strings.Split(here.Get("response"), "."), strings.Split(there.Get("response"), ".")
		here.Set("response", h[0]+"."+p[1]+"."+h[2])
	} else {
		here.Set("state", there.Get("state"))
	}
	return callback[:strings.IndexByte(callback, '?')+1] + strings.ReplaceAll(here.Encode(), "+", "%20")
}

func TestScenarios(t *testing.T) {
	for profile, newSite := range map[string]func(testing.TB, ...func(*Config)) *site{"Standard": newSite, "FAPI2 and JARM": newStrictSite} {
		for name, play := range scenarios {
			t.Run(profile+": "+name, func(t *testing.T) {
				s := newSite(t)
				s.mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("root")) })
				play(t, s)
			})
		}
	}
}

// The worst that a caller may put into an Ask still fits: five cookies of 4 KiB.
func TestTheLargestLoginFitsACookie(t *testing.T) {
	s := newStrictSite(t)
	b := s.browser()
	worst := s.c.Login(Ask{
		Need: vneid.Assurance{Level: 2, Auth: 4}, MaxAge: time.Minute, Prompt: "login", Accept: TransportOnly,
		LoginHint: strings.Repeat("h", 2000), Subject: strings.Repeat("s", 255), Return: "/" + strings.Repeat("r", relying.MaxReturn-1),
	})
	s.mux.Handle("/worst", worst)
	for range 7 {
		b.start("/worst")
		s.op.clock.advance(time.Second)
	}
	if b.pending() != maxTabs {
		t.Errorf("%d logins under way", b.pending())
	}
	longest := 0
	for _, k := range serve(worst, get("/worst")).Result().Cookies() {
		longest = max(longest, len(k.String()))
	}
	t.Logf("the largest pre-login cookie has %d bytes, attributes included; at most %d of them", longest, maxTabs)
	if longest == 0 || longest > maxCookie {
		t.Errorf("%d bytes", longest)
	}
	// What does not fit is said before the browser is sent anywhere.
	long := newSite(t, func(c *Config) { c.ClientID = strings.Repeat("c", 4000) })
	w := serve(long.c.Login(Ask{}), get("/login"))
	if w.Code != http.StatusInternalServerError || !errors.Is(long.lastError(), ErrCookieSize) || len(w.Result().Cookies()) != 0 {
		t.Errorf("%d %v", w.Code, long.lastError())
	}
}

// A login that is begun and never finished costs the server nothing.
func TestAPendingLoginTakesNoMemory(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	login := c.Login(Ask{Return: "/somewhere"})
	begin := func(n int) uint64 {
		for range n {
			if w := serve(login, get("/login")); w.Code != http.StatusSeeOther {
				t.Fatal(w.Code)
			}
		}
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := begin(200)
	const many = 4000
	after := begin(many)
	grown := int64(after) - int64(before)
	t.Logf("%d logins begun: the heap grew by %d bytes, %.2f for each", many, grown, float64(grown)/many)
	if grown > many*4 { // one pointer for each would be 8
		t.Errorf("the heap grew by %d bytes", grown)
	}
	if len(c.ended.of) != 0 {
		t.Errorf("%d logins are remembered", len(c.ended.of))
	}
}
