package tlv

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// x reads hexadecimal with spaces.
func x(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func zeros(n int) []byte { return make([]byte, n) }

// readers are the two rules, by name.
var readers = map[string]func([]byte) Reader{"DER": DER, "BER": BER}

// Every malformed head, with a twin that is read; where BER is more tolerant than
// DER, the table says so.
func TestMalformedHeadsAreRefused(t *testing.T) {
	for _, v := range []struct {
		name      string
		good, bad []byte
		der, ber  error // what the bad one gives
	}{
		{"nothing at all", x(t, "0400"), nil, ErrMissing, ErrMissing},
		{"tag alone", x(t, "0400"), x(t, "04"), ErrTruncated, ErrTruncated},
		{"tag 0", x(t, "0400"), x(t, "0000"), ErrTag, ErrTag},
		{"constructed tag 0", x(t, "3000"), x(t, "2000"), ErrTag, ErrTag},
		{"long tag without its number", x(t, "5f1f00"), x(t, "5f"), ErrTruncated, ErrTruncated},
		{"long tag cut in its number", x(t, "5f812000"), x(t, "5f81"), ErrTruncated, ErrTruncated},
		{"long tag with zeros in front", x(t, "5f812000"), x(t, "5f802000"), ErrTag, ErrTag},
		{"long tag of five bytes", x(t, "5f81800100"), x(t, "5f8180800100"), ErrTag, ErrTag},
		{"long tag of four bytes, unfinished", x(t, "5f81807f00"), x(t, "5f81808080"), ErrTag, ErrTag},
		{"long tag for a short number", x(t, "5f1f00"), x(t, "5f0e00"), ErrTag, nil},
		{"long tag for number 30", x(t, "5f1f00"), x(t, "5f1e00"), ErrTag, nil},
		{"SEQUENCE in primitive form", x(t, "3000"), x(t, "1000"), ErrForm, nil},
		{"SET in primitive form", x(t, "3100"), x(t, "1100"), ErrForm, nil},
		{"OCTET STRING in pieces", x(t, "040141"), x(t, "2403040141"), ErrForm, nil},
		{"INTEGER in constructed form", x(t, "020101"), x(t, "220101"), ErrForm, nil},
		{"indefinite length", x(t, "3000"), x(t, "30800000"), ErrIndefinite, ErrIndefinite},
		{"indefinite length of a primitive", x(t, "0400"), x(t, "04800000"), ErrIndefinite, ErrIndefinite},
		{"length past the end", x(t, "040141"), x(t, "040241"), ErrTruncated, ErrTruncated},
		{"length without content", x(t, "0400"), x(t, "0401"), ErrTruncated, ErrTruncated},
		{"length in one byte more, 0", x(t, "0400"), x(t, "048100"), ErrLength, nil},
		{"length in one byte more, 127", Append(nil, 4, zeros(127)), append(x(t, "04817f"), zeros(127)...), ErrLength, nil},
		{"length in two bytes for one", append(x(t, "048180"), zeros(128)...), append(x(t, "04820080"), zeros(128)...), ErrLength, nil},
		{"length in three bytes for two", append(x(t, "04820100"), zeros(256)...), append(x(t, "0483000100"), zeros(256)...), ErrLength, nil},
		{"length in four bytes for three", append(x(t, "0483010000"), zeros(65536)...), append(x(t, "048400010000"), zeros(65536)...), ErrLength, nil},
		{"length of four bytes past the end", append(x(t, "0483010000"), zeros(65536)...), append(x(t, "048401000000"), zeros(65536)...), ErrTruncated, ErrTruncated},
		{"length 2³¹", x(t, "0400"), x(t, "048480000000"), ErrLength, ErrLength},
		{"length 2³² − 1", x(t, "0400"), x(t, "0484ffffffff"), ErrLength, ErrLength},
		{"length of five bytes", x(t, "0400"), x(t, "04850000000000"), ErrLength, ErrLength},
		{"length of 126 bytes", x(t, "0400"), append(x(t, "04fe"), zeros(200)...), ErrLength, ErrLength},
		{"reserved length FF", x(t, "0400"), append(x(t, "04ff"), zeros(200)...), ErrLength, ErrLength},
		{"length cut, one byte", append(x(t, "048180"), zeros(128)...), x(t, "0481"), ErrTruncated, ErrTruncated},
		{"length cut, two bytes", append(x(t, "04820100"), zeros(256)...), x(t, "048201"), ErrTruncated, ErrTruncated},
		{"length cut, four bytes", x(t, "0400"), x(t, "0484000000"), ErrTruncated, ErrTruncated},
	} {
		for rules, open := range readers {
			want := v.der
			if rules == "BER" {
				want = v.ber
			}
			r := open(v.good)
			if tag, _ := r.Next(); tag == 0 || r.Close() != nil {
				t.Fatalf("%s, %s: the twin is refused: %v", rules, v.name, r.Close())
			}
			r = open(v.bad)
			tag, content := r.Next()
			if err := r.Close(); err != want || want != nil && (tag != 0 || content != nil) {
				t.Errorf("%s, %s: tag %x, content %x, %v, want %v", rules, v.name, tag, content, err, want)
			}
		}
	}
}

func TestAHeaderIsReadBeforeItsContentIsThere(t *testing.T) {
	for _, v := range []struct {
		in             string
		tag            Tag
		header, length int
		err            error
	}{
		{"6082 0123", 0x60, 4, 0x123, nil}, // the first bytes of a file
		{"778203ff30", 0x77, 4, 0x3ff, nil},
		{"6103414243", 0x61, 2, 3, nil},
		{"7f4e8201a0", 0x7F4E, 5, 0x1a0, nil},
		{"5f1f5a", 0x5F1F, 3, 0x5a, nil},
		{"5f0e00", 0x5F0E, 3, 0, nil},
		{"75847fffffff", 0x75, 6, 1<<31 - 1, nil},
		{"3080", 0, 0, 0, ErrIndefinite},
		{"60", 0, 0, 0, ErrTruncated},
		{"6082 01", 0, 0, 0, ErrTruncated},
		{"0000", 0, 0, 0, ErrTag},
		{"", 0, 0, 0, ErrTruncated},
		{"75ff", 0, 0, 0, ErrLength},
	} {
		tag, header, length, err := Header(x(t, v.in))
		if tag != v.tag || header != v.header || length != v.length || err != v.err {
			t.Errorf("%s: %x, %d, %d, %v", v.in, tag, header, length, err)
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	for _, tag := range []Tag{1, 0x04, 0x30, 0x80, 0xA0, 0x7F1F, 0x5F1F, 0x7F49, 0x7F4E, 0x5F37, 0x5F8120, 0x7F818001, 0xFF21} {
		for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 24} {
			if n == 1<<24 && tag != 0x30 {
				continue
			}
			content := bytes.Repeat([]byte{0xA5}, n)
			b := New(tag, content[:n/3], content[n/3:])
			r := DER(b)
			if got := r.Read(tag); !bytes.Equal(got, content) || r.Close() != nil {
				t.Errorf("tag %x, %d bytes: %v", tag, n, r.Close())
			}
			if grown := Append([]byte{1, 2}, tag, content); !bytes.Equal(grown[2:], b) || grown[0] != 1 {
				t.Errorf("tag %x, %d bytes: Append and New differ", tag, n)
			}
		}
	}
}
