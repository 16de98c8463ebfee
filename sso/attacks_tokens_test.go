package sso

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// A5, A7: something good is used again, or at another time.
var againUsed = []attack{
	{"A5 a session finishes a second login", "once", vneid.ErrReplayed, nil, func(a *arena) error {
		a.o.noPKCE = true
		s, raw := a.begin(Ask{})
		if err := a.finish(s, raw); err != nil {
			a.t.Fatal(err)
		}
		a.o.grants["again"] = query("redirect_uri=" + url.QueryEscape(s.data().Redirect) + "&nonce=" + s.data().Nonce)
		return a.finish(s, with("code", "again")(raw, query(raw)))
	}},
	{"A5 FAPI2: a session finishes a second login", "once", vneid.ErrReplayed, strict(), func(a *arena) error {
		a.o.noPKCE = true
		s, raw := a.begin(Ask{})
		if err := a.finish(s, raw); err != nil {
			a.t.Fatal(err)
		}
		a.o.grants["again"] = query("redirect_uri=" + url.QueryEscape(s.data().Redirect) + "&nonce=" + s.data().Nonce + "&dpop_jkt=" + a.o.fapi.bound)
		return a.finish(s, with("code", "again")(raw, query(raw)))
	}},
	{"A7 the ID token is over", "exp", vneid.ErrExpired, nil, late(-61 * time.Second)},
	{"A7 the ID token was over minutes ago", "exp", vneid.ErrExpired, nil, late(-8 * time.Minute)},
	{"A7 the ID token is older than the login", "iat", vneid.ErrMismatch, nil, replies(spans(-2*time.Minute, time.Minute))},
	{"A7 the ID token is a day old", "iat", vneid.ErrMismatch, nil, replies(spans(-23*time.Hour, 30*time.Minute))},
	{"A7 the ID token is of tomorrow", "iat", vneid.ErrNotYetValid, nil, replies(spans(20*time.Hour, 21*time.Hour))},
	{"A7 the ID token is not valid yet", "nbf", vneid.ErrNotYetValid, nil, replies(shift("nbf", time.Hour))},
	{"A7 the ID token lives for a month", "life", vneid.ErrUntrusted, nil, replies(shift("exp", 30*24*time.Hour))},
	{"A7 the ID token lives for ever", "life", vneid.ErrUntrusted, nil, replies(claim("exp", 253402300799))},
	{"A7 the person authenticates tomorrow", "auth-time", vneid.ErrNotYetValid, nil, replies(shift("auth_time", 24*time.Hour))},
}

// late is a login of nine minutes that ends with a token of which exp is over.
func late(exp time.Duration) func(*arena) error {
	return func(a *arena) error {
		s, raw := a.begin(Ask{})
		a.o.clock.advance(9 * time.Minute)
		spans(exp-time.Second, exp)(a.o)
		return a.finish(s, raw)
	}
}

// spans gives the ID token a life from and to, counted from now.
func spans(from, to time.Duration) func(*op) {
	return func(o *op) {
		o.claims = func(c object) {
			c["iat"], c["exp"] = o.clock.now().Add(from).Unix(), o.clock.now().Add(to).Unix()
		}
	}
}

