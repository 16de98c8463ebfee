package jws

import (
	"strconv"
	"strings"
	"time"
)

// Object is one strict JSON object. Its text is scanned once and kept; members
// are found by their exact names and nothing is lost, unknown ones included.
//
// The accessors that name a type return the zero value for an absent member, and
// also for one of another type, which Err then reports: read what is needed,
// look at Err once. Except for Err's note an Object never changes; Raw, Has and
// Names touch no note and may be called concurrently.
type Object struct {
	text    string
	members []member
	names   uint64    // a bit for each name there is: most names asked for are absent
	first   [64]uint8 // where the members of a bit begin
	err     error
}

// member is a name, unescaped, and where in the text its value stands.
type member struct {
	name     string
	from, to uint32
}

// place maps names to the bits of Object.names; two names may share one.
func place(name string) int {
	if name == "" {
		return 0
	}
	return (len(name)<<3 + int(name[0]) + int(name[len(name)-1])<<1) & 63
}

func bit(name string) uint64 { return 1 << place(name) }

// index notes where the members of each bit begin.
func (o *Object) index() {
	for i := len(o.members) - 1; i >= 0; i-- {
		o.first[place(o.members[i].name)] = uint8(i) // there are 128 at most
	}
}

// Has reports whether there is a member of that name.
func (o *Object) Has(name string) bool { return o.Raw(name) != "" }

// Raw returns the JSON text of a member's value, "" if absent.
func (o *Object) Raw(name string) string {
	at := place(name)
	if o.names&(1<<at) == 0 {
		return ""
	}
	rest := o.members[o.first[at]:]
	for i := range rest {
		if m := &rest[i]; m.name == name {
			return o.text[m.from:m.to]
		}
	}
	return ""
}

// Names lists the members in their order.
func (o *Object) Names() []string {
	names := make([]string, len(o.members))
	for i, m := range o.members {
		names[i] = m.name
	}
	return names
}

// Text returns the JSON text of the whole object.
func (o *Object) Text() string { return o.text }

// Err returns the first disappointment of an accessor: an *Error of reason
// ErrMalformed that names the member asked for.
func (o *Object) Err() error { return o.err }

func (o *Object) mistyped(name, want string) {
	if o.err == nil {
		o.err = fail(ErrMalformed, name+" is not "+want)
	}
}

// String returns a string member.
func (o *Object) String(name string) string {
	raw := o.Raw(name)
	if raw == "" {
		return ""
	}
	if raw[0] != '"' {
		o.mistyped(name, "a string")
		return ""
	}
	return unquote(raw)
}

// Text returns the text of a JSON string that Raw returned, and whether it is one.
func Text(raw string) (string, bool) {
	if raw == "" || raw[0] != '"' {
		return "", false
	}
	return unquote(raw), true
}

// Strings returns a member that is an array of strings or, as aud may be
// (RFC 7519 §4.1.3), a single one. An empty array is an empty, non-nil slice.
func (o *Object) Strings(name string) []string {
	raw := o.Raw(name)
	switch {
	case raw == "":
		return nil
	case raw[0] == '"':
		return []string{unquote(raw)}
	case raw[0] == '[':
		out := []string{}
		for v := range Elements(raw) {
			if v[0] != '"' {
				o.mistyped(name, "an array of strings")
				return nil
			}
			out = append(out, unquote(v))
		}
		return out
	}
	o.mistyped(name, "a string or an array of strings")
	return nil
}

// Int returns a member that is a whole number without fraction or exponent.
func (o *Object) Int(name string) int64 {
	raw := o.Raw(name)
	if raw == "" {
		return 0
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		o.mistyped(name, "a whole number")
		return 0
	}
	return n
}

// The last second of the year 9999: beyond it time.Time stops formatting.
const lastSecond = 253402300799

// Time returns a NumericDate (RFC 7519 §2) in whole seconds after 1970 and before
// the year 10000; 0, which some libraries take for "no limit", is refused.
func (o *Object) Time(name string) time.Time {
	raw := o.Raw(name)
	if raw == "" {
		return time.Time{}
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || n <= 0 || n > lastSecond {
		o.mistyped(name, "a time in whole seconds")
		return time.Time{}
	}
	return time.Unix(n, 0)
}

// Bool returns a member that is true or false.
func (o *Object) Bool(name string) bool {
	raw := o.Raw(name)
	if raw != "" && raw != "true" && raw != "false" {
		o.mistyped(name, "true or false")
	}
	return raw == "true"
}

// Object returns a member that is an object; an empty Object if absent.
func (o *Object) Object(name string) Object {
	raw := o.Raw(name)
	if raw == "" {
		return Object{}
	}
	inner, err := ParseObject(raw)
	if err != nil {
		o.mistyped(name, "an object")
	}
	return inner
}

// In returns the JSON text of a member of a member that is an object, "" if there
// is none. The scan of o has checked all of it, so this one makes no copies.
func (o *Object) In(name, inner string) string {
	raw := o.Raw(name)
	if raw == "" || raw[0] != '{' {
		return ""
	}
	s := scanner{text: raw, at: 1}
	for s.space(); s.peek() == '"'; s.space() {
		name, err := s.name()
		from := s.at
		if err != nil || s.value(2) != nil {
			return ""
		}
		if name == inner {
			return raw[from:s.at]
		}
		s.space()
		s.take(',')
	}
	return ""
}

// Objects returns a member that is an array of objects.
func (o *Object) Objects(name string) []Object {
	raw := o.Raw(name)
	if raw == "" {
		return nil
	}
	if raw[0] != '[' {
		o.mistyped(name, "an array of objects")
		return nil
	}
	out := []Object{}
	for v := range Elements(raw) {
		inner, err := ParseObject(v)
		if err != nil {
			o.mistyped(name, "an array of objects")
			return nil
		}
		out = append(out, inner)
	}
	return out
}

// unquote returns the text of a scanned JSON string; without escapes it is a
// part of raw and costs nothing.
func unquote(raw string) string {
	raw = raw[1 : len(raw)-1]
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	return unescape(raw)
}
