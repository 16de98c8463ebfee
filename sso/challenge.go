package sso

import "strings"

// challenged is one challenge of a WWW-Authenticate header.
type challenged struct {
	scheme string
	params map[string]string // names in lower case
}

const maxChallenges = 16

// challenges reads WWW-Authenticate (RFC 9110 §11.6.1): each line may hold several,
// each a scheme and parameters as tokens or quoted strings. What has another form
// ends the line; what came before it counts.
func challenges(lines []string) []challenged {
	var all []challenged
	for _, line := range lines {
		rest := line
		for len(all) < maxChallenges {
			rest = strings.TrimLeft(rest, " \t,")
			word := leadingToken(rest)
			if word == "" {
				break
			}
			after := strings.TrimLeft(rest[len(word):], " \t")
			if !strings.HasPrefix(after, "=") { // a scheme begins a challenge
				all = append(all, challenged{strings.ToLower(word), map[string]string{}})
				rest = after
				continue
			}
			value, left, ok := paramValue(strings.TrimLeft(after[1:], " \t"))
			if !ok || len(all) == 0 {
				break
			}
			params := all[len(all)-1].params
			if _, dup := params[strings.ToLower(word)]; dup || len(params) >= maxChallenges {
				break
			}
			params[strings.ToLower(word)] = value
			rest = left
		}
	}
	return all
}

// paramValue reads a token or a quoted string.
func paramValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		value = leadingToken(s)
		return value, s[len(value):], value != ""
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], true
		case '\\':
			if i++; i == len(s) {
				return "", "", false
			}
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}

// leadingToken is the token (RFC 9110 §5.6.2) with which s begins.
func leadingToken(s string) string {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c > '~' || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return s[:i]
		}
	}
	return s
}