// A8: a token or an answer is put in the place of another.
var substituted = []attack{
	{"A8 the access token is another than the ID token's", "at-hash", vneid.ErrSignature, nil, replies(claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"))},
	{"A8 the hash is that of another token", "at-hash", vneid.ErrSignature, nil, replies(func(o *op) {
		o.claims = func(c object) { c["at_hash"] = c["at_hash"].(string)[1:] + "A" }
	})},
	{"A8 userinfo is about somebody else", "userinfo-sub", vneid.ErrMismatch, nil, replies(tells("sub", "another"))},
	{"A8 userinfo is about nobody", "userinfo-sub", vneid.ErrMismatch, nil, replies(func(o *op) {
		o.userinfo = func(v object) { delete(v, "sub") }
	})},
	{"A8 userinfo is about the subject in capitals", "userinfo-sub", vneid.ErrMismatch, nil, replies(tells("sub", "PAIRWISE-1"))},
	{"A8 FAPI2: userinfo is about somebody else", "userinfo-sub", vneid.ErrMismatch, strict(), replies(tells("sub", "another"))},
	{"A8 the ID token is for another party", "aud", vneid.ErrMismatch, nil, replies(claim("aud", "other"))},
	{"A8 the ID token is for the party in capitals", "aud", vneid.ErrMismatch, nil, replies(claim("aud", "PORTAL:1"))},
	{"A8 the ID token is for two parties", "aud", vneid.ErrMismatch, nil, replies(claim("aud", []string{"portal:1", "other"}))},
	{"A8 the ID token is for another party first", "aud", vneid.ErrMismatch, nil, replies(claim("aud", []string{"other", "portal:1"}))},
	{"A8 the ID token is for the party twice", "aud", vneid.ErrMismatch, nil, replies(claim("aud", []string{"portal:1", "portal:1"}))},
	{"A8 the ID token is for nobody", "aud", vneid.ErrMismatch, nil, replies(claim("aud", []string{}))},
	{"A8 the ID token was issued to another party", "azp", vneid.ErrMismatch, nil, replies(claim("azp", "other"))},
	{"A8 the ID token was issued to an empty party", "azp", vneid.ErrMismatch, nil, replies(claim("azp", ""))},
	{"A8 another person steps up", "subject", vneid.ErrMismatch, nil, replies(func(*op) {}, Ask{Subject: "pairwise-9"})},
	{"A8 another person steps up, whose subject begins alike", "subject", vneid.ErrMismatch, nil, replies(func(*op) {}, Ask{Subject: "pairwise-10"})},
	{"A8 the ID token is signed by another key", "signature", vneid.ErrSignature, nil, replies(forged)},
	{"A8 the ID token's signature is of another token", "signature", vneid.ErrSignature, nil, replies(broken)},
	{"A8 the ID token was changed after it was signed", "signature", vneid.ErrSignature, nil, replies(func(o *op) {
		o.idToken = rewritten(replaced(`"pairwise-1"`, `"pairwise-2"`))
		o.userinfo = func(v object) { v["sub"] = "pairwise-2" }
	})},
	{"A8 the level was raised after it was signed", "signature", vneid.ErrSignature, nil, func(a *arena) error {
		a.o.level, a.o.auth = 1, 1
		a.o.idToken = rewritten(func(s string) string {
			return strings.NewReplacer(wire.ACR(1, 1), wire.ACR(2, 4), `"account_level":1`, `"account_level":2`).Replace(s)
		})
		_, err := logIn(a.c, a.o, Ask{Need: vneid.Assurance{Level: 2, Auth: 4}})
		return err
	}},
	{"A8 the ID token is signed by a key that nobody published", "signature", vneid.ErrUntrusted, nil, replies(all(forged, head("kid", "k9")))},
	{"A8 FAPI2: the access token is not bound to a key", "bound", vneid.ErrUntrusted, strict(), replies(gives("token_type", "Bearer"))},
	{"A8 the access token is not bound although a key was named", "bound", vneid.ErrUntrusted, bound(), replies(gives("token_type", "Bearer"))},
	{"A8 a token of a browser's login ends one begun at a counter", "nonce", vneid.ErrMismatch, nil, func(a *arena) error {
		_, err := a.c.Identify(a.t.(*testing.T).Context(), login.Tokens{ID: a.o.mint("a browser's", "at-canary-7f3a"), Access: "at-canary-7f3a"},
			login.Expect{Begun: a.o.clock.now()}, sealOwn)
		return err
	}},
}

// rewritten changes the payload of a signed token and leaves the signature.
func rewritten(f func(string) string) func(string) string {
	return func(token string) string {
		p := strings.Split(token, ".")
		b, err := base64.RawURLEncoding.DecodeString(p[1])
		if err != nil {
			panic(err)
		}
		return p[0] + "." + encode([]byte(f(string(b)))) + "." + p[2]
	}
}

// forged signs with the attacker's own key, under the provider's key id.
func forged(o *op) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		o.t.Fatal(err)
	}
	o.sign = func(in string) []byte { return signES256(key, in) }
}

// bound is a client of Standard with a key for its tokens.
func bound() func(testing.TB) *arena {
	return func(t testing.TB) *arena {
		a := strict(func(c *Config) {
			key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			c.Profile, c.DPoPKey = Standard, key
		})(t)
		return a
	}
}

