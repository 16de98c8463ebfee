package chip_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/internal/raced"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const session = "a session of the caller"

// newCard personalises a card.
func newCard(t testing.TB, c chiptest.Card) *chiptest.Emulator {
	t.Helper()
	card, err := chiptest.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

func byCAN(t testing.TB, card *chiptest.Emulator) chip.Access {
	t.Helper()
	a, err := chip.CAN(card.Access().CAN)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func byMRZ(t testing.TB, card *chiptest.Emulator) chip.Access {
	t.Helper()
	m, err := chip.ParseMRZ(strings.Join(card.Access().MRZ, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return m.Access()
}

// trusting returns a verifier that trusts the card's issuer, for the State that its
// certificate names.
func trusting(t testing.TB, card *chiptest.Emulator, change ...func(*chip.Config)) *chip.Verifier {
	t.Helper()
	for _, country := range []string{"VN", "UT"} {
		cfg := chip.Config{Anchors: []chip.Anchor{{Certificates: card.Anchor(), Country: country, Label: "test"}}}
		for _, f := range change {
			f(&cfg)
		}
		if v, err := chip.New(cfg); err == nil {
			return v
		}
	}
	t.Fatal("the issuer is of no known State")
	return nil
}

// journey reads a card with a challenge and verifies what came of it.
func journey(ctx context.Context, t testing.TB, v *chip.Verifier, card chip.Card, a chip.Access) (*chip.Document, error) {
	t.Helper()
	c, err := v.Challenge(session)
	if err != nil {
		t.Fatal(err)
	}
	d, err := chip.Read(ctx, card, a, chip.ReadOptions{Challenge: &c, MaxResponse: 65536})
	if err != nil {
		return nil, err
	}
	return v.Verify(ctx, d, chip.VerifyOptions{Session: session})
}

// transfer sends a Dump over the network.
func transfer(t testing.TB, d *chip.Dump) *chip.Dump {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	out := new(chip.Dump)
	if err := json.Unmarshal(b, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Every fault of chiptest is noticed where it has to be, within the commands that
// a reading may take; its twin passes.
func TestFaultyCardsAreRefusedAndTheirTwinsPass(t *testing.T) {
	var twins sync.Map // many faults share one
	for _, f := range raced.Some(chiptest.Faults()) {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			pass, _ := twins.LoadOrStore(fmt.Sprintf("%#v", f.Twin), sync.OnceValue(func() error {
				twin := newCard(t, f.Twin)
				doc, err := journey(ctx, t, trusting(t, twin), twin, byMRZ(t, twin))
				if err == nil && !doc.Genuine() {
					err = errors.New("not genuine")
				}
				return err
			}))
			if err := pass.(func() error)(); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			if strings.HasPrefix(f.Name, "card-silent") || f.Name == "card-slow" { // it answers when the caller has had enough
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, 300*time.Millisecond)
				defer cancel()
			}
			card := newCard(t, f.Card())
			doc, err := journey(ctx, t, trusting(t, card), card, byMRZ(t, card))
			if err == nil || doc != nil {
				t.Fatalf("passes: %+v", doc.Checks())
			}
			if n := kinds(err); n != 1 {
				t.Errorf("%v matches %d kinds", err, n)
			}
			vi, en := vneid.Advice(err)
			if secret := told(fmt.Sprintf("%v %+v %s %s", err, err, vi, en)); secret != "" {
				t.Errorf("%v tells %s", err, secret)
			}
			if vi == "" || en == "" || strings.Contains(en, "own system") {
				t.Errorf("no advice for %v", err)
			}
			var verdict *chip.VerifyError
			judged := errors.As(err, &verdict)
			if (f.Stage == chiptest.StageAccess || f.Stage == chiptest.StageMessaging) && judged {
				t.Errorf("the reading does not notice, and the verdict does: %v", err)
			}
			if f.Stage == chiptest.StageDowngrade && judged && verdict.Name != "card-access" {
				t.Errorf("the downgrade is not seen, but %v", err)
			}
			if n := len(card.Exchanges()); n > 4200 {
				t.Errorf("%d commands", n)
			}
		})
	}
}

// kinds counts the kinds that an error matches.
func kinds(err error) (n int) {
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			n++
		}
	}
	return n
}

// What the first card of the test person says, from end to end.
func TestAGenuineCardSaysWhoItsHolderIs(t *testing.T) {
	for name, by := range map[string]func(testing.TB, *chiptest.Emulator) chip.Access{"CAN": byCAN, "MRZ": byMRZ} {
		t.Run(name, func(t *testing.T) {
			card := newCard(t, chiptest.Card{})
			v := trusting(t, card)
			doc, err := journey(context.Background(), t, v, card, by(t, card))
			if err != nil {
				t.Fatal(err)
			}
			r := doc.Citizen().Reveal()
			if r.ID != "999090000001" || r.Name != "Nguyễn Văn An" || r.Birth.String() != "1990-02-14" || r.Sex != vneid.Male ||
				r.Nationality != "VNM" || r.CardExpires.String() != "2030-02-14" || r.CardIssuer != "Bộ Công an" ||
				r.Father != "Nguyễn Văn Mẫu" || r.Residence.AsOf.String() != "2024-08-15" {
				t.Errorf("%+v", r)
			}
			if image, media := doc.Portrait(); media != "image/jpeg" || len(image) < 1000 {
				t.Errorf("portrait of %d bytes, %s", len(image), media)
			}
			if !doc.Genuine() || doc.Anchor() != "test" || doc.Signed().IsZero() || doc.MRZ().ID().Reveal() != r.ID {
				t.Error(doc.Genuine(), doc.Anchor(), doc.Signed(), doc.MRZ())
			}
		})
	}
}

// On the way over a network a Dump loses what only its reader can know.
func TestAnUploadedDumpIsProvenByItsAnswerAlone(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	v := trusting(t, card)
	c, err := v.Challenge(session)
	if err != nil {
		t.Fatal(err)
	}
	d, err := chip.Read(context.Background(), card, byCAN(t, card), chip.ReadOptions{Challenge: &c})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := v.Verify(context.Background(), transfer(t, d), chip.VerifyOptions{Session: session})
	if err != nil || !doc.Genuine() {
		t.Fatal(err)
	}
	if got := doc.Check("chip-authentication"); got.Status != chip.Inconclusive || got.Reason != "not-transferable" {
		t.Error(got)
	}
	if got := doc.Check("active-authentication"); got.Status != chip.Passed {
		t.Error(got)
	}
}
