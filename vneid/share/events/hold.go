package events

import "time"

// Kept is something that the relying party stores of a person: a record, a scan, a
// row. Only the relying party knows what it keeps.
type Kept struct {
	ID    string    // the relying party's own name for it
	Grant string    // the grant under which it came
	Until time.Time // when the retention that the citizen agreed to ends
	Hold  Hold      // why it may stay longer, if so
}

// Hold is a law's duty to keep something that the citizen has taken back, or whose
// retention is over. The relying party says so and answers for it; a Hold without
// basis, citation or end is none.
type Hold struct {
	Basis    string    // what is kept and why, in words
	Citation string    // the article, such as "Luật Phòng, chống rửa tiền 14/2022/QH15, Điều 38"
	Until    time.Time // when the duty ends
}

// stands reports whether the law still wants it.
func (h Hold) stands(now time.Time) bool {
	return h.Basis != "" && h.Citation != "" && now.Before(h.Until)
}

// Fate is what may be done with something kept.
type Fate uint8

// The zero Fate neither uses nor destroys.
const (
	Withheld Fate = iota // kept, and used for nothing but what its Hold says
	Usable               // used for the purpose that was agreed to
	Purge                // to be deleted
)

// Fate says what may be done now with k, which is of the person of s: withdrawal and
// the end of the retention end all use, and what no law holds is to go. A lock ends
// no retention; whether data may be used while it stands is what Allows answers.
func (s State) Fate(k Kept, now time.Time) Fate {
	switch {
	case !s.IsWithdrawn(k.Grant) && now.Before(k.Until):
		if s.Died {
			return Withheld // whose it is now is not for this package to say
		}
		return Usable
	case k.Hold.stands(now):
		return Withheld
	}
	return Purge
}
