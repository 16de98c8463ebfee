package chiptest

import (
	"crypto/sha1"
	"fmt"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Access is what is printed on a card and opens it.
type Access struct {
	CAN    string   // card access number: the last six digits of the personal number
	MRZ    []string // machine-readable zone: three lines of thirty characters
	Number string   // document number of the zone: the last nine digits of the personal number
	Birth  string   // yyMMdd
	Expiry string   // yyMMdd
}

// zone is what BAC and PACE hash of the zone (ICAO Doc 9303-11 §4.3.1, §9.7.3).
func (a Access) zone() string {
	number := a.Number
	for len(number) < 9 {
		number += "<"
	}
	return checked(number) + checked(a.Birth) + checked(a.Expiry)
}

// password returns the secret of a password reference of PACE (§9.7.3).
func (a Access) password(reference []byte) ([]byte, bool) {
	switch {
	case slices.Equal(reference, []byte{1}):
		sum := sha1.Sum([]byte(a.zone()))
		return sum[:], true
	case slices.Equal(reference, []byte{2}):
		return []byte(a.CAN), true
	}
	return nil, false
}

// newAccess composes the zone of a Vietnamese card: TD1 (ICAO Doc 9303-5 §4.2)
// with the personal number and its own check digit as optional data.
//
// A card without expiry carries 991231 (inferred: no card has been seen); of a
// birth of which only the year is known, day and month are fillers (ICAO Doc 9303-3
// §4.8).
func newAccess(r vneid.Record) Access {
	a := Access{CAN: r.ID[6:], Number: r.ID[3:], Birth: shortDate(r.Birth), Expiry: shortDate(r.CardExpires)}
	if r.CardExpires.IsForever() {
		a.Expiry = "991231"
	}
	sex := "<"
	if r.Sex == vneid.Male {
		sex = "M"
	} else if r.Sex == vneid.Female {
		sex = "F"
	}
	number, birth, expiry := checked(a.Number), checked(a.Birth), checked(a.Expiry)
	optional := r.ID + "<<" + digitOf(r.ID)
	whole := number + optional + birth + expiry + strings.Repeat("<", 11)
	a.MRZ = []string{
		"IDVNM" + number + optional,
		birth + sex + expiry + "VNM" + strings.Repeat("<", 11) + digitOf(whole),
		nameLine(r.Name),
	}
	return a
}

func shortDate(d vneid.Date) string {
	text := fmt.Sprintf("%02d", d.Year()%100)
	for _, part := range []int{int(d.Month()), d.Day()} {
		if part == 0 {
			text += "<<"
		} else {
			text += fmt.Sprintf("%02d", part)
		}
	}
	return text
}

// nameLine is SURNAME<<MIDDLE<GIVEN in thirty characters, without diacritics.
func nameLine(name string) string {
	letters := strings.Map(func(r rune) rune {
		if r == ' ' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(viet.Fold(name)))
	first, rest, _ := strings.Cut(letters, " ")
	line := first + "<<" + strings.ReplaceAll(rest, " ", "<") + strings.Repeat("<", 30)
	return line[:30]
}

// checked appends the check digit of ICAO Doc 9303-3 §4.9.
func checked(s string) string { return s + digitOf(s) }

func digitOf(s string) string {
	sum := 0
	for i, c := range []byte(s) {
		value := 0
		switch {
		case c >= '0' && c <= '9':
			value = int(c - '0')
		case c >= 'A' && c <= 'Z':
			value = int(c-'A') + 10
		}
		sum += value * []int{7, 3, 1}[i%3]
	}
	return string(rune('0' + sum%10))
}
