package platform

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// known reports whether a call with these parameters is the client's: revoking
// nothing is the cheapest one.
func (w *world) known(form url.Values, edit func(*http.Request)) bool {
	w.t.Helper()
	form.Set("token", "nothing")
	a := w.postForm("/revoke", form, edit)
	if a.status != 200 && (a.status != 401 || a.text("error") != "invalid_client") {
		w.t.Fatalf("%d %s", a.status, a.raw)
	}
	return a.status == 200
}

func asserted(assertion string) url.Values {
	return url.Values{"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {assertion}}
}

func TestAnAssertionIsTakenOnlyAsTheClientMakesIt(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	other := w.fapi(func(c *Client) { c.ID = "other" })
	at := func(d time.Duration) int64 { return w.clock.Now().Add(d).Unix() }
	for _, c := range []struct {
		name           string
		header, claims object
		good           bool
	}{
		{"as it is", nil, nil, true},
		{"without kid", object{"kid": nil}, nil, true},
		{"of its own type", object{"typ": "client-authentication+jwt"}, nil, true},
		{"five minutes", nil, object{"exp": at(5 * time.Minute)}, true},
		{"ended five seconds ago", nil, object{"exp": at(-5 * time.Second)}, true},
		{"from a clock five seconds ahead", nil, object{"iat": at(5 * time.Second)}, true},

		{"for the token endpoint", nil, object{"aud": w.url + "/token"}, false},
		{"for the endpoint that is called", nil, object{"aud": w.url + "/revoke"}, false},
		{"for a list", nil, object{"aud": []string{w.url}}, false},
		{"for a list of two", nil, object{"aud": []string{w.url, "https://evil.example"}}, false},
		{"for another issuer", nil, object{"aud": "https://evil.example"}, false},
		{"for the issuer with a slash", nil, object{"aud": w.url + "/"}, false},
		{"for nobody", nil, object{"aud": nil}, false},
		{"by another issuer", nil, object{"iss": "other"}, false},
		{"about another client", nil, object{"sub": "other"}, false},
		{"by and about another client", nil, object{"iss": "other", "sub": "other"}, false},
		{"without iss", nil, object{"iss": nil}, false},
		{"without sub", nil, object{"sub": nil}, false},
		{"without exp", nil, object{"exp": nil}, false},
		{"exp 0", nil, object{"exp": 0}, false},
		{"exp as text", nil, object{"exp": "4102444800"}, false},
		{"over", nil, object{"exp": at(-11 * time.Second)}, false},
		{"six minutes", nil, object{"exp": at(6 * time.Minute)}, false},
		{"a year", nil, object{"exp": at(365 * 24 * time.Hour)}, false},
		{"from the future", nil, object{"iat": at(time.Minute), "exp": at(2 * time.Minute)}, false},
		{"not yet", nil, object{"nbf": at(time.Minute), "exp": at(2 * time.Minute)}, false},
		{"without jti", nil, object{"jti": nil}, false},
		{"with an empty jti", nil, object{"jti": ""}, false},
		{"with a long jti", nil, object{"jti": strings.Repeat("x", 257)}, false},
		{"of another type", object{"typ": "dpop+jwt"}, nil, false},
		{"with a critical extension", object{"crit": []string{"x"}}, nil, false},
		{"with a key of its own", object{"jwk": f.auth.jwk()}, nil, false},
		{"with an address of keys", object{"jku": "https://evil.example/jwks"}, nil, false},
		{"under another key's name", object{"kid": "k2"}, nil, false},
		{"by none", object{"alg": "none"}, nil, false},
		{"by RS256", object{"alg": "RS256"}, nil, false},
		{"by ES384", object{"alg": "ES384"}, nil, false},
	} {
		if !w.known(asserted(f.assertion(nil, nil)), nil) {
			t.Fatal("the twin does not pass")
		}
		if got := w.known(asserted(f.assertion(c.header, c.claims)), nil); got != c.good {
			t.Errorf("an assertion %s: %v", c.name, got)
		}
	}
	stranger := &fapi{world: w, id: f.id, auth: newDevice(t)}
	for name, assertion := range map[string]string{
		"a stranger's key":          stranger.assertion(nil, nil),
		"another client's key":      (&fapi{world: w, id: f.id, auth: other.auth}).assertion(nil, nil),
		"the public key as secret":  f.hmacAssertion(),
		"an unregistered client":    (&fapi{world: w, id: "nobody", auth: f.auth}).assertion(nil, nil),
		"a client with a secret":    (&fapi{world: w, id: "rp", auth: f.auth}).assertion(nil, nil),
		"unsigned":                  unsignedToken(f.assertion(nil, nil)),
		"changed after signing":     strings.Replace(f.assertion(nil, nil), ".", ".e", 1),
		"spliced of two":            f.assertion(nil, nil)[:120] + "A" + f.assertion(nil, nil)[121:],
		"nothing":                   "",
		"two parts":                 "e30.e30",
		"a signature and no claims": "e30.e30.AAAA",
		"padded":                    f.assertion(nil, nil) + "==",
		"far too long":              f.assertion(nil, object{"x": strings.Repeat("x", 32<<10)}),
	} {
		if w.known(asserted(assertion), nil) {
			t.Errorf("%s was taken", name)
		}
	}
}

func unsignedToken(s string) string {
	return b64([]byte(`{"alg":"none"}`)) + "." + strings.Split(s, ".")[1] + "."
}

// hmacAssertion signs with the registered public key as if it were a secret.
func (f *fapi) hmacAssertion() string {
	spki, err := x509.MarshalPKIXPublicKey(f.auth.key.Public())
	if err != nil {
		f.t.Fatal(err)
	}
	input := b64([]byte(`{"alg":"HS256"}`)) + "." + strings.Split(f.assertion(nil, nil), ".")[1]
	h := hmac.New(sha256.New, spki)
	h.Write([]byte(input))
	return input + "." + b64(h.Sum(nil))
}

func TestAnAssertionIsGoodOnce(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	other := w.fapi(func(c *Client) { c.ID = "other" })
	a := f.assertion(nil, object{"jti": "jti-1", "exp": w.clock.Now().Add(5 * time.Minute).Unix()})
	if !w.known(asserted(a), nil) || w.known(asserted(a), nil) {
		t.Error("not once")
	}
	if w.known(asserted(f.assertion(nil, object{"jti": "jti-1"})), nil) {
		t.Error("the same jti in another assertion")
	}
	if !w.known(asserted(other.assertion(nil, object{"jti": "jti-1"})), nil) {
		t.Error("another client cannot have the same jti")
	}
	// It stays spent to the last second of its life, swept or not.
	for _, wait := range []time.Duration{4 * time.Minute, time.Minute + 9*time.Second} {
		w.clock.advance(wait)
		if _, err := w.store.Sweep(t.Context(), w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		if w.known(asserted(a), nil) {
			t.Errorf("good again after %v more", wait)
		}
	}
	// A refused one spends nothing.
	id := object{"jti": "jti-2"}
	if w.known(asserted(f.assertion(nil, apply(object{"aud": "https://evil.example"}, id))), nil) || !w.known(asserted(f.assertion(nil, id)), nil) {
		t.Error("what was refused spent the jti")
	}
	var wins atomic.Int32
	var wg sync.WaitGroup
	same := f.assertion(nil, nil)
	for range 16 {
		wg.Go(func() {
			if w.known(asserted(same), nil) {
				wins.Add(1)
			}
		})
	}
	wg.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d of 16 at once", wins.Load())
	}
}

func TestAClientAuthenticatesInItsOneWay(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	w.register(Client{ID: "open", Public: true, RedirectURIs: []string{rpBack}})
	with := func(edits map[string]string) url.Values {
		form := asserted(f.assertion(nil, nil))
		for name, value := range edits {
			form.Set(name, value)
			if value == "" {
				form.Del(name)
			}
		}
		return form
	}
	for _, c := range []struct {
		name string
		form url.Values
		edit func(*http.Request)
		good bool
	}{
		{"an assertion", with(nil), nil, true},
		{"an assertion and its client_id", with(map[string]string{"client_id": f.id}), nil, true},
		{"a secret", url.Values{"client_id": {"rp"}, "client_secret": {rpSecret}}, nil, true},
		{"a secret in the header", url.Values{}, func(r *http.Request) { r.SetBasicAuth("rp", rpSecret) }, true},
		{"no secret, as registered", url.Values{"client_id": {"open"}}, nil, true},

		{"an assertion and another's client_id", with(map[string]string{"client_id": "rp"}), nil, false},
		{"an assertion and a secret", with(map[string]string{"client_secret": rpSecret}), nil, false},
		{"an assertion and a header", with(nil), func(r *http.Request) { r.SetBasicAuth("rp", rpSecret) }, false},
		{"an assertion without its type", with(map[string]string{"client_assertion_type": ""}), nil, false},
		{"an assertion of SAML", with(map[string]string{"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}), nil, false},
		{"a type without an assertion", with(map[string]string{"client_assertion": "", "client_id": "open"}), nil, false},
		{"no assertion", url.Values{"client_id": {f.id}}, nil, false},
		{"a guessed secret", url.Values{"client_id": {f.id}, "client_secret": {""}}, nil, false},
		{"a guessed secret in the header", url.Values{}, func(r *http.Request) { r.SetBasicAuth(f.id, "") }, false},
		{"a client's secret at another", url.Values{"client_id": {f.id}, "client_secret": {rpSecret}}, nil, false},
	} {
		if got := w.known(c.form, c.edit); got != c.good {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	req, _ := http.NewRequest("POST", w.url+"/revoke?"+asserted(f.assertion(nil, nil)).Encode(), strings.NewReader("token=x"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if a := w.call(req); a.status != 400 {
		t.Errorf("an assertion in the URL: %d", a.status)
	}
}

func TestProfilesAndKeysAreCheckedAtRegistration(t *testing.T) {
	w := newWorld(t)
	sig := apply(newDevice(t).jwk(), object{"use": "sig"})
	enc := apply(newDevice(t).jwk(), object{"use": "enc"})
	private := apply(newDevice(t).jwk(), object{"d": b64(make([]byte, 32))})
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := Client{ID: "c", Profile: FAPI2, Keys: jwkSet(sig), RedirectURIs: []string{"https://a.example/cb"}}
	for _, c := range []struct {
		name string
		edit func(*Client)
		ok   bool
	}{
		{"as it is", func(*Client) {}, true},
		{"with an encryption key", func(c *Client) { c.Keys = jwkSet(sig, enc) }, true},
		{"PS256", func(c *Client) { c.Alg = "PS256" }, true},
		{"Standard with keys", func(c *Client) { c.Profile = Standard }, true},
		{"Standard with a secret and an encryption key", func(c *Client) { c.Profile, c.Secret, c.Keys = Standard, "s", jwkSet(enc) }, true},
		{"a resource server", func(c *Client) { c.Audience, c.RedirectURIs = "https://api.example/v1", nil }, true},
		{"a resource of a URN", func(c *Client) { c.Resources = []string{"urn:example:api"} }, true},

		{"an unknown profile", func(c *Client) { c.Profile = "fapi1" }, false},
		{"no keys", func(c *Client) { c.Keys = nil }, false},
		{"a secret", func(c *Client) { c.Secret = "s" }, false},
		{"a secret and no keys", func(c *Client) { c.Secret, c.Keys = "s", nil }, false},
		{"public", func(c *Client) { c.Public = true }, false},
		{"public and no keys", func(c *Client) { c.Public, c.Keys = true, nil }, false},
		{"RS256", func(c *Client) { c.Alg = "RS256" }, false},
		{"an encryption key alone", func(c *Client) { c.Keys = jwkSet(enc) }, false},
		{"two encryption keys", func(c *Client) { c.Keys = jwkSet(sig, enc, enc) }, false},
		{"a private key", func(c *Client) { c.Keys = jwkSet(private) }, false},
		{"a weak key", func(c *Client) { c.Keys = jwkSet(publicJWK(&weak.PublicKey)) }, false},
		{"a key for RS256", func(c *Client) { c.Keys = jwkSet(apply(newDevice(t).jwk(), object{"alg": "RS256"})) }, false},
		{"a symmetric key", func(c *Client) { c.Keys = jwkSet(object{"kty": "oct", "k": "AAAA"}) }, false},
		{"no JSON", func(c *Client) { c.Keys = []byte("x") }, false},
		{"an empty set", func(c *Client) { c.Keys = jwkSet() }, false},
		{"a huge set", func(c *Client) { c.Keys = []byte(`{"keys":[],"x":"` + strings.Repeat("x", maxBody) + `"}`) }, false},
		{"a relative audience", func(c *Client) { c.Audience = "/api" }, false},
		{"an audience with a fragment", func(c *Client) { c.Audience = "https://api.example/#x" }, false},
		{"a public resource server", func(c *Client) { c.Profile, c.Keys, c.Public, c.Audience = Standard, nil, true, "https://api.example" }, false},
		{"a default resource", func(c *Client) { c.Resources, c.AccessFor = []string{"urn:example:api"}, "urn:example:api" }, true},
		{"a default resource that is not registered", func(c *Client) { c.AccessFor = "urn:example:api" }, false},
		{"a relative resource", func(c *Client) { c.Resources = []string{"api"} }, false},
		{"many resources", func(c *Client) { c.Resources = make([]string, maxURIs+1) }, false},
	} {
		one := good
		c.edit(&one)
		if err := w.Register(t.Context(), one); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
