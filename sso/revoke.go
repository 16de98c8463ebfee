package sso

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Login names one login to the revocation store.
type Login struct {
	Issuer    string
	Subject   string    // who
	SessionID string    // the provider's session (sid), may be empty
	Local     string    // this relying party's session, named by the handlers
	At        time.Time // when the login was finished: just before its code was traded
}

// Revocations remembers which logins ended before their time. Every request of a
// logged-in session asks it. Implementations are safe for concurrent use;
// processes that share sessions share one store.
type Revocations interface {
	// Revoke ends what login names most closely, as far as it was finished at or
	// before login.At: one local session when Local is set, else all of one
	// provider session when SessionID is set, else all of Subject. It may be
	// forgotten after until.
	Revoke(ctx context.Context, login Login, until time.Time) error

	// Check returns nil for a login that nothing ended, an error of kind
	// vneid.ErrRevoked for one that ended, of vneid.ErrUnavailable when it cannot
	// tell.
	Check(ctx context.Context, login Login) error
}

// MemoryRevocations is a Revocations for one process. It forgets everything with
// the process, so a login finished before it was made is ErrRevoked to it: that
// might have been ended earlier. Where Config.CookieKeys outlive the process, people
// thus log in once more after a restart, usually without being asked anything; give
// a shared store to spare them that.
//
// Make one with NewMemoryRevocations.
type MemoryRevocations struct {
	now   func() time.Time
	start time.Time
	max   int

	mu    sync.RWMutex
	ended map[ending]span
	sweep time.Time
}

// ending is what was ended, named in exactly one of three ways.
type ending struct{ issuer, local, sid, subject string }

type span struct{ at, until time.Time }

// NewMemoryRevocations returns an empty store of at most max entries (0:
// 100,000), which refuses more as vneid.ErrUnavailable. now is the clock, the same
// as Config.Now; nil is time.Now.
func NewMemoryRevocations(max int, now func() time.Time) *MemoryRevocations {
	if now == nil {
		now = time.Now
	}
	if max <= 0 {
		max = 100_000
	}
	return &MemoryRevocations{now: now, start: now(), max: max, ended: make(map[ending]span)}
}

var errNoMemory = errors.New("sso: a MemoryRevocations that NewMemoryRevocations did not make")

// Revoke implements Revocations.
func (m *MemoryRevocations) Revoke(_ context.Context, login Login, until time.Time) error {
	if m.now == nil {
		return errNoMemory
	}
	key := ending{issuer: login.Issuer}
	switch {
	case login.Local != "":
		key.local = login.Local
	case login.SessionID != "":
		key.sid = login.SessionID
	case login.Subject != "":
		key.subject = login.Subject
	default:
		return fault.New(vneid.ErrMalformed, "sso: a revocation that names no login")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	old, known := m.ended[key]
	if !known && !m.room() {
		return fault.New(vneid.ErrUnavailable, "sso: the revocation store is full")
	}
	m.ended[key] = span{at: later(old.at, login.At), until: later(old.until, until)}
	return nil
}

// Check implements Revocations.
func (m *MemoryRevocations) Check(_ context.Context, login Login) error {
	if m.now == nil {
		return errNoMemory
	}
	if login.At.Before(m.start) {
		if m.now().Before(m.start) {
			// No new login would help, so none may be asked for.
			return fault.New(vneid.ErrUnavailable, "sso: the clock is behind the start of the revocation store")
		}
		return fault.New(vneid.ErrRevoked, "sso: the login is older than the revocation store")
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, key := range []ending{
		{issuer: login.Issuer, local: login.Local},
		{issuer: login.Issuer, sid: login.SessionID},
		{issuer: login.Issuer, subject: login.Subject},
	} {
		if end, ok := m.ended[key]; ok && !login.At.After(end.at) {
			return fault.New(vneid.ErrRevoked, "sso: the login was ended")
		}
	}
	return nil
}

// room drops what may be forgotten, at most once a minute, and reports whether
// one more fits.
func (m *MemoryRevocations) room() bool {
	if now := m.now(); len(m.ended) >= m.max || !now.Before(m.sweep) {
		for key, end := range m.ended {
			if now.After(end.until) {
				delete(m.ended, key)
			}
		}
		m.sweep = now.Add(time.Minute)
	}
	return len(m.ended) < m.max
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
