package record

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

type word string

// own writes itself.
type ownText struct{ s string }

func (o ownText) MarshalText() ([]byte, error)  { return []byte("<" + o.s + ">"), nil }
func (o *ownText) UnmarshalText(b []byte) error { o.s = strings.Trim(string(b), "<>"); return nil }
func (o ownText) IsZero() bool                  { return o.s == "" }

type inner struct {
	A string   `json:"a"`
	B []string `json:"b,omitempty"`
	C *inner   `json:"c,omitempty"` // a type that contains itself
}

// every has a field of each sort that a record has.
type every struct {
	Text     string            `json:"text"`
	Word     word              `json:"word,omitempty"`
	Words    []word            `json:"words"`
	Yes      bool              `json:"yes,omitempty"`
	Int      int               `json:"int"`
	Small    int8              `json:"small,omitempty"`
	Unsigned uint32            `json:"unsigned"`
	Wait     time.Duration     `json:"wait"`
	May      *time.Duration    `json:"may,omitempty"`
	At       time.Time         `json:"at"`
	Until    time.Time         `json:"until,omitzero"`
	Inner    inner             `json:"inner"`
	Zero     inner             `json:"zero,omitzero"`
	Pointer  *inner            `json:"pointer"`
	List     []inner           `json:"list,omitempty"`
	Bytes    []byte            `json:"bytes,omitempty"`
	Raw      json.RawMessage   `json:"raw,omitempty"`
	Map      map[string][]word `json:"map,omitempty"`
	Float    float64           `json:"float"`
	Own      ownText           `json:"own,omitzero"`
	Owns     []ownText         `json:"owns"`
	Any      any               `json:"any,omitempty"`
	Unnamed  string
	Hidden   string `json:"-"`
	private  string
}

