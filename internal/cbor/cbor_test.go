package cbor

import (
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) string {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// RFC 8949 appendix A, every example, with the reason for refusing it where the
// subset leaves it out ("" accepts it).
var appendixA = []struct {
	diagnostic, hex string
	want            Error
}{
	{"0", "00", ""},
	{"1", "01", ""},
	{"10", "0a", ""},
	{"23", "17", ""},
	{"24", "1818", ""},
	{"25", "1819", ""},
	{"100", "1864", ""},
	{"1000", "1903e8", ""},
	{"1000000", "1a000f4240", ""},
	{"1000000000000", "1b000000e8d4a51000", ""},
	{"18446744073709551615", "1bffffffffffffffff", ""},
	{"18446744073709551616", "c249010000000000000000", ErrTag},
	{"-18446744073709551616", "3bffffffffffffffff", ErrNumber},
	{"-18446744073709551617", "c349010000000000000000", ErrTag},
	{"-1", "20", ""},
	{"-10", "29", ""},
	{"-100", "3863", ""},
	{"-1000", "3903e7", ""},
	{"0.0", "f90000", ErrType},
	{"-0.0", "f98000", ErrType},
	{"1.0", "f93c00", ErrType},
	{"1.1", "fb3ff199999999999a", ErrType},
	{"1.5", "f93e00", ErrType},
	{"65504.0", "f97bff", ErrType},
	{"100000.0", "fa47c35000", ErrType},
	{"3.4028234663852886e+38", "fa7f7fffff", ErrType},
	{"1.0e+300", "fb7e37e43c8800759c", ErrType},
	{"5.960464477539063e-8", "f90001", ErrType},
	{"0.00006103515625", "f90400", ErrType},
	{"-4.0", "f9c400", ErrType},
	{"-4.1", "fbc010666666666666", ErrType},
	{"Infinity", "f97c00", ErrType},
	{"NaN", "f97e00", ErrType},
	{"-Infinity", "f9fc00", ErrType},
	{"Infinity", "fa7f800000", ErrType},
	{"NaN", "fa7fc00000", ErrType},
	{"-Infinity", "faff800000", ErrType},
	{"Infinity", "fb7ff0000000000000", ErrType},
	{"NaN", "fb7ff8000000000000", ErrType},
	{"-Infinity", "fbfff0000000000000", ErrType},
	{"false", "f4", ErrType},
	{"true", "f5", ErrType},
	{"null", "f6", ErrType},
	{"undefined", "f7", ErrType},
	{"simple(16)", "f0", ErrType},
	{"simple(255)", "f8ff", ErrType},
	{`0("2013-03-21T20:04:00Z")`, "c074323031332d30332d32315432303a30343a30305a", ErrTag},
	{"1(1363896240)", "c11a514b67b0", ErrTag},
	{"1(1363896240.5)", "c1fb41d452d9ec200000", ErrTag},
	{"23(h'01020304')", "d74401020304", ErrTag},
	{"24(h'6449455446')", "d818456449455446", ErrTag},
	{`32("http://www.example.com")`, "d82076687474703a2f2f7777772e6578616d706c652e636f6d", ErrTag},
	{"h''", "40", ""},
	{"h'01020304'", "4401020304", ""},
	{`""`, "60", ""},
	{`"a"`, "6161", ""},
	{`"IETF"`, "6449455446", ""},
	{`"\"\\"`, "62225c", ""},
	{`"ü"`, "62c3bc", ""},
	{`"水"`, "63e6b0b4", ""},
	{`"𐅑"`, "64f0908591", ""},
	{"[]", "80", ""},
	{"[1, 2, 3]", "83010203", ""},
	{"[1, [2, 3], [4, 5]]", "8301820203820405", ""},
	{"[1, …, 25]", "98190102030405060708090a0b0c0d0e0f101112131415161718181819", ""},
	{"{}", "a0", ""},
	{"{1: 2, 3: 4}", "a201020304", ""},
	{`{"a": 1, "b": [2, 3]}`, "a26161016162820203", ""},
	{`["a", {"b": "c"}]`, "826161a161626163", ""},
	{`{"a": "A", …, "e": "E"}`, "a56161614161626142616361436164614461656145", ""},
	{"(_ h'0102', h'030405')", "5f42010243030405ff", ErrIndefinite},
	{`(_ "strea", "ming")`, "7f657374726561646d696e67ff", ErrIndefinite},
	{"[_ ]", "9fff", ErrIndefinite},
	{"[_ 1, [2, 3], [_ 4, 5]]", "9f018202039f0405ffff", ErrIndefinite},
	{"[_ 1, [2, 3], [4, 5]]", "9f01820203820405ff", ErrIndefinite},
	{"[1, [2, 3], [_ 4, 5]]", "83018202039f0405ff", ErrIndefinite},
	{"[1, [_ 2, 3], [4, 5]]", "83019f0203ff820405", ErrIndefinite},
	{"[_ 1, …, 25]", "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", ErrIndefinite},
	{`{_ "a": 1, "b": [_ 2, 3]}`, "bf61610161629f0203ffff", ErrIndefinite},
	{`["a", {_ "b": "c"}]`, "826161bf61626163ff", ErrIndefinite},
	{`{_ "Fun": true, "Amt": -2}`, "bf6346756ef563416d7421ff", ErrIndefinite},
}

func TestEveryExampleOfRFC8949IsAcceptedOrRefusedForItsReason(t *testing.T) {
	accepted := 0
	for _, v := range appendixA {
		got, err := Parse(unhex(t, v.hex))
		if v.want == "" {
			accepted++
			if err != nil {
				t.Errorf("%s: %v", v.diagnostic, err)
			} else if back := encode(t, got); back != unhex(t, v.hex) {
				t.Errorf("%s is written back as %x", v.diagnostic, back)
			}
			continue
		}
		if !errors.Is(err, v.want) || got != "" {
			t.Errorf("%s: %v, want %v", v.diagnostic, err, v.want)
		}
	}
	t.Logf("%d examples: %d in the subset, %d refused", len(appendixA), accepted, len(appendixA)-accepted)
}

// encode writes v with the package's encoder, from what its accessors say.
func encode(t testing.TB, v Value) string {
	t.Helper()
	var b []byte
	switch v.Kind() {
	case Uint:
		n, ok := v.Uint()
		must(t, ok)
		b = AppendUint(nil, n)
	case Negative:
		n, ok := v.Int()
		must(t, ok)
		b = AppendInt(nil, n)
	case Bytes:
		s, ok := v.Bytes()
		must(t, ok)
		b = AppendBytes(nil, s)
	case Text:
		s, ok := v.Text()
		must(t, ok)
		b = AppendText(nil, s)
	case Array:
		items, ok := v.Array()
		must(t, ok)
		b = AppendArray(nil, items.Len())
		for items.Len() > 0 {
			b = append(b, encode(t, items.Next())...)
		}
	case Map:
		items, ok := v.Map()
		must(t, ok)
		var pairs []Pair
		for items.Len() > 0 {
			// In reverse, so that AppendMap has to sort.
			pairs = append([]Pair{{[]byte(encode(t, items.Next())), []byte(encode(t, items.Next()))}}, pairs...)
		}
		b = AppendMap(nil, pairs)
	case Tag:
		inner, ok := v.Tag18()
		must(t, ok)
		b = append(AppendTag18(nil), encode(t, inner)...)
	}
	return string(b)
}

func must(t testing.TB, ok bool) {
	t.Helper()
	if !ok {
		t.Fatal("an accessor denies its own kind")
	}
}

func TestWhatIsNotDeterministicIsRefusedForItsReason(t *testing.T) {
	for _, v := range []struct {
		name, good, bad string
		want            Error
	}{
		{"nothing", "00", "", ErrTruncated},
		{"number cut short", "1903e8", "1903", ErrTruncated},
		{"text cut short", "6161", "61", ErrTruncated},
		{"text longer than everything", "6161", "7bffffffffffffffff61", ErrTruncated},
		{"array longer than its items", "8101", "8201", ErrTruncated},
		{"array of 2⁶⁴−1 items", "8101", "9bffffffffffffffff01", ErrTruncated},
		{"map longer than its entries", "a10102", "a20102", ErrTruncated},
		{"map that ends after a key", "a10102", "a101", ErrTruncated},
		{"map of 2⁶³ entries", "a10102", "bb80000000000000000102", ErrTruncated},
		{"tag around nothing", "d200", "d2", ErrTruncated},
		{"byte behind", "00", "0000", ErrTrailing},
		{"23 in two bytes", "17", "1817", ErrLong},
		{"0 in two bytes", "00", "1800", ErrLong},
		{"255 in three bytes", "18ff", "1900ff", ErrLong},
		{"65535 in five bytes", "19ffff", "1a0000ffff", ErrLong},
		{"2³²−1 in nine bytes", "1affffffff", "1b00000000ffffffff", ErrLong},
		{"−1 in two bytes", "20", "3800", ErrLong},
		{"length in two bytes", "6161", "780161", ErrLong},
		{"tag 18 in two bytes", "d200", "d81200", ErrLong},
		{"reserved 28", "00", "1c", ErrIndefinite},
		{"break alone", "00", "ff", ErrType},
		{"keys in the wrong order", "a201000200", "a202000100", ErrOrder},
		{"keys twice", "a201000200", "a201000100", ErrOrder},
		{"longer key first", "a2617a0062616100", "a2626161006161" + "00", ErrOrder},
		{"negative before positive", "a201002000", "a220000100", ErrOrder},
		{"key of bytes", "a1616100", "a1416100", ErrKey},
		{"key that is a list", "a1616100", "a18000", ErrKey},
		{"cut UTF-8", "62c3bc", "61c3", ErrText},
		{"overlong UTF-8", "6141", "62c181", ErrText},
		{"surrogate", "63e6b0b4", "63eda080", ErrText},
		{"beyond Unicode", "64f0908591", "64f4908080", ErrText},
		{"five levels", "8181818100", "818181818100", ErrDepth},
		{"five levels of maps", "a101a101a101a10100", "a101a101a101a101a10100", ErrDepth},
		{"five levels of tags", "d2d2d2d200", "d2d2d2d2d200", ErrDepth},
		{"−2⁶³−1", "3b7fffffffffffffff", "3b8000000000000000", ErrNumber},
		{"tag 61", "d200", "d83d00", ErrTag},
		{"true in a list", "8100", "81f5", ErrType},
	} {
		if _, err := Parse(unhex(t, v.good)); err != nil {
			t.Errorf("%s: the twin is refused: %v", v.name, err)
		}
		if _, err := Parse(unhex(t, v.bad)); !errors.Is(err, v.want) {
			t.Errorf("%s: %v, want %v", v.name, err, v.want)
		}
	}
}

func TestDeepNestingCostsNothing(t *testing.T) {
	for _, c := range []string{"\x81", "\xa1\x01", "\xd2"} {
		if _, err := Parse(strings.Repeat(c, 1<<20)); !errors.Is(err, ErrDepth) {
			t.Errorf("%x: %v", c, err)
		}
	}
}

func TestIntegersKeepTheirValue(t *testing.T) {
	for _, n := range []int64{math.MinInt64, -1 << 32, -65537, -257, -256, -25, -24, -1, 0, 23, 24, 255, 256, 65535, 65536, 1 << 32, math.MaxInt64} {
		v, err := Parse(string(AppendInt(nil, n)))
		if got, ok := v.Int(); err != nil || !ok || got != n {
			t.Errorf("%d is read as %d, %v, %v", n, got, ok, err)
		}
	}
	v, err := Parse(string(AppendUint(nil, math.MaxUint64)))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := v.Int(); ok {
		t.Error("2⁶⁴−1 is read as an int64")
	}
	if n, ok := v.Uint(); !ok || n != math.MaxUint64 {
		t.Errorf("2⁶⁴−1 is read as %d", n)
	}
}

func TestAccessorsDenyOtherKinds(t *testing.T) {
	for _, h := range []string{"00", "20", "40", "60", "80", "a0", "d200"} {
		v, err := Parse(unhex(t, h))
		if err != nil {
			t.Fatal(err)
		}
		if n := answers(v); n != 1+b(v.Kind() == Uint) {
			t.Errorf("%s: %d accessors answer", h, n)
		}
	}
	if answers("") != 0 {
		t.Error("the zero Value answers")
	}
	var none Items
	if none.Next() != "" || none.Len() != 0 {
		t.Error("the zero Items has an item")
	}
}

func answers(v Value) int {
	_, ok1 := v.Uint()
	_, ok2 := v.Int()
	_, ok3 := v.Bytes()
	_, ok4 := v.Text()
	_, ok5 := v.Array()
	_, ok6 := v.Map()
	_, ok7 := v.Tag18()
	return b(ok1) + b(ok2) + b(ok3) + b(ok4) + b(ok5) + b(ok6) + b(ok7)
}

func b(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

func TestReadingAllocatesNothing(t *testing.T) {
	in := unhex(t, "a26161016162820203")
	if n := testing.AllocsPerRun(100, func() {
		v, err := Parse(in)
		items, ok := v.Map()
		texts := 0
		for ok && items.Len() > 0 {
			if _, isText := items.Next().Text(); isText {
				texts++
			}
		}
		if err != nil || texts != 2 {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzParse(f *testing.F) {
	for _, v := range appendixA {
		f.Add(unhex(f, v.hex))
	}
	f.Fuzz(func(t *testing.T, in string) {
		v, err := Parse(in)
		if err != nil {
			return
		}
		if back := encode(t, v); back != in {
			t.Errorf("%x is written back as %x", in, back)
		}
	})
}
