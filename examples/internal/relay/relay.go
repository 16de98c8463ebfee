// Package relay lets a telephone lend its NFC field to a server: the telephone
// passes commands to the card and answers back, the server drives the session.
// The keys of the session, the access number and what is read stay on the server,
// and the telephone sees little more than ciphertext.
//
// # The wire (project format)
//
// The server makes a session and tells the telephone its token over a channel of
// its own: the page on which the citizen started, a QR code, a push message. The
// telephone opens a WebSocket (RFC 6455) and says the token, not in the address,
// which ends up in logs:
//
//	GET /relay
//	Authorization: Bearer <token>
//	Sec-WebSocket-Protocol: vneid-relay.v1
//
// Every binary message from the server is one command APDU, and the telephone
// answers it with one binary message, the response APDU with its status word.
// Nothing else is sent. Whoever is done closes: the server with 1000 when it has
// read what it wants, the telephone with 4001 when it has lost the card. Who gets
// what does not belong here hangs up.
//
// # Limits
//
// A token is 128 random bits, good for one connection, and waits two minutes. A
// response has 65,538 bytes at most and may take 15 seconds, a session two
// minutes. At most 64 sessions are open; one more is refused. A token that is
// unknown, used or too old is answered alike.
//
// # What a relay does not show
//
// That the card lies on this telephone: whoever holds the token may relay from
// anywhere, and a telephone may itself relay. That the holder agreed: ask them.
package relay

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Protocol is the WebSocket subprotocol.
const Protocol = "vneid-relay.v1"

// CardLost is the status with which a telephone closes when the card has left its
// field.
const CardLost websocket.StatusCode = 4001

// The longest response and command (ISO 7816-4 §5.1).
const (
	maxResponse = 65536 + 2
	maxCommand  = 4 + 3 + 65535 + 2
)

// Relay is where telephones connect. The zero value is ready, with the limits of
// the package comment. It is an http.Handler for the one address.
type Relay struct {
	Wait    time.Duration // how long a token waits for its telephone
	Answer  time.Duration // how long one answer may take
	Session time.Duration // how long a session may last
	Most    int           // sessions at once

	mu       sync.Mutex
	sessions map[[sha256.Size]byte]*Session // by the token's hash, while it waits
	open     int                            // sessions, waiting or connected
}

func or[T comparable](value, otherwise T) T {
	if value == *new(T) {
		return otherwise
	}
	return value
}

// Session is one telephone that is expected, or there.
type Session struct {
	relay *Relay
	token string
	phone chan *websocket.Conn
	done  chan struct{}
	late  *time.Timer
	once  sync.Once
}

// Expect makes a session for one telephone. The caller closes it.
func (r *Relay) Expect() (*Session, error) {
	s := &Session{relay: r, token: rand.Text(), phone: make(chan *websocket.Conn, 1), done: make(chan struct{})}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open >= or(r.Most, 64) {
		return nil, fault.New(vneid.ErrUnavailable, "relay: too many sessions at once")
	}
	if r.sessions == nil {
		r.sessions = map[[sha256.Size]byte]*Session{}
	}
	r.open++
	r.sessions[sha256.Sum256([]byte(s.token))] = s
	s.late = time.AfterFunc(or(r.Wait, 2*time.Minute), s.Close)
	return s, nil
}

// Token is what the telephone has to say. It is a secret until it is used.
func (s *Session) Token() string { return s.token }

// Card waits for the telephone.
func (s *Session) Card(ctx context.Context) (*Card, error) {
	select {
	case conn := <-s.phone:
		return &Card{conn: conn, answer: or(s.relay.Answer, 15*time.Second)}, nil
	case <-s.done:
		return nil, fault.New(vneid.ErrUnavailable, "relay: no telephone came")
	case <-ctx.Done():
		return nil, fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "relay: interrupted")
	}
}

// Close ends the session, connected or not.
func (s *Session) Close() {
	s.once.Do(func() {
		close(s.done)
		s.relay.mu.Lock()
		s.late.Stop()
		s.relay.open--
		delete(s.relay.sessions, sha256.Sum256([]byte(s.token)))
		s.relay.mu.Unlock()
	})
}

// take gives the session of a token, once.
func (r *Relay) take(token string) *Session {
	key := sha256.Sum256([]byte(token))
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.sessions[key]
	delete(r.sessions, key)
	if s != nil && !s.late.Reset(or(r.Session, 2*time.Minute)) {
		return nil // its time was over at this moment
	}
	return s
}

// ServeHTTP takes a telephone's connection and holds it until the session ends.
func (r *Relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	token, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
	if req.Method != http.MethodGet || !ok {
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "a token is needed", http.StatusUnauthorized)
		return
	}
	s := r.take(token)
	if s == nil {
		http.Error(w, "no such session", http.StatusForbidden)
		return
	}
	defer s.Close()
	conn, err := websocket.Accept(w, req, &websocket.AcceptOptions{Subprotocols: []string{Protocol}})
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	if conn.Subprotocol() != Protocol {
		return
	}
	conn.SetReadLimit(maxResponse)
	s.phone <- conn
	<-s.done
	conn.Close(websocket.StatusNormalClosure, "")
}
