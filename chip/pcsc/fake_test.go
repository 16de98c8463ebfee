//go:build unix

package pcsc_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip/pcsc"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// fake is a pcscd of a few lines, for what the real one does not do on demand:
// other versions, other protocols, nonsense. It answers each command by the
// function of its number; without one it answers with the message it got, whose
// last number is a code of success.
type fake map[uint32]func(body []byte, conn net.Conn) (answer []byte)

const (
	cmdConnect  = 0x04
	cmdTransmit = 0x09
	cmdControl  = 0x0A
	cmdVersion  = 0x11
	cmdWait     = 0x13
)

func numbers(list ...uint32) (b []byte) {
	for _, n := range list {
		b = binary.NativeEndian.AppendUint32(b, n)
	}
	return b
}

func (f fake) start(t testing.TB) pcsc.Service {
	t.Helper()
	dir, err := os.MkdirTemp("", "pcsc") // t.TempDir is too long for a socket on macOS
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "comm")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			served.Go(func() { f.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); served.Wait(); os.RemoveAll(dir) })
	return pcsc.Service{Socket: path}
}

func (f fake) serve(conn net.Conn) {
	defer conn.Close()
	for {
		header := make([]byte, 8)
		if _, err := io.ReadFull(conn, header); err != nil {
			return
		}
		body := make([]byte, binary.NativeEndian.Uint32(header))
		if _, err := io.ReadFull(conn, body); err != nil {
			return
		}
		answer := body
		if f := f[binary.NativeEndian.Uint32(header[4:])]; f != nil {
			answer = f(body, conn)
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

// speaks is a daemon whose card speaks a protocol: 1 for T=0, 2 for T=1. sent
// collects the commands.
func speaks(protocol uint32, sent *[][]byte) fake {
	return fake{
		cmdConnect: func(body []byte, _ net.Conn) []byte {
			copy(body[len(body)-12:], numbers(7, protocol, 0))
			return body
		},
		cmdControl: func(body []byte, _ net.Conn) []byte {
			copy(body[len(body)-4:], numbers(0x80100022))
			return body
		},
		cmdTransmit: func(body []byte, conn net.Conn) []byte {
			command := make([]byte, binary.NativeEndian.Uint32(body[12:]))
			io.ReadFull(conn, command)
			*sent = append(*sent, command)
			copy(body[24:], numbers(2, 0))
			return append(body, 0x90, 0x00)
		},
	}
}

func short(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

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

func unavailableCode(t *testing.T, err error, code pcsc.Code) {
	t.Helper()
	if !errors.Is(err, code) || !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("error %v, want %v", err, code)
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
	state := make([]byte, 184*16)
	copy(state, "Reader 00")
	copy(state[128:], numbers(1, 0x34, 0))
	copy(state[184*2:], "Reader 01")
	f.Add(state, numbers(0, 0), []byte{0x90, 0x00})
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
