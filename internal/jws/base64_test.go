package jws

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

// std is what the standard library makes of a text, but for line breaks, which
// it skips and we refuse.
func std(s string) ([]byte, bool) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return b, err == nil
}

func agree(t *testing.T, s string) {
	t.Helper()
	want, ok := std(s)
	got, ok2 := DecodeBase64(s)
	if ok != ok2 || ok && !bytes.Equal(got, want) {
		t.Fatalf("%q: %x, %v; the standard library %x, %v", s, got, ok2, want, ok)
	}
	text, ok3 := decodeString(s)
	if ok != ok3 || ok && text != string(want) {
		t.Fatalf("%q as a string: %x, %v", s, text, ok3)
	}
}

func TestBase64AgreesWithTheStandardLibrary(t *testing.T) {
	content := make([]byte, 2000)
	for i := range content {
		content[i] = byte(i * 31)
	}
	for n := range content {
		agree(t, base64.RawURLEncoding.EncodeToString(content[:n]))
	}
	// Every character at every place of a text of each length: the digits, what
	// is none, line breaks and padding, and trailing bits of all values.
	for n := 1; n <= 20; n++ {
		for at := range n {
			for c := range 256 {
				b := bytes.Repeat([]byte("A"), n)
				b[at] = byte(c)
				agree(t, string(b))
			}
		}
	}
}

func FuzzBase64(f *testing.F) {
	for _, s := range []string{"", "A", "AA", "AB", "AAA", "AAB", "AA==", "A\nAA", "-_-_", "+/+/", strings.Repeat("Zm9v", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { agree(t, s) })
}
