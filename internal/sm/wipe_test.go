package sm

import (
	"bytes"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
)

// Wiping leaves none of the bytes that this package derived from the keys.
func TestWipingClearsWhatIsHeld(t *testing.T) {
	for suite := TripleDES; suite <= AES256; suite++ {
		s, err := suite.Start([]byte("a shared secret"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Protect(apdu.Command{INS: 0xB0, Data: []byte("data"), Expect: 256}); err != nil {
			t.Fatal(err)
		}
		b, ssc, buffer := s.cipher, s.ssc, s.buffer[:cap(s.buffer)]
		held := [][]byte{b.k1, b.k2, b.scratch, ssc, buffer}
		for i, secret := range held {
			if suite != TripleDES || i > 1 { // CMAC alone has subkeys
				if len(bytes.Trim(secret, "\x00")) == 0 {
					t.Fatalf("%v: the twin, %d, holds nothing", suite, i)
				}
			}
		}
		s.Wipe()
		for i, secret := range append(held, b.iv) {
			if len(bytes.Trim(secret, "\x00")) != 0 {
				t.Errorf("%v: %d is left", suite, i)
			}
		}
		if s.cipher != nil {
			t.Errorf("%v: the ciphers are kept", suite)
		}
		s.Wipe() // again does nothing
	}
}
