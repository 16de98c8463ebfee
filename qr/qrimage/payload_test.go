package qrimage

import (
	"strings"
	"testing"
)

// bits packs a string of 0 and 1 (spaces are for the eye) into bytes.
func bits(s string) []byte {
	s = strings.ReplaceAll(s, " ", "")
	out := make([]byte, (len(s)+7)/8)
	for i, c := range s {
		if c == '1' {
			out[i/8] |= 0x80 >> (i % 8)
		}
	}
	return out
}

func TestSegments(t *testing.T) {
	const a = "01000001"
	cases := []struct {
		name, bits string
		version    int
		payload    string
		text       bool
	}{
		{"the standard's own example of digits", "0001 0000001000 0000001100 0101011001 1000011 0000", 1, "01234567", true},
		{"the standard's own example of letters", "0010 000000101 00111001110 11100111001 000010 0000", 1, "AC-42", true},
		{"bytes, and no room for a terminator", "0100 00000001" + a, 1, "A", true},
		{"a longer count from version 10", "0100 0000000000000001" + a + "0000", 10, "A", true},
		{"digits of version 27", "0001 00000000000001 0111 0000", 27, "7", true},
		{"digits, letters and bytes", "0001 0000000001 0111 0010 000000001 001010 0100 00000001" + a + "0000", 1, "7AA", true},
		{"declared UTF-8", "0111 00011010 0100 00000001" + a + "0000", 1, "A", true},
		{"declared ISO 8859-1", "0111 00000011 0100 00000001" + a + "0000", 1, "A", false},
		{"declared in two bytes", "0111 10000011 10000100 0100 00000001" + a + "0000", 1, "A", false},
		{"declared in three bytes", "0111 11001111 01000010 00111111 0100 00000001" + a + "0000", 1, "A", false},
		{"kanji", "1000 00000001 0110110011111 0000", 1, "\x93\x5f", false},
		{"part of a message", "0011 00000001 00000000 0100 00000001" + a + "0000", 1, "A", false},
		{"product data", "0101 0100 00000001" + a + "0000", 1, "A", false},
		{"product data of an industry", "1001 00000000 0100 00000001" + a + "0000", 1, "A", false},
		{"nothing", "0000 0000", 1, "", true},
	}
	for _, c := range cases {
		code, err := payload(bits(c.bits), c.version)
		if err != nil || string(code.Payload) != c.payload || code.Version != c.version {
			t.Errorf("%s: %q, %v", c.name, code.Payload, err)
		}
		if _, err := code.Text(); (err == nil) != c.text {
			t.Errorf("%s: text: %v", c.name, err)
		}
	}
}

// Each differs from an accepted segment of TestSegments in the named fault.
func TestDamagedSegments(t *testing.T) {
	for name, c := range map[string]string{
		"three digits above 999":          "0001 0000000011 1111101000 0000",
		"two digits above 99":             "0001 0000000010 1100100 0000",
		"one digit above 9":               "0001 0000000001 1010 0000",
		"two letters above 45 × 45":       "0010 000000010 11111101001 0000",
		"one letter above 44":             "0010 000000001 101101 0000",
		"fewer digits than counted":       "0001 1111111111 0000001100",
		"fewer letters than counted":      "0010 111111111 00111001110",
		"fewer bytes than counted":        "0100 11111111 01000001",
		"fewer kanji than counted":        "1000 11111111 0110110011111",
		"a designator of four bytes":      "0111 11100000 0000 0000",
		"a designator cut short":          "0111 1000",
		"hanzi, which the standard lacks": "1101 0001 00000001 0000000000000",
		"an unknown mode":                 "0110 00000001",
	} {
		if code, err := payload(bits(c), 1); err == nil || code.Payload != nil {
			t.Errorf("%s: %q", name, code.Payload)
		}
	}
}

func FuzzSegments(f *testing.F) {
	f.Add(bits("0001 0000001000 0000001100 0101011001 1000011 0000"), 1)
	f.Add(bits("0010 000000101 00111001110 11100111001 000010 0000"), 1)
	f.Add(bits("0111 11001111 01000010 00111111 0100 0000000000000001 01000001 1000 0000000001 0110110011111"), 10)
	f.Fuzz(func(t *testing.T, data []byte, version int) {
		code, err := payload(data, version)
		// The densest mode is numeric: three digits in ten bits.
		if len(code.Payload) > 3*len(data) || err != nil && code.Payload != nil {
			t.Fatalf("%d bytes from %d, %v", len(code.Payload), len(data), err)
		}
	})
}
