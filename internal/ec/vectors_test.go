package ec

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
)

// A text of hexadecimal digits in a vector.
type hexText []byte

func (h *hexText) UnmarshalText(b []byte) (err error) {
	*h, err = hex.DecodeString(string(b))
	return err
}

type paramVector struct{ P, A, B, G, N, H, OID hexText }

func (v *paramVector) parameters() Parameters {
	return Parameters{P: v.P, A: v.A, B: v.B, G: v.G, N: v.N, H: v.H}
}

type ecdsaVector struct {
	Curve, Fault              string
	Twin                      int
	Public, Digest, Signature hexText
}

func (v *ecdsaVector) key(t testing.TB) Point {
	t.Helper()
	return decode(t, v.Curve, v.Public)
}

// read loads a file that testdata/make.py made.
func read[T any](t testing.TB, name string) (v T) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func decode(t testing.TB, name string, b []byte) Point {
	t.Helper()
	c, err := ByName(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	q, err := c.Point(b)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return q
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
