package tlv

import (
	"bytes"
	"os"
	"slices"
	"testing"
)

// OpenSSL wrote both: in a stream, and from memory.
func TestABERStreamBecomesOpenSSLsDER(t *testing.T) {
	var in [2][]byte
	for i, name := range []string{"stream.ber", "stream.der"} {
		b, err := os.ReadFile("testdata/accepted/" + name)
		if err != nil {
			t.Fatal(err)
		}
		in[i] = b
	}
	if r := DER(in[0]); r.Read(Sequence) != nil || r.Close() != ErrIndefinite {
		t.Fatal("the fixture is not of indefinite length")
	}
	for i, b := range in {
		before := bytes.Clone(b)
		out, err := ToDER(b)
		if err != nil || !bytes.Equal(out, in[1]) {
			t.Errorf("input %d: %d bytes, %v", i, len(out), err)
		}
		if !bytes.Equal(b, before) {
			t.Errorf("input %d was changed", i)
		}
	}
	if out, _ := ToDER(in[1]); &out[0] != &in[1][0] {
		t.Error("DER was copied")
	}
}

func TestLengthsAndPiecesAreRewritten(t *testing.T) {
	for _, v := range []struct{ name, in, want string }{
		{"indefinite", "3080 020105 0000", "3003020105"},
		{"indefinite and empty", "3080 0000", "3000"},
		{"indefinite in indefinite", "3080 a080 020105 0000 0000", "3005a003020105"},
		{"definite in indefinite", "3080 3003 020105 0000", "30053003020105"},
		{"indefinite in definite", "3007 a080 020105 0000", "3005a003020105"},
		{"long lengths", "30820008 04820002 4142 0500", "3006 04024142 0500"},
		{"pieces", "2480 040141 040142 0000", "04024142"},
		{"pieces of definite length", "2406 040141 040142", "04024142"},
		{"pieces in pieces", "2480 2480 040141 0000 2403040142 0000", "04024142"},
		{"no pieces", "2480 0000", "0400"},
		{"empty pieces", "2480 0400 0400 0000", "0400"},
		{"long tags", "7f4980 5f1f820001 41 0000", "7f4904 5f1f0141"},
		{"what is in a string stays", "3006 0404 30800000", "3006 0404 30800000"},
		{"zeros that are a value", "3080 04020000 0000", "3004 04020000"},
		{"DER", "3003020105", "3003020105"},
	} {
		out, err := ToDER(x(t, v.in))
		if err != nil || !bytes.Equal(out, x(t, v.want)) {
			t.Errorf("%s: %x, %v, want %s", v.name, out, err, v.want)
		}
	}
}

func nested(depth int, ends bool) []byte {
	b := bytes.Repeat([]byte{0x30, 0x80}, depth)
	if ends {
		b = append(b, make([]byte, 2*depth)...)
	}
	return b
}

func TestBERThatEndsNowhereIsRefused(t *testing.T) {
	deepest := nested(MaxDepth-1, true)
	for _, v := range []struct {
		name      string
		good, bad []byte
		want      error
	}{
		{"nothing", deepest, nil, ErrTruncated},
		{"too deep", deepest, nested(MaxDepth, true), ErrDepth},
		{"far too deep", deepest, nested(100000, false), ErrDepth},
		{"no end", x(t, "3080 020105 0000"), x(t, "3080 020105"), ErrTruncated},
		{"half an end", x(t, "3080 020105 0000"), x(t, "3080 020105 00"), ErrTag},
		{"an end with a length", x(t, "3080 020105 0000"), x(t, "3080 020105 0001 0000"), ErrTag},
		{"an end where none belongs", x(t, "3003 020105"), x(t, "3005 020105 0000"), ErrTag},
		{"an end past the definite length around it", x(t, "3007 3080 020105 0000"), x(t, "3005 3080 020105 0000"), ErrTruncated},
		{"an element past the end", x(t, "3003 020105"), x(t, "3002 020105"), ErrTruncated},
		{"an element with a long length past the end", x(t, "308103 020105"), x(t, "308104 020105"), ErrTruncated},
		{"bytes after the element", x(t, "3080 0000"), x(t, "3080 0000 00"), ErrTrailing},
		{"a primitive of indefinite length", x(t, "2480 040141 0000"), x(t, "0480 040141 0000"), ErrIndefinite},
		{"a piece of another type", x(t, "2480 040141 0000"), x(t, "2480 0c0141 0000"), ErrForm},
		{"a structure as a piece", x(t, "2480 040141 0000"), x(t, "2480 3000 0000"), ErrForm},
		{"a BIT STRING in pieces", x(t, "2480 040141 0000"), x(t, "2380 03020041 0000"), ErrForm},
		{"a UTF8String in pieces", x(t, "2480 040141 0000"), x(t, "2c80 0c0141 0000"), ErrForm},
		{"too large", New(OctetString, zeros(MaxSize-5)), New(OctetString, zeros(MaxSize-4)), ErrSize},
		{"a reserved length", x(t, "3080 0000"), x(t, "30ff 0000"), ErrLength},
	} {
		if _, err := ToDER(v.good); err != nil {
			t.Fatalf("%s: the twin is refused: %v", v.name, err)
		}
		if out, err := ToDER(v.bad); err != v.want || out != nil {
			t.Errorf("%s: %x, %v, want %v", v.name, out, err, v.want)
		}
	}
}

// The most work that fits: structures all the way down with all the content at the
// bottom, which is moved once a level, and as many small pieces as there is room.
func TestTheLargestInputsAreRewritten(t *testing.T) {
	bottom := New(OctetString, zeros(MaxSize-200))
	deep := slices.Concat(bytes.Repeat([]byte{0x30, 0x80}, MaxDepth-1), bottom, make([]byte, 2*(MaxDepth-1)))
	many := slices.Concat([]byte{0x24, 0x80}, bytes.Repeat([]byte{0x24, 0x80, 0, 0}, (MaxSize-8)/4), []byte{0, 0})
	for name, b := range map[string][]byte{"deep": deep, "many": many} {
		out, err := ToDER(b)
		if err != nil || len(out) > len(b)+8*MaxDepth {
			t.Errorf("%s: %d bytes from %d, %v", name, len(out), len(b), err)
		}
	}
}
