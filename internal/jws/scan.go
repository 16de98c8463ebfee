package jws

import (
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of JSON texts: real tokens stay far below both, and what a hostile one
// can cost stays bounded (names are compared pairwise).
const (
	maxDepth   = 16
	maxMembers = 128
)

var (
	errJSON   = fail(ErrMalformed, "not one strict JSON object")
	errUTF8   = fail(ErrMalformed, "the JSON text is not valid UTF-8")
	errTwice  = fail(ErrMalformed, "a JSON object has one name twice")
	errDepth  = fail(ErrMalformed, "the JSON text is nested too deeply")
	errWidth  = fail(ErrMalformed, "a JSON object has too many members")
	errEscape = fail(ErrMalformed, "a JSON string has an invalid escape")
)

// ParseObject reads text as exactly one JSON object by the package's rules.
func ParseObject(text string) (Object, error) {
	if uint64(len(text)) > math.MaxUint32 {
		return Object{}, errJSON
	}
	if !utf8.ValidString(text) {
		return Object{}, errUTF8
	}
	s := scanner{text: text}
	s.space()
	if s.peek() != '{' {
		return Object{}, errJSON
	}
	// Members are divided by commas: a good guess of how many there are.
	s.members = make([]member, 0, min(strings.Count(text, ",")+1, maxMembers))
	names, err := s.object(1)
	if err != nil {
		return Object{}, err
	}
	if s.space(); s.at != len(text) {
		return Object{}, errJSON
	}
	o := Object{text: text, members: s.members, names: names}
	o.index()
	return o, nil
}

// scanner walks a JSON text (RFC 8259) without building values. members is a
// stack: an object's members lie on those of the objects around it, and only the
// outermost ones stay.
type scanner struct {
	text    string
	at      int
	members []member
}

// peek returns the byte at hand, 0 at the end; no token starts with 0.
func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// take skips c, if c is next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

func (s *scanner) value(depth int) error {
	if depth > maxDepth {
		return errDepth
	}
	switch c := s.peek(); {
	case c == '"':
		return s.str()
	case c == '{':
		outer := len(s.members)
		_, err := s.object(depth)
		s.members = s.members[:outer]
		return err
	case c == '[':
		return s.array(depth)
	case c == '-' || '0' <= c && c <= '9':
		return s.number()
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(s.text[s.at:], word) {
			s.at += len(word)
			return nil
		}
	}
	return errJSON
}

// object reads an object and leaves its members on the stack. It returns the
// bits of their names.
func (s *scanner) object(depth int) (names uint64, err error) {
	outer := len(s.members)
	s.at++
	if s.space(); s.take('}') {
		return 0, nil
	}
	for {
		name, err := s.name()
		if err != nil {
			return 0, err
		}
		b := bit(name)
		if names&b != 0 && has(s.members[outer:], name) {
			return 0, errTwice
		}
		if len(s.members)-outer == maxMembers {
			return 0, errWidth
		}
		names |= b
		from := s.at
		if err := s.value(depth + 1); err != nil {
			return 0, err
		}
		s.members = append(s.members, member{name, uint32(from), uint32(s.at)})
		if s.space(); s.take('}') {
			return names, nil
		}
		if !s.take(',') {
			return 0, errJSON
		}
		s.space()
	}
}

// name reads a member's name and goes on to its value.
func (s *scanner) name() (string, error) {
	from := s.at
	if s.peek() != '"' {
		return "", errJSON
	}
	if err := s.str(); err != nil {
		return "", err
	}
	name := unquote(s.text[from:s.at])
	if s.space(); !s.take(':') {
		return "", errJSON
	}
	s.space()
	return name, nil
}

func has(members []member, name string) bool {
	for i := range members {
		if members[i].name == name {
			return true
		}
	}
	return false
}

func (s *scanner) array(depth int) error {
	s.at++
	if s.space(); s.take(']') {
		return nil
	}
	for {
		if err := s.value(depth + 1); err != nil {
			return err
		}
		if s.space(); s.take(']') {
			return nil
		}
		if !s.take(',') {
			return errJSON
		}
		s.space()
	}
}

func (s *scanner) number() error {
	s.take('-')
	if !s.take('0') && !s.digits() {
		return errJSON
	}
	if s.take('.') && !s.digits() {
		return errJSON
	}
	if s.take('e') || s.take('E') {
		if !s.take('-') {
			s.take('+')
		}
		if !s.digits() {
			return errJSON
		}
	}
	return nil
}

func (s *scanner) digits() bool {
	from := s.at
	for c := s.peek(); '0' <= c && c <= '9'; c = s.peek() {
		s.at++
	}
	return s.at > from
}

func (s *scanner) str() error {
	text, i := s.text, s.at+1
	for len(text)-i >= 8 && !special(text[i:]) {
		i += 8
	}
	for ; i < len(text); i++ {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		if c == '"' {
			s.at = i + 1
			return nil
		}
		if c < ' ' {
			return errJSON
		}
		n := escapeLen(text[i:])
		if n == 0 {
			return errEscape
		}
		i += n - 1
	}
	return errJSON
}

// special reports whether one of the first eight bytes of t is a quote, a backslash or
// a control character: most of what is scanned are long texts without any.
func special(t string) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	_ = t[7]
	w := uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
		uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
	quote, back := w^('"'*ones), w^('\\'*ones)
	return ((quote-ones)&^quote|(back-ones)&^back|(w-' '*ones)&^w)&highs != 0
}

// escapeLen returns the length of the escape at the start of t, 0 if it is none.
// A surrogate counts only as half of a pair: alone it is no character, and
// libraries differ in what they make of it (RFC 8259 §8.2).
func escapeLen(t string) int {
	if len(t) < 2 {
		return 0
	}
	if strings.IndexByte(`"\/bfnrt`, t[1]) >= 0 {
		return 2
	}
	r := hex4(t)
	switch {
	case r < 0:
		return 0
	case !utf16.IsSurrogate(r):
		return 6
	case utf16.DecodeRune(r, hex4(t[6:])) != utf8.RuneError:
		return 12
	}
	return 0
}

// hex4 reads the \uXXXX at the start of t, -1 if it is none.
func hex4(t string) rune {
	if len(t) < 6 || t[0] != '\\' || t[1] != 'u' {
		return -1
	}
	var r rune
	for _, c := range []byte(t[2:6]) {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// unescape resolves the escapes of a scanned string.
func unescape(t string) string {
	var b strings.Builder
	b.Grow(len(t))
	for i := 0; i < len(t); {
		if t[i] != '\\' {
			b.WriteByte(t[i])
			i++
			continue
		}
		n := escapeLen(t[i:])
		switch n {
		case 2:
			b.WriteByte(unescapeByte(t[i+1]))
		case 6:
			b.WriteRune(hex4(t[i:]))
		default:
			b.WriteRune(utf16.DecodeRune(hex4(t[i:]), hex4(t[i+6:])))
		}
		i += n
	}
	return b.String()
}

func unescapeByte(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}
