package record

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const null = "null"

// after splits text behind its first n bytes.
func after(text string, n int) (rest string, ok bool) { return text[n:], true }

func encodeForeign(b []byte, v reflect.Value) ([]byte, error) {
	text, err := json.Marshal(v.Interface())
	return append(b, text...), err
}

func decodeForeign(text string, v reflect.Value) (rest string, ok bool) {
	n := extent(text)
	if json.Unmarshal([]byte(text[:n]), v.Addr().Interface()) != nil {
		return "", false
	}
	return after(text, n)
}

// extent is how long the value is that text begins with, if it is well-formed.
func extent(text string) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case (c == '}' || c == ']' || c == ',') && depth == 0:
			return i
		case c == '}' || c == ']':
			depth--
		}
	}
	return len(text)
}

func encodeText(b []byte, v reflect.Value) ([]byte, error) {
	text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
	return appendString(b, string(text)), err
}

func decodeText(text string, v reflect.Value) (rest string, ok bool) {
	s, rest, ok := quoted(text)
	return rest, ok && plain(s) && v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)) == nil
}

func encodeAny(b []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(b, null...), nil
	}
	return planOf(v.Elem().Type()).write(b, v.Elem())
}

func encodeTime(b []byte, v reflect.Value) ([]byte, error) {
	var t time.Time
	if v.CanAddr() {
		t = *v.Addr().Interface().(*time.Time)
	} else {
		t = v.Interface().(time.Time)
	}
	if y := t.Year(); y < 0 || y > 9999 {
		return encodeForeign(b, v) // which has an error for it
	}
	return append(t.AppendFormat(append(b, '"'), time.RFC3339Nano), '"'), nil
}

func decodeTime(text string, v reflect.Value) (rest string, ok bool) {
	s, rest, ok := quoted(text)
	if !ok {
		return "", false
	}
	return rest, v.Addr().Interface().(*time.Time).UnmarshalText([]byte(s)) == nil
}

const hexDigits = "0123456789abcdef"

func encodeString(b []byte, v reflect.Value) ([]byte, error) {
	return appendString(b, v.String()), nil
}

func appendString(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = string([]rune(s)) // each broken byte is U+FFFD, as encoding/json has it
	}
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			b = append(append(b, s[from:i]...), '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			from = i + 1
		}
	}
	return append(append(b, s[from:]...), '"')
}

// quoted reads a string without escapes; records hold few others.
func quoted(text string) (s, rest string, ok bool) {
	if text == "" || text[0] != '"' {
		return "", "", false
	}
	n := strings.IndexByte(text[1:], '"')
	if n < 0 || strings.IndexByte(text[1:1+n], '\\') >= 0 {
		return "", "", false
	}
	return text[1 : 1+n], text[2+n:], true
}

func decodeString(text string, v reflect.Value) (rest string, ok bool) {
	s, rest, ok := quoted(text)
	if !ok || !plain(s) {
		return "", false
	}
	v.SetString(s)
	return rest, true
}

// plain reports whether a string may stand in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' {
			return false
		}
	}
	return utf8.ValidString(s)
}

func encodeBool(b []byte, v reflect.Value) ([]byte, error) {
	return strconv.AppendBool(b, v.Bool()), nil
}

func decodeBool(text string, v reflect.Value) (rest string, ok bool) {
	if rest, ok = strings.CutPrefix(text, "true"); ok {
		v.SetBool(true)
		return rest, true
	}
	return strings.CutPrefix(text, "false")
}

// number is how many digits there are, as encode writes them.
func number(text string) int {
	n := 0
	if strings.HasPrefix(text, "-") {
		n = 1
	}
	if n < len(text) && text[n] == '0' {
		return n + 1
	}
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}

func encodeInt(b []byte, v reflect.Value) ([]byte, error) {
	return strconv.AppendInt(b, v.Int(), 10), nil
}

func decodeInt(text string, v reflect.Value) (rest string, ok bool) {
	at := number(text)
	n, err := strconv.ParseInt(text[:at], 10, 64)
	if err != nil || v.OverflowInt(n) {
		return "", false
	}
	v.SetInt(n)
	return after(text, at)
}

func encodeUint(b []byte, v reflect.Value) ([]byte, error) {
	return strconv.AppendUint(b, v.Uint(), 10), nil
}

func decodeUint(text string, v reflect.Value) (rest string, ok bool) {
	at := number(text)
	n, err := strconv.ParseUint(text[:at], 10, 64)
	if err != nil || v.OverflowUint(n) {
		return "", false
	}
	v.SetUint(n)
	return after(text, at)
}
