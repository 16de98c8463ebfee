package jwks_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

const issuer = "https://op.example"

// signer is an Ed25519 key with the kid under which it is published.
type signer struct {
	kid string
	key ed25519.PrivateKey
}

func newSigner(kid string) signer {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	must(err)
	return signer{kid, key}
}

func (s signer) sign(t testing.TB) vneid.Signed {
	t.Helper()
	input := []byte("signed by " + s.kid)
	sig, err := jws.Sign("EdDSA", s.key, input)
	if err != nil {
		t.Fatal(err)
	}
	return vneid.Signed{Use: vneid.UseIDToken, Issuer: issuer, Alg: "EdDSA", KeyID: s.kid, Input: input, Signature: sig}
}

func document(signers ...signer) []byte {
	keys := make([]jwx.Key, len(signers))
	for i, s := range signers {
		keys[i] = jwx.Key{Public: s.key.Public(), ID: s.kid}
	}
	doc, err := jwx.Marshal(keys...)
	must(err)
	return doc
}

func marshal(t testing.TB, public crypto.PublicKey, kid, alg string) string {
	t.Helper()
	text, err := jwx.MarshalKey(jwx.Key{Public: public, ID: kid, Alg: alg})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// publisher answers for an issuer without a network.
type publisher struct {
	mu      sync.Mutex
	fetches int
	answer  func(*http.Request) (*http.Response, error)
}

func publish(doc []byte, headers ...string) *publisher {
	p := &publisher{}
	p.set(ok(doc, headers...))
	return p
}

func (p *publisher) set(answer func(*http.Request) (*http.Response, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *publisher) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fetches
}

func (p *publisher) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	p.fetches++
	answer := p.answer
	p.mu.Unlock()
	return answer(r)
}

func ok(doc []byte, headers ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		resp := respond(200, io.NopCloser(bytes.NewReader(doc)))
		for i := 0; i < len(headers); i += 2 {
			resp.Header.Add(headers[i], headers[i+1])
		}
		return resp, nil
	}
}

func status(code int, body string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		return respond(code, io.NopCloser(strings.NewReader(body))), nil
	}
}

func down(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }

func respond(code int, body io.ReadCloser) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{}, Body: body}
}

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func remote(p http.RoundTripper, c *clock) *jwks.Remote {
	return &jwks.Remote{
		URL: issuer + "/jwks", Issuer: issuer, Uses: []vneid.Use{vneid.UseIDToken},
		HTTP: &http.Client{Transport: p}, Now: c.Now,
	}
}

// verdict is the one kind that err matches; it fails the test unless there is
// exactly one.
func verdict(t testing.TB, err error) vneid.Kind {
	t.Helper()
	if err == nil {
		return 0
	}
	var found vneid.Kind
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			if found != 0 {
				t.Errorf("%v matches %v and %v", err, found, k)
			}
			found = k
		}
	}
	if found == 0 {
		t.Errorf("%v has no kind", err)
	}
	return found
}

// expect verifies m and compares the kind; 0 is acceptance.
func expect(t testing.TB, set vneid.KeySet, m vneid.Signed, want vneid.Kind) error {
	t.Helper()
	err := set.Verify(context.Background(), m)
	if got := verdict(t, err); got != want {
		t.Errorf("got %v, want %v", err, want)
	}
	if err != nil && !strings.HasPrefix(err.Error(), "jwks: ") {
		t.Errorf("the text has no prefix: %q", err)
	}
	return err
}

// offline is a client without a network.
func offline() *http.Client { return &http.Client{Transport: &publisher{answer: down}} }
