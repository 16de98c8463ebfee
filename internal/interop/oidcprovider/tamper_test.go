package oidcprovider

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestWhatIsChangedOnTheWayIsRefused(t *testing.T) {
	s, p := tampered(t, level)
	trap := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the attacker got %s %s", r.Method, r.URL.Path)
	}))
	defer trap.Close()
	other := strings.Replace(trap.URL, "127.0.0.1", "localhost", 1) // another host than the provider's
	evil, old := ecKey(t), ""
	play(t, s, p, []attack{
		{"metadata of another issuer", put(discovery, "issuer", other), vneid.ErrUntrusted},
		{"metadata that lead elsewhere with the code", put(discovery, "token_endpoint", other+"/token"), vneid.ErrUntrusted},
		{"metadata that lead elsewhere for keys", put(discovery, "jwks_uri", other+"/jwks"), vneid.ErrUntrusted},
		{"metadata that lead the browser elsewhere", put(discovery, "authorization_endpoint", other+"/auth"), vneid.ErrUntrusted},
		{"metadata that lead elsewhere with the request", put(discovery, "pushed_authorization_request_endpoint", other+"/par"), vneid.ErrUntrusted},
		{"metadata that lead elsewhere with the access token", put(discovery, "userinfo_endpoint", other+"/me"), vneid.ErrUntrusted},
		{"metadata without pushed requests", cut(discovery, "pushed_authorization_request_endpoint"), vneid.ErrUntrusted},
		{"metadata without DPoP", cut(discovery, "dpop_signing_alg_values_supported"), vneid.ErrUntrusted},
		{"metadata without PKCE", put(discovery, "code_challenge_methods_supported", []string{"plain"}), vneid.ErrUntrusted},
		{"metadata with secrets alone", put(discovery, "token_endpoint_auth_methods_supported", []string{"client_secret_basic"}), vneid.ErrUntrusted},
		{"metadata with a member twice", body(discovery, func(text string) string { return `{"issuer":"` + other + `",` + text[1:] }), vneid.ErrUnavailable},
		{"a redirect for metadata", answers(discovery, 302, "Location", other, ""), vneid.ErrUnavailable},

		{"a pushed request without a name", cut(push, "request_uri"), vneid.ErrMalformed},
		{"a pushed request that is over", put(push, "expires_in", 0), vneid.ErrMalformed},
		{"a redirect with the pushed request", answers(push, 307, "Location", other, ""), vneid.ErrUnavailable},

		{"another state", back(func(q url.Values) { q.Set("state", another(q.Get("state"))) }), vneid.ErrMismatch},
		{"no state", back(func(q url.Values) { q.Del("state") }), vneid.ErrMalformed},
		{"another iss: mix-up", back(func(q url.Values) { q.Set("iss", other) }), vneid.ErrMismatch},
		{"no iss", back(func(q url.Values) { q.Del("iss") }), vneid.ErrMismatch},
		{"two codes", back(func(q url.Values) { q.Add("code", "x") }), vneid.ErrMalformed},
		{"code and error", back(func(q url.Values) { q.Set("error", "access_denied") }), vneid.ErrMalformed},
		{"a token in the URL", back(func(q url.Values) { q.Set("access_token", "x") }), vneid.ErrMalformed},

		{"a bearer token", put(token, "token_type", "Bearer"), vneid.ErrUntrusted},
		{"another access token", put(token, "access_token", "x"), vneid.ErrRevoked},
		{"no ID token", cut(token, "id_token"), vneid.ErrMalformed},
		{"an ID token with another signature", inside(token, "id_token", part(2, flip)), vneid.ErrSignature},
		{"an ID token about somebody else", inside(token, "id_token", says(1, "sub", "lan")), vneid.ErrSignature},
		{"an ID token at a higher level", inside(token, "id_token", says(1, "acr", "urn:vneid:acr:l2:a4")), vneid.ErrSignature},
		{"an ID token of another issuer", inside(token, "id_token", says(1, "iss", other)), vneid.ErrUntrusted},
		{"an ID token by the attacker's key", inside(token, "id_token", again(evil)), vneid.ErrSignature},
		{"an ID token by nobody", inside(token, "id_token", unsigned), vneid.ErrUntrusted},
		{"an ID token under a MAC", inside(token, "id_token", says(0, "alg", "HS256")), vneid.ErrUntrusted},
		{"an ID token that brings its key", inside(token, "id_token", says(0, "jwk", public(t, "ec", "sig", evil.Public()))), vneid.ErrMalformed},
		{"an ID token of an unknown key", inside(token, "id_token", says(0, "kid", "stranger")), vneid.ErrUntrusted},
		{"an answer about tokens that is a page", answers(token, 200, "Content-Type", "text/html", "<html>"), vneid.ErrMalformed},
		{"a redirect with the code", answers(token, 307, "Location", other, ""), vneid.ErrUnavailable},
		{"an answer about tokens without end", body(token, func(text string) string { return text + strings.Repeat(" ", 2<<20) }), vneid.ErrUnavailable},
		{"other keys under the same names", member(keys, func(o object) { o["keys"] = []object{public(t, "ec", "sig", evil.Public())} }), vneid.ErrSignature},
		{"no keys", put(keys, "keys", []object{}), vneid.ErrUnavailable},

		{"userinfo about somebody else", put(userinfo, "sub", "lan"), vneid.ErrMismatch},
		{"userinfo about nobody", cut(userinfo, "sub"), vneid.ErrMismatch},
		{"userinfo with a member twice", body(userinfo, func(text string) string { return `{"name":"Nguyễn Văn Mẫu",` + text[1:] }), vneid.ErrMalformed},
		{"a number that is none", put(userinfo, "citizen_id", "99909000000"), vneid.ErrMalformed},
	})
	// An ID token of the login before is good but for its nonce.
	if _, err := s.logIn(t, p); err != nil {
		t.Fatal(err)
	}
	keep := inside(token, "id_token", func(now string) string { old = now; return now })
	p.change(func(res *http.Response) error { keep(res); return nil })
	if _, err := s.logIn(t, p); err != nil || old == "" {
		t.Fatal("the twin:", err)
	}
	replay := inside(token, "id_token", earlier(&old))
	p.change(func(res *http.Response) error { replay(res); return nil })
	if id, err := s.logIn(t, p); !errors.Is(err, vneid.ErrMismatch) || id != nil {
		t.Errorf("the ID token of an earlier login: %v", err)
	}
}

// TestAProviderThatWantsNoncesForEver: one repetition, then the refusal stands.
func TestAProviderThatWantsNoncesForEver(t *testing.T) {
	s, p := tampered(t)
	if _, err := s.logIn(t, p); err != nil {
		t.Fatal("the twin:", err)
	}
	before := len(p.asked(token))
	p.change(func(res *http.Response) error {
		if res.Request.URL.Path == token {
			body(token, func(string) string { return `{"error":"use_dpop_nonce"}` })(res)
			res.StatusCode = http.StatusBadRequest
			res.Header.Set("DPoP-Nonce", fmt.Sprint("nonce-", len(p.asked(token))))
		}
		return nil
	})
	id, err := s.logIn(t, p)
	if n := len(p.asked(token)) - before; err == nil || id != nil || n != 2 || !errors.As(err, new(vneid.Kind)) {
		t.Errorf("%d calls, %v", n, err)
	}
}
