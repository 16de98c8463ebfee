//go:build unix

package pcsc_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip/pcsc"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// fake is a pcscd of a few lines, for what the real one does not do on demand:
// other versions, other protocols, nonsense. It answers each command by the
// function of its number; without one it answers with the message it got, whose
// last number is a code of success.
type fake map[uint32]func(body []byte, conn net.Conn) (answer []byte)

const (
	cmdConnect  = 0x04
	cmdTransmit = 0x09
	cmdControl  = 0x0A
	cmdVersion  = 0x11
	cmdWait     = 0x13
)

func numbers(list ...uint32) (b []byte) {
	for _, n := range list {
		b = binary.NativeEndian.AppendUint32(b, n)
	}
	return b
}

func (f fake) start(t testing.TB) pcsc.Service {
	t.Helper()
	dir, err := os.MkdirTemp("", "pcsc") // t.TempDir is too long for a socket on macOS
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "comm")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			served.Go(func() { f.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); served.Wait(); os.RemoveAll(dir) })
	return pcsc.Service{Socket: path}
}

func (f fake) serve(conn net.Conn) {
	defer conn.Close()
	for {
		header := make([]byte, 8)
		if _, err := io.ReadFull(conn, header); err != nil {
			return
		}
		body := make([]byte, binary.NativeEndian.Uint32(header))
		if _, err := io.ReadFull(conn, body); err != nil {
			return
		}
		answer := body
		if f := f[binary.NativeEndian.Uint32(header[4:])]; f != nil {
			answer = f(body, conn)
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

// speaks is a daemon whose card speaks a protocol: 1 for T=0, 2 for T=1. sent
// collects the commands.
func speaks(protocol uint32, sent *[][]byte) fake {
	return fake{
		cmdConnect: func(body []byte, _ net.Conn) []byte {
			copy(body[len(body)-12:], numbers(7, protocol, 0))
			return body
		},
		cmdControl: func(body []byte, _ net.Conn) []byte {
			copy(body[len(body)-4:], numbers(0x80100022))
			return body
		},
		cmdTransmit: func(body []byte, conn net.Conn) []byte {
			command := make([]byte, binary.NativeEndian.Uint32(body[12:]))
			io.ReadFull(conn, command)
			*sent = append(*sent, command)
			copy(body[24:], numbers(2, 0))
			return append(body, 0x90, 0x00)
		},
	}
}

func short(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func unavailableCode(t *testing.T, err error, code pcsc.Code) {
	t.Helper()
	if !errors.Is(err, code) || !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("error %v, want %v", err, code)
	}
}

// state is one reader's state as pcscd sends it, of sixteen.
func state(at int, name string, flags, insertions uint32) []byte {
	states := make([]byte, 184*16)
	copy(states[184*at:], name)
	copy(states[184*at+128:], numbers(insertions, flags, 0))
	return states
}
