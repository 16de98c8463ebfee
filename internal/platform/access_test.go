package platform

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

const apiURL = "https://api.example/v1"

// api registers a resource server.
func (w *world) api() {
	w.register(Client{ID: "api", Secret: rpSecret, Audience: apiURL})
	w.register(Client{ID: "other-api", Secret: rpSecret, Audience: "https://other-api.example", Alg: "PS256"})
}

// reader is a client that may ask for tokens for the API.
func (w *world) reader() *fapi {
	w.api()
	return w.fapi(func(c *Client) { c.Resources = []string{apiURL, "https://other-api.example"} })
}

func (f *fapi) tokenFor(resource string, edits map[string]string) answer {
	f.t.Helper()
	form := codeForm(f.code(edits))
	if resource != "" {
		form.Set("resource", resource)
	}
	return f.send("/token", form, &f.bound)
}

func TestATokenForAResourceServerIsAJWTThatItCanRead(t *testing.T) {
	w := newWorld(t)
	f := w.reader()
	a := f.tokenFor(apiURL, map[string]string{"acr_values": "urn:vneid:acr:l2:a2"})
	access := a.text("access_token")
	head, claims := headerOf(t, access), w.verified(access)
	if head["typ"] != "at+jwt" || head["alg"] != "ES256" {
		t.Errorf("%v", head)
	}
	id := claimsOf(t, a.body["id_token"])
	now := float64(w.clock.Now().Unix())
	wanted := object{
		"iss": w.url, "aud": apiURL, "client_id": f.id, "sub": id["sub"], "iat": now, "exp": now + jwtLife.Seconds(),
		"acr": "urn:vneid:acr:l2:a2", "auth_time": id["auth_time"], "scope": "openid profile vneid:id",
	}
	for name, want := range wanted { // RFC 9068 §2.2
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	if cnf, _ := claims["cnf"].(object); claims["jti"] == nil || len(cnf) != 1 || cnf["jkt"] != f.bound.thumbprint() {
		t.Errorf("%v", claims)
	}
	if a.body["expires_in"] != jwtLife.Seconds() {
		t.Errorf("expires_in %v", a.body["expires_in"])
	}
	for _, name := range []string{"name", "citizen_id", "nonce", "sid"} {
		if claims[name] != nil {
			t.Errorf("the token tells %s", name)
		}
	}
	if a := f.tokenFor("https://other-api.example", nil); headerOf(t, a.body["access_token"])["alg"] != "PS256" {
		t.Errorf("the other server's algorithm: %s", a.raw)
	}
	if a := f.tokenFor("", nil); strings.Contains(a.text("access_token"), ".") {
		t.Error("a token for userinfo is not opaque")
	}
}

func TestTokensAreForWhomTheyWereAskedFor(t *testing.T) {
	w := newWorld(t)
	f := w.reader()
	access := f.tokenFor(apiURL, nil).text("access_token")
	if a := f.userinfo(access); a.text("error") != "invalid_token" {
		t.Errorf("a resource server's token at userinfo: %s", a.raw)
	}
	if a := f.tokenFor("https://nobody.example", nil); a.text("error") != "invalid_target" {
		t.Errorf("a resource that is not registered: %s", a.raw)
	}
	only := map[string]string{"resource": apiURL}
	if a := f.tokenFor(apiURL, only); a.status != 200 {
		t.Errorf("the resource of the request: %s", a.raw)
	}
	if a := f.tokenFor("https://other-api.example", only); a.text("error") != "invalid_target" {
		t.Errorf("another than the request's: %s", a.raw)
	}
	if a := f.send("/par", f.ask(map[string]string{"resource": "https://nobody.example"}), nil); a.text("error") != "invalid_target" {
		t.Errorf("asking for one that is not registered: %s", a.raw)
	}
	// A server that gave its name up answers to it no more.
	w.register(Client{ID: "api", Secret: rpSecret, Audience: "https://api.example/v2"})
	if a := f.tokenFor(apiURL, nil); a.text("error") != "invalid_target" {
		t.Errorf("a former name: %s", a.raw)
	}
	w.register(Client{ID: "ghost", Secret: rpSecret, RedirectURIs: []string{rpBack}, Resources: []string{"https://no-server.example"}})
	form := codeForm(w.browser("level2").authorize(request(map[string]string{"client_id": "ghost", "scope": "openid"})).Get("code"))
	for name, value := range map[string]string{"client_id": "ghost", "client_secret": rpSecret, "resource": "https://no-server.example"} {
		form.Set(name, value)
	}
	if a := w.postForm("/token", form, nil); a.text("error") != "invalid_target" {
		t.Errorf("a resource without a server: %s", a.raw)
	}
}

// A client whose library has no resource parameter still calls its API.
func TestATokenMayBeForUserinfoAndOneServer(t *testing.T) {
	w := newWorld(t)
	w.api()
	f := w.fapi(func(c *Client) { c.Resources, c.AccessFor = []string{apiURL, "https://other-api.example"}, apiURL })
	access := f.login(nil).text("access_token")
	claims := w.verified(access)
	if aud, _ := claims["aud"].([]any); len(aud) != 2 || aud[0] != apiURL || aud[1] != w.url+"/userinfo" {
		t.Errorf("aud %v", claims["aud"])
	}
	if f.userinfo(access).status != 200 || w.introspectAs("api", access).body["active"] != true || w.introspectAs("other-api", access).body["active"] != false {
		t.Error("the token is not good for both, or for more")
	}
	if named := f.tokenFor("https://other-api.example", nil).text("access_token"); f.userinfo(named).status != 401 || claimsOf(t, named)["aud"] != "https://other-api.example" {
		t.Error("a token asked for by name is good for userinfo too")
	}
}

func TestAServersNameIsItsOwn(t *testing.T) {
	w := newWorld(t)
	w.api()
	if err := w.Register(t.Context(), Client{ID: "thief", Secret: rpSecret, Audience: apiURL}); err == nil {
		t.Error("a second server has the name")
	}
	w.register(Client{ID: "api", Secret: rpSecret, Audience: apiURL, Alg: "PS256"})  // its own
	w.register(Client{ID: "api", Secret: rpSecret, Audience: "https://new.example"}) // gives it up
	w.register(Client{ID: "heir", Secret: rpSecret, Audience: apiURL})
}

func (w *world) introspectAs(id, token string) answer {
	w.t.Helper()
	return w.postForm("/introspect", url.Values{"token": {token}, "client_id": {id}, "client_secret": {rpSecret}}, nil)
}

func TestATokenIsShownToItsClientAndItsServer(t *testing.T) {
	w := newWorld(t)
	f := w.reader()
	k := w.keeper()
	w.register(Client{ID: "open", Public: true, RedirectURIs: []string{rpBack}})
	login := f.login(nil)
	jwt, opaque, refresh := f.tokenFor(apiURL, nil).text("access_token"), login.text("access_token"), login.text("refresh_token")
	mine := k.login(nil)
	byFapi := func(token string) answer { return f.send("/introspect", url.Values{"token": {token}}, nil) }
	for _, c := range []struct {
		name string
		a    answer
		want bool
	}{
		{"a JWT to its server", w.introspectAs("api", jwt), true},
		{"a JWT to its client", byFapi(jwt), true},
		{"an opaque token to its client", byFapi(opaque), true},
		{"a refresh token to its client", byFapi(refresh), true},
		{"another client's own", w.introspectAs("keeper", mine.text("access_token")), true},

		{"a JWT to another server", w.introspectAs("other-api", jwt), false},
		{"a JWT to another client", w.introspectAs("rp", jwt), false},
		{"a token for userinfo to a server", w.introspectAs("api", opaque), false},
		{"an opaque token to another client", w.introspectAs("keeper", opaque), false},
		{"a refresh token to another client", w.introspectAs("keeper", refresh), false},
		{"a refresh token to a server", w.introspectAs("api", refresh), false},
		{"an unknown token", byFapi(random()), false},
		{"no token", byFapi(""), false},
		{"a changed JWT", w.introspectAs("api", jwt[:len(jwt)-4]+"AAAA"), false},
		{"an ID token", byFapi(login.text("id_token")), false},
	} {
		if c.a.status != 200 || c.a.body["active"] != c.want || !c.want && len(c.a.body) != 1 {
			t.Errorf("%s: %d %s", c.name, c.a.status, c.a.raw)
		}
	}
	a := w.introspectAs("api", jwt)
	claims := claimsOf(t, jwt)
	for _, same := range []string{"iss", "sub", "aud", "client_id", "scope", "exp", "iat", "acr", "auth_time"} {
		if a.body[same] == nil || a.body[same] != claims[same] {
			t.Errorf("%s: %v in the answer, %v in the token", same, a.body[same], claims[same])
		}
	}
	if cnf, _ := a.body["cnf"].(object); a.text("token_type") != "DPoP" || cnf["jkt"] != f.bound.thumbprint() {
		t.Errorf("%s", a.raw)
	}
	if a := w.introspectAs("api", "x"); a.header.Get("Cache-Control") != "no-store" {
		t.Error("an answer that may be kept")
	}
	if a := w.postForm("/introspect", url.Values{"token": {jwt}, "client_id": {"open"}}, nil); a.status != 401 {
		t.Errorf("a public client asks: %d", a.status)
	}
	if a := w.postForm("/introspect", url.Values{"token": {jwt}, "client_id": {"api"}, "client_secret": {"guess"}}, nil); a.status != 401 {
		t.Errorf("a guessed secret: %d", a.status)
	}
}

func TestIntrospectionSeesTheEndOfALogin(t *testing.T) {
	w := newWorld(t)
	f := w.reader()
	jwt := f.tokenFor(apiURL, nil).text("access_token")
	if w.introspectAs("api", jwt).body["active"] != true {
		t.Fatal("the twin does not pass")
	}
	if f.send("/revoke", url.Values{"token": {jwt}}, nil).status != 200 || w.introspectAs("api", jwt).body["active"] != false {
		t.Error("revoked, and yet active")
	}
	jwt = f.tokenFor(apiURL, nil).text("access_token")
	w.clock.advance(jwtLife)
	if w.introspectAs("api", jwt).body["active"] != false {
		t.Error("over, and yet active")
	}
	k := w.keeper()
	first := k.login(nil).text("refresh_token")
	k.refresh(first, nil)
	if w.introspectAs("keeper", first).body["active"] != false {
		t.Error("a used refresh token is active")
	}
}

// sealed is a client with an encryption key.
func (w *world) sealed(edit func(*Client)) (*fapi, jwx.PrivateKey) {
	w.t.Helper()
	d := newDevice(w.t)
	f := w.fapi(edit)
	c, err := w.client(w.t.Context(), f.id)
	if err != nil {
		w.t.Fatal(err)
	}
	sig := apply(f.auth.jwk(), object{"kid": "k1", "alg": "ES256", "use": "sig"})
	c.Keys = jwkSet(sig, apply(d.jwk(), object{"kid": "e1", "alg": "ECDH-ES+A256KW", "use": "enc"}))
	w.register(*c)
	return f, jwx.PrivateKey{ID: "e1", Key: d.key}
}

func TestTokensAreEncryptedToTheRegisteredKey(t *testing.T) {
	w := newWorld(t)
	f, key := w.sealed(nil)
	a := f.login(nil)
	open := func(token string) map[string]any {
		t.Helper()
		if strings.Count(token, ".") != 4 {
			t.Fatalf("not a JWE: %s", token)
		}
		head := headerOf(t, token)
		if head["alg"] != "ECDH-ES+A256KW" || head["enc"] != "A256GCM" || head["cty"] != "JWT" || head["kid"] != "e1" || head["zip"] != nil {
			t.Errorf("%v", head)
		}
		inside, err := jwx.Decrypt(token, key)
		if err != nil {
			t.Fatal(err)
		}
		return w.verified(inside)
	}
	id := open(a.text("id_token"))
	if id["aud"] != f.id || id["nonce"] != request(nil).Get("nonce") {
		t.Errorf("%v", id)
	}
	info := f.userinfo(a.text("access_token"))
	if info.header.Get("Content-Type") != "application/jwt" {
		t.Fatalf("%s", info.header)
	}
	claims := open(string(info.raw))
	if claims["iss"] != w.url || claims["aud"] != f.id || claims["sub"] != id["sub"] || claims["citizen_id"] == nil {
		t.Errorf("%v", claims)
	}
}

func TestUserinfoIsSignedWhereThatIsRegistered(t *testing.T) {
	w := newWorld(t)
	for _, alg := range []string{"ES256", "PS256"} {
		f := w.fapi(func(c *Client) { c.Alg, c.SignedUserinfo = alg, true })
		a := f.login(nil)
		info := f.userinfo(a.text("access_token"))
		claims := w.verified(string(info.raw))
		if info.header.Get("Content-Type") != "application/jwt" || claims["iss"] != w.url || claims["aud"] != f.id ||
			claims["sub"] != claimsOf(t, a.body["id_token"])["sub"] || claims["nonce"] != nil || headerOf(t, string(info.raw))["alg"] != alg {
			t.Errorf("%s: %s %v", alg, info.header.Get("Content-Type"), claims)
		}
		at := time.Unix(int64(claims["iat"].(float64)), 0)
		if !at.Equal(w.clock.Now()) {
			t.Errorf("iat %v", at)
		}
	}
	if f := w.fapi(nil); f.userinfo(f.login(nil).text("access_token")).header.Get("Content-Type") != "application/json" {
		t.Error("nobody asked for a JWT")
	}
}
