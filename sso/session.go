package sso

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Session is one login under way: what Begin makes, the caller keeps for the
// browser that began it, and Finish needs. The handlers keep it in a sealed
// cookie.
//
// It is plain data by way of JSON, and secret: who has it can finish the login. It
// hides itself when printed or logged, but an encoder writes it out: slog's JSON
// handler too, where a Session lies inside another value, such as a slice. A Session finishes at most one login and is over
// after ten minutes.
type Session struct {
	p     **pending // two pointers hide from fmt what one would not: see Identity
	spent atomic.Bool
}

func newSession(p *pending) *Session { return &Session{p: &p} }

// pending is a Session's content and JSON form.
type pending struct {
	State    string          `json:"state"`
	Nonce    string          `json:"nonce"`
	Verifier string          `json:"verifier"` // PKCE (RFC 7636 §4.1)
	Issuer   string          `json:"issuer"`
	ClientID string          `json:"client_id"`
	Redirect string          `json:"redirect_uri"`
	Need     vneid.Assurance `json:"need"` // At: not before, made from MaxAge when the login began
	Accept   Integrity       `json:"accept,omitempty"`
	Profile  string          `json:"profile,omitempty"`
	Subject  string          `json:"sub,omitempty"`
	Return   string          `json:"return,omitempty"`
	Created  time.Time       `json:"created"`
	Expires  time.Time       `json:"expires"`

	answer bool // the ID token must have at_hash or auth_time, since it has no nonce to belong here by
}

// State returns the state parameter, under which a caller that keeps sessions
// itself finds this one again.
func (s *Session) State() string { return s.data().State }

// Return returns the local path to go to after the login, at least "/".
func (s *Session) Return() string { return relying.LocalPath(s.data().Return) }

// Expires returns when the login can no longer be finished.
func (s *Session) Expires() time.Time { return s.data().Expires }

func (s *Session) data() *pending {
	if s == nil || s.p == nil {
		return new(pending)
	}
	return *s.p
}

// MarshalJSON writes s down, secrets and all, for the caller's own store.
func (s *Session) MarshalJSON() ([]byte, error) { return json.Marshal(s.data()) }

// UnmarshalJSON reads what MarshalJSON wrote. A Session read back has not been
// used, as far as it knows: the store must let it go when it gives it out.
func (s *Session) UnmarshalJSON(b []byte) error {
	p := new(pending)
	if err := json.Unmarshal(b, p); err != nil {
		return errors.New("sso: not a Session") // the cause could quote it
	}
	s.p = &p
	return nil
}

// String says what s is, and nothing of what it holds.
func (s *Session) String() string { return "login under way" }

// Format prints what String shows, whatever the verb and flags.
func (s *Session) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// LogValue logs what String shows.
func (s *Session) LogValue() slog.Value { return slog.StringValue(s.String()) }