// A9: the login is weaker than what was asked for.
var downgraded = []attack{
	{"A9 account level 1 where 2 was asked", "level", vneid.ErrLevel, nil, weak(1, 4, Ask{Need: vneid.Assurance{Level: 2}})},
	{"A9 authentication level 2 where 3 was asked", "level", vneid.ErrLevel, nil, weak(2, 2, Ask{Need: vneid.Assurance{Auth: 3}})},
	{"A9 authentication level 1 where 4 was asked", "level", vneid.ErrLevel, nil, weak(2, 1, Ask{Need: vneid.Assurance{Auth: 4}})},
	{"A9 no acr at all", "level", vneid.ErrLevel, nil, replies(drop("acr"), Ask{Need: vneid.Assurance{Auth: 1}})},
	{"A9 an acr of another provider", "level", vneid.ErrLevel, nil, replies(claim("acr", "urn:example:gold"), Ask{Need: vneid.Assurance{Auth: 1}})},
	{"A9 an acr in capitals", "level", vneid.ErrLevel, nil, replies(func(o *op) {
		o.claims = func(c object) { c["acr"] = strings.ToUpper(c["acr"].(string)) }
	}, Ask{Need: vneid.Assurance{Auth: 2}})},
	{"A9 an authentication of an hour ago where five minutes were asked", "level", vneid.ErrLevel, nil, replies(shift("auth_time", -time.Hour), Ask{MaxAge: 5 * time.Minute})},
	{"A9 an authentication of before where a new one was asked", "level", vneid.ErrLevel, nil, replies(shift("auth_time", -2*time.Minute), Ask{Prompt: "login"})},
	{"A9 no time of authentication where a new one was asked", "level", vneid.ErrLevel, nil, replies(drop("auth_time"), Ask{Prompt: "login"})},
	{"A9 the two claims of the level disagree", "levels", vneid.ErrMalformed, nil, replies(claim("account_level", 1), Ask{Need: vneid.Assurance{Level: 2}})},
	{"A9 the account is locked", "locks", vneid.ErrLocked, nil, replies(claim(wire.Account, "locked"))},
	{"A9 the account is in a state that nobody knows", "locks", vneid.ErrLocked, nil, replies(claim(wire.Account, "canary"))},
	{"A9 userinfo knows that the account is locked", "locks", vneid.ErrLocked, nil, replies(tells(wire.Account, "locked"))},
	{"A9 the electronic identity card is locked where level 2 was asked", "level", vneid.ErrLocked, nil, replies(claim(wire.EIDStatus, "locked"), Ask{Need: vneid.Assurance{Level: 2}})},
	{"A9 userinfo knows that the electronic identity card is locked", "level", vneid.ErrLocked, nil, replies(tells(wire.EIDStatus, "locked"), Ask{Need: vneid.Assurance{Level: 2}})},
	{"A9 the electronic identity card is locked where that refuses every login", "locks", vneid.ErrLocked, standard(func(c *Config) { c.RefuseLockedEID = true }), replies(claim(wire.EIDStatus, "locked"))},
	{"A9 FAPI2: account level 1 where 2 was asked", "level", vneid.ErrLevel, strict(), weak(1, 4, Ask{Need: vneid.Assurance{Level: 2}})},
	{"A9 nobody signed what a page for the signed asks", "integrity", vneid.ErrUntrusted, nil, func(a *arena) error {
		return a.c.satisfiesFor(TransportOnly)
	}},
}

// satisfiesFor asks of a session of that integrity what Require does.
func (c *Client) satisfiesFor(i Integrity) error {
	id, f := newIdentity()
	f.integrity, f.subject = i, "pairwise-1"
	if err := c.satisfies(id, Ask{}); err != nil {
		return &sayer{err}
	}
	return nil
}

// sayer puts the prefix on that Require puts on.
type sayer struct{ error }

func (s *sayer) Error() string { return "sso: " + s.error.Error() }
func (s *sayer) Unwrap() error { return s.error }

func weak(level, auth int, ask Ask) func(*arena) error {
	return func(a *arena) error {
		a.o.level, a.o.auth = level, auth
		_, err := logIn(a.c, a.o, ask)
		return err
	}
}

