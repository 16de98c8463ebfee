package chiptest_test

import (
	"context"
	"crypto/x509"
	"fmt"

	"github.com/vneid-sdk/vneid-go/chip/chiptest"
)

func ExampleNew() {
	card, err := chiptest.New(chiptest.Card{Person: "old-cmnd"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("card access number", card.Access().CAN)
	fmt.Println(card.Access().MRZ[2])
	answer, err := card.Transmit(context.Background(), []byte{0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00})
	fmt.Printf("SELECT of the master file: %X %v\n", answer, err)
	// Output:
	// card access number 000015
	// TRINH<<CONG<MINH<<<<<<<<<<<<<<
	// SELECT of the master file: 6D00 <nil>
}

// A test of a reader goes through them all: the card of f.Twin must pass, the card
// of f.Card() must not.
func ExampleFaults() {
	stages := map[string]bool{}
	for _, f := range chiptest.Faults() {
		stages[f.Stage] = true
		if f.Name == "clone" || f.Name == "com-drops-dg15" {
			fmt.Printf("%s (%s): %s\n", f.Name, f.Stage, f.About)
		}
	}
	fmt.Println(len(stages), "stages")
	// Output:
	// com-drops-dg15 (data): DG15 is gone from the list and from the chip, so that there seems to be no Active Authentication
	// clone (chip): a copy: right data, other private keys
	// 6 stages
}

func ExampleNewIssuer() {
	issuer, err := chiptest.NewIssuer(chiptest.Authority{Algorithm: chiptest.Protocol{Name: "ECDSA-SHA256", Domain: "secp256r1"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	csca, err := x509.ParseCertificate(issuer.Anchor())
	fmt.Println(csca.Subject.CommonName, csca.Subject.Organization, err)
	// Output: CSCA TEST [MÔI TRƯỜNG THỬ NGHIỆM – KHÔNG PHẢI VNeID] <nil>
}
