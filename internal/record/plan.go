package record

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"time"
)

// plan is how values of one type are written and read. decode reads the value that text
// begins with into v, which is zero, and returns what follows it; false where the text is
// not what encode writes.
type plan struct {
	once   sync.Once // a type may contain itself: its plan is made when it is first needed
	of     reflect.Type
	encode func([]byte, reflect.Value) ([]byte, error)
	decode func(text string, v reflect.Value) (rest string, ok bool)
}

// plans remembers a plan for each type. There are as many as the program has types.
var plans sync.Map // reflect.Type → *plan

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p, _ := plans.LoadOrStore(t, &plan{of: t})
	return p.(*plan)
}

func (p *plan) write(b []byte, v reflect.Value) ([]byte, error) {
	p.once.Do(p.make)
	return p.encode(b, v)
}

func (p *plan) read(text string, v reflect.Value) (rest string, ok bool) {
	p.once.Do(p.make)
	return p.decode(text, v)
}

func (p *plan) make() {
	t := p.of
	p.encode, p.decode = encodeForeign, decodeForeign
	switch {
	case t == reflect.TypeFor[time.Time]():
		p.encode, p.decode = encodeTime, decodeTime
		return
	case texts(t):
		p.encode, p.decode = encodeText, decodeText
		return
	case own(t):
		return
	}
	switch t.Kind() {
	case reflect.String:
		p.encode, p.decode = encodeString, decodeString
	case reflect.Bool:
		p.encode, p.decode = encodeBool, decodeBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.encode, p.decode = encodeInt, decodeInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		p.encode, p.decode = encodeUint, decodeUint
	case reflect.Pointer:
		e := pointer{planOf(t.Elem())}
		p.encode, p.decode = e.encode, e.decode
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 { // bytes are base64
			e := slice{planOf(t.Elem())}
			p.encode, p.decode = e.encode, e.decode
		}
	case reflect.Struct:
		if o, ok := fieldsOf(t); ok {
			p.encode, p.decode = o.encode, o.decode
		}
	case reflect.Interface:
		p.encode = encodeAny
	}
}

// own reports whether a type says itself how it is written or read.
func own(t reflect.Type) bool {
	for _, t := range [...]reflect.Type{t, reflect.PointerTo(t)} {
		if t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[json.Unmarshaler]()) ||
			t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) || t.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
			return true
		}
	}
	return false
}

// texts reports whether values of a type are texts of their own making.
func texts(t reflect.Type) bool {
	to := reflect.PointerTo(t)
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface &&
		t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) && to.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) &&
		!to.Implements(reflect.TypeFor[json.Marshaler]()) && !to.Implements(reflect.TypeFor[json.Unmarshaler]())
}

// object is the members of a struct, in their order.
type object []field

type field struct {
	name  string // in quotes, with the colon
	index int
	plan  *plan
	omit  []func(reflect.Value) bool
}

// fieldsOf is false for a struct that only encoding/json understands.
func fieldsOf(t reflect.Type) (out object, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			return nil, false
		}
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) {
			return nil, false
		}
		one := field{name: `"` + name + `":`, index: i, plan: planOf(f.Type)}
		for option := range strings.SplitSeq(options, ",") {
			switch option {
			case "":
			case "omitempty":
				one.omit = append(one.omit, empty)
			case "omitzero":
				one.omit = append(one.omit, zero)
			default:
				return nil, false
			}
		}
		out = append(out, one)
	}
	return out, true
}

func (f *field) omits(v reflect.Value) bool {
	for _, omit := range f.omit {
		if omit(v) {
			return true
		}
	}
	return false
}

// empty is what omitempty leaves out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.String, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// zero is what omitzero leaves out: a type may say itself what its zero is.
func zero(v reflect.Value) bool {
	if v.CanAddr() {
		if t, ok := v.Addr().Interface().(*time.Time); ok {
			return t.IsZero()
		}
	}
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok && !(v.Kind() == reflect.Pointer && v.IsNil()) {
		return z.IsZero()
	}
	return v.IsZero()
}
