package sso

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Sessions keeps logged-in sessions on the server; the browser then holds nothing
// but a random ticket. What is kept is sealed under Config.CookieKeys, and its name
// is a hash: whoever reads the store learns nobody's name and gets no session.
//
// Implementations are safe for concurrent use. Package ssotest has their contract
// as a test.
type Sessions interface {
	// Put keeps content under name, in place of what was there. It may be
	// forgotten after until, and must not be given out any more then.
	Put(ctx context.Context, name string, content []byte, until time.Time) error

	// Get returns what was put, nil when there is nothing.
	Get(ctx context.Context, name string) ([]byte, error)

	// Delete forgets name. That there was nothing is no error.
	Delete(ctx context.Context, name string) error
}

// MemorySessions is a Sessions for one process, with which its sessions end. Make
// one with NewMemorySessions.
type MemorySessions struct {
	now func() time.Time
	max int

	mu    sync.Mutex
	kept  map[string]stored
	sweep time.Time
}

type stored struct {
	content []byte
	until   time.Time
}

// NewMemorySessions returns an empty store of at most max sessions (0: 100,000),
// which refuses more as vneid.ErrUnavailable. now is the clock, the same as
// Config.Now; nil is time.Now.
func NewMemorySessions(max int, now func() time.Time) *MemorySessions {
	if now == nil {
		now = time.Now
	}
	if max <= 0 {
		max = 100_000
	}
	return &MemorySessions{now: now, max: max, kept: make(map[string]stored)}
}

var errNoSessions = errors.New("sso: a MemorySessions that NewMemorySessions did not make")

// Put implements Sessions.
func (m *MemorySessions) Put(_ context.Context, name string, content []byte, until time.Time) error {
	if m.now == nil {
		return errNoSessions
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.kept[name]; !known && !m.room() {
		return fault.New(vneid.ErrUnavailable, "sso: the store of sessions is full")
	}
	m.kept[name] = stored{bytes.Clone(content), until}
	return nil
}

// Get implements Sessions.
func (m *MemorySessions) Get(_ context.Context, name string) ([]byte, error) {
	if m.now == nil {
		return nil, errNoSessions
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.kept[name]
	if !ok || !m.now().Before(s.until) {
		return nil, nil
	}
	return bytes.Clone(s.content), nil
}

// Delete implements Sessions.
func (m *MemorySessions) Delete(_ context.Context, name string) error {
	if m.now == nil {
		return errNoSessions
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, name)
	return nil
}

// room drops what is over, at most once a second even while the store is full, and
// reports whether one more fits.
func (m *MemorySessions) room() bool {
	if now := m.now(); !now.Before(m.sweep) {
		for name, s := range m.kept {
			if !now.Before(s.until) {
				delete(m.kept, name)
			}
		}
		m.sweep = now.Add(time.Second)
	}
	return len(m.kept) < m.max
}

const ticketSize = 43 // of random

// ticketName is the name under which the session of a ticket is kept. It is a hash,
// so that a copy of the store opens no session.
func ticketName(ticket string) string {
	h := sha256.Sum256([]byte("vneid-sso ticket " + ticket))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// keepStored puts a session into Config.Sessions. The envelope is bound to the name,
// so that the store cannot give one person another's session.
func (c *Client) keepStored(ctx context.Context, k kept) error {
	plain, err := json.Marshal(k)
	if err != nil {
		return errUnwritten
	}
	envelope, err := c.sealer.seal(forStore+k.Local, plain)
	if err != nil {
		return errUnwritten
	}
	if len(envelope) > maxStored {
		return errors.New("sso: the session is larger than 64 KiB: ask for fewer scopes")
	}
	if c.cfg.Sessions.Put(ctx, k.Local, []byte(envelope), k.Begun.Add(c.cfg.SessionLife)) != nil {
		// The store's words are its own: they may name hosts or people.
		return fault.New(vneid.ErrUnavailable, "sso: the store of sessions cannot keep the session now")
	}
	return nil
}

// openStored returns the content of the session that a ticket opens, nil when there
// is none.
func (c *Client) openStored(ctx context.Context, name string) ([]byte, error) {
	envelope, err := c.cfg.Sessions.Get(ctx, name)
	if err != nil {
		return nil, fault.New(vneid.ErrUnavailable, "sso: the store of sessions gives no answer")
	}
	plain, _ := c.sealer.open(forStore+name, string(envelope))
	return plain, nil
}

// keepTokens has what replaces g kept in the session k.
func (c *Client) keepTokens(k kept, g *granted) {
	g.save = func(ctx context.Context, fresh *Tokens) error {
		k := k
		k.Tokens = fresh.get()
		return c.keepStored(ctx, k)
	}
	g.reload = func(ctx context.Context) (*Tokens, error) {
		plain, err := c.openStored(ctx, k.Local)
		var now kept
		switch {
		case err != nil:
			return nil, err
		case plain == nil: // a refresh would bring it back
			return nil, fault.New(vneid.ErrRevoked, "the session of the tokens was ended")
		case json.Unmarshal(plain, &now) != nil || now.Tokens == nil:
			return nil, nil
		}
		c.keepTokens(now, now.Tokens)
		return newTokens(now.Tokens), nil
	}
}
