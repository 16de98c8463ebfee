package relying

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// What an authorization response may weigh. Codes and states have tens of
// characters; VNeID's encrypted codes and signed responses have hundreds.
const (
	MaxQuery  = 8 << 10
	maxParams = 32
)

// ParseQuery reads the raw query of an authorization response (RFC 6749
// §4.1.2). It is not url.ParseQuery: a literal + stays a +, because codes in
// standard base64 arrive with theirs unescaped; a bad escape is an error; and no
// parameter may come twice, known or not (RFC 6749 §3.1), since the next reader
// might take the other one.
func ParseQuery(raw string) (map[string]string, error) {
	if len(raw) > MaxQuery {
		return nil, fault.New(vneid.ErrMalformed, "the callback's query is too long")
	}
	seen := make(map[string]string, 4)
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, ok := unescape(name)
		value, ok2 := unescape(value)
		if !ok || !ok2 || name == "" {
			return nil, fault.New(vneid.ErrMalformed, "the callback's query has a bad escape or an empty name")
		}
		if _, dup := seen[name]; dup {
			return nil, fault.New(vneid.ErrMalformed, "a parameter of the callback comes twice")
		}
		if len(seen) == maxParams {
			return nil, fault.New(vneid.ErrMalformed, "the callback has too many parameters")
		}
		seen[name] = value
	}
	return seen, nil
}

// unescape decodes %XX and nothing else.
func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 {
		return s, true
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			out = append(out, s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		hi, lo := unhex(s[i+1]), unhex(s[i+2])
		if hi > 15 || lo > 15 {
			return "", false
		}
		out = append(out, hi<<4|lo)
		i += 2
	}
	return string(out), true
}

func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}
