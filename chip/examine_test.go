package chip

import (
	"context"
	"errors"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/internal/cms"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// A check that was never made is no pass.
func TestChecksThatWereNotMadeArePassedByNobody(t *testing.T) {
	made := func() *examination {
		e := &examination{Verifier: &Verifier{}, kinds: map[string]vneid.Kind{}}
		for _, name := range order {
			e.pass(name, "")
		}
		return e
	}
	if err := made().verdict(); err != nil {
		t.Fatal("the twin:", err)
	}
	for i, name := range order {
		e := made()
		e.checks = append(e.checks[:i:i], e.checks[i+1:]...)
		err := e.verdict()
		var verdict *VerifyError
		switch {
		case name == checkProvider && err != nil:
			t.Error(err)
		case name != checkProvider && (!errors.As(err, &verdict) || verdict.Name != name || !errors.Is(err, vneid.ErrUntrusted)):
			t.Errorf("without %s: %v", name, err)
		}
	}
}

// The keys of EF.CardSecurity count only if its signer may still sign, as the signed
// object's: whoever has the key of a revoked signer could put his own chip's into a
// copy.
func TestCardSecurityOfARevokedSigner(t *testing.T) {
	issuer, err := chiptest.NewIssuer(chiptest.Authority{})
	if err != nil {
		t.Fatal(err)
	}
	cam := chiptest.Card{Issuer: issuer, PACE: []chiptest.Protocol{{Name: "PACE-ECDH-CAM-AES-CBC-CMAC-128", Domain: "brainpoolP256r1"}}}
	var cards [3]*chiptest.Emulator
	for i := range cards {
		if cards[i], err = chiptest.New(cam); err != nil {
			t.Fatal(err)
		}
	}
	card, stolen, unrelated := cards[0], cards[1], cards[2]
	can, err := CAN(card.Access().CAN)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Read(context.Background(), card, can, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		crl  []*chiptest.Emulator // nil: no list
		need bool
		want cms.Reason
	}{
		{"no list, none needed", nil, false, ""},
		{"a list without it", []*chiptest.Emulator{unrelated}, true, ""},
		{"no list, one needed", nil, true, cms.NoCRL},
		{"a list with it", []*chiptest.Emulator{stolen}, false, cms.Revoked},
	} {
		cfg := Config{Anchors: []Anchor{{Certificates: issuer.Anchor(), Country: "VN", Label: "test"}}, RequireCRL: c.need}
		if c.crl != nil {
			list, err := issuer.CRL(c.crl...)
			if err != nil {
				t.Fatal(err)
			}
			cfg.CRLs = [][]byte{list}
		}
		v, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		e := &examination{Verifier: v, dump: d.dump(), now: v.cfg.Now()}
		e.all()
		infos, err := e.cardSecurity(stolen.File(fileCardSecurity))
		if c.want == "" && (err != nil || len(infos.ChipKeys) == 0) || c.want != "" && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
