package jws_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

func object(t testing.TB, text string) jws.Object {
	t.Helper()
	o, err := jws.ParseObject(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

func TestAccessorsReadTheirTypeAndNothingElse(t *testing.T) {
	const text = `{"s":"a\u0062","n":-7,"big":9223372036854775807,"b":true,"no":false,"null":null,
		"l":["x","\ny"],"e":[ ],"o":{"in":{"k":"v"}},"os":[{"a":1},{}],"t":1767600600,"f":1.0}`
	o := object(t, text)
	if o.String("s") != "ab" || o.Int("n") != -7 || o.Int("big") != math.MaxInt64 || !o.Bool("b") || o.Bool("no") ||
		!slices.Equal(o.Strings("l"), []string{"x", "\ny"}) || !slices.Equal(o.Strings("s"), []string{"ab"}) ||
		!o.Time("t").Equal(time.Unix(1767600600, 0)) || o.Raw("f") != "1.0" || o.Text() != text {
		t.Error("a member is read wrongly")
	}
	if e := o.Strings("e"); e == nil || len(e) != 0 {
		t.Errorf("an empty array is %v", e)
	}
	inner := o.Object("o")
	inner = inner.Object("in")
	if inner.String("k") != "v" {
		t.Error("an inner object is read wrongly")
	}
	if os := o.Objects("os"); len(os) != 2 || os[0].Int("a") != 1 || os[1].Has("a") {
		t.Error("an array of objects is read wrongly")
	}
	if !o.Has("null") || o.Has("absent") || o.Has("S") || len(o.Names()) != 12 || o.Names()[0] != "s" {
		t.Error("members are found wrongly")
	}
	if o.String("absent") != "" || o.Int("absent") != 0 || o.Bool("absent") || o.Strings("absent") != nil || o.Objects("absent") != nil || !o.Time("absent").IsZero() {
		t.Error("an absent member is something")
	}
	if absent := o.Object("absent"); absent.Text() != "" || absent.Has("x") {
		t.Error("an absent object is something")
	}
	if err := o.Err(); err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func(*jws.Object){
		"n is not a string":                        func(o *jws.Object) { o.String("n") },
		"null is not a string":                     func(o *jws.Object) { o.String("null") },
		"s is not a whole number":                  func(o *jws.Object) { o.Int("s") },
		"f is not a whole number":                  func(o *jws.Object) { o.Int("f") },
		"s is not true or false":                   func(o *jws.Object) { o.Bool("s") },
		"o is not a string or an array of strings": func(o *jws.Object) { o.Strings("o") },
		"os is not an array of strings":            func(o *jws.Object) { o.Strings("os") },
		"n is not a time in whole seconds":         func(o *jws.Object) { o.Time("n") },
		"big is not a time in whole seconds":       func(o *jws.Object) { o.Time("big") },
		"s is not an object":                       func(o *jws.Object) { o.Object("s") },
		"o is not an array of objects":             func(o *jws.Object) { o.Objects("o") },
		"l is not an array of objects":             func(o *jws.Object) { o.Objects("l") },
	} {
		o := object(t, text)
		read(&o)
		o.String("l") // a later one does not replace the first
		if err := o.Err(); err == nil || err.Error() != name || !errors.Is(err, jws.ErrMalformed) {
			t.Errorf("got %v, want %q", err, name)
		}
	}
	var zero jws.Object
	if zero.Has("") || zero.String("x") != "" || zero.Err() != nil || zero.Text() != "" {
		t.Error("the zero Object is something")
	}
}

func TestEncodeWritesWhatParseObjectReads(t *testing.T) {
	hostile := "\x00\x1f\x7f\"\\</script>\u2028đ"
	b, err := jws.Encode(
		jws.Member{Name: "s", Value: hostile},
		jws.Member{Name: hostile, Value: 1},
		jws.Member{Name: `x":1,"admin`, Value: true},
		jws.Member{Name: "i", Value: int64(math.MinInt64)},
		jws.Member{Name: "t", Value: time.Unix(1767600600, 999)},
		jws.Member{Name: "l", Value: []string{"a", hostile}},
		jws.Member{Name: "e", Value: []string(nil)},
		jws.Member{Name: "o", Value: []jws.Member{{Name: "k", Value: "v"}, {Name: "n", Value: nil}}},
		jws.Member{Name: "r", Value: jws.Raw(`[1,{"a":2}]`)},
		jws.Member{Name: "m", Value: map[string]any{"a": 1.5}},
	)
	if err != nil {
		t.Fatal(err)
	}
	o := object(t, string(b))
	inner := o.Object("o")
	if o.String("s") != hostile || o.Int(hostile) != 1 || o.Has("admin") || o.Int("i") != math.MinInt64 || o.Time("t").Unix() != 1767600600 ||
		!slices.Equal(o.Strings("l"), []string{"a", hostile}) || len(o.Strings("e")) != 0 || inner.String("k") != "v" || inner.Raw("n") != "null" ||
		o.Raw("r") != `[1,{"a":2}]` || o.Raw("m") != `{"a":1.5}` || o.Err() != nil {
		t.Errorf("%s, %v", b, o.Err())
	}
	var std map[string]any
	if err := json.Unmarshal(b, &std); err != nil || std["s"] != hostile {
		t.Errorf("encoding/json reads %v, %v", std["s"], err)
	}
}

func TestEncodeRefusesWhatNobodyShouldRead(t *testing.T) {
	for name, members := range map[string][]jws.Member{
		"a name twice":            {{Name: "a", Value: 1}, {Name: "a", Value: 2}},
		"a value not in UTF-8":    {{Name: "a", Value: "\xff"}},
		"a name not in UTF-8":     {{Name: "\xff", Value: 1}},
		"raw text that adds more": {{Name: "a", Value: jws.Raw(`1,"admin":true`)}},
		"raw text of nothing":     {{Name: "a", Value: jws.Raw("")}},
		"raw text half done":      {{Name: "a", Value: jws.Raw("[1")}},
		"too deep":                {{Name: "a", Value: jws.Raw(strings.Repeat("[", 16) + strings.Repeat("]", 16))}},
		"a value without JSON":    {{Name: "a", Value: func() {}}},
		"infinity":                {{Name: "a", Value: math.Inf(1)}},
	} {
		if b, err := jws.Encode(members...); err == nil || b != nil {
			t.Errorf("%s: %s, %v", name, b, err)
		}
	}
	if b, err := jws.Encode(jws.Member{Name: "a", Value: jws.Raw(strings.Repeat("[", 15) + strings.Repeat("]", 15))}); err != nil {
		t.Errorf("16 levels: %s, %v", b, err)
	}
	if b, err := jws.Encode(); err != nil || string(b) != "{}" {
		t.Errorf("no members: %s, %v", b, err)
	}
}

// What Encode writes is what ParseObject reads, and nothing that it would refuse.
func TestWhatIsEncodedIsReadAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{"a", "b", "", "Nguyễn", "\xff", "q\"uote", "\u2028", "c"}
	text := func() string { return texts[r.IntN(len(texts))] }
	var object func(depth int) []jws.Member
	object = func(depth int) (out []jws.Member) {
		n := r.IntN(4)
		if r.IntN(200) == 0 {
			n = 120 + r.IntN(20)
		}
		for i := range n {
			name := text()
			if r.IntN(3) > 0 || n > 4 {
				name += strconv.Itoa(i)
			}
			values := []any{text(), true, -1, int64(1) << 62, time.Unix(1767600600, 5), []string{text(), "x"}, []string{}, jws.Raw(`{"a":[1]}`), jws.Raw(`{"a":1,"a":2}`), map[string]any{"k": 1.5}, nil}
			value := values[r.IntN(len(values))]
			if depth < 18 && r.IntN(3) == 0 {
				value = object(depth + 1)
			}
			out = append(out, jws.Member{Name: name, Value: value})
		}
		return out
	}
	taken, refused := 0, 0
	for range 20000 {
		members := object(1)
		if r.IntN(4) == 0 { // deep ones
			for range 10 + r.IntN(8) {
				members = []jws.Member{{Name: "in", Value: members}}
			}
		}
		b, err := jws.Encode(members...)
		if err != nil {
			if refused++; b != nil {
				t.Fatal("text beside an error")
			}
			continue
		}
		taken++
		if _, err := jws.ParseObject(string(b)); err != nil {
			t.Fatalf("%v of %v", err, members)
		}
	}
	if taken < 1000 || refused < 1000 {
		t.Errorf("%d taken, %d refused", taken, refused)
	}
}

// Pairwise comparison of names must not become an attack.
func TestTheDearestTextIsCheap(t *testing.T) {
	var b strings.Builder
	b.WriteString("[")
	for i := 0; b.Len() < 1<<20; i++ {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(`{`)
		for j := range 128 {
			if j > 0 {
				b.WriteString(",")
			}
			b.WriteString(`"` + strings.Repeat("a", j%8) + string(rune('A'+j/8)) + `":0`)
		}
		b.WriteString(`}`)
	}
	b.WriteString("]")
	text := `{"x":` + b.String() + `}`
	r := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			if _, err := jws.ParseObject(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	if r.NsPerOp() > int64(500*time.Millisecond) {
		t.Errorf("1 MiB took %v", time.Duration(r.NsPerOp()))
	}
	t.Logf("1 MiB in %v", time.Duration(r.NsPerOp()))
}
