package bench

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/golang-jwt/jwt/v5"
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	jwxjwt "github.com/lestrrat-go/jwx/v2/jwt"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

const (
	issuer = "https://login.example"
	client = "portal"
	kid    = "2026-01-signing"
	nonce  = "n-0S6_WzA2Mj-100000"
	inputs = 1024
)

var at = time.Unix(1767600000, 0)

// material is one key and 1,024 different ID tokens by it.
type material struct {
	alg    string
	public crypto.PublicKey
	tokens []string
	der    [][]byte // ES256 signatures as crypto/ecdsa wants them
}

func generate(t testing.TB, alg string) crypto.Signer {
	t.Helper()
	var s crypto.Signer
	var err error
	switch alg {
	case "ES256":
		s, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "EdDSA":
		_, s, err = ed25519.GenerateKey(rand.Reader)
	default:
		s, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func makeTokens(t testing.TB, alg string) *material {
	t.Helper()
	signer := generate(t, alg)
	m := &material{alg: alg, public: signer.Public()}
	for i := range inputs {
		n := strconv.Itoa(100000 + i)
		claims, err := jws.Encode(
			jws.Member{Name: "iss", Value: issuer},
			jws.Member{Name: "sub", Value: "pairwise-subject-" + n},
			jws.Member{Name: "aud", Value: client},
			jws.Member{Name: "exp", Value: at.Add(5 * time.Minute)},
			jws.Member{Name: "iat", Value: at},
			jws.Member{Name: "auth_time", Value: at},
			jws.Member{Name: "nonce", Value: nonce},
			jws.Member{Name: "acr", Value: "urn:vneid:acr:l2:a3"},
			jws.Member{Name: "amr", Value: []string{"pwd", "face"}},
			jws.Member{Name: "azp", Value: client},
			jws.Member{Name: "sid", Value: "session-" + n},
			jws.Member{Name: "at_hash", Value: "77QmUPtjPfzWtF2AnpK9RQ"},
			jws.Member{Name: "citizen_id", Value: "999090" + n},
			jws.Member{Name: "name", Value: "Nguyễn Văn Mẫu"},
			jws.Member{Name: "birthdate", Value: "1990-01-02"},
			jws.Member{Name: "account_level", Value: 2},
			jws.Member{Name: "residence", Value: jws.Raw(`{"text":"Phường Mẫu, Tỉnh Thử","as_of":"2025-07-01"}`)},
		)
		if err != nil {
			t.Fatal(err)
		}
		token, err := jws.Compact(alg, signer, []jws.Member{{Name: "kid", Value: kid}, {Name: "typ", Value: "JWT"}}, claims)
		if err != nil {
			t.Fatal(err)
		}
		m.tokens = append(m.tokens, token)
		if alg == "ES256" {
			sig, _ := base64.RawURLEncoding.DecodeString(token[strings.LastIndexByte(token, '.')+1:])
			der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])})
			if err != nil {
				t.Fatal(err)
			}
			m.der = append(m.der, der)
		}
	}
	return m
}

// floor is the standard library's raw operation on the same bytes: payload and
// signature are decoded into ready buffers, hashed and checked. The header, which
// a verifier knows from the token before, is not decoded.
func (m *material) floor() func(int) error {
	payload, sig, whole := make([]byte, 4096), make([]byte, 1024), make([][]byte, inputs)
	for i, t := range m.tokens {
		whole[i] = []byte(t)
	}
	return func(i int) error {
		i %= inputs
		token, from, end := whole[i], strings.IndexByte(m.tokens[i], '.'), strings.LastIndexByte(m.tokens[i], '.')
		if _, err := base64.RawURLEncoding.Decode(payload, token[from+1:end]); err != nil {
			return err
		}
		n, err := base64.RawURLEncoding.Decode(sig, token[end+1:])
		if err != nil {
			return err
		}
		return m.check(i, token[:end], sig[:n])
	}
}

// simple is what a program writes that calls the same functions in the obvious
// way, with memory of its own for each of the three parts. It is a remark, and
// no bound is held to it.
func (m *material) simple() func(int) error {
	inputBytes := make([][]byte, inputs)
	for i, t := range m.tokens {
		inputBytes[i] = []byte(t[:strings.LastIndexByte(t, '.')])
	}
	return func(i int) error {
		i %= inputs
		head, rest, _ := strings.Cut(m.tokens[i], ".")
		payload, sig, _ := strings.Cut(rest, ".")
		if _, err := base64.RawURLEncoding.DecodeString(head); err != nil {
			return err
		}
		if _, err := base64.RawURLEncoding.DecodeString(payload); err != nil {
			return err
		}
		signature, err := base64.RawURLEncoding.DecodeString(sig)
		if err != nil {
			return err
		}
		return m.check(i, inputBytes[i], signature)
	}
}

