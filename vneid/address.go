package vneid

import (
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/viet"
)

// Address is a place as a document words it, never split or rewritten, with the
// date as of which that wording held: since 2025-07-01 addresses have two levels
// (commune, province) where they had three before.
type Address struct {
	Text string `json:"text,omitempty"`
	AsOf Date   `json:"as_of,omitzero"`
}

// SameProvince reports whether two addresses lie in the same province; known is
// false when their texts and dates do not settle it.
//
// The province is read from the last part of the text after a comma (a closing
// Việt Nam is skipped), with or without Tỉnh, Thành phố or TP., in any case,
// with or without diacritics, under its name before or since the merger of
// 2025-07-01. If both addresses are from before that day, the provinces of then
// are compared, otherwise those of now: Bình Dương and Hồ Chí Minh were two in
// 2024 and are one since. An address without a date may be from either time; then
// the answer is known only if it is the same for both.
func (a Address) SameProvince(other Address) (same, known bool) {
	var yes, no bool
	for _, x := range a.readings() {
		for _, y := range other.readings() {
			equal := x.unit == y.unit
			if x.before != y.before {
				equal = x.now() == y.now()
			}
			yes, no = yes || equal, no || !equal
		}
	}
	return yes && !no, yes != no
}

// reading is one way to understand an address: the province of the table before
// or since the merger.
type reading struct {
	unit   Province
	before bool
}

func (r reading) now() Province {
	if r.before {
		return r.unit.Successor()
	}
	return r.unit
}

func (a Address) readings() (out []reading) {
	name := provinceKey(a.Text)
	code, was := legacyByName[name]
	now, is := currentByName[name]
	before, after := sides(a.AsOf)
	if before && was {
		out = append(out, reading{code, true})
	}
	switch {
	case after && is:
		out = append(out, reading{now, false})
	case after && was: // documents keep old names for a while
		out = append(out, reading{code.Successor(), false})
	}
	return out
}

// provinceKey returns the folded name of the province that ends an address.
func provinceKey(text string) string {
	for text != "" {
		i := strings.LastIndexByte(text, ',')
		part := placeKey(text[i+1:])
		if part != "" && part != "viet nam" && part != "vietnam" {
			return part
		}
		text = text[:max(i, 0)]
	}
	return ""
}

// placeKey folds the name of a place: punctuation becomes space, and the words
// that say what sort of place it is are dropped.
func placeKey(name string) string {
	words := strings.FieldsFunc(viet.Fold(name), func(r rune) bool {
		return strings.ContainsRune(" .,;-\u2013\u2014\t\r\n\u00a0", r)
	})
	key := strings.Join(words, " ")
	for _, prefix := range []string{"tinh ", "thanh pho ", "tp ", "t p "} {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			key = rest
			break
		}
	}
	if known, ok := placeAliases[key]; ok {
		return known
	}
	return key
}

// placeAliases are spellings met in documents beside the official ones.
var placeAliases = map[string]string{
	"hcm": "ho chi minh", "tphcm": "ho chi minh", "hue": "thua thien hue",
	"dac lac": "dak lak", "daklak": "dak lak", "dac nong": "dak nong", "daknong": "dak nong",
	"bac can": "bac kan", "kontum": "kon tum", "gialai": "gia lai",
}

var legacyByName, currentByName = provincesByName()

func provincesByName() (old, now map[string]Province) {
	old, now = make(map[string]Province), make(map[string]Province)
	for code, u := range legacy {
		old[placeKey(u.name)] = code
	}
	for code, name := range current {
		now[placeKey(name)] = code
	}
	return old, now
}

// Communes is a table of communes that the caller supplies: this module has none,
// because some ten thousand communes became 3,321 on 2025-07-01 and resolutions
// keep changing them.
type Communes interface {
	// Current returns the present communes (by any identifiers that the table
	// always uses) in which an address may lie: none when the table cannot tell,
	// several when a former commune was divided.
	Current(a Address) []string
}

// SameCommune reports whether two addresses lie in the same present commune
// according to the table; known is false when it does not settle it.
func (a Address) SameCommune(other Address, table Communes) (same, known bool) {
	if table == nil {
		return false, false
	}
	x, y := table.Current(a), table.Current(other)
	if len(x) == 0 || len(y) == 0 {
		return false, false
	}
	for _, id := range x {
		if slices.Contains(y, id) {
			settled := len(x) == 1 && len(y) == 1
			return settled, settled
		}
	}
	return false, true
}
