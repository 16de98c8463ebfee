package resource

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

const (
	issuer   = "https://login.example"
	audience = "https://api.example/records"
	base     = "https://api.example"
)

type object = map[string]any

// signer is a P-256 key whose tokens this file makes by itself, so that the server
// never meets only this module's issuer.
type signer struct {
	key  *ecdsa.PrivateKey
	kid  string
	x, y string
}

func newSigner(t testing.TB, kid string) *signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	return &signer{key, kid, b64(point[1:33]), b64(point[33:])}
}

func (s *signer) jwk() object {
	return object{"kty": "EC", "crv": "P-256", "x": s.x, "y": s.y}
}

// thumbprint is RFC 7638's.
func (s *signer) thumbprint() string {
	return hash(`{"crv":"P-256","kty":"EC","x":"` + s.x + `","y":"` + s.y + `"}`)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (s *signer) sign(header, claims object) string {
	part := func(o object) string {
		b, err := json.Marshal(o)
		if err != nil {
			panic(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	input := part(header) + "." + part(claims)
	sum := sha256.Sum256([]byte(input))
	r, v, err := ecdsa.Sign(rand.Reader, s.key, sum[:])
	if err != nil {
		panic(err)
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	v.FillBytes(sig[32:])
	return input + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// world is an issuer, a client with a key of its own, and an API.
type world struct {
	t      testing.TB
	issuer *signer
	client *signer
	keys   *counted
	serial atomic.Int64

	mu  sync.Mutex
	now time.Time
}

// counted is a key set that counts how often it was asked.
type counted struct {
	vneid.KeySet
	asked      atomic.Int64
	generation atomic.Uint64
}

func (c *counted) Verify(ctx context.Context, s vneid.Signed) error {
	c.asked.Add(1)
	return c.KeySet.Verify(ctx, s)
}

func (c *counted) Generation() uint64 { return c.generation.Load() }

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, issuer: newSigner(t, "k1"), client: newSigner(t, ""), now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	w.keys = &counted{KeySet: w.set(w.issuer)}
	return w
}

func (w *world) set(signers ...*signer) vneid.KeySet {
	w.t.Helper()
	var keys []object
	for _, s := range signers {
		k := s.jwk()
		k["kid"], k["alg"] = s.kid, "ES256"
		keys = append(keys, k)
	}
	doc, _ := json.Marshal(object{"keys": keys})
	set, err := jwks.Parse(doc, issuer, vneid.UseAccess)
	if err != nil {
		w.t.Fatal(err)
	}
	return set
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) server(change ...func(*Config)) *Server {
	w.t.Helper()
	c := Config{Issuer: issuer, Audience: audience, URL: base, Keys: w.keys, Now: w.clock}
	for _, f := range change {
		f(&c)
	}
	s, err := New(c)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// lax is s without one check.
func (s *Server) lax(check string) *Server {
	l := *s
	l.without, l.known = check, newMemory(-1)
	return &l
}

// claims are those of a good token.
func (w *world) claims(change ...func(object)) object {
	now := w.clock()
	o := object{
		"iss": issuer, "sub": "pairwise-1", "aud": audience, "client_id": "portal", "jti": fmt.Sprint("t", w.serial.Add(1)),
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "auth_time": now.Add(-time.Minute).Unix(),
		"scope": "records openid", "acr": "urn:vneid:acr:l2:a3",
	}
	for _, f := range change {
		f(o)
	}
	return o
}

func header() object { return object{"alg": "ES256", "typ": "at+jwt", "kid": "k1"} }

func (w *world) token(change ...func(object)) string {
	return w.issuer.sign(header(), w.claims(change...))
}

func (w *world) bind(o object) { o["cnf"] = object{"jkt": w.client.thumbprint()} }

// proof is a good proof for a request with a token.
func (w *world) proof(r *http.Request, token string, change ...func(header, claims object)) string {
	h := object{"alg": "ES256", "typ": "dpop+jwt", "jwk": w.client.jwk()}
	c := object{
		"jti": fmt.Sprint("p", w.serial.Add(1)), "iat": w.clock().Unix(), "htm": r.Method,
		"htu": base + r.URL.Path, "ath": hash(token),
	}
	for _, f := range change {
		f(h, c)
	}
	return w.client.sign(h, c)
}

func get(token string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://10.0.0.7:8080/records/1", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// prove makes r a request under DPoP.
func (w *world) prove(r *http.Request, token string, change ...func(header, claims object)) *http.Request {
	r.Header.Set("Authorization", "DPoP "+token)
	r.Header.Set("DPoP", w.proof(r, token, change...))
	return r
}

// refusedAs fails unless err has exactly the kind.
func refusedAs(t testing.TB, err error, want vneid.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("passed, want %v", want)
	}
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) != (k == want) {
			t.Fatalf("%v: kind %v, want exactly %v", err, k, want)
		}
	}
	if rest, ok := strings.CutPrefix(err.Error(), "resource: "); !ok || strings.Contains(rest, ": ") && !strings.HasPrefix(rest, "the access token: ") {
		t.Errorf("%q lacks its one prefix", err)
	}
}

func set(name string, value any) func(object) { return func(o object) { o[name] = value } }
func drop(name string) func(object)           { return func(o object) { delete(o, name) } }

func inProof(name string, value any) func(header, claims object) {
	return func(_, claims object) { maps.Copy(claims, object{name: value}) }
}
