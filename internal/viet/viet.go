// Package viet knows the letters of Vietnamese: enough of Unicode to bring text
// into one form and to compare it without its diacritics, in a small table of its
// own instead of a dependency.
//
// The alphabet has twelve vowels (a ă â e ê i o ô ơ u ư y), each with six tones,
// and đ. Unicode writes a letter such as ệ as one code point (NFC, what cards and
// VNeID use) or as e with combining marks (NFD, what macOS and some scanners
// produce). NFC here is Unicode's normalisation form C for Vietnamese letters and
// the eight marks they use; every other character passes unchanged.
//
// Case needs no table: strings.ToLower and strings.ToUpper are right for composed
// Vietnamese letters, so call NFC first.
package viet

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The combining marks of Vietnamese.
const (
	grave, acute, hook, tilde, dot = '\u0300', '\u0301', '\u0309', '\u0303', '\u0323'
	circumflex, breve, horn        = '\u0302', '\u0306', '\u031B'
)

// rows lists each vowel without a tone, then with the tones in the order of
// tones.
var rows = [...]string{
	"aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị",
	"oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ",
}

var (
	tones  = [...]rune{0, grave, acute, hook, tilde, dot}
	shapes = map[rune]letter{
		'ă': {base: 'a', shape: breve}, 'â': {base: 'a', shape: circumflex}, 'ê': {base: 'e', shape: circumflex},
		'ô': {base: 'o', shape: circumflex}, 'ơ': {base: 'o', shape: horn}, 'ư': {base: 'u', shape: horn},
	}
)

// letter is a vowel taken apart: an ASCII letter, the mark that makes it another
// vowel, and its tone; zero marks are absent.
type letter struct{ base, shape, tone rune }

var (
	letters  = makeLetters()
	composed = makeComposed()
)

func makeLetters() map[rune]letter {
	m := make(map[rune]letter)
	for _, row := range rows {
		vowels := []rune(row)
		l, shaped := shapes[vowels[0]]
		if !shaped {
			l.base = vowels[0]
		}
		for i, v := range vowels {
			l.tone = tones[i]
			m[v] = l
			upper := l
			upper.base = unicode.ToUpper(l.base)
			m[unicode.ToUpper(v)] = upper
		}
	}
	return m
}

func makeComposed() map[letter]rune {
	m := make(map[letter]rune, len(letters))
	for r, l := range letters {
		m[l] = r
	}
	return m
}

// class is the canonical combining class of a Vietnamese mark, 0 for anything
// else. Marks of one class keep their order, others are sorted by it.
func class(r rune) int {
	switch r {
	case horn:
		return 216
	case dot:
		return 220
	case grave, acute, hook, tilde, circumflex, breve:
		return 230
	}
	return 0
}

// mark returns the Vietnamese mark that r is, 0 if none. U+0340 and U+0341 are
// Unicode's deprecated doubles of grave and acute, once meant for Vietnamese.
func mark(r rune) rune {
	switch r {
	case '\u0340':
		return grave
	case '\u0341':
		return acute
	}
	if class(r) == 0 {
		return 0
	}
	return r
}

// NFC composes the Vietnamese letters of s. Text that is composed already, the
// usual case, is returned as it is.
func NFC(s string) string {
	if !hasMark(s) {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		l, vowel := letters[r]
		if !vowel {
			out.WriteString(s[:n]) // the bytes themselves: broken UTF-8 stays visible
			s = s[n:]
			continue
		}
		marks, rest := takeMarks(l, s[n:])
		compose(&out, l.base, marks)
		s = rest
	}
	return out.String()
}

// hasMark reports whether s has a code point of U+0300 … U+037F: the two lead
// bytes that combining diacritical marks can have.
func hasMark(s string) bool {
	for i := range len(s) {
		if s[i] == 0xCC || s[i] == 0xCD {
			return true
		}
	}
	return false
}

// takeMarks returns the marks of l and those that follow it, in canonical order,
// and the text after them.
func takeMarks(l letter, s string) (marks []rune, rest string) {
	if l.shape != 0 {
		marks = append(marks, l.shape)
	}
	if l.tone != 0 {
		marks = append(marks, l.tone)
	}
	for {
		r, n := utf8.DecodeRuneInString(s)
		m := mark(r)
		if m == 0 {
			break
		}
		marks, s = append(marks, m), s[n:]
	}
	slices.SortStableFunc(marks, func(a, b rune) int { return class(a) - class(b) })
	return marks, s
}

// compose writes base with its marks as Unicode's canonical composition does: a
// mark joins the letter unless one of its own class had to stay before it, and a
// shape joins a letter with a tone only if that tone is the dot below.
func compose(out *strings.Builder, base rune, marks []rune) {
	l := letter{base: base}
	var left []rune
	for _, m := range marks {
		next := l
		switch m {
		case circumflex, breve, horn:
			next.shape = m
		default:
			next.tone = m
		}
		_, exists := composed[next]
		taken := l.shape != 0 && next.shape != l.shape || l.tone != 0 && next.tone != l.tone
		late := next.shape != l.shape && l.tone != 0 && l.tone != dot
		blocked := len(left) > 0 && class(left[len(left)-1]) == class(m)
		if !exists || taken || late || blocked || next == l {
			left = append(left, m)
			continue
		}
		l = next
	}
	out.WriteRune(composed[l])
	for _, m := range left {
		out.WriteRune(m)
	}
}
