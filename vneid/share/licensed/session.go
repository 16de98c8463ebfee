package licensed

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Session is one transaction under way. It is plain data by way of JSON, and secret: who
// has it can take the answer. Printed or logged it hides. It does not hold the number of
// the person, only a keyed hash.
type Session struct {
	mu sync.Mutex
	p  **pending // two pointers hide from fmt what one would not: see sso.Identity
}

type pending struct {
	Txn     string        `json:"txn"`
	Gateway string        `json:"gateway"`
	Client  string        `json:"client"`
	Who     [32]byte      `json:"who"` // keyed hash of the number
	Request share.Request `json:"request"`
	Begun   time.Time     `json:"begun"`
	Until   time.Time     `json:"until"`
	Next    time.Time     `json:"next"` // not to be asked about before
}

func newSession(p pending) *Session {
	to := &p
	return &Session{p: &to}
}

// Expires returns when the person can no longer answer.
func (s *Session) Expires() time.Time { return s.look().Until }

func (s *Session) look() pending {
	if s == nil {
		return pending{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.p == nil || *s.p == nil {
		return pending{}
	}
	return **s.p
}

func (s *Session) put(p pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := &p
	s.p = &to
}

// name is what the client remembers the transaction by.
func (p *pending) name() [32]byte {
	return sha256.Sum256([]byte(p.Gateway + "\x00" + p.Client + "\x00" + p.Txn))
}

func (p *pending) key() decoupled.Key { return decoupled.Key{Hint: p.Who, ID: p.Txn} }

// MarshalJSON writes s down for the caller's own store.
func (s *Session) MarshalJSON() ([]byte, error) { return json.Marshal(s.look()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Session) UnmarshalJSON(b []byte) error {
	var p pending
	if err := json.Unmarshal(b, &p); err != nil || p.Txn == "" {
		return errors.New("licensed: not a Session") // the cause could quote it
	}
	s.put(p)
	return nil
}

// String says what s is, and nothing of what it holds.
func (s *Session) String() string { return "data request under way" }

// Format prints what String shows, whatever the verb and flags.
func (s *Session) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// LogValue logs what String shows.
func (s *Session) LogValue() slog.Value { return slog.StringValue(s.String()) }
