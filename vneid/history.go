package vneid

// History is every number a person has and had. A personal number is cancelled
// and replaced when sex or year of birth are corrected (Decree 70/2024 Art. 11),
// so a number alone is a poor key for a customer.
type History struct {
	Current CitizenID
	Former  []CitizenID // cancelled, newest first
	Old     []OldID
}

// NumberMatch says which of a person's numbers some digits are. Exactly one of
// its methods answers true; the zero value is None.
type NumberMatch struct{ role role }

type role uint8

const (
	roleNone role = iota
	roleCurrent
	roleFormer
	roleCMND9
	roleCMND12
	roleAmbiguous
)

var roleNames = [...]string{"none", "current", "former", "CMND-9", "CMND-12", "ambiguous"}

// Match looks up digits that a register or an old contract holds.
//
//   - Current: the personal number in force. It stays Current when it is listed as
//     an old twelve-digit CMND too: those became the personal number unchanged.
//   - Former: a cancelled personal number of this person.
//   - CMND9, CMND12: a listed number of an old identity card (CMND) with nine or
//     twelve digits. Nine-digit numbers were not unique in the country: the match
//     links a record to this person only together with other facts.
//   - Ambiguous: the digits fit two roles, and only a person can tell which was
//     meant. Either twelve digits are listed as former number and as CMND, or nine
//     digits are no listed CMND but the last nine of a current or former number,
//     which is the document number in the chip and the machine-readable zone.
//   - None: anything else, also what is not nine or twelve ASCII digits.
//
// An empty history answers None; it does not mean that the number is somebody
// else's unless the evidence is known to be complete.
func (h History) Match(number string) NumberMatch {
	switch {
	case !digits(number):
		return NumberMatch{}
	case len(number) == 12:
		return NumberMatch{h.match12(number)}
	case len(number) == 9:
		return NumberMatch{h.match9(number)}
	}
	return NumberMatch{}
}

func (h History) match12(number string) role {
	former, old := false, h.lists(number)
	for _, id := range h.Former {
		former = former || id.Reveal() == number
	}
	switch {
	case h.Current.Reveal() == number:
		return roleCurrent
	case former && old:
		return roleAmbiguous
	case former:
		return roleFormer
	case old:
		return roleCMND12
	}
	return roleNone
}

func (h History) match9(number string) role {
	if h.lists(number) {
		return roleCMND9
	}
	for _, id := range append([]CitizenID{h.Current}, h.Former...) {
		if !id.IsZero() && id.Reveal()[3:] == number {
			return roleAmbiguous
		}
	}
	return roleNone
}

func (h History) lists(number string) bool {
	for _, id := range h.Old {
		if id.Reveal() == number {
			return true
		}
	}
	return false
}

// None reports that the digits are none of the person's known numbers.
func (m NumberMatch) None() bool { return m.role == roleNone }

// Current reports that they are the personal number in force.
func (m NumberMatch) Current() bool { return m.role == roleCurrent }

// Former reports that they are a cancelled personal number.
func (m NumberMatch) Former() bool { return m.role == roleFormer }

// CMND9 reports that they are a listed nine-digit CMND number.
func (m NumberMatch) CMND9() bool { return m.role == roleCMND9 }

// CMND12 reports that they are a listed twelve-digit CMND number.
func (m NumberMatch) CMND12() bool { return m.role == roleCMND12 }

// Ambiguous reports that they fit two roles at once.
func (m NumberMatch) Ambiguous() bool { return m.role == roleAmbiguous }

// String returns current, former, CMND-9, CMND-12, ambiguous or none.
func (m NumberMatch) String() string { return roleNames[m.role] }
