package chip_test

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// An attack counts only if it succeeds when the one check that it aims at is taken
// out. Each of these is stopped, by its check, and passes without it.
func TestAttacksSucceedWithoutTheirCheck(t *testing.T) {
	attacks := map[string][]string{
		"sod-signature":         {"sod-signature-wrong", "sod-digest-wrong"},
		"digests":               {"data-dg2-changed", "data-dg2-of-another", "data-dg13-changed"},
		"certificate-chain":     {"ds-expired", "ds-future", "ds-usage", "ds-signed-before"},
		"com":                   {"com-drops-dg15", "com-adds-dg11"},
		"dg1-dg13":              {"data-dg13-other-person"},
		"active-authentication": {"aa-signature-wrong", "aa-fixed-challenge", "aa-rsa-digest"},
		"pace-cam":              {"cam-other-key"},
		"chip-genuine":          {"clone-mute", "ca-refused"},
		"card-access":           {"downgrade-weaker", "downgrade-no-card-access"},
		"issuing-state":         {"csca-other-state"},
		"document-type":         {"ds-passport"},
	}
	byName := map[string]chiptest.Fault{}
	for _, f := range chiptest.Faults() {
		byName[f.Name] = f
	}
	for check, names := range attacks {
		for _, name := range names {
			f, ok := byName[name]
			if !ok {
				t.Fatalf("there is no fault %s", name)
			}
			card := newCard(t, f.Card())
			v := trusting(t, card)
			c, err := v.Challenge(session)
			if err != nil {
				t.Fatal(err)
			}
			d, err := chip.Read(context.Background(), card, byMRZ(t, card), chip.ReadOptions{Challenge: &c, MaxResponse: 65536})
			if err != nil {
				t.Errorf("%s: the attack does not reach the verifier: %v", name, err)
				continue
			}
			var verdict *chip.VerifyError
			if _, err := v.Verify(context.Background(), d, chip.VerifyOptions{Session: session}); !errors.As(err, &verdict) || verdict.Name != check {
				t.Errorf("%s is stopped by %v, not by %s", name, err, check)
			}
			if _, err := v.Without(check).Verify(context.Background(), d, chip.VerifyOptions{Session: session}); err != nil {
				t.Errorf("%s without %s: still %v", name, check, err)
			}
		}
	}
}

// The same for what is no fault of the card's: whom the caller trusts, what time it
// is, and which session, challenge and reading a Dump is for.
func TestPresentationsSucceedWithoutTheirCheck(t *testing.T) {
	issuer, err := chiptest.NewIssuer(chiptest.Authority{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, c := range []struct {
		name   string
		card   chiptest.Card
		change func(*testing.T, *chip.Config, *chiptest.Emulator)
		late   time.Duration // between reading and verifying
		at     string        // the session it is presented in
		upload bool
		check  string
		kind   vneid.Kind
	}{
		{name: "in another session", card: chiptest.Card{NoCA: true}, at: "another session", check: "active-authentication", kind: vneid.ErrMismatch},
		{name: "an answer that is too old", card: chiptest.Card{NoCA: true}, late: 5 * time.Minute, check: "active-authentication", kind: vneid.ErrExpired},
		{name: "a session that is too long ago", card: chiptest.Card{NoAA: true}, late: 6 * time.Minute, check: "chip-genuine", kind: vneid.ErrUntrusted},
		{name: "a session of another process", card: chiptest.Card{NoAA: true}, upload: true, check: "chip-genuine", kind: vneid.ErrUntrusted},
		{name: "of an expired card", card: chiptest.Card{Person: "expired-card"}, check: "card-expiry", kind: vneid.ErrExpired},
		{name: "of an unknown issuer", check: "certificate-chain", kind: vneid.ErrUntrusted,
			change: func(_ *testing.T, c *chip.Config, _ *chiptest.Emulator) { c.Anchors = nil }},
		{name: "of a revoked signer", check: "revocation", kind: vneid.ErrRevoked, change: func(t *testing.T, c *chip.Config, card *chiptest.Emulator) {
			list, err := issuer.CRL(card)
			if err != nil {
				t.Fatal(err)
			}
			c.CRLs = [][]byte{list}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.card.Issuer = issuer
			card := newCard(t, c.card)
			clock := now
			v := trusting(t, card, func(cfg *chip.Config) {
				cfg.Now = func() time.Time { return clock }
				if c.change != nil {
					c.change(t, cfg, card)
				}
			})
			d := dumped(t, v, card, byCAN(t, card))
			if c.upload {
				d = transfer(t, d)
			}
			clock = clock.Add(c.late)
			o := chip.VerifyOptions{Session: cmp.Or(c.at, session)}
			var verdict *chip.VerifyError
			if _, err := v.Verify(context.Background(), d, o); !errors.As(err, &verdict) || verdict.Name != c.check || !errors.Is(err, c.kind) {
				t.Errorf("stopped by %v, not by %s", err, c.check)
			}
			if _, err := v.Without(c.check).Verify(context.Background(), d, o); err != nil {
				t.Errorf("without %s: still %v", c.check, err)
			}
		})
	}
}

// forgetful is a store that remembers nothing.
type forgetful struct{}

func (forgetful) Use(context.Context, vneid.Once) error { return nil }

// A replay is stopped by the store alone.
func TestAReplaySucceedsWithoutTheStore(t *testing.T) {
	card := newCard(t, chiptest.Card{NoCA: true})
	for _, remembers := range []bool{true, false} {
		v := trusting(t, card, func(c *chip.Config) {
			if !remembers {
				c.Replay = forgetful{}
			}
		})
		card.Reset()
		d := transfer(t, dumped(t, v, card, byCAN(t, card)))
		if _, err := v.Verify(context.Background(), d, chip.VerifyOptions{Session: session}); err != nil {
			t.Fatal("the twin:", err)
		}
		if _, err := v.Verify(context.Background(), d, chip.VerifyOptions{Session: session}); errors.Is(err, vneid.ErrReplayed) != remembers || (err == nil) == remembers {
			t.Errorf("a store that remembers (%v): %v", remembers, err)
		}
	}
}

// down is a store that cannot be reached, with a word about whom it was asked for.
type down struct{ err error }

func (d down) Use(context.Context, vneid.Once) error { return d.err }

// Where the store is down nothing passes, and its words are not repeated.
func TestNothingPassesWhileTheStoreIsDown(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	for _, c := range []struct {
		err  error
		kind vneid.Kind
	}{
		{errors.New("redis: 999090000001 refused"), vneid.ErrUnavailable},
		{context.DeadlineExceeded, vneid.ErrUnavailable},
		{fault.New(vneid.ErrUnavailable, "full"), vneid.ErrUnavailable},
	} {
		v := trusting(t, card, func(cfg *chip.Config) { cfg.Replay = down{c.err} })
		card.Reset()
		doc, err := v.Verify(context.Background(), dumped(t, v, card, byCAN(t, card)), chip.VerifyOptions{Session: session})
		if doc != nil || !errors.Is(err, c.kind) || kinds(err) != 1 || strings.Contains(err.Error(), "999090") {
			t.Errorf("%v: %v", c.err, err)
		}
	}
}
