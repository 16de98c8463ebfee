package jose

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// told polls the platform for what it has to tell a client, as it stands.
func told(t *testing.T, cfg share.Config) (sets map[string]string) {
	t.Helper()
	assertion, err := oauth.Assertion(oauth.Key{ID: cfg.KeyID, Signer: cfg.Key}, cfg.ClientID, cfg.Issuer, cfg.Now())
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, cfg.Issuer+"/share/v1/events", strings.NewReader(`{"returnImmediately":true}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+assertion)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct{ Sets map[string]string }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer.Sets
}

func get(t *testing.T, url string) json.RawMessage {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// jose verifies what the platform tells of a withdrawal and a revocation, and refuses it
// altered, by the keys of logins, and for another client.
func TestEventsOfThePlatformAreRead(t *testing.T) {
	node(t)
	p := vneidtest.New(t)
	cfg := p.Share(back)
	r, err := p.Ask("level2", cfg, share.Request{Purpose: vneidtest.Purpose, RetentionDays: 30, Store: true,
		Documents: []share.Want{{Kind: document.DriverLicence, Claims: []share.Claim{{Name: "number"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	p.Revoke("level2", document.DriverLicence)
	p.Withdraw("level2", r.Grant())
	tokens := told(t, cfg)
	want := []string{"1 document-revoked", "2 consent-withdrawn"}
	if len(tokens) != len(want) {
		t.Fatalf("%d events", len(tokens))
	}
	request := func(set string, client string) map[string]any {
		all := map[string]string{}
		for id, token := range tokens {
			all[id], all["altered "+id] = token, altered(token)
		}
		return map[string]any{"jwks": get(t, cfg.Issuer+set), "issuer": cfg.Issuer, "client": client, "tokens": all}
	}
	var verdicts map[string]string
	ask(t, request("/share/jwks.json", cfg.ClientID), &verdicts, "node", "events.mjs")
	var read []string
	for name, verdict := range verdicts {
		if strings.HasPrefix(name, "altered ") != strings.HasPrefix(verdict, "bad: ") {
			t.Errorf("%s: %s", name, verdict)
		}
		if !strings.HasPrefix(name, "altered ") {
			read = append(read, verdict)
		}
	}
	if slices.Sort(read); !slices.Equal(read, want) {
		t.Errorf("jose reads %q, want %q", read, want)
	}
	for _, other := range []map[string]any{request("/share/jwks.json", "somebody"), request("/jwks.json", cfg.ClientID)} {
		verdicts = nil
		ask(t, other, &verdicts, "node", "events.mjs")
		for name, verdict := range verdicts {
			if !strings.HasPrefix(verdict, "bad: ") {
				t.Errorf("%s: %s", name, verdict)
			}
		}
	}
}

// Node pushes events of its own to the receiver, out of order and twice.
func TestEventsOfNodeAreReceived(t *testing.T) {
	node(t)
	ledger := events.NewMemoryLedger(0, 0, nil)
	var push http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/events" {
			push.ServeHTTP(w, r)
			return
		}
		doc := new(bytes.Buffer)
		_, _ = doc.ReadFrom(r.Body)
		keys, err := jwks.Parse(doc.Bytes(), issuer, vneid.UseEvent)
		if err != nil {
			t.Error(err)
			return
		}
		receiver, err := events.New(events.Config{Issuer: issuer, ClientID: "rp", Keys: keys, Ledger: ledger})
		if err != nil {
			t.Error(err)
			return
		}
		push = receiver.Push()
	}))
	defer srv.Close()
	var answers []string
	ask(t, map[string]any{"issuer": issuer, "client": "rp", "push": srv.URL}, &answers, "node", "events.mjs")
	if want := []string{"202", "202", "202", "202", "400 invalid_audience en"}; !slices.Equal(answers, want) {
		t.Errorf("%q, want %q", answers, want)
	}
	ctx := context.Background()
	if err := ledger.Allows(ctx, issuer, "pairwise-1", ""); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("the newest says locked: %v", err)
	}
	if s, err := ledger.State(ctx, issuer, "pairwise-1"); err != nil || s.Seq() != 3 || time.Since(s.Heard) > time.Minute {
		t.Errorf("%+v, %v", s, err)
	}
}
