package chip_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Every way that the standard knows to open a chip and to prove it.
func TestEveryProtocolPasses(t *testing.T) {
	var cards []chiptest.Card
	suites := []string{"3DES-CBC-CBC", "AES-CBC-CMAC-128", "AES-CBC-CMAC-192", "AES-CBC-CMAC-256"}
	curves := []string{"secp192r1", "brainpoolP192r1", "secp224r1", "brainpoolP224r1", "secp256r1", "brainpoolP256r1",
		"brainpoolP320r1", "secp384r1", "brainpoolP384r1", "brainpoolP512r1", "secp521r1"}
	pace := func(name, domain string) {
		cards = append(cards, chiptest.Card{PACE: []chiptest.Protocol{{Name: name, Domain: domain}}})
	}
	for i, curve := range curves {
		pace("PACE-ECDH-GM-"+suites[i%4], curve)
		if curve != "secp224r1" {
			pace("PACE-ECDH-IM-"+suites[(i+1)%4], curve)
		}
		cards = append(cards, chiptest.Card{PACE: []chiptest.Protocol{{Name: "PACE-ECDH-CAM-" + suites[1+i%3], Domain: curve}},
			CA: []chiptest.Protocol{{Name: "CA-ECDH-" + suites[1+i%3], Domain: curve}}})
		cards = append(cards, chiptest.Card{NoAA: true, CA: []chiptest.Protocol{{Name: "CA-ECDH-" + suites[(i+2)%4], Domain: curve}}, Explicit: i%2 == 0})
	}
	for i, group := range []string{"modp1024-160", "modp2048-224", "modp2048-256"} {
		pace("PACE-DH-GM-"+suites[i], group)
		pace("PACE-DH-IM-"+suites[i+1], group)
		cards = append(cards, chiptest.Card{NoAA: true, CA: []chiptest.Protocol{{Name: "CA-DH-" + suites[i+1], Domain: group}}})
	}
	for _, aa := range []chiptest.Protocol{{Name: "RSA-SHA1", Domain: "1024"}, {Name: "RSA-SHA256", Domain: "2048"}, {Name: "RSA-SHA512", Domain: "3072"},
		{Name: "ECDSA-SHA384", Domain: "secp384r1"}, {Name: "ECDSA-SHA512", Domain: "brainpoolP512r1"}, {Name: "ECDSA-SHA224", Domain: "secp224r1"}} {
		cards = append(cards, chiptest.Card{NoCA: true, AA: aa})
	}
	cards = append(cards,
		chiptest.Card{NoPACE: true}, chiptest.Card{NoBAC: true}, chiptest.Card{Short: true}, chiptest.Card{SelectMF: true},
		chiptest.Card{Preselected: true, SelectMF: true}, chiptest.Card{Sparse: true}, chiptest.Card{Explicit: true},
		chiptest.Card{CA: []chiptest.Protocol{{Name: "CA-ECDH-AES-CBC-CMAC-128", Domain: "secp256r1"}, {Name: "CA-DH-AES-CBC-CMAC-256", Domain: "modp2048-256"}}},
		chiptest.Card{PACE: []chiptest.Protocol{{Name: "PACE-ECDH-GM-AES-CBC-CMAC-128", Domain: "secp256r1"}, {Name: "PACE-ECDH-GM-AES-CBC-CMAC-256", Domain: "brainpoolP384r1"}}},
	)
	for _, c := range cards {
		t.Run(strings.ReplaceAll(fmt.Sprint(c.PACE, c.CA, c.AA, c.NoPACE, c.NoBAC, c.Short, c.SelectMF, c.Preselected, c.Sparse, c.Explicit), " ", "."), func(t *testing.T) {
			t.Parallel()
			card := newCard(t, c)
			v := trusting(t, card)
			doc, err := journey(context.Background(), t, v, card, byMRZ(t, card))
			if err != nil || !doc.Genuine() {
				t.Fatal(err)
			}
			proof := "chip-authentication"
			if len(c.PACE) > 0 && strings.HasPrefix(c.PACE[0].Name, "PACE-ECDH-CAM") {
				proof = "pace-cam"
			}
			if got := doc.Check(proof); got.Status != chip.Passed && !c.NoCA {
				t.Error(got)
			}
			if sha1 := c.AA.Name == "RSA-SHA1"; sha1 != (doc.Check("active-authentication").Reason == "sha-1") {
				t.Error(doc.Check("active-authentication"))
			}
		})
	}
}

