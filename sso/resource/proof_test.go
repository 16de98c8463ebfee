package resource

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestABoundTokenPassesWithItsProof(t *testing.T) {
	w := newWorld(t)
	token := w.token(w.bind)
	for _, scheme := range []string{"DPoP", "dpop", "DPOP"} {
		r := w.prove(get(token), token)
		r.Header.Set("Authorization", scheme+" "+token)
		got, err := w.server().Verify(r, Need{Bound: true})
		if err != nil || !got.Bound() {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

func TestAProofThatDiffersInOneThingIsRefused(t *testing.T) {
	w := newWorld(t)
	s := w.server()
	token, now := w.token(w.bind), w.clock()
	other := newSigner(t, "")
	inHead := func(name string, v any) func(h, _ object) { return func(h, _ object) { h[name] = v } }
	without := func(name string) func(_, c object) { return func(_, c object) { delete(c, name) } }
	cases := []struct {
		name   string
		change func(h, c object)
		want   vneid.Kind
	}{
		{"another typ", inHead("typ", "JWT"), vneid.ErrMalformed},
		{"the typ of an access token", inHead("typ", "at+jwt"), vneid.ErrMalformed},
		{"alg none", inHead("alg", "none"), vneid.ErrUntrusted},
		{"a symmetric alg", inHead("alg", "HS256"), vneid.ErrUntrusted},
		{"no key", func(h, _ object) { delete(h, "jwk") }, vneid.ErrMalformed},
		{"a private key", func(h, _ object) { k := w.client.jwk(); k["d"] = hash("d"); h["jwk"] = k }, vneid.ErrMalformed},
		{"a key that is not the signer's", inHead("jwk", other.jwk()), vneid.ErrSignature},
		{"another method", inProof("htm", "POST"), vneid.ErrMismatch},
		{"the method in lower case", inProof("htm", "get"), vneid.ErrMismatch},
		{"another path", inProof("htu", base+"/records/2"), vneid.ErrMismatch},
		{"another host", inProof("htu", "https://other.example/records/1"), vneid.ErrMismatch},
		{"the host of the Host header", inProof("htu", "http://10.0.0.7:8080/records/1"), vneid.ErrMismatch},
		{"another scheme", inProof("htu", "http://api.example/records/1"), vneid.ErrMismatch},
		{"another port", inProof("htu", "https://api.example:8443/records/1"), vneid.ErrMismatch},
		{"a path in other case", inProof("htu", base+"/Records/1"), vneid.ErrMismatch},
		{"a slash more", inProof("htu", base+"/records/1/"), vneid.ErrMismatch},
		{"another token", inProof("ath", hash("x")), vneid.ErrMismatch},
		{"no token", without("ath"), vneid.ErrMismatch},
		{"no jti", without("jti"), vneid.ErrMalformed},
		{"no iat", without("iat"), vneid.ErrMalformed},
		{"no htm", without("htm"), vneid.ErrMalformed},
		{"no htu", without("htu"), vneid.ErrMalformed},
		{"too old", inProof("iat", now.Add(-2*time.Minute-time.Second).Unix()), vneid.ErrExpired},
		{"from the future", inProof("iat", now.Add(61*time.Second).Unix()), vneid.ErrNotYetValid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := s.Verify(w.prove(get(token), token), Need{}); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			_, err := s.Verify(w.prove(get(token), token, c.change), Need{})
			refusedAs(t, err, c.want)
		})
	}
	t.Logf("%d proofs", len(cases))
}

func TestSchemeAndTokenBelongTogether(t *testing.T) {
	w := newWorld(t)
	s := w.server()
	bound, plain := w.token(w.bind), w.token()
	stranger := w.token(func(o object) { o["cnf"] = object{"jkt": newSigner(t, "").thumbprint()} })
	for _, c := range []struct {
		name    string
		request *http.Request
		want    vneid.Kind
	}{
		{"a bound token under Bearer", get(bound), vneid.ErrUntrusted},
		{"a bound token under Bearer, with its proof", func() *http.Request {
			r := w.prove(get(bound), bound)
			r.Header.Set("Authorization", "Bearer "+bound)
			return r
		}(), vneid.ErrUntrusted},
		{"a bearer token under DPoP", w.prove(get(plain), plain), vneid.ErrUntrusted},
		{"a token bound to another key", w.prove(get(stranger), stranger), vneid.ErrMismatch},
		{"a bound token without a proof", func() *http.Request {
			r := w.prove(get(bound), bound)
			r.Header.Del("DPoP")
			return r
		}(), vneid.ErrMalformed},
		{"a bound token with two proofs", func() *http.Request {
			r := w.prove(get(bound), bound)
			r.Header.Add("DPoP", w.proof(r, bound))
			return r
		}(), vneid.ErrMalformed},
		{"a proof that is no token at all", func() *http.Request {
			r := w.prove(get(bound), bound)
			r.Header.Set("DPoP", "yes")
			return r
		}(), vneid.ErrMalformed},
	} {
		_, err := s.Verify(c.request, Need{})
		t.Run(c.name, func(t *testing.T) { refusedAs(t, err, c.want) })
	}
	for name, r := range map[string]*http.Request{"bearer": get(plain), "DPoP": w.prove(get(bound), bound)} {
		if _, err := s.Verify(r, Need{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAProofIsGoodOnceAndOnlyARequestThatPassesUsesIt(t *testing.T) {
	w := newWorld(t)
	s := w.server()
	token := w.token(w.bind)
	r := w.prove(get(token), token)
	_, err := s.Verify(r, Need{Scopes: []string{"write"}})
	refusedAs(t, err, vneid.ErrDenied)
	if _, err = s.Verify(r, Need{}); err != nil {
		t.Fatalf("a refused request used the proof up: %v", err)
	}
	_, err = s.Verify(r, Need{})
	refusedAs(t, err, vneid.ErrReplayed)
	// Under another token of the same key it is for another token before it is a replay.
	again := get("")
	again.Header.Set("Authorization", "DPoP "+w.token(w.bind))
	again.Header.Set("DPoP", r.Header.Get("DPoP"))
	_, err = s.Verify(again, Need{})
	refusedAs(t, err, vneid.ErrMismatch)
	// Another client may choose the same jti.
	stranger := &world{t: t, issuer: w.issuer, client: newSigner(t, ""), now: w.clock()}
	theirs := stranger.token(stranger.bind, set("jti", "theirs"))
	for _, x := range []struct {
		w     *world
		token string
	}{{w, token}, {stranger, theirs}} {
		if _, err := s.Verify(x.w.prove(get(x.token), x.token, inProof("jti", "same")), Need{}); err != nil {
			t.Error(err)
		}
	}
}

// A Replay of the caller's may say anything.
type says struct{ err error }

func (s says) Use(context.Context, vneid.Once) error { return s.err }

func TestAReplayThatCannotTellLetsNobodyThrough(t *testing.T) {
	w := newWorld(t)
	token := w.token(w.bind)
	for _, c := range []struct {
		err    error
		want   vneid.Kind
		status int
	}{
		{errors.New("the database is away"), vneid.ErrUnavailable, 503},
		{vneid.ErrUnavailable, vneid.ErrUnavailable, 503},
		{vneid.ErrReplayed, vneid.ErrReplayed, 401},
		{errors.Join(vneid.ErrReplayed, vneid.ErrUnavailable), vneid.ErrReplayed, 401},
	} {
		s := w.server(func(x *Config) { x.Replay = says{c.err} })
		_, err := s.Verify(w.prove(get(token), token), Need{})
		refusedAs(t, err, c.want)
		rec := httptest.NewRecorder()
		if s.Refuse(rec, err); rec.Code != c.status {
			t.Errorf("%v: %d", c.err, rec.Code)
		}
	}
}

func TestThePathIsTheRequestLines(t *testing.T) {
	w := newWorld(t)
	token := w.token(w.bind)
	for _, c := range []struct{ url, line, htu string }{
		{"https://api.example", "/records/1", "https://api.example/records/1"},
		{"https://api.example/", "/records/1", "https://api.example/records/1"},
		{"https://api.example/v1", "/records/1", "https://api.example/v1/records/1"},
		{"https://API.example:443", "/records/1?q=1", "https://api.example/records/1"},
		{"https://api.example", "/a%2Fb", "https://api.example/a%2fb"},
		{"https://api.example", "/%72ecords", "https://api.example/records"},
		{"https://api.example", "http://evil.example/records/1", "https://api.example/records/1"},
		{"http://localhost:9000", "/", "http://localhost:9000"},
	} {
		s := w.server(func(x *Config) { x.URL = c.url })
		r := httptest.NewRequest(http.MethodGet, c.line, nil)
		r.Host = "evil.example"
		_, err := s.Verify(w.prove(r, token, inProof("htu", c.htu)), Need{})
		if err != nil {
			t.Errorf("%s %s: %v", c.url, c.line, err)
		}
	}
	// A mux and StripPrefix change r.URL, not what the client signed.
	var passed bool
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed = true })
	h := http.StripPrefix("/records", w.server().Require(Need{}, next))
	h.ServeHTTP(httptest.NewRecorder(), w.prove(get(token), token))
	if !passed {
		t.Error("refused behind StripPrefix")
	}
}

func TestNonces(t *testing.T) {
	w := newWorld(t)
	s := w.server(func(x *Config) { x.Nonces = true })
	token := w.token(w.bind, set("exp", w.clock().Add(time.Hour).Unix()))
	var passed int
	h := s.Require(Need{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed++ }))
	call := func(change ...func(h, c object)) *http.Response {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, w.prove(get(token), token, change...))
		return rec.Result()
	}
	res := call()
	nonce := res.Header.Get("DPoP-Nonce")
	if res.StatusCode != 401 || nonce == "" || !strings.Contains(strings.Join(res.Header.Values("WWW-Authenticate"), "\n"), `DPoP error="use_dpop_nonce"`) {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	if res = call(inProof("nonce", nonce)); res.StatusCode != 200 || res.Header.Get("DPoP-Nonce") != "" || passed != 1 {
		t.Errorf("with the nonce: %d %v", res.StatusCode, res.Header)
	}
	for _, wrong := range []any{"", "x", nonce + "A", nonce[:31], strings.ToUpper(nonce), 7, w.server(func(x *Config) { x.Nonces = true }).nonces.at(w.clock())} {
		if res = call(inProof("nonce", wrong)); res.StatusCode != 401 || passed != 1 {
			t.Errorf("%v: %d", wrong, res.StatusCode)
		}
	}
	w.advance(epoch)
	res = call(inProof("nonce", nonce))
	next := res.Header.Get("DPoP-Nonce")
	if res.StatusCode != 200 || next == "" || next == nonce {
		t.Errorf("the successor does not come in time: %d %v", res.StatusCode, res.Header)
	}
	w.advance(epoch)
	if res = call(inProof("nonce", nonce)); res.StatusCode != 401 {
		t.Errorf("a nonce of two epochs ago: %d", res.StatusCode)
	}
	if res = call(inProof("nonce", next)); res.StatusCode != 200 {
		t.Errorf("its successor: %d", res.StatusCode)
	}
}

func TestProcessesThatShareKeysShareNonces(t *testing.T) {
	w := newWorld(t)
	key := func(b byte) []byte { return []byte(strings.Repeat(string(rune(b)), 32)) }
	with := func(keys ...[]byte) *nonces {
		return w.server(func(x *Config) { x.Nonces, x.NonceKeys = true, keys }).nonces
	}
	now := w.clock()
	for _, c := range []struct {
		name      string
		maker, by *nonces
		at        time.Time
		ok        bool
	}{
		{"the same key", with(key('a')), with(key('a')), now, true},
		{"a key on its way out", with(key('a')), with(key('b'), key('a')), now, true},
		{"a clock ahead by an epoch", with(key('a')), with(key('a')), now.Add(-epoch), true},
		{"a clock ahead by two", with(key('a')), with(key('a')), now.Add(-2 * epoch), false},
		{"another key", with(key('a')), with(key('b')), now, false},
		{"another service with the same key", with(key('a')), newNonces([][]byte{key('a')}, issuer, "https://other.example"), now, false},
	} {
		if ok, _ := c.by.good(c.maker.at(now), c.at); ok != c.ok {
			t.Errorf("%s: %v", c.name, ok)
		}
	}
}
