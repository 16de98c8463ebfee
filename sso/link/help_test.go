package link_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// world is a portal whose provider says what a test tells it.
type world struct {
	t     testing.TB
	time  time.Time
	store *link.MemoryStore
}

func newWorld(t testing.TB, accounts ...link.Account) *world {
	return &world{t: t, time: time.Date(2026, 3, 2, 8, 0, 0, 500, time.UTC), store: link.NewMemoryStore(accounts...)}
}

func (w *world) now() time.Time { return w.time }

func (w *world) linker(set ...func(*link.Config)) *link.Linker {
	w.t.Helper()
	cfg := link.Config{Store: w.store, Now: w.now}
	for _, f := range set {
		f(&cfg)
	}
	l, err := link.NewLinker(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// anyKey takes every signature: these tests are not about signatures.
type anyKey struct{}

func (anyKey) Verify(context.Context, vneid.Signed) error { return nil }

type claims = map[string]any

// an is the person of most tests: level 2, everything known.
func an(change ...claims) claims {
	c := claims{
		"sub": "an", "acr": "urn:vneid:acr:l2:a2", "account_type": "citizen", "name": "Nguyễn Văn An", "birthdate": "1990-02-14",
		"citizen_id": "999090000001", "former_ids": []string{"999190000011"}, "old_id": "999000001",
	}
	for _, more := range change {
		for k, v := range more {
			if v == nil {
				delete(c, k)
			} else {
				c[k] = v
			}
		}
	}
	return c
}

const issuer = "https://id.example"

// login returns an Identity of integrity Signed.
func (w *world) login(about claims) *sso.Identity {
	w.t.Helper()
	from := issuer
	if iss, ok := about["iss"].(string); ok {
		from = iss
	}
	c, err := sso.New(sso.Config{Issuer: from, ClientID: "portal", RedirectURL: "https://portal.example/callback", Keys: anyKey{}, Now: w.now})
	if err != nil {
		w.t.Fatal(err)
	}
	full := claims{"iss": from, "aud": "portal", "nonce": "n", "iat": w.time.Unix(), "exp": w.time.Add(time.Hour).Unix(), "auth_time": w.time.Unix()}
	for k, v := range about {
		full[k] = v
	}
	var s sso.Session
	w.json(fmt.Sprintf(`{"state":"s","nonce":"n","verifier":"v","issuer":%q,"client_id":"portal","redirect_uri":"https://portal.example/callback","created":%q,"expires":%q}`,
		from, w.time.Truncate(time.Second).Format(time.RFC3339), w.time.Add(time.Minute).Format(time.RFC3339)), &s)
	body, err := json.Marshal(full)
	if err != nil {
		w.t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	id, err := c.VerifyIDToken(context.Background(), b64([]byte(`{"alg":"ES256"}`))+"."+b64(body)+"."+b64(make([]byte, 64)), &s, seal.Own())
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) json(text string, v any) {
	w.t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		w.t.Fatal(err)
	}
}

// toy is a wire, whose logins nobody signs.
type toy struct{ says login.Statement }

func (toy) Check(seal.Seal, login.Setup) error { return nil }
func (toy) Issuers(seal.Seal) []string         { return nil }
func (toy) Redirect(_ seal.Seal, r login.Request) (string, error) {
	return "https://id.example/?state=" + r.State, nil
}
func (w toy) Finish(context.Context, seal.Seal, login.Callback) (login.Statement, error) {
	return w.says, nil
}

// unsigned returns an Identity of integrity TransportOnly of the same person as an().
func (w *world) unsigned() *sso.Identity {
	w.t.Helper()
	c, err := sso.New(sso.Config{
		Issuer: issuer, ClientID: "portal", RedirectURL: "https://portal.example/callback", Accept: sso.TransportOnly, Now: w.now,
		Wire: toy{login.Statement{Subject: "an", Level: 2, Record: vneid.Record{ID: "999090000001"}}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	_, s, err := c.Begin(context.Background(), sso.Ask{})
	if err != nil {
		w.t.Fatal(err)
	}
	id, err := c.Finish(context.Background(), s, "code=c&state="+s.State())
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func date(t testing.TB, s string) vneid.Date {
	t.Helper()
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// find is Find where an error ends the test.
func find(t testing.TB, l *link.Linker, id *sso.Identity) link.Outcome {
	t.Helper()
	out, err := l.Find(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func candidate(t testing.TB, l *link.Linker, id *sso.Identity) link.Candidate {
	t.Helper()
	c, ok := find(t, l, id).(link.Candidate)
	if !ok {
		t.Fatalf("no candidate but %T", find(t, l, id))
	}
	return c
}

// refusedAs fails the test unless err matches want and no other kind; 0 is none.
func refusedAs(t testing.TB, err error, want vneid.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("passed, want %v", want)
	}
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) != (k == want) {
			t.Fatalf("%v: matches %v is %v, want %v", err, k, errors.Is(err, k), want)
		}
	}
}
