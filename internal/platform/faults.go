package platform

import (
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// setClaim and dropClaim are most faults of ID tokens.
func setClaim(name string, value any) func(*signed) {
	return func(t *signed) { t.claims.set(name, value) }
}

func dropClaim(name string) func(*signed) {
	return func(t *signed) { t.claims.drop(name) }
}

// shift moves the token's times.
func shift(names []string, by time.Duration) func(*signed) {
	return func(t *signed) {
		for _, name := range names {
			if at, ok := t.claims.get(name).(time.Time); ok {
				t.claims.set(name, at.Add(by))
			}
		}
	}
}

// elsewhere is a URL of somebody else (RFC 2606).
const elsewhere = "https://other.example"

// tokenFaults are wrong claims under a right signature.
func tokenFaults() []fault {
	times := []string{"iat", "exp", "auth_time"}
	return []fault{
		{name: "wrong-nonce", about: "the ID token has another nonce", idToken: setClaim("nonce", "another-nonce")},
		{name: "missing-nonce", about: "the ID token has no nonce", idToken: dropClaim("nonce")},
		{name: "wrong-issuer", about: "the ID token names another issuer", idToken: setClaim("iss", elsewhere)},
		{name: "missing-issuer", about: "the ID token names no issuer", idToken: dropClaim("iss")},
		{name: "wrong-audience", about: "the ID token is for another client", idToken: setClaim("aud", "another-client")},
		{name: "missing-audience", about: "the ID token is for nobody", idToken: dropClaim("aud")},
		{name: "more-audiences", about: "the ID token is also for a client nobody trusts", idToken: func(t *signed) {
			aud, _ := t.claims.get("aud").(string)
			t.claims.set("aud", []string{aud, "another-client"})
		}},
		{name: "audience-list", about: "the audience is a list of one, as it may be", idToken: func(t *signed) {
			aud, _ := t.claims.get("aud").(string)
			t.claims.set("aud", []string{aud})
		}},
		{name: "wrong-azp", about: "the ID token was issued to another client", idToken: setClaim("azp", "another-client")},
		{name: "missing-sub", about: "the ID token names nobody", idToken: dropClaim("sub")},
		{name: "other-sub", about: "the ID token is about somebody else than userinfo", idToken: setClaim("sub", "somebody-else")},
		{name: "expired-token", about: "the ID token is a day old", idToken: shift(times, -24*time.Hour)},
		{name: "future-token", about: "the ID token begins in a day", idToken: shift(times, 24*time.Hour)},
		{name: "endless-token", about: "the ID token lives a year", idToken: shift([]string{"exp"}, 365*24*time.Hour)},
		{name: "missing-exp", about: "the ID token never ends", idToken: dropClaim("exp")},
		{name: "zero-exp", about: "the ID token ends in 1970, which some libraries read as never", idToken: setClaim("exp", 0)},
		{name: "text-exp", about: "the ID token's end is a string", idToken: setClaim("exp", "4102444800")},
		{name: "missing-iat", about: "the ID token does not say when it was issued", idToken: dropClaim("iat")},
		{name: "old-auth-time", about: "the person authenticated ten hours ago", idToken: shift([]string{"auth_time"}, -10*time.Hour)},
		{name: "missing-auth-time", about: "nobody says when the person authenticated", idToken: dropClaim("auth_time")},
		{name: "weak-acr", about: "the login was the weakest there is", idToken: func(t *signed) {
			t.claims.set("acr", wire.ACR(1, 1))
			t.claims.set(wire.AccountLevel, 1)
		}},
		{name: "missing-acr", about: "nobody says how strong the login was", idToken: func(t *signed) {
			t.claims.drop("acr")
			t.claims.drop(wire.AccountLevel)
		}},
		{name: "level-contradiction", about: "acr and account_level say different account levels", idToken: func(t *signed) {
			n, _ := t.claims.get(wire.AccountLevel).(int)
			t.claims.set(wire.AccountLevel, 3-n)
		}},
		{name: "wrong-at-hash", about: "at_hash is that of another access token", idToken: setClaim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")},
		{name: "missing-at-hash", about: "no at_hash, which the code flow allows", idToken: dropClaim("at_hash")},
		{name: "account-locked-claim", about: "the ID token says that the account is locked", idToken: setClaim(wire.Account, "locked")},
		{name: "eid-locked-claim", about: "the ID token says that the electronic identity card is locked", idToken: setClaim(wire.EIDStatus, "locked")},
		{name: "double-claim", about: "sub stands twice in the ID token", idToken: func(t *signed) {
			t.payload = func(b []byte) []byte { return append([]byte(`{"sub":"somebody-else",`), b[1:]...) }
		}},
		{name: "other-case-claim", about: "Sub beside sub: names are compared exactly", idToken: setClaim("Sub", "somebody-else")},
		{name: "huge-token", about: "the ID token has 100 KB", idToken: func(t *signed) {
			t.to = nil // it would be more than a JWE may hold
			t.claims.set("padding", strings.Repeat("x", 100<<10))
		}},
	}
}

// headerFaults are wrong headers and signatures over right claims.
func headerFaults() []fault {
	return []fault{
		{name: "bad-signature", about: "one bit of the signature is wrong", idToken: flipped},
		{name: "wrong-key", about: "the right key id, another key", idToken: otherKey},
		{name: "other-alg", about: "RS256 by a published key, which FAPI 2.0 does not take", idToken: byRS256},
		{name: "unknown-kid", about: "a key id that nobody published", idToken: func(t *signed) { t.header.set("kid", "nobody-knows-me") }},
		{name: "missing-kid", about: "no key id", idToken: func(t *signed) { t.header.drop("kid") }},
		{name: "wrong-typ", about: "a logout token's type", idToken: func(t *signed) { t.header.set("typ", "logout+jwt") }},
		{name: "crit-header", about: "a critical extension that nobody understands", idToken: func(t *signed) {
			t.header.set("crit", []string{"urn:example:ext"})
			t.header.set("urn:example:ext", true)
		}},
		{name: "jku-header", about: "the header says where to fetch keys", idToken: func(t *signed) { t.header.set("jku", elsewhere+"/jwks.json") }},
		{name: "alg-none", about: "no signature at all", idToken: unsigned},
		{name: "alg-hs256", about: "the public key used as an HMAC secret", idToken: maced("JWT")},
		{name: "padded-token", about: "base64 with padding", idToken: func(t *signed) {
			t.to = nil // inside there must be a JWS, here and in the next row
			t.token = func(s string) string { return s + "==" }
		}},
		{name: "cut-token", about: "two parts instead of three", idToken: func(t *signed) {
			t.to = nil
			t.token = func(s string) string { return s[:strings.LastIndexByte(s, '.')] }
		}},
	}
}

// answerFaults are wrong authorization responses.
func answerFaults() []fault {
	set := func(name, value string) func(url.Values) { return func(q url.Values) { q.Set(name, value) } }
	drop := func(name string) func(url.Values) { return func(q url.Values) { q.Del(name) } }
	return []fault{
		{name: "missing-iss", about: "the response does not say who answers (RFC 9207)", answer: drop("iss")},
		{name: "wrong-iss", about: "the response says that somebody else answers: a mix-up", answer: set("iss", elsewhere)},
		{name: "missing-state", about: "the response belongs to no request", answer: drop("state")},
		{name: "wrong-state", about: "the response belongs to another request", answer: set("state", "another-state")},
		{name: "missing-code", about: "the response has neither code nor error", answer: drop("code")},
		{name: "wrong-code", about: "a code that was never issued", answer: func(q url.Values) {
			if q.Has("code") {
				q.Set("code", "never-issued")
			}
		}},
		{name: "double-code", about: "two codes", answer: func(q url.Values) { q["code"] = append(q["code"], "another-code") }},
		{name: "code-and-error", about: "a code and an error", answer: set("error", "access_denied")},
		{name: "server-error", about: "the login ends in an error of the platform", answer: func(q url.Values) {
			q.Del("code")
			q.Set("error", "server_error")
		}},
		{name: "hostile-error", about: "markup and line breaks in the error", answer: func(q url.Values) {
			q.Del("code")
			q.Set("error", "<script>alert(1)</script>\r\nSet-Cookie: a=b")
			q.Set("error_description", "<b>999090000001</b>")
		}},
	}
}
