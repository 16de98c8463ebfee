package jws_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/raced"
)

// signers has one key for each algorithm's type and curve.
var signers = sync.OnceValue(func() map[string]crypto.Signer {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(err)
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	must(err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	must(err)
	return map[string]crypto.Signer{
		"RS256": r, "RS384": r, "RS512": r, "PS256": r, "PS384": r, "PS512": r,
		"ES256": p256, "ES384": p384, "ES512": p521, "EdDSA": ed,
	}
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func claims(t testing.TB) []byte {
	t.Helper()
	b, err := jws.Encode(
		jws.Member{Name: "iss", Value: "https://op.example"},
		jws.Member{Name: "sub", Value: "công dân"},
		jws.Member{Name: "aud", Value: []string{"rp"}},
		jws.Member{Name: "exp", Value: time.Unix(2e9, 0)},
		jws.Member{Name: "level", Value: 2},
	)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEveryAlgorithmVerifiesWhatItSigned(t *testing.T) {
	p := jws.NewParser(jws.Rules{Types: []string{"JWT"}})
	for alg, signer := range signers() {
		t.Run(alg, func(t *testing.T) {
			compact, err := jws.Compact(alg, signer, []jws.Member{{Name: "typ", Value: "JWT"}, {Name: "kid", Value: "k"}}, claims(t))
			if err != nil {
				t.Fatal(err)
			}
			tok, err := p.Parse(compact)
			if err != nil {
				t.Fatal(err)
			}
			if tok.Alg != alg || tok.KeyID != "k" || tok.Type != "JWT" || tok.Header("kid") != `"k"` {
				t.Fatalf("header read as %q %q %q", tok.Alg, tok.KeyID, tok.Type)
			}
			if err := jws.Verify(alg, signer.Public(), tok.Input, tok.Signature); err != nil {
				t.Fatal(err)
			}
			for other, key := range signers() {
				err := jws.Verify(other, key.Public(), tok.Input, tok.Signature)
				if other != alg && err == nil {
					t.Errorf("also passes as %s", other)
				}
			}
			for i := range tok.Signature {
				tok.Signature[i] ^= 1
				if err := jws.Verify(alg, signer.Public(), tok.Input, tok.Signature); !errors.Is(err, jws.ErrSignature) {
					t.Fatalf("byte %d of the signature altered: %v", i, err)
				}
				tok.Signature[i] ^= 1
				if i == 8 {
					break
				}
			}
			tok.Input[3] ^= 1
			if err := jws.Verify(alg, signer.Public(), tok.Input, tok.Signature); !errors.Is(err, jws.ErrSignature) {
				t.Fatalf("input altered: %v", err)
			}
			c, err := tok.Claims()
			if err != nil {
				t.Fatal(err)
			}
			if c.String("sub") != "công dân" || c.Int("level") != 2 || !c.Time("exp").Equal(time.Unix(2e9, 0)) || c.Strings("aud")[0] != "rp" || c.Err() != nil {
				t.Fatalf("claims read as %s, %v", c.Text(), c.Err())
			}
		})
	}
}

func TestAHugeTokenCostsNothing(t *testing.T) {
	p := jws.NewParser(jws.Rules{Types: []string{""}})
	huge := strings.Repeat("A", 2_500_000) + ".e30.AA"
	per := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Parse(huge); !errors.Is(err, jws.ErrMalformed) {
				b.Fatal(err)
			}
		}
	})
	if per.NsPerOp() > 10_000 || per.AllocedBytesPerOp() > 64 {
		t.Errorf("refusing 2.5 MB took %d ns and %d bytes", per.NsPerOp(), per.AllocedBytesPerOp())
	}
}

func TestParsingTakesTwoAllocationsWhenTheHeaderIsKnown(t *testing.T) {
	p := jws.NewParser(jws.Rules{Types: []string{"JWT"}})
	compact, err := jws.Compact("EdDSA", signers()["EdDSA"], []jws.Member{{Name: "typ", Value: "JWT"}}, claims(t))
	if err != nil {
		t.Fatal(err)
	}
	var iss string
	n := testing.AllocsPerRun(100, func() {
		tok, err := p.Parse(compact)
		must(err)
		c, err := tok.Claims()
		must(err)
		iss = c.String("iss")
		tok.Free()
	})
	// Payload and members; without Free two more. The race detector makes pools
	// forget, and counts nothing that holds.
	if iss != "https://op.example" || n > 2 && !raced.On {
		t.Errorf("%v allocations for parsing and claims, want 2", n)
	}
}

// Memory that was given back serves the next token and touches no token that
// still has its own.
func TestFreedMemoryServesTheNextToken(t *testing.T) {
	p := jws.NewParser(jws.Rules{Types: []string{"JWT"}})
	compact := func(sub string) string {
		text, err := jws.Compact("EdDSA", signers()["EdDSA"], []jws.Member{{Name: "typ", Value: "JWT"}}, []byte(`{"sub":"`+sub+`"}`))
		must(err)
		return text
	}
	kept, err := p.Parse(compact("kept"))
	must(err)
	input := string(kept.Input)
	for _, sub := range []string{"one", "another that is longer than it", "two"} {
		text := compact(sub)
		tok, err := p.Parse(text)
		must(err)
		if !strings.HasPrefix(text, string(tok.Input)) || len(tok.Signature) != 64 {
			t.Errorf("%s: the token is not its own", sub)
		}
		tok.Free()
		if tok.Input != nil || tok.Signature != nil {
			t.Errorf("%s: freed memory can still be reached", sub)
		}
		tok.Free() // twice is once
	}
	if string(kept.Input) != input {
		t.Error("a token that was not freed has changed")
	}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func compactUnsigned(header string) string { return b64([]byte(header)) + ".e30.AA" }

// FuzzObject compares with encoding/json: what we read, it reads as the same.
func FuzzObject(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1}`, ` {"a" : [ 1 , -0.5e+3 , {"b":"\u00e0\ud83d\ude00\/"} ] , "c":null} `, `{"a":1,"\u0061":2}`,
		`{"exp":1767600600,"aud":["a","b"],"iss":"https://op.example"}`, `{"a":"\ud800"}`, "{\"a\":\"\xff\"}", `{"a":{"b":{"c":[[[]]]}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o, err := jws.ParseObject(text)
		if err != nil {
			if !errors.Is(err, jws.ErrMalformed) {
				t.Fatalf("%v is not malformed", err)
			}
			return
		}
		var std map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &std); err != nil {
			t.Fatalf("encoding/json refuses %q: %v", text, err)
		}
		if len(std) != len(o.Names()) {
			t.Fatalf("%q has %d names, encoding/json finds %d", text, len(o.Names()), len(std))
		}
		for name, raw := range std {
			if o.Raw(name) != string(raw) {
				t.Errorf("%q is %q, encoding/json reads %q", name, o.Raw(name), raw)
			}
			if s := ""; json.Unmarshal(raw, &s) == nil && raw[0] == '"' && o.String(name) != s {
				t.Errorf("%q is %q, encoding/json reads %q", name, o.String(name), s)
			}
			if raw[0] == '[' {
				var l []string
				var list []any
				must(json.Unmarshal(raw, &list))
				ours := o.Strings(name)
				if json.Unmarshal(raw, &l) == nil && ours != nil && !slices.Equal(l, ours) {
					t.Errorf("%q is %q, encoding/json reads %q", name, ours, l)
				}
			}
		}
	})
}

func TestInFindsMembersOfMembers(t *testing.T) {
	o, err := jws.ParseObject(`{"a":{"b":"x","c":{"b":1},"d":null},"e":"b","f":["b"],"g":{}}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, inner, want string }{
		{"a", "b", `"x"`}, {"a", "c", `{"b":1}`}, {"a", "d", "null"},
		{"a", "e", ""}, {"e", "b", ""}, {"f", "b", ""}, {"g", "b", ""}, {"h", "b", ""},
	} {
		if got := o.In(c.name, c.inner); got != c.want {
			t.Errorf("In(%s, %s) = %s, want %s", c.name, c.inner, got, c.want)
		}
	}
	if n := testing.AllocsPerRun(100, func() { o.In("a", "b") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
