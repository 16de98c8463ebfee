package jws

import (
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

// Member is one name and value of a JSON object to write. The value is a string,
// bool, int, int64, time.Time (a NumericDate), []string, []Member or Raw;
// anything else is written as encoding/json does.
type Member struct {
	Name  string
	Value any
}

// Raw is JSON text to write as it stands. It must be one strict value.
type Raw string

// Encode writes a JSON object with its members in the given order. Names and
// strings are escaped, so that neither can add a member; what ParseObject would
// refuse (a name twice, invalid UTF-8, …) is refused here.
func Encode(members ...Member) ([]byte, error) {
	return Append(make([]byte, 0, extent(members)), members...)
}

// Append is Encode behind what b has.
func Append(b []byte, members ...Member) ([]byte, error) {
	from := len(b)
	b, err := appendObject(b, members)
	if err != nil {
		return nil, err
	}
	if !proper(members) {
		if _, err := ParseObject(string(b[from:])); err != nil {
			return nil, err
		}
	} else if !utf8.Valid(b[from:]) {
		return nil, errUTF8
	}
	return b, nil
}

// extent is about how many bytes an object takes.
func extent(members []Member) int {
	n := 2
	for i := range members {
		n += len(members[i].Name) + 4
		switch v := members[i].Value.(type) {
		case string:
			n += len(v) + 2
		case Raw:
			n += len(v)
		case []Member:
			n += extent(v)
		case []string:
			for _, s := range v {
				n += len(s) + 3
			}
		default:
			n += 20 // a number, a time, or a guess
		}
	}
	return n
}

// proper reports whether members are so plain that ParseObject has nothing to say about
// their text but whether it is UTF-8.
func proper(members []Member) bool {
	if len(members) > maxMembers {
		return false
	}
	for i := range members {
		for j := range i {
			if members[j].Name == members[i].Name {
				return false
			}
		}
		switch v := members[i].Value.(type) {
		case string, bool, int, int64, time.Time, []string:
		case []Member:
			for j := range v {
				if _, deep := v[j].Value.([]Member); deep {
					return false
				}
			}
			if !proper(v) {
				return false
			}
		default: // written by somebody else
			return false
		}
	}
	return true
}

func appendObject(b []byte, members []Member) ([]byte, error) {
	b = append(b, '{')
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		b = append(appendString(b, m.Name), ':')
		if b, err = appendValue(b, m.Value); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendValue(b []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case string:
		return appendString(b, v), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case time.Time:
		return strconv.AppendInt(b, v.Unix(), 10), nil
	case []Member:
		return appendObject(b, v)
	case Raw:
		s := scanner{text: string(v)}
		if err := s.value(0); err != nil || s.at != len(v) {
			return nil, errJSON // else `1,"admin":true` would be two members
		}
		return append(b, v...), nil
	case []string:
		b = append(b, '[')
		for i, s := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, s)
		}
		return append(b, ']'), nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return append(b, text...), nil
}

const hexDigits = "0123456789abcdef"

// appendString quotes s. Bytes that are not UTF-8 stay, for Encode to refuse.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c == utf8.RuneSelf-1:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
