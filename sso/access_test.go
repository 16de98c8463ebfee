package sso

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func (s *api) client(t testing.TB, c *Client, tokens *Tokens, save func(context.Context, *Tokens) error) *http.Client {
	t.Helper()
	h, err := c.Access(tokens, save, s.srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func fetch(t testing.TB, h *http.Client, method, url, body string) (int, string, error) {
	t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r, err := http.NewRequest(method, url, in)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Basic of-the-caller")
	res, err := h.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if r.Header.Get("Authorization") != "Basic of-the-caller" || r.Header.Get("DPoP") != "" {
		t.Error("the caller's request was changed")
	}
	return res.StatusCode, string(b), nil
}

// A RoundTripper may be called without http.Client, and then without a header.
func TestARequestWithoutAHeaderIsSent(t *testing.T) {
	c, a, first := grantedTo(t)
	api := newAPI(t, a)
	to, err := url.Parse(api.srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	res, err := api.client(t, c, first, nowhere).Transport.RoundTrip(&http.Request{Method: "GET", URL: to})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestTheAccessTokenIsSentAndRefreshedInTime(t *testing.T) {
	c, a, first := grantedTo(t)
	api := newAPI(t, a)
	var s shelf
	h := api.client(t, c, first, s.save)
	for _, body := range []string{"", "hello"} {
		if status, text, err := fetch(t, h, "POST", api.srv.URL+"/x", body); status != 200 || text != "POST "+body {
			t.Fatalf("%d %s %v", status, text, err)
		}
	}
	a.o.clock.advance(4*time.Minute - 30*time.Second - time.Second) // the token lives five, one is over
	if fetch(t, h, "GET", api.srv.URL, ""); a.asked != 0 {
		t.Error("refreshed too early")
	}
	a.o.clock.advance(time.Second)
	if status, _, err := fetch(t, h, "GET", api.srv.URL, ""); status != 200 || a.asked != 1 || len(s.kept) != 1 {
		t.Errorf("%d %v, %d refreshes", status, err, a.asked)
	}
	if status, _, _ := fetch(t, h, "GET", api.srv.URL, ""); status != 200 || a.asked != 1 {
		t.Errorf("%d, %d refreshes", status, a.asked)
	}
}

func TestATokenThatLivesShortlyIsUsedForHalfItsLife(t *testing.T) {
	c, a, first := grantedTo(t)
	g := *first.get()
	g.Got, g.Expires = a.o.clock.now(), a.o.clock.now().Add(20*time.Second)
	api := newAPI(t, a)
	h := api.client(t, c, newTokens(&g), nowhere)
	a.o.clock.advance(9 * time.Second)
	if fetch(t, h, "GET", api.srv.URL, ""); a.asked != 0 {
		t.Error("refreshed too early")
	}
	a.o.clock.advance(time.Second)
	if fetch(t, h, "GET", api.srv.URL, ""); a.asked != 1 {
		t.Error("not refreshed")
	}
}

func TestATokenThatWasTakenBackIsReplacedOnce(t *testing.T) {
	c, a, first := grantedTo(t)
	api := newAPI(t, a)
	h := api.client(t, c, first, nowhere)
	a.mu.Lock()
	a.access = "taken back"
	a.mu.Unlock()
	if status, body, err := fetch(t, h, "PUT", api.srv.URL, "the body"); status != 200 || body != "PUT the body" || a.asked != 1 || api.hits != 2 {
		t.Errorf("%d %s %v: %d refreshes, %d requests", status, body, err, a.asked, api.hits)
	}
	// One that refuses everything does not spend refresh tokens.
	api.auth = `Bearer error="invalid_token"`
	for range 3 {
		if status, _, _ := fetch(t, h, "GET", api.srv.URL, ""); status != 401 {
			t.Errorf("%d", status)
		}
	}
	if a.asked != 1 || api.hits != 5 {
		t.Errorf("%d refreshes, %d requests", a.asked, api.hits)
	}
	a.o.clock.advance(refreshPause)
	if status, _, _ := fetch(t, h, "GET", api.srv.URL, ""); status != 401 || a.asked != 2 || api.hits != 7 {
		t.Errorf("%d: %d refreshes, %d requests", status, a.asked, api.hits)
	}
}

func TestABodyThatCannotBeReadAgainIsSentOnce(t *testing.T) {
	c, a, first := grantedTo(t)
	api := newAPI(t, a)
	h := api.client(t, c, first, nowhere)
	a.mu.Lock()
	a.access = "taken back"
	a.mu.Unlock()
	r, err := http.NewRequest("POST", api.srv.URL, io.MultiReader(strings.NewReader("stream")))
	if err != nil {
		t.Fatal(err)
	}
	res, err := h.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 401 || api.hits != 1 {
		t.Errorf("%d after %d requests", res.StatusCode, api.hits)
	}
}

// The token goes to its servers only. The trap is shown to be reachable.
func TestTheTokenGoesNowhereElse(t *testing.T) {
	c, a, first := grantedTo(t)
	api, trap := newAPI(t, a), newAPI(t, a)
	h := api.client(t, c, first, nowhere)
	if status, _, err := fetch(t, trap.client(t, c, first, nowhere), "GET", trap.srv.URL, ""); status != 200 || trap.hits != 1 {
		t.Fatalf("the trap cannot be reached: %v", err)
	}
	host := strings.TrimPrefix(trap.srv.URL, "http://")
	for _, to := range []string{
		trap.srv.URL, trap.srv.URL + "/x", "http://user@" + host, "https://" + host,
		strings.Replace(trap.srv.URL, "127.0.0.1", "localhost", 1), strings.Replace(api.srv.URL, "127.0.0.1", "localhost", 1),
		strings.Replace(api.srv.URL, "http://", "http://user:pass@", 1), strings.Replace(api.srv.URL, "http://", "https://", 1),
	} {
		_, _, err := fetch(t, h, "POST", to, "x")
		if err == nil || strings.Contains(err.Error(), "at-canary") || errors.As(err, new(vneid.Kind)) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if status, _, err := fetch(t, h, "GET", api.srv.URL+"/elsewhere", ""); status != http.StatusTemporaryRedirect || err != nil {
		t.Errorf("a redirect is followed: %d %v", status, err)
	}
	if trap.hits != 1 {
		t.Errorf("the trap was called %d times", trap.hits-1)
	}
	for _, v := range []any{h, *h} {
		if text := fmt.Sprintf("%v %+v %#v %x", v, v, v, v); strings.Contains(text, "canary") || strings.Contains(text, fmt.Sprintf("%x", "canary")) {
			t.Error("the client shows its token")
		}
	}
}

func TestAccessIsConfiguredOrRefused(t *testing.T) {
	c, _, first := grantedTo(t)
	for _, servers := range [][]string{
		nil, {""}, {"api.example"}, {"http://api.example"}, {"https://api.example/path"}, {"https://api.example?x"},
		{"https://u@api.example"}, {"https://api.example#x"}, {"ftp://api.example"}, {"https://"},
	} {
		if _, err := c.Access(first, nowhere, servers...); err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "Access") {
			t.Errorf("%v: %v", servers, err)
		}
	}
	if _, err := c.Access(first, nil, "https://api.example"); err == nil || errors.As(err, new(vneid.Kind)) {
		t.Errorf("without a save: %v", err)
	}
	if _, err := c.Access(first, nowhere, "https://api.example", "https://b.example:8443/"); err != nil {
		t.Error(err)
	}
	if _, err := c.Access(nil, nowhere, "https://api.example"); err == nil {
		t.Error("without tokens")
	} else {
		refusedAs(t, err, vneid.ErrMismatch)
	}
	g := *first.get()
	g.Refresh = ""
	if _, err := c.Access(newTokens(&g), nil, "https://api.example"); err != nil {
		t.Errorf("nothing to save: %v", err)
	}
}

func TestTheOriginOfAServerIsWhole(t *testing.T) {
	c, _, first := grantedTo(t)
	h, err := c.Access(first, nowhere, "https://API.example")
	if err != nil {
		t.Fatal(err)
	}
	a := h.Transport.(*access)
	for to, want := range map[string]bool{
		"https://api.example/x": true, "https://api.example:443/": true, "https://Api.Example": true,
		"https://api.example:8443": false, "https://api.example.evil.example": false, "https://evil.example": false,
		"http://api.example": false, "https://api.example.": false,
	} {
		r, err := http.NewRequest("GET", to, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.to[origin(r.URL)] != nil; got != want {
			t.Errorf("%s: %v", to, got)
		}
	}
}

func TestAProviderThatIsDownLeavesWhatIsStillGood(t *testing.T) {
	c, a, first := grantedTo(t)
	api := newAPI(t, a)
	h := api.client(t, c, first, nowhere)
	a.answer["/token"] = says(503, "text/plain", "")
	a.o.clock.advance(4*time.Minute - 10*time.Second)
	if status, _, err := fetch(t, h, "GET", api.srv.URL, ""); status != 200 {
		t.Errorf("%d %v", status, err)
	}
	a.o.clock.advance(10 * time.Second)
	_, _, err := fetch(t, h, "GET", api.srv.URL, "")
	if !errors.Is(err, vneid.ErrUnavailable) || api.hits != 1 {
		t.Errorf("%v", err)
	}
}

func TestATokenThatIsBoundGoesWithAProof(t *testing.T) {
	o, c := newFAPI(t)
	a := withAfterlife(o)
	id := mustLogin(t, c, o, Ask{})
	tokens := id.Tokens()
	if !tokens.Bound() {
		t.Fatal("not bound")
	}
	api := newAPI(t, a)
	api.nonce = "nonce-of-the-api"
	a.rotates = false // FAPI 2.0 §5.3.2.1
	h := api.client(t, c, tokens, nowhere)
	if status, body, err := fetch(t, h, "POST", api.srv.URL+"/a?b=c", "x"); status != 200 || body != "POST x" || api.hits != 2 {
		t.Fatalf("%d %s %v after %d requests", status, body, err, api.hits)
	}
	if status, _, _ := fetch(t, h, "GET", api.srv.URL, ""); status != 200 || api.hits != 3 {
		t.Errorf("%d after %d requests: the nonce was not remembered", status, api.hits)
	}
	api.nonce = "another" // it rotates
	if status, _, _ := fetch(t, h, "GET", api.srv.URL, ""); status != 200 || api.hits != 5 {
		t.Errorf("%d after %d requests", status, api.hits)
	}
	o.clock.advance(5 * time.Minute)
	if status, _, err := fetch(t, h, "GET", api.srv.URL, ""); status != 200 || a.asked != 1 {
		t.Errorf("%d %v after %d refreshes", status, err, a.asked)
	}
	// Another process with another key cannot use them, and says so.
	_, stranger := newFAPI(t, func(cfg *Config) { cfg.Issuer = o.srv.URL })
	_, err := stranger.Refresh(t.Context(), tokens, nowhere)
	refusedAs(t, err, vneid.ErrMismatch)
	// A provider that answers with a bearer token is not believed.
	fresh, err := c.Refresh(t.Context(), tokens, nowhere)
	if err != nil {
		t.Fatal(err)
	}
	a.refreshed = func(m object) { m["token_type"] = "Bearer" }
	o.clock.advance(time.Minute)
	_, err = c.Refresh(t.Context(), fresh, nowhere)
	refusedAs(t, err, vneid.ErrUntrusted)
	c.off = "bound"
	if _, err = c.Refresh(t.Context(), fresh, nowhere); err != nil {
		t.Errorf("the attack does not succeed without the check: %v", err)
	}
}

func TestConnectionsToServersAreKept(t *testing.T) {
	c, a, first := grantedTo(t)
	api := newAPI(t, a)
	for range 5 {
		if status, _, err := fetch(t, api.client(t, c, first, nowhere), "GET", api.srv.URL, ""); status != 200 {
			t.Fatal(status, err)
		}
	}
	if n := len(api.peers); n != 1 {
		t.Errorf("%d connections for five requests in turn", n)
	}
	for i := range maxServers + 10 {
		if _, err := c.Access(first, nowhere, fmt.Sprintf("https://h%d.example", i)); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.servers.of) > maxServers {
		t.Errorf("%d transports", len(c.servers.of))
	}
}
