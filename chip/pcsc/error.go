package pcsc

import (
	"context"
	"errors"
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Code is a result code of PC/SC. The numbers are the same on every system.
type Code uint32

// The codes on which a program acts. A Code is an error, so that
// errors.Is(err, pcsc.Removed) asks for it.
const (
	NoService     Code = 0x8010001D // the service does not run, or is no longer there
	UnknownReader Code = 0x80100009 // no reader of that name
	Busy          Code = 0x8010000B // another program keeps the card to itself
	NoCard        Code = 0x8010000C // there is no card in the reader
	Mute          Code = 0x80100066 // the card does not answer: laid down badly, or broken
	Removed       Code = 0x80100069 // contact is lost: the card, or its reader, was taken away
	Reset         Code = 0x80100068 // another program reset the card, so the session is lost
)

// Codes that appear under one of the names above, or as they are.
const (
	success           Code = 0
	timedOut          Code = 0x8010000A
	insufficient      Code = 0x80100008
	protoMismatch     Code = 0x8010000F
	commError         Code = 0x80100013
	notTransacted     Code = 0x80100016
	readerUnavailable Code = 0x80100017
	serviceStopped    Code = 0x8010001E
	noReaders         Code = 0x8010002E
	unpowered         Code = 0x80100067
)

var meanings = map[Code]string{
	NoService:     "the smart card service does not run",
	UnknownReader: "no reader of that name",
	Busy:          "another program keeps the card to itself",
	NoCard:        "no card in the reader",
	Mute:          "the card does not answer",
	Removed:       "contact with the card is lost",
	Reset:         "another program reset the card",
}

func (c Code) Error() string {
	if text := meanings[c]; text != "" {
		return text
	}
	return fmt.Sprintf("PC/SC code %08X", uint32(c))
}

// Error is a failure that the smart card service reports, or the failure to reach
// it. It matches its Code and vneid.ErrUnavailable.
type Error struct {
	Op   string // "readers", "connect", "transmit", "control" or "close"
	Code Code
}

func (e *Error) Error() string { return e.Op + ": " + e.Code.Error() }

// Unwrap makes the error match its code and its kind.
func (e *Error) Unwrap() []error { return []error{e.Code, vneid.ErrUnavailable} }

// refused returns the error for a code other than success. Systems name one event
// differently: which they say depends on when they notice.
func refused(op string, code Code) error {
	switch code {
	case success:
		return nil
	case serviceStopped:
		code = NoService
	case readerUnavailable, notTransacted, commError:
		code = Removed
	case protoMismatch:
		if op != "connect" { // pcscd forgets the protocol of a card that is reset
			code = Reset
		}
	case unpowered:
		code = Mute
	case NoCard:
		if op != "connect" {
			code = Removed
		}
	}
	return &Error{op, code}
}

// interrupted is the error of a call whose context ended.
func interrupted(ctx context.Context, op string) error {
	return fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "%s: interrupted", op)
}

// gone forgives a card that is no longer there when it is let go of.
func gone(err error) error {
	if errors.Is(err, Removed) || errors.Is(err, Reset) {
		return nil
	}
	return err
}
