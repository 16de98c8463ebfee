//go:build windows || darwin || winscard

package pcsc

import (
	"bytes"
	"context"
	"encoding/binary"
	"runtime"
	"slices"
	"time"
	"unsafe"
)

// What a reader's state holds: the flags of the state in the lower half, a count
// of insertions in the upper.
const stateCardPresent = 0x0020 // SCARD_STATE_PRESENT

// layout is where the members of SCARD_READERSTATE are; its alignment differs
// between systems, so it is laid out by hand.
type layout struct {
	current, event, atrLength, atr, size uintptr
}

// readerStates is an array of SCARD_READERSTATE for readers of these names.
type readerStates struct {
	names [][]char
	raw   []byte
}

func newReaderStates(names [][]char) readerStates {
	return readerStates{names, make([]byte, uintptr(len(names))*stateLayout.size)}
}

// of reports whether the states are those of these readers.
func (s readerStates) of(names [][]char) bool {
	return s.raw != nil && slices.EqualFunc(s.names, names, slices.Equal[[]char])
}

func (s readerStates) at(i int) []byte { return s.raw[uintptr(i)*stateLayout.size:][:stateLayout.size] }

// number is the DWORD at an offset of a state.
func number(state []byte, at uintptr) []byte { return state[at:][:unsafe.Sizeof(dword(0))] }

// change waits for the states to differ from what they were, and makes them the
// current ones.
func (s readerStates) change(ctx context.Context, h handle, wait time.Duration) ([]Reader, error) {
	if len(s.names) == 0 { // nothing to ask about
		select {
		case <-ctx.Done():
			return nil, interrupted(ctx, "readers")
		case <-time.After(wait):
		}
		return []Reader{}, nil
	}
	// The names lie in Go memory that C sees by an address within bytes.
	var pinner runtime.Pinner
	defer pinner.Unpin()
	for i, name := range s.names {
		pinner.Pin(&name[0])
		p := uintptr(unsafe.Pointer(&name[0]))
		copy(s.at(i), unsafe.Slice((*byte)(unsafe.Pointer(&p)), unsafe.Sizeof(p)))
	}
	code := call(nameGetStatusChange, uintptr(h), uintptr(wait.Milliseconds()), uintptr(unsafe.Pointer(&s.raw[0])), uintptr(len(s.names)))
	if code == UnknownReader || code == readerUnavailable {
		// Gone since the list was made: the next list will tell.
		clear(s.raw)
		code = timedOut
	}
	if code != success && code != timedOut {
		return nil, refused("readers", code)
	}
	list := []Reader{}
	for i, name := range s.names {
		state := s.at(i)
		copy(number(state, stateLayout.current), number(state, stateLayout.event))
		event := binary.NativeEndian.Uint32(number(state, stateLayout.event))
		n := min(binary.NativeEndian.Uint32(number(state, stateLayout.atrLength)), maxATR)
		list = append(list, Reader{
			Name:       text(name[:len(name)-1]),
			Present:    event&stateCardPresent != 0,
			ATR:        bytes.Clone(state[stateLayout.atr:][:n]),
			insertions: event >> 16,
		})
	}
	return list, nil
}
