package resource

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// attack is one way to get in that one check stops. Its twin is the honest request.
type attack struct {
	id, name string
	check    string // the one that stops it
	config   func(*Config)
	need     Need
	twin     func() *http.Request
	do       func() *http.Request
	want     vneid.Kind
}

// attacks are those of a stolen or substituted token and of a lowered level
// (A7, A8, A9), against an API.
func attacks(t *testing.T, w *world) []attack {
	bound, thief := w.token(w.bind), newSigner(t, "")
	bearer := func(change ...func(object)) func() *http.Request {
		return func() *http.Request { return get(w.token(change...)) }
	}
	proven := func(change ...func(h, c object)) func() *http.Request {
		return func() *http.Request { return w.prove(get(bound), bound, change...) }
	}
	// A proof that somebody saw on its way, sent once by its owner.
	used := func(s *Config) {
		m := vneid.NewMemoryReplay(0, w.clock)
		if err := m.Use(t.Context(), vneid.Once{Use: useProof, Issuer: w.client.thumbprint(), ID: "seen", Issued: w.clock(), Until: w.clock().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		s.Replay = m
	}
	forgetful := func(s *Config) { s.Replay = says{nil} } // a store of the caller's that looks at no times
	nonced := func(c *Config) { c.Nonces, c.NonceKeys = true, [][]byte{make([]byte, 32)} }
	nonce := newNonces([][]byte{make([]byte, 32)}, issuer, audience).at(w.clock())
	old := w.clock().Add(-time.Hour)
	return []attack{
		{"A7", "a stolen bound token under Bearer", checkBinding, nil, Need{}, proven(), func() *http.Request { return get(bound) }, vneid.ErrUntrusted},
		{"A7", "a bearer token where only bound ones pass", checkBinding, nil, Need{Bound: true}, proven(), bearer(), vneid.ErrUntrusted},
		{"A7", "a proof sent again", checkReplay, used, Need{}, proven(inProof("jti", "other")), proven(inProof("jti", "seen")), vneid.ErrReplayed},
		{"A7", "a proof made ahead of time", checkNonce, nonced, Need{}, proven(inProof("nonce", nonce)), proven(), vneid.ErrExpired},
		{"A7", "a proof with an invented nonce", checkNonce, nonced, Need{}, proven(inProof("nonce", nonce)), proven(inProof("nonce", hash("x"))), vneid.ErrExpired},
		{"A7", "a proof of this morning", checkAge, forgetful, Need{}, proven(), proven(inProof("iat", old.Unix())), vneid.ErrExpired},
		{"A7", "an old token", checkTimes, nil, Need{}, bearer(), bearer(set("iat", old.Unix()), set("exp", old.Add(5*time.Minute).Unix())), vneid.ErrExpired},
		{"A7", "a token that begins tomorrow", checkTimes, nil, Need{}, bearer(), bearer(set("nbf", w.clock().Add(24*time.Hour).Unix())), vneid.ErrNotYetValid},
		{"A7", "a token that was ended", checkRevoked, func(c *Config) { c.Revoked = onlySubject("pairwise-1") }, Need{}, bearer(), bearer(set("sub", "pairwise-2")), vneid.ErrRevoked},
		{"A8", "a token of another API", checkAudience, nil, Need{}, bearer(), bearer(set("aud", "https://other.example")), vneid.ErrMismatch},
		{"A8", "a token of several other APIs", checkAudience, nil, Need{}, bearer(), bearer(set("aud", []string{"a", "b"})), vneid.ErrMismatch},
		{"A8", "a second token in the URL", checkPlaces, nil, Need{}, bearer(), func() *http.Request {
			r := bearer()()
			r.URL.RawQuery = "access_token=" + w.token(set("sub", "victim"))
			return r
		}, vneid.ErrMalformed},
		{"A8", "a proof's key beside a token that is not bound", checkBinding, nil, Need{}, proven(), func() *http.Request {
			plain := w.token()
			r := w.prove(get(plain), plain)
			r.Header.Set("DPoP", w.attackerProof(r, plain, thief))
			return r
		}, vneid.ErrUntrusted},
		{"A8", "a token for less", checkScope, nil, Need{Scopes: []string{"records"}}, bearer(), bearer(set("scope", "openid")), vneid.ErrDenied},
		{"A9", "account level 1 for level 2", checkAssurance, nil, Need{Assurance: vneid.Assurance{Level: 2}}, bearer(), bearer(set("acr", "urn:vneid:acr:l1:a3")), vneid.ErrLevel},
		{"A9", "one factor for three", checkAssurance, nil, Need{Assurance: vneid.Assurance{Auth: 3}}, bearer(), bearer(set("acr", "urn:vneid:acr:l2:a1")), vneid.ErrLevel},
		{"A9", "no word on the level", checkAssurance, nil, Need{Assurance: vneid.Assurance{Level: 2}}, bearer(), bearer(drop("acr")), vneid.ErrLevel},
		{"A9", "an old login for a fresh one", checkAssurance, nil, Need{MaxAge: time.Minute}, bearer(), bearer(set("auth_time", old.Unix())), vneid.ErrLevel},
		{"A9", "no word on when", checkAssurance, nil, Need{MaxAge: time.Minute}, bearer(), bearer(drop("auth_time")), vneid.ErrLevel},
		{"A9", "the card's lock forgotten", checkAssurance, nil, Need{Assurance: vneid.Assurance{Level: 2}}, bearer(), bearer(set("eid_status", "locked")), vneid.ErrLocked},
	}
}

// attackerProof is a flawless proof by another key.
func (w *world) attackerProof(r *http.Request, token string, by *signer) string {
	other := &world{t: w.t, client: by, now: w.clock()}
	return other.proof(r, token)
}

func onlySubject(name string) func(context.Context, *Token) error {
	return func(_ context.Context, t *Token) error {
		if t.Subject() != name {
			return vneid.ErrRevoked
		}
		return nil
	}
}

// Each attack fails, its twin passes, and the attack succeeds when the one check
// that it aims at is taken out.
func TestAttacks(t *testing.T) {
	w := newWorld(t)
	list := attacks(t, w)
	for _, a := range list {
		t.Run(a.id+" "+a.name, func(t *testing.T) {
			server := func() *Server {
				return w.server(func(c *Config) {
					if a.config != nil {
						a.config(c)
					}
				})
			}
			if _, err := server().Verify(a.twin(), a.need); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			_, err := server().Verify(a.do(), a.need)
			refusedAs(t, err, a.want)
			if _, err := server().lax(a.check).Verify(a.do(), a.need); err != nil {
				t.Fatalf("fails without the check of %s too: %v", a.check, err)
			}
			t.Logf("pair %s %s: stopped by %s, succeeds without", a.id, a.name, a.check)
		})
	}
	t.Logf("%d attacks", len(list))
}

// The signature is not ours to take out: a key set that checks none stands in.
type gullible struct{ vneid.KeySet }

func (gullible) Verify(context.Context, vneid.Signed) error { return nil }

func TestForgedTokensPassOnlyAGullibleKeySet(t *testing.T) {
	w := newWorld(t)
	doc := `{"keys":[]}`
	if _, err := jwks.Parse([]byte(doc), issuer, vneid.UseAccess); err == nil {
		t.Error("a set without keys")
	}
	forged := w.client.sign(header(), w.claims())
	_, err := w.server().Verify(get(forged), Need{})
	refusedAs(t, err, vneid.ErrSignature)
	if _, err := w.server(func(c *Config) { c.Keys = gullible{} }).Verify(get(forged), Need{}); err != nil {
		t.Error(err)
	}
}
