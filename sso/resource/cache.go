package resource

import (
	"crypto/sha256"
	"encoding/binary"
	"sync/atomic"
	"time"
)

// What is remembered, and how long.
const (
	rememberTime    = time.Minute
	defaultRemember = 4096
	maxRemember     = 1 << 20
	ways            = 4
	maxRemembered   = 4 << 10 // bytes of a token; longer ones are checked each time
)

// A memory knows of tokens that their signature was right, and what they say. It
// is a table of slots, free of locks and bounded whatever arrives, and only tokens
// that the issuer signed get in. A token may lie in one of four slots, which its
// SHA-256 names, so no token is kept, and no comparison of tokens takes a time that
// tells how far they agree.
//
// An entry ends when the key set has another generation, so that the tokens of a
// key that was taken out fall out with it, and after a minute, because a key set
// of the caller's may have no generation, and because a set that is never asked
// never looks for new keys.
type memory struct {
	slots []atomic.Pointer[entry]
}

type entry struct {
	sum         [32]byte
	generation  uint64
	from, until time.Time
	facts       *facts
}

func newMemory(size int) *memory {
	switch {
	case size < 0:
		return &memory{}
	case size == 0:
		size = defaultRemember
	}
	return &memory{slots: make([]atomic.Pointer[entry], (size+ways-1)/ways*ways)}
}

func (m *memory) keeps(token string) bool { return len(m.slots) > 0 && len(token) <= maxRemembered }

func (m *memory) places(sum *[32]byte) []atomic.Pointer[entry] {
	at := binary.BigEndian.Uint64(sum[:8]) % uint64(len(m.slots)/ways) * ways
	return m.slots[at : at+ways]
}

// find returns what a token says whose signature was right a moment ago.
func (m *memory) find(sum *[32]byte, generation uint64, now time.Time) *facts {
	places := m.places(sum)
	for i := range places {
		if e := places[i].Load(); e != nil && e.sum == *sum {
			if e.generation == generation && e.holds(now) {
				return e.facts
			}
			return nil
		}
	}
	return nil
}

func (e *entry) holds(now time.Time) bool { return !now.Before(e.from) && now.Before(e.until) }

// add puts a token in the place that it had, else in a free one or that of the
// oldest.
func (m *memory) add(sum *[32]byte, generation uint64, now time.Time, f *facts) {
	places := m.places(sum)
	worst, age := 0, time.Duration(-1)
	for i := range places {
		e := places[i].Load()
		if e == nil || e.sum == *sum || !e.holds(now) {
			worst = i
			if e == nil || e.sum == *sum {
				break
			}
			age = rememberTime
		} else if a := now.Sub(e.from); a > age {
			worst, age = i, a
		}
	}
	places[worst].Store(&entry{sum: *sum, generation: generation, from: now, until: now.Add(rememberTime), facts: f})
}

// digest hashes a token that the memory keeps, through the stack.
func digest(token string) [32]byte {
	var b [maxRemembered]byte
	return sha256.Sum256(b[:copy(b[:], token)])
}
