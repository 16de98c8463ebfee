//go:build unix

package pcsc_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip/pcsc"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestWhatTheReaderSaysOfItsLimit(t *testing.T) {
	feature := []byte{0x06, 4, 0x42, 0, 0, 6, 0x12, 4, 0x42, 0, 0, 0x12}
	limit := func(n uint32) []byte {
		return append([]byte{1, 1, 0, 0x0A, 4}, binary.LittleEndian.AppendUint32(nil, n)...)
	}
	for name, c := range map[string]struct {
		features, properties []byte
		want                 int
	}{
		"all there is":        {feature, limit(65536), 65536},
		"some":                {feature, limit(2048), 2048},
		"more than there is":  {feature, limit(1 << 30), 65536},
		"short commands only": {feature, limit(0), 256},
		"no such property":    {feature, []byte{1, 1, 0}, 256},
		"no such feature":     {feature[:6], limit(65536), 256},
		"no list":             {[]byte{0x12}, limit(65536), 256},
		"cut short":           {feature[:11], limit(65536), 256},
		"nothing":             {nil, nil, 256},
	} {
		var sent [][]byte
		f := speaks(2, &sent)
		f[cmdControl] = func(body []byte, _ net.Conn) []byte {
			answer := c.features
			if binary.NativeEndian.Uint32(body[4:]) == 0x42000012 {
				answer = c.properties
			}
			copy(body[16:], numbers(uint32(len(answer)), 0))
			return append(body, answer...)
		}
		card, err := f.start(t).Open(short(t), "reader")
		if err != nil {
			t.Fatal(err)
		}
		if got := card.MaxResponse(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
		card.Close()
	}
}

// pcscd leaves a gap where a reader was, and tells clients that wait.
func TestReadersAreAttachedAndRemoved(t *testing.T) {
	const absent, present = 0x0002, 0x0034
	lists := [][]byte{
		make([]byte, 184*16), state(3, "Reader", absent, 0), state(3, "Reader", absent, 0), state(3, "Reader", present, 1), state(3, "Reader", present, 3),
		make([]byte, 184*16),
	}
	var mu sync.Mutex
	at := 0
	f := fake{cmdWait: func([]byte, net.Conn) []byte {
		mu.Lock()
		defer mu.Unlock()
		answer := append(lists[min(at, len(lists)-1)], numbers(0, 0)...) // and what follows has changed
		at++
		return answer
	}}
	s := f.start(t)
	var seen []pcsc.Reader
	for i, want := range []string{"[]", "[Reader false]", "[Reader true]", "[Reader true]", "[]"} {
		now, err := s.Watch(short(t), seen)
		if err != nil {
			t.Fatal(err)
		}
		got := "[]"
		if len(now) > 0 {
			got = fmt.Sprintf("[%s %v]", now[0].Name, now[0].Present)
		}
		if got != want || len(now) > 1 {
			t.Errorf("step %d: %s, want %s", i, got, want)
		}
		seen = now
	}
	at = 0
	if r, err := s.Wait(short(t), "Reader"); err != nil || r.Name != "Reader" {
		t.Error("waiting for a reader that is not attached yet:", r, err)
	}
}

func TestArgumentsThatCannotBeRightHaveNoKind(t *testing.T) {
	var sent [][]byte
	s := speaks(2, &sent).start(t)
	card, err := s.Open(short(t), "reader")
	if err != nil {
		t.Fatal(err)
	}
	defer card.Close()
	_, none := card.Transmit(short(t), []byte{0, 0xB0, 0})
	_, huge := card.Transmit(short(t), make([]byte, 70000))
	_, empty := s.Open(short(t), "")
	_, long := s.Open(short(t), string(bytes.Repeat([]byte{'a'}, 128)))
	_, zero := s.Open(short(t), "a\x00b")
	var kind vneid.Kind
	for i, err := range []error{none, huge, empty, long, zero} {
		if err == nil || errors.As(err, &kind) {
			t.Errorf("case %d: %v", i, err)
		}
	}
	if len(sent) != 0 {
		t.Errorf("%d commands reached the card", len(sent))
	}
}

// FuzzDaemon lets anything be said where a list of readers and a card are
// expected: an answer or an error of one kind, and an end.
func FuzzDaemon(f *testing.F) {
	f.Add(state(2, "Reader", 0x34, 1), numbers(0, 0), []byte{0x90, 0x00})
	f.Add(numbers(0xFFFFFFFF), numbers(1<<31), []byte{})
	f.Fuzz(func(t *testing.T, states, tail, data []byte) {
		var sent [][]byte
		d := speaks(2, &sent)
		d[cmdWait] = func([]byte, net.Conn) []byte { return append(states, make([]byte, 184*16)...)[:184*16] }
		d[cmdTransmit] = func(body []byte, conn net.Conn) []byte {
			io.CopyN(io.Discard, conn, int64(binary.NativeEndian.Uint32(body[12:])))
			copy(body[24:], tail)
			conn.Write(append(body, data...))
			conn.Close()
			return nil
		}
		s := d.start(t)
		readers, err := s.Readers(short(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range readers {
			if r.Name == "" || len(r.Name) > 128 || len(r.ATR) > 33 {
				t.Fatalf("%+v", r)
			}
		}
		card, err := s.Open(short(t), "reader")
		if err != nil {
			t.Fatal(err)
		}
		defer card.Close()
		response, err := card.Transmit(short(t), []byte{0, 0xB0, 0, 0})
		if err == nil && len(response) < 2 || err != nil && (response != nil || !errors.Is(err, vneid.ErrUnavailable)) {
			t.Fatalf("%x, %v", response, err)
		}
	})
}
