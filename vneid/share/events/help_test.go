package events

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

const (
	issuer = "https://op.example"
	client = "portal-1"
	who    = "pairwise-1"
)

// world is a platform's key, a clock, and a receiver with all that it did.
type world struct {
	t      testing.TB
	key    *ecdsa.PrivateKey
	keys   vneid.KeySet
	ledger Ledger
	memory *MemoryLedger
	n      int
	told   int64 // of how many events the platform told

	mu      sync.Mutex
	now     time.Time
	did     []Event
	why     []error
	reacted error // what On answers
}

func newWorld(t testing.TB) *world {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := jwx.MarshalKey(jwx.Key{ID: "e1", Alg: "ES256", Public: &key.PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jwks.Parse([]byte(`{"keys":[`+string(public)+`]}`), issuer, vneid.UseEvent)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, key: key, keys: keys, now: time.Unix(1796000000, 0)}
	w.memory = NewMemoryLedger(0, 0, w.clock)
	w.ledger = w.memory
	return w
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

// receiver makes one with changes.
func (w *world) receiver(change ...func(*Config)) *Receiver {
	w.t.Helper()
	c := Config{
		Issuer: issuer, ClientID: client, Keys: w.keys, Ledger: w.ledger, Now: w.clock,
		On: func(_ context.Context, e Event) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.did = append(w.did, e)
			return w.reacted
		},
		Refused: func(err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.why = append(w.why, err)
		},
	}
	for _, f := range change {
		f(&c)
	}
	r, err := New(c)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// set makes a token; more replaces claims, and removes those that are nil.
func (w *world) set(name Name, seq int64, body string, more map[string]any) string {
	w.t.Helper()
	w.n++
	if name != Heartbeat {
		w.told++
	}
	claims := map[string]any{
		"told": w.told,
		"iss":  issuer, "aud": client, "jti": "set-" + strconv.Itoa(w.n), "iat": w.clock().Unix(), "seq": seq,
		"sub_id": map[string]any{"format": "iss_sub", "iss": issuer, "sub": who},
		"events": map[string]any{"urn:vneid:event:" + string(name): json.RawMessage(body)},
	}
	if name == Heartbeat {
		delete(claims, "seq")
		delete(claims, "sub_id")
	}
	maps.Copy(claims, more)
	for k, v := range claims {
		if v == nil {
			delete(claims, k)
		}
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		w.t.Fatal(err)
	}
	token, err := jws.Compact("ES256", crypto.Signer(w.key), []jws.Member{{Name: "kid", Value: "e1"}, {Name: "typ", Value: "secevent+jwt"}}, payload)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// push posts a token and returns the answer.
func push(r *Receiver, token string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "/events", strings.NewReader(token))
	req.Header.Set("Content-Type", "application/secevent+jwt")
	w := httptest.NewRecorder()
	r.Push().ServeHTTP(w, req)
	return w
}

// kind fails the test unless err matches want and no other kind, and has one prefix.
func kind(t testing.TB, what string, err error, want vneid.Kind) {
	t.Helper()
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) != (k == want) {
			t.Errorf("%s: %v, want %v", what, err, want)
			return
		}
	}
	if strings.Count(err.Error(), "events: ") != 1 {
		t.Errorf("%s: the text %q has not one prefix", what, err)
	}
}

func (w *world) state() State {
	w.t.Helper()
	s, err := w.ledger.State(context.Background(), issuer, who)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) allows(grant string) error {
	return w.ledger.Allows(context.Background(), issuer, who, grant)
}
