package handshake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/internal/sm"
)

// link is the other end of an emulated card: what package chip's terminal is.
type link struct {
	channel *apdu.Channel
	session *sm.Session
}

func (l *link) send(ctx context.Context, c apdu.Command) ([]byte, uint16, error) {
	if l.session == nil {
		return l.channel.Do(ctx, c)
	}
	p, err := l.session.Protect(c)
	if err != nil {
		return nil, 0, err
	}
	data, sw, err := l.channel.Do(ctx, p)
	if err != nil {
		return nil, 0, err
	}
	return l.session.Open(nil, data, sw)
}

// proves checks that both sides are in the same session.
func (l *link) proves(s *sm.Session, c apdu.Command) error {
	l.session = s
	_, sw, err := l.send(context.Background(), c)
	if err == nil && sw != 0x9000 && sw != 0x6282 {
		err = fmt.Errorf("status %04X", sw)
	}
	return err
}

var (
	selectApplication = apdu.Command{INS: 0xA4, P1: 4, P2: 0x0C, Data: []byte{0xA0, 0, 0, 2, 0x47, 0x10, 1}}
	readCOM           = apdu.Command{INS: 0xB0, P1: 0x9E, Expect: 64}
)

// runPACE opens a card once.
func runPACE(card *chiptest.Emulator, infos *lds.SecurityInfos) error {
	card.Reset()
	l := &link{channel: apdu.NewChannel(card)}
	p := PACE{Info: infos.PACE[0], Reference: 2, Password: []byte(card.Access().CAN)}
	s, mapped, err := p.Run(context.Background(), l.send)
	if err != nil {
		return err
	}
	if (mapped != nil) != (p.Info.Protocol.Mapping == lds.ChipAuthentication) {
		return errors.New("the mapping's proof")
	}
	if mapped != nil {
		dg14, err := lds.DG14(card.File("DG14"))
		if err != nil {
			return err
		}
		key, err := dg14.ChipKeys[0].Agreement()
		if err != nil || !mapped.Proves(key.Point) {
			return fmt.Errorf("the chip is not proven: %v", err)
		}
	}
	return l.proves(s, selectApplication)
}

// runCA authenticates a card's chip once, under BAC.
func runCA(card *chiptest.Emulator, infos *lds.SecurityInfos) error {
	card.Reset()
	l := &link{channel: apdu.NewChannel(card)}
	if _, _, err := l.send(context.Background(), selectApplication); err != nil {
		return err
	}
	zone := strings.Join(card.Access().MRZ, "")
	s, err := BAC{Zone: zone[5:15] + zone[30:37] + zone[38:45]}.Run(context.Background(), l.send)
	if err != nil {
		return err
	}
	l.session = s
	key, err := infos.ChipKeys[0].Agreement()
	if err != nil {
		return err
	}
	if s, err = (ChipAuth{Protocol: infos.Chip[0].Protocol, Key: key, KeyID: infos.ChipKeys[0].KeyID}).Run(context.Background(), l.send); err != nil {
		return err
	}
	return l.proves(s, readCOM)
}

// Random handshakes with the emulator, whose arithmetic is math/big's: none fails.
// VNEID_HANDSHAKES is how many for each protocol and domain: 2000 makes 104,000.
func TestRandomHandshakesNeverFail(t *testing.T) {
	count := 2
	if s := os.Getenv("VNEID_HANDSHAKES"); s != "" {
		var err error
		if count, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	suites := []string{"3DES-CBC-CBC", "AES-CBC-CMAC-128", "AES-CBC-CMAC-192", "AES-CBC-CMAC-256"}
	domains := map[string][]string{
		"ECDH": {"secp192r1", "brainpoolP192r1", "secp224r1", "brainpoolP224r1", "secp256r1", "brainpoolP256r1",
			"brainpoolP320r1", "secp384r1", "brainpoolP384r1", "brainpoolP512r1", "secp521r1"},
		"DH": {"modp1024-160", "modp2048-224", "modp2048-256"},
	}
	total, failed, start := 0, 0, time.Now()
	for kind, names := range domains {
		for i, domain := range names {
			for j, mapping := range []string{"GM", "IM", "CAM", "CA"} {
				if mapping == "IM" && domain == "secp224r1" || mapping == "CAM" && kind == "DH" {
					continue
				}
				suite := suites[(i+j)%4]
				if mapping == "CAM" && suite == suites[0] {
					suite = suites[1]
				}
				ca := chiptest.Protocol{Name: "CA-" + kind + "-" + suite, Domain: domain}
				c := chiptest.Card{NoAA: true, CA: []chiptest.Protocol{ca}, PACE: []chiptest.Protocol{{Name: "PACE-" + kind + "-" + mapping + "-" + suite, Domain: domain}}}
				file, parse, run := "CardAccess", lds.CardAccess, runPACE
				if mapping == "CA" {
					c.PACE, c.NoPACE = nil, true
					file, parse, run = "DG14", lds.DG14, runCA
				}
				card, err := chiptest.New(c)
				if err != nil {
					t.Fatal(err)
				}
				infos, err := parse(card.File(file))
				if err != nil {
					t.Fatal(err)
				}
				for range count {
					total++
					if err := run(card, infos); err != nil {
						failed++
						t.Errorf("%s, %s: %v", mapping, domain, err)
					}
				}
			}
		}
	}
	t.Logf("%d handshakes, %d failed, in %v", total, failed, time.Since(start).Round(time.Second))
}
