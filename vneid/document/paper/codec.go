package paper

import (
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// encoding/json takes "NUMBER" for number, lets the last of two members win and has
// no place for what it does not know. So the outer object is read and written here.

// members yields a paper's fields by their JSON names, those of an embedded record
// among them.
func members(v reflect.Value) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) { each(v, yield) }
}

func each(v reflect.Value, yield func(string, reflect.Value) bool) bool {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			if !each(v.Field(i), yield) {
				return false
			}
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "-" && !yield(name, v.Field(i)) {
			return false
		}
	}
	return true
}

// read fills the paper that p points to. Of what is refused it keeps nothing.
func read[T any](data []byte, p *T, extra *map[string]json.RawMessage) error {
	var zero T
	*p = zero
	o, err := jws.ParseObject(string(data))
	if err != nil {
		return fault.Wrap(vneid.ErrMalformed, err, "document: not a strict JSON object")
	}
	known := make(map[string]bool)
	for name, field := range members(reflect.ValueOf(p).Elem()) {
		known[name] = true
		raw := o.Raw(name)
		if raw == "" {
			continue
		}
		if raw == "null" || json.Unmarshal([]byte(raw), field.Addr().Interface()) != nil {
			*p = zero
			return fault.New(vneid.ErrMalformed, "document: %s is not what it should be", name)
		}
	}
	for _, name := range o.Names() {
		if known[name] {
			continue
		}
		if *extra == nil {
			*extra = make(map[string]json.RawMessage)
		}
		(*extra)[name] = json.RawMessage(o.Raw(name))
	}
	return nil
}

// write is the inverse of read. Zero fields are left out, and of extra what has the
// name of a field.
func write(p Paper, extra map[string]json.RawMessage) ([]byte, error) {
	b := append(make([]byte, 0, 512), '{')
	for name, field := range members(reflect.ValueOf(p)) {
		if field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0 {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), name...), '"', ':')
		var err error
		if b, err = appendValue(b, field); err != nil {
			return nil, err
		}
	}
	if len(extra) == 0 {
		return append(b, '}'), nil
	}
	return writeExtra(b, p, extra)
}

// appendValue leaves to encoding/json what is not plain text: few fields are not.
func appendValue(b []byte, field reflect.Value) ([]byte, error) {
	if field.Type() == reflect.TypeFor[string]() && plain(field.String()) {
		return append(append(append(b, '"'), field.String()...), '"'), nil
	}
	text, err := json.Marshal(field.Interface())
	return append(b, text...), err
}

// plain reports whether encoding/json writes a text as it is.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r == '"' || r == '\\' || r == '<' || r == '>' || r == '&' || r == '\u2028' || r == '\u2029'
	})
}

// writeExtra writes what no field has the name of behind the fields.
func writeExtra(b []byte, p Paper, extra map[string]json.RawMessage) ([]byte, error) {
	known := make(map[string]bool)
	for name := range members(reflect.ValueOf(p)) {
		known[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if known[name] || extra[name] == nil {
			continue
		}
		if !json.Valid(extra[name]) { // 1,"number":2 would be two members
			return nil, errExtra
		}
		text, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, text...), ':'), extra[name]...)
	}
	b = append(b, '}')
	if _, err := jws.ParseObject(string(b)); err != nil {
		return nil, errExtra
	}
	return b, nil
}

// errExtra has no kind: it is the caller who filled Extra.
var errExtra = errors.New("document: Extra has a member that is no strict JSON")

// hidden is what logs show of a paper.
func hidden(p Paper) slog.Value { return slog.StringValue("document " + string(p.Kind())) }
