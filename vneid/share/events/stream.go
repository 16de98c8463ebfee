package events

import (
	"slices"
	"time"
)

// Stream is what is known of an issuer's stream: which of its events came, and as of
// when all of them did. A durable Ledger stores its JSON. The zero Stream waits for
// the first event of all.
type Stream struct {
	Through int64     `json:"through,omitempty"` // each event up to this one came
	After   []int64   `json:"after,omitempty"`   // those that came from behind a gap, sorted
	Heard   time.Time `json:"heard,omitzero"`    // the latest sign of life at which nothing was missing

	// Adopt makes the next number heard the one to count from: for a Ledger that
	// begins when the stream is already running.
	Adopt bool `json:"adopt,omitempty"`
}

// maxAfter bounds what is kept from behind a gap. The highest is forgotten, which
// leaves one more gap: the safe side.
const maxAfter = 1000

// Hear notes that e was dealt with and reports whether nothing before it is missing.
// Only then is it a sign of life: behind a gap nobody knows what was told.
func (s *Stream) Hear(e Event) (whole bool) {
	if s.Adopt {
		s.Through, s.After, s.Adopt = e.Told, nil, false
	}
	if at, known := slices.BinarySearch(s.After, e.Told); e.Name != Heartbeat && e.Told > s.Through && !known {
		s.After = slices.Insert(slices.Clone(s.After), at, e.Told)
	}
	for len(s.After) > 0 && s.After[0] <= s.Through+1 {
		s.Through, s.After = max(s.Through, s.After[0]), s.After[1:]
	}
	s.After = s.After[:min(len(s.After), maxAfter)]
	// A number lower than one that came is old, or of a platform that forgot.
	if s.Through == e.Told && e.Issued.After(s.Heard) {
		s.Heard = e.Issued
	}
	return s.Through >= e.Told
}
