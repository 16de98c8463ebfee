package share

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Session is one data request under way: what Begin and Ask make, and Finish, Poll and
// Wait need. The handlers keep it in a sealed cookie, Client.Seal makes such an
// envelope for other places.
//
// It is plain data by way of its text, of a few hundred characters, and secret: who has
// it can finish the request. It hides itself when printed or logged, but an encoder
// writes it out. One Session may be asked about by several goroutines.
type Session struct {
	mu sync.Mutex
	p  **pending // two pointers hide from fmt what one would not: see sso.Identity
}

// pending is a Session's content.
type pending struct {
	Secret []byte `json:"-"` // 32 bytes: what state, nonce and PKCE verifier are derived from
	Owner  []byte `json:"-"` // 16 bytes: a hash of the client that began it
	Hint   []byte `json:"-"` // 16 bytes: the hint's keyed hash, of a request without a browser

	Begun int64 `json:"b"` // seconds since 1970
	Until int64 `json:"u"`

	Details json.RawMessage `json:"r"` // the request (internal/sharewire), without its nonce
	Subject string          `json:"j,omitempty"`
	Level   int8            `json:"l,omitempty"`
	Auth    int8            `json:"a,omitempty"`
	At      int64           `json:"t,omitempty"`

	ID     string `json:"i,omitempty"` // auth_req_id: of a request without a browser
	Number string `json:"n,omitempty"`
	Every  int64  `json:"e,omitempty"` // seconds between two questions
	Next   int64  `json:"x,omitempty"` // not to be asked about before
	Bell   bool   `json:"g,omitempty"` // the platform will tell
	Over   bool   `json:"v,omitempty"` // there is nothing more to ask
	Again  string `json:"y,omitempty"` // the question that no answer came to (oauth.Party.Again)
}

func newSession(p pending) *Session {
	s := new(Session)
	s.put(p)
	return s
}

// newPending begins one.
func newPending(owner []byte, now time.Time, life time.Duration) pending {
	secret := make([]byte, 32)
	rand.Read(secret)
	return pending{Secret: secret, Owner: owner, Begun: now.Unix(), Until: now.Add(life).Unix()}
}

// derived makes one of the values that a request must not share with any other: 256
// bits as 43 characters. One secret instead of three keeps a Session small; who sees
// one of the values learns nothing of the others.
func (p *pending) derived(what string) string {
	mac := hmac.New(sha256.New, p.Secret)
	mac.Write([]byte("vneid-share " + what))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (p *pending) state() string    { return p.derived("state") }
func (p *pending) nonce() string    { return p.derived("nonce") }
func (p *pending) verifier() string { return p.derived("code verifier") }

// name is what the client remembers the request by.
func (p *pending) name() [32]byte { return sha256.Sum256([]byte(p.derived("name"))) }

func (p *pending) begun() time.Time { return time.Unix(p.Begun, 0) }
func (p *pending) until() time.Time { return time.Unix(p.Until, 0) }
func (p *pending) next() time.Time  { return time.Unix(p.Next, 0) }

func (p *pending) need() vneid.Assurance {
	need := vneid.Assurance{Level: vneid.Level(p.Level), Auth: vneid.AuthLevel(p.Auth)}
	if p.At != 0 {
		need.At = time.Unix(p.At, 0)
	}
	return need
}

func (p *pending) setNeed(need vneid.Assurance) {
	p.Level, p.Auth = int8(need.Level), int8(need.Auth)
	if !need.At.IsZero() {
		p.At = need.At.Unix()
	}
}

// key names a request without a browser.
func (p *pending) key() decoupled.Key {
	k := decoupled.Key{ID: p.ID}
	copy(k.Hint[:], p.Hint)
	return k
}

// token is what the platform shows when it tells that there is an answer.
func (p *pending) token() string { return p.derived("notification token") }

func (p *pending) bell() *[32]byte {
	if !p.Bell {
		return nil
	}
	sum := decoupled.Sum(p.token())
	return &sum
}

// asked is the request as it was sent: without a browser there is no parameter for the
// nonce, so it is in the details.
func (p *pending) asked() (sharewire.Details, error) {
	d, err := sharewire.Decode(string(p.Details))
	if err != nil {
		return sharewire.Details{}, mismatch("the session has no request")
	}
	if p.Number != "" {
		d.Nonce = p.nonce()
	}
	return d, nil
}

// State returns the state parameter, under which a caller that keeps sessions itself
// finds this one again.
func (s *Session) State() string {
	p := s.look()
	if p.Secret == nil {
		return ""
	}
	return p.state()
}

// Number returns the two digits to show to the person at the counter, or to read to
// them on the telephone: of a Session of Ask.
func (s *Session) Number() string { return s.look().Number }

// Expires returns when the person can no longer answer.
func (s *Session) Expires() time.Time {
	p := s.look()
	return p.until()
}

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
	if s.p == nil || *s.p == nil {
		return pending{}
	}
	return **s.p
}

func (s *Session) put(p pending) {
	to := &p
	s.p = &to
}

// String says what s is, and nothing of what it holds.
func (s *Session) String() string { return "data request under way" }

// Format prints what String shows, whatever the verb and flags.
func (s *Session) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// LogValue logs what String shows.
func (s *Session) LogValue() slog.Value { return slog.StringValue(s.String()) }
