package chip_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// fixture is a file that testdata/make_openssl.py made.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/openssl/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func uploaded(t testing.TB, name string) *chip.Dump {
	t.Helper()
	d := new(chip.Dump)
	if err := json.Unmarshal(fixture(t, name), d); err != nil {
		t.Fatal(err)
	}
	return d
}

// passports is a configuration for the fixtures, which prove no chip.
func passports() chip.Config {
	return chip.Config{AcceptUnprovenChip: true, Now: func() time.Time { return time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC) }}
}

func verifyFixture(t testing.TB, cfg chip.Config, name string) (*chip.Document, error) {
	t.Helper()
	v, err := chip.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return v.Verify(context.Background(), uploaded(t, name), chip.VerifyOptions{})
}

// A passport whose every signature openssl made, beneath an anchor and beneath a
// master list.
func TestAPassportMadeByOpenssl(t *testing.T) {
	anchored := passports()
	anchored.Anchors = []chip.Anchor{{Certificates: fixture(t, "vn.pem"), Country: "VN", Passport: true, Label: "provider: somebody"}}
	listed := passports()
	listed.MasterLists = []chip.MasterList{{Data: fixture(t, "list.ml"), Signers: fixture(t, "ut.pem"), Label: "caller: by hand"}}
	for label, cfg := range map[string]chip.Config{"provider: somebody": anchored, "caller: by hand": listed} {
		doc, err := verifyFixture(t, cfg, "passport.json")
		if err != nil {
			t.Fatal(label, err)
		}
		if doc.Anchor() != label || doc.Genuine() || doc.MRZ().Fields().Document != "C0000001" || doc.Citizen().ID().Reveal() != "999090000001" ||
			doc.Citizen().Reveal().CardIssuer != "" || doc.Check("chip-genuine").Reason != "chip-cannot-prove" {
			t.Errorf("%s: %v, %+v", label, doc, doc.Checks())
		}
	}
}

// One certificate may be trusted twice. The verdict names who vouches for it in
// this use, and of two the first.
func TestTheLabelIsThatOfTheUse(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	v := trusting(t, card, func(c *chip.Config) {
		again := func(passport bool, label string) {
			a := c.Anchors[0]
			a.Passport, a.Label = passport, label
			c.Anchors = append(c.Anchors, a)
		}
		again(true, "provider: for passports")
		again(false, "provider: later")
		again(false, "test: later")
	})
	doc, err := v.Verify(context.Background(), dumped(t, v, card, byCAN(t, card)), chip.VerifyOptions{Session: session})
	if err != nil || doc.Anchor() != "test" {
		t.Error(doc.Anchor(), err)
	}
}

// What New was given is the caller's, who may use the memory for something else.
func TestAConfigMayChangeAfterwards(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	cfg := passports()
	cfg.Anchors = []chip.Anchor{{Certificates: card.Anchor(), Country: "VN", Label: "test"}}
	cfg.MasterLists = []chip.MasterList{{Data: fixture(t, "list.ml"), Signers: fixture(t, "ut.pem"), Label: "caller"}}
	v, err := chip.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	clear(cfg.Anchors[0].Certificates)
	clear(cfg.MasterLists[0].Data)
	if doc, err := v.Verify(context.Background(), uploaded(t, "passport.json"), chip.VerifyOptions{}); err != nil || doc.Anchor() != "caller" {
		t.Error("under the list:", err)
	}
	if _, err := v.Verify(context.Background(), dumped(t, nil, card, byCAN(t, card)), chip.VerifyOptions{}); err != nil {
		t.Error("under the anchor:", err)
	}
}

func TestChainsThatLeadNowhere(t *testing.T) {
	anchor := func(file, country string, passport bool) []chip.Anchor {
		return []chip.Anchor{{Certificates: fixture(t, file), Country: country, Passport: passport, Label: "test"}}
	}
	for _, c := range []struct {
		name          string
		anchors       []chip.Anchor
		dump          string
		check, reason string
	}{
		{"a valid chain of another State", anchor("ut.pem", "UT", true), "passport-of-ut.json", "issuing-state", "other-state"},
		{"the anchor of another State", anchor("ut.pem", "UT", true), "passport.json", "certificate-chain", "no-anchor"},
		{"an anchor for cards", anchor("vn.pem", "VN", false), "passport.json", "certificate-chain", "anchor-for-other-documents"},
		{"no anchor", nil, "passport.json", "certificate-chain", "no-anchor"},
	} {
		cfg := passports()
		cfg.Anchors = c.anchors
		_, err := verifyFixture(t, cfg, c.dump)
		refusedFor(t, err, c.check, c.reason, vneid.ErrUntrusted)
	}
}

func TestMasterListsThatAreRefused(t *testing.T) {
	good := chip.MasterList{Data: fixture(t, "list.ml"), Signers: fixture(t, "ut.pem"), Label: "caller"}
	with := func(change func(*chip.MasterList)) error {
		cfg := passports()
		l := good
		change(&l)
		cfg.MasterLists = []chip.MasterList{l}
		_, err := chip.New(cfg)
		return err
	}
	if err := with(func(*chip.MasterList) {}); err != nil {
		t.Fatal("the twin:", err)
	}
	for name, c := range map[string]struct {
		change func(*chip.MasterList)
		want   string
	}{
		"signed by itself":            {func(l *chip.MasterList) { l.Data = fixture(t, "self-signed.ml") }, "no trust anchor"},
		"signed by a document signer": {func(l *chip.MasterList) { l.Data = fixture(t, "by-a-document-signer.ml") }, "extended key usage"},
		"older than the one held":     {func(l *chip.MasterList) { l.NotBefore = time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC) }, "not newer"},
		"beneath another's authority": {func(l *chip.MasterList) { l.Signers = fixture(t, "vn.pem") }, "no trust anchor"},
		"no list":                     {func(l *chip.MasterList) { l.Data = fixture(t, "passport.json") }, "malformed"},
		"altered in its last byte": {func(l *chip.MasterList) {
			l.Data = append(l.Data[:len(l.Data)-1:len(l.Data)-1], l.Data[len(l.Data)-1]^1)
		}, "signature"},
	} {
		if err := with(c.change); !errors.Is(err, vneid.ErrUntrusted) || kinds(err) != 1 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What a list brings vouches for passports, never for lists or cards.
	card := newCard(t, chiptest.Card{})
	cfg := passports()
	cfg.MasterLists = []chip.MasterList{good}
	v, err := chip.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Verify(context.Background(), dumped(t, nil, card, byCAN(t, card)), chip.VerifyOptions{})
	refusedFor(t, err, "certificate-chain", "no-anchor", vneid.ErrUntrusted)
}
