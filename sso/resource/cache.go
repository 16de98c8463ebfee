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
	maxRemembered   = 4 << 10 // bytes of a token; longer ones are checked each time
)

// A memory knows of tokens that their signature was right, and what they say. It
// is a table of single slots, like the headers of jws.Parser: bounded whatever
// arrives, free of locks, and only tokens that the issuer signed get in. A slot is
// found by the SHA-256 of the whole token, so no token is kept, and no comparison
// of tokens takes a time that tells how far they agree.
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
	return &memory{slots: make([]atomic.Pointer[entry], size)}
}

func (m *memory) keeps(token string) bool { return len(m.slots) > 0 && len(token) <= maxRemembered }

func (m *memory) slot(sum *[32]byte) *atomic.Pointer[entry] {
	return &m.slots[binary.BigEndian.Uint64(sum[:8])%uint64(len(m.slots))]
}

// find returns what a token says whose signature was right a moment ago.
func (m *memory) find(sum *[32]byte, generation uint64, now time.Time) *facts {
	e := m.slot(sum).Load()
	if e == nil || e.sum != *sum || e.generation != generation || now.Before(e.from) || !now.Before(e.until) {
		return nil
	}
	return e.facts
}

func (m *memory) add(sum *[32]byte, generation uint64, now time.Time, f *facts) {
	m.slot(sum).Store(&entry{sum: *sum, generation: generation, from: now, until: now.Add(rememberTime), facts: f})
}

func digest(token string) [32]byte { return sha256.Sum256([]byte(token)) }
