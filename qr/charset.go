package qr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/viet"
)

// Readers that guess a character set (zbar foremost) take UTF-8 Vietnamese for
// Big5, Shift-JIS or Latin-1, where its bytes are legal there: "Vĩnh" arrives as
// "V藺nh". The way back needs only the characters that Vietnamese can turn into;
// charsets.go has them. A text is repaired when all of it can be written in such
// a set and the bytes are UTF-8 with Vietnamese letters: a text that is right
// never passes that test, since its letters are in none of the sets.

// charset is the part of a double-byte set that is needed.
type charset struct {
	trails []byte       // second bytes, the columns of rows
	rows   []charsetRow // one character for each trail, a space for none
	extra  []charsetPair
}

type charsetRow struct {
	lead  byte
	chars string
}

type charsetPair struct {
	char        rune
	lead, trail byte
}

// bytesOf is the inverse of the set, made when damage was seen.
func (c charset) bytesOf() map[rune]string {
	m := make(map[rune]string, 4096)
	for _, row := range c.rows {
		i := 0
		for _, r := range row.chars {
			if r != ' ' {
				m[r] = string([]byte{row.lead, c.trails[i]})
			}
			i++
		}
	}
	for _, p := range c.extra {
		m[p.char] = string([]byte{p.lead, p.trail})
	}
	return m
}

// windows1252 are the characters of the bytes 0x80 to 0x9f where that set
// differs from Latin-1; a space where it does not.
const windows1252 = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ"

func latin1() map[rune]string {
	m := make(map[rune]string, 160)
	for b := 0x80; b <= 0xff; b++ {
		m[rune(b)] = string([]byte{byte(b)})
	}
	b := byte(0x80)
	for _, r := range windows1252 {
		if r != ' ' {
			m[r] = string([]byte{b})
		}
		b++
	}
	return m
}

func shiftJISBytes() map[rune]string {
	m := shiftJIS.bytesOf()
	for r := rune(0xff61); r <= 0xff9f; r++ { // half-width katakana are single bytes
		m[r] = string([]byte{byte(r - 0xff61 + 0xa1)})
	}
	return m
}

// decode undoes a wrong character set and notes it.
func (c *cardText) decode(text string) string {
	if !strings.ContainsFunc(text, mangled) {
		return text
	}
	for _, set := range []struct {
		name  Warning
		bytes func() map[rune]string
	}{
		{"reencoded-latin1", latin1},
		{"reencoded-big5", big5.bytesOf},
		{"reencoded-shift-jis", shiftJISBytes},
	} {
		if s, ok := rewrite(text, set.bytes()); ok {
			c.warn(set.name)
			return s
		}
	}
	if strings.ContainsFunc(text, eastAsian) {
		c.warn("reencoded")
	}
	return text
}

// mangled finds characters that a Vietnamese card does not have, and the accented
// capitals and signs that begin a letter read as Latin-1.
func mangled(r rune) bool {
	return eastAsian(r) || r >= 0x80 && r <= 0xff && strings.ContainsRune("ÃÄÅÆá", r) || unicode.Is(unicode.Sc, r)
}

func eastAsian(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Katakana, unicode.Hiragana, unicode.Bopomofo, unicode.Greek) ||
		r >= 0x2000 && r <= 0x33ff && r != '’' || r >= 0xfe30 && r <= 0xffef
}

// rewrite writes s in the set and reads the bytes as UTF-8.
func rewrite(s string, set map[rune]string) (string, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r < 0x80 {
			b = append(b, byte(r))
			continue
		}
		raw, ok := set[r]
		if !ok {
			return "", false
		}
		b = append(b, raw...)
	}
	return string(b), utf8.Valid(b) && viet.Accented(string(b))
}
