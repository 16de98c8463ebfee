package document

import (
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Plate is a vehicle's registration number (biển số xe). Since 2023-08-15 a plate
// stays with its owner (biển số định danh), so it is personal data. slog hides one
// that is logged as a value of its own.
type Plate struct {
	Local  string // two digits: where it was registered
	Series string // one or two letters, perhaps a digit: A, AA, B1, LD, MĐ1, NG
	Number string // four or five digits
}

// ParsePlate reads a civil plate: 29A-123.45, 29-B1 234.56, 29A-1234, 80-NG-001-01.
// Dashes, dots, spaces and line breaks separate; letters may be in any case. A plate
// written without separators is refused when it has two readings: 29B12345 is
// 29B-123.45, a car, or 29-B1 2345, a motorcycle. So are the plates of the army,
// which begin with letters. All refusals are vneid.ErrMalformed.
func ParsePlate(s string) (Plate, error) {
	if len(s) <= 32 { // folding copies
		parts := strings.FieldsFunc(strings.ToUpper(viet.NFC(s)), func(r rune) bool { return strings.ContainsRune("-. \n\r\t", r) })
		if p, ok := plateOf(parts); ok {
			return p, nil
		}
	}
	return Plate{}, fault.New(vneid.ErrMalformed, "document: not a civil registration plate, or one that needs its separators")
}

func plateOf(parts []string) (Plate, bool) {
	text := strings.Join(parts, "")
	if len(text) < 2 || !allDigits(text[:2]) {
		return Plate{}, false
	}
	digits := strings.TrimLeft(text[2:], "ABCDEFGHIJKLMNOPQRSTUVWXYZĐ")
	head := text[:len(text)-len(digits)]
	if n := utf8.RuneCountInString(head); n < 3 || n > 4 || len(digits) < 4 || len(digits) > 6 || !allDigits(digits) {
		return Plate{}, false
	}
	short := Plate{text[:2], head[2:], digits}
	long := Plate{text[:2], head[2:] + digits[:1], digits[1:]} // the first digit is the series'
	dotted := len(parts[len(parts)-1]) == 2                    // 123.45: only numbers of five digits have the dot
	switch {
	case separated(parts, head):
		return short, len(digits) <= 5
	case separated(parts, head+digits[:1]):
		return long, len(digits) >= 5
	case len(digits) == 6:
		return long, true
	}
	return short, len(digits) == 4 || dotted
}

// separated reports whether a separator follows prefix.
func separated(parts []string, prefix string) bool {
	for i := range parts {
		if strings.Join(parts[:i], "") == prefix {
			return true
		}
	}
	return false
}

// String writes the plate as cars have it: 29A-123.45.
func (p Plate) String() string {
	n := p.Number
	if len(n) == 5 {
		n = n[:3] + "." + n[3:]
	}
	return p.Local + p.Series + "-" + n
}

// LogValue logs that there is a plate, and nothing of it.
func (p Plate) LogValue() slog.Value { return slog.StringValue("registration plate") }

// Province returns the unit of before 2025-07-01 to which the local number
// belonged (its Successor is today's), empty for 80, the plates of central offices
// and foreign missions, and for numbers that nobody has. The table is recalled:
// compare with it, refuse nothing by it.
func (p Plate) Province() vneid.Province {
	return plateProvinces[p.Local]
}

// plateProvinces is recalled from how plates are used, not copied from a circular's
// annex: good for a label, not for a refusal.
var plateProvinces = map[string]vneid.Province{
	"11": "004", "12": "020", "14": "022", "15": "031", "16": "031", "17": "034", "18": "036", "19": "025",
	"20": "019", "21": "015", "22": "008", "23": "002", "24": "010", "25": "012", "26": "014", "27": "011",
	"28": "017", "29": "001", "30": "001", "31": "001", "32": "001", "33": "001", "34": "030", "35": "037",
	"36": "038", "37": "040", "38": "042", "39": "075", "40": "001", "41": "079", "43": "048", "47": "066",
	"48": "067", "49": "068", "50": "079", "51": "079", "52": "079", "53": "079", "54": "079", "55": "079",
	"56": "079", "57": "079", "58": "079", "59": "079", "60": "075", "61": "074", "62": "080", "63": "082",
	"64": "086", "65": "092", "66": "087", "67": "089", "68": "091", "69": "096", "70": "072", "71": "083",
	"72": "077", "73": "044", "74": "045", "75": "046", "76": "051", "77": "052", "78": "054", "79": "056",
	"81": "064", "82": "062", "83": "094", "84": "084", "85": "058", "86": "060", "88": "026", "89": "033",
	"90": "035", "92": "049", "93": "070", "94": "095", "95": "093", "97": "006", "98": "024", "99": "027",
}
