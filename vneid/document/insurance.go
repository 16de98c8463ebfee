package document

import (
	"log/slog"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// ParseSocialNumber reads a social insurance number (mã số BHXH): ten digits, with
// spaces allowed between them. It is refused as vneid.ErrMalformed otherwise.
func ParseSocialNumber(s string) (string, error) {
	s = strings.ReplaceAll(s, " ", "")
	if len(s) != 10 || !allDigits(s) {
		return "", fault.New(vneid.ErrMalformed, "document: a social insurance number has ten digits")
	}
	return s, nil
}

// HealthCard is what the code of a health insurance card (thẻ BHYT) says. All of it
// is personal data. slog hides one that is logged as a value of its own; inside
// another struct, a slice or a map it is plain data.
type HealthCard struct {
	Group    string         // two letters: whom the insurance is for, such as TE (children); empty on cards since 2021-04-01
	Benefit  int            // 1 to 5, see Share; 0 on cards since 2021-04-01
	Province vneid.Province // where it was issued, by the codes of before 2025-07-01; empty on cards since 2021-04-01
	Number   string         // the ten digits of the social insurance number
}

// ParseHealthCard reads the fifteen characters of an older card, such as
// DN4 01 0000000001 (spaces allowed, letters in any case), or the ten digits of one
// issued since 2021-04-01. It is refused as vneid.ErrMalformed otherwise; a group or
// province that is in no list is kept.
func ParseHealthCard(s string) (HealthCard, error) {
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	if len(s) == 10 && allDigits(s) {
		return HealthCard{Number: s}, nil
	}
	if len(s) != 15 || !isLetter(s[0]) || !isLetter(s[1]) || s[2] < '1' || s[2] > '5' || !allDigits(s[3:]) {
		return HealthCard{}, fault.New(vneid.ErrMalformed, "document: a health insurance code has two letters and thirteen digits, or ten digits")
	}
	return HealthCard{Group: s[:2], Benefit: int(s[2] - '0'), Province: vneid.Province("0" + s[3:5]), Number: s[5:]}, nil
}

// Share returns the percentage of costs that the benefit level covers (recalled
// from Decision 1351/QĐ-BHXH: 1, 2 and 5 all, 3 ninety-five, 4 eighty); 0 when the
// card does not say.
func (c HealthCard) Share() int { return [...]int{0, 100, 100, 95, 80, 100}[max(0, min(c.Benefit, 5))] }

// LogValue logs that there is a card, and nothing of it.
func (c HealthCard) LogValue() slog.Value { return slog.StringValue("health insurance card") }

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func isLetter(b byte) bool { return 'A' <= b && b <= 'Z' }
