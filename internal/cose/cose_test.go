package cose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"math/big"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/cbor"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The published COSE_Sign1 examples over "This is the content.": RFC 9052 (and
// RFC 8152) appendix C.2.1, and the COSE working group's sign1-tests pass-02 and
// eddsa-sig-01. Their headers are not ours, so only Sig_structure is compared,
// by the signature that others made over it.
var published = []struct {
	name, protected, aad, input, sig string
}{
	{
		"RFC 9052 C.2.1", "a10126", "",
		"846a5369676e61747572653143a101264054546869732069732074686520636f6e74656e742e",
		"8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36",
	},
	{
		"sign1-tests pass-02, with external data", "a10126", "11aa22bb33cc44dd55006699",
		"846a5369676e61747572653143a101264c11aa22bb33cc44dd5500669954546869732069732074686520636f6e74656e742e",
		"10729cd711cb3813d8d8e944a8da7111e7b258c9bdca6135f7ae1adbee9509891267837e1e33bd36c150326ae62755c6bd8e540c3e8f92d7d225e8db72b8820b",
	},
	{
		"eddsa-sig-01", "a201270300", "",
		"846a5369676e61747572653145a2012703004054546869732069732074686520636f6e74656e742e",
		"7142fd2ff96d56db85bee905a76ba1d0b7321a95c8c4d3607c5781932b7afb8711497dfa751bf40b58b3bcc32300b1487f3db34085eef013bf08f4a44d6fef0d",
	},
}

const content = "This is the content."

