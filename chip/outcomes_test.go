package chip_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// refusedFor checks that an error is a verdict with this decisive check.
func refusedFor(t testing.TB, err error, name, reason string, kind vneid.Kind) *chip.VerifyError {
	t.Helper()
	var v *chip.VerifyError
	if !errors.As(err, &v) {
		t.Fatalf("not a verdict: %v", err)
	}
	if v.Name != name || v.Reason != reason || !errors.Is(err, kind) || kinds(err) != 1 {
		t.Errorf("refused for %s: %s (%v), want %s: %s (%v)", v.Name, v.Reason, v.Kind, name, reason, kind)
	}
	if len(v.Checks) < 16 {
		t.Errorf("only %d checks", len(v.Checks))
	}
	return v
}

// dumped reads a card, with a challenge of v if it is not nil.
func dumped(t testing.TB, v *chip.Verifier, card chip.Card, a chip.Access) *chip.Dump {
	t.Helper()
	o := chip.ReadOptions{MaxResponse: 65536}
	if v != nil {
		c, err := v.Challenge(session)
		if err != nil {
			t.Fatal(err)
		}
		o.Challenge = &c
	}
	d, err := chip.Read(context.Background(), card, a, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWithoutAnAnchorThereIsNoVerdict(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	v, err := chip.New(chip.Config{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Verify(context.Background(), dumped(t, v, card, byCAN(t, card)), chip.VerifyOptions{Session: session})
	e := refusedFor(t, err, "certificate-chain", "no-anchor", vneid.ErrUntrusted)
	for _, c := range e.Checks {
		switch c.Name {
		case "certificate-chain":
			if c.Status != chip.Inconclusive {
				t.Error(c)
			}
		case "active-authentication", "chip-authentication", "chip-genuine":
			if c.Status == chip.Passed {
				t.Error("a proof passes under an unknown issuer:", c)
			}
		}
	}
}

func TestAnchorsAreForOneCountryAndSort(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	v := trusting(t, card, func(c *chip.Config) { c.Anchors[0].Passport = true })
	_, err := v.Verify(context.Background(), dumped(t, v, card, byCAN(t, card)), chip.VerifyOptions{Session: session})
	refusedFor(t, err, "certificate-chain", "anchor-for-other-documents", vneid.ErrUntrusted)
	if _, err := chip.New(chip.Config{Anchors: []chip.Anchor{{Certificates: card.Anchor(), Country: "UT", Label: "test"}}}); err == nil {
		t.Error("an anchor for a country that is not its own")
	}
}

// Data authentic, chip not proven genuine: an outcome of its own.
func TestAnUnprovenChipPassesByNameOnly(t *testing.T) {
	for _, c := range []struct {
		name      string
		card      chiptest.Card
		challenge bool
		reason    string
	}{
		{"a chip that can prove nothing", chiptest.Card{NoAA: true, NoCA: true, NoPACE: true, Groups: map[int][]byte{14: nil}}, true, "chip-cannot-prove"},
		{"a DG14 without a key", chiptest.Card{NoAA: true, NoCA: true, NoPACE: true}, true, "chip-unproven"},
		{"no challenge, and the dump was sent on", chiptest.Card{}, false, "chip-unproven"},
		{"a chip with Chip Authentication alone, sent on", chiptest.Card{NoAA: true}, true, "chip-unproven"},
	} {
		t.Run(c.name, func(t *testing.T) {
			card := newCard(t, c.card)
			strict, lax := trusting(t, card), trusting(t, card, func(c *chip.Config) { c.AcceptUnprovenChip = true })
			var v *chip.Verifier
			if c.challenge {
				v = strict
			}
			d := transfer(t, dumped(t, v, card, byMRZ(t, card)))
			_, err := strict.Verify(context.Background(), d, chip.VerifyOptions{Session: session})
			refusedFor(t, err, "chip-genuine", c.reason, vneid.ErrUntrusted)
			doc, err := lax.Verify(context.Background(), d, chip.VerifyOptions{Session: session})
			if err != nil || doc.Genuine() || doc.Citizen().IsZero() {
				t.Errorf("with AcceptUnprovenChip: %v", err)
			}
			if got := doc.Check("chip-genuine"); got.Reason != c.reason || got.Status == chip.Passed {
				t.Error(got)
			}
		})
	}
}

// hiding is a man in the middle who hides EF.CardAccess, so that BAC remains.
type hiding struct{ chip.Card }

func (h hiding) Transmit(ctx context.Context, c []byte) ([]byte, error) {
	if c[1] == 0xB0 && c[2] == 0x9C && c[0] == 0 {
		return []byte{0x6A, 0x82}, nil
	}
	return h.Card.Transmit(ctx, c)
}

func TestADowngradeIsSeenAndPassesByNameOnly(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	v := trusting(t, card)
	d := dumped(t, v, hiding{card}, byMRZ(t, card))
	if d.ClaimedProtocol() != "BAC" {
		t.Fatal("opened by", d.ClaimedProtocol())
	}
	_, err := v.Verify(context.Background(), d, chip.VerifyOptions{Session: session})
	refusedFor(t, err, "card-access", "downgrade", vneid.ErrUntrusted)
	lax := trusting(t, card, func(c *chip.Config) { c.AcceptDowngrade = true })
	card.Reset()
	doc, err := lax.Verify(context.Background(), dumped(t, lax, hiding{card}, byMRZ(t, card)), chip.VerifyOptions{Session: session})
	if err != nil || doc.Check("card-access").Reason != "downgrade" {
		t.Error(doc.Check("card-access"), err)
	}
}

// A terminal that opened by BAC a card that offered PACE chose the weaker way,
// whatever the card signs.
func TestBACWherePACEWasOfferedIsADowngrade(t *testing.T) {
	for _, c := range []chiptest.Card{ // DG14 signs the way in, signs none, is not there
		{},
		{Groups: map[int][]byte{14: {0x6E, 2, 0x31, 0}}, NoCA: true},
		{Groups: map[int][]byte{14: nil}, NoCA: true},
	} {
		card := newCard(t, c)
		v := trusting(t, card, func(c *chip.Config) { c.AcceptUnprovenChip = true })
		d := dumped(t, nil, card, byCAN(t, card))
		if _, err := v.Verify(context.Background(), transfer(t, d), chip.VerifyOptions{}); err != nil {
			t.Error("the twin:", err)
		}
		text, _ := json.Marshal(d)
		claimed := new(chip.Dump)
		if err := json.Unmarshal(bytes.Replace(text, []byte(d.ClaimedProtocol()), []byte("BAC"), 1), claimed); err != nil {
			t.Fatal(err)
		}
		_, err := v.Verify(context.Background(), claimed, chip.VerifyOptions{})
		refusedFor(t, err, "card-access", "downgrade", vneid.ErrUntrusted)
	}
}

// Where DG14 signs no way in and none is offered, there was nothing to compare.
func TestNothingToCompareIsNoPass(t *testing.T) {
	card := newCard(t, chiptest.Card{NoPACE: true})
	doc, err := journey(context.Background(), t, trusting(t, card), card, byMRZ(t, card))
	if err != nil || doc.Check("card-access").Status != chip.NotApplicable {
		t.Error(doc.Check("card-access"), err)
	}
}

// What says that it was signed later than now was not signed by a clock that can be
// trusted, or is not looked at by one.
func TestASignatureFromLaterIsRefused(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	signed := time.Now().Add(-24 * time.Hour) // as the emulator has it
	for _, c := range []struct {
		now time.Time
		ok  bool
	}{{signed.Add(time.Minute), true}, {signed.Add(-2 * time.Minute), false}, {signed.AddDate(0, -1, 0), false}} {
		v := trusting(t, card, func(cfg *chip.Config) { cfg.Now = func() time.Time { return c.now } })
		card.Reset()
		_, err := v.Verify(context.Background(), dumped(t, v, card, byCAN(t, card)), chip.VerifyOptions{Session: session})
		if c.ok && err != nil {
			t.Error("the twin:", err)
		} else if !c.ok {
			refusedFor(t, err, "certificate-chain", "signed-in-future", vneid.ErrNotYetValid)
		}
	}
}

func TestAnExpiredCardPassesByNameOnly(t *testing.T) {
	card := newCard(t, chiptest.Card{Person: "expired-card"})
	v := trusting(t, card)
	_, err := v.Verify(context.Background(), dumped(t, v, card, byCAN(t, card)), chip.VerifyOptions{Session: session})
	refusedFor(t, err, "card-expiry", "card-expired", vneid.ErrExpired)
	card.Reset()
	v = trusting(t, card, func(c *chip.Config) { c.AcceptExpired = true })
	doc, err := v.Verify(context.Background(), dumped(t, v, card, byCAN(t, card)), chip.VerifyOptions{Session: session})
	if err != nil || doc.Check("card-expiry").Status != chip.Failed || doc.Citizen().Reveal().CardIssuer != "Cục Cảnh sát quản lý hành chính về trật tự xã hội" {
		t.Error(err)
	}
}

func TestAChallengeIsForOneSessionOnceAndFiveMinutes(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	now := time.Now()
	clock := func(c *chip.Config) { c.Now = func() time.Time { return now } }
	v := trusting(t, card, clock)
	ctx := context.Background()
	mine := chip.VerifyOptions{Session: session}
	fresh := func() *chip.Dump {
		card.Reset()
		return transfer(t, dumped(t, v, card, byCAN(t, card)))
	}
	d := fresh()
	for _, other := range []string{"another session", ""} {
		_, err := v.Verify(ctx, d, chip.VerifyOptions{Session: other})
		refusedFor(t, err, "active-authentication", "other-challenge", vneid.ErrMismatch)
	}
	_, err := trusting(t, card, clock).Verify(ctx, d, mine)
	refusedFor(t, err, "active-authentication", "other-challenge", vneid.ErrMismatch)
	// The refusals have used nothing up.
	if _, err := v.Verify(ctx, d, mine); err != nil {
		t.Fatal("the twin:", err)
	}
	if _, err := v.Verify(ctx, d, mine); !errors.Is(err, vneid.ErrReplayed) || kinds(err) != 1 {
		t.Error("a second time:", err)
	}
	d = fresh()
	now = now.Add(5*time.Minute - time.Millisecond)
	if _, err := v.Verify(ctx, d, mine); err != nil {
		t.Error("at the last moment:", err)
	}
	d = fresh()
	now = now.Add(5 * time.Minute)
	_, err = v.Verify(ctx, d, mine)
	refusedFor(t, err, "active-authentication", "challenge-expired", vneid.ErrExpired)
}

func TestADumpThatManyPresentAtOncePassesOnce(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	v := trusting(t, card)
	d := transfer(t, dumped(t, v, card, byCAN(t, card)))
	results := make(chan error)
	for range 32 {
		go func() {
			_, err := v.Verify(context.Background(), d, chip.VerifyOptions{Session: session})
			results <- err
		}()
	}
	passed := 0
	for range 32 {
		switch err := <-results; {
		case err == nil:
			passed++
		case !errors.Is(err, vneid.ErrReplayed):
			t.Error(err)
		}
	}
	if passed != 1 {
		t.Errorf("it passes %d times", passed)
	}
}

// A terminal that chooses the nonce itself gets a good signature over nothing.
func TestANonceOfTheTerminalsIsNoChallenge(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	v := trusting(t, card)
	c, err := v.Challenge(session)
	if err != nil {
		t.Fatal(err)
	}
	c.Nonce = []byte("12345678")
	d, err := chip.Read(context.Background(), card, byCAN(t, card), chip.ReadOptions{Challenge: &c})
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Verify(context.Background(), transfer(t, d), chip.VerifyOptions{Session: session})
	refusedFor(t, err, "active-authentication", "bad-signature", vneid.ErrSignature)
}

func TestProcessesWithOneKeyKnowEachOthersChallenges(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	key, replay := []byte("a key of at least thirty-two bytes"), vneid.NewMemoryReplay(0, nil)
	shared := func(c *chip.Config) { c.ChallengeKey, c.Replay = key, replay }
	a, b := trusting(t, card, shared), trusting(t, card, shared)
	d := transfer(t, dumped(t, a, card, byCAN(t, card)))
	if _, err := b.Verify(context.Background(), d, chip.VerifyOptions{Session: session}); err != nil {
		t.Error(err)
	}
	if _, err := a.Verify(context.Background(), d, chip.VerifyOptions{Session: session}); !errors.Is(err, vneid.ErrReplayed) {
		t.Error(err)
	}
}

func TestASessionProvesTheChipForFiveMinutes(t *testing.T) {
	card := newCard(t, chiptest.Card{NoAA: true})
	now := time.Now()
	v := trusting(t, card, func(c *chip.Config) { c.Now = func() time.Time { return now } })
	d, err := chip.Read(context.Background(), card, byCAN(t, card), chip.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := v.Verify(context.Background(), d, chip.VerifyOptions{})
	if err != nil || !doc.Genuine() || doc.Check("chip-authentication").Status != chip.Passed {
		t.Fatal("the twin:", err)
	}
	now = now.Add(6 * time.Minute)
	_, err = v.Verify(context.Background(), d, chip.VerifyOptions{})
	refusedFor(t, err, "chip-genuine", "chip-unproven", vneid.ErrUntrusted)
}

func TestRevocationLists(t *testing.T) {
	issuer, err := chiptest.NewIssuer(chiptest.Authority{})
	if err != nil {
		t.Fatal(err)
	}
	card, other := newCard(t, chiptest.Card{Issuer: issuer}), newCard(t, chiptest.Card{Issuer: issuer})
	clean, err1 := issuer.CRL(other)
	revoking, err2 := issuer.CRL(other, card)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for _, c := range []struct {
		name   string
		crls   [][]byte
		need   bool
		reason string
		kind   vneid.Kind
	}{
		{"none, none needed", nil, false, "", 0},
		{"none, one needed", nil, true, "no-crl", vneid.ErrUnavailable},
		{"a list without it", [][]byte{clean}, true, "", 0},
		{"a list with it", [][]byte{revoking}, false, "revoked", vneid.ErrRevoked},
	} {
		t.Run(c.name, func(t *testing.T) {
			card.Reset()
			v := trusting(t, card, func(cfg *chip.Config) { cfg.CRLs, cfg.RequireCRL = c.crls, c.need })
			_, err := v.Verify(context.Background(), dumped(t, v, card, byCAN(t, card)), chip.VerifyOptions{Session: session})
			if c.reason != "" {
				refusedFor(t, err, "revocation", c.reason, c.kind)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAnswersOfOthersAreShownAndNeverInferred(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	at := time.Now()
	answer := func(s chip.Status) *chip.Answer {
		return &chip.Answer{By: "C06", Transaction: "T-1", At: at, Status: s, Reason: "their words"}
	}
	verify := func(o chip.VerifyOptions) (*chip.Document, error) {
		card.Reset()
		v := trusting(t, card)
		o.Session = session
		return v.Verify(context.Background(), dumped(t, v, card, byCAN(t, card)), o)
	}
	doc, err := verify(chip.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]chip.Status{"card-status": chip.Unavailable, "consent": chip.Unavailable, "provider": ""} {
		if got := doc.Check(name); got.Status != want {
			t.Errorf("nobody asked, and %s is %q", name, got.Status)
		}
	}
	doc, err = verify(chip.VerifyOptions{CardStatus: answer(chip.Passed), Consent: answer(chip.Passed), Provider: answer(chip.Inconclusive)})
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Check("provider"); got.Status != chip.Inconclusive || got.Answer == nil || got.Answer.Transaction != "T-1" || !got.Answer.At.Equal(at) {
		t.Errorf("%+v", got)
	}
	for _, c := range []struct {
		name string
		o    chip.VerifyOptions
		kind vneid.Kind
	}{
		{"card-status", chip.VerifyOptions{CardStatus: answer(chip.Failed)}, vneid.ErrRevoked},
		{"consent", chip.VerifyOptions{Consent: answer(chip.Failed)}, vneid.ErrDenied},
		{"provider", chip.VerifyOptions{Provider: answer(chip.Failed)}, vneid.ErrUntrusted},
	} {
		_, err := verify(c.o)
		refusedFor(t, err, c.name, "", c.kind)
	}
	doc, err = verify(chip.VerifyOptions{CardStatus: &chip.Answer{By: "C06"}})
	if got := doc.Check("card-status"); err != nil || got.Status != chip.Inconclusive {
		t.Error("an answer without a status:", got, err)
	}
}

func TestAWrongPasswordIsTriedOnce(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	other := newCard(t, chiptest.Card{Person: "long-name"})
	for name, a := range map[string]chip.Access{"CAN": byCAN(t, other), "MRZ": byMRZ(t, other)} {
		card.Reset()
		before := len(card.Exchanges())
		_, err := chip.Read(context.Background(), card, a, chip.ReadOptions{})
		var status *chip.StatusError
		if !errors.Is(err, vneid.ErrDenied) || !errors.As(err, &status) || status.SW != 0x6300 {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(card.Exchanges()) - before; n != 6 { // EF.CardAccess and one run of PACE
			t.Errorf("%s: %d commands", name, n)
		}
	}
	noPACE := newCard(t, chiptest.Card{NoPACE: true})
	if _, err := chip.Read(context.Background(), noPACE, byCAN(t, noPACE), chip.ReadOptions{}); !errors.Is(err, vneid.ErrDenied) {
		t.Error("a CAN for a card without PACE:", err)
	}
}

func TestMistakesOfTheCallerNameTheField(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	can := byCAN(t, card)
	read := func(c chip.Card, a chip.Access, o chip.ReadOptions) error {
		_, err := chip.Read(context.Background(), c, a, o)
		return err
	}
	anchor := chip.Anchor{Certificates: card.Anchor(), Country: "VN", Label: "test"}
	config := func(change func(*chip.Config)) error {
		cfg := chip.Config{Anchors: []chip.Anchor{anchor}}
		change(&cfg)
		_, err := chip.New(cfg)
		return err
	}
	v := trusting(t, card)
	_, empty := v.Challenge("")
	_, zero := new(chip.Verifier).Verify(context.Background(), new(chip.Dump), chip.VerifyOptions{})
	for want, err := range map[string]error{
		"card is nil":                   read(nil, can, chip.ReadOptions{}),
		"access is zero":                read(card, chip.Access{}, chip.ReadOptions{}),
		"ReadOptions.MaxResponse":       read(card, can, chip.ReadOptions{MaxResponse: 70000}),
		"ReadOptions.Groups":            read(card, can, chip.ReadOptions{Groups: []int{17}}),
		"ReadOptions.Challenge":         read(card, can, chip.ReadOptions{Challenge: &chip.Challenge{ID: "x", Nonce: []byte("short")}}),
		"Config.ChallengeKey":           config(func(c *chip.Config) { c.ChallengeKey = []byte("short") }),
		"Config.Replay":                 config(func(c *chip.Config) { c.ChallengeKey = make([]byte, 32) }),
		"Config.Anchors[0]: its Label":  config(func(c *chip.Config) { c.Anchors[0].Label = "somebody" }),
		"Config.Anchors[0]: its Certif": config(func(c *chip.Config) { c.Anchors[0].Certificates = []byte("-----BEGIN nothing") }),
		"Config.Anchors[1]: Scope": config(func(c *chip.Config) {
			c.Anchors = append(c.Anchors, chip.Anchor{Certificates: card.Anchor(), Label: "test"})
		}),
		"Config.MasterLists[0]: its L": config(func(c *chip.Config) { c.MasterLists = []chip.MasterList{{}} }),
		"Challenge: session is empty":  empty,
		"a Verifier is made by New":    zero,
	} {
		if err == nil || !strings.Contains(err.Error(), want) || kinds(err) != 0 || !strings.HasPrefix(err.Error(), "chip: ") {
			t.Errorf("%s: %v", want, err)
		}
	}
	if err := config(func(c *chip.Config) { c.CRLs = [][]byte{[]byte("no list")} }); !errors.Is(err, vneid.ErrUntrusted) {
		t.Error("a list that is none:", err)
	}
}
