package vneid

import (
	"fmt"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/viet"
)

// dateLayouts are the layouts met in the wild, by the names that callers give
// them: VNConnect and the population database yyyyMMdd, card texts ddMMyyyy,
// printed cards and DG13 dd/MM/yyyy, OpenID Connect yyyy-MM-dd, and civil status
// papers of people who know no more, a year or a month.
var dateLayouts = []string{
	"yyyyMMdd", "ddMMyyyy", "dd/MM/yyyy", "d/M/yyyy", "yyyy-MM-dd", "yyyy-MM", "MM/yyyy", "yyyy", foreverText,
}

// ParseDate reads a date in one of the layouts
//
//	yyyyMMdd  ddMMyyyy  dd/MM/yyyy  d/M/yyyy  yyyy-MM-dd  yyyy-MM  MM/yyyy  yyyy
//
// or "Không thời hạn" in any case, composed or not, with or without its
// diacritics. Days are checked against the calendar and years must be 1800 to
// 9999. With these bounds eight digits never have two readings: a year as the last
// four digits would make, read the other way, a month past 12.
//
// A caller who knows the layouts of its wire names them, and only those are
// read: ParseDate(s, "ddMMyyyy") for a card's text, ParseDate(s, "dd/MM/yyyy",
// "Không thời hạn") for an expiry. Anything else is refused as ErrMalformed.
func ParseDate(s string, layouts ...string) (Date, error) {
	if len(layouts) == 0 {
		layouts = dateLayouts
	}
	for _, layout := range layouts {
		if !known(layout) {
			return Date{}, fmt.Errorf("vneid: ParseDate: unknown layout %q", layout)
		}
		if d, ok := parseDate(s, layout); ok {
			return d, nil
		}
	}
	return Date{}, fault.New(ErrMalformed, "vneid: not a date in an expected layout")
}

func known(layout string) bool {
	for _, l := range dateLayouts {
		if l == layout {
			return true
		}
	}
	return false
}

func parseDate(s, layout string) (Date, bool) {
	if layout == foreverText {
		return Forever(), isForever(s)
	}
	var part [3]int // year, month, day
	for layout != "" {
		c := layout[0]
		width := len(layout) - len(strings.TrimLeft(layout, layout[:1]))
		layout = layout[width:]
		which := strings.IndexByte("yMd", c)
		if which < 0 {
			if s == "" || s[0] != c {
				return Date{}, false
			}
			s = s[1:]
			continue
		}
		if width == 1 && len(s) > 1 && '0' <= s[1] && s[1] <= '9' {
			width = 2 // d and M take one digit or two
		}
		if len(s) < width || !digits(s[:width]) {
			return Date{}, false
		}
		for _, digit := range []byte(s[:width]) {
			part[which] = part[which]*10 + int(digit-'0')
		}
		if part[which] == 0 {
			return Date{}, false // 00 is no day or month; NewDate would take it for an absent one
		}
		s = s[width:]
	}
	d, err := NewDate(part[0], time.Month(part[1]), part[2])
	return d, err == nil && s == ""
}

var foreverFolded = viet.Fold(foreverText)

// isForever bounds the length first: folding copies.
func isForever(s string) bool {
	return len(s) <= 2*len(foreverText) && strings.Join(strings.Fields(viet.Fold(s)), " ") == foreverFolded
}

// MarshalText returns the text form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads without named layouts, and "" as the
// zero value.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}
