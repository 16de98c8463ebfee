package platform

import (
	"net/http"
	"strings"
	"testing"
)

// wrongRedirects are other than the registered one, some by a hair (attack A6).
func wrongRedirects() []string {
	return []string{
		"https://rp.example/callback/", "https://rp.example/callback?", "https://rp.example/callback#", "https://rp.example/callback#x",
		"https://rp.example/callback?x=1", "https://rp.example/callback/../callback", "https://rp.example/./callback",
		"https://rp.example//callback", "https://rp.example/Callback", "https://rp.example/callback%2f", "https://rp.example/%63allback",
		"https://rp.example/callback%00", "https://rp.example/callback%0d%0a", "https://rp.example/callback ", " https://rp.example/callback",
		"https://rp.example/callback;x", "https://rp.example/callback\\", "https://rp.example/callback.evil", "https://rp.example/",
		"https://rp.example", "https://rp.example:443/callback", "https://rp.example:8443/callback", "https://RP.example/callback",
		"https://rp.example./callback", "https://www.rp.example/callback", "https://rp.example.evil.example/callback",
		"https://evil.example/callback", "https://evil.example/https://rp.example/callback", "https://rp.example@evil.example/callback",
		"https://evil.example#@rp.example/callback", "https://user@rp.example/callback", "https://user:pw@rp.example/callback",
		"http://rp.example/callback", "HTTPS://rp.example/callback", "https:rp.example/callback", "//rp.example/callback",
		"/callback", "javascript:alert(1)", "data:text/html,x", "https://rp.exаmple/callback", "https://xn--rp-example/callback",
		"https://[::1]/callback", "http://127.0.0.1/callback", "", "https://rp.example/bye",
	}
}

// A redirect URI is compared byte by byte: whatever else means the same, or
// nearly, is refused on a page of the platform, never by a redirect.
func TestOnlyTheRegisteredRedirectURIIsAnswered(t *testing.T) {
	w := newWorld(t)
	if got := w.browser("level2").authorize(request(nil)); got.Get("code") == "" {
		t.Fatalf("the twin does not pass: %v", got)
	}
	for _, uri := range wrongRedirects() {
		b := w.browser("level2")
		q := request(nil)
		q.Set("redirect_uri", uri)
		if got := b.authorize(q); got != nil || b.last().Step != StepError || b.last().Status != http.StatusBadRequest {
			t.Errorf("%q: answer %v, page %+v", uri, got, b.last())
		}
	}
}

func TestRequestsAreCheckedStrictly(t *testing.T) {
	w := newWorld(t)
	w.register(Client{ID: "plain", Secret: rpSecret, RedirectURIs: []string{rpBack}})
	long := strings.Repeat("x", maxParam+1)
	for _, c := range []struct {
		name string
		edit map[string]string
		want string // error at the relying party
	}{
		{"no state", map[string]string{"state": ""}, "invalid_request"},
		{"long state", map[string]string{"state": long}, "invalid_request"},
		{"state with a space", map[string]string{"state": "a b"}, "invalid_request"},
		{"no nonce", map[string]string{"nonce": ""}, "invalid_request"},
		{"long nonce", map[string]string{"nonce": long}, "invalid_request"},
		{"no challenge", map[string]string{"code_challenge": ""}, "invalid_request"},
		{"no challenge method, which means plain", map[string]string{"code_challenge_method": ""}, "invalid_request"},
		{"plain challenge", map[string]string{"code_challenge_method": "plain"}, "invalid_request"},
		{"lower-case method", map[string]string{"code_challenge_method": "s256"}, "invalid_request"},
		{"short challenge", map[string]string{"code_challenge": strings.Repeat("x", 42)}, "invalid_request"},
		{"padded challenge", map[string]string{"code_challenge": strings.Repeat("x", 43) + "="}, "invalid_request"},
		{"challenge of the standard alphabet", map[string]string{"code_challenge": strings.Repeat("+", 43)}, "invalid_request"},
		{"no response type", map[string]string{"response_type": ""}, "unsupported_response_type"},
		{"implicit flow", map[string]string{"response_type": "id_token"}, "unsupported_response_type"},
		{"hybrid flow", map[string]string{"response_type": "code id_token"}, "unsupported_response_type"},
		{"token", map[string]string{"response_type": "token"}, "unsupported_response_type"},
		{"fragment mode", map[string]string{"response_mode": "fragment"}, "invalid_request"},
		{"form_post mode", map[string]string{"response_mode": "form_post"}, "invalid_request"},
		{"no scope", map[string]string{"scope": ""}, "invalid_scope"},
		{"scope without openid", map[string]string{"scope": "profile"}, "invalid_scope"},
		{"unknown scope", map[string]string{"scope": "openid admin"}, "invalid_scope"},
		{"scope not registered", map[string]string{"client_id": "plain", "scope": "openid vneid:card"}, "invalid_scope"},
		{"unknown prompt", map[string]string{"prompt": "create"}, "invalid_request"},
		{"prompt none and login", map[string]string{"prompt": "none login"}, "invalid_request"},
		{"negative max_age", map[string]string{"max_age": "-1"}, "invalid_request"},
		{"max_age in words", map[string]string{"max_age": "one"}, "invalid_request"},
		{"huge max_age", map[string]string{"max_age": "99999999999"}, "invalid_request"},
		{"request object", map[string]string{"request": "e30."}, "request_not_supported"},
		{"request_uri", map[string]string{"request_uri": "https://evil.example/r"}, "request_uri_not_supported"},
		{"claims that are no JSON", map[string]string{"claims": "{"}, "invalid_request"},
		{"claims of another shape", map[string]string{"claims": `{"id_token":[]}`}, "invalid_request"},
		{"an acr of another shape", map[string]string{"claims": `{"id_token":{"acr":{"values":"x"}}}`}, "invalid_request"},
		{"long login_hint", map[string]string{"login_hint": strings.Repeat("x", 257)}, "invalid_request"},
		{"many acr values", map[string]string{"acr_values": strings.Repeat("urn:vneid:acr:l1:a1 ", 17)}, "invalid_request"},
	} {
		b := w.browser("level2")
		twin := map[string]string{"scope": "openid"}
		if id := c.edit["client_id"]; id != "" {
			twin["client_id"] = id
		}
		if got := w.browser("level2").authorize(request(twin)); got.Get("code") == "" {
			t.Fatalf("%s: the twin does not pass: %v", c.name, got)
		}
		got := b.authorize(request(c.edit))
		if got.Get("error") != c.want || got.Has("code") || got.Get("iss") != w.url || len(b.seen) != 0 {
			t.Errorf("%s: %v, %d pages", c.name, got, len(b.seen))
		}
	}
}

