package platform

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// tokenBy posts a good refresh with the given DPoP headers. A refresh of the FAPI2
// profile spends nothing but the proof, so it can be asked again and again.
func (f *fapi) tokenBy(token string, proofs ...string) answer {
	f.t.Helper()
	form := asserted(f.assertion(nil, nil))
	form.Set("grant_type", "refresh_token")
	form.Set("refresh_token", token)
	return f.postForm("/token", form, func(r *http.Request) {
		for _, p := range proofs {
			r.Header.Add("DPoP", p)
		}
	})
}

func TestAProofIsTakenOnlyForItsRequest(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	token := f.login(nil).text("refresh_token")
	private := apply(f.bound.jwk(), object{"d": b64(make([]byte, 32))})
	at := func(d time.Duration) int64 { return w.clock.Now().Add(d).Unix() }
	for _, c := range []struct {
		name           string
		header, claims object
		want           string // error
	}{
		{"as it is", nil, nil, ""},
		{"with a query", nil, object{"htu": w.url + "/token?x=1"}, ""},
		{"with a fragment", nil, object{"htu": w.url + "/token#x"}, ""},
		{"with more claims", nil, object{"x": "y"}, ""},
		{"half a minute old", nil, object{"iat": at(-30 * time.Second)}, ""},
		{"from a clock five seconds ahead", nil, object{"iat": at(5 * time.Second)}, ""},

		{"for GET", nil, object{"htm": "GET"}, "invalid_dpop_proof"},
		{"for post", nil, object{"htm": "post"}, "invalid_dpop_proof"},
		{"for another endpoint", nil, object{"htu": w.url + "/userinfo"}, "invalid_dpop_proof"},
		{"for a deeper path", nil, object{"htu": w.url + "/token/"}, "invalid_dpop_proof"},
		{"for another path case", nil, object{"htu": w.url + "/Token"}, "invalid_dpop_proof"},
		{"for another host", nil, object{"htu": "https://evil.example/token"}, "invalid_dpop_proof"},
		{"for another scheme", nil, object{"htu": strings.Replace(w.url, "http", "https", 1) + "/token"}, "invalid_dpop_proof"},
		{"for no URL", nil, object{"htu": nil}, "invalid_dpop_proof"},
		{"for no method", nil, object{"htm": nil}, "invalid_dpop_proof"},
		{"two minutes old", nil, object{"iat": at(-2 * time.Minute)}, "invalid_dpop_proof"},
		{"from the future", nil, object{"iat": at(time.Minute)}, "invalid_dpop_proof"},
		{"without iat", nil, object{"iat": nil}, "invalid_dpop_proof"},
		{"without jti", nil, object{"jti": nil}, "invalid_dpop_proof"},
		{"with a long jti", nil, object{"jti": strings.Repeat("x", 257)}, "invalid_dpop_proof"},
		{"without a nonce", nil, object{"nonce": nil}, "use_dpop_nonce"},
		{"with a nonce of its own", nil, object{"nonce": "mine"}, "use_dpop_nonce"},
		{"with half a nonce", nil, object{"nonce": f.nonce[:20]}, "use_dpop_nonce"},
		{"of another type", object{"typ": "JWT"}, nil, "invalid_dpop_proof"},
		{"without a type", object{"typ": nil}, nil, "invalid_dpop_proof"},
		{"without a key", object{"jwk": nil}, nil, "invalid_dpop_proof"},
		{"with the private key", object{"jwk": private}, nil, "invalid_dpop_proof"},
		{"with another's key", object{"jwk": newDevice(t).jwk()}, nil, "invalid_dpop_proof"},
		{"by none", object{"alg": "none"}, nil, "invalid_dpop_proof"},
		{"by HS256", object{"alg": "HS256"}, nil, "invalid_dpop_proof"},
		{"by RS256", object{"alg": "RS256"}, nil, "invalid_dpop_proof"},
		{"with an address of keys", object{"jku": "https://evil.example"}, nil, "invalid_dpop_proof"},
	} {
		if a := f.tokenBy(token, f.proofBy(f.bound, "POST", "/token", "", nil, nil)); a.status != 200 || a.text("token_type") != "DPoP" {
			t.Fatalf("the twin does not pass: %s", a.raw)
		}
		a := f.tokenBy(token, f.proofBy(f.bound, "POST", "/token", "", c.header, c.claims))
		if a.text("error") != c.want || (a.status == 200) != (c.want == "") {
			t.Errorf("a proof %s: %d %s", c.name, a.status, a.raw)
		}
		if a.header.Get("DPoP-Nonce") == "" {
			t.Errorf("a proof %s: no nonce for the next one", c.name)
		}
	}
	one, two := f.proofBy(f.bound, "POST", "/token", "", nil, nil), f.proofBy(f.bound, "POST", "/token", "", nil, nil)
	for name, proofs := range map[string][]string{"no proof": nil, "two proofs": {one, two}, "an empty proof": {""}, "an ID token": {f.login(nil).text("id_token")}} {
		if a := f.tokenBy(token, proofs...); a.text("error") != "invalid_dpop_proof" {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
	if f.tokenBy(token, one).status != 200 || f.tokenBy(token, one).text("error") != "invalid_dpop_proof" {
		t.Error("a proof is not good once")
	}
}

// htu is the configured address: whoever chooses the Host header does not choose
// what a proof is good for.
func TestTheHostHeaderSaysNothingAboutAProof(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	token := f.login(nil).text("refresh_token")
	try := func(htu, host string) string {
		form := asserted(f.assertion(nil, nil))
		form.Set("grant_type", "refresh_token")
		form.Set("refresh_token", token)
		return f.postForm("/token", form, func(r *http.Request) {
			r.Host = host
			r.Header.Set("X-Forwarded-Host", host)
			r.Header.Set("DPoP", f.proofBy(f.bound, "POST", "/token", "", nil, object{"htu": htu}))
		}).text("error")
	}
	if err := try(w.url+"/token", "evil.example"); err != "" {
		t.Errorf("a proof for the configured address: %s", err)
	}
	if err := try("http://evil.example/token", "evil.example"); err != "invalid_dpop_proof" {
		t.Errorf("a proof for the header's address: %q", err)
	}
}

func TestNoncesChangeAndTheLastOneStaysGood(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	token := f.login(nil).text("refresh_token")
	first := f.nonce
	try := func(nonce string) string {
		a := f.tokenBy(token, f.proofBy(f.bound, "POST", "/token", "", nil, object{"nonce": nonce}))
		f.nonce = a.header.Get("DPoP-Nonce")
		return a.text("error")
	}
	w.clock.advance(nonceLife)
	if err := try(first); err != "" || f.nonce == first {
		t.Errorf("one period later: %q, and the next nonce is the same: %v", err, f.nonce == first)
	}
	w.clock.advance(nonceLife)
	if err := try(first); err != "use_dpop_nonce" {
		t.Errorf("two periods later: %q", err)
	}
	if err := try(f.nonce); err != "" {
		t.Errorf("the new one: %q", err)
	}
	if other := newWorld(t); other.noncesAt("", w.clock.Now()).good(f.nonce) {
		t.Error("another platform's nonce")
	}
}

func TestADemandForANonceSpendsNothing(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	code := f.code(nil)
	form := codeForm(code)
	for name, values := range asserted(f.assertion(nil, nil)) {
		form[name] = values
	}
	a := f.postForm("/token", form, func(r *http.Request) { r.Header.Set("DPoP", f.proofBy(f.bound, "POST", "/token", "", nil, nil)) })
	if a.status != 400 || a.text("error") != "use_dpop_nonce" || a.header.Get("DPoP-Nonce") == "" {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	f.nonce = a.header.Get("DPoP-Nonce")
	if a := f.send("/token", codeForm(code), &f.bound); a.status != 200 {
		t.Errorf("the code was spent: %s", a.raw)
	}
}

func TestACodeIsBoundToTheKeyThatAskedForIt(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	thief := newDevice(t)
	jkt := map[string]string{"dpop_jkt": f.bound.thumbprint()}
	for name, code := range map[string]func() string{
		"by dpop_jkt": func() string { return f.code(jkt) },
		"by a proof": func() string {
			uri := f.send("/par", f.ask(nil), &f.bound).text("request_uri")
			return f.browser("level2").authorize(f.refer(uri)).Get("code")
		},
		"by both": func() string {
			uri := f.send("/par", f.ask(jkt), &f.bound).text("request_uri")
			return f.browser("level2").authorize(f.refer(uri)).Get("code")
		},
	} {
		if a := f.send("/token", codeForm(code()), &f.bound); a.status != 200 {
			t.Errorf("%s, the right key: %s", name, a.raw)
		}
		if a := f.send("/token", codeForm(code()), &thief); a.text("error") != "invalid_grant" {
			t.Errorf("%s, another key: %s", name, a.raw)
		}
	}
	if a := f.send("/par", f.ask(map[string]string{"dpop_jkt": thief.thumbprint()}), &f.bound); a.text("error") != "invalid_dpop_proof" {
		t.Errorf("a proof and another key's thumbprint: %s", a.raw)
	}
}

func TestABoundTokenIsWorthNothingWithoutItsKey(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	access := f.login(nil).text("access_token")
	bearer := w.login("level2", nil).text("access_token")
	thief := newDevice(t)
	good := func() string { return f.proofBy(f.bound, "GET", "/userinfo", access, nil, nil) }
	used := good()
	if a := w.userinfoBy("DPoP", access, used); a.status != 200 || a.text("sub") == "" {
		t.Fatalf("the twin does not pass: %d %s", a.status, a.raw)
	}
	for _, c := range []struct {
		name, scheme, token, proof string
		status                     int
		err                        string
	}{
		{"scheme in lower case", "dpop", access, good(), 200, ""},
		{"a bearer token", "Bearer", bearer, "", 200, ""},
		{"a bearer token with a proof besides", "Bearer", bearer, good(), 200, ""},
		{"as Bearer", "Bearer", access, "", 401, "invalid_token"},
		{"as Bearer with a proof", "Bearer", access, good(), 401, "invalid_token"},
		{"without a proof", "DPoP", access, "", 401, "invalid_dpop_proof"},
		{"with a proof used before", "DPoP", access, used, 401, "invalid_dpop_proof"},
		{"with a thief's proof", "DPoP", access, f.proofBy(thief, "GET", "/userinfo", access, nil, nil), 401, "invalid_token"},
		{"with a proof for another token", "DPoP", access, f.proofBy(f.bound, "GET", "/userinfo", bearer, nil, nil), 401, "invalid_dpop_proof"},
		{"with a proof for no token", "DPoP", access, f.proofBy(f.bound, "GET", "/userinfo", "", nil, nil), 401, "invalid_dpop_proof"},
		{"with a proof for the token endpoint", "DPoP", access, f.proofBy(f.bound, "POST", "/token", access, nil, nil), 401, "invalid_dpop_proof"},
		{"without a nonce", "DPoP", access, f.proofBy(f.bound, "GET", "/userinfo", access, nil, object{"nonce": nil}), 401, "use_dpop_nonce"},
		{"an unbound token as DPoP", "DPoP", bearer, f.proofBy(f.bound, "GET", "/userinfo", bearer, nil, nil), 401, "invalid_token"},
		{"an unknown token", "DPoP", random(), good(), 401, "invalid_token"},
		{"another scheme", "MAC", access, good(), 401, ""},
	} {
		a := w.userinfoBy(c.scheme, c.token, c.proof)
		challenge := a.header.Get("WWW-Authenticate")
		if a.status != c.status || a.text("error") != c.err || c.err != "" && !strings.Contains(challenge, `error="`+c.err+`"`) {
			t.Errorf("%s: %d %s %s", c.name, a.status, a.raw, challenge)
		}
		if c.err == "use_dpop_nonce" && (!strings.HasPrefix(challenge, "DPoP ") || !strings.Contains(challenge, `algs="PS256 ES256 EdDSA"`)) {
			t.Errorf("%s: %s", c.name, challenge)
		}
	}
}

func TestAStandardClientMayBindItsTokens(t *testing.T) {
	w := newWorld(t)
	std := w.fapi(func(c *Client) { c.ID, c.Profile = "std", Standard })
	must := w.fapi(func(c *Client) { c.ID, c.Profile, c.DPoP = "must", Standard, true })
	if a := std.send("/token", codeForm(std.code(nil)), nil); a.text("token_type") != "Bearer" {
		t.Errorf("without a proof: %s", a.raw)
	}
	a := std.send("/token", codeForm(std.code(nil)), &std.bound)
	if a.text("token_type") != "DPoP" || std.userinfo(a.text("access_token")).status != 200 {
		t.Errorf("with a proof: %s", a.raw)
	}
	code := must.code(nil)
	if a := must.send("/token", codeForm(code), nil); a.text("error") != "invalid_dpop_proof" {
		t.Errorf("without a proof that it must have: %s", a.raw)
	}
	if a := must.send("/token", codeForm(code), &must.bound); a.text("token_type") != "DPoP" {
		t.Errorf("with it: %s", a.raw)
	}
}
