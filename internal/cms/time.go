package cms

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// time reads a UTCTime or GeneralizedTime in the one form of RFC 5280 §4.1.2.5:
// with seconds, in UTC. Which of the two an issuer took is not held against it.
func (c *cursor) time() time.Time {
	switch {
	case c.next(tlv.UTCTime):
		return c.date(c.Read(tlv.UTCTime), 2)
	case c.next(tlv.GeneralizedTime):
		return c.date(c.Read(tlv.GeneralizedTime), 4)
	}
	c.fail()
	return time.Time{}
}

// date reads YY(YY)MMDDhhmmssZ. Two digits of a year from 50 on are of the
// twentieth century.
func (c *cursor) date(b []byte, yearDigits int) time.Time {
	if len(b) != yearDigits+11 || b[len(b)-1] != 'Z' {
		c.fail()
		return time.Time{}
	}
	var part [7]int // pairs of digits
	for i, digit := range b[:len(b)-1] {
		if digit < '0' || digit > '9' {
			c.fail()
			return time.Time{}
		}
		part[i/2] = part[i/2]*10 + int(digit-'0')
	}
	year, rest := part[0], part[1:]
	if yearDigits == 4 {
		year, rest = part[0]*100+part[1], part[2:]
	} else if year += 1900; year < 1950 {
		year += 100
	}
	t := time.Date(year, time.Month(rest[0]), rest[1], rest[2], rest[3], rest[4], 0, time.UTC)
	if t.Month() != time.Month(rest[0]) || t.Day() != rest[1] || t.Hour() != rest[2] || t.Minute() != rest[3] || t.Second() != rest[4] {
		c.fail() // 31 February or 25 o'clock
		return time.Time{}
	}
	return t
}
