package link

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	ticketLife = 10 * time.Minute
	ticketSize = 4096 // of characters
	saltSize   = 16
	purpose    = "vneid link ticket v1"
)

// ticket says which candidate was proposed to whom, and when.
type ticket struct {
	ID      string    `json:"id"`
	Issuer  string    `json:"iss"`
	Subject string    `json:"sub"`
	Account string    `json:"account"`
	Why     string    `json:"why"`
	Made    time.Time `json:"made"`
}

func (l *Linker) newTicket(id *sso.Identity, c Candidate) ticket {
	return ticket{ID: rand.Text(), Issuer: id.Issuer(), Subject: id.Subject(), Account: c.Account, Why: c.Why.String(), Made: l.now()}
}

// seal writes t down for the browser: base64url(salt ‖ AES-256-GCM), key and nonce
// from HKDF-SHA-256 (RFC 5869) of the first key with the salt, so that no number of
// tickets wears a nonce out (NIST SP 800-38D §8.3).
func (l *Linker) seal(t ticket) (string, error) {
	plain, err := json.Marshal(t)
	if err != nil {
		return "", errors.New("the ticket cannot be written")
	}
	salt := make([]byte, saltSize, saltSize+len(plain)+16)
	rand.Read(salt)
	gcm, nonce, err := derive(l.keys()[0], salt)
	if err != nil {
		return "", errors.New("the ticket cannot be sealed")
	}
	sealed := base64.RawURLEncoding.EncodeToString(gcm.Seal(salt, nonce, plain, []byte(purpose)))
	if len(sealed) > ticketSize {
		return "", errors.New("Config.Store: the ID of an account is too long for a ticket")
	}
	return sealed, nil
}

func (l *Linker) open(sealed string) (t ticket, err error) {
	bad := fault.New(vneid.ErrMalformed, "the ticket is none of this linker's")
	if len(sealed) > ticketSize {
		return ticket{}, bad
	}
	b, ok := jws.DecodeBase64(sealed)
	if !ok || len(b) < saltSize+16 {
		return ticket{}, bad
	}
	for _, key := range l.keys() {
		gcm, nonce, err := derive(key, b[:saltSize])
		if err != nil {
			return ticket{}, bad
		}
		if plain, err := gcm.Open(nil, nonce, b[saltSize:], []byte(purpose)); err == nil && json.Unmarshal(plain, &t) == nil {
			return t, nil
		}
	}
	return ticket{}, bad
}

func derive(key, salt []byte) (cipher.AEAD, []byte, error) {
	okm, err := hkdf.Key(sha256.New, key, salt, purpose, 32+12)
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
