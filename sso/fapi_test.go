package sso

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func p256(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func get(where string) *http.Request { return httptest.NewRequest(http.MethodGet, where, nil) }

func TestALoginOfFAPI2(t *testing.T) {
	for name, set := range map[string]func(*Config){"plain": func(*Config) {}, "jarm": jarm} {
		t.Run(name, func(t *testing.T) {
			o, c := newFAPI(t, set)
			for range 2 {
				id := mustLogin(t, c, o, Ask{})
				if id.Citizen().Name() != "Nguyễn Thị Thử" || id.Integrity() != Signed {
					t.Error("somebody else")
				}
			}
			// The first proof lacks the nonce; later ones have it, at every endpoint.
			if o.count("/par") != 3 || o.count("/token") != 2 || o.count("/userinfo") != 2 {
				t.Errorf("%d %d %d requests", o.count("/par"), o.count("/token"), o.count("/userinfo"))
			}
		})
	}
}

func TestTheBrowserOfFAPI2CarriesNothingButANameOfTheRequest(t *testing.T) {
	o, c := newFAPI(t)
	to, s, err := c.Begin(t.Context(), Ask{LoginHint: "hint", Need: vneid.Assurance{Level: 2}})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil || len(u.Query()) != 2 || u.Query().Get("client_id") != "portal:1" || strings.Contains(to, s.State()) {
		t.Errorf("%s: %v", to, err)
	}
	in := o.fapi.pushed[u.Query().Get("request_uri")]
	for name, want := range map[string]string{
		"response_type": "code", "redirect_uri": "https://portal.example/callback", "state": s.State(), "login_hint": "hint",
		"code_challenge_method": "S256", "dpop_jkt": c.prover.Thumbprint(), "acr_values": strings.Join(acrValues(vneid.Assurance{Level: 2}), " "),
	} {
		if in.Get(name) != want {
			t.Errorf("%s was pushed as %q, not %q", name, in.Get(name), want)
		}
	}
}

func TestANonceIsFollowedOnce(t *testing.T) {
	o, c := newFAPI(t)
	mustLogin(t, c, o, Ask{})
	to, s, err := c.Begin(t.Context(), Ask{})
	if err != nil {
		t.Fatal(err)
	}
	before := o.count("/token")
	o.override["/token"] = func(w http.ResponseWriter, r *http.Request) { // no nonce is ever good
		w.Header().Set("DPoP-Nonce", random())
		o.refuse(w, http.StatusBadRequest, "use_dpop_nonce")
	}
	_, raw, _ := strings.Cut(o.authorize(to), "?")
	_, err = c.Finish(t.Context(), s, raw)
	refusedAs(t, err, vneid.ErrUnavailable)
	if n := o.count("/token") - before; n != 2 {
		t.Errorf("%d token requests", n)
	}
	o.override["/token"] = nil
	o.fapi.nonce = "nonce-9" // rotated: one more round trip, and no refusal
	mustLogin(t, c, o, Ask{})
}

// pushes are answers to a pushed request that end the login before it begins.
func TestAnswersToAPushedRequestThatAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		kind vneid.Kind
		edit func(*op)
	}{
		"no request_uri":           {vneid.ErrMalformed, par("request_uri", nil)},
		"an empty request_uri":     {vneid.ErrMalformed, par("request_uri", "")},
		"a request_uri of numbers": {vneid.ErrMalformed, par("request_uri", 7)},
		"a request_uri with space": {vneid.ErrMalformed, par("request_uri", "urn:a b")},
		"a long request_uri":       {vneid.ErrMalformed, par("request_uri", strings.Repeat("u", 1025))},
		"no end":                   {vneid.ErrMalformed, par("expires_in", nil)},
		"over at once":             {vneid.ErrMalformed, par("expires_in", 0)},
		"over before":              {vneid.ErrMalformed, par("expires_in", -1)},
		"an end in words":          {vneid.ErrMalformed, par("expires_in", "60")},
		"an end with a fraction":   {vneid.ErrMalformed, par("expires_in", 59.5)},
		"a page":                   {vneid.ErrMalformed, at("/par", says(201, "text/html", "<html>canary"))},
		"a list":                   {vneid.ErrMalformed, at("/par", says(201, asJSON, `[]`))},
		"client refused":           {vneid.ErrUntrusted, at("/par", says(401, asJSON, `{"error":"invalid_client"}`))},
		"request refused":          {vneid.ErrUntrusted, at("/par", says(400, asJSON, `{"error":"invalid_request","error_description":"canary"}`))},
		"level not offered":        {vneid.ErrLevel, at("/par", says(400, asJSON, `{"error":"unmet_authentication_requirements"}`))},
		"too many requests":        {vneid.ErrUnavailable, at("/par", says(429, asJSON, `{}`, "Retry-After", "3"))},
		"down":                     {vneid.ErrUnavailable, at("/par", says(503, "text/plain", "canary"))},
		"moved":                    {vneid.ErrUnavailable, at("/par", says(307, "text/plain", "", "Location", "https://evil.example/par"))},
		"huge":                     {vneid.ErrUnavailable, at("/par", says(201, asJSON, `{"x":"`+strings.Repeat("x", 1<<20)+`"}`))},
	} {
		t.Run(name, func(t *testing.T) {
			o, c := newFAPI(t)
			mustLogin(t, c, o, Ask{}) // the twin
			test.edit(o)
			to, s, err := c.Begin(t.Context(), Ask{})
			refusedAs(t, err, test.kind)
			if to != "" || s != nil {
				t.Error("something usable next to an error")
			}
		})
	}
}