// A15: the request, or the signed response, is changed on its way.
var responses = []attack{
	{"A15 JARM: the response is unsigned parameters", "jarm", vneid.ErrUntrusted, strict(jarm), func(a *arena) error {
		s, raw := a.begin(Ask{})
		_, claims, ok := jwt(query(raw).Get("response"), func(object) *ecdsa.PublicKey { return &a.o.key.PublicKey })
		if !ok {
			a.t.Fatal("no signed response to strip")
		}
		v := url.Values{}
		for _, name := range []string{"code", "state", "iss"} {
			v.Set(name, claims[name].(string))
		}
		return a.finish(s, v.Encode())
	}},
	{"A15 JARM: unsigned parameters next to the response", "jarm", vneid.ErrUntrusted, strict(jarm), callback(func(q string, _ url.Values) string { return q + "&code=theirs" })},
	{"A15 JARM: another provider's response", "jarm-iss", vneid.ErrMismatch, strict(jarm), replies(jarmSays("iss", "https://evil.example"))},
	{"A15 JARM: a response of no provider", "jarm-iss", vneid.ErrMismatch, strict(jarm), replies(jarmLacks("iss"))},
	{"A15 JARM: a response for another party", "jarm-aud", vneid.ErrMismatch, strict(jarm), replies(jarmSays("aud", "other"))},
	{"A15 JARM: a response for two parties", "jarm-aud", vneid.ErrMismatch, strict(jarm), replies(jarmSays("aud", []string{"portal:1", "other"}))},
	{"A15 JARM: a response for nobody", "jarm-aud", vneid.ErrMismatch, strict(jarm), replies(jarmLacks("aud"))},
	{"A15 JARM: a response that is over", "jarm-exp", vneid.ErrExpired, strict(jarm), replies(jarmEnds(-2 * time.Minute))},
	{"A15 JARM: a response without an end", "jarm-exp", vneid.ErrMalformed, strict(jarm), replies(jarmLacks("exp"))},
	{"A15 JARM: a response that is good for a day", "jarm-exp", vneid.ErrUntrusted, strict(jarm), replies(jarmEnds(24 * time.Hour))},
	{"A15 JARM: a response signed by another key", "jarm-signature", vneid.ErrSignature, strict(jarm), replies(func(o *op) { o.fapi.signed = signedByAnother(o) })},
	{"A15 JARM: a response signed by a key that nobody published", "jarm-signature", vneid.ErrUntrusted, strict(jarm), replies(func(o *op) {
		o.fapi.header = func(h object) { h["kid"] = "k9" }
		o.fapi.signed = signedByAnother(o)
	})},
	{"A15 JARM: the code in it was changed", "jarm-signature", vneid.ErrSignature, strict(jarm), func(a *arena) error {
		a.o.noPKCE = true
		a.o.fapi.signed = func(s string) string {
			for code := range a.o.grants {
				a.o.grants["theirs"] = a.o.grants[code]
			}
			return rewritten(func(p string) string {
				i := strings.Index(p, `"code":"`) + 8
				return p[:i] + "theirs" + p[i+strings.IndexByte(p[i:], '"'):]
			})(s)
		}
		_, err := logIn(a.c, a.o, Ask{})
		return err
	}},
	{"A15 PAR: the answer says that the request is over", "par-life", vneid.ErrMalformed, strict(), replies(func(o *op) {
		o.fapi.answer = func(v object) { v["expires_in"] = 0 }
	})},
	{"A15 PAR: the answer says no end", "par-life", vneid.ErrMalformed, strict(), replies(func(o *op) {
		o.fapi.answer = func(v object) { delete(v, "expires_in") }
	})},
	{"A15 the ID token comes unencrypted", "encrypted", vneid.ErrUntrusted, openable, replies(func(o *op) { o.idToken = nil })},
	{"A12 FAPI2: the provider takes secrets alone", "offer", vneid.ErrUntrusted, strict(), fresh(metadataSays("token_endpoint_auth_methods_supported", []string{"client_secret_basic"}))},
	{"A12 FAPI2: the provider does not say how clients authenticate", "offer", vneid.ErrUntrusted, strict(), fresh(metadataSays("token_endpoint_auth_methods_supported", nil))},
	{"A12 FAPI2: the provider takes weaker assertions alone", "offer", vneid.ErrUntrusted, strict(), fresh(metadataSays("token_endpoint_auth_signing_alg_values_supported", []string{"RS256"}))},
	{"A12 FAPI2: the provider binds no tokens", "offer", vneid.ErrUntrusted, strict(), fresh(metadataSays("dpop_signing_alg_values_supported", nil))},
	{"A12 FAPI2: the provider binds tokens to weaker keys alone", "offer", vneid.ErrUntrusted, strict(), fresh(metadataSays("dpop_signing_alg_values_supported", []string{"RS256"}))},
	{"A12 JARM: the provider signs no responses", "offer", vneid.ErrUntrusted, strict(jarm), fresh(metadataSays("response_modes_supported", []string{"query"}))},
}