func TestSigStructureIsTheOneThatOthersSigned(t *testing.T) {
	key11 := &ecdsa.PublicKey{
		Curve: elliptic.P256(),
		X:     new(big.Int).SetBytes(unhex(t, "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff")),
		Y:     new(big.Int).SetBytes(unhex(t, "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e")),
	}
	edKey := ed25519.PublicKey(unhex(t, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
	for _, v := range published {
		input := sigStructure(string(unhex(t, v.protected)), string(unhex(t, v.aad)), content)
		if hex.EncodeToString(input) != v.input {
			t.Errorf("%s: Sig_structure %x, want %s", v.name, input, v.input)
		}
		sig := unhex(t, v.sig)
		good := ed25519.Verify(edKey, input, sig)
		if v.protected == "a10126" {
			sum := sha256.Sum256(input)
			good = ecdsa.Verify(key11, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
		}
		if !good {
			t.Errorf("%s: the published signature does not cover our Sig_structure", v.name)
		}
	}
}

func TestMessagesWithOtherHeadersThanOursAreRefused(t *testing.T) {
	// RFC 9052 C.2.1 as it stands: its kid is unprotected and it has no typ.
	msg := unhex(t, "d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36")
	if _, err := Parse(msg, "vn1", "VN1"); !errors.Is(err, ErrProtected) {
		t.Errorf("%v, want %v", err, ErrProtected)
	}
}

// parts are the four of a message, already encoded, in what encloses them.
type parts struct {
	tag                              bool
	header                           []cbor.Pair
	protectedTail                    []byte
	unprotected, payload, sig, extra []byte
}

func wellFormed() parts {
	return parts{
		tag: true,
		header: []cbor.Pair{
			{Key: cbor.AppendUint(nil, labelAlg), Value: cbor.AppendInt(nil, -19)},
			{Key: cbor.AppendUint(nil, labelKid), Value: cbor.AppendBytes(nil, "01234567")},
			{Key: cbor.AppendUint(nil, labelTyp), Value: cbor.AppendText(nil, "vn1")},
		},
		unprotected: cbor.AppendMap(nil, nil),
		sig:         cbor.AppendBytes(nil, make([]byte, sigLen)),
		payload:     cbor.AppendBytes(nil, cbor.AppendMap(nil, nil)),
	}
}

func (p parts) bytes() []byte {
	var b []byte
	if p.tag {
		b = cbor.AppendTag18(b)
	}
	n := 4
	if p.extra != nil {
		n = 5
	}
	b = cbor.AppendArray(b, n)
	b = cbor.AppendBytes(b, append(cbor.AppendMap(nil, p.header), p.protectedTail...))
	for _, part := range [][]byte{p.unprotected, p.payload, p.sig, p.extra} {
		b = append(b, part...)
	}
	return b
}

func TestEachFaultOfAMessageIsRefusedForItsReason(t *testing.T) {
	for _, v := range []struct {
		name  string
		spoil func(*parts)
		want  error
	}{
		{"no tag", func(p *parts) { p.tag = false }, ErrTag},
		{"five parts", func(p *parts) { p.extra = cbor.AppendUint(nil, 0) }, ErrShape},
		{"alg in text", func(p *parts) { p.header[0].Value = cbor.AppendText(nil, "EdDSA") }, ErrProtected},
		{"alg ES384", func(p *parts) { p.header[0].Value = cbor.AppendInt(nil, -35) }, ErrAlgorithm},
		{"kid of seven bytes", func(p *parts) { p.header[1].Value = cbor.AppendBytes(nil, "0123456") }, ErrProtected},
		{"kid in text", func(p *parts) { p.header[1].Value = cbor.AppendText(nil, "01234567") }, ErrProtected},
		{"typ that is a number", func(p *parts) { p.header[2].Value = cbor.AppendUint(nil, 61) }, ErrProtected},
		{"another typ", func(p *parts) { p.header[2].Value = cbor.AppendText(nil, "vn2") }, ErrType},
		{"no typ", func(p *parts) { p.header = p.header[:2] }, ErrProtected},
		{"crit in place of typ", func(p *parts) { p.header[2].Key = cbor.AppendUint(nil, 2) }, ErrProtected},
		{"a fourth header", func(p *parts) {
			p.header = append(p.header, cbor.Pair{Key: cbor.AppendUint(nil, 99), Value: cbor.AppendUint(nil, 0)})
		}, ErrProtected},
		{"bytes behind the header", func(p *parts) { p.protectedTail = []byte{0} }, cbor.ErrTrailing},
		{"an unprotected header", func(p *parts) { p.unprotected = cbor.AppendMap(nil, p.header[:1]) }, ErrUnsigned},
		{"an unprotected list", func(p *parts) { p.unprotected = cbor.AppendArray(nil, 0) }, ErrUnsigned},
		{"a payload that is a map", func(p *parts) { p.payload = cbor.AppendMap(nil, nil) }, ErrPayload},
		{"an empty payload", func(p *parts) { p.payload = cbor.AppendBytes(nil, "") }, cbor.ErrTruncated},
		{"a signature of 63 bytes", func(p *parts) { p.sig = cbor.AppendBytes(nil, make([]byte, 63)) }, ErrSignature},
		{"a signature in text", func(p *parts) { p.sig = cbor.AppendText(nil, string(make([]byte, 64))) }, ErrSignature},
	} {
		p := wellFormed()
		if _, err := Parse(p.bytes(), "vn1", "VN1"); err != nil {
			t.Fatalf("the twin is refused: %v", err)
		}
		v.spoil(&p)
		if m, err := Parse(p.bytes(), "vn1", "VN1"); !errors.Is(err, v.want) || m.Input != nil {
			t.Errorf("%s: %v, want %v", v.name, err, v.want)
		}
	}
}

func signers(t testing.TB) []crypto.Signer {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return []crypto.Signer{ed, ec}
}

func TestWhatSignMakesParsesBack(t *testing.T) {
	payload := cbor.AppendText(nil, "xin chào")
	for _, key := range signers(t) {
		msg, err := Sign(payload, "vn1", "VN1", key)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse(msg, "vn1", "VN1")
		if err != nil {
			t.Fatal(err)
		}
		spki, err := x509.MarshalPKIXPublicKey(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(spki); m.KeyID != string(sum[:8]) {
			t.Errorf("%T: key id %x, want %x", key, m.KeyID, sum[:8])
		}
		if s, _ := m.Payload.Text(); s != "xin chào" {
			t.Errorf("%T: payload %q", key, s)
		}
		switch pub := key.Public().(type) {
		case ed25519.PublicKey:
			if m.Alg != "EdDSA" || !ed25519.Verify(pub, m.Input, m.Signature) {
				t.Errorf("%s: wrong signature", m.Alg)
			}
		case *ecdsa.PublicKey:
			sum := sha256.Sum256(m.Input)
			r, s := new(big.Int).SetBytes(m.Signature[:32]), new(big.Int).SetBytes(m.Signature[32:])
			if m.Alg != "ES256" || !ecdsa.Verify(pub, sum[:], r, s) {
				t.Errorf("%s: wrong signature", m.Alg)
			}
		}
		if _, err := Parse(msg, "vn2", "VN1"); !errors.Is(err, ErrType) {
			t.Errorf("another type: %v", err)
		}
		if other, err := Parse(msg, "vn1", "VN2"); err != nil || string(other.Input) == string(m.Input) {
			t.Errorf("another external_aad gives the same input (%v)", err)
		}
	}
}

func TestOtherKeysDoNotSign(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []crypto.Signer{p384, rsaKey} {
		if msg, err := Sign(cbor.AppendUint(nil, 1), "vn1", "VN1", key); err == nil || msg != nil {
			t.Errorf("%T signed", key)
		}
		if _, err := RawSignature([]byte("x"), key); err == nil {
			t.Errorf("%T signed", key)
		}
	}
	if _, err := Sign(cbor.AppendUint(nil, 1), "vn1", "VN1", broken{signers(t)[1]}); err == nil {
		t.Error("a signer that makes no DER signed")
	}
}

type broken struct{ crypto.Signer }

func (broken) Sign(_ io.Reader, _ []byte, _ crypto.SignerOpts) ([]byte, error) {
	return []byte("not DER"), nil
}

func TestSizeIsCheckedFirst(t *testing.T) {
	payload := cbor.AppendBytes(nil, make([]byte, MaxSize))
	msg, err := Sign(payload, "vn1", "VN1", signers(t)[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(msg, "vn1", "VN1"); !errors.Is(err, ErrSize) {
		t.Errorf("%v, want %v", err, ErrSize)
	}
}

func FuzzParse(f *testing.F) {
	for _, key := range signers(f) {
		msg, err := Sign(cbor.AppendText(nil, "xin chào"), "vn1", "VN1", key)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(msg)
	}
	f.Add(unhex(f, "d28443a10126a10442313154546869732069732074686520636f6e74656e742e4100"))
	f.Fuzz(func(t *testing.T, msg []byte) {
		m, err := Parse(msg, "vn1", "VN1")
		if err != nil {
			return
		}
		if len(m.Signature) != sigLen || len(m.KeyID) != kidLen || m.Alg != "ES256" && m.Alg != "EdDSA" {
			t.Errorf("accepted %q with a key id of %d and a signature of %d bytes", m.Alg, len(m.KeyID), len(m.Signature))
		}
		if _, err := cbor.Parse(string(m.Payload)); err != nil {
			t.Errorf("the payload is not CBOR: %v", err)
		}
		if _, err := cbor.Parse(string(m.Input)); err != nil {
			t.Errorf("the input is not CBOR: %v", err)
		}
	})
}
