package ciba

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Session is one login under way, from Begin to the person's answer.
//
// It is plain data by way of JSON, and secret: who has it and the client's
// credentials can finish the login. It hides itself when printed or logged, but an
// encoder writes it out. One Session may be asked about by several goroutines.
type Session struct {
	mu sync.Mutex
	p  **pending // two pointers hide from fmt what one would not: see sso.Identity

	busy bool // a call is under way
}

// pending is a Session's content and JSON form.
type pending struct {
	ID       string          `json:"auth_req_id"`
	Number   string          `json:"number"`
	Issuer   string          `json:"issuer"`
	ClientID string          `json:"client_id"`
	Need     vneid.Assurance `json:"need"`
	Subject  string          `json:"sub,omitempty"`
	Begun    time.Time       `json:"begun"`
	Expires  time.Time       `json:"expires"`
	Interval time.Duration   `json:"interval"`
	Next     time.Time       `json:"next"`           // not to be asked for before
	Hint     [32]byte        `json:"hint"`           // its keyed hash
	Bell     *[32]byte       `json:"bell,omitempty"` // hash of the notification token
	Over     bool            `json:"over,omitempty"`
	Again    string          `json:"again,omitempty"` // the question that no answer came to
}

// Number returns the two digits to show to the person at the counter, or to read to
// them on the telephone.
func (s *Session) Number() string { return s.look().Number }

// Expires returns when the person can no longer answer.
func (s *Session) Expires() time.Time { return s.look().Expires }

// look returns a copy of the content.
func (s *Session) look() pending {
	if s == nil {
		return pending{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data()
}

func (s *Session) data() pending {
	if s.p == nil {
		return pending{}
	}
	return **s.p
}

func (s *Session) put(p pending) {
	to := &p
	s.p = &to
}

// MarshalJSON writes s down, secrets and all, for the caller's own store.
func (s *Session) MarshalJSON() ([]byte, error) { return json.Marshal(s.look()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Session) UnmarshalJSON(b []byte) error {
	var p pending
	if err := json.Unmarshal(b, &p); err != nil {
		return errors.New("ciba: not a Session") // the cause could quote it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(p)
	return nil
}

// String says what s is, and nothing of what it holds.
func (s *Session) String() string { return "login under way" }

// Format prints what String shows, whatever the verb and flags.
func (s *Session) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// LogValue logs what String shows.
func (s *Session) LogValue() slog.Value { return slog.StringValue(s.String()) }
