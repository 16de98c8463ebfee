package chip

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Challenge is what a chip has to sign to prove that it is there now. A Verifier
// makes it for one session of its caller and accepts its answer once, within five
// minutes; the terminal passes it to Read. It travels as JSON.
//
// The verifier stores none: it derives the nonce, by a key that never leaves it,
// from the id and the session, so a nonce that a terminal chose is no challenge of
// any id. What was answered is remembered by Config.Replay.
type Challenge struct {
	ID    string    `json:"id"`
	Nonce []byte    `json:"nonce"` // eight bytes (ICAO Doc 9303-11 §6.1.2)
	Until time.Time `json:"until"`
}

const (
	challengeLife = 5 * time.Minute
	challengeRand = 16
	challengeTime = 8 // milliseconds since 1970
	challengeMAC  = 16
	challengeSize = challengeRand + challengeTime + challengeMAC
)

// Challenge makes a challenge for a session of the caller: any text that names the
// session to the caller and that a terminal cannot choose, such as the id of a
// login. Verify has to be told the same.
func (v *Verifier) Challenge(session string) (Challenge, error) {
	if v == nil || v.trust == nil {
		return Challenge{}, errors.New("chip: a Verifier is made by New")
	}
	if session == "" {
		return Challenge{}, errors.New("chip: Challenge: session is empty")
	}
	id := make([]byte, challengeRand, challengeSize)
	rand.Read(id) // never fails: it ends the program instead
	now := v.cfg.Now()
	id = binary.BigEndian.AppendUint64(id, uint64(now.UnixMilli()))
	id = append(id, v.derive("id", id, session)[:challengeMAC]...)
	return Challenge{
		ID:    base64.RawURLEncoding.EncodeToString(id),
		Nonce: v.derive("nonce", id, session)[:nonceSize],
		Until: now.Add(challengeLife),
	}, nil
}

// derive is HMAC-SHA256 over a purpose, a challenge's id and a session, each with
// its length.
func (v *Verifier) derive(purpose string, id []byte, session string) []byte {
	h := hmac.New(sha256.New, v.key())
	for _, part := range [][]byte{[]byte(purpose), id, []byte(session)} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	return h.Sum(nil)
}

// issued is a challenge that this verifier made.
type issued struct {
	nonce []byte
	once  vneid.Once
}

// recall checks the id that a Dump brings. The reason says why it is none of ours,
// or no longer.
func (v *Verifier) recall(id, session string, now time.Time) (c issued, reason string, kind vneid.Kind) {
	b, err := base64.RawURLEncoding.DecodeString(id)
	// The decoder passes over line feeds: an id with one would be another to the store.
	if err != nil || len(b) != challengeSize || base64.RawURLEncoding.EncodeToString(b) != id || session == "" {
		return c, "other-challenge", vneid.ErrMismatch
	}
	body, mac := b[:challengeSize-challengeMAC], b[challengeSize-challengeMAC:]
	if subtle.ConstantTimeCompare(v.derive("id", body, session)[:challengeMAC], mac) != 1 {
		return c, "other-challenge", vneid.ErrMismatch
	}
	at := time.UnixMilli(int64(binary.BigEndian.Uint64(body[challengeRand:])))
	until := at.Add(challengeLife)
	if !now.Before(until) {
		return c, "challenge-expired", vneid.ErrExpired
	}
	if now.Add(maxSkew).Before(at) { // another process's clock
		return c, "challenge-early", vneid.ErrNotYetValid
	}
	c.nonce = v.derive("nonce", b, session)[:nonceSize]
	c.once = vneid.Once{Use: useChip, Issuer: "chip", ID: id, Issued: at, Until: until}
	return c, "", 0
}

// useChip tells challenges from whatever else one Replay remembers.
const useChip vneid.Use = "chip"

const maxSkew = time.Minute
