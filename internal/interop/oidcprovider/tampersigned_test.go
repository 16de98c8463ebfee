package oidcprovider

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestWhatIsChangedInSignedResponsesIsRefused(t *testing.T) {
	s, p := tampered(t, jarm, signed)
	evil := ecKey(t)
	response := func(change func(string) string) alteration {
		return back(func(q url.Values) { q.Set("response", change(q.Get("response"))) })
	}
	info := func(change func(string) string) alteration { return body(userinfo, change) }
	play(t, s, p, []attack{
		{"no response", back(func(q url.Values) { q.Del("response") }), vneid.ErrUntrusted},
		{"a plain response", back(func(q url.Values) { q.Del("response"); q.Set("code", "x"); q.Set("state", "y") }), vneid.ErrUntrusted},
		{"a plain code beside it", back(func(q url.Values) { q.Set("code", "x") }), vneid.ErrUntrusted},
		{"another signature", response(part(2, flip)), vneid.ErrSignature},
		{"another code", response(says(1, "code", "x")), vneid.ErrSignature},
		{"another state", response(says(1, "state", "x")), vneid.ErrMismatch},
		{"another issuer", response(says(1, "iss", "https://evil.example")), vneid.ErrMismatch},
		{"another audience", response(says(1, "aud", "another")), vneid.ErrMismatch},
		{"over", response(says(1, "exp", 1)), vneid.ErrExpired},
		{"good for ever", response(says(1, "exp", 4000000000)), vneid.ErrUntrusted},
		{"by the attacker's key", response(again(evil)), vneid.ErrSignature},
		{"by nobody", response(unsigned), vneid.ErrUntrusted},
		{"not offered", put(discovery, "response_modes_supported", []string{"query", "fragment"}), vneid.ErrUntrusted},

		{"userinfo with another signature", info(part(2, flip)), vneid.ErrSignature},
		{"userinfo about somebody else", info(says(1, "sub", "lan")), vneid.ErrSignature},
		{"userinfo for another party", info(says(1, "aud", "another")), vneid.ErrSignature},
		{"userinfo of another issuer", info(says(1, "iss", "https://evil.example")), vneid.ErrUntrusted},
		{"userinfo by nobody", info(unsigned), vneid.ErrUntrusted},
		{"userinfo by the attacker's key", info(again(evil)), vneid.ErrSignature},
		{"userinfo in plain JSON", answers(userinfo, 200, "Content-Type", "application/json", `{"sub":"dung","name":"Nguyễn Văn Mẫu"}`), vneid.ErrUntrusted},
	})
	// What is signed by the right key for this party, and of another sort.
	kept := map[string]string{}
	p.change(func(res *http.Response) error {
		back(func(q url.Values) { kept["response"] = q.Get("response") })(res)
		inside(token, "id_token", func(now string) string { kept["ID token"] = now; return now })(res)
		info(func(now string) string { kept["userinfo"] = now; return now })(res)
		return nil
	})
	if _, err := s.logIn(t, p); err != nil || len(kept) != 3 {
		t.Fatal("the twin:", err, len(kept))
	}
	for sort, in := range map[string]func(string) alteration{
		"response": func(v string) alteration { return response(func(string) string { return v }) },
		"ID token": func(v string) alteration { return put(token, "id_token", v) },
		"userinfo": func(v string) alteration { return info(func(string) string { return v }) },
	} {
		for other, v := range kept {
			if sort == "userinfo" && other == sort {
				continue // of the same person a minute ago: it has no nonce, and need not
			}
			p.change(func(res *http.Response) error { in(v)(res); return nil })
			if id, err := s.logIn(t, p); err == nil || id != nil || !errors.As(err, new(vneid.Kind)) {
				t.Errorf("an earlier %s as %s: %v", other, sort, err)
			}
		}
	}
}

func TestWhatIsChangedInEncryptedTokensIsRefused(t *testing.T) {
	key := ecKey(t)
	s, p := tampered(t, sealed(t, key, "ECDH-ES+A256KW", "A256CBC-HS512"))
	seal := func(change func(string) string) alteration { return inside(token, "id_token", change) }
	attacks := []attack{
		{"an ID token that is not encrypted", seal(func(string) string { return "e30.e30.AAAA" }), vneid.ErrUntrusted},
		{"a header for another party", seal(says(0, "aud", "another")), vneid.ErrMalformed},
		{"a header with zip", seal(says(0, "zip", "DEF")), vneid.ErrMalformed},
		{"a header with another algorithm", seal(says(0, "alg", "ECDH-ES")), vneid.ErrMalformed},
		{"a header with RSA1_5", seal(says(0, "alg", "RSA1_5")), vneid.ErrMalformed},
		{"a header with another kid", seal(says(0, "kid", "another")), vneid.ErrMalformed},
	}
	for i, name := range []string{"", "wrapped key", "initialisation vector", "ciphertext", "tag"} {
		if name != "" {
			attacks = append(attacks,
				attack{"another " + name, seal(part(i, flip)), vneid.ErrMalformed},
				attack{"another " + name + " of userinfo", body(userinfo, part(i, flip)), vneid.ErrMalformed})
		}
	}
	play(t, s, p, attacks)
}
