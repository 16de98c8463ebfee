//go:build unix

package pcsc

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"runtime"
	"time"
)

// daemon is pcscd, spoken to over its socket: src/winscard_msg.h of pcsc-lite,
// protocol 4.4 to 4.6. Messages are C structs of 32-bit integers in the machine's
// own byte order, behind a header of length and command. Every call opens a
// connection of its own, so that giving one up harms no other.
type daemon struct{ path string }

// Commands.
const (
	cmdEstablish     = 0x01
	cmdConnect       = 0x04
	cmdDisconnect    = 0x06
	cmdBegin         = 0x07
	cmdEnd           = 0x08
	cmdTransmit      = 0x09
	cmdControl       = 0x0A
	cmdVersion       = 0x11
	cmdWaitForChange = 0x13
)

// The protocol's version. A client that says 4.4 is served by pcscd 1.8.24 to 2.2
// and, in the older form, by 2.4.1 and later; 2.3.0 to 2.4.0 insist on 4.5, which
// adds a command that is not used here.
const (
	versionMajor = 4
	versionMinor = 4
	versionNext  = 5
)

var order = binary.NativeEndian

func newDaemon(path string) daemon {
	switch {
	case path != "":
		return daemon{path}
	case runtime.GOOS == "linux":
		return daemon{"/run/pcscd/pcscd.comm"}
	}
	return daemon{"/var/run/pcscd/pcscd.comm"}
}

// wire is a connection to pcscd.
type wire struct{ conn net.Conn }

// dial connects and agrees on a version.
func (d daemon) dial(ctx context.Context, op string) (*wire, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", d.path)
	if err != nil {
		if ctx.Err() != nil {
			return nil, interrupted(ctx, op)
		}
		return nil, &Error{op, NoService}
	}
	w := &wire{conn}
	for minor := uint32(versionMinor); minor <= versionNext; minor++ {
		version, err := w.exchange(ctx, op, cmdVersion, numbers(versionMajor, minor, 0), 12)
		if err != nil {
			return nil, err
		}
		if Code(order.Uint32(version[8:])) == success && order.Uint32(version) == versionMajor {
			return w, nil
		}
	}
	conn.Close()
	return nil, &Error{op, NoService}
}

// numbers encodes the integers of a message.
func numbers(list ...uint32) []byte {
	var b []byte
	for _, n := range list {
		b = order.AppendUint32(b, n)
	}
	return b
}

// exchange sends one message and reads a reply of fixed length. When it fails
// half-way the connection is closed, because nobody could tell what the next bytes mean.
func (w *wire) exchange(ctx context.Context, op string, command uint32, body []byte, reply int, more ...[]byte) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, interrupted(ctx, op)
	}
	message := numbers(uint32(len(body)), command)
	message = append(message, body...)
	for _, data := range more { // behind the message and not counted in it
		message = append(message, data...)
	}
	out := make([]byte, reply)
	err := w.during(ctx, op, func() error {
		if _, err := w.conn.Write(message); err != nil {
			return err
		}
		_, err := io.ReadFull(w.conn, out)
		return err
	})
	return out, err
}

// read reads what follows a reply.
func (w *wire) read(ctx context.Context, op string, n int) ([]byte, error) {
	out := make([]byte, n)
	err := w.during(ctx, op, func() error {
		_, err := io.ReadFull(w.conn, out)
		return err
	})
	return out, err
}

// during lets the end of ctx interrupt what work does on the connection.
func (w *wire) during(ctx context.Context, op string, work func() error) error {
	late := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		w.conn.SetDeadline(time.Unix(1, 0))
		close(late)
	})
	err := work()
	if !stop() {
		<-late
		w.conn.SetDeadline(time.Time{})
	}
	if err == nil {
		return nil
	}
	w.conn.Close()
	switch {
	case ctx.Err() != nil:
		return interrupted(ctx, op)
	case errors.Is(err, net.ErrClosed): // by an exchange that failed before
		return &Error{op, Removed}
	}
	return &Error{op, NoService}
}

// A reader's state: struct pubReaderStatesList of src/eventhandler.h, of which
// the daemon always sends sixteen.
const (
	stateSize    = maxName + 12 + 36 + 8
	stateReaders = 16
	statePresent = 0x0004
)

func (d daemon) watch(ctx context.Context, seen []Reader) ([]Reader, error) {
	const op = "readers"
	for {
		w, err := d.dial(ctx, op)
		if err != nil {
			return nil, err
		}
		// The daemon puts the client on the list of those to be told, then sends
		// the states: what changes in between is told.
		states, err := w.exchange(ctx, op, cmdWaitForChange, nil, stateSize*stateReaders)
		if err != nil {
			return nil, err
		}
		if now := readers(states); changed(seen, now) {
			w.conn.Close()
			return now, nil
		}
		if _, err := w.read(ctx, op, 8); err != nil { // struct wait_reader_state_change
			return nil, err
		}
		w.conn.Close()
	}
}

func readers(states []byte) []Reader {
	list := []Reader{}
	for ; len(states) >= stateSize; states = states[stateSize:] {
		name, _, _ := bytes.Cut(states[:maxName], []byte{0})
		if len(name) == 0 { // a slot that is free; others may follow
			continue
		}
		s := states[maxName:stateSize]
		atr := s[12:][:min(maxATR, order.Uint32(s[48:]))]
		list = append(list, Reader{
			Name:       string(name),
			Present:    order.Uint32(s[4:])&statePresent != 0,
			ATR:        bytes.Clone(atr),
			insertions: order.Uint32(s),
		})
	}
	return list
}
