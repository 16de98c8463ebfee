package wire

import (
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// VN1 writes numbers and dates as integers, which are half as long as text.

// PackDigits makes an integer of a number's digits with a 1 before them, so that
// leading zeros and the length survive: "001" is 1001. It answers false for what
// is not one to eighteen digits.
func PackDigits(digits string) (uint64, bool) {
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	n := uint64(1)
	for i := range len(digits) {
		c := digits[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + uint64(c)
	}
	return n, true
}

// UnpackDigits is the inverse of PackDigits.
func UnpackDigits(n uint64) (string, bool) {
	s := strconv.FormatUint(n, 10)
	if s[0] != '1' || len(s) < 2 || len(s) > 19 {
		return "", false
	}
	return s[1:], true
}

// forever stands for Không thời hạn; no year has five digits.
const forever = 99999999

// PackDate makes the integer yyyyMMdd of a date, with zeros for what it lacks.
// The zero Date has no such form: leave the claim out.
func PackDate(d vneid.Date) uint64 {
	if d.IsForever() {
		return forever
	}
	return uint64(d.Year())*10000 + uint64(d.Month())*100 + uint64(d.Day())
}

// UnpackDate is the inverse of PackDate.
func UnpackDate(n uint64) (vneid.Date, bool) {
	if n == forever {
		return vneid.Forever(), true
	}
	if n > forever {
		return vneid.Date{}, false
	}
	d, err := vneid.NewDate(int(n/10000), time.Month(n/100%100), int(n%100))
	return d, err == nil
}
