package lds

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
	"github.com/vneid-sdk/vneid-go/internal/viet"
)

// Holder is what DG11 says, as far as it is used here. Texts are in NFC, with
// spaces for fillers.
type Holder struct {
	Name    string // 5F0E: full name, in national letters
	Number  string // 5F10: personal number
	Birth   string // 5F2B: date of birth, yyyyMMdd; older chips have it in BCD
	Address string // 5F42: permanent address
}

// DG11 reads additional personal details (ICAO Doc 9303-10 §4.7.11). Vietnamese
// cards are not known to have it. Elements stand in any order, each once; those
// that are not used here are passed over.
func DG11(file []byte) (*Holder, error) {
	outer, r, err := open(file, 0x6B)
	if err != nil {
		return nil, err
	}
	h := new(Holder)
	seen := make(map[tlv.Tag]bool)
	for !r.Empty() {
		tag, content := r.Next()
		if seen[tag] {
			return nil, ErrFile
		}
		seen[tag] = true
		if tag == 0x5F2B && len(content) == 4 {
			content = []byte(hex.EncodeToString(content))
		}
		target := map[tlv.Tag]*string{0x5F0E: &h.Name, 0x5F10: &h.Number, 0x5F2B: &h.Birth, 0x5F42: &h.Address}[tag]
		if target == nil {
			continue
		}
		if !utf8.Valid(content) {
			return nil, ErrText
		}
		words := strings.FieldsFunc(string(content), func(r rune) bool { return r == '<' || r == ' ' })
		*target = viet.NFC(strings.Join(words, " "))
	}
	if err := finish(&outer, &r); err != nil {
		return nil, err
	}
	return h, nil
}