// some makes a value with some of its fields set, from texts that need escaping.
func some(r *rand.Rand) (e every) {
	texts := []string{"", "plain", "Nguyễn Văn Mẫu", `a "quote" and a \`, "line\nfeed\x00", "<b>&amp;", "\u2028", "broken \xff", "broken \xff\xfe\xc3 more", "😀"}
	text := func() string { return texts[r.IntN(len(texts))] }
	fill := func(in *inner) { in.A, in.B = text(), [][]string{nil, {}, {text()}, {text(), text()}}[r.IntN(4)] }
	at := time.Unix(r.Int64N(4e9), r.Int64N(1e9)).UTC()
	set := []func(){
		func() { e.Text = text() }, func() { e.Word = word(text()) }, func() { e.Words = []word{word(text()), "x"} }, func() { e.Words = []word{} },
		func() { e.Yes = true }, func() { e.Int = -r.Int() }, func() { e.Small = -8 }, func() { e.Unsigned = r.Uint32() },
		func() { e.Wait = time.Duration(r.Int64()) }, func() { d := time.Second; e.May = &d }, func() { e.At = at }, func() { e.Until = at.In(time.FixedZone("", 7*3600)) },
		func() { fill(&e.Inner) }, func() { fill(&e.Zero) }, func() { e.Pointer = &inner{C: &inner{A: "deep"}}; fill(e.Pointer) },
		func() { e.List = make([]inner, 2); fill(&e.List[1]) }, func() { e.Bytes = []byte(text()) }, func() { e.Raw = json.RawMessage(`{"a":[1,null]}`) },
		func() { e.Map = map[string][]word{"k": {"v"}} }, func() { e.Float = r.Float64() }, func() { e.Own.s = "own" }, func() { e.Owns = []ownText{{"a"}, {}} },
		func() { e.Any = map[string]any{"a": "b"} }, func() { e.Unnamed = text() }, func() { e.Hidden = "hidden" }, func() { e.private = "private" },
	}
	for _, f := range set {
		if r.IntN(2) == 0 {
			f()
		}
	}
	return e
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestRecordsAreThoseOfEncodingJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		in := some(r)
		theirs, err := json.Marshal(in)
		must(t, err)
		ours, err := Encode(in)
		must(t, err)

		var want, a, b every
		must(t, json.Unmarshal(theirs, &want))
		must(t, json.Unmarshal(ours, &a))
		must(t, Decode(theirs, &b))
		if !reflect.DeepEqual(a, want) {
			t.Fatalf("written\n%s\nwhere encoding/json writes\n%s", ours, theirs)
		}
		if !reflect.DeepEqual(b, want) {
			t.Fatalf("of\n%s\nread\n%+v\nwhere encoding/json reads\n%+v", theirs, b, want)
		}
	}
}

func TestWhatIsNoRecordIsRefused(t *testing.T) {
	good := `{"text":"a","words":["b"],"yes":true,"int":1,"unsigned":2,"at":"2026-11-22T09:00:00Z","inner":{"a":"c"}}`
	must(t, Decode([]byte(good), new(every)))
	for name, edit := range map[string][2]string{
		"cut off":                  {`}}`, `}`},
		"a number as text":         {`"a","words"`, `1,"words"`},
		"text as a number":         {`"int":1`, `"int":"1"`},
		"a fraction":               {`"int":1`, `"int":1.5`},
		"a number below nothing":   {`"unsigned":2`, `"unsigned":-2`},
		"a number that is too big": {`"unsigned":2`, `"unsigned":4294967296`},
		"an object as a list":      {`["b"]`, `{"b":1}`},
		"a list as an object":      {`{"a":"c"}`, `["c"]`},
		"text as yes":              {`true`, `"true"`},
		"no time":                  {`2026-11-22`, `2026-13-22`},
		"something behind":         {`}}`, `}}x`},
	} {
		bad := strings.Replace(good, edit[0], edit[1], 1)
		var theirs every
		if bad == good || json.Unmarshal([]byte(bad), &theirs) == nil {
			t.Fatalf("%s: the case is none", name)
		}
		if err := Decode([]byte(bad), new(every)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

// Of another version, or another hand: encoding/json reads it, and so it is read, alike.
func TestRecordsOfAnotherFormAreReadAsEncodingJSONReadsThem(t *testing.T) {
	good := `{"text":"a","yes":true,"int":1,"at":"2026-11-22T09:00:00Z","inner":{"a":"c"}}`
	for name, edit := range map[string][2]string{
		"as it is":                   {`"a"`, `"a"`},
		"a member that nobody knows": {`"yes":true`, `"yes":true,"later":[{"x":null}]`},
		"a name twice":               {`"int":1`, `"int":1,"int":2`},
		"an object twice":            {`"inner":{"a":"c"}`, `"inner":{"a":"c"},"inner":{"b":["d"]}`},
		"another order":              {`"text":"a","yes":true`, `"yes":true,"text":"a"`},
		"spaces":                     {`,"int":1`, " ,\n\t\"int\" : 1 "},
		"other letters":              {`"text"`, `"TEXT"`},
		"null":                       {`"a"`, `null`},
		"an escaped name":            {`"text"`, `"te\u0078t"`},
		"an exponent":                {`"int":1`, `"int":1,"float":1e3`},
		"half a pair":                {`"a"`, `"\ud83d"`},
	} {
		text := []byte(strings.Replace(good, edit[0], edit[1], 1))
		var ours, theirs every
		must(t, json.Unmarshal(text, &theirs))
		if err := Decode(text, &ours); err != nil || !reflect.DeepEqual(ours, theirs) {
			t.Errorf("%s: %v\n%+v\nwhere encoding/json reads\n%+v", name, err, ours, theirs)
		}
	}
}

// Lists and maps that are wider, or values that are deeper, than the strict scan allows
// are still records.
func TestLargeRecordsAreRead(t *testing.T) {
	in := every{Map: map[string][]word{}}
	for i := range 300 {
		in.Map[strings.Repeat("k", i+1)] = []word{"v"}
	}
	deep := &in.Inner
	for range 20 {
		deep.C = &inner{A: "x"}
		deep = deep.C
	}
	text, err := Encode(in)
	must(t, err)
	var out every
	must(t, Decode(text, &out))
	if len(out.Map) != 300 || out.Inner.C.C.C.A != "x" {
		t.Error("a large record is not read")
	}
}

func TestOtherThingsThanRecords(t *testing.T) {
	for _, v := range []any{"text", 7, []string{"a"}, nil} {
		ours, err := Encode(v)
		must(t, err)
		theirs, err := json.Marshal(v)
		must(t, err)
		if string(ours) != string(theirs) {
			t.Errorf("%v is written as %s", v, ours)
		}
	}
	var s string
	must(t, Decode([]byte(`"a\u0041"`), &s))
	if s != "aA" || Decode([]byte(`"x"`), s) == nil || Decode([]byte(`{}`), nil) == nil || Decode(nil, &s) == nil {
		t.Error("a text is not read, or a thing that nothing can be read into is taken")
	}
}

func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		b, _ := json.Marshal(some(r))
		f.Add(b)
	}
	f.Add([]byte(`{"inner":{"a":`))
	f.Add([]byte(`{"words":[[],{}],"list":[null]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var ours, theirs every
		if Decode(text, &ours) != nil {
			return
		}
		if err := json.Unmarshal(text, &theirs); err != nil {
			t.Fatalf("read, where encoding/json says %v", err)
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	in := every{Text: "plain", Word: "word", Words: []word{"a", "b"}, Yes: true, Int: 7, At: time.Now(), Until: time.Now(), Inner: inner{A: "a", B: []string{"c"}}}
	text, err := json.Marshal(in)
	if err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]func() error{
		"encode/ours": func() error { _, err := Encode(in); return err }, "encode/json": func() error { _, err := json.Marshal(in); return err },
		"decode/ours": func() error { return Decode(text, new(every)) }, "decode/json": func() error { return json.Unmarshal(text, new(every)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
