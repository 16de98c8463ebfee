package envelope

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// slowUnpad is PKCS#7 as one would write it without secrets.
func slowUnpad(b []byte) (int, bool) {
	fill := int(b[len(b)-1])
	if fill < 1 || fill > 16 || !bytes.HasSuffix(b, bytes.Repeat([]byte{byte(fill)}, fill)) {
		return 0, false
	}
	return len(b) - fill, true
}

func sameUnpad(t *testing.T, b []byte) {
	t.Helper()
	n, ok := unpad(b)
	if wantN, want := slowUnpad(b); n != wantN || ok == 1 != want {
		t.Fatalf("%x: %d %d, want %d %v", b, n, ok, wantN, want)
	}
}

func TestPaddingIsReadAsWithoutSecrets(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for fill := range 256 { // every last byte before every number of equal bytes
		for equal := range 17 {
			for off := -1; off <= 1; off += 2 {
				b := make([]byte, 32)
				for i := range b {
					b[i] = byte(rng.IntN(256))
				}
				for i := range equal {
					b[31-i] = byte(fill)
				}
				if equal < 32 {
					b[31-equal] = byte(fill + off)
				}
				sameUnpad(t, b)
			}
		}
	}
}

var guidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(\.[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})*$`)

// sameShape pads s as a decrypted code is padded, and compares.
func sameShape(t *testing.T, s string) {
	t.Helper()
	fill := 16 - len(s)%16
	padded := append([]byte(s), bytes.Repeat([]byte{byte(fill)}, fill)...)
	want := guidForm.MatchString(s) && !strings.HasSuffix(s, "\n")
	if got := guids(padded, len(s)) == 1; got != want {
		t.Fatalf("%q: %v, want %v", s, got, want)
	}
}

func TestCodesAreReadAsWithoutSecrets(t *testing.T) {
	const one = "3f2504e0-4f89-41d3-9A0C-0305e82c3301"
	for _, s := range []string{"", one, one + "." + one, one + "." + one + "." + one} {
		sameShape(t, s)
		for i := range s { // every byte at every place, and every length
			for c := range 256 {
				sameShape(t, s[:i]+string([]byte{byte(c)})+s[i+1:])
			}
			sameShape(t, s[:i])
			sameShape(t, s[:i]+s[i+1:])
			sameShape(t, s[:i]+"0"+s[i:])
		}
	}
}

func FuzzUnpadAndShape(f *testing.F) {
	f.Add([]byte("3f2504e0-4f89-41d3-9a0c-0305e82c3301"))
	f.Add(bytes.Repeat([]byte{16}, 16))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		sameShape(t, string(b))
		if whole := b[:len(b)/16*16]; len(whole) > 0 {
			sameUnpad(t, whole)
		}
	})
}

func FuzzOpen(f *testing.F) {
	o := newOpener(f, 256)
	for _, v := range vectors(f, "accepted") {
		f.Add(v.Key, v.Data)
	}
	for _, v := range vectors(f, "refused") {
		f.Add(v.Key, v.Data)
	}
	f.Fuzz(func(t *testing.T, key, data string) {
		text, ok := o.Open(key, data)
		if !ok && text != "" {
			t.Error("a text next to a refusal")
		}
		code, isCode := o.OpenCode(key, data)
		if isCode && (!guidForm.MatchString(code) || !ok || text != code) {
			t.Errorf("%q is no code", code)
		}
	})
}