// Every invented person who has a card is read as the register has them.
func TestPeopleOfManyKinds(t *testing.T) {
	for _, p := range personas.All() {
		if p.Record.ID == "" || p.Handle == "expired-card" {
			continue
		}
		t.Run(p.Handle, func(t *testing.T) {
			card := newCard(t, chiptest.Card{Person: p.Handle})
			v := trusting(t, card)
			doc, err := journey(context.Background(), t, v, card, byCAN(t, card))
			if err != nil {
				t.Fatal(err)
			}
			got, want := doc.Citizen().Reveal(), p.Record
			if got.ID != want.ID || got.Name != want.Name || got.Birth != want.Birth || got.Sex != want.Sex || got.CardExpires != want.CardExpires ||
				got.Ethnicity != want.Ethnicity || got.Religion != want.Religion || got.Origin.Text != want.Origin.Text ||
				got.Residence.Text != want.Residence.Text || got.Father != want.Father || got.Mother != want.Mother {
				t.Errorf("%+v\nwant %+v", got, want)
			}
			if len(want.OldID) == 9 && got.OldID != want.OldID {
				t.Errorf("old number %q", got.OldID)
			}
		})
	}
}

// A telephone selects the application before us. The card then hides EF.CardAccess,
// and a Vietnamese one has no way back: what is left looks like a downgrade.
func TestAPreselectedCard(t *testing.T) {
	card := newCard(t, chiptest.Card{Preselected: true})
	var status *chip.StatusError
	if _, err := chip.Read(context.Background(), card, byCAN(t, card), chip.ReadOptions{}); !errors.As(err, &status) || status.SW != 0x6982 || !errors.Is(err, vneid.ErrUnavailable) {
		t.Error("by CAN:", err)
	}
	card.Reset()
	v := trusting(t, card)
	d := dumped(t, v, card, byMRZ(t, card))
	_, err := v.Verify(context.Background(), d, chip.VerifyOptions{Session: session})
	refusedFor(t, err, "card-access", "downgrade", vneid.ErrUntrusted)
}

// A long answer to Active Authentication is asked for in extended length, as
// nothing else carries it at once. A chip that knows none is read all the same.
func TestAChipOfShortLengthWithALongKey(t *testing.T) {
	card := newCard(t, chiptest.Card{Short: true, NoCA: true, AA: chiptest.Protocol{Name: "RSA-SHA256", Domain: "2048"}})
	for _, room := range []int{0, 65536} {
		card.Reset()
		v := trusting(t, card)
		c, err := v.Challenge(session)
		if err != nil {
			t.Fatal(err)
		}
		d, err := chip.Read(context.Background(), card, byCAN(t, card), chip.ReadOptions{Challenge: &c, MaxResponse: room})
		if err != nil {
			t.Fatalf("room for %d: %v", room, err)
		}
		if doc, err := v.Verify(context.Background(), d, chip.VerifyOptions{Session: session}); err != nil || doc.Check("active-authentication").Status != chip.Passed {
			t.Errorf("room for %d: %v", room, err)
		}
	}
}

// A group that the card has and does not give out is noted; one that it does not
// have is not asked for.
func TestUnreadGroupsAreNoted(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	d, err := chip.Read(context.Background(), card, byCAN(t, card), chip.ReadOptions{Groups: []int{1, 3, 11, 14, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.ClaimedUnread(); len(got) != 1 || got["DG3"] != "6982" {
		t.Error(got)
	}
	if got := strings.Join(d.Files(), " "); got != "CardAccess COM SOD DG1 DG14" {
		t.Error(got)
	}
	for _, x := range card.Exchanges() {
		if len(x.Plain) > 3 && x.Plain[1] == 0xB0 && x.Plain[2] == 0x80|11 {
			t.Error("DG11, which the card does not list, was asked for")
		}
	}
	card.Reset()
	card = newCard(t, chiptest.Card{})
	if d, err = chip.Read(context.Background(), card, byCAN(t, card), chip.ReadOptions{}); err != nil || len(d.ClaimedUnread()) != 0 {
		t.Error(d.ClaimedUnread(), err)
	}
	for _, x := range card.Exchanges() {
		if len(x.Plain) > 3 && x.Plain[1] == 0xB0 && (x.Plain[2] == 0x83 || x.Plain[2] == 0x84) {
			t.Error("fingerprints were asked for without being wanted")
		}
	}
}
