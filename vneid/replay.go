package vneid

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
)

// Once names one thing that may be presented a single time: a code, a token, a
// proof. It is made from what the signer signed, never from the bytes presented,
// which an attacker can vary without breaking a signature.
type Once struct {
	Use    Use
	Issuer string
	ID     string    // the signed unique identifier (cti, jti)
	Issued time.Time // the signed time of issue
	Until  time.Time // when the thing stops being acceptable for any reason
}

// Key is the identifier to store: the SHA-256 of use, issuer and ID, each with
// its length, so that no two triples collide.
func (o Once) Key() [32]byte {
	b := make([]byte, 0, 256) // on the stack for all but the longest issuers
	for _, s := range [...]string{string(o.Use), o.Issuer, o.ID} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return sha256.Sum256(b)
}

// Replay remembers what was presented. Use returns nil exactly once for each
// Once.Key until Until has passed, then an error of kind ErrReplayed; trouble in
// the store, and anything issued before the store can remember, is
// ErrUnavailable.
//
// It is always the last check of a verifier, so that a refused presentation
// uses nothing up. Implementations are atomic across all their callers.
type Replay interface {
	Use(ctx context.Context, once Once) error
}

// MemoryReplay is a Replay for one process. It forgets everything when the
// process ends, so it refuses, as ErrUnavailable, what was issued before it was
// made: that might have been used earlier. Several processes that accept the
// same codes need a shared store instead.
//
// NewMemoryReplay makes one. The zero value does not know when it began, so it
// lets nothing pass and says so with an error without a kind: the mistake is the
// program's.
type MemoryReplay struct {
	now   func() time.Time
	start time.Time
	max   int

	mu     sync.Mutex
	seen   map[[32]byte]time.Time
	sweep  time.Time // when to look for expired entries again
	newest time.Time // the latest time seen: a clock set back reopens nothing
}

// NewMemoryReplay returns an empty store that holds at most max entries (0:
// 100,000) and refuses, as ErrUnavailable, when it is full of unexpired ones.
// now is the clock; nil is time.Now.
func NewMemoryReplay(max int, now func() time.Time) *MemoryReplay {
	if now == nil {
		now = time.Now
	}
	if max <= 0 {
		max = 100_000
	}
	// Signed times have whole seconds: what is issued in this very second counts
	// as issued after the start.
	return &MemoryReplay{now: now, start: now().Truncate(time.Second), max: max, seen: make(map[[32]byte]time.Time)}
}

// Use implements Replay.
func (m *MemoryReplay) Use(ctx context.Context, once Once) error {
	return fault.Prefix("vneid", m.use(ctx, once))
}

func (m *MemoryReplay) use(ctx context.Context, once Once) error {
	if m == nil || m.now == nil {
		return fault.New(nil, "a MemoryReplay is made with NewMemoryReplay")
	}
	if err := ctx.Err(); err != nil {
		return fault.Wrap(ErrUnavailable, err, "replay check was cancelled")
	}
	key := once.Key()
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if now.Before(m.newest) {
		now = m.newest
	}
	m.newest = now
	switch until, seen := m.seen[key]; {
	case seen && now.Before(until):
		return fault.New(ErrReplayed, "presented before")
	case !now.Before(once.Until):
		return &TimeError{NotAfter: once.Until, Now: now}
	case once.Issued.Before(m.start):
		return fault.New(ErrUnavailable, "issued before this replay store began; a fresh one will pass")
	}
	if !m.room(now) {
		return fault.New(ErrUnavailable, "the replay store is full")
	}
	m.seen[key] = once.Until
	return nil
}

// room drops expired entries, at most once a second even while the store is full,
// so that a flood of codes cannot make every one of them pay for a search, and
// reports whether one more fits. Room that comes free in between waits for the
// next search.
func (m *MemoryReplay) room(now time.Time) bool {
	if !now.Before(m.sweep) {
		for k, until := range m.seen {
			if !now.Before(until) {
				delete(m.seen, k)
			}
		}
		m.sweep = now.Add(time.Second)
	}
	return len(m.seen) < m.max
}
