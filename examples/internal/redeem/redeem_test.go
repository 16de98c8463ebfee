package redeem

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// issuer answers redeem calls as it is told, and remembers their keys.
type issuer struct {
	lose   int // so many answers get lost
	status int
	body   string
	keys   []string
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.keys = append(i.keys, r.Header.Get("Idempotency-Key"))
	w.Header().Set("Content-Length", fmt.Sprint(len(i.body)))
	w.WriteHeader(i.status)
	if len(i.keys) <= i.lose {
		return // the promised body does not come: the connection is cut
	}
	w.Write([]byte(i.body))
}

// redeem makes one Use of the code "code".
func (i *issuer) redeem(t *testing.T, ctx context.Context) error {
	t.Helper()
	server := httptest.NewServer(i)
	defer server.Close()
	return At(server.URL, "portal", "secret").Use(ctx, vneid.Once{ID: "code"})
}

const won = `{"id":"code","redeemed_at":"2026-01-01T00:00:00Z"}`

func TestTheIssuersWordsHaveTheirKinds(t *testing.T) {
	if err := (&issuer{status: 200, body: won}).redeem(t, t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		sentence string
		status   int
		body     string
		want     vneid.Kind
	}{
		{"used at another verifier", 409, `{"error":"replayed"}`, vneid.ErrReplayed},
		{"for another verifier", 403, `{"error":"wrong_audience"}`, vneid.ErrMismatch},
		{"the account was locked meanwhile", 403, `{"error":"locked"}`, vneid.ErrLocked},
		{"expired", 410, `{"error":"expired"}`, vneid.ErrExpired},
		{"nobody issued it", 404, `{"error":"unknown_code"}`, vneid.ErrUntrusted},
		{"this site may not redeem: no fault of the citizen's", 403, `{"error":"unauthorized_client"}`, vneid.ErrUnavailable},
		{"the secret is wrong", 401, `{"error":"invalid_client"}`, vneid.ErrUnavailable},
		{"the issuer is down", 503, ``, vneid.ErrUnavailable},
		{"a proxy's page for a missing one", 404, `<h1>404</h1>`, vneid.ErrUnavailable},
		{"a proxy's page in place of the answer", 200, `<h1>Log in to the network</h1>`, vneid.ErrUnavailable},
		{"another code was redeemed", 200, `{"id":"other"}`, vneid.ErrUnavailable},
	} {
		err := (&issuer{status: c.status, body: c.body}).redeem(t, t.Context())
		var kind vneid.Kind
		if !errors.As(err, &kind) || kind != c.want {
			t.Errorf("%s: %v, want %v", c.sentence, err, c.want)
		}
	}
}

func TestALostAnswerIsAskedForOnceMoreWithItsKey(t *testing.T) {
	i := &issuer{status: 200, body: won, lose: 1}
	if err := i.redeem(t, t.Context()); err != nil {
		t.Errorf("a lost answer costs the citizen a code: %v", err)
	}
	if len(i.keys) != 2 || i.keys[0] != i.keys[1] || len(i.keys[0]) < 16 {
		t.Errorf("keys %q", i.keys)
	}
	i = &issuer{status: 200, body: won, lose: 9}
	if err := i.redeem(t, t.Context()); !errors.Is(err, vneid.ErrUnavailable) || len(i.keys) != 2 {
		t.Errorf("no answer at all: %v after %d calls", err, len(i.keys))
	}
}

func TestACallerWhoLeavesIsToldSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	i := &issuer{status: 200, body: won}
	if err := i.redeem(t, ctx); !errors.Is(err, vneid.ErrUnavailable) || !errors.Is(err, context.Canceled) || len(i.keys) != 0 {
		t.Errorf("%v after %d calls", err, len(i.keys))
	}
}