// par changes one member of the answer to a pushed request.
func par(name string, value any) func(*op) {
	return func(o *op) {
		o.fapi.answer = func(v object) {
			if v[name] = value; value == nil {
				delete(v, name)
			}
		}
	}
}

func TestMetadataThatLackWhatFAPI2NeedsSayWhat(t *testing.T) {
	for name, test := range map[string]struct {
		member string
		value  any
		set    func(*Config)
		says   string
	}{
		"no pushed requests":    {"pushed_authorization_request_endpoint", nil, nil, "pushed_authorization_request_endpoint"},
		"no key for clients":    {"token_endpoint_auth_methods_supported", []string{"client_secret_basic"}, nil, "private_key_jwt"},
		"no word about clients": {"token_endpoint_auth_methods_supported", nil, nil, "private_key_jwt"},
		"RS256 assertions":      {"token_endpoint_auth_signing_alg_values_supported", []string{"RS256"}, nil, "token_endpoint_auth_signing_alg"},
		"no bound tokens":       {"dpop_signing_alg_values_supported", nil, nil, "dpop_signing_alg"},
		"bound to RSA alone":    {"dpop_signing_alg_values_supported", []string{"PS256"}, nil, "dpop_signing_alg"},
		"no word about PKCE":    {"code_challenge_methods_supported", nil, nil, "code_challenge_methods"},
		"no signed responses":   {"response_modes_supported", []string{"query", "fragment"}, jarm, "response_modes"},
		"a list that is none":   {"dpop_signing_alg_values_supported", 7, nil, "malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.set == nil {
				test.set = func(*Config) {}
			}
			o, c := newFAPI(t, test.set)
			mustLogin(t, c, o, Ask{}) // the twin
			metadataSays(test.member, test.value)(o)
			c.provider.Forget()
			_, _, err := c.Begin(t.Context(), Ask{})
			kind := vneid.ErrUntrusted
			if test.says == "malformed" {
				kind = vneid.ErrUnavailable
			}
			refusedAs(t, err, kind)
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q does not name %s", err, test.says)
			}
		})
	}
}

func TestAProviderThatTakesPushedRequestsAloneGetsThem(t *testing.T) {
	o := newOP(t)
	pushed := url.Values{}
	o.metadata = func(m object) {
		m["pushed_authorization_request_endpoint"], m["require_pushed_authorization_requests"] = o.srv.URL+"/par", true
	}
	o.override["/par"] = func(w http.ResponseWriter, r *http.Request) {
		if _, secret, ok := r.BasicAuth(); !ok || secret != "s%2Bcret" {
			t.Error("the client did not authenticate")
		}
		r.ParseForm()
		pushed = r.PostForm
		w.WriteHeader(http.StatusCreated)
		w.Header().Set("Content-Type", asJSON)
		fmt.Fprint(w, `{"request_uri":"urn:x","expires_in":60}`)
	}
	says := o.override["/par"]
	o.override["/par"] = func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Type", asJSON); says(w, r) }
	to, s, err := newClient(t, o).Begin(t.Context(), Ask{})
	if err != nil || !strings.HasSuffix(to, "?client_id=portal%3A1&request_uri=urn%3Ax") || pushed.Get("state") != s.State() {
		t.Errorf("%s %v %v", to, pushed, err)
	}
}

