// Package pcsc talks to smart card readers through the PC/SC service of the
// machine: pcscd on Linux, PCSC.framework on macOS, WinSCard on Windows. It needs
// no C compiler. What Service.Open returns is a chip.Card.
//
//	var service pcsc.Service
//	reader, err := service.Wait(ctx, "")  // until somebody lays a card down
//	card, err := service.Open(ctx, reader.Name)
//	defer card.Close()
//	dump, err := chip.Read(ctx, card, access, chip.ReadOptions{MaxResponse: card.MaxResponse()})
//
// # What is sent
//
// Only what Card.Transmit is given goes to the card; this package has no commands
// of its own. Two things happen around them. Under the transmission protocol T=0,
// which some contact readers use, a command is put into the form that T=0 has
// (ISO 7816-3 §12.2): a fifth byte for commands without data, no Le behind data.
// And Open asks the reader, not the card, how long an answer it can pass
// (FEATURE_GET_TLV_PROPERTIES of PC/SC part 10).
//
// # Who else may use the card
//
// Open connects in shared mode and holds a transaction until Close: other programs
// may look on, and their commands wait. Service.Exclusive connects in exclusive
// mode instead, and fails with Busy if anybody else is connected. Windows resets a
// card whose transaction lies idle for five seconds: settle everything with the
// holder first, then open, read, close. Close resets the card, so that nothing of
// the session is left in it.
//
// # Limits
//
// A response has at most 65,536 bytes and a status word (ISO 7816-4 §5.1). Most
// readers and cards pass that; a reader that speaks of short commands only passes
// 256, and Card.MaxResponse says so. Under T=0 extended commands are refused. A
// Service lists sixteen readers at most under pcscd, which has no more.
//
// # Time and failure
//
// Every call ends with its context. If that is in the middle of an exchange, the
// card is of no more use: its next call fails with Removed. The service resets the
// card when the exchange is over, and whoever opens it before may meet Reset.
// Without a deadline a call lasts as long as the reader takes.
//
// Every error of the service is an *Error, matches vneid.ErrUnavailable, and
// carries the Code of PC/SC, against which errors.Is compares: a card taken away
// is Removed, a service that does not run is NoService. An argument that cannot be
// right has no kind.
//
// # Ways to the service
//
// The socket protocol of pcscd is spoken directly, versions 4.4 and later (1.8.24
// of 2018 and after). The socket's path is a field, not an environment variable.
// macOS has no such socket; there PCSC.framework is called, and on Windows
// winscard.dll. Those two share their code with a build of the tests that calls
// libpcsclite on Linux (-tags winscard), which is how it is tested: on macOS and
// Windows themselves it has been compiled and vetted only.
package pcsc

import (
	"context"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
)

// Service is the smart card service of this machine. The zero value is the
// system's own, shared with other programs. Its methods may be called
// concurrently.
type Service struct {
	// Socket is where pcscd listens, if not where it usually does. It is not used
	// on Windows.
	Socket string

	// Exclusive lets nobody else connect to a card while it is open here.
	Exclusive bool
}

// Reader is a card reader, or one slot of it, at one moment.
type Reader struct {
	Name    string // as Open takes it
	Present bool   // there is a card
	ATR     []byte // what the card answered to its reset; empty if it did not

	insertions uint32 // counts cards in and out, where the service does
}

// maxName is the most bytes of a reader's name, the closing zero included
// (MAX_READERNAME of pcsc-lite).
const maxName = 128

// Readers lists the readers that are attached now, which may be none.
func (s Service) Readers(ctx context.Context) ([]Reader, error) { return s.Watch(ctx, nil) }

// Watch returns the readers as soon as they differ from those seen before: one
// attached or removed, a card laid down or taken away. nil differs from
// everything, so a loop that passes each result to the next call misses nothing.
func (s Service) Watch(ctx context.Context, seen []Reader) ([]Reader, error) {
	readers, err := s.driver().watch(ctx, seen)
	if err != nil {
		return nil, fault.Prefix("pcsc", err)
	}
	return readers, nil
}

// Wait returns the reader of that name once it holds a card; with no name, any
// reader. A reader that is not attached yet is waited for.
func (s Service) Wait(ctx context.Context, name string) (Reader, error) {
	var seen []Reader
	for {
		now, err := s.Watch(ctx, seen)
		if err != nil {
			return Reader{}, err
		}
		for _, r := range now {
			if r.Present && (name == "" || r.Name == name) {
				return r, nil
			}
		}
		seen = now
	}
}

// changed reports whether two lists differ in anything that Watch tells.
func changed(seen, now []Reader) bool {
	return seen == nil || !slices.EqualFunc(seen, now, func(a, b Reader) bool {
		return a.Name == b.Name && a.Present == b.Present && a.insertions == b.insertions
	})
}

// A driver is one way to the service.
type driver interface {
	// watch does what Watch says; the list it returns is not nil.
	watch(ctx context.Context, seen []Reader) ([]Reader, error)
	// connect opens the card in a reader and begins a transaction, if shared.
	connect(ctx context.Context, reader string, exclusive bool) (link, error)
}

// A link is an open connection to one card.
type link interface {
	// t0 tells whether the card speaks T=0; otherwise it is T=1.
	t0() bool
	transmit(ctx context.Context, command []byte) ([]byte, error)
	// control speaks to the reader.
	control(ctx context.Context, code uint32, data []byte) ([]byte, error)
	// close ends the transaction and resets the card.
	close() error
}
