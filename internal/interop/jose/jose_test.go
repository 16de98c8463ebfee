// Package jose lets foreign libraries verify our tokens and key sets, and ours
// verify theirs: jose on Node, and cryptography on Python. Each must also refuse
// our tokens once they are tampered with.
//
// Peers that are not installed are skipped, and are a failure where
// VNEID_REQUIRE_PEERS is 1. To install them: npm ci in this directory, and
// Python's cryptography.
package jose

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

const issuer = "https://op.example"

var algs = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// missing skips the test, or fails it where peers are required.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// ask runs a peer with one request.
func ask(t *testing.T, request any, answer any, command ...string) {
	t.Helper()
	in, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command, err, stderr.String())
	}
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatalf("%v answered %q", command, out)
	}
}

func node(t *testing.T) []string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		missing(t, "Node is not installed")
	}
	if _, err := os.Stat("node_modules/jose"); err != nil {
		missing(t, "jose is not installed: run npm ci in internal/interop/jose")
	}
	return []string{"node", "peer.mjs"}
}

func python(t *testing.T) []string {
	t.Helper()
	if exec.Command("python3", "-c", "import cryptography").Run() != nil {
		missing(t, "Python's cryptography is not installed")
	}
	return []string{"python3", "peer.py"}
}

// ours signs one token with each algorithm.
func ours(t *testing.T) (set json.RawMessage, tokens map[string]string) {
	t.Helper()
	tokens = map[string]string{}
	var keys []jwx.Key
	now := time.Now()
	for _, alg := range algs {
		signer := generate(t, alg)
		kid, err := jwx.Thumbprint(signer.Public())
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, jwx.Key{Public: signer.Public(), ID: kid, Alg: alg, Use: "sig"})
		claims, err := jws.Encode(
			jws.Member{Name: "iss", Value: issuer},
			jws.Member{Name: "sub", Value: "9b1f"},
			jws.Member{Name: "aud", Value: []string{"rp"}},
			jws.Member{Name: "iat", Value: now},
			jws.Member{Name: "exp", Value: now.Add(5 * time.Minute)},
			jws.Member{Name: "name", Value: "Nguyễn Văn Mẫu \"\\\u0001\U0001f600"},
		)
		if err != nil {
			t.Fatal(err)
		}
		tokens[alg], err = jws.Compact(alg, signer, []jws.Member{{Name: "kid", Value: kid}, {Name: "typ", Value: "JWT"}}, claims)
		if err != nil {
			t.Fatal(err)
		}
	}
	set, err := jwx.Marshal(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return set, tokens
}

func generate(t *testing.T, alg string) crypto.Signer {
	t.Helper()
	curves := map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}
	var signer crypto.Signer
	var err error
	switch {
	case alg == "EdDSA":
		_, signer, err = ed25519.GenerateKey(rand.Reader)
	case curves[alg] != nil:
		signer, err = ecdsa.GenerateKey(curves[alg], rand.Reader)
	default:
		signer, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// tampered alters each token in ways that leave its form intact.
func tampered(tokens map[string]string) map[string]string {
	out := map[string]string{}
	flip := func(s string, i int) string {
		c := byte('A')
		if s[i] == c {
			c = 'B'
		}
		return s[:i] + string(c) + s[i+1:]
	}
	for alg, token := range tokens {
		parts := strings.Split(token, ".")
		other := strings.Split(tokens[algs[(slices.Index(algs, alg)+1)%len(algs)]], ".")
		join := func(p ...string) string { return strings.Join(p, ".") }
		out[alg+": payload altered"] = join(parts[0], flip(parts[1], 20), parts[2])
		out[alg+": signature altered"] = join(parts[0], parts[1], flip(parts[2], 3))
		out[alg+": signature of another token"] = join(parts[0], parts[1], other[2])
		out[alg+": header of another token"] = join(other[0], parts[1], parts[2])
		out[alg+": no signature"] = join(parts[0], parts[1], "")
	}
	return out
}

func TestPeersVerifyOurTokensAndRefuseTamperedOnes(t *testing.T) {
	for name, peer := range map[string]func(*testing.T) []string{"jose on Node": node, "cryptography on Python": python} {
		t.Run(name, func(t *testing.T) {
			command := peer(t)
			set, tokens := ours(t)
			bad := tampered(tokens)
			all := maps.Clone(tokens)
			maps.Copy(all, bad)
			verdicts := map[string]string{}
			ask(t, map[string]any{"jwks": set, "tokens": all}, &verdicts, command...)
			if len(verdicts) != len(all) {
				t.Fatalf("%d verdicts on %d tokens", len(verdicts), len(all))
			}
			for name, verdict := range verdicts {
				if _, tampered := bad[name]; tampered != (verdict != "") {
					t.Errorf("%s: %q", name, verdict)
				}
			}
			t.Logf("%d accepted, %d tampered ones refused", len(tokens), len(bad))
		})
	}
}

func TestWeVerifyTokensOfJoseAndRefuseTamperedOnes(t *testing.T) {
	command := node(t)
	var made struct {
		JWKS   json.RawMessage
		Tokens map[string]string
	}
	ask(t, map[string]any{"make": append(algs[:len(algs):len(algs)], "Ed25519")}, &made, command...)
	keys, err := jwks.Parse(made.JWKS, issuer, vneid.UseIDToken)
	if err != nil {
		t.Fatal(err)
	}
	p := jws.NewParser(jws.Rules{Types: []string{"JWT"}})
	check := func(token string) error {
		tok, err := p.Parse(token)
		if err != nil {
			return err
		}
		c, err := tok.Claims()
		if err != nil {
			return err
		}
		return keys.Verify(t.Context(), vneid.Signed{Use: vneid.UseIDToken, Issuer: c.String("iss"), Alg: tok.Alg, KeyID: tok.KeyID, Input: tok.Input, Signature: tok.Signature})
	}
	for alg, token := range made.Tokens {
		if err := check(token); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
	delete(made.Tokens, "Ed25519")
	for name, token := range tampered(made.Tokens) {
		if check(token) == nil {
			t.Errorf("%s passes", name)
		}
	}
}
