package pcsc

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
)

// Card is a card that is open in a reader. It is a chip.Card. Transmit may be
// called by one goroutine at a time, Close at any time.
type Card struct {
	link  link
	limit int

	mu     sync.Mutex // held while the link is in use
	closed bool
}

// Open connects to the card in the reader and keeps others' commands out until
// Close. While another program holds a transaction, it waits.
func (s Service) Open(ctx context.Context, reader string) (*Card, error) {
	if reader == "" || len(reader) >= maxName || strings.ContainsRune(reader, 0) {
		return nil, errors.New("pcsc: reader is not a name from Readers")
	}
	l, err := s.connect(ctx, reader)
	if err != nil {
		return nil, fault.Prefix("pcsc", err)
	}
	limit, err := readerLimit(ctx, l)
	if err != nil {
		l.close()
		return nil, fault.Prefix("pcsc", err)
	}
	return &Card{link: l, limit: limit}, nil
}

// connect connects, and again if whoever had the card before reset it in between:
// there is no session yet that could be lost.
func (s Service) connect(ctx context.Context, reader string) (link, error) {
	for {
		l, err := s.driver().connect(ctx, reader, s.Exclusive)
		if !errors.Is(err, Reset) {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, interrupted(ctx, "connect")
		case <-time.After(lockPoll):
		}
	}
}

// MaxResponse returns the most bytes, status word apart, that reader and protocol
// pass in one response: 256, or more if the reader says so. It is made for
// chip.ReadOptions.MaxResponse. It says nothing about the card.
func (c *Card) MaxResponse() int { return c.limit }

// Transmit sends one command APDU and returns the response with its status word.
func (c *Card) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if len(command) < 4 || len(command) > maxCommand {
		return nil, errors.New("pcsc: command has a length that no command has")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, fault.Prefix("pcsc", &Error{"transmit", Removed})
	}
	if c.link.t0() {
		var err error
		if command, err = tpdu(command); err != nil {
			return nil, err
		}
	}
	response, err := c.link.transmit(ctx, command)
	if err == nil && (len(response) < 2 || len(response) > maxResponse) {
		err = &Error{"transmit", commError}
	}
	if err != nil {
		return nil, fault.Prefix("pcsc", err)
	}
	return response, nil
}

// Close ends the transaction, resets the card and lets go of it. It waits for a
// Transmit under way; further calls do nothing.
func (c *Card) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	return fault.Prefix("pcsc", c.link.close())
}
