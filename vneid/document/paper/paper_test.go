package paper

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

func date(t testing.TB, s string) vneid.Date {
	t.Helper()
	if s == "" {
		return vneid.Date{}
	}
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// open are the claims of a document that never belong to its kind.
var open = []string{"iss", "aud", "sub", "txn", "jti", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "verification", "predicates", "_sd", "_sd_alg", "..."}

func TestEveryKindHasClaimsWithLabels(t *testing.T) {
	used := map[string]bool{}
	for _, kind := range Kinds() {
		names := Claims(kind)
		if len(names) == 0 {
			t.Errorf("%s has no claims", kind)
		}
		for i, name := range names {
			used[name] = true
			if slices.Contains(open, name) || slices.Contains(names[:i], name) || strings.ToLower(name) != name || name == "" {
				t.Errorf("%s: %q is no name for a claim", kind, name)
			}
			if vi, en := Label(name); vi == name || en == name || vi == "" || viet.Accented(en) {
				t.Errorf("%s: %s has the labels %q and %q", kind, name, vi, en)
			}
		}
		if slices.Contains(names, "birth") != document.AgeAtLeast(18).FitsKind(kind) {
			t.Errorf("%s: that a date of birth stands on it and that it answers about age must agree", kind)
		}
		vi, _ := kind.Label()
		if vi == string(kind) {
			t.Errorf("%s has no label", kind)
		}
	}
	for name := range labels {
		if !used[name] {
			t.Errorf("%s has labels and no document", name)
		}
	}
	if vi, en := Label("unheard-of"); vi != "unheard-of" || en != vi {
		t.Error(vi, en)
	}
	for _, kind := range []document.Kind{document.HealthRecord, document.JudicialRecord2, document.Biometrics, "land-title", ""} {
		if Claims(kind) != nil || slices.Contains(Kinds(), kind) {
			t.Errorf("%s can be asked for", kind)
		}
		if p, err := Parse(kind, []byte(`{}`)); p != nil || !errors.Is(err, vneid.ErrMalformed) {
			t.Errorf("%s: %v, %v", kind, p, err)
		}
	}
	Claims(document.Passport)[0] = "changed"
	if Claims(document.Passport)[0] != "number" {
		t.Error("a caller can change the table")
	}
}

// full fills every field of a value with something that is not its zero.
func full(t *testing.T, v reflect.Value) {
	t.Helper()
	switch {
	case v.Type() == reflect.TypeFor[vneid.Date]():
		v.Set(reflect.ValueOf(date(t, "1990-12-31")))
	case v.Type() == reflect.TypeFor[map[string]json.RawMessage]():
		v.Set(reflect.ValueOf(map[string]json.RawMessage{"zz": json.RawMessage(`{"a":[1,2]}`), "Name": json.RawMessage(`"kept apart"`)}))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			full(t, v.Field(i))
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		full(t, v.Index(0))
		full(t, v.Index(1))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem())) // false and 0, which are not nothing
	case v.Kind() == reflect.String:
		v.SetString("chữ <&> \"x\"")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(7)
	default:
		t.Fatalf("no value for %s", v.Type())
	}
}

func TestPapersSurviveTheirJSON(t *testing.T) {
	for _, zero := range all {
		v := reflect.New(reflect.TypeOf(zero)).Elem()
		full(t, v)
		text, err := json.Marshal(v.Interface())
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(zero.Kind(), text)
		if err != nil || !reflect.DeepEqual(got, v.Interface()) {
			t.Errorf("%s: %s\nis read as %+v, %v", zero.Kind(), text, got, err)
		}
		var names map[string]json.RawMessage
		if err := json.Unmarshal(text, &names); err != nil || len(names) != len(Claims(zero.Kind()))+2 {
			t.Errorf("%s: %d members: %s, %v", zero.Kind(), len(names), text, err)
		}
		if text, err := json.Marshal(zero); err != nil || string(text) != "{}" {
			t.Errorf("an empty %s is written %s, %v", zero.Kind(), text, err)
		}
		if got, err := Parse(zero.Kind(), []byte("{}")); err != nil || !reflect.DeepEqual(got, zero) {
			t.Errorf("an empty %s is read as %+v, %v", zero.Kind(), got, err)
		}
	}
}

