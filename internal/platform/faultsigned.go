package platform

import (
	"net/http"
	"net/url"
	"time"
)

// Faults of what FAPI 2.0 and JARM add to a login, of signed userinfo and of what
// comes after a login. See Modules for what the conformance suite calls them.

// pushedFaults are the pushed authorization request endpoint gone wrong.
func pushedFaults() []fault {
	set := func(name string, value any) func(*members) { return func(m *members) { m.set(name, value) } }
	return []fault{
		{name: "par-down", about: "the endpoint for pushed requests answers 503", call: at(pathPushed, down)},
		{name: "par-page", about: "a proxy answers the pushed request with a page", call: at(pathPushed, page)},
		{name: "par-cut", about: "the answer to the pushed request breaks off", call: at(pathPushed, broken)},
		{name: "par-redirect", about: "the endpoint for pushed requests sends the caller, and its request, elsewhere", call: at(pathPushed, away)},
		{name: "par-refused", about: "the pushed request is refused", call: at(pathPushed, func(w http.ResponseWriter) {
			writeJSON(w, http.StatusBadRequest, &oauthError{Code: "invalid_request"})
		})},
		{name: "par-no-uri", about: "the answer to the pushed request has no request_uri", pushed: func(m *members) { m.drop("request_uri") }},
		{name: "par-foreign-uri", about: "the request_uri was made by nobody", pushed: set("request_uri", pushedPrefix+"never-issued")},
		{name: "par-expired", about: "the request_uri is over at once", pushed: set("expires_in", 0)},
		{name: "par-no-life", about: "the answer to the pushed request does not say how long it is good", pushed: func(m *members) { m.drop("expires_in") }},
	}
}

// jarmFaults are wrong signed authorization responses. A client that did not ask
// for one sees none of them.
func jarmFaults() []fault {
	set := func(name string, value any) func(*signed) { return func(t *signed) { t.claims.set(name, value) } }
	drop := func(name string) func(*signed) { return func(t *signed) { t.claims.drop(name) } }
	return []fault{
		{name: "jarm-missing-iss", about: "the signed response does not say who answers", jarm: drop("iss")},
		{name: "jarm-wrong-iss", about: "the signed response says that somebody else answers", jarm: set("iss", elsewhere)},
		{name: "jarm-missing-aud", about: "the signed response is for nobody", jarm: drop("aud")},
		{name: "jarm-wrong-aud", about: "the signed response is for another client", jarm: set("aud", "another-client")},
		{name: "jarm-missing-exp", about: "the signed response never ends", jarm: drop("exp")},
		{name: "jarm-expired", about: "the signed response is an hour old", jarm: shift([]string{"exp"}, -time.Hour)},
		{name: "jarm-endless", about: "the signed response lives a year", jarm: shift([]string{"exp"}, 365*24*time.Hour)},
		{name: "jarm-bad-signature", about: "one bit of the signed response's signature is wrong", jarm: flipped},
		{name: "jarm-alg-none", about: "the signed response is not signed", jarm: unsigned},
		{name: "jarm-wrong-key", about: "the signed response names the right key and is signed by another", jarm: otherKey},
	}
}

// userinfoFaults are wrong userinfo for clients that registered it signed or
// encrypted. Others see none of them.
func userinfoFaults() []fault {
	set := func(name string, value any) func(*signed) { return func(t *signed) { t.claims.set(name, value) } }
	drop := func(name string) func(*signed) { return func(t *signed) { t.claims.drop(name) } }
	return []fault{
		{name: "userinfo-jwt-missing-iss", about: "signed userinfo does not say who says it", userinfoJWT: drop("iss")},
		{name: "userinfo-jwt-wrong-iss", about: "signed userinfo is another issuer's", userinfoJWT: set("iss", elsewhere)},
		{name: "userinfo-jwt-missing-aud", about: "signed userinfo is for nobody", userinfoJWT: drop("aud")},
		{name: "userinfo-jwt-wrong-aud", about: "signed userinfo is for another client", userinfoJWT: set("aud", "another-client")},
		{name: "userinfo-jwt-bad-signature", about: "one bit of the signature of userinfo is wrong", userinfoJWT: flipped},
		{name: "userinfo-jwt-alg-none", about: "signed userinfo is not signed", userinfoJWT: func(t *signed) { t.to = nil; unsigned(t) }},
		{name: "userinfo-jwt-wrong-typ", about: "signed userinfo has an access token's type", userinfoJWT: func(t *signed) { t.header.set("typ", "at+jwt") }},
		{name: "userinfo-not-signed", about: "userinfo is JSON although the client registered it signed", userinfoJWT: func(t *signed) { t.plain = true }},
		{name: "userinfo-not-encrypted", about: "userinfo is in the clear although the client registered a key", userinfoJWT: func(t *signed) { t.to = nil }},
		{name: "id-token-not-encrypted", about: "the ID token is in the clear although the client registered a key", idToken: func(t *signed) { t.to = nil }},
		{name: "id-token-other-recipient", about: "the ID token is encrypted to somebody else's key", idToken: otherRecipient},
	}
}

