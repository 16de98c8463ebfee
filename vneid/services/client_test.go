package services_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
)

func config(t testing.TB, issuer string) services.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return services.Config{Issuer: issuer, ClientID: "hotel", Key: key}
}

func TestAConfigurationIsCheckedByField(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := services.New(config(t, "https://id.example")); err != nil {
		t.Fatal(err)
	}
	for field, edit := range map[string]func(*services.Config){
		"Config.Issuer": func(c *services.Config) { c.Issuer = "http://id.example" }, "Config.ClientID": func(c *services.Config) { c.ClientID = "" },
		"Config.Key.Signer": func(c *services.Config) { c.Key = weak }, "Config.Key.ID": func(c *services.Config) { c.KeyID = "a b" },
	} {
		c := config(t, "https://id.example")
		edit(&c)
		var kind vneid.Kind
		if _, err := services.New(c); err == nil || errors.As(err, &kind) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	none := config(t, "https://id.example")
	none.Key = nil
	if _, err := services.New(none); err == nil || !strings.Contains(err.Error(), "Config.Key") {
		t.Errorf("no key: %v", err)
	}
}

// provider answers token calls with canaries, and services as it is told.
func provider(t *testing.T, tokens *atomic.Int64, serve http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			fmt.Fprintf(w, `{"access_token":"canary-token-%d","token_type":"dPoP","expires_in":600,"scope":"vneid:services"}`, tokens.Add(1))
			return
		}
		serve(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestATokenIsKeptFetchedOnceAndHidden(t *testing.T) {
	var tokens, calls atomic.Int64
	url := provider(t, &tokens, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if !strings.HasPrefix(r.Header.Get("Authorization"), "DPoP canary-token-") || r.Header.Get("DPoP") == "" || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Cookie") != "" {
			t.Errorf("headers %v", r.Header)
		}
		io.WriteString(w, `{}`)
	})
	c, err := services.New(config(t, url))
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := c.Call(t.Context(), seal.Own(), "/services/v1/x", 1, ""); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if tokens.Load() != 1 || calls.Load() != 20 {
		t.Errorf("%d tokens for %d calls", tokens.Load(), calls.Load())
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if text := fmt.Sprintf(verb, c) + fmt.Sprintf(verb, *c); strings.Contains(text, "canary-token") || strings.Contains(text, fmt.Sprintf("%x", "canary-token")) {
			t.Errorf("%s shows the token", verb)
		}
	}
}

func TestARefusedTokenIsReplacedOnce(t *testing.T) {
	for name, c := range map[string]struct {
		good  string // the token that the service takes
		kind  error
		calls int64
	}{"replaced": {"canary-token-2", nil, 2}, "refused again": {"another", vneid.ErrDenied, 2}, "good at once": {"canary-token-1", nil, 1}} {
		var tokens, calls atomic.Int64
		url := provider(t, &tokens, func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			if r.Header.Get("Authorization") != "DPoP "+c.good {
				w.WriteHeader(http.StatusUnauthorized)
			}
			io.WriteString(w, `{}`)
		})
		client, err := services.New(config(t, url))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Call(t.Context(), seal.Own(), "/services/v1/x", 1, "")
		if c.kind == nil && err != nil || c.kind != nil && !errors.Is(err, c.kind) || calls.Load() != c.calls {
			t.Errorf("%s: %v after %d calls", name, err, calls.Load())
		}
	}
}

// A zero Seal is all that another module can have.
func TestNobodyElseCalls(t *testing.T) {
	var tokens atomic.Int64
	url := provider(t, &tokens, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{}`) })
	c, err := services.New(config(t, url))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Call(t.Context(), seal.Own(), "/services/v1/x", 1, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Call(t.Context(), seal.Seal{}, "/services/v1/x", 1, ""); err == nil {
		t.Error("called without the seal")
	}
	var zero services.Client
	if _, err := zero.Call(t.Context(), seal.Own(), "/services/v1/x", 1, ""); err == nil || zero.Now().IsZero() {
		t.Error("the zero Client calls")
	}
	if _, err := c.Call(t.Context(), seal.Own(), "/x", strings.Repeat("x", 300<<10), ""); !errors.Is(err, vneid.ErrMalformed) {
		t.Errorf("300 KiB: %v", err)
	}
	if _, err := c.Call(t.Context(), seal.Own(), "/x", make(chan int), ""); !errors.Is(err, vneid.ErrMalformed) {
		t.Errorf("what is no JSON: %v", err)
	}
}

func TestAWaitForATokenEndsWithItsContext(t *testing.T) {
	var tokens atomic.Int64
	hold := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens.Add(1)
		<-hold
	}))
	defer s.Close()
	defer close(hold)
	c, err := services.New(config(t, s.URL))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	go c.Call(ctx, seal.Own(), "/x", 1, "") // holds the turn until the test is over
	for tokens.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	short, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := c.Call(short, seal.Own(), "/x", 1, ""); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("%v", err)
	}
}
