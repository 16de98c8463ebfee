package chip_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// failing is a transport that goes wrong at one command, counted from zero.
type failing struct {
	chip.Card
	at, sent int
	fail     func() error // nil result: the card answers
}

func (f *failing) Transmit(ctx context.Context, c []byte) ([]byte, error) {
	f.sent++
	if f.sent == f.at+1 {
		if err := f.fail(); err != nil {
			return nil, err
		}
	}
	return f.Card.Transmit(ctx, c)
}

// Whatever command a reading is stopped at, by its context or by the transport, it
// stops there, with one kind and nothing in its hands.
func TestAReadingStopsAtEveryCommand(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	count := &failing{Card: card, at: -1}
	if _, err := chip.Read(context.Background(), count, byCAN(t, card), chip.ReadOptions{MaxResponse: 65536}); err != nil {
		t.Fatal("the twin:", err)
	}
	gone := errors.New("999090000001 is gone")
	for at := range count.sent {
		for name, c := range map[string]struct {
			fail func(cancel func()) error
			kind vneid.Kind
			is   error
		}{
			"cancelled":                  {func(cancel func()) error { cancel(); return context.Canceled }, vneid.ErrUnavailable, context.Canceled},
			"cancelled, and it answers":  {func(cancel func()) error { cancel(); return nil }, vneid.ErrUnavailable, context.Canceled},
			"an error without a kind":    {func(func()) error { return gone }, vneid.ErrUnavailable, gone},
			"an error of another kind":   {func(func()) error { return fault.New(vneid.ErrMalformed, "not a response") }, vneid.ErrMalformed, vneid.ErrMalformed},
			"an error of the usual kind": {func(func()) error { return fault.Wrap(vneid.ErrUnavailable, gone, "lost") }, vneid.ErrUnavailable, gone},
		} {
			card.Reset()
			ctx, cancel := context.WithCancel(context.Background())
			f := &failing{Card: card, at: at, fail: func() error { return c.fail(cancel) }}
			d, err := chip.Read(ctx, f, byCAN(t, card), chip.ReadOptions{MaxResponse: 65536})
			cancel()
			if d != nil || !errors.Is(err, c.kind) || kinds(err) != 1 || !errors.Is(err, c.is) || strings.Contains(err.Error(), "999090") {
				t.Errorf("%s at command %d: %v, %d kinds", name, at, err, kinds(err))
			}
			if f.sent != at+1 {
				t.Errorf("%s at command %d: %d commands", name, at, f.sent)
			}
		}
	}
}
