//go:build unix

package pcsc_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/pcsc"
	"github.com/vneid-sdk/vneid-go/vneid"
)

var _ chip.Card = (*pcsc.Card)(nil)

const (
	first  = "Virtual PCD 00 00"
	second = "Virtual PCD 00 01"
)

// within gives a test's calls more time than they need.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// empty waits until no card is left from the test before.
func empty(t *testing.T) {
	t.Helper()
	need(t)
	var seen []pcsc.Reader
	for {
		now, err := world.service.Watch(within(t), seen)
		if err != nil {
			t.Fatal(err)
		}
		if len(now) == 2 && !now[0].Present && !now[1].Present {
			return
		}
		seen = now
	}
}

// open lays the card into the first reader and opens it.
func open(t *testing.T, s pcsc.Service, card *testCard) *pcsc.Card {
	t.Helper()
	empty(t)
	insert(t, 0, card)
	ctx := within(t)
	r, err := s.Wait(ctx, first)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(r.ATR, card.atr) || r.Name != first {
		t.Fatalf("%s has ATR %x", r.Name, r.ATR)
	}
	c, err := s.Open(ctx, r.Name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// unavailable checks the error's code and that its kind is this one alone.
func unavailable(t *testing.T, err error, code pcsc.Code) {
	t.Helper()
	if !errors.Is(err, code) || !errors.Is(err, vneid.ErrUnavailable) || errors.Is(err, vneid.ErrDenied) {
		t.Errorf("error %v, want %v", err, code)
	}
}

func TestReadersTellCardsComingAndGoing(t *testing.T) {
	empty(t)
	ctx := within(t)
	readers, err := world.service.Readers(ctx)
	if err != nil || len(readers) != 2 || readers[0].Name != first || readers[1].Name != second {
		t.Fatalf("readers %v, %v", readers, err)
	}
	for range 2 { // the second time round with another count of insertions
		insert(t, 1, echo())
		if readers, err = world.service.Watch(ctx, readers); err != nil || readers[0].Present || !readers[1].Present {
			t.Fatalf("after the card was laid down: %v, %v", readers, err)
		}
		remove(1)
		if readers, err = world.service.Watch(ctx, readers); err != nil || readers[1].Present {
			t.Fatalf("after the card was taken away: %v, %v", readers, err)
		}
	}
}

func TestWaitingForACardEndsWithItsContext(t *testing.T) {
	empty(t)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := world.service.Wait(ctx, "")
	if !errors.Is(err, vneid.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	insert(t, 1, echo())
	if r, err := world.service.Wait(within(t), ""); err != nil || r.Name != second {
		t.Error("the twin:", r, err)
	}
}

func TestACardAnswersWhatItIsAskedAndNothingElse(t *testing.T) {
	card := echo()
	c := open(t, world.service, card)
	if got := c.MaxResponse(); got != 256 && got != 65536 { // older and newer vpcd
		t.Errorf("MaxResponse %d", got)
	}
	var sent [][]byte
	for _, n := range []int{0, 1, 250, 300, 5000, 65000} {
		command := append([]byte{0x00, 0xB0, 0x9C, 0x00}, bytes.Repeat([]byte{0xA5}, n)...)
		sent = append(sent, command)
		response, err := c.Transmit(within(t), command)
		if err != nil || !bytes.Equal(response, append(command[4:], 0x90, 0x00)) {
			t.Fatalf("%d bytes: %d came back, %v", n, len(response), err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	got, resets := card.seen()
	if len(got) != len(sent) || resets != 1 {
		t.Fatalf("the card saw %d commands and %d resets, %d were sent", len(got), resets, len(sent))
	}
	for i := range sent {
		if !bytes.Equal(got[i], sent[i]) {
			t.Errorf("command %d arrived changed", i)
		}
	}
	if _, err := c.Transmit(within(t), sent[0]); !errors.Is(err, pcsc.Removed) {
		t.Error("after Close:", err)
	}
	if err := c.Close(); err != nil {
		t.Error("the second Close:", err)
	}
}

func TestACardTakenAwayIsRemoved(t *testing.T) {
	c := open(t, world.service, echo())
	if _, err := c.Transmit(within(t), []byte{0, 0xB0, 0, 0}); err != nil {
		t.Fatal("the twin:", err)
	}
	remove(0)
	_, err := c.Transmit(within(t), []byte{0, 0xB0, 0, 0})
	unavailable(t, err, pcsc.Removed)
	empty(t) // now pcscd has noticed too
	_, err = c.Transmit(within(t), []byte{0, 0xB0, 0, 0})
	unavailable(t, err, pcsc.Removed)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	_, err = world.service.Open(within(t), first)
	unavailable(t, err, pcsc.NoCard)
	_, err = world.service.Open(within(t), "Another Reader 00 00")
	unavailable(t, err, pcsc.UnknownReader)
}

func TestTransmitEndsWithItsContext(t *testing.T) {
	asked, answer := make(chan bool, 1), make(chan bool)
	card := &testCard{atr: contactless, answer: func([]byte) []byte {
		asked <- true
		<-answer
		return []byte{0x90, 0x00}
	}}
	c := open(t, world.service, card)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-asked; cancel() }()
	response, err := c.Transmit(ctx, []byte{0, 0xB0, 0, 0})
	if !errors.Is(err, context.Canceled) || !errors.Is(err, vneid.ErrUnavailable) || response != nil {
		t.Errorf("%x, %v", response, err)
	}
	close(answer)
	_, err = c.Transmit(within(t), []byte{0, 0xB0, 0, 0})
	unavailable(t, err, pcsc.Removed)
	if err := c.Close(); err != nil {
		t.Error(err)
	}

	// The reader is free again; the reset that ends the exchange may come late.
	for {
		again, err := world.service.Open(within(t), first)
		if err != nil {
			t.Fatal(err)
		}
		_, late := again.Transmit(ctx, []byte{0, 0xB0, 0, 0}) // begins after its time, and touches nothing
		_, err = again.Transmit(within(t), []byte{0, 0xB0, 0, 0})
		again.Close()
		if !errors.Is(late, context.Canceled) || err != nil && !errors.Is(err, pcsc.Reset) {
			t.Fatal(late, err)
		}
		if err == nil {
			return
		}
	}
}

func TestOthersWaitForTheTransaction(t *testing.T) {
	c := open(t, world.service, echo())
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if _, err := world.service.Open(ctx, first); !errors.Is(err, context.DeadlineExceeded) {
		t.Error("a second one opened the card during the first one's transaction:", err)
	}
	done := make(chan error, 1)
	ctx = within(t)
	go func() {
		other, err := world.service.Open(ctx, first)
		if err == nil {
			err = other.Close()
		}
		done <- err
	}()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil { // though the first one's Close has reset the card
		t.Error(err)
	}
}

func TestAnExclusiveCardIsBusy(t *testing.T) {
	s := world.service
	s.Exclusive = true
	c := open(t, s, echo())
	_, err := world.service.Open(within(t), first)
	unavailable(t, err, pcsc.Busy)
	if _, err := c.Transmit(within(t), []byte{0, 0xB0, 0, 0}); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	twin, err := world.service.Open(within(t), first)
	if err != nil {
		t.Fatal("the twin:", err)
	}
	twin.Close()
}
