package bench

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// identity goes from the compact token to an sso.Identity with every check of
// package sso, keys in memory, unknown claims kept.
func (m *material) identity(t testing.TB) func(int) error {
	t.Helper()
	doc, err := jwx.Marshal(jwx.Key{Public: m.public, ID: kid, Alg: m.alg, Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jwks.Parse(doc, issuer, vneid.UseIDToken)
	if err != nil {
		t.Fatal(err)
	}
	const redirect = "https://portal.example/callback"
	c, err := sso.New(sso.Config{
		Issuer: issuer, ClientID: client, RedirectURL: redirect, Keys: keys,
		Need: vneid.Assurance{Level: 2, Auth: 3}, Now: func() time.Time { return at },
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{
		"state": "state", "nonce": nonce, "verifier": "verifier",
		"issuer": issuer, "client_id": client, "redirect_uri": redirect,
		"need": vneid.Assurance{Level: 2, Auth: 3}, "created": at, "expires": at.Add(time.Minute),
	})
	if err != nil {
		t.Fatal(err)
	}
	session := new(sso.Session)
	if err := json.Unmarshal(text, session); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	id, err := c.VerifyIDToken(ctx, m.tokens[0], session, seal.Own())
	if err != nil {
		t.Fatal(err)
	}
	if _, kept := id.Claim("amr"); !kept || id.Citizen().Reveal().Residence.Text == "" || id.Assurance().Level != 2 {
		t.Fatal("not the whole identity")
	}
	return func(i int) error {
		_, err := c.VerifyIDToken(ctx, m.tokens[i%inputs], session, seal.Own())
		return err
	}
}

// TestTokenToIdentity is TestTokenToClaims for the whole of what sso makes of a
// token. VNEID_BENCH=1 runs the long form and holds it to the project's bounds.
func TestTokenToIdentity(t *testing.T) {
	long := os.Getenv("VNEID_BENCH") == "1"
	rounds, ops := 5, 50
	if long {
		rounds, ops = 101, inputs/4
	}
	for _, alg := range []string{"RS256", "PS256", "ES256", "EdDSA"} {
		t.Run(alg, func(t *testing.T) {
			m := makeTokens(t, alg)
			results, err := Race([]Contender{
				{"floor: base64, SHA-256, check", m.floor()},
				{"sso: token to Identity", m.identity(t)},
				{"go-oidc/v3", m.goOIDC()},
			}, rounds, ops)
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

func BenchmarkTokenToIdentity(b *testing.B) {
	for _, alg := range []string{"RS256", "PS256", "ES256", "EdDSA"} {
		m := makeTokens(b, alg)
		run := m.identity(b)
		b.Run(alg, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if err := run(i); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}
