package oidcprovider

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// TestWhatIsChangedAfterTheLoginIsRefused: refreshes and introspections.
func TestWhatIsChangedAfterTheLoginIsRefused(t *testing.T) {
	s, p := tampered(t, level)
	client, err := sso.New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	where, session, err := client.Begin(t.Context(), sso.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	id, err := client.Finish(t.Context(), session, newBrowser(t, s, p.issuer).returns(where, s.cfg.RedirectURL))
	if err != nil {
		t.Fatal(err)
	}
	now := id.Tokens() // FAPI 2.0 does not rotate, so each refresh is by the same token
	refresh := func() error {
		fresh, err := client.Refresh(t.Context(), now, nowhere)
		if err == nil {
			now = fresh // what was refreshed once is answered from memory
		}
		return err
	}
	introspect := func() error {
		_, err := client.Introspect(t.Context(), accessOf(t, now))
		return err
	}
	evil := ecKey(t)
	const asked = "/token/introspection"
	for _, a := range []struct {
		attack
		call func() error
	}{
		{attack{"a bearer token", put(token, "token_type", "Bearer"), vneid.ErrUntrusted}, refresh},
		{attack{"no access token", cut(token, "access_token"), vneid.ErrMalformed}, refresh},
		{attack{"an ID token about somebody else", inside(token, "id_token", says(1, "sub", "lan")), vneid.ErrSignature}, refresh},
		{attack{"an ID token with another signature", inside(token, "id_token", part(2, flip)), vneid.ErrSignature}, refresh},
		{attack{"an ID token by the attacker's key", inside(token, "id_token", again(evil)), vneid.ErrSignature}, refresh},
		{attack{"an ID token of another issuer", inside(token, "id_token", says(1, "iss", "https://evil.example")), vneid.ErrUntrusted}, refresh},
		{attack{"a refresh that is no more", answers(token, 400, "X", "x", `{"error":"invalid_grant"}`), vneid.ErrExpired}, refresh},
		{attack{"active as text", put(asked, "active", "true"), vneid.ErrMalformed}, introspect},
		{attack{"no active", cut(asked, "active"), vneid.ErrMalformed}, introspect},
		{attack{"not active", put(asked, "active", false), vneid.ErrRevoked}, introspect},
		{attack{"active, but over", put(asked, "exp", 1), vneid.ErrExpired}, introspect},
		{attack{"of another issuer", put(asked, "iss", "https://evil.example"), vneid.ErrUntrusted}, introspect},
	} {
		t.Run(a.name, func(t *testing.T) {
			if err := a.call(); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			n := 0
			p.change(func(res *http.Response) error {
				if a.alter(res) {
					n++
				}
				return nil
			})
			defer p.change(nil)
			if err := a.call(); !errors.Is(err, a.want) || n == 0 {
				t.Errorf("%v, want %v; %d changes", err, a.want, n)
			}
		})
	}
}

// TestLogoutTokensThatAreChanged: the provider's own call is held back at the site's
// door, and what it brought is delivered with one change; then as it was, and once more.
func TestLogoutTokensThatAreChanged(t *testing.T) {
	s := newParty(t)
	p := start(t, s.srv, s.strict(t, "portal", ecKey(t)))
	s.open(t, p.issuer)
	var brought string
	door := s.srv.Config.Handler
	s.srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/backchannel" {
			text, _ := io.ReadAll(r.Body)
			form, _ := url.ParseQuery(string(text))
			brought = form.Get("logout_token")
			return
		}
		door.ServeHTTP(w, r)
	})
	deliver := func(logout string) int {
		r := httptest.NewRequest(http.MethodPost, "/backchannel", strings.NewReader(url.Values{"logout_token": {logout}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		if w.Code == http.StatusOK && w.Body.Len() > 0 || w.Code != http.StatusOK && !bytes.Contains(w.Body.Bytes(), []byte(`"error"`)) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		return w.Code
	}
	b := newBrowser(t, s, p.issuer)
	if _, page := b.get(s.srv.URL + "/home"); page != "home of Lê Văn Dũng" {
		t.Fatal(page, s.refusal())
	}
	// The logout begins at the provider, so the site learns of it by the call alone.
	if status, _ := b.get(p.issuer + "/session/end"); status != http.StatusOK || brought == "" {
		t.Fatalf("%d, %q", status, brought)
	}
	in := func() bool {
		b.stops()
		status, _ := b.get(s.srv.URL + "/home")
		return status == http.StatusOK
	}
	evil := ecKey(t)
	n := 0
	for name, change := range map[string]func(string) string{
		"another signature":           part(2, flip),
		"about somebody else":         says(1, "sub", "lan"),
		"of another session":          says(1, "sid", "x"),
		"of another issuer":           says(1, "iss", "https://evil.example"),
		"for another party":           says(1, "aud", "another"),
		"without the event":           says(1, "events", object{}),
		"with a nonce":                says(1, "nonce", "n"),
		"by nobody":                   unsigned,
		"by the attacker's key":       again(evil),
		"of another type":             says(0, "typ", "JWT"),
		"cut short":                   func(s string) string { return s[:len(s)-1] },
		"in the place of nothing":     func(string) string { return "" },
		"with data after it":          func(s string) string { return s + ".e30" },
		"under a MAC":                 says(0, "alg", "HS256"),
		"with the key that proves it": says(0, "jwk", public(t, "ec", "sig", evil.Public())),
	} {
		if status := deliver(change(brought)); status != http.StatusBadRequest || !in() {
			t.Errorf("a logout token %s: %d, still in: %v", name, status, in())
		}
		n++
	}
	if status := deliver(brought); status != http.StatusOK || in() {
		t.Errorf("as it was: %d, still in: %v", status, in())
	}
	if status := deliver(brought); status != http.StatusBadRequest {
		t.Errorf("once more: %d", status)
	}
	t.Logf("%d attacks refused", n+1)
}
