package relay_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/relay"
	"github.com/vneid-sdk/vneid-go/vneid"
)

var _ chip.Card = (*relay.Card)(nil)

// cardFunc is a card that answers by a function.
type cardFunc func(command []byte) ([]byte, error)

func (f cardFunc) Transmit(_ context.Context, command []byte) ([]byte, error) { return f(command) }

// echo answers with the command itself.
var echo = cardFunc(func(command []byte) ([]byte, error) { return append(bytes.Clone(command), 0x90, 0x00), nil })

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// begin serves a relay and expects one telephone.
func begin(t *testing.T, r *relay.Relay) (address string, s *relay.Session) {
	t.Helper()
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	s, err := r.Expect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return server.URL, s
}

// raw connects as a telephone that then does what it likes.
func raw(t *testing.T, address, token string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(within(t), address, &websocket.DialOptions{
		Subprotocols: []string{relay.Protocol}, HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	return conn
}

func TestATelephoneLendsItsCard(t *testing.T) {
	address, s := begin(t, &relay.Relay{})
	lent := make(chan error, 1)
	go func() { lent <- relay.Lend(within(t), address, s.Token(), echo) }()
	card, err := s.Card(within(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{4, 5, 300, 65544} {
		command := bytes.Repeat([]byte{0xA5}, n)
		if n+2 > 65538 {
			command = command[:65536]
		}
		response, err := card.Transmit(within(t), command)
		if err != nil || !bytes.Equal(response, append(command, 0x90, 0x00)) {
			t.Fatalf("%d bytes: %d came back, %v", n, len(response), err)
		}
	}
	s.Close()
	if err := <-lent; err != nil {
		t.Error("the telephone was not told that all is done:", err)
	}
}

func TestATokenIsGoodForOneTelephone(t *testing.T) {
	address, s := begin(t, &relay.Relay{})
	if err := relay.Lend(within(t), address, strings.Repeat("A", len(s.Token())), echo); err == nil {
		t.Error("another token is taken")
	}
	raw(t, address, s.Token()) // the twin
	if err := relay.Lend(within(t), address, s.Token(), echo); !errors.Is(err, vneid.ErrUnavailable) {
		t.Error("the token is taken twice:", err)
	}
}

// Whoever tries tokens learns nothing from the answers.
func TestStrangersAreAnsweredAlike(t *testing.T) {
	address, s := begin(t, &relay.Relay{})
	closed := s.Token()
	s.Close()
	ask := func(method, authorization string) (int, string) {
		req, _ := http.NewRequestWithContext(within(t), method, address, nil)
		req.Header.Set("Authorization", authorization)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var body bytes.Buffer
		body.ReadFrom(res.Body)
		return res.StatusCode, body.String()
	}
	never, text := ask("GET", "Bearer NEVER")
	if used, same := ask("GET", "Bearer "+closed); never != http.StatusForbidden || used != never || same != text {
		t.Errorf("%d %q and %d %q", never, text, used, same)
	}
	for _, c := range [][2]string{{"GET", ""}, {"GET", "Basic " + closed}, {"POST", "Bearer " + closed}} {
		if status, _ := ask(c[0], c[1]); status != http.StatusUnauthorized {
			t.Errorf("%v: %d", c, status)
		}
	}
}

func TestTelephonesThatMisbehave(t *testing.T) {
	answer := func(kind websocket.MessageType, response []byte) func(*websocket.Conn) {
		return func(conn *websocket.Conn) { conn.Write(context.Background(), kind, response) }
	}
	for _, c := range []struct {
		name string
		do   func(conn *websocket.Conn)
		kind vneid.Kind
	}{
		{"answers", answer(websocket.MessageBinary, []byte{0x90, 0x00}), 0},
		{"answers in text", answer(websocket.MessageText, []byte{0x39, 0x30}), vneid.ErrMalformed},
		{"answers without a status word", answer(websocket.MessageBinary, []byte{0x90}), vneid.ErrMalformed},
		{"answers with nothing", answer(websocket.MessageBinary, nil), vneid.ErrMalformed},
		{"answers with the longest response", answer(websocket.MessageBinary, make([]byte, 65538)), 0},
		{"answers with more than a response", answer(websocket.MessageBinary, make([]byte, 65539)), vneid.ErrMalformed},
		{"loses the card", func(conn *websocket.Conn) { conn.Close(relay.CardLost, "") }, vneid.ErrUnavailable},
		{"hangs up", func(conn *websocket.Conn) { conn.CloseNow() }, vneid.ErrUnavailable},
		{"says nothing", func(*websocket.Conn) {}, vneid.ErrUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &relay.Relay{}
			if c.name == "says nothing" {
				r.Answer = 100 * time.Millisecond
			}
			address, s := begin(t, r)
			conn := raw(t, address, s.Token())
			card, err := s.Card(within(t))
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan bool)
			go func() {
				defer close(ended)
				if _, _, err := conn.Read(within(t)); err == nil {
					c.do(conn)
				}
			}()
			response, err := card.Transmit(within(t), []byte{0, 0xB0, 0x9C, 0, 0})
			<-ended
			if c.kind == 0 {
				if err != nil || len(response) < 2 {
					t.Errorf("%d bytes, %v", len(response), err)
				}
				return
			}
			if !errors.Is(err, c.kind) || response != nil {
				t.Errorf("%d bytes, %v, want %v", len(response), err, c.kind)
			}
			if _, err := card.Transmit(within(t), []byte{0, 0xB0, 0x9C, 0, 0}); !errors.Is(err, vneid.ErrUnavailable) {
				t.Error("the session goes on:", err)
			}
		})
	}
}

func TestACardThatIsTakenAwayIsSaidToBeLost(t *testing.T) {
	address, s := begin(t, &relay.Relay{})
	gone := errors.New("out of the field")
	lent := make(chan error, 1)
	go func() {
		lent <- relay.Lend(within(t), address, s.Token(), cardFunc(func([]byte) ([]byte, error) { return nil, gone }))
	}()
	card, err := s.Card(within(t))
	if err != nil {
		t.Fatal(err)
	}
	_, err = card.Transmit(within(t), []byte{0, 0xB0, 0x9C, 0, 0})
	if !errors.Is(err, vneid.ErrUnavailable) || !strings.Contains(err.Error(), "lost the card") {
		t.Error(err)
	}
	if err := <-lent; !errors.Is(err, gone) {
		t.Error(err)
	}
}

func TestSessionsAreBounded(t *testing.T) {
	r := &relay.Relay{Most: 2, Wait: 500 * time.Millisecond}
	_, first := begin(t, r)
	_, second := begin(t, r)
	if _, err := r.Expect(); !errors.Is(err, vneid.ErrUnavailable) {
		t.Error("a third session:", err)
	}
	first.Close()
	first.Close()
	third, err := r.Expect()
	if err != nil {
		t.Error("the twin, when one has ended:", err)
	}
	if _, err := r.Expect(); err == nil {
		t.Error("closing twice made room twice")
	}
	for _, s := range []*relay.Session{second, third} { // nobody comes
		if _, err := s.Card(within(t)); !errors.Is(err, vneid.ErrUnavailable) {
			t.Error(err)
		}
	}
	fourth, err := r.Expect()
	if err != nil {
		t.Fatal("those whose time is over still count:", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := fourth.Card(ctx); !errors.Is(err, context.Canceled) || !errors.Is(err, vneid.ErrUnavailable) {
		t.Error(err)
	}
}

func TestASessionEndsByItself(t *testing.T) {
	address, s := begin(t, &relay.Relay{Session: 50 * time.Millisecond})
	lent := make(chan error, 1)
	go func() { lent <- relay.Lend(within(t), address, s.Token(), echo) }()
	if _, err := s.Card(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := <-lent; err != nil {
		t.Error(err)
	}
}

func TestBrowsersOfOtherSitesAreRefused(t *testing.T) {
	address, s := begin(t, &relay.Relay{})
	_, res, err := websocket.Dial(within(t), address, &websocket.DialOptions{
		Subprotocols: []string{relay.Protocol},
		HTTPHeader:   http.Header{"Authorization": {"Bearer " + s.Token()}, "Origin": {"https://elsewhere.example"}},
	})
	if err == nil || res == nil || res.StatusCode != http.StatusForbidden {
		t.Error(res, err)
	}
}

func TestAnotherProtocolIsRefused(t *testing.T) {
	address, s := begin(t, &relay.Relay{})
	conn, _, err := websocket.Dial(within(t), address, &websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"Bearer " + s.Token()}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.Read(within(t)); err == nil {
		t.Error("a telephone of another protocol is served")
	}
	if _, err := s.Card(within(t)); !errors.Is(err, vneid.ErrUnavailable) {
		t.Error(err)
	}
}
