package base45

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

// The examples of RFC 9285 §4.3 and §4.4.
var rfc = []struct{ plain, text string }{
	{"AB", "BB8"},
	{"Hello!!", "%69 VD92EX0"},
	{"base-45", "UJCLQE7W581"},
	{"ietf!", "QED8WEX0"},
	{"", ""},
	{"\xff\xff", "FGW"}, // §4.4: the largest group
	{"\xff", "U5"},
}

func TestTheExamplesOfTheRFCGoBothWays(t *testing.T) {
	for _, v := range rfc {
		if got := string(AppendEncode(nil, []byte(v.plain))); got != v.text {
			t.Errorf("encode %q = %q, want %q", v.plain, got, v.text)
		}
		got, err := AppendDecode(nil, v.text)
		if err != nil || string(got) != v.plain {
			t.Errorf("decode %q = %q, %v, want %q", v.text, got, err, v.plain)
		}
		if len(v.text) != EncodedLen(len(v.plain)) || len(v.plain) != DecodedLen(len(v.text)) {
			t.Errorf("%q: lengths disagree", v.text)
		}
	}
}

func TestWhatIsNotBase45IsRefusedForItsReason(t *testing.T) {
	for _, v := range []struct {
		name, good, bad string
		want            error
	}{
		{"group of 65536", "FGW", "GGW", ErrRange}, // RFC 9285 §4.4
		{"largest group", "FGW", ":::", ErrRange},
		{"odd byte of 256", "U5", "V5", ErrRange},
		{"one character over", "BB8", "BB8B", ErrLength},
		{"one character alone", "U5", "U", ErrLength},
		{"lower case", "BB8", "bb8", ErrAlphabet},
		{"lower case in the tail", "BB8U5", "BB8u5", ErrAlphabet},
		{"a bad character that a good one hides", "00000", "0000\x80", ErrAlphabet},
		{"line feed", "BB8BB8", "BB8\n\n\n", ErrAlphabet},
		{"Vietnamese letter", "BB8", "BBÂ"[:3], ErrAlphabet},
		{"NUL", "BB8", "BB\x00", ErrAlphabet},
		{"tab", "BB8", "BB\t", ErrAlphabet},
		{"comma", "BB8", ",B8", ErrAlphabet},
	} {
		if _, err := AppendDecode(nil, v.good); err != nil {
			t.Errorf("%s: the twin is refused: %v", v.name, err)
		}
		if out, err := AppendDecode(nil, v.bad); !errors.Is(err, v.want) || out != nil {
			t.Errorf("%s: %q, %v, want %v", v.name, out, err, v.want)
		}
	}
}

func TestEveryGroupHasOneSpelling(t *testing.T) {
	var group [3]byte
	seen := 0
	for _, a := range []byte(alphabet) {
		for _, b := range []byte(alphabet) {
			for _, c := range []byte(alphabet) {
				group = [3]byte{a, b, c}
				out, err := AppendDecode(nil, string(group[:]))
				if err != nil {
					continue
				}
				seen++
				if c == ' ' {
					t.Fatalf("%q ends in a space", group)
				}
				if back := AppendEncode(nil, out); !bytes.Equal(back, group[:]) {
					t.Fatalf("%q decodes to %x, which is spelled %q", group, out, back)
				}
			}
		}
	}
	if seen != 1<<16 {
		t.Errorf("%d groups accepted, want 65536", seen)
	}
}

func TestRandomBytesSurviveTheRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(45, 9285))
	for n := range 300 {
		plain := make([]byte, n)
		for i := range plain {
			plain[i] = byte(rng.Uint32())
		}
		text := string(AppendEncode(nil, plain))
		if strings.HasSuffix(text, " ") {
			t.Fatalf("%q ends in a space", text)
		}
		if got, err := AppendDecode(nil, text); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
}

func TestDecodingIntoRoomAllocatesNothing(t *testing.T) {
	text := string(AppendEncode(nil, bytes.Repeat([]byte("vn"), 128)))
	room := make([]byte, 0, DecodedLen(len(text)))
	if n := testing.AllocsPerRun(100, func() {
		if _, err := AppendDecode(room, text); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzDecode(f *testing.F) {
	for _, v := range rfc {
		f.Add(v.text)
	}
	f.Add("GGW")
	f.Add("VN1:")
	f.Fuzz(func(t *testing.T, s string) {
		out, err := AppendDecode(nil, s)
		if err != nil {
			return
		}
		if back := string(AppendEncode(nil, out)); back != s {
			t.Errorf("%q decodes to %x, which is spelled %q", s, out, back)
		}
	})
}
