package chiptest

import (
	"bytes"
	"crypto/sha1"
	"slices"
)

// challengeBAC answers GET CHALLENGE (ICAO Doc 9303-11 §4.3.2).
func (e *Emulator) challengeBAC() response {
	e.challenge = e.random.bytes(8)
	return response{bytes.Clone(e.challenge), swOK}
}

// authenticateBAC answers EXTERNAL AUTHENTICATE: both sides prove that they know
// the zone, and each brings half of the session's key (§4.3.1).
func (e *Emulator) authenticateBAC(c command) response {
	challenge := e.challenge
	e.challenge = nil
	if challenge == nil {
		return status(swConditions)
	}
	if len(c.data) != 40 {
		return status(swLength)
	}
	seed := sha1.Sum([]byte(e.access.zone()))
	enc, auth := tripleDES.derive(seed[:16], 1), tripleDES.derive(seed[:16], 2)
	if !bytes.Equal(c.data[32:], tripleDES.mac(auth, tripleDES.pad(c.data[:32]))) {
		return status(swWrongKey)
	}
	plain := tripleDES.decrypt(enc, tripleDES.zeros(), c.data[:32])
	theirs, ours, half := plain[:8], plain[8:16], plain[16:]
	if !bytes.Equal(ours, challenge) {
		return status(swWrongKey)
	}
	own := e.random.bytes(16)
	answer := tripleDES.encrypt(enc, tripleDES.zeros(), slices.Concat(challenge, theirs, own))
	answer = append(answer, tripleDES.mac(auth, tripleDES.pad(answer))...)
	secret := bytes.Clone(half)
	xor(secret, own)
	e.next = newChannel(tripleDES, secret)
	e.next.ssc = slices.Concat(challenge[4:], theirs[4:])
	return response{answer, swOK}
}