// check is the raw operation: hash and signature.
func (m *material) check(i int, input, sig []byte) error {
	if k, ok := m.public.(ed25519.PublicKey); ok {
		if !ed25519.Verify(k, input, sig) {
			return errors.New("signature")
		}
		return nil
	}
	digest := sha256.Sum256(input)
	switch m.alg {
	case "RS256":
		return rsa.VerifyPKCS1v15(m.public.(*rsa.PublicKey), crypto.SHA256, digest[:], sig)
	case "PS256":
		return rsa.VerifyPSS(m.public.(*rsa.PublicKey), crypto.SHA256, digest[:], sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	}
	if !ecdsa.VerifyASN1(m.public.(*ecdsa.PublicKey), digest[:], m.der[i]) {
		return errors.New("signature")
	}
	return nil
}

// ours goes from the compact token to checked claims through the key set.
func (m *material) ours(t testing.TB) func(int) error {
	doc, err := jwx.Marshal(jwx.Key{Public: m.public, ID: kid, Alg: m.alg, Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jwks.Parse(doc, issuer, vneid.UseIDToken)
	if err != nil {
		t.Fatal(err)
	}
	p := jws.NewParser(jws.Rules{Algs: []string{m.alg}, Types: []string{"JWT", ""}})
	ctx := context.Background()
	return func(i int) error {
		tok, err := p.Parse(m.tokens[i%inputs])
		if err != nil {
			return err
		}
		c, err := tok.Claims()
		if err != nil {
			return err
		}
		err = keys.Verify(ctx, vneid.Signed{Use: vneid.UseIDToken, Issuer: c.String("iss"), Alg: tok.Alg, KeyID: tok.KeyID, Input: tok.Input, Signature: tok.Signature})
		if err != nil {
			return err
		}
		aud := c.Strings("aud")
		if c.String("iss") != issuer || len(aud) != 1 || aud[0] != client || !at.Before(c.Time("exp")) || c.Time("iat").After(at) ||
			c.String("nonce") == "" || c.String("sub") == "" || c.String("acr") == "" || c.Int("account_level") != 2 || c.Raw("residence") == "" || c.Err() != nil {
			return errors.New("claims")
		}
		return nil
	}
}

// seen is what the peers decode.
type seen struct {
	Nonce        string   `json:"nonce"`
	ACR          string   `json:"acr"`
	AMR          []string `json:"amr"`
	AccountLevel int      `json:"account_level"`
	jwt.RegisteredClaims
}

func (m *material) goOIDC() func(int) error {
	ctx := context.Background()
	v := oidc.NewVerifier(issuer, &oidc.StaticKeySet{PublicKeys: []crypto.PublicKey{m.public}},
		&oidc.Config{ClientID: client, SupportedSigningAlgs: []string{m.alg}, Now: func() time.Time { return at }})
	return func(i int) error {
		tok, err := v.Verify(ctx, m.tokens[i%inputs])
		if err != nil {
			return err
		}
		var c seen
		if err := tok.Claims(&c); err != nil || c.AccountLevel != 2 {
			return fmt.Errorf("claims: %w", err)
		}
		return nil
	}
}

func (m *material) golangJWT() func(int) error {
	p := jwt.NewParser(jwt.WithValidMethods([]string{m.alg}), jwt.WithIssuer(issuer), jwt.WithAudience(client), jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(), jwt.WithStrictDecoding(), jwt.WithTimeFunc(func() time.Time { return at }))
	return func(i int) error {
		var c seen
		_, err := p.ParseWithClaims(m.tokens[i%inputs], &c, func(*jwt.Token) (any, error) { return m.public, nil })
		if err == nil && c.AccountLevel != 2 {
			return errors.New("claims")
		}
		return err
	}
}

func (m *material) jwxJWT(t testing.TB) func(int) error {
	key, err := jwk.FromRaw(m.public)
	if err != nil {
		t.Fatal(err)
	}
	set := jwk.NewSet()
	for _, err := range []error{key.Set(jwk.KeyIDKey, kid), key.Set(jwk.AlgorithmKey, jwa.SignatureAlgorithm(m.alg)), set.AddKey(key)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return func(i int) error {
		tok, err := jwxjwt.Parse([]byte(m.tokens[i%inputs]), jwxjwt.WithKeySet(set), jwxjwt.WithIssuer(issuer), jwxjwt.WithAudience(client),
			jwxjwt.WithRequiredClaim("exp"), jwxjwt.WithClock(jwxjwt.ClockFunc(func() time.Time { return at })))
		if err != nil {
			return err
		}
		if _, ok := tok.Get("account_level"); !ok {
			return errors.New("claims")
		}
		return nil
	}
}

// contenders lists the floor first.
func (m *material) contenders(t testing.TB) []Contender {
	return []Contender{
		{"floor: base64, SHA-256, check", m.floor()},
		{"this module", m.ours(t)},
		{"the same with DecodeString", m.simple()},
		{"golang-jwt/v5", m.golangJWT()},
		{"go-oidc/v3", m.goOIDC()},
		{"jwx/v2 jwt.Parse", m.jwxJWT(t)},
	}
}

// TestTokenToClaims prints the ratios; VNEID_BENCH=1 runs the long form and holds
// them to the project's bounds. Without it the run is short and asserts only that
// every contender accepts every token, and the allocations, which do not vary.
func TestTokenToClaims(t *testing.T) {
	long := os.Getenv("VNEID_BENCH") == "1"
	rounds, ops := 5, 50
	if long {
		rounds, ops = 101, inputs/4
	}
	for _, alg := range []string{"RS256", "PS256", "ES256", "EdDSA"} {
		t.Run(alg, func(t *testing.T) {
			m := makeTokens(t, alg)
			results, err := Race(m.contenders(t), rounds, ops)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d tokens of %d bytes\n%s", inputs, len(m.tokens[0]), Table(results))
			floor, ours := results[0], results[1]
			if ours.Allocs > floor.Allocs+14 {
				t.Errorf("%.0f allocations, the floor has %.0f", ours.Allocs, floor.Allocs)
			}
			if ratio := float64(ours.CPU) / float64(floor.CPU); long && ratio > 1.10 {
				t.Errorf("%.3f times the floor", ratio)
			}
		})
	}
}

func BenchmarkTokenToClaims(b *testing.B) {
	for _, alg := range []string{"RS256", "PS256", "ES256", "EdDSA"} {
		m := makeTokens(b, alg)
		for _, c := range m.contenders(b) {
			b.Run(alg+"/"+strings.ReplaceAll(c.Name, " ", "_"), func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					if err := c.Run(i); err != nil {
						b.Fatal(err)
					}
					i++
				}
			})
		}
	}
}
