// Package handshake runs the three protocols after which a terminal and a chip
// share session keys (ICAO Doc 9303-11).
//
//	BAC                    §4.3  from the machine-readable zone
//	PACE                   §4.4  from the machine-readable zone or the card access number
//	Chip Authentication    §6.2  from the chip's static key, under a running session
//
// # PACE
//
// A nonce that the chip sends under the password becomes a new generator, by
// generic mapping (§4.4.3.3.1), integrated mapping (§4.4.3.3.2) or generic mapping
// with chip authentication (§4.4.3.5); an anonymous key agreement over it gives the
// keys; both sides prove them by a token. Curves and groups are the standardized
// ones (§9.5.1), explicit parameters are never used: they could be weak and give
// the password away (§9.2.2).
//
// # What is checked
//
// Public keys of the chip: on the curve or in the subgroup, not neutral, not our
// own sent back. Nonces: of the mapping's length, not zero. Tokens and checksums in
// constant time. Shared secrets keep the width of the field or prime, leading zeros
// included (BSI TR-03111 FE2OS, PKCS #3).
//
// Numbers of Diffie and Hellman are sent without leading zeros (§9.4.1). So that
// chips which keep them agree with us too, our own never begin with one, and the
// token is computed over the chip's bytes as it sent them.
//
// Secrets are wiped when a handshake ends, either way.
package handshake

import (
	"context"
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
)

// Send passes one command, in plain or under a running session. The data is valid
// until the next call.
type Send func(context.Context, apdu.Command) (data []byte, sw uint16, err error)

// Error is a fault of the chip that no status word tells.
type Error string

func (e Error) Error() string { return string(e) }

// The faults of a chip.
const (
	ErrFormat    Error = "the chip's answer is not one of the protocol"
	ErrPublicKey Error = "the chip's public key is not valid"
	ErrReflected Error = "the chip sent our own public key back"
	ErrNonce     Error = "the chip's nonce is not valid"
	ErrToken     Error = "the chip's proof of the session keys is wrong"
	ErrMapped    Error = "the nonce maps to no generator"
	ErrProtocol  Error = "a protocol or key that is not supported"
)

// StatusError is a step that the chip refused.
type StatusError struct {
	Step   string
	SW     uint16
	Denied bool // the password or keys were refused, not the protocol
}

func (e *StatusError) Error() string { return fmt.Sprintf("%s: status %04X", e.Step, e.SW) }

// tagged appends a data object of a command, with a tag of one byte.
func tagged(b []byte, tag byte, content []byte) []byte {
	b = append(b, tag)
	switch n := len(content); {
	case n < 0x80:
		b = append(b, byte(n))
	case n < 0x100:
		b = append(b, 0x81, byte(n))
	default:
		b = append(b, 0x82, byte(n>>8), byte(n))
	}
	return append(b, content...)
}
