//go:build windows || darwin || winscard

package pcsc

import (
	"context"
	"unsafe"
)

// cardHandle is a card that the system's library holds for us. A call into the
// library cannot be taken back, so each runs on a goroutine of its own, which
// ends with the call; if the caller does not wait for it, it lets go of the card
// then.
type cardHandle struct {
	context, card handle
	protocol      dword
	exclusive     bool
	given         bool // up: the library has not answered in time
}

func (d winscard) connect(ctx context.Context, reader string, exclusive bool) (link, error) {
	name, err := chars(reader)
	if err != nil {
		return nil, err
	}
	h, err := d.open("connect")
	if err != nil {
		return nil, err
	}
	c := &cardHandle{context: h, exclusive: exclusive}
	err = c.do(ctx, "connect", func() Code {
		code := call(nameConnect, uintptr(h), uintptr(unsafe.Pointer(&name[0])), uintptr(shareMode(exclusive)), protocolT0|protocolT1,
			uintptr(unsafe.Pointer(&c.card)), uintptr(unsafe.Pointer(&c.protocol)))
		if code == success && !exclusive {
			if code = call("SCardBeginTransaction", uintptr(c.card)); code != success {
				call("SCardDisconnect", uintptr(c.card), leaveCard) // it is not ours to reset
				c.card = 0
			}
		}
		return code
	})
	if err != nil {
		if !c.given {
			c.release()
		}
		return nil, err
	}
	return c, nil
}

// do runs work, but no longer than ctx lasts.
func (c *cardHandle) do(ctx context.Context, op string, work func() Code) error {
	if c.given {
		return &Error{op, Removed}
	}
	if ctx.Err() != nil {
		return interrupted(ctx, op)
	}
	done, gone := make(chan Code), make(chan struct{})
	go func() {
		code := work()
		select {
		case done <- code:
		case <-gone:
			c.release()
		}
	}()
	select {
	case code := <-done:
		return refused(op, code)
	case <-ctx.Done():
		c.given = true
		close(gone)
		return interrupted(ctx, op)
	}
}

// release lets go of card and context.
func (c *cardHandle) release() (code Code) {
	if c.card != 0 {
		disposition := uintptr(resetCard)
		if !c.exclusive {
			// Reset while others still wait: afterwards the card is theirs. This
			// fails if the card is gone, which disconnecting says too.
			call("SCardEndTransaction", uintptr(c.card), resetCard)
			disposition = leaveCard
		}
		code = call("SCardDisconnect", uintptr(c.card), disposition)
	}
	release(c.context)
	return code
}

func (c *cardHandle) t0() bool { return c.protocol == protocolT0 }

func (c *cardHandle) transmit(ctx context.Context, command []byte) ([]byte, error) {
	send := ioRequest{c.protocol, dword(unsafe.Sizeof(ioRequest{}))}
	command = append([]byte(nil), command...) // the library may outlast the caller
	response := make([]byte, maxResponse)
	n := dword(len(response))
	err := c.do(ctx, "transmit", func() Code {
		return call("SCardTransmit", uintptr(c.card), uintptr(unsafe.Pointer(&send)), uintptr(unsafe.Pointer(&command[0])), uintptr(len(command)),
			0, uintptr(unsafe.Pointer(&response[0])), uintptr(unsafe.Pointer(&n)))
	})
	if err != nil {
		return nil, err
	}
	return response[:min(int(n), len(response))], nil
}

func (c *cardHandle) control(ctx context.Context, code uint32, data []byte) ([]byte, error) {
	in := append([]byte{}, data...)
	answer := make([]byte, shortData)
	var n dword
	err := c.do(ctx, "control", func() Code {
		return call(nameControl, uintptr(c.card), uintptr(code), uintptr(unsafe.Pointer(unsafe.SliceData(in))), uintptr(len(in)),
			uintptr(unsafe.Pointer(&answer[0])), uintptr(len(answer)), uintptr(unsafe.Pointer(&n)))
	})
	if err != nil {
		return nil, err
	}
	return answer[:min(int(n), len(answer))], nil
}

func (c *cardHandle) close() error {
	if c.given {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	return gone(c.do(ctx, "close", c.release))
}
