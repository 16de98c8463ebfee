//go:build unix

package pcsc

import (
	"context"
	"errors"
	"time"
)

// daemonCard is a card that pcscd holds for us. If the connection ends, pcscd
// resets the card and lets go of it by itself.
type daemonCard struct {
	*wire
	handle    uint32
	protocol  uint32
	exclusive bool
}

func (d daemon) connect(ctx context.Context, reader string, exclusive bool) (link, error) {
	w, err := d.dial(ctx, "connect")
	if err != nil {
		return nil, err
	}
	c := &daemonCard{wire: w, exclusive: exclusive}
	if err := c.connect(ctx, reader); err != nil {
		w.conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *daemonCard) connect(ctx context.Context, reader string) error {
	const op = "connect"
	context, err := c.exchange(ctx, op, cmdEstablish, numbers(scopeSystem, 0, 0), 12)
	if err != nil {
		return err
	}
	if err := refused(op, Code(order.Uint32(context[8:]))); err != nil {
		return err
	}
	name := make([]byte, maxName)
	copy(name, reader)
	ask := append(context[4:8:8], name...)
	ask = append(ask, numbers(shareMode(c.exclusive), protocolT0|protocolT1, 0, 0, 0)...)
	answer, err := c.exchange(ctx, op, cmdConnect, ask, len(ask))
	if err != nil {
		return err
	}
	answer = answer[4+maxName:]
	if err := refused(op, Code(order.Uint32(answer[16:]))); err != nil {
		return err
	}
	c.handle, c.protocol = order.Uint32(answer[8:]), order.Uint32(answer[12:])
	if c.exclusive {
		return nil
	}
	return c.begin(ctx)
}

// begin takes the transaction as soon as nobody else has it.
func (c *daemonCard) begin(ctx context.Context) error {
	for {
		err := c.simple(ctx, "connect", cmdBegin, c.handle)
		if !errors.Is(err, Busy) {
			return err
		}
		select {
		case <-ctx.Done():
			return interrupted(ctx, "connect")
		case <-time.After(lockPoll):
		}
	}
}

// simple sends a message that is answered with itself and a code behind.
func (c *daemonCard) simple(ctx context.Context, op string, command uint32, args ...uint32) error {
	body := numbers(append(args, 0)...)
	answer, err := c.exchange(ctx, op, command, body, len(body))
	if err != nil {
		return err
	}
	return refused(op, Code(order.Uint32(answer[len(answer)-4:])))
}

func (c *daemonCard) t0() bool { return c.protocol == protocolT0 }

func (c *daemonCard) transmit(ctx context.Context, command []byte) ([]byte, error) {
	body := numbers(c.handle, c.protocol, pciLength, uint32(len(command)), 0, 0, maxResponse, 0)
	answer, err := c.exchange(ctx, "transmit", cmdTransmit, body, len(body), command)
	if err != nil {
		return nil, err
	}
	return c.data(ctx, "transmit", answer[24:])
}

func (c *daemonCard) control(ctx context.Context, code uint32, data []byte) ([]byte, error) {
	body := numbers(c.handle, code, uint32(len(data)), shortData, 0, 0)
	answer, err := c.exchange(ctx, "control", cmdControl, body, len(body), data)
	if err != nil {
		return nil, err
	}
	return c.data(ctx, "control", answer[16:])
}

// data reads what follows a length and a code, if the code is success.
func (c *daemonCard) data(ctx context.Context, op string, tail []byte) ([]byte, error) {
	if err := refused(op, Code(order.Uint32(tail[4:]))); err != nil {
		return nil, err
	}
	n := order.Uint32(tail)
	if n > maxResponse {
		c.conn.Close()
		return nil, &Error{op, commError}
	}
	return c.read(ctx, op, int(n))
}

func (c *daemonCard) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	defer c.conn.Close()
	disposition := uint32(resetCard)
	if !c.exclusive {
		// Reset while others still wait: afterwards the card is theirs. This fails
		// if the card is gone, which disconnecting says too.
		_ = c.simple(ctx, "close", cmdEnd, c.handle, resetCard)
		disposition = leaveCard
	}
	return gone(c.simple(ctx, "close", cmdDisconnect, c.handle, disposition))
}
