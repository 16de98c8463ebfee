//go:build unix

package sso

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// floor is what no verifier can do without: base64, hash and the standard
// library's check of the signature.
func floor(t testing.TB, alg, token string) func() {
	t.Helper()
	var set struct{ Keys []map[string]string }
	doc, err := os.ReadFile("testdata/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(doc, &set); err != nil {
		t.Fatal(err)
	}
	dot := strings.LastIndexByte(token, '.')
	input := token[:dot]
	decode := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	num := func(s string) *big.Int { return new(big.Int).SetBytes(decode(s)) }
	var check func(sig []byte) bool
	for _, k := range set.Keys {
		if k["alg"] != alg {
			continue
		}
		switch alg {
		case "EdDSA":
			pub := ed25519.PublicKey(decode(k["x"]))
			check = func(sig []byte) bool { return ed25519.Verify(pub, []byte(input), sig) }
		case "ES256":
			pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, decode(k["x"])...), decode(k["y"])...))
			if err != nil {
				t.Fatal(err)
			}
			check = func(sig []byte) bool {
				h := sha256.Sum256([]byte(input))
				return ecdsa.Verify(pub, h[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
			}
		default:
			pub := &rsa.PublicKey{N: num(k["n"]), E: int(num(k["e"]).Int64())}
			check = func(sig []byte) bool {
				h := sha256.Sum256([]byte(input))
				if alg == "PS256" {
					return rsa.VerifyPSS(pub, crypto.SHA256, h[:], sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
				}
				return rsa.VerifyPKCS1v15(pub, crypto.SHA256, h[:], sig) == nil
			}
		}
	}
	return func() {
		head, rest, _ := strings.Cut(token, ".")
		payload, sig, _ := strings.Cut(rest, ".")
		decode(head)
		decode(payload)
		if !check(decode(sig)) {
			t.Fatal("the floor does not hold")
		}
	}
}

func ours(t testing.TB, token string) func() {
	c, s := foreign(t)
	return func() {
		if _, err := c.VerifyIDToken(context.Background(), token, s, sealOwn); err != nil {
			t.Fatal(err)
		}
	}
}

var algs = []string{"RS256", "PS256", "ES256", "EdDSA"}

func tokenOf(t testing.TB, alg string) string {
	var v vector
	readJSON(t, "testdata/accepted/"+strings.ToLower(alg)+".json", &v)
	return v.Token
}

// A login must not cost memory beyond what it keeps: 14 allocations over the
// floor, unknown claims kept.
func TestATokenCostsFewAllocations(t *testing.T) {
	for _, alg := range algs {
		token := tokenOf(t, alg)
		least := testing.AllocsPerRun(50, floor(t, alg, token))
		got := testing.AllocsPerRun(50, ours(t, token))
		t.Logf("%s: %.0f allocations, floor %.0f", alg, got, least)
		if got > least+14 {
			t.Errorf("%s: %.0f allocations, more than 14 over the floor of %.0f", alg, got, least)
		}
	}
}

// BenchmarkToken interleaves the floor with ours in one process and reports the
// median ratio of their CPU times, which a busy machine disturbs least.
func BenchmarkToken(b *testing.B) {
	for _, alg := range algs {
		b.Run(alg, func(b *testing.B) {
			token := tokenOf(b, alg)
			least, got := floor(b, alg, token), ours(b, token)
			var ratios []float64
			for b.Loop() {
				ratios = append(ratios, float64(cpu(b, got))/float64(cpu(b, least)))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "x-floor")
		})
	}
}

// cpu returns the CPU time of 200 calls.
func cpu(t testing.TB, f func()) time.Duration {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	for range 200 {
		f()
	}
	return used() - before
}
