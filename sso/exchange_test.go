package sso

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// says answers every request with one status, type and body.
func says(status int, contentType, body string, more ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i+1 < len(more); i += 2 {
			w.Header().Set(more[i], more[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

const asJSON = "application/json"

// answers are faults of the back channel, each next to a login that passed.
var answers = []struct {
	name string
	kind vneid.Kind
	edit func(*op)
}{
	// token endpoint
	{"token: code refused", vneid.ErrExpired, at("/token", says(400, asJSON, `{"error":"invalid_grant"}`))},
	{"token: proof refused", vneid.ErrUntrusted, at("/token", says(400, asJSON, `{"error":"invalid_dpop_proof"}`))},
	{"token: client refused", vneid.ErrUntrusted, at("/token", says(401, asJSON, `{"error":"invalid_client"}`))},
	{"token: 401 without a word (address not on the allow-list)", vneid.ErrUntrusted, at("/token", says(401, "text/html", "canary"))},
	{"token: 403", vneid.ErrUntrusted, at("/token", says(403, "text/html", "canary"))},
	{"token: 415", vneid.ErrUnavailable, at("/token", says(415, "text/plain", "canary"))},
	{"token: 400 without a code", vneid.ErrUnavailable, at("/token", says(400, asJSON, `{"canary":1}`))},
	{"token: 400 with an unknown code", vneid.ErrUnavailable, at("/token", says(400, asJSON, `{"error":"canary"}`))},
	{"token: 400 access_denied", vneid.ErrDenied, at("/token", says(400, asJSON, `{"error":"access_denied"}`))},
	{"token: error a number", vneid.ErrUnavailable, at("/token", says(400, asJSON, `{"error":7}`))},
	{"token: 500", vneid.ErrUnavailable, at("/token", says(500, asJSON, `{}`))},
	{"token: 503 with a time", vneid.ErrUnavailable, at("/token", says(503, asJSON, `{}`, "Retry-After", "7"))},
	{"token: 302", vneid.ErrUnavailable, at("/token", says(302, "text/html", "", "Location", "/token2"))},
	{"token: 307", vneid.ErrUnavailable, at("/token", says(307, "text/html", "", "Location", "/token2"))},
	{"token: HTML", vneid.ErrMalformed, at("/token", says(200, "text/html", "<html>canary"))},
	{"token: JSON by another type", vneid.ErrMalformed, at("/token", says(200, "text/plain", "{}"))},
	{"token: truncated", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"access_token":"canary`))},
	{"token: an array", vneid.ErrMalformed, at("/token", says(200, asJSON, `[]`))},
	{"token: over 1 MiB", vneid.ErrUnavailable, at("/token", says(200, asJSON, `{"x":"`+strings.Repeat("x", 1<<20)+`"}`))},
	{"token: no id_token", vneid.ErrMalformed, lacks("id_token")},
	{"token: no access_token", vneid.ErrMalformed, lacks("access_token")},
	{"token: no token_type", vneid.ErrMalformed, lacks("token_type")},
	{"token: type DPoP", vneid.ErrMalformed, gives("token_type", "DPoP")},
	{"token: access_token with a line break", vneid.ErrMalformed, gives("access_token", "a\r\nX-Evil: 1")},
	{"token: access_token a number", vneid.ErrMalformed, gives("access_token", 1)},
	{"token: scope a list", vneid.ErrMalformed, gives("scope", []string{"openid"})},
	{"token: access token swapped (at_hash)", vneid.ErrSignature, gives("access_token", "another")},
	{"token: connection closed", vneid.ErrUnavailable, at("/token", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })},
	// userinfo
	{"userinfo: another sub", vneid.ErrMismatch, tells("sub", "pairwise-2")},
	{"userinfo: no sub", vneid.ErrMismatch, tells("sub", nil)},
	{"userinfo: sub a number", vneid.ErrMismatch, tells("sub", 1)},
	{"userinfo: sub in another case", vneid.ErrMismatch, tells("sub", "PAIRWISE-1")},
	{"userinfo: 401", vneid.ErrRevoked, at("/userinfo", says(401, "text/plain", "canary"))},
	{"userinfo: 403", vneid.ErrDenied, at("/userinfo", says(403, "text/plain", "canary"))},
	{"userinfo: 500", vneid.ErrUnavailable, at("/userinfo", says(500, "text/plain", "canary"))},
	{"userinfo: 302 to another host", vneid.ErrUnavailable, at("/userinfo", says(302, "text/plain", "", "Location", "https://evil.example/"))},
	{"userinfo: a signed answer (not spoken here)", vneid.ErrMalformed, at("/userinfo", says(200, "application/jwt", "a.b.c"))},
	{"userinfo: HTML", vneid.ErrMalformed, at("/userinfo", says(200, "text/html", "canary"))},
	{"userinfo: sub twice", vneid.ErrMalformed, at("/userinfo", says(200, asJSON, `{"sub":"pairwise-1","sub":"pairwise-1"}`))},
	{"userinfo: not UTF-8", vneid.ErrMalformed, at("/userinfo", says(200, asJSON, "{\"sub\":\"pairwise-1\",\"name\":\"\xff\"}"))},
	{"userinfo: over 1 MiB", vneid.ErrUnavailable, at("/userinfo", says(200, asJSON, `{"sub":"`+strings.Repeat("x", 1<<20)+`"}`))},
	{"userinfo: account locked meanwhile", vneid.ErrLocked, tells("account_status", "locked")},
	{"userinfo: sid differs", vneid.ErrMismatch, tells("sid", "op-session-2")},
	// keys
	{"keys: none", vneid.ErrUnavailable, func(o *op) { o.jwks = func(k object) { k["keys"] = []object{} } }},
	{"keys: another one under the same kid", vneid.ErrSignature, otherKey("k1", "")},
	{"keys: another one under another kid", vneid.ErrUntrusted, otherKey("k2", "")},
	{"keys: for encryption", vneid.ErrUnavailable, otherKey("k1", "enc")},
	{"keys: down", vneid.ErrUnavailable, at("/jwks", says(500, "text/plain", ""))},
}

func at(path string, h http.HandlerFunc) func(*op) {
	return func(o *op) { o.override[path] = h }
}

func lacks(name string) func(*op) {
	return func(o *op) { o.tokens = func(v object) { delete(v, name) } }
}

func gives(name string, value any) func(*op) {
	return func(o *op) { o.tokens = func(v object) { v[name] = value } }
}

func tells(name string, value any) func(*op) {
	return func(o *op) { o.userinfo = func(v object) { v[name] = value } }
}

func otherKey(kid, use string) func(*op) {
	return func(o *op) {
		other := newOP(o.t)
		o.jwks = func(k object) {
			j := jwkOf(&other.key.PublicKey, kid)
			if use != "" {
				j = jwkOf(&o.key.PublicKey, kid)
				j["use"] = use
			}
			k["keys"] = []object{j}
		}
	}
}

func TestFaultsOfTheBackChannelAreRefused(t *testing.T) {
	for _, test := range answers {
		t.Run(test.name, func(t *testing.T) {
			o := newOP(t)
			mustLogin(t, newClient(t, o), o, Ask{}) // the twin
			test.edit(o)
			before := o.count("/token")
			id, err := logIn(newClient(t, o), o, Ask{})
			refusedAs(t, err, test.kind)
			if id != nil {
				t.Error("an Identity next to an error")
			}
			if n := o.count("/token") - before; n != 1 {
				t.Errorf("%d token requests, the code goes out once", n)
			}
			if o.count("/token2") != 0 {
				t.Error("a redirect was followed")
			}
		})
	}
}

func TestRetryAfterReachesTheCaller(t *testing.T) {
	o := newOP(t)
	o.override["/token"] = says(503, asJSON, `{}`, "Retry-After", "7")
	_, err := logIn(newClient(t, o), o, Ask{})
	var api *vneid.APIError
	if !errors.As(err, &api) || api.Status != 503 || api.RetryAfter != 7*time.Second {
		t.Errorf("%v", err)
	}
}

func TestAnOperatorCanTellWhatWentWrong(t *testing.T) {
	for name, test := range map[string]struct {
		edit   func(*op)
		status int
		code   string
	}{
		"token 415":    {at("/token", says(415, "text/plain", "")), 415, "unsupported_media_type"},
		"token 500":    {at("/token", says(500, asJSON, "{}")), 500, ""},
		"metadata 404": {at(wellKnown, says(404, asJSON, "{}")), 404, ""},
		"userinfo 502": {at("/userinfo", says(502, asJSON, "{}")), 502, ""},
	} {
		o := newOP(t)
		test.edit(o)
		_, err := logIn(newClient(t, o), o, Ask{})
		var api *vneid.APIError
		if !errors.As(err, &api) || api.Status != test.status || api.Code != test.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := newOP(t)
	o.srv.Close()
	_, err := logIn(newClient(t, o), o, Ask{})
	refusedAs(t, err, vneid.ErrUnavailable)
	var op *net.OpError
	if !errors.As(err, &op) || errors.As(err, new(*vneid.APIError)) {
		t.Errorf("nobody there: %v", err)
	}
	if errors.As(err, new(*url.Error)) {
		t.Error("the chain holds an error that repeats the URL")
	}
}

func TestAProviderMayHaveNoUserinfo(t *testing.T) {
	o := newOP(t)
	metadataSays("userinfo_endpoint", nil)(o)
	o.claims = func(c object) { c["name"] = "Nguyễn Thị Thử" }
	if id := mustLogin(t, newClient(t, o), o, Ask{}); id.Citizen().Name() != "Nguyễn Thị Thử" || o.count("/userinfo") != 0 {
		t.Error("the claims of the ID token do not stand alone")
	}
}

func TestTheClientAuthenticatesAsTheMetadataSay(t *testing.T) {
	for name, test := range map[string]struct {
		methods any
		secret  string
		basic   bool
	}{
		"basic":                   {[]string{"client_secret_basic", "client_secret_post"}, "s+cret", true},
		"post":                    {[]string{"client_secret_post"}, "s+cret", false},
		"basic when nothing said": {nil, "s+cret", true},
		"public client":           {nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOP(t)
			o.metadata = func(m object) {
				if m["token_endpoint_auth_methods_supported"] = test.methods; test.methods == nil {
					delete(m, "token_endpoint_auth_methods_supported")
				}
			}
			var basic, inBody bool
			honest := o.serveToken
			o.override["/token"] = func(w http.ResponseWriter, r *http.Request) {
				_, _, basic = r.BasicAuth()
				inBody = r.PostFormValue("client_secret") != ""
				honest(w, r)
			}
			mustLogin(t, newClient(t, o, func(c *Config) { c.ClientSecret = test.secret }), o, Ask{})
			if basic != test.basic || inBody != (test.secret != "" && !test.basic) {
				t.Errorf("basic %v, in the body %v", basic, inBody)
			}
		})
	}
}

func TestTheGrantedScopesAreWhatCounts(t *testing.T) {
	o := newOP(t)
	o.tokens = func(v object) { v["scope"] = "openid" } // the person declined the rest
	id := mustLogin(t, newClient(t, o), o, Ask{})
	if len(id.Scopes()) != 1 || o.count("/userinfo") != 0 {
		t.Errorf("scopes %v, %d calls of userinfo", id.Scopes(), o.count("/userinfo"))
	}
	o.tokens = func(v object) { delete(v, "scope") } // RFC 6749 §5.1: as asked
	if id := mustLogin(t, newClient(t, o), o, Ask{}); len(id.Scopes()) != 3 {
		t.Errorf("scopes %v", id.Scopes())
	}
}

// metadataFaults make a configuration that must not be used.
var metadataFaults = []struct {
	name string
	kind vneid.Kind
	edit func(*op)
}{
	{"another issuer", vneid.ErrUntrusted, metadataSays("issuer", "https://evil.example")},
	{"issuer with a slash more", vneid.ErrUntrusted, func(o *op) { metadataSays("issuer", o.srv.URL+"/")(o) }},
	{"issuer missing", vneid.ErrUntrusted, metadataSays("issuer", nil)},
	{"no authorization_endpoint", vneid.ErrUntrusted, metadataSays("authorization_endpoint", "")},
	{"no token_endpoint", vneid.ErrUntrusted, metadataSays("token_endpoint", "")},
	{"no jwks_uri", vneid.ErrUntrusted, metadataSays("jwks_uri", "")},
	{"token_endpoint on another host", vneid.ErrUntrusted, metadataSays("token_endpoint", "https://evil.example/token")},
	{"jwks_uri on another host", vneid.ErrUntrusted, metadataSays("jwks_uri", "https://evil.example/jwks")},
	{"userinfo at link-local metadata", vneid.ErrUntrusted, metadataSays("userinfo_endpoint", "http://169.254.169.254/latest")},
	{"userinfo on IPv6-mapped metadata", vneid.ErrUntrusted, metadataSays("userinfo_endpoint", "https://[::ffff:169.254.169.254]/")},
	{"token_endpoint with user information", vneid.ErrUntrusted, func(o *op) {
		metadataSays("token_endpoint", strings.Replace(o.srv.URL, "http://", "http://user:pass@", 1)+"/token")(o)
	}},
	{"token_endpoint with a fragment", vneid.ErrUntrusted, func(o *op) { metadataSays("token_endpoint", o.srv.URL+"/token#x")(o) }},
	{"token_endpoint without scheme", vneid.ErrUntrusted, metadataSays("token_endpoint", "//evil.example/token")},
	{"token_endpoint a file", vneid.ErrUntrusted, metadataSays("token_endpoint", "file:///etc/passwd")},
	{"token_endpoint a number", vneid.ErrUnavailable, metadataSays("token_endpoint", 1)},
	{"PKCE only plain", vneid.ErrUntrusted, metadataSays("code_challenge_methods_supported", []string{"plain"})},
	{"no client secret taken", vneid.ErrUntrusted, metadataSays("token_endpoint_auth_methods_supported", []string{"private_key_jwt"})},
	{"404", vneid.ErrUnavailable, at(wellKnown, says(404, "text/plain", "canary"))},
	{"500", vneid.ErrUnavailable, at(wellKnown, says(500, "text/plain", "canary"))},
	{"HTML", vneid.ErrUnavailable, at(wellKnown, says(200, "text/html", "canary"))},
	{"truncated", vneid.ErrUnavailable, at(wellKnown, says(200, asJSON, `{"issuer":"canary`))},
	{"issuer twice", vneid.ErrUnavailable, at(wellKnown, says(200, asJSON, `{"issuer":"a","issuer":"b"}`))},
	{"over 1 MiB", vneid.ErrUnavailable, at(wellKnown, says(200, asJSON, `{"x":"`+strings.Repeat("x", 1<<20)+`"}`))},
	{"redirect to another host", vneid.ErrUnavailable, at(wellKnown, says(302, "text/plain", "", "Location", "https://evil.example/"))},
}

const wellKnown = "/.well-known/openid-configuration"

func metadataSays(name string, value any) func(*op) {
	return func(o *op) {
		o.metadata = func(m object) {
			if m[name] = value; value == nil {
				delete(m, name)
			}
		}
	}
}

func TestMetadataThatLeadAstrayAreRefused(t *testing.T) {
	for _, test := range metadataFaults {
		t.Run(test.name, func(t *testing.T) {
			o := newOP(t)
			mustLogin(t, newClient(t, o), o, Ask{}) // the twin
			test.edit(o)
			to, s, err := newClient(t, o).Begin(context.Background(), Ask{})
			refusedAs(t, err, test.kind)
			if to != "" || s != nil {
				t.Error("something usable next to an error")
			}
		})
	}
}

func TestEndpointsOnOtherHostsMustBeNamed(t *testing.T) {
	o := newOP(t)
	api := httptest.NewServer(http.HandlerFunc(o.serveUserinfo))
	defer api.Close()
	elsewhere := strings.Replace(api.URL, "127.0.0.1", "localhost", 1) // a host other than the issuer's
	o.metadata = func(m object) { m["userinfo_endpoint"] = elsewhere + "/userinfo" }
	_, _, err := newClient(t, o).Begin(context.Background(), Ask{})
	refusedAs(t, err, vneid.ErrUntrusted)
	named := func(c *Config) { c.Hosts = []string{"LocalHost"} }
	// The built-in client still calls other hosts at public addresses only …
	_, err = logIn(newClient(t, o, named), o, Ask{})
	refusedAs(t, err, vneid.ErrUnavailable)
	// … even where the caller's client has no transport of its own …
	_, err = logIn(newClient(t, o, named, func(c *Config) { c.HTTP = &http.Client{Timeout: time.Minute} }), o, Ask{})
	refusedAs(t, err, vneid.ErrUnavailable)
	// … and a caller's own transport answers for itself.
	mustLogin(t, newClient(t, o, named, func(c *Config) { c.HTTP = api.Client() }), o, Ask{})
}

func TestTheAuthenticationRequestSaysWhatIsNeeded(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o, func(c *Config) { c.Need = vneid.Assurance{Level: 2} })
	to, _, err := c.Begin(context.Background(), Ask{
		Need: vneid.Assurance{Auth: 3}, MaxAge: 5 * time.Minute, LoginHint: "hint", Subject: "pairwise-1",
	})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"client_id": "portal:1", "redirect_uri": "https://portal.example/callback", "response_type": "code",
		"scope": "openid profile vneid:id", "acr_values": "urn:vneid:acr:l2:a3 urn:vneid:acr:l2:a4",
		"max_age": "300", "login_hint": "hint", "prompt": "",
		"claims": `{"id_token":{"acr":{"essential":true,"values":["urn:vneid:acr:l2:a3","urn:vneid:acr:l2:a4"]},"sub":{"value":"pairwise-1"}}}`,
	} {
		if got := u.Query().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	plain, _, err := newClient(t, o).Begin(context.Background(), Ask{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"acr_values", "claims", "max_age", "prompt", "login_hint"} {
		if strings.Contains(plain, name+"=") {
			t.Errorf("%s is sent although nothing asks for it", name)
		}
	}
	again, _, err := c.Begin(context.Background(), Ask{Prompt: "login"})
	if err != nil || !strings.Contains(again, "max_age=0") || !strings.Contains(again, "prompt=login") {
		t.Errorf("a login again: %v", err)
	}
	for name, ask := range map[string]Ask{
		"prompt":    {Prompt: "canary"},
		"max age":   {MaxAge: -1},
		"level":     {Need: vneid.Assurance{Level: 3}},
		"auth":      {Need: vneid.Assurance{Auth: 5}},
		"in future": {Need: vneid.Assurance{At: o.clock.now().Add(time.Hour)}},
	} {
		if _, _, err := c.Begin(context.Background(), ask); err == nil || !strings.HasPrefix(err.Error(), "sso: Ask.") || errors.As(err, new(vneid.Kind)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
