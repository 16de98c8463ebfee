package qr_test

import (
	"context"
	"crypto"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/base45"
	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// rounds is how many mutations each of the two tests makes: 25,000, or what
// VNEID_MUTATIONS says (1000000 for the long run), or 1,000 under -short.
func rounds(t *testing.T) int {
	t.Helper()
	n := 25_000
	if testing.Short() {
		n = 1_000
	}
	if s := os.Getenv("VNEID_MUTATIONS"); s != "" {
		long, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal("VNEID_MUTATIONS is no number")
		}
		n = long / 2
	}
	return n
}

func TestNoChangeToACodePasses(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2026))
	keys := map[string]crypto.Signer{"Ed25519": edKey, "P-256": ecKey}
	refused := 0
	for n := rounds(t); n > 0; {
		for name, key := range keys {
			cfg := config()
			cfg.Keys, cfg.Replay = oneKey{key.Public()}, new(asked) // never says replayed
			v := newVerifier(t, cfg)
			for spelling, text := range spellings(t, dynamic(t), key) {
				if _, err := v.Verify(context.Background(), text); err != nil {
					t.Fatalf("the unchanged code: %v", err)
				}
				for range 500 {
					changed := mutate(rng, text)
					if trimmed(changed) == text {
						continue
					}
					n, refused = n-1, refused+1
					if _, err := v.Verify(context.Background(), changed); err == nil {
						t.Fatalf("%s %s: accepted %q for %q", spelling, name, changed, text)
					}
				}
			}
		}
	}
	t.Logf("%d changed codes, 0 accepted", refused)
}

func trimmed(s string) string { return strings.Trim(s, " \t\r\n\x00\ufeff") }

// mutate changes a code as text, or the bytes that a VN1 code spells.
func mutate(rng *rand.Rand, text string) string {
	if body, ok := strings.CutPrefix(text, "VN1:"); ok && rng.IntN(2) == 0 {
		raw, _ := base45.AppendDecode(nil, body)
		return "VN1:" + string(base45.AppendEncode(nil, []byte(scramble(rng, string(raw), func() byte { return byte(rng.Uint32()) }))))
	}
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abcdefghijklmnopqrstuvwxyz_="
	return scramble(rng, text, func() byte { return letters[rng.IntN(len(letters))] })
}

func scramble(rng *rand.Rand, s string, random func() byte) string {
	b := []byte(s)
	for range 1 + rng.IntN(3) {
		i := rng.IntN(len(b))
		switch rng.IntN(6) {
		case 0:
			b[i] = random()
		case 1:
			b[i] ^= 1 << rng.IntN(8)
		case 2:
			b = append(b[:i], b[i+1:]...)
		case 3:
			b = append(b[:i], append([]byte{random()}, b[i:]...)...)
		case 4:
			j := rng.IntN(len(b))
			b[i], b[j] = b[j], b[i]
		case 5:
			b = b[:i+1]
		}
		if len(b) < 8 {
			break
		}
	}
	return string(b)
}

// situation is a signed code and who looks at it, drawn at random. The verdict
// that it deserves is written below without a look at the verifier.
type situation struct {
	claims  qrissue.Claims
	key     crypto.Signer
	cfg     qr.Config
	nonce   string
	trusted bool // the key
}

func draw(t *testing.T, rng *rand.Rand) situation {
	pick := func(n int) bool { return rng.IntN(n) == 0 }
	s := situation{claims: dynamic(t), key: edKey, cfg: config(), trusted: true}
	c := &s.claims
	ec := pick(2)
	if ec {
		s.key, s.cfg.Keys = ecKey, oneKey{ecKey.Public()}
	}
	if pick(3) {
		*c = static(t)
	}
	s.cfg.AcceptUnchecked = !pick(3)
	if pick(12) {
		s.trusted = false
		if s.key = newEd(); ec {
			s.key = newEC()
		}
	}
	if pick(10) {
		c.Issuer = []string{"", "https://other.example", issuer + "/"}[rng.IntN(3)]
	}
	if pick(4) {
		c.Issued = noon.Add(time.Duration(rng.IntN(400)-250) * time.Second)
		c.Expires = c.Issued.Add(time.Duration(rng.IntN(140)-10) * time.Second)
		if c.Kind == qr.Static && pick(2) {
			c.Expires = c.Issued.Add(time.Duration(rng.IntN(500*24)) * time.Hour)
		}
	}
	words := []string{"", "counter 1", "counter 2"}
	if pick(4) {
		c.Audience, s.cfg.Audience = words[rng.IntN(3)], words[rng.IntN(3)]
	}
	if pick(4) {
		c.Nonce, s.nonce = words[rng.IntN(3)], words[rng.IntN(3)]
	}
	if pick(4) {
		c.Level, s.cfg.Need = vneid.Level(rng.IntN(4)), vneid.Level(rng.IntN(3))
	}
	if pick(10) {
		c.Citizen.ID, c.Citizen.ForeignerID = []string{"", "99909000001", "999090000001"}[rng.IntN(3)], []string{"", "NN-1"}[rng.IntN(2)]
	}
	if pick(12) {
		c.ID = make([]byte, 14+rng.IntN(4))
	}
	if pick(12) {
		c.Kind = qr.Kind(rng.IntN(4))
	}
	return s
}

