package viet

import (
	"strings"
	"unicode"
)

// Fold returns s in lower case and without Vietnamese diacritics, for comparing:
// ế becomes e, Đ becomes d, and Ð (eth, a frequent mistake for Đ) too. Combining
// marks of Vietnamese are dropped wherever they stand. Nothing else changes.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if l, ok := letters[r]; ok {
			return unicode.ToLower(l.base)
		}
		switch {
		case r == 'đ' || r == 'Đ' || r == 'ð' || r == 'Ð':
			return 'd'
		case mark(r) != 0:
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// Accented reports whether s has a letter or mark that is Vietnamese and not
// ASCII: the sign of an input method at work where only ASCII belongs, or that a
// text has kept its diacritics.
func Accented(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		if r < 0x80 {
			return false
		}
		_, vowel := letters[r]
		return vowel || mark(r) != 0 || r == 'đ' || r == 'Đ'
	})
}

// Tone splits the tone off a composed letter: ấ gives â and the acute mark. tone
// is 0 for a letter without one; letters that are not Vietnamese vowels return
// themselves.
func Tone(r rune) (toneless, tone rune) {
	l, ok := letters[r]
	if !ok {
		return r, 0
	}
	tone, l.tone = l.tone, 0
	return composed[l], tone
}

// Spelling returns the form of s in which two spellings of one Vietnamese text
// are equal: composed, lower case, words separated by single spaces, and the tone
// of each syllable after its letters, so that hoà and hòa (the old and the new
// school of tone placement) agree. It is for comparing, never for showing.
func Spelling(s string) string {
	words := strings.Fields(strings.ToLower(NFC(s)))
	for i, w := range words {
		words[i] = syllable(w)
	}
	return strings.Join(words, " ")
}

// syllable moves the one tone of a word to its end. A word with several tones is
// no Vietnamese syllable and stays as it is.
func syllable(w string) string {
	var out strings.Builder
	var last rune
	for _, r := range w {
		toneless, tone := Tone(r)
		if tone != 0 {
			if last != 0 {
				return w
			}
			last = tone
		}
		out.WriteRune(toneless)
	}
	if last != 0 {
		out.WriteRune(last)
	}
	return out.String()
}
