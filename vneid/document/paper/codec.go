package paper

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"

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
	b := bytes.NewBufferString("{")
	put := func(name string, value []byte, err error) error {
		if err != nil {
			return err
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		text, err := json.Marshal(name)
		b.Write(text)
		b.WriteByte(':')
		b.Write(value)
		return err
	}
	known := make(map[string]bool)
	for name, field := range members(reflect.ValueOf(p)) {
		known[name] = true
		if field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0 {
			continue
		}
		text, err := json.Marshal(field.Interface())
		if err := put(name, text, err); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if known[name] || extra[name] == nil {
			continue
		}
		if !json.Valid(extra[name]) { // 1,"number":2 would be two members
			return nil, errExtra
		}
		if err := put(name, extra[name], nil); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	if _, err := jws.ParseObject(b.String()); err != nil {
		return nil, errExtra
	}
	return b.Bytes(), nil
}

// errExtra has no kind: it is the caller who filled Extra.
var errExtra = errors.New("document: Extra has a member that is no strict JSON")

// hidden is what logs show of a paper.
func hidden(p Paper) slog.Value { return slog.StringValue("document " + string(p.Kind())) }
