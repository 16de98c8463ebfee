package chip_test

import (
	"context"
	"errors"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
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

// The same for challenges and sessions.
func TestReplaysSucceedWithoutTheirCheck(t *testing.T) {
	card := newCard(t, chiptest.Card{NoCA: true})
	v := trusting(t, card)
	d := dumped(t, v, card, byMRZ(t, card))
	other := chip.VerifyOptions{Session: "another session"}
	if _, err := v.Verify(context.Background(), d, other); !errors.Is(err, vneid.ErrMismatch) {
		t.Error(err)
	}
	if _, err := v.Without("active-authentication").Verify(context.Background(), d, other); err != nil {
		t.Error(err)
	}
}
