package sso

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// source is a provider's metadata without a network.
type source struct {
	mu    sync.Mutex
	calls int
	err   error
	delay time.Duration
}

func (s *source) fetch(ctx context.Context) (*metadata, error) {
	s.mu.Lock()
	s.calls++
	err, delay := s.err, s.delay
	s.mu.Unlock()
	select {
	case <-time.After(delay):
	case <-ctx.Done():
		return nil, relying.Cancelled(ctx.Err())
	}
	if err != nil {
		return nil, err
	}
	return &metadata{}, nil
}

func (s *source) set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func TestMetadataIsReadOnceForManyWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &source{delay: time.Second}
		p := &provider{Fetch: src.fetch, Now: time.Now}
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				if _, err := p.Get(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if src.calls != 1 {
			t.Errorf("%d readings", src.calls)
		}
	})
}

func TestAWaiterWhoGivesUpFailsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &source{delay: time.Second}
		p := &provider{Fetch: src.fetch, Now: time.Now}
		first, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := p.Get(first); !errors.Is(err, context.Canceled) || !errors.Is(err, vneid.ErrUnavailable) {
				t.Errorf("the one who gave up: %v", err)
			}
		})
		synctest.Wait()
		for range 20 {
			wg.Go(func() {
				if _, err := p.Get(context.Background()); err != nil {
					t.Errorf("an innocent waiter: %v", err)
				}
			})
		}
		synctest.Wait()
		cancel()
		wg.Wait()
		if src.calls != 1 {
			t.Errorf("%d readings", src.calls)
		}
	})
}

func TestMetadataAreRefreshedRetriedAndForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &source{}
		p := &provider{Fetch: src.fetch, Now: time.Now}
		get := func(ok bool, calls int) {
			t.Helper()
			_, err := p.Get(context.Background())
			synctest.Wait()
			if (err == nil) != ok || src.calls != calls {
				t.Fatalf("%v after %d readings, want %v after %d", err, src.calls, ok, calls)
			}
		}
		down := fault.New(vneid.ErrUnavailable, "down")
		src.set(down)
		get(false, 1) // down at the start
		get(false, 1) // no storm
		time.Sleep(time.Second)
		get(false, 2)
		time.Sleep(time.Second)
		get(false, 2) // the pause doubles
		src.set(nil)
		time.Sleep(time.Second)
		get(true, 3) // up again: recovered by itself
		get(true, 3)
		time.Sleep(59 * time.Minute)
		get(true, 3)
		time.Sleep(time.Minute)
		src.set(down)
		get(true, 4) // an hour later: refreshed behind the caller's back, which failed
		time.Sleep(22 * time.Hour)
		get(true, 5) // the old ones serve on
		time.Sleep(time.Hour)
		get(false, 6) // but not for more than a day
		src.set(nil)
		time.Sleep(2 * time.Minute)
		get(true, 7)
	})
}

func TestMetadataFromTheFutureAreReadAgain(t *testing.T) {
	c := newClock()
	src := &source{}
	p := &provider{Fetch: src.fetch, Now: c.now}
	for range 2 {
		if _, err := p.Get(context.Background()); err != nil {
			t.Fatal(err)
		}
		c.advance(-48 * time.Hour) // the clock was set back
	}
	if src.calls != 2 {
		t.Errorf("%d readings", src.calls)
	}
}

func TestAServiceStartsWhileTheProviderIsDown(t *testing.T) {
	o := newOP(t)
	o.override[wellKnown] = says(503, "text/plain", "")
	c := newClient(t, o) // no error, no call
	if o.count(wellKnown) != 0 {
		t.Error("New called the provider")
	}
	_, _, err := c.Begin(context.Background(), Ask{})
	refusedAs(t, err, vneid.ErrUnavailable)
	delete(o.override, wellKnown)
	_, _, err = c.Begin(context.Background(), Ask{})
	refusedAs(t, err, vneid.ErrUnavailable) // within the pause
	o.clock.advance(time.Second)
	mustLogin(t, c, o, Ask{})
}

func TestASlowProviderDoesNotHoldACallerLongerThanItsContext(t *testing.T) {
	o := newOP(t)
	release := make(chan struct{})
	o.override[wellKnown] = func(http.ResponseWriter, *http.Request) { <-release }
	defer close(release)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, _, err := newClient(t, o).Begin(ctx, Ask{})
	refusedAs(t, err, vneid.ErrUnavailable)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error("the deadline is hidden")
	}
}

func TestKeysAreRotatedWithoutARefusedLogin(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	mustLogin(t, c, o, Ask{})
	next := newOP(t).key
	o.jwks = func(k object) {
		k["keys"] = []object{jwkOf(&o.key.PublicKey, "k1"), jwkOf(&next.PublicKey, "k2")}
	}
	o.clock.advance(2 * time.Minute)
	mustLogin(t, c, o, Ask{}) // announced, not used yet
	o.header = func(h object) { h["kid"] = "k2" }
	o.sign = func(in string) []byte { return signES256(next, in) }
	mustLogin(t, c, o, Ask{}) // used: the unknown kid makes one fetch
	if n := o.count("/jwks"); n != 2 {
		t.Errorf("%d fetches of keys", n)
	}
	o.jwks = func(k object) { k["keys"] = []object{jwkOf(&next.PublicKey, "k2")} }
	o.clock.advance(2 * time.Hour)
	mustLogin(t, c, o, Ask{})
	o.header, o.sign = nil, nil // the retired key
	_, err := logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrUntrusted)
}

