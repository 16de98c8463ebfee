// Package cose reads and writes the one form of COSE_Sign1 (RFC 9052 §4.2) that
// signed QR codes have.
//
//	size         at most 2,048 bytes, checked first
//	structure    tag 18 exactly once, around an array of four; the deterministic
//	             subset of package cbor, nothing after it
//	protected    a map of exactly {1: alg, 4: kid, 16: typ}; kid has 8 bytes, typ
//	             (RFC 9596) is the text that the caller names
//	unprotected  the empty map
//	payload      attached, itself a CBOR value of the subset
//	signature    exactly 64 bytes
//	alg          −9 (ESP256) and −7 (ES256): ECDSA, P-256, SHA-256
//	             −19 (Ed25519) and −8 (EdDSA): Ed25519 (RFC 9864, RFC 9053 §2)
//
// The signature covers Sig_structure ["Signature1", protected, external_aad,
// payload] (RFC 9052 §4.4) with the caller's external_aad. A kid is the first 8
// bytes of the SHA-256 of the key's SubjectPublicKeyInfo; KeyID computes it.
//
// Whether a key may sign is for a vneid.KeySet to say: this package hands out
// the detached parts, and knows no keys but the one it signs with.
package cose

import "github.com/vneid-sdk/vneid-go/internal/cbor"

// MaxSize is the longest message that Parse reads.
const MaxSize = 2048

const (
	kidLen = 8
	sigLen = 64
)

// Error says why a message is refused.
type Error string

func (e Error) Error() string { return string(e) }

// The reasons for a refusal. ErrAlgorithm speaks of a well-formed message whose
// algorithm is not one of the four.
const (
	ErrSize      Error = "the COSE message is too long"
	ErrTag       Error = "not a COSE_Sign1 message under tag 18"
	ErrShape     Error = "not the four parts of COSE_Sign1"
	ErrProtected Error = "the COSE protected header is not exactly algorithm, key and type"
	ErrType      Error = "the COSE message has another type"
	ErrUnsigned  Error = "the COSE message has an unprotected header"
	ErrPayload   Error = "the COSE payload is missing or not a CBOR value"
	ErrSignature Error = "the COSE signature has not 64 bytes"
	ErrAlgorithm Error = "the COSE algorithm is neither ES256 nor Ed25519"
)

// Message is a COSE_Sign1 whose form is right. Nothing in it is verified.
type Message struct {
	Alg       string // JOSE name: ES256 or EdDSA
	KeyID     string // 8 raw bytes
	Payload   cbor.Value
	Input     []byte // Sig_structure, what the signature covers
	Signature []byte // 64 bytes: r and s, or an Ed25519 signature
}

// Parse reads a message of the type typ whose signature also covers aad. It
// keeps msg.
func Parse(msg []byte, typ, aad string) (Message, error) {
	if len(msg) > MaxSize {
		return Message{}, ErrSize
	}
	v, err := cbor.Parse(string(msg))
	if err != nil {
		return Message{}, err
	}
	inner, ok := v.Tag18()
	if !ok {
		return Message{}, ErrTag
	}
	parts, ok := inner.Array()
	if !ok || parts.Len() != 4 {
		return Message{}, ErrShape
	}
	protected, ok := parts.Next().Bytes()
	if !ok {
		return Message{}, ErrShape
	}
	var m Message
	if m.Alg, m.KeyID, err = header(protected, typ); err != nil {
		return Message{}, err
	}
	if un, ok := parts.Next().Map(); !ok || un.Len() != 0 {
		return Message{}, ErrUnsigned
	}
	payload, ok := parts.Next().Bytes()
	if !ok {
		return Message{}, ErrPayload
	}
	if m.Payload, err = cbor.Parse(payload); err != nil {
		return Message{}, err
	}
	if sig, ok := parts.Next().Bytes(); !ok || len(sig) != sigLen {
		return Message{}, ErrSignature
	}
	m.Signature = msg[len(msg)-sigLen:] // the last part, so the last bytes
	m.Input = sigStructure(protected, aad, payload)
	return m, nil
}

// Labels of the protected header, in the order in which they are encoded.
const (
	labelAlg = 1
	labelKid = 4
	labelTyp = 16
)

func header(protected, typ string) (alg, kid string, err error) {
	v, err := cbor.Parse(protected)
	if err != nil {
		return "", "", err
	}
	items, ok := v.Map()
	if !ok || items.Len() != 6 {
		return "", "", ErrProtected
	}
	var values [3]cbor.Value
	for i, label := range [3]int64{labelAlg, labelKid, labelTyp} {
		if got, ok := items.Next().Int(); !ok || got != label {
			return "", "", ErrProtected
		}
		values[i] = items.Next()
	}
	number, isInt := values[0].Int()
	kid, isBytes := values[1].Bytes()
	got, isText := values[2].Text()
	if !isInt || !isBytes || len(kid) != kidLen || !isText {
		return "", "", ErrProtected
	}
	if got != typ {
		return "", "", ErrType
	}
	if alg = name(number); alg == "" {
		return "", "", ErrAlgorithm
	}
	return alg, kid, nil
}

// name is the JOSE name of a COSE algorithm, "" for those not accepted.
func name(alg int64) string {
	switch alg {
	case -9, -7:
		return "ES256"
	case -19, -8:
		return "EdDSA"
	}
	return ""
}

// sigStructure is what a signature covers (RFC 9052 §4.4).
func sigStructure(protected, aad, payload string) []byte {
	b := make([]byte, 0, 32+len(protected)+len(aad)+len(payload))
	b = cbor.AppendArray(b, 4)
	b = cbor.AppendText(b, "Signature1")
	b = cbor.AppendBytes(b, protected)
	b = cbor.AppendBytes(b, aad)
	return cbor.AppendBytes(b, payload)
}
