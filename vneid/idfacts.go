package vneid

// What the digits of a number say was true when it was given. None of it is
// checked by a digit or a signature, and the number of a person whose sex or
// birth year was corrected may differ from the register: compare, warn, never
// refuse for it.

// Province returns the first three digits: where the birth was registered. Codes
// that are in no table (births registered abroad, numbers of the future) are kept.
func (id CitizenID) Province() Province {
	if id.IsZero() {
		return ""
	}
	return Province(id.Reveal()[:3])
}

// Sex returns the sex that the fourth digit encodes: even is male, odd female.
func (id CitizenID) Sex() Sex {
	switch {
	case id.IsZero():
		return ""
	case id.Reveal()[3]%2 == 0: // '0' is even
		return Male
	}
	return Female
}

// BirthYear returns the year of birth from the fourth to sixth digits, 1900 to
// 2399: 0 and 1 stand for the 20th century, 8 and 9 for the 24th. It is 0 for the
// zero value.
func (id CitizenID) BirthYear() int {
	if id.IsZero() {
		return 0
	}
	s := id.Reveal()
	return 1900 + int(s[3]-'0')/2*100 + int(s[4]-'0')*10 + int(s[5]-'0')
}
