package legacy

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// counted is a key that counts how often it is asked.
type counted struct {
	*rsa.PrivateKey
	asked int
}

func (c *counted) Decrypt(r io.Reader, b []byte, opts crypto.DecrypterOpts) ([]byte, error) {
	c.asked++
	return c.PrivateKey.Decrypt(r, b, opts)
}

// Nobody gets a decryption for nothing: what sso checks comes first, and one login
// pays for one.
func TestStateIsCheckedAndSpentBeforeAnythingIsDecrypted(t *testing.T) {
	f := newFake(t)
	key := &counted{PrivateKey: rsaKey()}
	e := f.envelope()
	e.Key = key
	c := newClient(t, f.config(e.Wire()))
	if key.asked != 0 {
		t.Error("New asked the key")
	}
	redirect, s, err := c.Begin(t.Context(), sso.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	query := f.callback(redirect)
	for _, bad := range []string{
		strings.Replace(query, "state=", "state=x", 1), strings.Replace(query, "state=", "stat=", 1),
		query + "&iss=https://evil.example", query + "&id_token=a.b.c", query + "&code=x", query + "&error=access_denied", query + "&%zz",
	} {
		if _, err := c.Finish(t.Context(), s, bad); err == nil || key.asked != 0 {
			t.Errorf("%v after %d questions to the key", err, key.asked)
		}
	}
	if _, err := c.Finish(t.Context(), s, query); err != nil {
		t.Fatal(err)
	}
	asked := key.asked
	if _, err := c.Finish(t.Context(), s, query); key.asked != asked {
		t.Error("a spent session decrypts")
	} else {
		refusedAs(t, err, vneid.ErrReplayed)
	}
	if asked != 6 { // twice each: code, tokens, userinfo
		t.Errorf("the key was asked %d times", asked)
	}
}

// foreign are the vectors of internal/envelope, which other programs made.
func foreign(t *testing.T, folder string) (*rsa.PrivateKey, map[string][2]string) {
	t.Helper()
	home := filepath.Join("..", "..", "internal", "envelope", "testdata")
	text, err := os.ReadFile(filepath.Join(home, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(home, folder, "*.json"))
	out := map[string][2]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Kind, Key, Data string
			Bits            int
		}
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		if v.Kind == "code" && v.Bits == 256 {
			out[strings.TrimSuffix(filepath.Base(file), ".json")] = [2]string{v.Key, v.Data}
		}
	}
	return key.(*rsa.PrivateKey), out
}

// refusal is one try of an attacker who may send any envelope to the callback.
func refusal(t *testing.T, c *sso.Client, v [2]string) (string, time.Duration) {
	t.Helper()
	redirect, s, err := c.Begin(t.Context(), sso.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(redirect)
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%2B") }
	query := "state=" + u.Query().Get("state") + "&code=" + escape(v[1]) + "&encrypt_key=" + escape(v[0])
	start := time.Now()
	id, err := c.Finish(t.Context(), s, query)
	took := time.Since(start)
	if id != nil || err == nil {
		t.Fatal("an attacker's envelope passed")
	}
	return err.Error(), took
}

// All bad envelopes are one refusal, byte for byte, with nothing done before it; the
// one repeated a thousand times takes as long as the others.
func TestBadEnvelopesAreOneRefusal(t *testing.T) {
	key, bad := foreign(t, "refused")
	_, good := foreign(t, "accepted")
	f := newFake(t)
	e := f.envelope()
	e.Key = key
	c := newClient(t, f.config(e.Wire()))
	names := []string{}
	for name, v := range bad {
		// A code that is empty is no code for package sso, whatever the wire.
		if v[1] != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	want, _ := refusal(t, c, bad["key-type-1"])
	if len(names) < 50 {
		t.Errorf("only %d kinds", len(names))
	}
	for try := 1; ; try++ { // others use the machine too
		var one, many []float64
		for i := range 1000 {
			text, took := refusal(t, c, bad["key-type-1"])
			one = append(one, took.Seconds()*1e6)
			other := names[i%len(names)]
			text2, took2 := refusal(t, c, bad[other])
			many = append(many, took2.Seconds()*1e6)
			if text != want || text2 != want {
				t.Fatalf("%s: %q and %q, want %q", other, text, text2, want)
			}
		}
		ratio := median(one) / median(many)
		t.Logf("%d kinds, %d repeats: one text; medians %.0f and %.0f µs, ratio %.3f", len(names), len(one), median(one), median(many), ratio)
		if math.Abs(ratio-1) <= 0.1 {
			break
		}
		if try == 3 {
			t.Fatalf("ratio of medians %.3f", ratio)
		}
	}
	if f.count("/token") != 0 {
		t.Error("the token endpoint was called")
	}
	// The twins get as far as the token endpoint, which does not know their codes.
	for name, v := range good {
		before := f.count("/token")
		if text, _ := refusal(t, c, v); text == want || f.count("/token") != before+1 {
			t.Errorf("%s did not pass the wire: %s", name, text)
		}
	}
}

func median(s []float64) float64 { slices.Sort(s); return s[len(s)/2] }

// What lies between may have touched the + of base64; each row is one way.
func TestThePlusSurvivesWhatProxiesDo(t *testing.T) {
	ways := map[string]func(string) string{
		"as it is":          func(s string) string { return s },
		"escaped":           url.QueryEscape,
		"taken for a space": func(s string) string { return strings.ReplaceAll(s, "+", "%20") },
		"escaped twice":     func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"only + twice":      func(s string) string { return strings.ReplaceAll(s, "+", "%252B") },
		"in small letters":  func(s string) string { return strings.ReplaceAll(s, "+", "%252b") },
		"a space, escaped":  func(s string) string { return strings.ReplaceAll(s, "+", "%2520") },
	}
	f := newFake(t)
	e := f.envelope()
	for name, way := range ways {
		c := newClient(t, f.config(e.Wire()))
		redirect, s, err := c.Begin(t.Context(), sso.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(redirect)
		key, code := "", ""
		for !strings.Contains(key, "+") || !strings.Contains(code, "+") || !strings.Contains(key, "/") {
			key, code = sealed(t, f.pub, f.bits, f.code)
		}
		id, err := c.Finish(t.Context(), s, "code="+way(code)+"&encrypt_key="+way(key)+"&state="+u.Query().Get("state"))
		if err != nil || id.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
		if f.form.Get("encrypt_key") != key {
			t.Errorf("%s: encrypt_key goes back changed", name)
		}
	}
	if same := "abcDEF012+/=="; mended(same) != same {
		t.Error("base64 is changed")
	}
}

// Repair is for the two fields: a state with a space is another state.
func TestNothingElseIsMended(t *testing.T) {
	f := newFake(t)
	e := f.envelope()
	e.IssuerAlias = "https://a+b.example"
	w := e.Wire()
	f.query = func(q url.Values) { q.Set("iss", "https://a+b.example") }
	if _, err := f.login(w); err != nil {
		t.Fatalf("the twin: %v", err)
	}
	f.query = func(q url.Values) { q.Set("iss", "https://a%252Bb.example") }
	_, err := f.login(w)
	refusedAs(t, err, vneid.ErrMismatch)
}