func TestOtherClaimsOfTheClaimsParameterChangeNothing(t *testing.T) {
	w := newWorld(t)
	for _, claims := range []string{
		`{}`, `{"userinfo":{"email":null}}`, `{"id_token":{"acr":null}}`, `{"id_token":{"auth_time":{"essential":true},"x":{"value":5}}}`,
		`{"id_token":{"acr":{"essential":true}}}`, `{"id_token":{"acr":{"value":"urn:vneid:acr:l2:a1","essential":true}}}`,
	} {
		if got := w.browser("level2").authorize(request(map[string]string{"claims": claims})); got.Get("code") == "" {
			t.Errorf("%s: %v", claims, got)
		}
	}
}

func TestRequestsThatCannotBeAnsweredEndOnAPage(t *testing.T) {
	w := newWorld(t)
	good := request(nil).Encode()
	for name, query := range map[string]string{
		"no client":              strings.Replace(good, "client_id=rp", "", 1),
		"unknown client":         strings.Replace(good, "client_id=rp", "client_id=other", 1),
		"state twice":            good + "&state=again",
		"redirect_uri twice":     good + "&redirect_uri=https%3A%2F%2Fevil.example%2F",
		"client twice":           good + "&client_id=rp",
		"broken escape":          good + "&x=%zz",
		"semicolon":              good + "&a=1;b=2",
		"a query beyond measure": good + "&x=" + strings.Repeat("x", maxQuery),
	} {
		b := w.browser("level2")
		got := b.walk(b.get("/authorize?" + query))
		if got != nil || b.last().Step != StepError {
			t.Errorf("%s: answer %v, page %+v", name, got, b.last())
		}
		if strings.Contains(b.last().Error, "evil") {
			t.Errorf("%s: the page repeats the request", name)
		}
	}
}

func TestAuthorizeTakesAFormToo(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	form := map[string]string{}
	for name, values := range request(nil) {
		form[name] = values[0]
	}
	if got := b.walk(b.post("/authorize", form)); got.Get("code") == "" {
		t.Errorf("answer %v", got)
	}
}

func TestPagesCarryTheHeadersThatProtectThem(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	resp := b.get("/authorize?" + request(nil).Encode())
	resp.Body.Close()
	h := resp.Header
	csp := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self' https://rp.example"} {
		if !strings.Contains(csp, want) {
			t.Errorf("the policy lacks %q: %s", want, csp)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Errorf("the policy allows inline code: %s", csp)
	}
	for name, want := range map[string]string{"X-Frame-Options": "DENY", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if h.Get(name) != want {
			t.Errorf("%s is %q", name, h.Get(name))
		}
	}
	if strings.Contains(resp.Request.URL.String(), "nonce") {
		t.Error("the login page's address carries the request on")
	}
}
