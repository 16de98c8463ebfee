package resource

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

func TestNewNamesTheFieldThatIsWrong(t *testing.T) {
	for _, c := range []struct {
		field  string
		change func(*Config)
	}{
		{"Config.Issuer", func(c *Config) { c.Issuer = "" }},
		{"Config.Issuer", func(c *Config) { c.Issuer = "http://login.example" }},
		{"Config.Issuer", func(c *Config) { c.Issuer = "https://login.example?x" }},
		{"Config.URL", func(c *Config) { c.URL = "" }},
		{"Config.URL", func(c *Config) { c.URL = "https://user@api.example" }},
		{"Config.URL", func(c *Config) { c.URL = "HTTPS://api.example" }},
		{"Config.URL", func(c *Config) { c.URL = "https://api.example/?v=1" }},
		{"Config.Audience", func(c *Config) { c.Audience = "" }},
		{"Config.Audience", func(c *Config) { c.Audience = "a b" }},
		{"Config.Algs", func(c *Config) { c.Algs = []string{"HS256"} }},
		{"Config.Algs", func(c *Config) { c.Algs = []string{"none"} }},
		{"Config.Skew", func(c *Config) { c.Skew = 6 * time.Minute }},
		{"Config.Skew", func(c *Config) { c.Skew = -1 }},
		{"Config.Remember", func(c *Config) { c.Remember = maxRemember + 1 }},
		{"Config.NonceKeys", func(c *Config) { c.Nonces, c.NonceKeys = true, [][]byte{make([]byte, 31)} }},
		{"Config.NonceKeys", func(c *Config) { c.NonceKeys = [][]byte{make([]byte, 32)} }},
		{"Config.Hosts", func(c *Config) { c.Hosts = []string{"https://id.example"} }},
		{"Config.Hosts", func(c *Config) { c.Hosts = []string{"id.example:8443"} }},
		{"Config.Keys", func(c *Config) { c.Keys = &jwks.Remote{} }},
		{"Config.Need.Scopes", func(c *Config) { c.Need.Scopes = []string{"a b"} }},
		{"Config.Need.Scopes", func(c *Config) { c.Need.Scopes = []string{`a"`} }},
		{"Config.Need.Assurance", func(c *Config) { c.Need.Assurance.Level = 3 }},
		{"Config.Need.MaxAge", func(c *Config) { c.Need.MaxAge = -1 }},
	} {
		good := Config{Issuer: issuer, Audience: audience, URL: base}
		if _, err := New(good); err != nil {
			t.Fatal(err)
		}
		c.change(&good)
		s, err := New(good)
		if s != nil || err == nil || !strings.HasPrefix(err.Error(), "resource: "+c.field) || errors.As(err, new(vneid.Kind)) {
			t.Errorf("%s: %v", c.field, err)
		}
	}
}

func TestTheCallersSlicesAreCopied(t *testing.T) {
	w := newWorld(t)
	scopes, key := []string{"records"}, bytes.Repeat([]byte{7}, 32)
	s := w.server(func(c *Config) { c.Need.Scopes, c.Nonces, c.NonceKeys = scopes, true, [][]byte{key} })
	nonce := s.nonces.at(w.clock())
	scopes[0], key[0] = "write", 0
	if s.cfg.Need.Scopes[0] != "records" || s.nonces.at(w.clock()) != nonce {
		t.Error("the caller can change a Server")
	}
	// Nor does one route's Need reach another's.
	a := s.cfg.Need.join(Need{Scopes: []string{"a"}})
	b := s.cfg.Need.join(Need{Scopes: []string{"b"}})
	if fmt.Sprint(a.Scopes, b.Scopes) != "[records a] [records b]" {
		t.Error(a.Scopes, b.Scopes)
	}
}

// Canaries: a subject, a claim, a key, a token.
func TestNothingPrintsWhatItKnows(t *testing.T) {
	w := newWorld(t)
	const subject, claim = "pairwise-1-canary-77", "canary-claim-88"
	key := []byte("canary-key-99-canary-key-99-canary-key")
	config := Config{Issuer: issuer, Audience: audience, URL: base, Nonces: true, NonceKeys: [][]byte{key}}
	s := w.server(func(c *Config) { c.Nonces, c.NonceKeys = true, [][]byte{key} })
	raw := w.token(set("sub", subject), set("x", claim))
	token, err := s.Verify(get(raw), Need{})
	if err != nil {
		t.Fatal(err)
	}
	leaks := func(text string) bool {
		for _, c := range []string{subject, claim, string(key), fmt.Sprintf("%x", key), fmt.Sprint(key)[1:20], fmt.Sprintf("%x", subject), raw} {
			if strings.Contains(text, c) {
				return true
			}
		}
		return false
	}
	if !leaks(fmt.Sprint(token.Subject())) || !leaks(fmt.Sprintf("%x", key)) {
		t.Fatal("the detector detects nothing")
	}
	type holder struct {
		t *Token
		T Token
		s *Server
		a any
	}
	h := holder{token, *token, s, token}
	for _, v := range []any{token, *token, h, &h, []*Token{token}, map[string]any{"t": token}, s, *s, &config, config} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d", "%t"} {
			if out := fmt.Sprintf(verb, v); leaks(out) {
				t.Errorf("%s of %T: %.80s", verb, v, out)
			}
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		b, _ := json.Marshal(v)
		if leaks(log.String()) || leaks(string(b)) {
			t.Errorf("%T is written out", v)
		}
	}
	if _, err := json.Marshal(token); err == nil {
		t.Error("a Token is encoded")
	}
	if _, err := json.Marshal(config); err == nil {
		t.Error("a Config is encoded")
	}
	// Refusals say nothing of the token.
	for _, c := range changes(w) {
		r := get(w.changed(change{name: c.name, header: c.header, raw: c.raw, other: c.other, claims: func(o object) {
			o["sub"], o["x"] = subject, claim
			if c.claims != nil {
				c.claims(o)
			}
		}}))
		if _, err := s.Verify(r, Need{}); err == nil || leaks(err.Error()) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
