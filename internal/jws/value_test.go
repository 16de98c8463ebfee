package jws_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// texts are walked by us and by encoding/json, which must see the same.
var texts = []string{
	`[]`, `[ ]`, `{}`, `{ }`, `[1]`, `[ 1 , "a" ,null]`, "\t[true,\n-1.5e+3 , {} , [] ]\r\n",
	`["\"]","\\",{"a]":"}"}]`, `{"a":1,"b" : [1,{"c":"\\\""}] ,"\u0064":{"e":{"f":[[],[[]]]}}}`,
	`["salt","name",{"_sd":["x"]}]`, `{"":""}`, `[[[[1],2],3],4]`, `["𝔸\ud835\udd38"]`,
}

func TestValuesAreWalkedAsEncodingJSONReadsThem(t *testing.T) {
	for _, text := range texts {
		walk(t, text)
	}
}

func walk(t *testing.T, text string) {
	var got, want any
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	got = rebuild(t, strings.Trim(text, " \t\r\n"))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s walks as %v, want %v", text, got, want)
	}
}

func rebuild(t *testing.T, raw string) any {
	t.Helper()
	switch raw[0] {
	case '[':
		out := []any{}
		for v := range jws.Elements(raw) {
			out = append(out, rebuild(t, v))
		}
		return out
	case '{':
		out := map[string]any{}
		for name, v := range jws.Fields(raw) {
			plain, ok := jws.Text(name)
			if !ok {
				t.Fatalf("a name without quotes in %s", raw)
			}
			out[plain] = rebuild(t, v)
		}
		return out
	}
	var v any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	return v
}

func TestAppendArrayTakesExactlyOneArray(t *testing.T) {
	deep := strings.Repeat("[", 16) + strings.Repeat("]", 16)
	for _, text := range []string{`["s","n",1]`, " [ ] ", deep} {
		if _, err := jws.AppendArray(nil, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{
		``, ` `, `{}`, `"s"`, `["s","n",1]x`, `["s","n",1],`, `["s",]`, `["s"`, `["s" "n"]`, "[\"\xff\"]",
		`["\ud800"]`, `[{"a":1,"a":2}]`, `[01]`, `["s",nul]`, "[" + deep + "]",
	} {
		if got, err := jws.AppendArray(nil, text); !errors.Is(err, jws.ErrMalformed) || got != nil {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
	got, err := jws.AppendArray(nil, ` ["s", "n" , {"a":[1]} ] `)
	if want := []string{`"s"`, `"n"`, `{"a":[1]}`}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestOfOtherValuesNothingIsWalked(t *testing.T) {
	for _, raw := range []string{"", `"[1]"`, "1", "null", "{}"} {
		for v := range jws.Elements(raw) {
			t.Errorf("an element of %q: %q", raw, v)
		}
	}
	for _, raw := range []string{"", `"{}"`, "1", "[1]"} {
		for n := range jws.Fields(raw) {
			t.Errorf("a field of %q: %q", raw, n)
		}
	}
	for range jws.Elements("[1,2]") {
		break // an early end is no harm
	}
	for range jws.Fields(`{"a":1,"b":2}`) {
		break
	}
}

func FuzzArray(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if values, err := jws.AppendArray(nil, text); err == nil {
			walk(t, text)
			if _, err := jws.AppendArray(nil, "["+strings.Join(values, ",")+"]"); err != nil {
				t.Errorf("%q falls apart: %v", text, err)
			}
		}
	})
}
