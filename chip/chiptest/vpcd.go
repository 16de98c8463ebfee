package chiptest

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
)

// Controls of vpcd: messages of one byte.
const (
	vpcdOff   = 0
	vpcdOn    = 1
	vpcdReset = 2
	vpcdATR   = 4
)

// contactless is the answer to reset that PC/SC part 3 §3.1.3.2.3.2 gives a
// contactless card without historical bytes.
var contactless = []byte{0x3B, 0x80, 0x80, 0x01, 0x01}

// ServeVPCD puts the card into the virtual reader vpcd that listens at addr
// ("localhost:35963" after installing Debian's vsmartcard-vpcd), so that every
// PC/SC program sees it. It returns when ctx is done, or with what broke the
// connection. A fault that makes the card fall silent ends it too.
//
// vpcd frames each message with its length in two bytes, most significant first;
// messages of one byte switch the power or ask for the answer to reset, all others
// are APDUs (replicated from frankmorgner/vsmartcard).
func (e *Emulator) ServeVPCD(ctx context.Context, addr string) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("chiptest: vpcd: %w", err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	err = e.converse(ctx, conn)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("chiptest: vpcd: %w", err)
}

// converse answers until the connection ends.
func (e *Emulator) converse(ctx context.Context, conn io.ReadWriter) error {
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return err
		}
		message := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, message); err != nil {
			return err
		}
		answer, err := e.controlled(ctx, message)
		if err != nil {
			return err
		}
		if answer == nil {
			continue
		}
		if len(answer) > 0xFFFF {
			return fmt.Errorf("an answer of %d bytes does not fit", len(answer))
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return err
		}
	}
}

// controlled answers one message; nil for a change of power, which has no answer.
func (e *Emulator) controlled(ctx context.Context, message []byte) ([]byte, error) {
	if len(message) != 1 {
		return e.Transmit(ctx, message)
	}
	switch message[0] {
	case vpcdOff, vpcdOn, vpcdReset:
		e.Reset()
	case vpcdATR:
		return contactless, nil
	}
	return nil, nil
}
