package events

import (
	"context"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Ledger keeps what is known of people, durably: once Apply returns nil the platform
// is told that it may forget the event. It is small enough to write over any
// database: read a State, State.Apply, write it back in the same transaction;
// State.Allows is the verdict. Package ledgertest has the contract as a test, and
// vneidredis/eventsredis one for several processes.
//
// Implementations are safe for concurrent use. Trouble is of the kind
// vneid.ErrUnavailable.
type Ledger interface {
	// Apply joins an event to the person's State and reports whether it is the newest
	// word on its fact. Of an event that is not Known nothing is kept.
	Apply(ctx context.Context, e Event) (newest bool, err error)

	// Heard joins an event that was applied, or a Heartbeat, to its issuer's Stream:
	// Stream.Hear.
	Heard(ctx context.Context, e Event) (whole bool, err error)

	// State returns what is known of a person, with Heard.
	State(ctx context.Context, issuer, subject string) (State, error)

	// Allows is the verdict on a use of data of a grant: State.Allows.
	Allows(ctx context.Context, issuer, subject, grant string) error
}

// MemoryLedger is a Ledger for one process, with which it forgets everything: it is
// for tests, and for programs that keep no data of people longer than they run. It
// counts a stream from the first number that it hears. NewMemoryLedger makes one.
type MemoryLedger struct {
	now     func() time.Time
	max     int
	silence time.Duration

	mu      sync.Mutex
	of      map[person]State
	streams map[string]Stream
}

type person struct{ issuer, subject string }

// NewMemoryLedger returns an empty ledger of at most max people (0: 100,000), which
// refuses more as vneid.ErrUnavailable, and whose streams may be silent for a time
// (0: DefaultMaxSilence). now is the clock; nil is time.Now.
func NewMemoryLedger(max int, silence time.Duration, now func() time.Time) *MemoryLedger {
	if now == nil {
		now = time.Now
	}
	if max <= 0 {
		max = 100_000
	}
	return &MemoryLedger{now: now, max: max, silence: silence, of: make(map[person]State), streams: make(map[string]Stream)}
}

var _ Ledger = (*MemoryLedger)(nil)

// errNoLedger has no kind: the mistake is the program's.
var errNoLedger = fault.Prefix("events", fault.New(nil, "a MemoryLedger is made with NewMemoryLedger"))

// Apply implements Ledger.
func (m *MemoryLedger) Apply(ctx context.Context, e Event) (newest bool, err error) {
	if m == nil || m.now == nil {
		return false, errNoLedger
	}
	if err := over(ctx); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	who := person{e.Issuer, e.Subject}
	s, known := m.of[who]
	if !known && len(m.of) >= m.max && e.fact() != "" {
		return false, fault.Prefix("events", fault.New(vneid.ErrUnavailable, "the ledger is full"))
	}
	newest, err = s.Apply(e)
	if err != nil {
		return false, fault.Prefix("events", err)
	}
	if e.fact() != "" {
		m.of[who] = s
	}
	return newest, nil
}

// Heard implements Ledger.
func (m *MemoryLedger) Heard(ctx context.Context, e Event) (whole bool, err error) {
	if m == nil || m.now == nil {
		return false, errNoLedger
	}
	if err := over(ctx); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s, known := m.streams[e.Issuer]
	if !known && len(m.streams) >= m.max {
		return false, fault.Prefix("events", fault.New(vneid.ErrUnavailable, "the ledger is full"))
	}
	s.Adopt = s.Adopt || !known
	whole = s.Hear(e)
	m.streams[e.Issuer] = s
	return whole, nil
}

// State implements Ledger.
func (m *MemoryLedger) State(ctx context.Context, issuer, subject string) (State, error) {
	if m == nil || m.now == nil {
		return State{}, errNoLedger
	}
	if err := over(ctx); err != nil {
		return State{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.of[person{issuer, subject}].clone()
	s.Heard = m.streams[issuer].Heard
	return s, nil
}

// Allows implements Ledger.
func (m *MemoryLedger) Allows(ctx context.Context, issuer, subject, grant string) error {
	s, err := m.State(ctx, issuer, subject)
	if err != nil {
		return err
	}
	return fault.Prefix("events", s.Allows(grant, m.now(), m.silence))
}

// over refuses to begin for a caller that has left.
func over(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.Prefix("events", fault.Wrap(vneid.ErrUnavailable, err, "the ledger was not asked: the call is over"))
	}
	return nil
}
