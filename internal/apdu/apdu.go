// Package apdu speaks ISO 7816-4 to a chip: it encodes commands, passes them to
// a transport and takes the answers apart.
//
// # Commands
//
// A command is short (ISO 7816-4 §5.1: at most 255 bytes of data, at most 256
// expected) or, if it cannot be, extended (at most 65,535 and 65,536). Commands
// are never split by command chaining: ICAO Doc 9303-11 §9.3.2 keeps the chaining
// bit of the class byte for the steps of PACE, whose caller sets it, and asks for
// extended length where a command is long (§9.3.1).
//
// # Answers
//
// An answer ends with two status bytes. Two of them are the transport's business
// (ISO 7816-4 §5.3.4, protocol T=0): 61xx, "more bytes wait", is followed by GET
// RESPONSE until all are there, and 6Cxx, "wrong length, ask for xx", by the same
// command with that length, once. Both are bounded, so that no card can keep a
// reader busy: an answer has at most 65,536 bytes, each GET RESPONSE must bring
// some, and a Channel passes at most MaxCommands commands in its life.
package apdu

import (
	"context"
)

// MaxCommands is how many commands a Channel passes at most. A card with the
// largest files that are accepted, read in short length, needs about 3,000.
const MaxCommands = 4096

const (
	maxShort    = 256   // bytes that a short command can expect
	maxExtended = 65536 // bytes that any command can expect

	smallPart = 128 // bytes: less than this, sixteen times, is no way to hand out an answer
	maxSmall  = 16
)

// Command is a command APDU. Expect is how many bytes of answer it asks for at
// most (Ne), 0 for none.
type Command struct {
	CLA, INS, P1, P2 byte
	Data             []byte
	Expect           int
}

// Extended reports whether the command cannot be encoded in short length.
func (c Command) Extended() bool { return len(c.Data) > 255 || c.Expect > maxShort }

// Append appends the command's encoding. More data than 65,535 bytes, or more
// expected than 65,536, cannot be encoded, and Do refuses it before.
func (c Command) Append(b []byte) []byte {
	b = append(b, c.CLA, c.INS, c.P1, c.P2)
	n := len(c.Data)
	if c.Extended() {
		b = append(b, 0) // introduces Lc, or Le if there is no data
		if n > 0 {
			b = append(b, byte(n>>8), byte(n))
			b = append(b, c.Data...)
		}
		if c.Expect > 0 || n == 0 {
			b = append(b, byte(c.Expect>>8), byte(c.Expect)) // 65,536 is 0000
		}
		return b
	}
	if n > 0 {
		b = append(b, byte(n))
		b = append(b, c.Data...)
	}
	if c.Expect > 0 {
		b = append(b, byte(c.Expect)) // 256 is 00
	}
	return b
}

// Error is a fault of the card that no status word tells.
type Error string

func (e Error) Error() string { return string(e) }

// The faults of a card, and of the caller.
const (
	ErrAnswer Error = "the card's answer is not one of ISO 7816-4"
	ErrTooBig Error = "the card's answer is longer than any can be"
	ErrBudget Error = "the card wants more commands than a reading can need"
	ErrLength Error = "a command longer than any can be"
)

// TransportError is what a transport reported; the answer never came.
type TransportError struct{ Cause error }

func (e *TransportError) Error() string { return "the card cannot be reached" }

// Unwrap returns what the transport reported.
func (e *TransportError) Unwrap() error { return e.Cause }

// Transport passes one encoded command to the card.
type Transport interface {
	Transmit(ctx context.Context, command []byte) (response []byte, err error)
}

// A Channel passes commands over a Transport. It is not safe for concurrent use.
type Channel struct {
	transport Transport
	sent      int
	buffer    []byte
}

// NewChannel returns a Channel that has sent nothing yet.
func NewChannel(t Transport) *Channel { return &Channel{transport: t} }

// Sent returns how many commands went over the transport.
func (ch *Channel) Sent() int { return ch.sent }

// Do sends a command and returns the answer's data and status word. The data is
// the transport's memory, or the Channel's, until the next call.
func (ch *Channel) Do(ctx context.Context, c Command) (data []byte, sw uint16, err error) {
	if len(c.Data) > 65535 || c.Expect > maxExtended || c.Expect < 0 {
		return nil, 0, ErrLength
	}
	data, sw, err = ch.pass(ctx, c)
	if err == nil && sw>>8 == 0x6C && c.Expect > 0 {
		c.Expect = int(sw & 0xFF)
		if c.Expect == 0 {
			c.Expect = maxShort
		}
		data, sw, err = ch.pass(ctx, c)
	}
	if err == nil && sw>>8 == 0x61 {
		return ch.rest(ctx, c.CLA, data, sw)
	}
	return data, sw, err
}

// rest collects what the card holds back.
func (ch *Channel) rest(ctx context.Context, cla byte, first []byte, sw uint16) ([]byte, uint16, error) {
	const getResponse = 0xC0
	all := append([]byte(nil), first...)
	for small := 0; sw>>8 == 0x61; {
		// The class keeps its channel; secure messaging and chaining are no part
		// of a command that only fetches bytes.
		c := Command{CLA: cla & 0x03, INS: getResponse, Expect: int(sw & 0xFF)}
		if c.Expect == 0 {
			c.Expect = maxShort
		}
		data, next, err := ch.pass(ctx, c)
		if err != nil {
			return nil, 0, err
		}
		if len(data) < smallPart {
			small++
		}
		if next>>8 == 0x61 && (len(data) == 0 || small > maxSmall) {
			return nil, 0, ErrAnswer
		}
		all = append(all, data...)
		if len(all) > maxExtended {
			return nil, 0, ErrTooBig
		}
		sw = next
	}
	return all, sw, nil
}

// pass sends one command and splits its answer.
func (ch *Channel) pass(ctx context.Context, c Command) ([]byte, uint16, error) {
	if ch.sent >= MaxCommands {
		return nil, 0, ErrBudget
	}
	if err := ctx.Err(); err != nil {
		return nil, 0, &TransportError{err}
	}
	ch.sent++
	ch.buffer = c.Append(ch.buffer[:0])
	answer, err := ch.transport.Transmit(ctx, ch.buffer)
	switch {
	case err != nil:
		return nil, 0, &TransportError{err}
	case len(answer) > maxExtended+2:
		return nil, 0, ErrTooBig
	case len(answer) < 2:
		return nil, 0, ErrAnswer
	}
	n := len(answer) - 2
	sw := uint16(answer[n])<<8 | uint16(answer[n+1])
	if sw>>12 != 6 && sw>>12 != 9 || sw>>8 == 0x60 { // ISO 7816-3 §10.3.3
		return nil, 0, ErrAnswer
	}
	return answer[:n], sw, nil
}
