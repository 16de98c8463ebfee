package cose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"math/big"

	"github.com/vneid-sdk/vneid-go/internal/cbor"
)

var errKey = errors.New("the key is neither Ed25519 nor ECDSA on P-256")

// Sign makes a message of the type typ around payload, signed over aad too. It
// writes the algorithm numbers of RFC 9864: −9 or −19, as the key demands.
func Sign(payload []byte, typ, aad string, key crypto.Signer) ([]byte, error) {
	kid, err := KeyID(key.Public())
	if err != nil {
		return nil, err
	}
	alg := int64(-9)
	if _, ok := key.Public().(ed25519.PublicKey); ok {
		alg = -19
	}
	protected := cbor.AppendMap(nil, []cbor.Pair{
		{Key: cbor.AppendUint(nil, labelAlg), Value: cbor.AppendInt(nil, alg)},
		{Key: cbor.AppendUint(nil, labelKid), Value: cbor.AppendBytes(nil, kid)},
		{Key: cbor.AppendUint(nil, labelTyp), Value: cbor.AppendText(nil, typ)},
	})
	sig, err := RawSignature(sigStructure(string(protected), aad, string(payload)), key)
	if err != nil {
		return nil, err
	}
	b := cbor.AppendArray(cbor.AppendTag18(nil), 4)
	b = cbor.AppendBytes(b, protected)
	b = cbor.AppendMap(b, nil)
	b = cbor.AppendBytes(b, payload)
	return cbor.AppendBytes(b, sig), nil
}

// RawSignature signs input as COSE and JOSE alike want it: 64 bytes, for ECDSA
// r and s at full width (RFC 9053 §2.1, RFC 7518 §3.4).
func RawSignature(input []byte, key crypto.Signer) ([]byte, error) {
	switch pub := key.Public().(type) {
	case ed25519.PublicKey:
		return key.Sign(rand.Reader, input, crypto.Hash(0))
	case *ecdsa.PublicKey:
		if pub.Curve != elliptic.P256() {
			return nil, errKey
		}
		sum := sha256.Sum256(input)
		der, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
		if err != nil {
			return nil, err
		}
		var rs struct{ R, S *big.Int }
		if rest, err := asn1.Unmarshal(der, &rs); err != nil || len(rest) != 0 {
			return nil, errors.New("the signer made no ECDSA signature")
		}
		sig := make([]byte, sigLen)
		rs.R.FillBytes(sig[:sigLen/2])
		rs.S.FillBytes(sig[sigLen/2:])
		return sig, nil
	}
	return nil, errKey
}

// The DER of SubjectPublicKeyInfo up to the key itself (RFC 5480, RFC 8410).
const (
	spkiP256    = "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"
	spkiEd25519 = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"
)

// KeyID is the kid of a public key: the first 8 bytes of the SHA-256 of its
// SubjectPublicKeyInfo.
func KeyID(pub crypto.PublicKey) (string, error) {
	var spki []byte
	switch pub := pub.(type) {
	case ed25519.PublicKey:
		spki = append([]byte(spkiEd25519), pub...)
	case *ecdsa.PublicKey:
		point, err := pub.Bytes()
		if err != nil || pub.Curve != elliptic.P256() {
			return "", errKey
		}
		spki = append([]byte(spkiP256), point...)
	default:
		return "", errKey
	}
	sum := sha256.Sum256(spki)
	return string(sum[:kidLen]), nil
}
