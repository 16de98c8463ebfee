package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/sso"
)

// journal is a log that can be read while it is written.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// canaries are what nothing that is written down may hold: personal data, and whatever
// went over the wire that opens something.
type canaries struct {
	mu  sync.Mutex
	all map[string]string // value → where it was seen
}

func (c *canaries) add(where string, values ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range values {
		if len(v) >= 6 && !harmless[v] {
			c.all[v] = where
		}
	}
}

// harmless are words of the protocol and names of the program's own.
var harmless = map[string]bool{"portal": true, "openid": true, "factor": true, "password": true, "authorization_code": true, "refresh_token": true, "Bearer": true}

// RoundTrip sends a request and notes what it carried: it is the transport of a browser
// and of a relying party.
func (c *canaries) RoundTrip(r *http.Request) (*http.Response, error) {
	c.values("the query", r.URL.Query())
	for _, cookie := range r.Cookies() {
		c.add("a cookie", cookie.Value)
	}
	if a := r.Header.Get("Authorization"); a != "" {
		c.add("Authorization", a, a[strings.IndexByte(a, ' ')+1:])
	}
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(b))
		if form, err := url.ParseQuery(string(b)); err == nil {
			c.values("a form", form)
		}
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	for _, cookie := range res.Cookies() {
		c.add("a cookie", cookie.Value)
	}
	if to, err := res.Location(); err == nil {
		c.values("a redirect", to.Query())
		if id, ok := strings.CutPrefix(to.Path, "/interaction/"); ok {
			c.add("a path", id)
		}
	}
	if strings.Contains(res.Header.Get("Content-Type"), "json") && strings.HasSuffix(r.URL.Path, "token") {
		b, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, err
		}
		res.Body.Close()
		res.Body = io.NopCloser(bytes.NewReader(b))
		var tokens map[string]any
		if json.Unmarshal(b, &tokens) == nil {
			for name, v := range tokens {
				if s, ok := v.(string); ok && strings.HasSuffix(name, "_token") {
					c.add(name, s)
				}
			}
		}
	}
	return res, nil
}

func (c *canaries) values(where string, v url.Values) {
	for name, all := range v {
		if strings.HasPrefix(name, "code_challenge_") || name == "scope" || name == "response_type" || name == "redirect_uri" {
			continue
		}
		c.add(where, all...)
	}
}

// person adds what is known about somebody.
func (c *canaries) person(t *testing.T, who personas.Persona) {
	t.Helper()
	b, err := json.Marshal(who.Record)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"([^"]+)"\s*[,}\]]`).FindAllStringSubmatch(string(b), -1) {
		c.add("a record", m[1])
	}
	c.add("an account", who.Username(), who.Account.Phone, strings.TrimPrefix(who.Account.Phone, "+"), who.Account.Email, who.Account.Password)
}

// Whole flows, and everything that goes wrong in them, leave nothing of anybody in the
// log or in the figures; pages of errors show nothing of a person.
func TestNothingOfAnybodyIsWrittenDown(t *testing.T) {
	seen := &canaries{all: map[string]string{}}
	var log journal
	portal := httptest.NewUnstartedServer(nil)
	portal.Start()
	t.Cleanup(portal.Close)
	s := startLogged(t, &log, "-store", "memory:", "-log-format", "json", "-portal", portal.URL+"/callback")
	for _, name := range []string{"level2", "level1", "account-locked", "minor", "long-name"} {
		seen.person(t, handle(t, name))
	}
	errors := goodAndBad(t, seen, s.address, portal)

	written := log.String()
	_, figures := get(t, s.address+"/metrics")
	if n := strings.Count(written, `"msg":"request"`); n < 60 {
		t.Fatalf("only %d requests are in the log", n)
	}
	if len(seen.all) < 60 {
		t.Fatalf("only %d canaries", len(seen.all))
	}
	t.Logf("%d canaries in %d lines and %d bytes of figures", len(seen.all), strings.Count(written, "\n"), len(figures))
	for canary, where := range seen.all {
		for place, text := range map[string]string{"log": written, "figures": figures} {
			if strings.Contains(text, canary) {
				t.Errorf("%s is in the %s: %s", where, place, canary)
			}
		}
	}
	if at := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(written); at != "" {
		t.Errorf("a caller's address is in the log: %s", at)
	}
	for _, page := range errors {
		for _, name := range []string{"level2", "level1", "account-locked"} {
			who := handle(t, name)
			// The number and the password of one stand on the login page, for visitors to try.
			for _, v := range []string{who.Record.Name, who.Account.Phone, who.Record.Residence.Text} {
				if strings.Contains(page.body, v) {
					t.Errorf("an error page (%d, %s) shows %s of %s", page.StatusCode, page.Request.URL.Path, v, name)
				}
			}
		}
	}
	// The test can fail: a canary that is written down is found.
	if fmt.Fprintln(&log, handle(t, "level2").Record.Name); !strings.Contains(log.String(), handle(t, "level2").Record.Name) {
		t.Error("the journal holds nothing")
	}
}

