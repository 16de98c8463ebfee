package relying

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Box seals with the first of its keys and opens with any.
//
// An envelope is base64url(salt[16] ‖ AES-256-GCM). Key and nonce come from
// HKDF-SHA-256 (RFC 5869) of the ring key with the salt, so that each envelope
// has its own and the ring key never meets the 2³² messages at which random GCM
// nonces grow unsafe (NIST SP 800-38D §8.3). The additional data name the purpose and
// to whom the box belongs, each with its length: an envelope of another client or
// provider does not open, whoever shares the ring.
type Box struct {
	ring           func() [][]byte // a function, since prints show the bytes of a slice
	label, binding string
}

// NewBox returns the box of an owner, whose parts say who that is. label is what the
// keys are derived for, so that two packages may share a ring.
func NewBox(label string, ring [][]byte, owner ...string) Box {
	var b []byte
	for _, s := range owner {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return Box{func() [][]byte { return ring }, label, string(b)}
}

const saltSize = 16

// Binding is the owner, in a form that no other owner has.
func (x Box) Binding() string { return x.binding }

// Seal makes an envelope of one purpose, which opens as no other.
func (x Box) Seal(purpose string, plain []byte) (string, error) {
	salt := make([]byte, saltSize, saltSize+len(plain)+16)
	rand.Read(salt)
	gcm, nonce, err := x.derive(x.ring()[0], salt)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(gcm.Seal(salt, nonce, plain, x.aad(purpose))), nil
}

// Open opens an envelope of at most max characters.
func (x Box) Open(purpose, envelope string, max int) ([]byte, bool) {
	if len(envelope) > max {
		return nil, false
	}
	b, ok := jws.DecodeBase64(envelope)
	if !ok || len(b) < saltSize+16 {
		return nil, false
	}
	for _, key := range x.ring() {
		gcm, nonce, err := x.derive(key, b[:saltSize])
		if err != nil {
			return nil, false
		}
		if plain, err := gcm.Open(nil, nonce, b[saltSize:], x.aad(purpose)); err == nil {
			return plain, true
		}
	}
	return nil, false
}

func (x Box) aad(purpose string) []byte {
	return append(binary.AppendUvarint(nil, uint64(len(purpose))), purpose+x.binding...)
}

// derive makes an envelope's own cipher and nonce.
func (x Box) derive(key, salt []byte) (cipher.AEAD, []byte, error) {
	okm, err := hkdf.Key(sha256.New, key, salt, x.label, 32+12)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(okm[:32])
	if err != nil {
		return nil, nil, err
	}
	gcm, err := cipher.NewGCM(block)
	return gcm, okm[32:], err
}
