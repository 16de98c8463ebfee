package apdu_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
)

func TestCommandsEncode(t *testing.T) {
	long := bytes.Repeat([]byte{0xAB}, 256)
	for _, c := range []struct {
		name    string
		command apdu.Command
		want    string
	}{
		{"neither data nor answer", apdu.Command{CLA: 0x0C, INS: 0xA4, P1: 1, P2: 2}, "0ca40102"},
		{"an answer of eight bytes", apdu.Command{INS: 0x84, Expect: 8}, "0084000008"},
		{"an answer of 256 bytes", apdu.Command{INS: 0xB0, Expect: 256}, "00b0000000"},
		{"an answer of 257 bytes", apdu.Command{INS: 0xB0, Expect: 257}, "00b00000000101"},
		{"an answer of 65,536 bytes", apdu.Command{INS: 0xB0, Expect: 65536}, "00b00000000000"},
		{"data", apdu.Command{INS: 0xA4, Data: []byte{1, 0x1E}}, "00a4000002011e"},
		{"data and an answer", apdu.Command{INS: 0x88, Data: []byte{1}, Expect: 256}, "00880000010100"},
		{"long data", apdu.Command{INS: 0x22, Data: long}, "00220000000100" + hex.EncodeToString(long)},
		{"long data and an answer", apdu.Command{INS: 0x86, Data: long, Expect: 65536}, "00860000000100" + hex.EncodeToString(long) + "0000"},
		{"data and a long answer", apdu.Command{INS: 0x86, Data: []byte{7}, Expect: 300}, "0086000000000107012c"},
	} {
		if got := hex.EncodeToString(c.command.Append(nil)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// script answers commands in order and keeps what it was sent.
type script struct {
	answers []string
	sent    []string
	err     error
}

func (s *script) Transmit(_ context.Context, command []byte) ([]byte, error) {
	s.sent = append(s.sent, hex.EncodeToString(command))
	if s.err != nil {
		return nil, s.err
	}
	if len(s.answers) == 0 {
		return []byte{0x6F, 0}, nil
	}
	b, err := hex.DecodeString(s.answers[0])
	if len(s.answers) > 1 { // the last one repeats
		s.answers = s.answers[1:]
	}
	return b, err
}

func TestAnswersAreCollected(t *testing.T) {
	read := apdu.Command{CLA: 0x0C, INS: 0xB0, Expect: 256}
	for _, c := range []struct {
		name    string
		answers []string
		data    string
		sw      uint16
		sent    []string
	}{
		{"at once", []string{"01029000"}, "0102", 0x9000, []string{"0cb0000000"}},
		{"a refusal", []string{"6a82"}, "", 0x6A82, []string{"0cb0000000"}},
		{"with a warning", []string{"016282"}, "01", 0x6282, []string{"0cb0000000"}},
		{"in parts", []string{"6102", "0a0b6101", "0c9000"}, "0a0b0c", 0x9000, []string{"0cb0000000", "00c0000002", "00c0000001"}},
		{"in parts from the start", []string{"0a6100", "0b9000"}, "0a0b", 0x9000, []string{"0cb0000000", "00c0000000"}},
		{"of another length", []string{"6c03", "0102039000"}, "010203", 0x9000, []string{"0cb0000000", "0cb0000003"}},
		{"of another length, then in parts", []string{"6c00", "6101", "019000"}, "01", 0x9000, []string{"0cb0000000", "0cb0000000", "00c0000001"}},
		{"of another length again and again", []string{"6c05", "6c06"}, "", 0x6C06, []string{"0cb0000000", "0cb0000005"}},
	} {
		s := &script{answers: c.answers}
		data, sw, err := apdu.NewChannel(s).Do(context.Background(), read)
		if err != nil || hex.EncodeToString(data) != c.data || sw != c.sw {
			t.Errorf("%s: %x %04X %v", c.name, data, sw, err)
		}
		if len(s.sent) != len(c.sent) {
			t.Errorf("%s: sent %v", c.name, s.sent)
			continue
		}
		for i := range c.sent {
			if s.sent[i] != c.sent[i] {
				t.Errorf("%s: sent %v", c.name, s.sent)
			}
		}
	}
}

func TestCardsThatMisbehaveAreLeft(t *testing.T) {
	kilobyte := hex.EncodeToString(make([]byte, 1024))
	for _, c := range []struct {
		name   string
		answer string
		want   error
	}{
		{"nothing", "", apdu.ErrAnswer},
		{"one byte", "90", apdu.ErrAnswer},
		{"a status word that is none", "1234", apdu.ErrAnswer},
		{"the null byte of T=0", "6000", apdu.ErrAnswer},
		{"more bytes than any answer has", hex.EncodeToString(make([]byte, 65537)) + "9000", apdu.ErrTooBig},
		{"nothing, with more to come, for ever", "6110", apdu.ErrAnswer},
		{"a byte, with more to come, for ever", "006110", apdu.ErrAnswer},
		{"a kilobyte, with more to come, for ever", kilobyte + "6100", apdu.ErrTooBig},
	} {
		s := &script{answers: []string{c.answer}}
		data, _, err := apdu.NewChannel(s).Do(context.Background(), apdu.Command{INS: 0xB0, Expect: 256})
		if !errors.Is(err, c.want) || data != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if len(s.sent) > 70 {
			t.Errorf("%s: %d commands", c.name, len(s.sent))
		}
	}
}

func TestAChannelHasABudget(t *testing.T) {
	ch := apdu.NewChannel(&script{answers: []string{"9000"}})
	for range apdu.MaxCommands {
		if _, _, err := ch.Do(context.Background(), apdu.Command{INS: 0xB0}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := ch.Do(context.Background(), apdu.Command{INS: 0xB0}); err != apdu.ErrBudget {
		t.Error(err)
	}
}

func TestTransportErrorsAndContextsStayVisible(t *testing.T) {
	gone := errors.New("tag lost")
	_, _, err := apdu.NewChannel(&script{err: gone}).Do(context.Background(), apdu.Command{INS: 0xB0})
	if !errors.Is(err, gone) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := &script{answers: []string{"9000"}}
	if _, _, err = apdu.NewChannel(s).Do(ctx, apdu.Command{INS: 0xB0}); !errors.Is(err, context.Canceled) || len(s.sent) > 0 {
		t.Error(err, s.sent)
	}
}

func TestCommandsThatCannotBeEncodedAreRefused(t *testing.T) {
	for _, c := range []apdu.Command{{Data: make([]byte, 65536)}, {Expect: 65537}, {Expect: -1}} {
		s := &script{answers: []string{"9000"}}
		if _, _, err := apdu.NewChannel(s).Do(context.Background(), c); err != apdu.ErrLength || len(s.sent) > 0 {
			t.Error(err)
		}
	}
}

// Whatever a card answers, a command ends, within the budget.
func FuzzDo(f *testing.F) {
	f.Add([]byte{2, 0x61, 2, 4, 1, 2, 0x61, 1, 3, 3, 0x90, 0})
	f.Add([]byte{2, 0x6C, 8, 2, 0x6C, 9})
	f.Fuzz(func(t *testing.T, stream []byte) {
		var s script
		for len(stream) > 0 {
			n := min(int(stream[0]), len(stream)-1)
			s.answers = append(s.answers, hex.EncodeToString(stream[1:1+n]))
			stream = stream[1+n:]
		}
		ch := apdu.NewChannel(&s)
		data, sw, err := ch.Do(context.Background(), apdu.Command{INS: 0xB0, Expect: 256})
		if err != nil && data != nil {
			t.Error("data next to an error")
		}
		if err == nil && sw>>8 == 0x61 {
			t.Error("an answer in part")
		}
		if ch.Sent() > apdu.MaxCommands {
			t.Error("past the budget")
		}
	})
}
