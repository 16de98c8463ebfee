package jws

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"
)

// slow is fixedSignature as the standard library would have it.
func slow(der []byte, size int) ([]byte, bool) {
	var sig struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &sig)
	if err != nil || len(rest) > 0 || sig.R.Sign() <= 0 || sig.S.Sign() <= 0 || sig.R.BitLen() > 8*size || sig.S.BitLen() > 8*size {
		return nil, false
	}
	out := make([]byte, 2*size)
	sig.R.FillBytes(out[:size])
	sig.S.FillBytes(out[size:])
	return out, true
}

func sameAsSlow(t *testing.T, der []byte, size int) {
	t.Helper()
	want, ok := slow(der, size)
	got, err := fixedSignature(der, size)
	if (err == nil) != ok || !bytes.Equal(got, want) {
		t.Errorf("%x: %x, %v; the standard library %x, %v", der, got, err, want, ok)
	}
	if err != nil && !errors.Is(err, ErrKey) {
		t.Errorf("%x: %v", der, err)
	}
}

func TestSignersDERIsReadAsTheStandardLibraryReadsIt(t *testing.T) {
	one := big.NewInt(1)
	accepted := 0
	for _, size := range []int{32, 48, 66} {
		for _, bits := range []int{1, 7, 8, 9, 8*size - 1, 8 * size, 8*size + 1} {
			for _, s := range []*big.Int{new(big.Int).Lsh(one, uint(bits-1)), new(big.Int).Sub(new(big.Int).Lsh(one, uint(bits)), one), new(big.Int)} {
				der, err := asn1.Marshal(struct{ R, S *big.Int }{s, one})
				if err != nil {
					t.Fatal(err)
				}
				if _, ok := slow(der, size); ok {
					accepted++
				}
				for _, n := range []int{1, 32, size, 66} {
					sameAsSlow(t, der, n)
				}
				for i := range der { // one byte changed, cut off there, and one more
					for _, c := range []byte{0, 1, 2, 0x30, 0x7f, 0x80, 0x81, 0x82, 0xff, der[i] + 1, der[i] - 1} {
						bad := bytes.Clone(der)
						bad[i] = c
						sameAsSlow(t, bad, size)
					}
					sameAsSlow(t, der[:i], size)
				}
				sameAsSlow(t, append(bytes.Clone(der), 0), size)
			}
		}
	}
	if accepted < 30 {
		t.Errorf("only %d are signatures", accepted)
	}
}
