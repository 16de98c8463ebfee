package platform

import (
	"net/url"
	"testing"
	"time"
)

// attack is something that a relying party, a thief or a page on the way tries; it
// answers whether that worked. check is the one that stops it.
type attack struct {
	name, check string
	try         func(w *world) bool
}

// meet tries each attack, which fails, and works as soon as the one check is taken out
// that stops it: so it is that check which the attack meets, and no accident.
func meet(t *testing.T, all []attack) {
	t.Helper()
	stopped := 0
	for _, a := range all {
		if a.try(newWorld(t)) {
			t.Errorf("%s: works", a.name)
			continue
		}
		open := newWorld(t)
		open.off = a.check
		if !a.try(open) {
			t.Errorf("%s: does not work without %s either", a.name, a.check)
			continue
		}
		stopped++
		t.Logf("pair %s: stopped by %s, succeeds without", a.name, a.check)
	}
	t.Logf("%d of %d attacks stopped, each by the check it aims at", stopped, len(all))
}

func TestAttacksMeetTheirCheck(t *testing.T) {
	meet(t, append(append(codeAttacks(), tokenAttacks()...), clientAttacks()...))
}

// twice reports whether f works and works again.
func twice(f func() bool) bool {
	first := f()
	return f() && first
}

// codeAttacks are A5, A6 and the parts of A2 and A15 that concern the platform.
func codeAttacks() []attack {
	evil := map[string]string{"redirect_uri": "https://evil.example/"}
	return []attack{
		{"A5 a code spent twice", "code-once", func(w *world) bool {
			code := w.code(nil)
			return twice(func() bool { return w.exchangeCode(code, nil).status == 200 })
		}},
		{"A5 the thief was first, the owner's use ends nothing", "family", func(w *world) bool {
			code := w.code(nil)
			thief := w.exchangeCode(code, nil)
			w.exchangeCode(code, nil)
			return w.userinfo(thief.text("access_token")).status == 200
		}},
		{"A5 a code that is too old", "code-time", func(w *world) bool {
			code := w.code(nil)
			w.clock.advance(authCodeLife)
			return w.exchangeCode(code, nil).status == 200
		}},
		{"A2 another client's code", "code-client", func(w *world) bool {
			w.register(Client{ID: "other", Secret: rpSecret, RedirectURIs: []string{rpBack}})
			return w.exchangeCode(w.code(nil), map[string]string{"client_id": "other"}).status == 200
		}},
		{"A2 a stolen code without its verifier", "code-verifier", func(w *world) bool {
			return w.exchangeCode(w.code(nil), map[string]string{"code_verifier": verifier0[1:] + "x"}).status == 200
		}},
		{"A6 a code sent to the attacker's address", "redirect", func(w *world) bool {
			return w.browser("level2").authorize(request(evil)).Get("code") != ""
		}},
		{"A6 the attacker's address pushed", "redirect", func(w *world) bool {
			f := w.fapi(nil)
			return f.send("/par", f.ask(evil), nil).status == 201
		}},
		{"A6 a code of another redirect", "code-redirect", func(w *world) bool {
			return w.exchangeCode(w.code(nil), map[string]string{"redirect_uri": "https://rp.example/other"}).status == 200
		}},
		{"A15 a request changed on its way, never pushed", "pushed-only", func(w *world) bool {
			w.fapi(nil)
			return w.browser("level2").authorize(request(map[string]string{"client_id": fapiID, "scope": "openid vneid:id"})).Get("code") != ""
		}},
		{"A15 a reference used again in the attacker's browser", "pushed-once", func(w *world) bool {
			f := w.fapi(nil)
			uri := f.push(nil)
			w.browser("level2").authorize(f.refer(uri))
			return w.browser("namesake").authorize(f.refer(uri)).Get("code") != ""
		}},
		{"A15 another client's reference", "pushed-client", func(w *world) bool {
			f, other := w.fapi(nil), w.fapi(func(c *Client) { c.ID = "other" })
			return w.browser("level2").start(other.refer(f.push(nil))).Step == StepLogin
		}},
		{"A15 an old reference", "pushed-time", func(w *world) bool {
			f := w.fapi(nil)
			uri := f.push(nil)
			w.clock.advance(pushedLife)
			return w.browser("level2").authorize(f.refer(uri)).Get("code") != ""
		}},
		{"A15 a pushed thumbprint of the attacker's key", "pushed-key", func(w *world) bool {
			f := w.fapi(nil)
			return f.send("/par", f.ask(map[string]string{"dpop_jkt": newDevice(w.t).thumbprint()}), &f.bound).status == 201
		}},
		{"A15 a code bound to a key, spent with another", "code-key", func(w *world) bool {
			f, thief := w.fapi(nil), newDevice(w.t)
			return f.send("/token", codeForm(f.code(map[string]string{"dpop_jkt": f.bound.thumbprint()})), &thief).status == 200
		}},
	}
}