// boundFaults are wrong answers about keys that tokens are bound to.
func boundFaults() []fault {
	ask := func(f func(*proofPolicy)) func(*proofPolicy) { return f }
	again := at(pathToken, func(w http.ResponseWriter) {
		w.Header().Set(nonceHeader, random())
		writeJSON(w, http.StatusBadRequest, &oauthError{Code: "use_dpop_nonce"})
	})
	return []fault{
		{name: "no-dpop-nonce", about: "nobody asks for nonces in proofs, which the RFC allows", proof: ask(func(p *proofPolicy) { p.nonce = false })},
		{name: "userinfo-dpop-nonce", about: "userinfo asks for a nonce of its own", proof: ask(func(p *proofPolicy) { p.kind = "userinfo" })},
		{name: "userinfo-dpop-case", about: "userinfo asks for a nonce of its own and spells the scheme dPoP, which has no case", proof: ask(func(p *proofPolicy) {
			p.kind, p.scheme = "userinfo", "dPoP"
		})},
		{name: "dpop-nonce-again", about: "no nonce is ever good enough", call: again},
		{name: "token-type-case", about: "the token type is spelled in the other case, which it has not", token: func(m *members) {
			kind, _ := m.get("token_type").(string)
			m.set("token_type", otherCase(kind))
		}},
		{name: "token-type-other", about: "a bound token is called Bearer, and the reverse", token: func(m *members) {
			if kind, _ := m.get("token_type").(string); kind == "DPoP" {
				m.set("token_type", "Bearer")
			} else {
				m.set("token_type", "DPoP")
			}
		}},
		{name: "missing-expires-in", about: "the token answer does not say how long the token lives, which the RFC allows", token: func(m *members) { m.drop("expires_in") }},
	}
}

// laterFaults are what can go wrong after the login.
func laterFaults() []fault {
	later := func(f func(*signed)) func(*signed) {
		return func(t *signed) {
			if t.refreshed {
				f(t)
			}
		}
	}
	return []fault{
		{name: "refresh-wrong-issuer", about: "the ID token of a refresh names another issuer", idToken: later(setClaim("iss", elsewhere))},
		{name: "refresh-other-sub", about: "the ID token of a refresh is about somebody else", idToken: later(setClaim("sub", "somebody-else"))},
		{name: "refresh-wrong-audience", about: "the ID token of a refresh is for another client", idToken: later(setClaim("aud", "another-client"))},
		{name: "refresh-other-auth-time", about: "the ID token of a refresh says that the person authenticated again", idToken: later(shift([]string{"auth_time"}, time.Second))},
		{name: "refresh-nonce", about: "the ID token of a refresh has a nonce of nobody's", idToken: later(setClaim("nonce", "another-nonce"))},
		{name: "missing-refresh-token", about: "the token answer has no refresh token", token: func(m *members) { m.drop("refresh_token") }},
		{name: "logout-no-state", about: "the browser comes back from a logout without a state", logout: func(q url.Values) { q.Del("state") }},
		{name: "logout-other-state", about: "the browser comes back from a logout with another state", logout: func(q url.Values) { q.Set("state", "another-state") }},
		{name: "revoke-down", about: "taking a token back answers 503", call: at(pathRevoke, down)},
		{name: "introspect-down", about: "introspection answers 503", call: at(pathIntrospect, down)},
		{name: "introspect-inactive", about: "introspection knows no token", introspection: func(m *members) { *m = members{is("active", false)} }},
		{name: "introspect-wrong-issuer", about: "introspection speaks for another issuer", introspection: func(m *members) { m.set("iss", elsewhere) }},
	}
}

// discoveryFaults are metadata that lack what FAPI 2.0 needs.
func discoveryFaults() []fault {
	drop := func(name string) func(*members) { return func(m *members) { m.drop(name) } }
	return []fault{
		{name: "discovery-no-par", about: "the metadata name no endpoint for pushed requests", discovery: drop("pushed_authorization_request_endpoint")},
		{name: "discovery-foreign-par", about: "the metadata send pushed requests elsewhere", discovery: func(m *members) {
			m.set("pushed_authorization_request_endpoint", elsewhere+pathPushed)
		}},
		{name: "discovery-no-dpop", about: "the metadata do not say that tokens can be bound", discovery: drop("dpop_signing_alg_values_supported")},
		{name: "discovery-no-iss", about: "the metadata do not announce iss in responses", discovery: drop("authorization_response_iss_parameter_supported")},
	}
}
