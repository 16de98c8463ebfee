package chiptest

import "testing"

// How long the chip's half takes, so that a test with many handshakes can be
// planned; math/big is not meant to be quick.
func BenchmarkNew(b *testing.B) {
	issuer, err := NewIssuer(Authority{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := New(Card{Issuer: issuer}); err != nil {
			b.Fatal(err)
		}
	}
}

// Both halves of PACE: the terminal is as slow as the chip.
func BenchmarkPACE(b *testing.B) {
	for _, p := range []Protocol{
		{"PACE-ECDH-GM-AES-CBC-CMAC-128", "brainpoolP256r1"}, {"PACE-ECDH-IM-AES-CBC-CMAC-128", "brainpoolP256r1"},
		{"PACE-ECDH-GM-AES-CBC-CMAC-256", "brainpoolP512r1"}, {"PACE-DH-GM-AES-CBC-CMAC-128", "modp2048-256"},
	} {
		b.Run(p.Name+"/"+p.Domain, func(b *testing.B) {
			e := still(b, "speed", Card{PACE: []Protocol{p}})
			for b.Loop() {
				x := newTerminal(e)
				e.Reset()
				e.log = nil
				if err := x.pace(e.offers[0], 2); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
