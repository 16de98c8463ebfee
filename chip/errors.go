package chip

import (
	"errors"
	"fmt"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// kindOf returns the kind of an error of the caller's Card or Replay, which may know
// better what went wrong; one without a kind means that it could not be asked.
func kindOf(err error) vneid.Kind {
	var kind vneid.Kind
	if errors.As(err, &kind) {
		return kind
	}
	return vneid.ErrUnavailable
}

// StatusError tells that the card itself refused a step of the reading, and with
// which status word (ISO 7816-4 §5.6). It matches vneid.ErrDenied where access was
// refused (a wrong CAN or MRZ, a file that is not for this terminal), else
// vneid.ErrUnavailable.
type StatusError struct {
	Step   string // what was being done: "PACE", "BAC", "select", "read DG2", …
	SW     uint16 // what the card answered
	Denied bool   // whether that means that access was refused
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: the card answered %04X", e.Step, e.SW)
}

// Unwrap makes the error match its kind.
func (e *StatusError) Unwrap() error {
	if e.Denied {
		return vneid.ErrDenied
	}
	return vneid.ErrUnavailable
}

// VerifyError is a verdict that is no pass, with every check that led to it. It
// matches Kind alone. Name and Reason are those of the decisive check: the first
// that was not passed and that Config does not accept. It holds nothing of the
// person.
type VerifyError struct {
	Kind   vneid.Kind
	Name   string
	Reason string
	Checks []Check
}

func (e *VerifyError) Error() string {
	if e.Reason == "" {
		return e.Name
	}
	return e.Name + ": " + e.Reason
}

// Unwrap makes the error match its kind.
func (e *VerifyError) Unwrap() error { return e.Kind }
