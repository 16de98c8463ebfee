// Package chip reads and verifies the chip of the CCCD / Căn cước card.
//
// What stands today is the ground under it: Card, the whole transport, and MRZ,
// the machine-readable zone that is printed on the card's back and stored in the
// chip's DG1. Reading a chip, passive authentication and the proofs that a chip
// is genuine are under way; nothing in this package makes a vneid.Citizen yet,
// and a parsed MRZ is printed text, not evidence.
//
// Sources: ICAO Doc 9303-3 §4.9 (check digits), 9303-5 §4.2 (TD1); the
// Vietnamese use of the fields was recomputed on public specimens.
package chip

import "context"

// Card is a transport to one card: a PC/SC reader, an NFC relay over a socket, a
// recorded trace, an emulator. Transmit sends one command APDU (ISO 7816-4) and
// returns the response with its two status bytes. It is called by one goroutine
// at a time.
type Card interface {
	Transmit(ctx context.Context, command []byte) (response []byte, err error)
}
