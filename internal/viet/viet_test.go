package viet

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// testdata/nfc.txt was made by Python's unicodedata (make_nfc.py beside it).
func TestNFCAndFoldAgreeWithPython(t *testing.T) {
	f, err := os.Open("testdata/nfc.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, changed := 0, 0
	for sc := bufio.NewScanner(f); sc.Scan(); lines++ {
		col := strings.Split(sc.Text(), "\t")
		in, nfc, bare := unescape(t, col[0]), unescape(t, col[1]), unescape(t, col[2])
		if got := NFC(in); got != nfc {
			t.Errorf("NFC(%+q) = %+q, Python says %+q", in, got, nfc)
		}
		if got := Fold(in); got != bare {
			t.Errorf("Fold(%+q) = %+q, Python says %+q", in, got, bare)
		}
		if in != nfc {
			changed++
		}
	}
	if lines < 3000 || changed < 2000 {
		t.Fatalf("only %d lines, %d of them changed by NFC", lines, changed)
	}
}

func unescape(t *testing.T, s string) string {
	t.Helper()
	out, err := strconv.Unquote(`"` + s + `"`)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNFC(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"composed text is kept", "Nguyễn Thị Hằng", "Nguyễn Thị Hằng"},
		{"marks in canonical order are composed", "Nguye\u0302\u0303n Thi\u0323 Ha\u0306\u0300ng", "Nguyễn Thị Hằng"},
		{"dot below before the circumflex", "Vie\u0323\u0302t", "Việt"},
		{"half composed letters", "Vi\u00ea\u0323t", "Việt"},
		{"a tone before the shape stays apart, as Unicode has it", "a\u0301\u0302", "á\u0302"},
		{"a second tone stays", "a\u0301\u0301", "á\u0301"},
		{"deprecated tone marks", "a\u0340e\u0341", "àé"},
		{"other letters pass", "n\u0303\u4e2d\u0301", "n\u0303\u4e2d\u0301"},
		{"broken UTF-8 passes", "\xffa\u0301\xcc", "\xffá\xcc"},
		{"empty", "", ""},
	} {
		if got := NFC(c.in); got != c.want {
			t.Errorf("%s: NFC(%+q) = %+q, want %+q", c.name, c.in, got, c.want)
		}
	}
}

func TestNFCOfManyMarksIsQuick(t *testing.T) {
	long := "a" + strings.Repeat("\u0301\u0323", 200_000)
	if got := NFC(long); !strings.HasPrefix(got, "ạ\u0323") || utf8.RuneCountInString(got) != 400_000 {
		t.Errorf("NFC of a long run begins %+q", got[:8])
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"ĐẶNG THỊ Ỷ":             "dang thi y",
		"Ðặng":                   "dang", // eth instead of Đ
		"đa\u0323\u0306ng":       "dang",
		"Không thời hạn":         "khong thoi han",
		"H'Krông Niê 12":         "h'krong nie 12",
		"stays \u4e2d\ufffd\xff": "stays \u4e2d\ufffd\ufffd",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func TestAccented(t *testing.T) {
	for in, want := range map[string]bool{
		"Việt": true, "e\u0302": true, "Đ": true, "VN1:ABC": false, "": false, "café 中": true, "中": false, "aeiouy": false,
	} {
		if got := Accented(in); got != want {
			t.Errorf("Accented(%q) = %v", in, got)
		}
	}
}

func TestSpelling(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		equal      bool
	}{
		{"old and new tone placement", "Hoà", "Hòa", true},
		{"another vowel pair", "THUÝ", "thúy", true},
		{"a vowel with its own shape", "khoẻ", "khỏe", true},
		{"spaces and case", "  nguyễn\u00a0 VĂN\tA ", "Nguyễn Văn A", true},
		{"NFD", "Hoa\u0300", "hòa", true},
		{"another tone", "hóa", "hòa", false},
		{"another letter", "hoa", "hoă", false},
		{"the tone belongs to its syllable", "hoà a", "hoa à", false},
		{"two tones in a word keep their places", "àáa", "aàá", false},
	} {
		if got := Spelling(c.a) == Spelling(c.b); got != c.equal {
			t.Errorf("%s: %q and %q: %v", c.name, Spelling(c.a), Spelling(c.b), got)
		}
	}
}

func TestTone(t *testing.T) {
	for r, want := range map[rune][2]rune{'ấ': {'â', acute}, 'Ự': {'Ư', dot}, 'a': {'a', 0}, 'đ': {'đ', 0}, 'x': {'x', 0}} {
		if a, b := Tone(r); a != want[0] || b != want[1] {
			t.Errorf("Tone(%c) = %c %U", r, a, b)
		}
	}
}

func FuzzNFC(f *testing.F) {
	for _, s := range []string{"Nguyễn", "Nguye\u0302\u0303n", "a\u0301\u0302\u0323", "\xcc\x80", "\u0340", "Đ\u0323"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := NFC(s)
		if twice := NFC(once); twice != once {
			t.Errorf("NFC is not stable: %+q, %+q", once, twice)
		}
		if utf8.ValidString(s) && (Fold(once) != Fold(s) || Fold(Fold(s)) != Fold(s)) {
			t.Errorf("folding %+q depends on its form", s)
		}
		Spelling(s)
	})
}
