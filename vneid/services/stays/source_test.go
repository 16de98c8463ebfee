package stays_test

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// document reads and verifies the chip of a card in software.
func document(t *testing.T) *chip.Document {
	t.Helper()
	card, err := chiptest.New(chiptest.Card{})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := chip.New(chip.Config{Anchors: []chip.Anchor{{Certificates: card.Anchor(), Country: "VN", Label: "test"}}})
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := verifier.Challenge("s")
	if err != nil {
		t.Fatal(err)
	}
	access, err := chip.CAN(card.Access().CAN)
	if err != nil {
		t.Fatal(err)
	}
	dump, err := chip.Read(t.Context(), card, access, chip.ReadOptions{Challenge: &challenge})
	if err != nil {
		t.Fatal(err)
	}
	d, err := verifier.Verify(t.Context(), dump, chip.VerifyOptions{Session: "s"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// credential is a verified code of a person.
func credential(t *testing.T) *qr.Credential {
	t.Helper()
	p := vneidtest.New(t)
	verifier, err := qr.New(p.QR())
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.IssueQR("level2", vneidtest.Code{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := verifier.Verify(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEachSourceSaysWhatItIsWorth(t *testing.T) {
	card, err := qr.ParseCard("999090000001|000000001|Nguyễn Văn An|28021990|Nam|Phường Mẫu|15082024")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	for _, c := range []struct {
		guest    stays.Guest
		source   stays.Source
		verified bool
	}{
		{stays.FromChip(document(t)), stays.SourceChip, true},
		{stays.FromCode(credential(t)), stays.SourceCode, true},
		{stays.FromLogin(person(t, "level2")), stays.SourceLogin, true},
		{stays.FromCard(card), stays.SourcePrinted, false},
		{stays.Typed(vneid.Record{ID: "999090000001", Name: "Nguyễn Văn An"}, ""), stays.SourceTyped, false},
	} {
		vi, en := c.guest.Source().Text()
		if c.guest.Source() != c.source || c.source.Verified() != c.verified || vi == "" || en == "" || c.guest.Foreign() || c.guest.Name() != "Nguyễn Văn An" {
			t.Errorf("%v: %v", c.source, c.guest)
		}
		r, _ := c.guest.Reveal()
		if r.ID != "999090000001" || r.Father+r.Mother+r.Religion+r.Ethnicity != "" || len(r.FormerIDs) != 0 {
			t.Errorf("%v: more than a notice needs", c.source)
		}
		s := good(t)
		s.Guest = c.guest
		s.Facility = "hotel-1"
		w := newWorld(t)
		w.one(s)
		got, err := w.desk.Notices(t.Context(), "hotel-1", day(t, "2026-11-22"))
		if err != nil || len(got) != 1 || got[0].Source != c.source.String() {
			t.Errorf("%v is filed as %+v, %v", c.source, got, err)
		}
	}
	// Nothing is nobody, and is refused as such.
	for name, g := range map[string]stays.Guest{"no code": stays.FromCode(nil), "no document": stays.FromChip(nil), "nobody": stays.FromLogin(vneid.Citizen{}), "zero": {}, "a zero document": stays.FromChip(&chip.Document{})} {
		s := good(t)
		s.Guest = g
		if a := w.submit(s)[0]; code(a.Err) != "malformed" || g.Source().Verified() {
			t.Errorf("%s: %v", name, a.Err)
		}
	}
	if g := stays.FromCard(nil); g.Source().Verified() || g.Name() != "" {
		t.Errorf("no card: %v", g)
	}
	if stays.Source(99).Verified() || stays.Source(99).String() != "typed" {
		t.Error("a source that is none is worth something")
	}
}
