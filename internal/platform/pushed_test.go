package platform

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAPushedRequestIsGoodOnceForItsClient(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	other := w.fapi(func(c *Client) { c.ID = "other" })
	a := f.send("/par", f.ask(nil), nil)
	uri := a.text("request_uri")
	if life, _ := a.body["expires_in"].(float64); a.status != 201 || !strings.HasPrefix(uri, "urn:ietf:params:oauth:request_uri:") || life < 5 || life > 90 {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	if got := w.browser("level2").authorize(other.refer(uri)); got != nil {
		t.Errorf("another client's browser got in: %v", got)
	}
	got := w.browser("level2").authorize(f.refer(uri))
	if got.Get("code") == "" || got.Get("iss") != w.url || got.Get("state") != request(nil).Get("state") {
		t.Fatalf("the owner's does not pass: %v", got)
	}
	b := w.browser("level2")
	if got := b.authorize(f.refer(uri)); got != nil || b.last().Error != "invalid_request_uri" {
		t.Errorf("a second use: %v %+v", got, b.last())
	}
	late := f.push(nil)
	w.clock.advance(pushedLife)
	if got := w.browser("level2").authorize(f.refer(late)); got != nil {
		t.Errorf("a minute later: %v", got)
	}
}

func TestOneOfManyBrowsersGetsAPushedRequest(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	uri := f.push(nil)
	var in atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		b := w.browser("level2")
		wg.Go(func() {
			if v := b.start(f.refer(uri)); v.Step == StepLogin {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("%d browsers got in", in.Load())
	}
}

// What stands in the URL beside the reference was not sent by the client.
func TestBesideAReferenceNothingIsTaken(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	uri := f.push(nil)
	for name, value := range map[string]string{
		"redirect_uri": rpBack, "state": "evil", "scope": "openid profile vneid:id", "nonce": "evil", "prompt": "none", "login_hint": "999090000001",
		"response_mode": "query", "dpop_jkt": newDevice(t).thumbprint(), "acr_values": "urn:vneid:acr:l1:a1", "request": "x", "unknown": "1",
	} {
		b, q := w.browser("level2"), f.refer(uri)
		q.Set(name, value)
		if got := b.authorize(q); got != nil || b.last().Error != "invalid_request" {
			t.Errorf("%s: %v %+v", name, got, b.last())
		}
	}
	if got := w.browser("level2").authorize(f.refer(uri)); got.Get("code") == "" {
		t.Errorf("the refused ones spent it: %v", got)
	}
}

// A reference from elsewhere would make the platform fetch for a stranger.
func TestNoReferenceIsEverFetched(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	var hits atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer trap.Close()
	if resp, err := http.Get(trap.URL); err != nil || hits.Swap(0) != 1 { // the trap can be reached
		t.Fatal(err)
	} else {
		resp.Body.Close()
	}
	for _, uri := range []string{
		trap.URL, trap.URL + "/request.jwt", strings.ToUpper(trap.URL), "//" + strings.TrimPrefix(trap.URL, "http://"), "file:///etc/passwd",
		"urn:ietf:params:oauth:request_uri:" + trap.URL, "urn:ietf:params:oauth:request_uri:", "URN:ietf:params:oauth:request_uri:x", "urn:example:x", "x",
	} {
		b := w.browser("level2")
		if got := b.authorize(f.refer(uri)); got != nil {
			t.Errorf("FAPI2, %q: %v", uri, got)
		}
		q := request(nil)
		q.Set("request_uri", uri)
		if got := w.browser("level2").authorize(q); got.Get("code") != "" {
			t.Errorf("Standard, %q: %v", uri, got)
		}
		form := f.ask(nil)
		form.Set("request_uri", uri)
		if a := f.send("/par", form, nil); a.status != 400 {
			t.Errorf("pushed, %q: %d", uri, a.status)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("the trap was called %d times", hits.Load())
	}
}

func TestOnlyPushedRequestsOfAFAPI2ClientAreHeard(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	par := w.fapi(func(c *Client) { c.ID, c.Profile, c.PAR = "par", Standard, true })
	std := w.fapi(func(c *Client) { c.ID, c.Profile = "std", Standard })
	for _, c := range []struct {
		who  *fapi
		want bool
	}{{f, false}, {par, false}, {std, true}} {
		b, q := w.browser("level2"), request(nil)
		q.Set("client_id", c.who.id)
		got := b.authorize(q)
		if (got.Get("code") != "") != c.want {
			t.Errorf("%s unpushed: %v", c.who.id, got)
		}
		// A page, not a redirect: nothing in the URL is believed, its error neither.
		if !c.want && (got != nil || b.last().Step != StepError) {
			t.Errorf("%s: %v %+v", c.who.id, got, b.last())
		}
		if got := w.browser("level2").authorize(c.who.refer(c.who.push(nil))); got.Get("code") == "" {
			t.Errorf("%s pushed: %v", c.who.id, got)
		}
	}
}

func TestWhatTheAuthorizationEndpointRefusesIsNotPushed(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	for _, c := range []struct {
		name, field, value string
		want               string
	}{
		{"a request object", "request", "e30.e30.x", "request_not_supported"},
		{"another client", "client_id", "rp", "invalid_client"},
		{"an unregistered redirect", "redirect_uri", "https://evil.example/", "invalid_request"},
		{"no redirect", "redirect_uri", "", "invalid_request"},
		{"no state", "state", "", "invalid_request"},
		{"no nonce", "nonce", "", "invalid_request"},
		{"plain PKCE", "code_challenge_method", "plain", "invalid_request"},
		{"no challenge", "code_challenge", "", "invalid_request"},
		{"implicit", "response_type", "token", "unsupported_response_type"},
		{"hybrid", "response_type", "code id_token", "unsupported_response_type"},
		{"a form post", "response_mode", "form_post", "invalid_request"},
		{"a fragment", "response_mode", "fragment.jwt", "invalid_request"},
		{"a scope that is not registered", "scope", "openid vneid:card", "invalid_scope"},
		{"a resource that is not registered", "resource", "https://api.example", "invalid_target"},
		{"half a thumbprint", "dpop_jkt", strings.Repeat("x", 42), "invalid_request"},
		{"an unknown prompt", "prompt", "often", "invalid_request"},
	} {
		if f.push(nil) == "" {
			t.Fatal("the twin does not pass")
		}
		form := f.ask(nil)
		form.Set(c.field, c.value)
		if c.value == "" {
			form.Del(c.field)
		}
		if a := f.send("/par", form, nil); a.text("error") != c.want || a.body["request_uri"] != nil {
			t.Errorf("%s: %d %s", c.name, a.status, a.raw)
		}
	}
	for _, uri := range wrongRedirects() {
		form := f.ask(nil)
		form.Set("redirect_uri", uri)
		if a := f.send("/par", form, nil); a.status != 400 {
			t.Errorf("redirect %q: %d", uri, a.status)
		}
	}
	form := f.ask(nil)
	form["state"] = []string{"a", "b"}
	if a := f.send("/par", form, nil); a.text("error") != "invalid_request" {
		t.Errorf("two states: %s", a.raw)
	}
	if a := f.postForm("/par", f.ask(map[string]string{"client_id": fapiID}), nil); a.text("error") != "invalid_client" {
		t.Errorf("nobody: %s", a.raw)
	}
	if a := f.send("/par?x=1", f.ask(nil), nil); a.status != 400 {
		t.Errorf("a query: %d", a.status)
	}
}

func TestASignedAnswerSaysAllAPlainOneSays(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(func(c *Client) { c.JARM = true })
	for _, mode := range []string{"jwt", "query.jwt"} {
		got := w.browser("level2").authorize(f.refer(f.push(map[string]string{"response_mode": mode})))
		if len(got) != 1 {
			t.Fatalf("%s: beside the response there is %v", mode, got)
		}
		claims := w.verified(got.Get("response"))
		life := time.Unix(int64(claims["exp"].(float64)), 0).Sub(w.clock.Now())
		if claims["iss"] != w.url || claims["aud"] != f.id || claims["state"] != request(nil).Get("state") || life <= 0 || life > 10*time.Minute {
			t.Errorf("%s: %v", mode, claims)
		}
		if a := f.send("/token", codeForm(claims["code"].(string)), &f.bound); a.status != 200 {
			t.Errorf("%s: %s", mode, a.raw)
		}
	}
	b := w.browser("level2")
	b.forms[StepConsent] = map[string]string{FieldDecision: Deny}
	got := b.authorize(f.refer(f.push(map[string]string{"response_mode": "jwt", "prompt": "consent"})))
	if claims := w.verified(got.Get("response")); claims["error"] != "access_denied" || claims["code"] != nil || len(got) != 1 {
		t.Errorf("an error: %v", claims)
	}
	for _, mode := range []string{"", "query"} {
		if a := f.send("/par", f.ask(map[string]string{"response_mode": mode}), nil); a.text("error") != "invalid_request" {
			t.Errorf("mode %q of a client that must have signed ones: %s", mode, a.raw)
		}
	}
	// A client that need not may, also without pushing; its errors are signed too.
	q := request(map[string]string{"response_mode": "jwt", "scope": "openid biometrics"})
	got = w.browser("level2").authorize(q)
	if claims := w.verified(got.Get("response")); claims["error"] != "invalid_scope" || claims["aud"] != "rp" {
		t.Errorf("Standard: %v", got)
	}
}

// verified checks a token by the published keys, and returns its claims.
func (w *world) verified(token string) map[string]any {
	w.t.Helper()
	head := headerOf(w.t, token)
	for _, key := range w.LoginKeys().all() {
		if key.kid == head["kid"] && key.alg == head["alg"] && checkSignature(w.t, key, token) {
			return claimsOf(w.t, token)
		}
	}
	w.t.Fatalf("no published key signed %v", head)
	return nil
}

func TestTheMetadataNameWhatThereIs(t *testing.T) {
	w := newWorld(t)
	a := w.get("/.well-known/openid-configuration")
	var patterns []string
	for _, r := range w.routes() {
		patterns = append(patterns, r.pattern[strings.IndexByte(r.pattern, ' ')+1:])
	}
	for name, want := range map[string]string{
		"pushed_authorization_request_endpoint": "/par", "introspection_endpoint": "/introspect", "revocation_endpoint": "/revoke",
		"end_session_endpoint": "/logout", "userinfo_endpoint": "/userinfo", "token_endpoint": "/token", "authorization_endpoint": "/authorize", "jwks_uri": "/jwks.json",
	} {
		u, err := url.Parse(a.text(name))
		if err != nil || a.text(name) != w.url+want || !slices.Contains(patterns, u.Path) {
			t.Errorf("%s is %q", name, a.text(name))
		}
	}
	for name, want := range map[string]string{
		"token_endpoint_auth_methods_supported":            `["client_secret_basic","client_secret_post","private_key_jwt","none"]`,
		"token_endpoint_auth_signing_alg_values_supported": `["PS256","ES256","EdDSA"]`,
		"dpop_signing_alg_values_supported":                `["PS256","ES256","EdDSA"]`,
		"authorization_signing_alg_values_supported":       `["ES256","EdDSA","RS256","PS256"]`,
		"response_modes_supported":                         `["query","query.jwt","jwt"]`,
		"grant_types_supported":                            `["authorization_code","refresh_token","urn:openid:params:grant-type:ciba"]`,
		"id_token_encryption_enc_values_supported":         `["A256GCM"]`,
		"require_pushed_authorization_requests":            `false`,
		"request_uri_parameter_supported":                  `false`,
		"authorization_response_iss_parameter_supported":   `true`,
	} {
		if got, _ := json.Marshal(a.body[name]); string(got) != want {
			t.Errorf("%s is %s", name, got)
		}
	}
}
