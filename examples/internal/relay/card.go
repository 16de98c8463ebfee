package relay

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Card is the card in a telephone's field. It is a chip.Card.
type Card struct {
	conn   *websocket.Conn
	answer time.Duration
	mu     sync.Mutex
}

// Transmit has the telephone pass a command on. After an error the connection is
// closed.
func (c *Card) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	within, cancel := context.WithTimeout(ctx, c.answer)
	defer cancel()
	if err := c.conn.Write(within, websocket.MessageBinary, command); err != nil {
		return nil, c.failed(ctx, err)
	}
	kind, response, err := c.conn.Read(within)
	if err != nil {
		return nil, c.failed(ctx, err)
	}
	if kind != websocket.MessageBinary || len(response) < 2 {
		c.conn.CloseNow()
		return nil, fault.New(vneid.ErrMalformed, "relay: the telephone sent something else than a response")
	}
	return response, nil
}

func (c *Card) failed(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "relay: interrupted")
	case websocket.CloseStatus(err) == CardLost:
		return fault.New(vneid.ErrUnavailable, "relay: the telephone has lost the card")
	case errors.Is(err, websocket.ErrMessageTooBig):
		return fault.New(vneid.ErrMalformed, "relay: the telephone sent more than a response can be")
	case errors.Is(err, context.DeadlineExceeded):
		return fault.New(vneid.ErrUnavailable, "relay: the telephone did not answer in time")
	}
	return fault.New(vneid.ErrUnavailable, "relay: the connection to the telephone is lost")
}

// Lend is the telephone's part: it connects to a relay and passes commands to the
// card until the server closes.
func Lend(ctx context.Context, address, token string, card chip.Card) error {
	conn, _, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		Subprotocols: []string{Protocol},
		HTTPHeader:   http.Header{"Authorization": {"Bearer " + token}},
	})
	if err != nil {
		return fault.New(vneid.ErrUnavailable, "relay: the server does not take this telephone")
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxCommand)
	for {
		kind, command, err := conn.Read(ctx)
		if websocket.CloseStatus(err) == websocket.StatusNormalClosure {
			return nil
		}
		if err != nil {
			return fault.New(vneid.ErrUnavailable, "relay: the connection to the server is lost")
		}
		if kind != websocket.MessageBinary {
			return fault.New(vneid.ErrMalformed, "relay: the server sent something else than a command")
		}
		response, err := card.Transmit(ctx, command)
		if err != nil {
			conn.Close(CardLost, "")
			return err
		}
		if err := conn.Write(ctx, websocket.MessageBinary, response); err != nil {
			return fault.New(vneid.ErrUnavailable, "relay: the connection to the server is lost")
		}
	}
}
