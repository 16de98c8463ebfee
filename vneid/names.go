package vneid

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/viet"
)

// NameMatch says how two spellings of a name agree, weakest first, so that
// m >= NamesUnaccented accepts both kinds of full agreement. What is enough is
// the caller's decision: see the constants.
type NameMatch uint8

// The answers of CompareNames.
const (
	NamesDifferent  NameMatch = iota // or one is absent or damaged
	NamesTruncated                   // one is the other without diacritics, cut where a machine-readable zone ends
	NamesUnaccented                  // equal only when diacritics are left out: Hằng and Hang, but Hằng and Hạng too
	NamesEqual                       // the same Vietnamese text
)

// String names the answer in a few lower-case words.
func (m NameMatch) String() string {
	switch m {
	case NamesTruncated:
		return "truncated"
	case NamesUnaccented:
		return "equal without diacritics"
	case NamesEqual:
		return "equal"
	}
	return "different"
}

// mrzName is the length of the name line of a TD1 card (ICAO Doc 9303-5 §4.2.2).
const mrzName = 30

// CompareNames compares two full names as evidence spells them. Case, spaces,
// Unicode form (NFC or NFD), the kind of apostrophe and the place of the tone in a
// syllable (hoà, hòa) make no difference; the fillers < of a machine-readable zone
// are spaces. Words are never reordered and names never split into parts.
//
// A name that is empty, or holds U+FFFD, a question mark, a control character or
// broken UTF-8, is damaged and different from every other and from itself.
func CompareNames(a, b string) NameMatch {
	if damaged(a) || damaged(b) {
		return NamesDifferent
	}
	a, b = spaced.Replace(a), spaced.Replace(b)
	x, y := viet.Spelling(a), viet.Spelling(b)
	if x == "" || y == "" {
		return NamesDifferent
	}
	if x == y {
		return NamesEqual
	}
	x, y = bare(a), bare(b)
	switch {
	case x == "" || y == "":
		return NamesDifferent
	case x == y:
		return NamesUnaccented
	case isCut(x, y) || isCut(y, x):
		return NamesTruncated
	}
	return NamesDifferent
}

func damaged(name string) bool {
	return !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool {
		return r == utf8.RuneError || r == '?' || unicode.IsControl(r) && !unicode.IsSpace(r)
	})
}

var (
	spaced = strings.NewReplacer("<", " ", "\u2019", "'", "\u2018", "'", "\u02bc", "'", "`", "'")
	// ICAO Doc 9303-3 §4.6: hyphens become fillers, apostrophes and commas nothing.
	mrzSigns = strings.NewReplacer("-", " ", "\u2010", " ", "\u2011", " ", "'", "", ",", "", ".", "")
)

// bare is the name as a machine-readable zone would have it, in lower case and
// with single spaces for fillers.
func bare(name string) string {
	return strings.Join(strings.Fields(mrzSigns.Replace(viet.Fold(name))), " ")
}

// isCut reports whether short is long cut after 30 characters: with two fillers
// after the first word, as cards print it, or with single spaces, as registers do
// that copied the limit.
func isCut(long, short string) bool {
	for _, line := range []string{strings.Replace(long, " ", "  ", 1), long} {
		if len(line) > mrzName && strings.Join(strings.Fields(line[:mrzName]), " ") == short {
			return true
		}
	}
	return false
}
