//go:build unix

package pcsc_test

import (
	"bytes"
	"errors"
	"net"
	"path/filepath"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip/pcsc"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestCommandsAreMappedForT0(t *testing.T) {
	data := bytes.Repeat([]byte{0xDA}, 16)
	for _, c := range []struct {
		name            string
		command, t0, t1 []byte
	}{
		{"no data", []byte{0, 0x44, 0, 0}, []byte{0, 0x44, 0, 0, 0}, []byte{0, 0x44, 0, 0}},
		{"data back", []byte{0, 0xB0, 0, 0, 8}, []byte{0, 0xB0, 0, 0, 8}, []byte{0, 0xB0, 0, 0, 8}},
		{"data", append([]byte{0, 0xA4, 4, 0xC, 16}, data...), append([]byte{0, 0xA4, 4, 0xC, 16}, data...), append([]byte{0, 0xA4, 4, 0xC, 16}, data...)},
		{"both", append(append([]byte{0, 0xA4, 4, 0, 16}, data...), 0), append([]byte{0, 0xA4, 4, 0, 16}, data...), append(append([]byte{0, 0xA4, 4, 0, 16}, data...), 0)},
		{"extended", []byte{0, 0xB0, 0, 0, 0, 0, 0}, nil, []byte{0, 0xB0, 0, 0, 0, 0, 0}},
		{"too much data", []byte{0, 0xB0, 0, 0, 1, 2, 3, 4}, nil, []byte{0, 0xB0, 0, 0, 1, 2, 3, 4}},
	} {
		for protocol, want := range map[uint32][]byte{1: c.t0, 2: c.t1} {
			var sent [][]byte
			before := bytes.Clone(c.command)
			card, err := speaks(protocol, &sent).start(t).Open(short(t), "reader")
			if err != nil {
				t.Fatal(err)
			}
			_, err = card.Transmit(short(t), c.command)
			card.Close()
			if want == nil {
				if err == nil || errors.Is(err, vneid.ErrUnavailable) || len(sent) > 0 {
					t.Errorf("%s under protocol %d: %x sent, %v", c.name, protocol, sent, err)
				}
				continue
			}
			if err != nil || len(sent) != 1 || !bytes.Equal(sent[0], want) || !bytes.Equal(c.command, before) {
				t.Errorf("%s under protocol %d: %x sent, want %x (%v)", c.name, protocol, sent, want, err)
			}
		}
	}
}

func TestVersionsOfTheProtocol(t *testing.T) {
	insist := func(major, minor uint32) func([]byte, net.Conn) []byte {
		return func(body []byte, _ net.Conn) []byte {
			code := uint32(0)
			if !bytes.Equal(body[:8], numbers(major, minor)) {
				code = uint32(0x8010001E)
			}
			return numbers(major, minor, code)
		}
	}
	for _, c := range []struct {
		name         string
		major, minor uint32
		served       bool
	}{
		{"1.8.24 to 2.2", 4, 4, true},
		{"2.3 and 2.4.0", 4, 5, true},
		{"before 1.8.24", 4, 3, false},
		{"some day", 5, 0, false},
	} {
		var sent [][]byte
		f := speaks(2, &sent)
		f[cmdVersion] = insist(c.major, c.minor)
		card, err := f.start(t).Open(short(t), "reader")
		if c.served {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			card.Close()
		} else {
			unavailableCode(t, err, pcsc.NoService)
		}
	}
}

func TestNoServiceIsSaidSo(t *testing.T) {
	s := pcsc.Service{Socket: filepath.Join(t.TempDir(), "nobody")}
	_, err := s.Readers(short(t))
	unavailableCode(t, err, pcsc.NoService)
	_, err = s.Open(short(t), "reader")
	unavailableCode(t, err, pcsc.NoService)
	var e *pcsc.Error
	if !errors.As(err, &e) || e.Op != "connect" || err.Error() != "pcsc: connect: the smart card service does not run" {
		t.Errorf("%v", err)
	}
}

// A daemon that says every code, at every step: an *Error or, for the reader's
// properties, nothing; never a card.
func TestCodesAreErrors(t *testing.T) {
	for code, want := range map[uint32]pcsc.Code{
		0x8010001D: pcsc.NoService, 0x8010001E: pcsc.NoService, 0x80100009: pcsc.UnknownReader, 0x8010000B: pcsc.Busy,
		0x8010000C: pcsc.NoCard, 0x80100066: pcsc.Mute, 0x80100067: pcsc.Mute, 0x80100069: pcsc.Removed, 0x80100017: pcsc.Removed,
		0x8010000F: 0x8010000F, 0x8010006A: 0x8010006A,
	} {
		var sent [][]byte
		f := speaks(2, &sent)
		f[cmdConnect] = func(body []byte, _ net.Conn) []byte {
			copy(body[len(body)-4:], numbers(code))
			return body
		}
		card, err := f.start(t).Open(short(t), "reader")
		unavailableCode(t, err, want)
		if card != nil {
			t.Error("a card next to an error")
		}
	}
	for code, want := range map[uint32]pcsc.Code{
		0x80100069: pcsc.Removed, 0x8010000C: pcsc.Removed, 0x80100016: pcsc.Removed, 0x80100013: pcsc.Removed,
		0x80100068: pcsc.Reset, 0x8010000F: pcsc.Reset, 0x8010001E: pcsc.NoService,
	} {
		var sent [][]byte
		f := speaks(2, &sent)
		answer := f[cmdTransmit]
		f[cmdTransmit] = func(body []byte, conn net.Conn) []byte {
			body = answer(body, conn)[:len(body)]
			copy(body[28:], numbers(code))
			return body
		}
		card, err := f.start(t).Open(short(t), "reader")
		if err != nil {
			t.Fatal(err)
		}
		response, err := card.Transmit(short(t), []byte{0, 0xB0, 0, 0})
		unavailableCode(t, err, want)
		if response != nil {
			t.Error("a response next to an error")
		}
		card.Close()
	}
}

func TestNonsenseFromTheDaemonIsRefused(t *testing.T) {
	for name, broken := range map[string]func(body []byte, conn net.Conn) []byte{
		"a length beyond every response": func(body []byte, conn net.Conn) []byte {
			copy(body[24:], numbers(1<<31, 0))
			return body
		},
		"a response without a status word": func(body []byte, conn net.Conn) []byte {
			copy(body[24:], numbers(1, 0))
			return append(body, 0x90)
		},
		"half an answer": func(body []byte, conn net.Conn) []byte {
			conn.Close()
			return nil
		},
		"less than it announces": func(body []byte, conn net.Conn) []byte {
			copy(body[24:], numbers(100, 0))
			conn.Write(append(body, 0x90, 0x00))
			conn.Close()
			return nil
		},
	} {
		var sent [][]byte
		f := speaks(2, &sent)
		good := f[cmdTransmit]
		bad := false
		f[cmdTransmit] = func(body []byte, conn net.Conn) []byte {
			answer := good(body, conn)
			if bad {
				return broken(body, conn)
			}
			return answer
		}
		card, err := f.start(t).Open(short(t), "reader")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := card.Transmit(short(t), []byte{0, 0xB0, 0, 0}); err != nil {
			t.Errorf("%s: the twin: %v", name, err)
		}
		bad = true
		if response, err := card.Transmit(short(t), []byte{0, 0xB0, 0, 0}); !errors.Is(err, vneid.ErrUnavailable) || response != nil {
			t.Errorf("%s: %x, %v", name, response, err)
		}
		card.Close()
	}
}