func TestAMovedKeySetIsANewOne(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	mustLogin(t, c, o, Ask{})
	o.metadata = func(m object) { m["jwks_uri"] = o.srv.URL + "/jwks2" }
	o.override["/jwks2"] = o.serveJWKS
	o.clock.advance(25 * time.Hour)
	mustLogin(t, c, o, Ask{})
	if o.count("/jwks2") != 1 {
		t.Error("the keys were not fetched from where they are now")
	}
}

func TestConfigurationMistakesNameTheField(t *testing.T) {
	good := Config{
		Issuer: "https://op.example", ClientID: "c", RedirectURL: "https://rp.example/cb",
		Hosts: []string{"id.example", "ID2.example", "192.0.2.7"},
		Keys:  &jwks.Remote{URL: "https://op.example/jwks", Issuer: "https://op.example", Uses: []vneid.Use{vneid.UseIDToken}},
	}
	c, err := New(good)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := c.pending(Ask{}); err != nil || time.Since(p.Created) > time.Minute {
		t.Errorf("without a clock of its own a client does not take the time of day: %v", err)
	}
	for name, set := range map[string]func(*Config){
		"Config.Issuer empty":          func(c *Config) { c.Issuer = "" },
		"Config.Issuer http":           func(c *Config) { c.Issuer = "http://op.example" },
		"Config.Issuer query":          func(c *Config) { c.Issuer += "?x=1" },
		"Config.Issuer fragment":       func(c *Config) { c.Issuer += "#x" },
		"Config.Issuer user":           func(c *Config) { c.Issuer = "https://u:p@op.example" },
		"Config.Issuer capitals":       func(c *Config) { c.Issuer = "HTTPS://op.example" },
		"Config.Issuer relative":       func(c *Config) { c.Issuer = "op.example" },
		"Config.RedirectURL empty":     func(c *Config) { c.RedirectURL = "" },
		"Config.RedirectURL http":      func(c *Config) { c.RedirectURL = "http://rp.example/cb" },
		"Config.RedirectURL space":     func(c *Config) { c.RedirectURL += " x" },
		"Config.RedirectURL fragment":  func(c *Config) { c.RedirectURL += "#" },
		"Config.RedirectURL scheme":    func(c *Config) { c.RedirectURL = "javascript:alert(1)" },
		"Config.ClientID":              func(c *Config) { c.ClientID = "" },
		"Config.ClientID not ASCII":    func(c *Config) { c.ClientID = "cổng" },
		"Config.Scopes":                func(c *Config) { c.Scopes = []string{"a b"} },
		"Config.Scopes empty":          func(c *Config) { c.Scopes = []string{""} },
		"Config.Algs none":             func(c *Config) { c.Algs = []string{"none"} },
		"Config.Algs HMAC":             func(c *Config) { c.Algs = []string{"HS256"} },
		"Config.Need level":            func(c *Config) { c.Need.Level = 3 },
		"Config.Need auth":             func(c *Config) { c.Need.Auth = -1 },
		"Config.CookieKeys":            func(c *Config) { c.CookieKeys = [][]byte{make([]byte, 31)} },
		"Config.SessionLife":           func(c *Config) { c.SessionLife = 25 * time.Hour },
		"Config.SessionLife below":     func(c *Config) { c.SessionLife = -1 },
		"Config.Skew":                  func(c *Config) { c.Skew = 6 * time.Minute },
		"Config.Skew below":            func(c *Config) { c.Skew = -1 },
		"Config.Hosts URL":             func(c *Config) { c.Hosts = []string{"https://id.example"} },
		"Config.Hosts port":            func(c *Config) { c.Hosts = []string{"id.example:8443"} },
		"Config.Hosts path":            func(c *Config) { c.Hosts = []string{"id.example/x"} },
		"Config.Hosts empty":           func(c *Config) { c.Hosts = []string{""} },
		"Config.Hosts user":            func(c *Config) { c.Hosts = []string{"u@id.example"} },
		"Config.Hosts space":           func(c *Config) { c.Hosts = []string{"id example"} },
		"Config.Keys: Remote.URL":      func(c *Config) { c.Keys = &jwks.Remote{Issuer: c.Issuer, Uses: []vneid.Use{vneid.UseIDToken}} },
		"Config.Issuer private scheme": func(c *Config) { c.Issuer = "ftp://op.example" },
	} {
		cfg := good
		set(&cfg)
		field, _, _ := strings.Cut(name, " ")
		if strings.HasPrefix(name, "Config.Keys") {
			field = name
		}
		client, err := New(cfg)
		if client != nil || err == nil || !strings.HasPrefix(err.Error(), "sso: "+field) || errors.As(err, new(vneid.Kind)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
