package chiptest

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

// reader is a virtual reader as vpcd opens one for a card.
type reader struct {
	t    *testing.T
	conn net.Conn
}

func (r reader) send(message ...byte) {
	r.t.Helper()
	if _, err := r.conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)); err != nil {
		r.t.Fatal(err)
	}
}

func (r reader) ask(message ...byte) []byte {
	r.t.Helper()
	r.send(message...)
	size := make([]byte, 2)
	if _, err := io.ReadFull(r.conn, size); err != nil {
		r.t.Fatal(err)
	}
	answer := make([]byte, binary.BigEndian.Uint16(size))
	if _, err := io.ReadFull(r.conn, answer); err != nil {
		r.t.Fatal(err)
	}
	return answer
}

// inReader puts the card into a virtual reader.
func inReader(t *testing.T, e *Emulator) (r reader, cancel func(), done <-chan error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.ServeVPCD(ctx, l.Addr().String()) }()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return reader{t, conn}, cancel, ended
}

func TestAVirtualReaderSeesTheCard(t *testing.T) {
	r, cancel, done := inReader(t, still(t, "vpcd", Card{}))
	r.send(vpcdOn)
	if got := r.ask(vpcdATR); string(got) != "\x3B\x80\x80\x01\x01" {
		t.Errorf("the answer to reset is %X", got)
	}
	for i := range 2 {
		if got := r.ask(unhex(t, "00A4020C02011C")...); string(got) != "\x90\x00" {
			t.Errorf("EF.CardAccess answers %X", got)
		}
		if got := r.ask(unhex(t, "00B0000001")...); string(got) != "\x31\x90\x00" {
			t.Errorf("its first byte is %X", got)
		}
		if i == 0 {
			r.send(vpcdReset)
			if got := r.ask(unhex(t, "00B0000001")...); string(got) != "\x69\x86" {
				t.Errorf("after a reset a file is still selected: %X", got)
			}
		}
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("ends with %v", err)
	}
}

func TestAVirtualReaderGoesAway(t *testing.T) {
	r, _, done := inReader(t, still(t, "vpcd", Card{}))
	r.ask(vpcdATR)
	r.conn.Close()
	if err := <-done; err == nil || !strings.HasPrefix(err.Error(), "chiptest: vpcd: ") {
		t.Errorf("ends with %v", err)
	}
	if err := still(t, "vpcd", Card{}).ServeVPCD(t.Context(), "127.0.0.1:1"); err == nil {
		t.Error("serves a reader that is not there")
	}
}
