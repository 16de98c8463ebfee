package sso

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// What a sealed cookie is for. An envelope of one purpose opens as no other.
const (
	forLogin   = "vneid-sso login v1"
	forSession = "vneid-sso session v1"
	forStore   = "vneid-sso stored v1 " // and the name under which it is kept
)

// maxStored bounds an envelope that is no cookie.
const maxStored = 64 << 10

// sealer seals cookies with the first of its keys and opens with any.
//
// An envelope is base64url(salt[16] ‖ AES-256-GCM). Key and nonce come from
// HKDF-SHA-256 (RFC 5869) of the ring key with the salt, so that each envelope
// has its own and the ring key never meets the 2³² messages at which random GCM
// nonces grow unsafe (NIST SP 800-38D §8.3). The additional data name purpose,
// issuer, client and redirect URI, each with its length: an envelope of another
// client or provider does not open, whoever shares the ring.
type sealer struct {
	ring    func() [][]byte // a function, since prints show the bytes of a slice
	binding string
}

func newSealer(c Config) sealer {
	var b []byte
	for _, s := range []string{c.Issuer, c.ClientID, c.RedirectURL} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	ring := c.CookieKeys
	return sealer{func() [][]byte { return ring }, string(b)}
}

const saltSize = 16

func (s sealer) seal(purpose string, plain []byte) (string, error) {
	salt := make([]byte, saltSize, saltSize+len(plain)+16)
	rand.Read(salt)
	gcm, nonce, err := derive(s.ring()[0], salt)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(gcm.Seal(salt, nonce, plain, s.aad(purpose))), nil
}

func (s sealer) open(purpose, envelope string) ([]byte, bool) {
	if len(envelope) > maxCookie && (!strings.HasPrefix(purpose, forStore) || len(envelope) > maxStored) {
		return nil, false
	}
	b, ok := jws.DecodeBase64(envelope)
	if !ok || len(b) < saltSize+16 {
		return nil, false
	}
	for _, key := range s.ring() {
		gcm, nonce, err := derive(key, b[:saltSize])
		if err != nil {
			return nil, false
		}
		if plain, err := gcm.Open(nil, nonce, b[saltSize:], s.aad(purpose)); err == nil {
			return plain, true
		}
	}
	return nil, false
}

func (s sealer) aad(purpose string) []byte {
	return append(binary.AppendUvarint(nil, uint64(len(purpose))), purpose+s.binding...)
}

// derive makes an envelope's own cipher and nonce.
func derive(key, salt []byte) (cipher.AEAD, []byte, error) {
	okm, err := hkdf.Key(sha256.New, key, salt, "vneid-sso cookie", 32+12)
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