// tokenAttacks are A7, A8 and A11.
func tokenAttacks() []attack {
	return []attack{
		{"A7 a stolen bound token as Bearer", "token-scheme", func(w *world) bool {
			f := w.fapi(nil)
			return w.userinfoBy("Bearer", f.login(nil).text("access_token"), "").status == 200
		}},
		{"A7 a stolen bound token with the thief's own proof", "token-key", func(w *world) bool {
			f, thief := w.fapi(nil), newDevice(w.t)
			access := f.login(nil).text("access_token")
			return w.userinfoBy("DPoP", access, f.proofBy(thief, "GET", "/userinfo", access, nil, nil)).status == 200
		}},
		{"A7 a stolen token and the proof that was used with it", "proof-once", func(w *world) bool {
			f := w.fapi(nil)
			access := f.login(nil).text("access_token")
			proof := f.proofBy(f.bound, "GET", "/userinfo", access, nil, nil)
			return twice(func() bool { return w.userinfoBy("DPoP", access, proof).status == 200 })
		}},
		{"A7 a proof made ahead by who had the key for a moment", "proof-nonce", func(w *world) bool {
			f := w.fapi(nil)
			access := f.login(nil).text("access_token")
			return w.userinfoBy("DPoP", access, f.proofBy(f.bound, "GET", "/userinfo", access, nil, object{"nonce": nil})).status == 200
		}},
		{"A8 a resource server reads the person with the token it got", "token-audience", func(w *world) bool {
			w.api()
			std := w.fapi(func(c *Client) { c.Profile, c.Resources = Standard, []string{apiURL} })
			form := codeForm(std.code(nil))
			form.Set("resource", apiURL)
			return w.userinfoBy("Bearer", std.send("/token", form, nil).text("access_token"), "").status == 200
		}},
		{"A8 a stranger asks what a token is worth", "introspect-owner", func(w *world) bool {
			return w.introspectAs("rp", w.keeper().login(nil).text("access_token")).body["active"] == true
		}},
		{"A11 a refresh token used twice", "refresh-once", func(w *world) bool {
			k := w.keeper()
			token := k.login(nil).text("refresh_token")
			return twice(func() bool { return k.refresh(token, nil).status == 200 })
		}},
		{"A11 the thief was first, the owner's use ends nothing", "family", func(w *world) bool {
			k := w.keeper()
			token := k.login(nil).text("refresh_token")
			thief := k.refresh(token, nil)
			k.refresh(token, nil)
			return k.refresh(thief.text("refresh_token"), nil).status == 200
		}},
		{"A11 another client's refresh token", "refresh-client", func(w *world) bool {
			k := w.keeper()
			w.register(Client{ID: "other", Secret: rpSecret, RedirectURIs: []string{rpBack}, Refresh: true})
			return k.refresh(k.login(nil).text("refresh_token"), map[string]string{"client_id": "other"}).status == 200
		}},
		{"A11 more scopes than the person agreed to", "refresh-scope", func(w *world) bool {
			k := w.keeper()
			a := k.refresh(k.login(nil).text("refresh_token"), map[string]string{"scope": "openid vneid:card"})
			return w.userinfo(a.text("access_token")).body["place_of_origin"] != nil
		}},
		{"A11 an app's refresh token on the thief's phone", "refresh-key", func(w *world) bool {
			w.register(Client{ID: "app", Public: true, RedirectURIs: []string{rpBack}, Refresh: true})
			app, thief := &fapi{world: w, id: "app", bound: newDevice(w.t)}, newDevice(w.t)
			app.nonce = w.proofNonce("", w.now())
			form := codeForm(w.browser("level2").authorize(request(map[string]string{"client_id": "app", "scope": "openid"})).Get("code"))
			form.Set("client_id", "app")
			token := app.postPublic(form, &app.bound).text("refresh_token")
			return app.postPublic(url.Values{"grant_type": {"refresh_token"}, "client_id": {"app"}, "refresh_token": {token}}, &thief).status == 200
		}},
		{"A10 another client ends the login", "revoke-owner", func(w *world) bool {
			access := w.keeper().login(nil).text("access_token")
			w.revokeAs("rp", access)
			return w.userinfo(access).status == 401
		}},
	}
}

// clientAttacks are A12.
func clientAttacks() []attack {
	return []attack{
		{"A12 an assertion by the attacker's key", "assertion-key", func(w *world) bool {
			f := w.fapi(nil)
			f.auth = newDevice(w.t)
			return w.known(asserted(f.assertion(nil, nil)), nil)
		}},
		{"A12 an assertion by a key that another process dropped", "client-now", func(w *world) bool {
			f := w.fapi(nil)
			f.push(nil) // the client is known
			w.err(w.Amend(w.t.Context(), "", f.id, func(c *Client) error { c.Keys = jwkSet(newDevice(w.t).jwk()); return nil }))
			return f.send("/par", f.ask(nil), nil).status == 201
		}},
		{"A12 an assertion sent again", "assertion-once", func(w *world) bool {
			f := w.fapi(nil)
			a := f.assertion(nil, nil)
			return twice(func() bool { return w.known(asserted(a), nil) })
		}},
		{"A12 an assertion sent again with the same jti", "assertion-once", func(w *world) bool {
			f := w.fapi(nil)
			one := object{"jti": "same"}
			return twice(func() bool { return w.known(asserted(f.assertion(nil, one)), nil) })
		}},
		{"A12 an assertion that another server was given", "assertion-audience", func(w *world) bool {
			return w.known(asserted(w.fapi(nil).assertion(nil, object{"aud": "https://evil.example"})), nil)
		}},
		{"A12 an assertion for the token endpoint, made for a mix-up", "assertion-audience", func(w *world) bool {
			return w.known(asserted(w.fapi(nil).assertion(nil, object{"aud": w.url + "/token"})), nil)
		}},
		{"A12 an assertion kept for a week", "assertion-life", func(w *world) bool {
			f := w.fapi(nil)
			a := f.assertion(nil, object{"exp": w.clock.Now().Add(7 * 24 * time.Hour).Unix()})
			return w.known(asserted(a), nil)
		}},
	}
}