func TestTextsAreWrittenAsEncodingJSONDoes(t *testing.T) {
	for _, text := range []string{
		"Nguyễn Văn An", "Ð Đ", "a\"b", `a\b`, "<b>", "a>b", "a&b", "a\nb", "\x00", "\x1f", "\x7f", "a\u2028b", "a\u2029b", "\xff", "a\xc3", "\ufffd", "😀", "a/b",
	} {
		want, err := json.Marshal(map[string]string{"name": text})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := (TaxCode{Name: text}).MarshalJSON(); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%q: %s, %v; encoding/json: %s", text, got, err, want)
		}
	}
}

func TestExtraNeverSpeaksForAField(t *testing.T) {
	p := TaxCode{Number: "0000000001", Extra: map[string]json.RawMessage{"number": []byte(`"9"`), "name": []byte(`"x"`), "empty": nil, "kept": []byte(`1`)}}
	text, err := json.Marshal(p)
	if err != nil || string(text) != `{"number":"0000000001","kept":1}` {
		t.Errorf("%s, %v", text, err)
	}
	p.Extra = map[string]json.RawMessage{"a": []byte(`1,"number":2`)}
	if text, err := json.Marshal(p); err == nil {
		t.Errorf("a member of Extra becomes two: %s", text)
	}
}

func TestWhatIsRefusedLeavesNothing(t *testing.T) {
	for _, c := range []struct{ fault, twin, refused string }{
		{"a name twice", `{"number":"1","zz":2}`, `{"number":"1","number":"2"}`},
		{"an unknown name twice", `{"zz":1,"yy":2}`, `{"zz":1,"zz":2}`},
		{"a name twice within", `{"zz":{"a":1}}`, `{"zz":{"a":1,"a":1}}`},
		{"a number where text should be", `{"number":"1"}`, `{"number":1}`},
		{"null", `{"number":""}`, `{"number":null}`},
		{"no such date", `{"issued":"2024-02-29"}`, `{"issued":"2023-02-29"}`},
		{"a fraction of a point", `{"points":12}`, `{"points":0.5}`},
		{"a class that is no object", `{"classes":[{"class":"B"}]}`, `{"classes":["B"]}`},
		{"an array", `{}`, `[]`},
		{"something behind it", `{}`, `{} {}`},
		{"nothing", `{}`, ``},
	} {
		if _, err := Parse(document.DriverLicence, []byte(c.twin)); err != nil {
			t.Errorf("%s: the twin: %v", c.fault, err)
		}
		got := DriverLicence{Name: "from before"}
		if err := got.UnmarshalJSON([]byte(c.refused)); !errors.Is(err, vneid.ErrMalformed) || !reflect.DeepEqual(got, DriverLicence{}) {
			t.Errorf("%s: %+v, %v", c.fault, got, err)
		}
	}
	var p Passport
	if err := p.UnmarshalJSON([]byte(`{"NUMBER":"1","Number":"2"}`)); err != nil || p.Number != "" || len(p.Extra) != 2 {
		t.Errorf("names are compared exactly: %+v, %v", p, err)
	}
}

func TestSlogShowsNothingOfAPaper(t *testing.T) {
	const canary = "Nguyễn Văn Kín"
	for _, zero := range all {
		v := reflect.New(reflect.TypeOf(zero))
		if err := v.Interface().(json.Unmarshaler).UnmarshalJSON([]byte(`{"zz":"` + canary + `"}`)); err != nil {
			t.Fatal(err)
		}
		for name, write := range map[string]func(*bytes.Buffer) slog.Handler{
			"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
			"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		} {
			var out bytes.Buffer
			slog.New(write(&out)).Info("m", "paper", v.Elem().Interface(), "pointer", v.Interface(), slog.Group("g", "paper", v.Elem().Interface()))
			if strings.Contains(out.String(), "Nguy") || strings.Count(out.String(), "document "+string(zero.Kind())) != 3 {
				t.Errorf("%s, %s: %s", zero.Kind(), name, out.String())
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, kind := range Kinds() {
		f.Add(string(kind), `{"number":"1","name":"x","birth":"1990","zz":[1]}`)
	}
	f.Add("driver-licence", `{"classes":[{"class":"B","expires":"2035-01-01"}],"points":0}`)
	f.Add("identity", `{"birth":"1990-13"}`)
	f.Fuzz(func(t *testing.T, kind, text string) {
		p, err := Parse(document.Kind(kind), []byte(text))
		if err != nil {
			if p != nil || !errors.Is(err, vneid.ErrMalformed) {
				t.Fatal(p, err)
			}
			return
		}
		once, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(document.Kind(kind), once)
		if err != nil {
			t.Fatalf("%s is written %s: %v", text, once, err)
		}
		if twice, err := json.Marshal(again); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%s, then %s, %v", once, twice, err)
		}
	})
}
