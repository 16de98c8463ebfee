package sso

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestACookieOpensOnlyForWhatItWasSealedFor(t *testing.T) {
	key, old := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	cfg := Config{Issuer: "https://op.example", ClientID: "c", RedirectURL: "https://rp.example/cb", CookieKeys: [][]byte{key, old}}
	envelope, err := newSealer(cfg).seal(forLogin, []byte("text"))
	if err != nil {
		t.Fatal(err)
	}
	opens := func(set func(*Config)) bool {
		c := cfg
		c.CookieKeys = slices.Clone(cfg.CookieKeys)
		set(&c)
		plain, ok := newSealer(c).open(forLogin, envelope)
		if ok && string(plain) != "text" {
			t.Error("opened to something else")
		}
		return ok
	}
	if !opens(func(*Config) {}) || !opens(func(c *Config) { slices.Reverse(c.CookieKeys) }) {
		t.Fatal("the twin does not open")
	}
	for name, set := range map[string]func(*Config){
		"another issuer":   func(c *Config) { c.Issuer += "/x" },
		"another client":   func(c *Config) { c.ClientID = "d" },
		"another route":    func(c *Config) { c.RedirectURL += "2" },
		"without its key":  func(c *Config) { c.CookieKeys = [][]byte{old} },
		"shifted binding":  func(c *Config) { c.Issuer, c.ClientID = "https://op.examplec", "" },
		"without any keys": func(c *Config) { c.CookieKeys = nil },
	} {
		if opens(set) {
			t.Errorf("opens for %s", name)
		}
	}
	s := newSealer(cfg)
	if _, ok := s.open(forSession, envelope); ok {
		t.Error("a login cookie opens as a session")
	}
	raw, err := base64.RawURLEncoding.DecodeString(envelope)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		bad := bytes.Clone(raw)
		bad[i] ^= 1
		if _, ok := s.open(forLogin, base64.RawURLEncoding.EncodeToString(bad)); ok {
			t.Errorf("opens with bit %d changed", 8*i)
		}
	}
	for _, bad := range []string{"", "A", envelope[:20], envelope + "A", envelope + "=", envelope + "\n", "ä" + envelope, strings.Repeat("A", maxCookie+1)} {
		if _, ok := s.open(forLogin, bad); ok {
			t.Error("a malformed cookie opens")
		}
	}
	again, err := s.seal(forLogin, []byte("text"))
	if err != nil || again == envelope {
		t.Error("two envelopes of one text are alike")
	}
}

func FuzzSessionCookie(f *testing.F) {
	o := newOP(f)
	c := newClient(f, o, func(c *Config) { c.CookieKeys = [][]byte{bytes.Repeat([]byte{7}, 32)} })
	id := mustLogin(f, c, o, Ask{})
	_, s, err := c.Begin(context.Background(), Ask{})
	if err != nil {
		f.Fatal(err)
	}
	value, err := c.sealSession(context.Background(), id, s)
	if err != nil {
		f.Fatal(err)
	}
	good := &http.Cookie{Name: c.sessionCookie(), Value: value}
	for _, plain := range []string{`{}`, `null`, `[]`, `{"s":1}`, ``} {
		envelope, err := c.sealer.seal(forSession, []byte(plain))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(envelope, plain)
	}
	f.Add(good.Value, `{"b":"2026-03-02T08:00:00Z","s":"x"}`)
	f.Fuzz(func(t *testing.T, value, plain string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Cookie", good.Name+"="+value)
		if id := sessionOf(c, r); id != nil && value != good.Value {
			t.Error("a cookie that nobody sealed is a session")
		}
		// What is inside a true envelope must not hurt either.
		envelope, err := c.sealer.seal(forSession, []byte(plain))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", good.Name+"="+envelope)
		if id := sessionOf(c, r); id != nil && id.Citizen().IsZero() {
			t.Error("a session of nobody")
		}
		c.openLogin(envelope)
	})
}
