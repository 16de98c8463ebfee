package record

import (
	"reflect"
	"strings"
)

// pointer is of a type that is written as what it points to.
type pointer struct{ to *plan }

func (p pointer) encode(b []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(b, null...), nil
	}
	return p.to.write(b, v.Elem())
}

func (p pointer) decode(text string, v reflect.Value) (rest string, ok bool) {
	if rest, ok := strings.CutPrefix(text, null); ok {
		return rest, true
	}
	v.Set(reflect.New(v.Type().Elem()))
	return p.to.read(text, v.Elem())
}

// slice is of a type that is written as an array.
type slice struct{ of *plan }

func (s slice) encode(b []byte, v reflect.Value) (_ []byte, err error) {
	if v.IsNil() {
		return append(b, null...), nil
	}
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = s.of.write(b, v.Index(i)); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func (s slice) decode(text string, v reflect.Value) (rest string, ok bool) {
	if rest, ok := strings.CutPrefix(text, null); ok {
		return rest, true
	}
	if text, ok = strings.CutPrefix(text, "["); !ok {
		return "", false
	}
	if rest, ok := strings.CutPrefix(text, "]"); ok {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		return rest, true
	}
	v.Grow(1 + strings.Count(text[:max(strings.IndexByte(text, ']'), 0)], ","))
	for n := 0; ; n++ {
		if n == v.Cap() { // there are brackets inside
			v.Grow(n)
		}
		v.SetLen(n + 1)
		if text, ok = s.of.read(text, v.Index(n)); !ok || text == "" {
			return "", false
		}
		switch text[0] {
		case ']':
			v.SetCap(n + 1) // whoever appends gets a list of their own
			return after(text, 1)
		case ',':
			text = text[1:]
		default:
			return "", false
		}
	}
}

func (o object) encode(b []byte, v reflect.Value) (_ []byte, err error) {
	b = append(b, '{')
	first := len(b)
	for i := range o {
		f := &o[i]
		value := v.Field(f.index)
		if f.omits(value) {
			continue
		}
		if len(b) > first {
			b = append(b, ',')
		}
		if b, err = f.plan.write(append(b, f.name...), value); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// decode expects the members in their order; those that are omitted are not there.
func (o object) decode(text string, v reflect.Value) (rest string, ok bool) {
	if text, ok = strings.CutPrefix(text, "{"); !ok {
		return "", false
	}
	first := true
	for i := range o {
		f, at := &o[i], text
		if !first {
			if at, ok = strings.CutPrefix(text, ","); !ok {
				break // it ends here, or is of another form
			}
		}
		if at, ok = strings.CutPrefix(at, f.name); !ok {
			continue
		}
		if text, ok = f.plan.read(at, v.Field(f.index)); !ok {
			return "", false
		}
		first = false
	}
	return strings.CutPrefix(text, "}")
}
