package chiptest

import (
	"testing"
)

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
