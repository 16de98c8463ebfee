package share

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// visit is a browser at the handlers of a client.
type visit struct {
	t       *testing.T
	o       *op
	c       *Client
	mux     *http.ServeMux
	cookies map[string]string
	answers []Records
	errs    []error
	mu      sync.Mutex
}

func newVisit(t *testing.T, edits ...func(*Config)) *visit {
	v := &visit{t: t, o: newOP(t), mux: http.NewServeMux(), cookies: map[string]string{}}
	page := func(cfg *Config) {
		cfg.ErrorPage = func(w http.ResponseWriter, _ *http.Request, err error) {
			v.mu.Lock()
			defer v.mu.Unlock()
			v.errs = append(v.errs, err)
			errorPage(w, err)
		}
	}
	v.c = v.o.client(append(edits, page)...)
	v.mux.Handle("/ask", v.c.Start(func(*http.Request) (Request, error) { return request(), nil }))
	v.mux.Handle("/wrong", v.c.Start(func(*http.Request) (Request, error) { return Request{}, errors.New("nobody is logged in") }))
	v.mux.Handle("/callback", v.c.Callback(func(w http.ResponseWriter, _ *http.Request, r Records) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.answers = append(v.answers, r)
		io.WriteString(w, "thank you")
	}))
	return v
}

func (v *visit) do(method, target string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	v.mux.ServeHTTP(w, r)
	res := w.Result()
	for _, k := range res.Cookies() {
		if k.MaxAge < 0 {
			delete(v.cookies, k.Name)
			continue
		}
		v.cookies[k.Name] = k.Value
		if !k.Secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(k.Name, "__Host-vneid-share-") || k.Path != "/" {
			v.t.Errorf("the cookie %v", k)
		}
	}
	if res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Referrer-Policy") != "no-referrer" {
		v.t.Errorf("%s shows itself: %v", target, res.Header)
	}
	return res
}

func TestTheHandlersCarryARequestThroughABrowser(t *testing.T) {
	v := newVisit(t)
	res := v.do("POST", "/ask")
	if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, platform+"/authorize?") || len(v.cookies) != 1 {
		t.Fatalf("%d to %q", res.StatusCode, to)
	}
	before := map[string]string{}
	for name, value := range v.cookies {
		before[name] = value
	}
	query := v.o.callback()
	if res := v.do("GET", "/callback?"+query); res.StatusCode != 200 || len(v.answers) != 1 || len(v.cookies) != 0 {
		t.Fatalf("%d, %v", res.StatusCode, v.errs)
	}
	// A second click that was sent with the first.
	v.cookies = before
	if res := v.do("GET", "/callback?"+query); res.StatusCode != 200 || len(v.answers) != 2 || v.answers[1].a != v.answers[0].a || v.o.count("/share/v1/bundle") != 1 {
		t.Errorf("%d, %d fetches", res.StatusCode, v.o.count("/share/v1/bundle"))
	}
	// A reload later.
	if res := v.do("GET", "/callback?"+query); res.StatusCode != 403 {
		t.Errorf("%d", res.StatusCode)
	}
	refusedAs(t, v.errs[0], vneid.ErrMismatch)
}

func TestTabsDoNotDisturbEachOther(t *testing.T) {
	v := newVisit(t)
	var queries []string
	for range 7 {
		v.do("GET", "/ask")
		queries = append(queries, v.o.callback())
		v.o.advance(1)
	}
	if len(v.cookies) != 5 {
		t.Errorf("%d cookies", len(v.cookies))
	}
	// The platform of these tests knows the last request's code alone.
	if res := v.do("GET", "/callback?"+queries[6]); res.StatusCode != 200 || len(v.cookies) != 4 {
		t.Errorf("%d, %d cookies left", res.StatusCode, len(v.cookies))
	}
	if res := v.do("GET", "/callback?"+queries[0]); res.StatusCode != 403 {
		t.Errorf("the oldest made room: %d", res.StatusCode)
	}
}

