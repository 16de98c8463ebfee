package qr

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/viet"
)

// Scanners that act as keyboards cannot type ễ: some send the keys of an input
// method instead, Telex (eex) or VNI (e64), each letter with its keys right behind
// it. Without the input method the keys stay in the text.

// keys are an input method: what a key makes of the letter before it.
type keys struct {
	name  Warning
	shape func(letter, key rune) rune // â ă ê ô ơ ư đ, 0 for none
	tones string                      // acute, grave, hook, tilde, dot
}

// The tone marks in the order of keys.tones.
const toneMarks = "\u0301\u0300\u0309\u0303\u0323"

var methods = [...]keys{
	{"retyped-telex", telexShape, "sfrxj"},
	{"retyped-vni", vniShape, "12345"},
}

func telexShape(letter, key rune) rune {
	switch {
	case letter == key && strings.ContainsRune("aeo", letter):
		return map[rune]rune{'a': 'â', 'e': 'ê', 'o': 'ô'}[letter]
	case key == 'w':
		return map[rune]rune{'a': 'ă', 'o': 'ơ', 'u': 'ư'}[letter]
	case letter == 'd' && key == 'd':
		return 'đ'
	}
	return 0
}

func vniShape(letter, key rune) rune {
	switch key {
	case '6':
		return map[rune]rune{'a': 'â', 'e': 'ê', 'o': 'ô'}[letter]
	case '7':
		return map[rune]rune{'o': 'ơ', 'u': 'ư'}[letter]
	case '8':
		return map[rune]rune{'a': 'ă'}[letter]
	case '9':
		return map[rune]rune{'d': 'đ'}[letter]
	}
	return 0
}

// names repairs a retyped name and address, and notes what else is wrong with
// them. A name that is retyped throughout gives the method away, if no other
// field denies it.
func (c *cardText) names(name, address string) (string, string, error) {
	if name == "" || utf8.RuneCountInString(name) > 128 {
		return "", "", malformed("the card has no name")
	}
	if !viet.Accented(name) {
		for _, m := range methods {
			if fixed, ok := m.retyped(name); ok && c.possible(m, address) {
				c.warn(m.name)
				return fixed, m.address(address), nil
			}
		}
	}
	switch both := name + " " + address; {
	case strings.ContainsAny(both, "?\ufffd"):
		c.warn("characters-lost")
	case strings.ContainsFunc(both, eastAsian):
		c.warn("reencoded")
	case strings.ContainsFunc(name, notInNames):
		c.warn("foreign-letters")
	case !c.intact && len(strings.Fields(both)) >= 4:
		c.warn("accents-lost")
	}
	return name, address, nil
}

// possible reports whether the other fields allow that the text came as m's keys.
// A name with digits is right in no language, so VNI needs no more. Telex keys are
// letters, and Siu Bar or Nay Phar are right as they stand: Nuwx proves the keys,
// one intact Vietnamese letter anywhere disproves them, and so does other damage,
// such as a plain Nu; without any of that the address must have such keys too.
func (c *cardText) possible(m keys, address string) bool {
	if m.name != "retyped-telex" || slices.Contains(c.damage, m.name) {
		return true
	}
	return !c.intact && len(c.damage) == 0 && m.address(address) != strings.Join(strings.Fields(address), " ")
}

// retyped returns the text that the keys spell. Every word must become, or stay,
// a Vietnamese syllable, and one must change.
func (m keys) retyped(text string) (string, bool) {
	words, changed := strings.Fields(text), false
	for i, w := range words {
		fixed := m.word(w)
		if !syllable(fixed) {
			return "", false
		}
		changed = changed || fixed != w
		words[i] = fixed
	}
	return strings.Join(words, " "), changed
}

// address repairs the words that become syllables and leaves house numbers.
func (m keys) address(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		bare := strings.Trim(w, ".,;-/()")
		if fixed := m.word(bare); utf8.RuneCountInString(bare) > 2 && syllable(fixed) {
			words[i] = strings.Replace(w, bare, fixed, 1)
		}
	}
	return strings.Join(words, " ")
}

// word applies each key to the letter right before it.
func (m keys) word(w string) string {
	var out []rune
	for _, r := range w {
		if len(out) == 0 {
			out = append(out, r)
			continue
		}
		last := &out[len(out)-1]
		lower, key := unicode.ToLower(*last), unicode.ToLower(r)
		if shaped := m.shape(lower, key); shaped != 0 {
			*last = sameCase(*last, shaped)
		} else if toned := m.tone(lower, key); toned != 0 {
			*last = sameCase(*last, toned)
		} else {
			out = append(out, r)
		}
	}
	return string(out)
}

// tone adds the tone of a key to a vowel that has none.
func (m keys) tone(letter, key rune) rune {
	i := strings.IndexRune(m.tones, key)
	if i < 0 || !isVowel(letter) {
		return 0
	}
	r, size := utf8.DecodeRuneInString(viet.NFC(string([]rune{letter, []rune(toneMarks)[i]})))
	if size < 2 || unicode.Is(unicode.Mn, r) {
		return 0
	}
	return r
}

func isVowel(r rune) bool { return strings.ContainsRune("aăâeêioôơuưy", r) }

func sameCase(like, r rune) rune {
	if unicode.IsUpper(like) {
		return unicode.ToUpper(r)
	}
	return r
}

// syllable reports whether w has the shape of a Vietnamese syllable: an onset, one
// to three vowels with one tone at most, a coda.
func syllable(w string) bool {
	toneless, tones := make([]rune, 0, len(w)), 0
	for _, r := range strings.ToLower(w) {
		base, tone := viet.Tone(r)
		if tone != 0 {
			tones++
		}
		toneless = append(toneless, base)
	}
	s := string(toneless)
	onset := strings.IndexFunc(s, isVowel)
	if onset < 0 || tones > 1 {
		return false
	}
	if s[:onset] == "q" || s[:onset] == "g" && strings.HasPrefix(s, "gi") && len(s) > 2 {
		onset++ // qu and gi are consonants
	}
	rest := s[onset:]
	vowels := rest
	if i := strings.IndexFunc(rest, func(r rune) bool { return !isVowel(r) }); i >= 0 {
		vowels = rest[:i]
	}
	n := utf8.RuneCountInString(vowels)
	return n >= 1 && n <= 3 && oneOf(s[:onset], onsets) && oneOf(rest[len(vowels):], codas)
}

const (
	onsets = " b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x "
	codas  = " c ch m n ng nh p t "
)

func oneOf(s, list string) bool { return s == "" || strings.Contains(list, " "+s+" ") }
