//go:build windows || darwin || winscard

package pcsc

import (
	"context"
	"time"
	"unsafe"
)

// winscard is the PC/SC library of the system: winscard.dll, PCSC.framework, or
// libpcsclite. They have the same functions; what differs, the widths of integers
// and characters and the layout of one struct, stands in the way_… files:
//
//	dword, handle, char   the C types DWORD, SCARDHANDLE and of names
//	ioRequest             SCARD_IO_REQUEST
//	stateLayout           SCARD_READERSTATE
//	call                  calls a function by name
type winscard struct{}

// statePoll is how long a wait for changes lasts before the list of readers and
// the caller's context are looked at again. Not every PC/SC tells of new readers.
const statePoll = 250 * time.Millisecond

// open establishes a context with the service.
func (winscard) open(op string) (handle, error) {
	var h handle
	code := call("SCardEstablishContext", scopeSystem, 0, 0, uintptr(unsafe.Pointer(&h)))
	return h, refused(op, code)
}

func release(h handle) { call("SCardReleaseContext", uintptr(h)) }

func (d winscard) watch(ctx context.Context, seen []Reader) ([]Reader, error) {
	const op = "readers"
	h, err := d.open(op)
	if err != nil {
		return nil, err
	}
	defer release(h)
	var now []Reader
	var states readerStates
	for {
		if ctx.Err() != nil {
			return nil, interrupted(ctx, op)
		}
		names, err := list(h)
		if err != nil {
			return nil, err
		}
		wait := statePoll
		if !states.of(names) {
			states, wait = newReaderStates(names), 0
		}
		if now, err = states.change(ctx, h, wait); err != nil {
			return nil, err
		}
		if changed(seen, now) {
			return now, nil
		}
	}
}

// list returns the names of the readers, in the system's own characters.
func list(h handle) ([][]char, error) {
	for {
		var n dword
		code := call(nameListReaders, uintptr(h), 0, 0, uintptr(unsafe.Pointer(&n)))
		if code == noReaders || code == success && n == 0 {
			return nil, nil
		}
		if code != success {
			return nil, refused("readers", code)
		}
		buf := make([]char, n)
		code = call(nameListReaders, uintptr(h), 0, uintptr(unsafe.Pointer(&buf[0])), uintptr(unsafe.Pointer(&n)))
		switch code {
		case insufficient: // a reader came in between
		case success:
			return split(buf[:min(int(n), len(buf))]), nil
		case noReaders:
			return nil, nil
		default:
			return nil, refused("readers", code)
		}
	}
}

// split cuts a list of names, each with a zero behind; an empty one ends it.
func split(buf []char) (names [][]char) {
	for start, i := 0, 0; i < len(buf); i++ {
		if buf[i] != 0 {
			continue
		}
		if i == start {
			break
		}
		names = append(names, buf[start:i+1])
		start = i + 1
	}
	return names
}
