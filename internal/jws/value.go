package jws

import (
	"iter"
	"math"
	"strings"
	"unicode/utf8"
)

// Some formats put JSON into JSON texts, or give names of a payload a meaning of
// their own (RFC 9901). Who reads them walks raw texts, and has no use for maps.

// AppendArray reads text as exactly one JSON array by the package's rules and
// appends the texts of its values to dst.
func AppendArray(dst []string, text string) ([]string, error) {
	if uint64(len(text)) > math.MaxUint32 {
		return nil, errArray
	}
	if !utf8.ValidString(text) {
		return nil, errUTF8
	}
	s := scanner{text: text}
	s.space()
	if !s.take('[') {
		return nil, errArray
	}
	s.space()
	for more := !s.take(']'); more; {
		from := s.at
		if err := s.value(2); err != nil {
			return nil, err
		}
		dst = append(dst, text[from:s.at])
		s.space()
		if more = s.take(','); !more && !s.take(']') {
			return nil, errArray
		}
		s.space()
	}
	if s.space(); s.at != len(text) {
		return nil, errArray
	}
	return dst, nil
}

var errArray = fail(ErrMalformed, "not one strict JSON array")

// Elements yields the texts of an array's values. The text must be one that this
// package has read, such as Raw's; of anything but an array nothing comes.
func Elements(raw string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if raw == "" || raw[0] != '[' {
			return
		}
		for at := spaces(raw, 1); at < len(raw)-1; {
			end := skip(raw, at)
			if !yield(raw[at:end]) {
				return
			}
			at = spaces(raw, spaces(raw, end)+1) // past the comma or the closing bracket
		}
	}
}

// Fields yields the texts of an object's names, in their quotes, and values. The
// text must be one that this package has read; of anything but an object nothing
// comes.
func Fields(raw string) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		if raw == "" || raw[0] != '{' {
			return
		}
		for at := spaces(raw, 1); at < len(raw)-1; {
			colon := skip(raw, at)
			from := spaces(raw, spaces(raw, colon)+1)
			end := skip(raw, from)
			if !yield(raw[at:colon], raw[from:end]) {
				return
			}
			at = spaces(raw, spaces(raw, end)+1)
		}
	}
}

// spaces returns where the white space that begins at a place ends.
func spaces(raw string, at int) int {
	s := scanner{text: raw, at: at}
	s.space()
	return s.at
}

// skip returns where the value that begins at a place of a scanned text ends. The
// scan has looked at everything in it: here it is enough to count brackets.
func skip(raw string, at int) int {
	for depth := 0; at < len(raw); {
		switch raw[at] {
		case '"':
			at = skipString(raw, at)
		case '{', '[':
			at++
			depth++
			continue
		case '}', ']':
			at++
			depth--
		case ',', ':', ' ', '\t', '\n', '\r':
			at++
			continue
		default: // a number or a word
			for at < len(raw) && strings.IndexByte(",]} \t\n\r", raw[at]) < 0 {
				at++
			}
		}
		if depth <= 0 {
			return at
		}
	}
	return len(raw)
}

func skipString(raw string, at int) int {
	for at++; at < len(raw) && raw[at] != '"'; at++ {
		if raw[at] == '\\' {
			at++
		}
	}
	return min(at+1, len(raw))
}

// AppendBase64 appends what strict base64url stands for to dst.
func AppendBase64[T string | []byte](dst []byte, s T) ([]byte, bool) { return appendDecoded(dst, s) }
