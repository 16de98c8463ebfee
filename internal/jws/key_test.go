package jws_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"io"
	"math/big"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

func edKey(t testing.TB, h string) ed25519.PublicKey {
	t.Helper()
	b, err := hex.DecodeString(h)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEd25519KeysThatAnyoneCouldSignFor(t *testing.T) {
	if err := jws.CheckKey(signers()["EdDSA"].Public()); err != nil {
		t.Fatal(err)
	}
	// RFC 8032 §7.1, tests 1 to 3.
	for _, h := range []string{
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	} {
		if err := jws.CheckKey(edKey(t, h)); err != nil {
			t.Errorf("%s: %v", h, err)
		}
	}
	// The fourteen encodings of points of small order and of their shadows above p
	// ("Taming the many EdDSAs", 2020, table 1), then points not on the curve.
	for _, h := range []string{
		"0100000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000080",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000080",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0200000000000000000000000000000000000000000000000000000000000000",
		"0700000000000000000000000000000000000000000000000000000000000000",
		"", "d75a98",
	} {
		if err := jws.CheckKey(edKey(t, h)); !errors.Is(err, jws.ErrKey) {
			t.Errorf("%s: %v", h, err)
		}
	}
}

func TestKeysOutOfBounds(t *testing.T) {
	good := signers()["RS256"].Public().(*rsa.PublicKey)
	modulus := func(bits int, low int64) *big.Int {
		n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
		return n.Add(n, big.NewInt(low))
	}
	p256 := signers()["ES256"].Public().(*ecdsa.PublicKey)
	off := *p256
	off.X = new(big.Int).Add(off.X, big.NewInt(1))
	wide := *p256
	wide.X = new(big.Int).Add(wide.X, p256.Params().P)
	other := *p256
	other.Curve = elliptic.P224()
	generic := *p256
	generic.Curve = p256.Params()
	for name, key := range map[string]crypto.PublicKey{
		"RSA":               good,
		"RSA of 8192 bits":  &rsa.PublicKey{N: modulus(8192, 5), E: 65537},
		"a larger exponent": &rsa.PublicKey{N: good.N, E: 65539},
		"EC":                p256,
	} {
		if err := jws.CheckKey(key); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, key := range map[string]crypto.PublicKey{
		"nothing":               nil,
		"no RSA key":            (*rsa.PublicKey)(nil),
		"an empty RSA key":      &rsa.PublicKey{},
		"a negative modulus":    &rsa.PublicKey{N: new(big.Int).Neg(good.N), E: 65537},
		"RSA of 2047 bits":      &rsa.PublicKey{N: modulus(2047, 5), E: 65537},
		"RSA of 8193 bits":      &rsa.PublicKey{N: modulus(8193, 5), E: 65537},
		"an even modulus":       &rsa.PublicKey{N: modulus(2048, 4), E: 65537},
		"exponent 3":            &rsa.PublicKey{N: good.N, E: 3},
		"exponent 65535":        &rsa.PublicKey{N: good.N, E: 65535},
		"an even exponent":      &rsa.PublicKey{N: good.N, E: 65538},
		"a negative exponent":   &rsa.PublicKey{N: good.N, E: -65537},
		"no EC key":             (*ecdsa.PublicKey)(nil),
		"an empty EC key":       &ecdsa.PublicKey{},
		"an EC key of no point": &ecdsa.PublicKey{Curve: elliptic.P256()},
		"a point off the curve": &off,
		"a coordinate beyond p": &wide,
		"P-224":                 &other,
		"a foreign curve":       &generic,
		"a private key":         signers()["RS256"],
		"bytes":                 []byte("secret"),
		"a short Ed25519 key":   ed25519.PublicKey("short"),
		"a key with ROCA":       &rsa.PublicKey{N: roca(), E: 65537},
	} {
		if err := jws.CheckKey(key); !errors.Is(err, jws.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
		for alg := range signers() {
			if err := jws.Verify(alg, key, nil, nil); err == nil {
				t.Errorf("%s verifies nothing as %s", name, alg)
			}
		}
	}
}

// roca makes a modulus of 2048 bits that is a power of 65537 modulo every small
// prime, as those of the flawed library are (CVE-2017-15361).
func roca() *big.Int {
	primorial := big.NewInt(1)
	for p := int64(2); p < 170; p++ {
		if big.NewInt(p).ProbablyPrime(0) {
			primorial.Mul(primorial, big.NewInt(p))
		}
	}
	n := new(big.Int).Exp(big.NewInt(65537), big.NewInt(12345), primorial)
	factor := new(big.Int).Lsh(big.NewInt(1), uint(2048-primorial.BitLen()))
	return n.Add(n, factor.Mul(factor, primorial))
}

func TestKnownAndFits(t *testing.T) {
	for alg, s := range signers() {
		if !jws.Known(alg) || !jws.Fits(alg, s.Public()) {
			t.Errorf("%s does not fit its key", alg)
		}
	}
	if !jws.Fits("Ed25519", signers()["EdDSA"].Public()) {
		t.Error("Ed25519 does not fit its key")
	}
	for _, alg := range []string{"", "none", "HS256", "ES256K", "es256", "Ed448", "RSA1_5"} {
		if jws.Known(alg) || jws.Fits(alg, signers()["RS256"].Public()) {
			t.Errorf("%q is known", alg)
		}
		if err := jws.Verify(alg, signers()["RS256"].Public(), nil, nil); !errors.Is(err, jws.ErrAlgorithm) {
			t.Errorf("%q: %v", alg, err)
		}
		if _, err := jws.Sign(alg, signers()["RS256"], nil); !errors.Is(err, jws.ErrAlgorithm) {
			t.Errorf("%q: %v", alg, err)
		}
	}
}

// device is a signer that answers what it is told to.
type device struct {
	crypto.Signer
	answer []byte
	err    error
}

func (d device) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return d.answer, d.err }

func TestSignRefusesSignersThatMisbehave(t *testing.T) {
	ec := signers()["ES256"]
	if _, err := jws.Sign("ES256", nil, nil); !errors.Is(err, jws.ErrKey) {
		t.Errorf("no signer: %v", err)
	}
	if _, err := jws.Sign("ES384", ec, nil); !errors.Is(err, jws.ErrKey) {
		t.Errorf("another curve: %v", err)
	}
	broken := errors.New("the token was pulled out")
	if _, err := jws.Sign("ES256", device{Signer: ec, err: broken}, nil); !errors.Is(err, broken) {
		t.Errorf("a broken device: %v", err)
	}
	if sig, err := jws.Sign("ES256", device{Signer: ec, answer: []byte{0x30, 6, 2, 1, 1, 2, 1, 2}}, nil); err != nil ||
		!bytes.Equal(sig, append(append(make([]byte, 31), 1), append(make([]byte, 31), 2)...)) {
		t.Errorf("a small signature: %x, %v", sig, err)
	}
	for name, answer := range map[string][]byte{
		"nothing":          nil,
		"raw r and s":      make([]byte, 64),
		"a byte more":      {0x30, 6, 2, 1, 1, 2, 1, 2, 0},
		"a negative r":     {0x30, 6, 2, 1, 0xff, 2, 1, 2},
		"s = 0":            {0x30, 6, 2, 1, 1, 2, 1, 0},
		"an r of 33 bytes": append(append([]byte{0x30, 38, 2, 33}, bytes.Repeat([]byte{1}, 33)...), 2, 1, 1),
	} {
		if _, err := jws.Sign("ES256", device{Signer: ec, answer: answer}, nil); !errors.Is(err, jws.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := jws.Compact("ES256", ec, []jws.Member{{Name: "alg", Value: "none"}}, nil); err == nil {
		t.Error("a second alg can be written")
	}
	if _, err := jws.Compact("ES384", ec, nil, nil); err == nil {
		t.Error("a token is signed by a key that does not fit")
	}
}