func TestMistakesInKeysNameTheField(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	one := p256(t)
	var none *ecdsa.PrivateKey
	good := func() Config {
		return Config{Issuer: "https://id.example", ClientID: "c", RedirectURL: "https://rp.example/cb", Profile: FAPI2, Key: ed, DPoPKey: one}
	}
	if _, err := New(good()); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		field string
		set   func(*Config)
	}{
		"a profile of nobody's": {"Config.Profile", func(c *Config) { c.Profile = 7 }},
		"an integrity of none":  {"Config.Accept", func(c *Config) { c.Accept = 3 }},
		"a secret in FAPI2":     {"Config.ClientSecret", func(c *Config) { c.Key, c.ClientSecret = nil, "s" }},
		"no key in FAPI2":       {"Config.Key", func(c *Config) { c.Key = nil }},
		"a key and a secret":    {"Config.ClientSecret", func(c *Config) { c.Profile, c.ClientSecret = Standard, "s" }},
		"a key id of no key":    {"Config.KeyID", func(c *Config) { c.Profile, c.Key, c.KeyID = Standard, nil, "k" }},
		"a key id with a space": {"Config.KeyID", func(c *Config) { c.KeyID = "a b" }},
		"RS256 in FAPI2":        {"Config.Algs", func(c *Config) { c.Algs = []string{"PS256", "RS256"} }},
		"a weak key":            {"Config.Key", func(c *Config) { c.Key = weak }},
		"a P-384 key":           {"Config.Key", func(c *Config) { c.Key = p384 }},
		"a nil key":             {"Config.Key", func(c *Config) { c.Key = none }},
		"a weak DPoP key":       {"Config.DPoPKey", func(c *Config) { c.DPoPKey = weak }},
		"a nil DPoP key":        {"Config.DPoPKey", func(c *Config) { c.DPoPKey = none }},
		"one key for both":      {"Config.DPoPKey", func(c *Config) { c.Key = one }},
		"a nil to decrypt with": {"Config.Decrypt", func(c *Config) { c.Decrypt = []crypto.PrivateKey{none} }},
		"a text to decrypt":     {"Config.Decrypt", func(c *Config) { c.Decrypt = []crypto.PrivateKey{"canary"} }},
		"nothing to decrypt":    {"Config.Decrypt", func(c *Config) { c.Decrypt = []crypto.PrivateKey{nil} }},
		"Ed25519 to decrypt":    {"Config.Decrypt", func(c *Config) { c.Decrypt = []crypto.PrivateKey{ed} }},
		"weak RSA to decrypt":   {"Config.Decrypt", func(c *Config) { c.Decrypt = []crypto.PrivateKey{weak} }},
		"a key that signs too":  {"Config.Decrypt", func(c *Config) { c.Decrypt = []crypto.PrivateKey{one} }},
	} {
		c := good()
		test.set(&c)
		if _, err := New(c); err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), test.field) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// encrypting makes the provider encrypt ID tokens to a key.
func encrypting(o *op, to crypto.PublicKey) {
	o.idToken = func(token string) string {
		sealed, err := jwx.Encrypt(token, jwx.Recipient{Public: to})
		if err != nil {
			panic(err)
		}
		return sealed
	}
}

func TestEncryptedTokens(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ec, stranger := p256(t), p256(t)
	o := newOP(t)
	c := newClient(t, o, func(c *Config) { c.Decrypt = []crypto.PrivateKey{rsaKey, ec} })
	plain := newClient(t, o)
	for _, to := range []crypto.PublicKey{&ec.PublicKey, &rsaKey.PublicKey} {
		encrypting(o, to)
		mustLogin(t, c, o, Ask{})
		_, err := logIn(plain, o, Ask{}) // it has no key, and asked for none
		refusedAs(t, err, vneid.ErrMalformed)
	}
	encrypting(o, &stranger.PublicKey)
	_, err = logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrMalformed)
	o.idToken = func(s string) string { return s } // in the clear
	_, err = logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrUntrusted)
	encrypting(o, &ec.PublicKey)
	claim("nonce", "another")(o) // what is inside is checked all the same
	_, err = logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrMismatch)
	o.claims = nil
	broken(o)
	_, err = logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrSignature)
}

