package chip

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Access is what opens a chip: the card access number or the machine-readable
// zone. The zero value opens nothing. It prints as CAN or MRZ, never as what it
// holds.
type Access struct {
	// Two pointers, because fmt follows one from an unexported field (see
	// vneid.Citizen).
	a **access
}

// access holds the password of one of the two kinds.
type access struct {
	kind accessKind
	text string
}

type accessKind uint8

// The kinds, numbered as the password references of PACE (BSI TR-03110-3 Table
// B.1, ICAO Doc 9303-11 §4.4.4.1).
const (
	accessMRZ accessKind = 1
	accessCAN accessKind = 2
)

func newAccess(kind accessKind, text string) Access {
	p := &access{kind, text}
	return Access{&p}
}

// CAN returns the access by card access number: exactly six digits. On the
// Vietnamese card they are the last six of the personal number (see CANOf). It
// opens chips that speak PACE.
func CAN(number string) (Access, error) {
	if len(number) != 6 || !digits(number) {
		return Access{}, fault.New(vneid.ErrMalformed, "chip: a card access number has six digits")
	}
	return newAccess(accessCAN, number), nil
}

// CANOf returns the access by the card access number that follows from the
// personal number: its last six digits (replicated from open readers).
func CANOf(id vneid.CitizenID) (Access, error) {
	if id.IsZero() {
		return Access{}, fault.New(vneid.ErrMalformed, "chip: no personal number, so no card access number")
	}
	return CAN(id.Reveal()[6:])
}

// String returns CAN, MRZ or "no access".
func (a Access) String() string {
	if a.a != nil {
		switch (*a.a).kind {
		case accessCAN:
			return "CAN"
		case accessMRZ:
			return "MRZ"
		}
	}
	return "no access"
}

// Format prints what String shows, whatever the verb and flags.
func (a Access) Format(f fmt.State, _ rune) { io.WriteString(f, a.String()) }

// LogValue logs what String shows.
func (a Access) LogValue() slog.Value { return slog.StringValue(a.String()) }
