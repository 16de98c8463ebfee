// Package openidclient lets openid-client, a client that the OpenID Foundation has
// certified for Basic, FAPI 1 and FAPI 2 relying parties, log people in at the
// reference platform: a foreign reader of every document that the platform sends.
//
// Node and openid-client that are not installed are skipped, and are a failure where
// VNEID_REQUIRE_PEERS is 1. To install: npm ci in this directory.
package openidclient

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

const (
	back = "https://rp.example/callback"
	bye  = "https://rp.example/logged-out"
)

type object = map[string]any

// missing skips the test, or fails it where peers are required.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// peer is a running rp.mjs.
type peer struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Reader
}

func start(t *testing.T) *peer {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		missing(t, "Node is not installed")
	}
	if _, err := os.Stat("node_modules/openid-client"); err != nil {
		missing(t, "openid-client is not installed: run npm ci in internal/interop/openidclient")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	cmd := exec.CommandContext(ctx, "node", "rp.mjs")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = cmd.Wait() // what went wrong stands in the answers
		cancel()
	})
	return &peer{t: t, in: in, out: bufio.NewReader(out)}
}

// tell writes a line and reads the answer.
func (p *peer) tell(what object) object {
	p.t.Helper()
	b, err := json.Marshal(what)
	if err == nil {
		_, err = p.in.Write(append(b, '\n'))
	}
	if err != nil {
		p.t.Fatal(err)
	}
	line, err := p.out.ReadBytes('\n')
	answer := object{}
	if err == nil {
		err = json.Unmarshal(line, &answer)
	}
	if err != nil {
		p.t.Fatalf("the peer answered %q: %v", line, err)
	}
	return answer
}

// private writes a P-256 key as the JWK that the peer imports.
func private(t *testing.T, key any) object {
	t.Helper()
	k, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		t.Fatalf("a key of type %T", key)
	}
	point, err := k.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	d, err := k.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	return object{"kty": "EC", "crv": "P-256", "x": enc(point[1:33]), "y": enc(point[33:]), "d": enc(d)}
}

// ask says to the peer what the configuration says to sso.
func ask(t *testing.T, cfg sso.Config) object {
	t.Helper()
	out := object{"issuer": cfg.Issuer, "client": cfg.ClientID, "redirect": cfg.RedirectURL, "scope": "openid profile vneid:id", "bye": bye,
		"secret": cfg.ClientSecret, "par": cfg.Profile == sso.FAPI2, "dpop": cfg.Profile == sso.FAPI2, "jarm": cfg.JARM}
	if cfg.Key != nil {
		out["key"], out["kid"] = private(t, cfg.Key), "sign"
	}
	if len(cfg.Decrypt) > 0 {
		out["decrypt"], out["decrypt_kid"], out["signed_userinfo"] = private(t, cfg.Decrypt[0]), "enc", true
	}
	return out
}

// browser is a person who comes back from the platform to a site that is not there.
func browser(p *vneidtest.Platform) *http.Client {
	b := p.Browser("level2")
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), back+"?") || strings.HasPrefix(r.URL.String(), bye+"?") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return b
}

// browse logs a person in, or out, and returns where the browser is sent back to.
func browse(t *testing.T, b *http.Client, url string) string {
	t.Helper()
	resp, err := b.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Header.Get("Location") == "" {
		page, _ := io.ReadAll(resp.Body)
		t.Fatalf("the login ended on a page: %s", page)
	}
	return resp.Header.Get("Location")
}

func TestACertifiedClientLogsIn(t *testing.T) {
	p := vneidtest.New(t)
	jarm, all := p.FAPI2(back), p.Encrypt(p.FAPI2(back))
	jarm.JARM, all.JARM = true, true
	for name, cfg := range map[string]sso.Config{
		"Standard": p.SSO(back), "FAPI2": p.FAPI2(back), "FAPI2 with signed answers": jarm, "FAPI2, signed and encrypted": all,
	} {
		t.Run(name, func(t *testing.T) {
			rp := start(t)
			first := rp.tell(ask(t, cfg))
			url, _ := first["url"].(string)
			if url == "" {
				t.Fatal(first["error"])
			}
			if pushed := strings.Contains(url, "request_uri=") && !strings.Contains(url, "state="); pushed != (cfg.Profile == sso.FAPI2) {
				t.Errorf("pushed: %v", pushed)
			}
			b := browser(p)
			got := rp.tell(object{"url": browse(t, b, url)})
			if got["error"] != nil {
				t.Fatal(got["error"])
			}
			bound := cfg.Profile == sso.FAPI2
			if got["sub"] == nil || got["info_sub"] != got["sub"] || got["second_sub"] != got["sub"] || got["seen_sub"] != got["sub"] ||
				got["citizen"] != "999090000001" || got["active"] != true || got["after"] != false {
				t.Errorf("%v", got)
			}
			if (got["jkt"] != nil) != bound || got["rotated"] == bound || strings.EqualFold(got["type"].(string), "dpop") != bound {
				t.Errorf("bound %v: %v", bound, got)
			}
			if end := browse(t, b, got["logout"].(string)); end != bye+"?state=logout+state" {
				t.Errorf("from the logout back to %s", end)
			}
			if left := rp.tell(object{"over": true})["left"]; left != "invalid_grant" {
				t.Errorf("after the logout a refresh gives %v", left)
			}
		})
	}
}

// The same client must refuse what it is certified to refuse: so the faults do what
// they say, by somebody else's reading.
func TestACertifiedClientRefusesTheFaults(t *testing.T) {
	p := vneidtest.New(t)
	plain, full := p.FAPI2(back), p.FAPI2(back)
	full.JARM = true
	for _, c := range []struct {
		fault string
		cfg   sso.Config
		pass  bool
	}{
		{"no-dpop-nonce", plain, true}, {"token-type-case", plain, true}, {"missing-expires-in", plain, true},
		{"userinfo-dpop-case", plain, true}, {"audience-list", plain, true},
		{"wrong-issuer", plain, false}, {"wrong-audience", plain, false}, {"more-audiences", plain, false}, {"alg-none", plain, false},
		{"other-alg", plain, false}, {"expired-token", plain, false}, {"missing-exp", plain, false}, {"wrong-nonce", plain, false},
		{"missing-nonce", plain, false}, {"missing-iss", plain, false}, {"wrong-iss", plain, false}, {"wrong-state", plain, false},
		{"missing-state", plain, false}, {"userinfo-other-sub", plain, false}, {"refresh-wrong-issuer", plain, false},
		{"jarm-missing-iss", full, false}, {"jarm-wrong-iss", full, false}, {"jarm-missing-aud", full, false}, {"jarm-wrong-aud", full, false},
		{"jarm-missing-exp", full, false}, {"jarm-expired", full, false}, {"jarm-bad-signature", full, false}, {"jarm-alg-none", full, false},
	} {
		t.Run(c.fault, func(t *testing.T) {
			rp := start(t)
			url, _ := rp.tell(ask(t, c.cfg))["url"].(string)
			p.Break(c.fault)
			defer p.Heal()
			got := rp.tell(object{"url": browse(t, browser(p), url)})
			if (got["error"] == nil) != c.pass {
				t.Errorf("passes: %v, want %v: %v", got["error"] == nil, c.pass, got)
			}
			t.Log(got["error"])
		})
	}
}