// openable is a client whose ID tokens are encrypted to it.
func openable(t testing.TB) *arena {
	key := p256(t)
	a := standard(func(c *Config) { c.Decrypt = []crypto.PrivateKey{key} })(t)
	encrypting(a.o, &key.PublicKey)
	return a
}

func jarmEnds(d time.Duration) func(*op) {
	return func(o *op) { o.fapi.response = func(c object) { c["exp"] = o.clock.now().Add(d).Unix() } }
}

// K1: whoever writes the metadata sends requests, and what they carry, elsewhere.
// The trap answers as the provider does, so that a login which goes there passes.
var astray = []attack{
	{"K1 the code and the secret go to another host", "endpoint-host", vneid.ErrUntrusted, direct(), trapped("token_endpoint", "/token")},
	{"K1 the access token goes to another host", "endpoint-host", vneid.ErrUntrusted, direct(), trapped("userinfo_endpoint", "/userinfo")},
	{"K1 the keys come from another host", "endpoint-host", vneid.ErrUntrusted, direct(), trapped("jwks_uri", "/jwks")},
	{"K1 the browser goes to another host", "endpoint-host", vneid.ErrUntrusted, direct(), func(a *arena) error {
		return sent(a, "http://localhost/authorize", "http://localhost/authorize")
	}},
	{"K1 the browser goes to a host that begins alike", "endpoint-host", vneid.ErrUntrusted, direct(), func(a *arena) error {
		return sent(a, "https://127.0.0.1.evil.example/authorize", "https://127.0.0.1.evil.example/")
	}},
	{"K1 the browser goes to a port of another host", "endpoint-host", vneid.ErrUntrusted, direct(), func(a *arena) error {
		return sent(a, "https://evil.example:443/authorize", "https://evil.example:443/")
	}},
	{"K1 the browser goes where http is not loopback's", "endpoint-scheme", vneid.ErrUntrusted, direct(), func(a *arena) error {
		a.c.cfg.Hosts = []string{"id.example"}
		return sent(a, "http://id.example/authorize", "http://id.example/")
	}},
	{"K1 the browser runs a script", "endpoint-scheme", vneid.ErrUntrusted, direct(), func(a *arena) error {
		return sent(a, "javascript://127.0.0.1/%0aalert(1)", "javascript:")
	}},
	{"K1 the browser carries a password along", "endpoint-scheme", vneid.ErrUntrusted, direct(), func(a *arena) error {
		return sent(a, "http://user:pass@127.0.0.1/authorize", "http://user:pass@")
	}},
}

// direct is a client whose own transport answers for the addresses, so that nothing
// but the rules of the metadata keeps it from the trap.
func direct() func(testing.TB) *arena {
	return standard(func(c *Config) { c.HTTP = &http.Client{Transport: http.DefaultTransport} })
}

// trapped is a login with one endpoint on another host; the attack succeeded if it
// was called there.
func trapped(endpoint, path string) func(*arena) error {
	return func(a *arena) error {
		caught := 0
		trap := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			caught++
			a.o.srv.Config.Handler.ServeHTTP(w, r)
		}))
		a.t.Cleanup(trap.Close)
		metadataSays(endpoint, strings.Replace(trap.URL, "127.0.0.1", "localhost", 1)+path)(a.o)
		a.c.provider.Forget()
		_, err := logIn(a.c, a.o, Ask{})
		if err == nil && caught == 0 {
			a.t.Error("the trap is not reached")
		}
		if err != nil && caught > 0 {
			a.t.Error("the trap was reached")
		}
		return err
	}
}

// sent is a login that sends the browser to an address.
func sent(a *arena, where, want string) error {
	metadataSays("authorization_endpoint", where)(a.o)
	a.c.provider.Forget()
	to, _, err := a.c.Begin(a.t.(*testing.T).Context(), Ask{})
	if err == nil && !strings.HasPrefix(to, want) {
		a.t.Error("sent elsewhere")
	}
	return err
}
