package document

import "github.com/vneid-sdk/vneid-go/vneid"

// milestones are the ages at which a card is renewed (Law 26/2023/QH15 Art. 21.1).
var milestones = [...]int{14, 25, 40, 60}

// grace is the rule that a card issued within so many years before a milestone
// stays valid to the next one (Art. 21.2). It is recalled, not read in the text of
// the law: one more reason why this is an estimate.
const grace = 2

// EstimateExpiry computes from the dates of birth and issue until when a citizen's
// card should be valid: the birthday on which its holder reaches the next of the
// ages 14, 25, 40 and 60, or vneid.Forever (Không thời hạn) past the last. A date of
// birth without day or month gives an expiry without them; someone born on 29
// February is given 28 February in common years (our choice).
//
// It is an estimate: the date that is printed, in the chip or in the electronic
// identity card wins. ok is false when the dates do not settle it.
func EstimateExpiry(birth, issued vneid.Date) (expiry vneid.Date, ok bool) {
	if birth.Year() == 0 || issued.Year() == 0 || issued.Before(birth) {
		return vneid.Date{}, false
	}
	for _, age := range milestones {
		limit := birthday(birth, age-grace)
		if issued.Before(limit) {
			return birthday(birth, age), true
		}
		if issued.Earliest().Before(limit.Latest()) {
			return vneid.Date{}, false
		}
	}
	return vneid.Forever(), true
}

// birthday is birth so many years later.
func birthday(birth vneid.Date, years int) vneid.Date {
	d, err := vneid.NewDate(birth.Year()+years, birth.Month(), birth.Day())
	if err != nil { // 29 February
		d, _ = vneid.NewDate(birth.Year()+years, birth.Month(), birth.Day()-1)
	}
	return d
}