// deserves is the rule table: what the package comment promises, first rule
// first. "" is accepted.
func (s situation) deserves() string {
	c := s.claims
	life := c.Expires.Sub(c.Issued)
	for _, rule := range []struct {
		breaks bool
		want   vneid.Kind
	}{
		{c.Issuer == "" || len(c.ID) != 0 && len(c.ID) != 16, vneid.ErrMalformed},
		{c.Kind != qr.Dynamic && c.Kind != qr.Static || c.Level < 1 || c.Level > 2, vneid.ErrMalformed},
		{c.Citizen.ID != "" && len(c.Citizen.ID) != 12, vneid.ErrMalformed},
		{(c.Citizen.ID == "") == (c.Citizen.ForeignerID == ""), vneid.ErrMalformed},
		{c.Kind == qr.Static && c.StatusURI == "", vneid.ErrMalformed},
		{c.Issuer != issuer, vneid.ErrUntrusted},
		{!s.trusted, vneid.ErrSignature},
		{life <= 0 || c.Kind == qr.Dynamic && life > 120*time.Second || life > 400*24*time.Hour, vneid.ErrMalformed},
		{c.Issued.After(noon.Add(30 * time.Second)), vneid.ErrNotYetValid},
		{!c.Expires.After(noon.Add(-30 * time.Second)), vneid.ErrExpired},
		{c.Audience != s.cfg.Audience, vneid.ErrMismatch},
		{c.Nonce != s.nonce, vneid.ErrMismatch},
		{c.Level < s.cfg.Need, vneid.ErrLevel},
		{c.Kind == qr.Static && !s.cfg.AcceptUnchecked, vneid.ErrUnavailable},
	} {
		if rule.breaks {
			return rule.want.Error()
		}
	}
	return ""
}

func TestResignedCodesGetTheVerdictOfTheRuleTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2026))
	verdicts := map[string]int{}
	for range rounds(t) / 2 { // each in two spellings
		s := draw(t, rng)
		want := s.deserves()
		s.cfg.Replay = vneid.NewMemoryReplay(0, func() time.Time { return noon.Add(-time.Hour) })
		for spelling, text := range spellings(t, s.claims, s.key) {
			s.cfg.Replay = vneid.NewMemoryReplay(0, func() time.Time { return noon.Add(-time.Hour) })
			c, err := newVerifier(t, s.cfg).VerifyNonce(context.Background(), text, s.nonce)
			got := ""
			if err != nil {
				got = kindOf(t, err).Error()
			}
			if got != want || (c == nil) != (err != nil) {
				t.Fatalf("%s: %q (%v), want %q: %s", spelling, got, err, want, fmt.Sprintf("%+v", s.claims))
			}
			verdicts[got]++
		}
	}
	t.Logf("verdicts: %v", verdicts)
	for _, k := range []vneid.Kind{vneid.ErrMalformed, vneid.ErrUntrusted, vneid.ErrSignature, vneid.ErrNotYetValid, vneid.ErrExpired, vneid.ErrMismatch, vneid.ErrLevel, vneid.ErrUnavailable} {
		if verdicts[k.Error()] == 0 {
			t.Errorf("no situation deserved %q", k)
		}
	}
	if verdicts[""] == 0 {
		t.Error("no situation deserved to pass")
	}
}