// goodAndBad goes through logins, pages, an API of a relying party, and mistakes. It
// returns the pages that said no.
func goodAndBad(t *testing.T, seen *canaries, base string, portal *httptest.Server) (errors []page) {
	t.Helper()
	keep := func(p page) page {
		if p.StatusCode >= 400 {
			errors = append(errors, p)
		}
		return p
	}
	browser := func(name string) *walker {
		w := newWalker(t, base, handle(t, name))
		w.Transport = seen
		return w
	}
	an := browser("level2")
	if p := an.walk("/me"); p.StatusCode != 200 || p.Request.URL.Path != "/me" {
		t.Fatalf("status %d at %s", p.StatusCode, p.Request.URL.Path)
	}
	for _, path := range []string{"/me/papers", "/me/papers/driver-licence", "/me/shares", "/me/inbox", "/me/bills", "/me/history", "/me/locks", "/phone", "/help", "/"} {
		keep(an.get(path))
	}
	for _, name := range []string{"account-locked", "minor", "long-name"} {
		keep(browser(name).walk("/me"))
	}

	// A relying party, from the login to logout.
	party(t, seen, base, portal)
	if p := an.walk(portal.URL + "/login"); p.StatusCode != 200 {
		t.Fatalf("the login at the portal: status %d at %s\n%s", p.StatusCode, p.Request.URL.Path, p.body)
	}

	// Mistakes. The number stands where it does not belong.
	wrong := handle(t, "level1")
	wrong.Account.Password = "canary-wrong-password"
	guess := newWalker(t, base, wrong)
	guess.Transport = seen
	keep(guess.walk("/me"))
	number, person := wrong.Record.ID, url.Values{"name": {wrong.Record.Name}, "q": {"canary-query"}, "csrf": {"canary-csrf"}, "id_token_hint": {"canary-hint"}}
	for _, path := range []string{
		"/nowhere/" + number, "/me/papers/" + number, "/interaction/" + number, "/app/" + number, "/share/v1/grants/" + number, "/issuer/" + number + "/jwks.json",
		"/authorize", "/oauth2/authorize", "/auth", "/userinfo", "/qr/status/" + number, "/login", "/logout", "/counter/" + number, "/console/" + number, "/lab/" + number, "/rp/" + number,
	} {
		keep(an.get(path + "?" + person.Encode()))
		keep(an.post(path+"?"+person.Encode(), person))
	}
	for _, path := range []string{"/token", "/par", "/bc-authorize", "/revoke", "/introspect", "/qr/redeem", "/oauth2/token", "/services/v1/stays", "/share/v1/events"} {
		keep(an.post(path, url.Values{"grant_type": {"authorization_code"}, "client_id": {"portal"}, "client_secret": {"canary-secret"}, "code": {"canary-code"}, "token": {"canary-token"}, "login_hint": {number}}))
	}
	keep(an.post("/me/leave", person))
	keep(an.post("/phone", url.Values{"account": {number}, "prompt": {"canary-prompt"}}))
	raw(t, base, "GET /"+number+" HTTP/9.9\r\nHost: canary-host\r\n\r\n", "PUT /me HTTP/1.1\r\nHost: canary-host\r\nContent-Length: 3\r\n\r\nabc",
		"GET / HTTP/1.1\r\nHost: canary-host\r\nX-Canary: "+strings.Repeat("canary-header", 4000)+"\r\n\r\n", "\x16\x03\x01canary-tls")
	seen.add("a mistake", number, "canary")
	return errors
}

// party puts a relying party behind the portal's address.
func party(t *testing.T, seen *canaries, base string, portal *httptest.Server) {
	t.Helper()
	registered := web.Portal(portal.URL + "/callback")
	client, err := sso.New(sso.Config{
		Issuer: base, ClientID: registered.ID, ClientSecret: registered.Secret, RedirectURL: portal.URL + "/callback",
		Scopes: []string{"profile", "vneid:id"}, HTTP: &http.Client{Transport: seen},
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /login", client.Login(sso.Ask{}))
	mux.Handle("GET /callback", client.Callback(func(w http.ResponseWriter, r *http.Request, id *sso.Identity, _ string) {
		ctx := context.WithoutCancel(r.Context())
		calls, err := client.Access(id.Tokens(), func(context.Context, *sso.Tokens) error { return nil }, base)
		if err != nil {
			t.Error(err)
			return
		}
		if res, err := calls.Get(base + "/userinfo"); err != nil {
			t.Error(err)
		} else {
			res.Body.Close()
		}
		if err := client.Revoke(ctx, id.Tokens()); err != nil {
			t.Error(err)
		}
		io.WriteString(w, "logged in")
	}))
	portal.Config.Handler = mux
}

// raw says things that no browser says.
func raw(t *testing.T, base string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, text)
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		_, _ = io.Copy(io.Discard, c)
		c.Close()
	}
}
