package chiptest

import "testing"

// FuzzTransmit sends whatever there is, behind a session and before it. The chip
// always answers with a status, and never with more than was asked for.
func FuzzTransmit(f *testing.F) {
	for _, seed := range []string{
		"00A4040C07A0000002471001", "00B09C0000", "00B0000000000000", "0022C1A40F800A04007F00070202040202830101", "10860000027C0000",
		"0084000008", "0CB09E000D9701008E08000000000000000000", "00B11C00045402000010", "008800000831323334353637380", "00C0000008", "",
	} {
		f.Add(unhex(f, seed+map[bool]string{true: "0"}[len(seed)%2 == 1]), true)
	}
	e, err := New(Card{NoCA: true, random: stream("fuzz"), Now: clock})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte, session bool) {
		e.Reset()
		e.log = nil
		if session {
			e.app, e.ch = true, newChannel(aes128, []byte("secret"))
		}
		out, err := e.Transmit(t.Context(), raw)
		if err != nil || len(out) < 2 {
			t.Fatalf("%X, %v", out, err)
		}
		if c, ok := parseCommand(raw); ok && len(out)-2 > c.ne {
			t.Fatalf("%d bytes for %d", len(out)-2, c.ne)
		}
	})
}

// FuzzSession sends well protected commands of any kind. The session lives through
// them all.
func FuzzSession(f *testing.F) {
	f.Add(byte(0xB0), byte(0x81), byte(0), []byte(nil), uint16(223))
	f.Add(byte(0xB1), byte(0), byte(2), []byte{0x54, 1, 0}, uint16(20))
	f.Add(byte(0x22), byte(0x41), byte(0xA4), []byte{0x80, 1, 0}, uint16(0))
	f.Add(byte(0x22), byte(0x41), byte(0xA6), []byte{0x91, 1, 0}, uint16(0))
	f.Add(byte(0x86), byte(0), byte(0), []byte{0x7C, 3, 0x80, 1, 0}, uint16(256))
	f.Add(byte(0x88), byte(0), byte(0), []byte("12345678"), uint16(256))
	e, err := New(Card{random: stream("fuzz"), Now: clock})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, ins, p1, p2 byte, data []byte, ne uint16) {
		e.Reset()
		e.log = nil
		e.app, e.ch = true, newChannel(aes128, []byte("secret"))
		x := newTerminal(e)
		x.ch = newChannel(aes128, []byte("secret"))
		if len(data) > 4096 {
			return
		}
		if _, err := x.send(ins, p1, p2, data, int(ne)); err != nil {
			t.Fatal(err)
		}
		if r, err := x.send(0xB0, 0x9E, 0, nil, 16); err != nil || r.sw != swOK && r.sw != swEOF && r.sw != swNotFound {
			t.Fatalf("%04X, %v", r.sw, err)
		}
	})
}