func TestASignedResponseMayBeEncryptedToo(t *testing.T) {
	key := p256(t)
	o, c := newFAPI(t, jarm, func(c *Config) { c.Decrypt = []crypto.PrivateKey{key} })
	encrypting(o, &key.PublicKey)
	mustLogin(t, c, o, Ask{})
	seal := o.idToken
	o.fapi.signed = seal
	mustLogin(t, c, o, Ask{})
}

// The way in for this module's other packages.
func TestAProviderIsForThisModule(t *testing.T) {
	o, c := newFAPI(t)
	_, err := c.Provider(t.Context(), sealNone)
	refusedAs(t, err, vneid.ErrUntrusted)
	p, err := c.Provider(t.Context(), sealOwn)
	if err != nil || p.Issuer != o.srv.URL || !p.FAPI2 || p.Party.Key == nil || p.Party.Prover == nil || p.Metadata.String("issuer") != o.srv.URL {
		t.Fatalf("%v", err)
	}
	if where, err := p.Endpoint("token_endpoint"); err != nil || where != o.srv.URL+"/token" {
		t.Error(where, err)
	}
	if _, err := p.Endpoint("backchannel_authentication_endpoint"); !errors.Is(err, vneid.ErrUntrusted) {
		t.Error("an endpoint that is not there:", err)
	}
	for name, where := range map[string]string{"another host": "https://evil.example/ciba", "a script": "javascript:1", "user information": strings.Replace(o.srv.URL, "//", "//u:p@", 1)} {
		metadataSays("backchannel_authentication_endpoint", where)(o)
		c.provider.Forget()
		p, err := c.Provider(t.Context(), sealOwn)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Endpoint("backchannel_authentication_endpoint"); !errors.Is(err, vneid.ErrUntrusted) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := wired(t, newToy()).Provider(t.Context(), sealOwn); !errors.Is(err, vneid.ErrUntrusted) {
		t.Error("a wire has no metadata:", err)
	}
}

func TestTokensThatWereGotInAnotherWay(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o, func(c *Config) { c.Need = vneid.Assurance{Level: 1} })
	now := o.clock.now()
	token := func() login.Tokens { return login.Tokens{ID: o.mint("", "at-canary-7f3a"), Access: "at-canary-7f3a"} }
	o.claims = func(c object) { delete(c, "nonce") }
	id, err := c.Identify(t.Context(), token(), login.Expect{Begun: now, Need: vneid.Assurance{Level: 2}, Subject: "pairwise-1"}, sealOwn)
	if err != nil || id.Citizen().Name() != "Nguyễn Thị Thử" {
		t.Fatal(err)
	}
	_, err = c.Identify(t.Context(), token(), login.Expect{Begun: now}, sealNone)
	refusedAs(t, err, vneid.ErrUntrusted)
	_, err = c.Identify(t.Context(), token(), login.Expect{Begun: now, Subject: "pairwise-2"}, sealOwn)
	refusedAs(t, err, vneid.ErrMismatch)
	_, err = c.Identify(t.Context(), token(), login.Expect{Begun: now.Add(c.cfg.Skew * 2)}, sealOwn)
	refusedAs(t, err, vneid.ErrMismatch)
	_, err = c.Identify(t.Context(), token(), login.Expect{Begun: now, Nonce: "n"}, sealOwn)
	refusedAs(t, err, vneid.ErrMismatch)
	_, err = c.Identify(t.Context(), token(), login.Expect{Begun: now, Need: vneid.Assurance{Auth: 4}}, sealOwn)
	refusedAs(t, err, vneid.ErrLevel)
	o.claims = nil // with a nonce
	_, err = c.Identify(context.Background(), login.Tokens{ID: o.mint("browser", "at-canary-7f3a"), Access: "at-canary-7f3a"}, login.Expect{Begun: now}, sealOwn)
	refusedAs(t, err, vneid.ErrMismatch)
}