func TestWhatIsUnavailableCanBeReloaded(t *testing.T) {
	v := newVisit(t)
	v.do("GET", "/ask")
	query := v.o.callback()
	v.o.reach("/share/v1/bundle", true)
	if res := v.do("GET", "/callback?"+query); res.StatusCode != 503 || len(v.cookies) != 1 {
		t.Fatalf("%d, %d cookies", res.StatusCode, len(v.cookies))
	}
	v.o.reach("/share/v1/bundle", false)
	if res := v.do("GET", "/callback?"+query); res.StatusCode != 200 || len(v.cookies) != 0 {
		t.Errorf("%d: %v", res.StatusCode, v.errs)
	}
}

func TestTheErrorPageSaysWhatToDoAndNothingElse(t *testing.T) {
	v := newVisit(t)
	v.do("GET", "/ask")
	res := v.do("GET", "/callback?error=access_denied&error_description=canary&state="+v.state()+"&iss="+platform)
	body, _ := io.ReadAll(res.Body)
	page := string(body)
	vi, _ := vneid.Advice(vneid.ErrDenied)
	if res.StatusCode != 403 || !strings.Contains(page, vi) || strings.Contains(page, "canary") || strings.Contains(page, "access_denied") ||
		!strings.Contains(page, `lang="vi"`) || !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d: %s", res.StatusCode, page)
	}
	for target, want := range map[string]int{"/callback": 400, "/callback?code=x&state=y&iss=z": 403, "/wrong": 500} {
		if res := v.do("GET", target); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", target, res.StatusCode, want)
		}
	}
	for target, method := range map[string]string{"/callback": "POST", "/ask": "PUT"} {
		if res := v.do(method, target); res.StatusCode != 405 || res.Header.Get("Allow") == "" {
			t.Errorf("%s %s: %d", method, target, res.StatusCode)
		}
	}
}

func (v *visit) state() string {
	v.o.mu.Lock()
	defer v.o.mu.Unlock()
	return v.o.pushed.Get("state")
}

func TestAClientThatNewDidNotMakeRefuses(t *testing.T) {
	for _, c := range []*Client{nil, {}} {
		_, _, err := c.Begin(t.Context(), request())
		_, err2 := c.Finish(t.Context(), new(Session), "code=x")
		_, err3 := c.Ask(t.Context(), request(), citizen, "")
		_, err4 := c.Wait(t.Context(), new(Session))
		_, err5 := c.Refetch(t.Context(), new(Grant), nowhere)
		_, err6 := c.Seal(new(Session))
		for i, err := range []error{err, err2, err3, err4, err5, err6, c.GiveUp(t.Context(), new(Grant))} {
			if err == nil || errors.As(err, new(vneid.Kind)) {
				t.Errorf("call %d: %v", i, err)
			}
		}
	}
}

func TestAConfigThatCannotWorkNamesTheField(t *testing.T) {
	for field, edit := range map[string]func(*Config){
		"Issuer":            func(c *Config) { c.Issuer = "http://vneid.example" },
		"Issuer must":       func(c *Config) { c.Issuer += "?x=1" },
		"RedirectURL":       func(c *Config) { c.RedirectURL = "portal.example" },
		"ClientID":          func(c *Config) { c.ClientID = "" },
		"Key is nil":        func(c *Config) { c.Key = nil },
		"KeyID":             func(c *Config) { c.KeyID = "a b" },
		"DPoPKey is":        func(c *Config) { c.DPoPKey = c.Key },
		"Verifier is nil":   func(c *Config) { c.Verifier = nil },
		"Verifier.Platform": func(c *Config) { c.Verifier.Platform = "https://other.example" },
		"Verifier.Client":   func(c *Config) { c.Verifier.Client = "other" },
		"Verifier.Replay":   func(c *Config) { c.Verifier.Replay = nil },
		"Verifier.Decrypt":  func(c *Config) { c.Verifier.Decrypt = []DecryptKey{{ID: "k", Key: c.Key}} },
		"Need":              func(c *Config) { c.Need.Level = 3 },
		"WebhookSecret":     func(c *Config) { c.WebhookSecret = []byte("short") },
		"Skew":              func(c *Config) { c.Skew = -1 },
		"CookieKeys":        func(c *Config) { c.CookieKeys = [][]byte{{1}} },
		"Hosts":             func(c *Config) { c.Hosts = []string{"https://x"} },
	} {
		cfg := newOP(t).config()
		edit(&cfg)
		_, err := New(cfg)
		if err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), field) || !strings.HasPrefix(err.Error(), "share: Config.") {
			t.Errorf("%s: %v", field, err)
		}
	}
}
