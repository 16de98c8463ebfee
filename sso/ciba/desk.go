package ciba

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/sso"
)

// Config says for whom logins are begun. Client is needed; every other zero value
// is safe.
type Config struct {
	// Client is the relying party and its provider. Its own checks, keys, profile and
	// clock hold here too.
	Client *sso.Client

	// Ping says that the client is registered for ping, with the address of Notify.
	// The default is poll.
	Ping bool

	// Sign puts the request into a JWT signed with sso.Config.Key, as FAPI-CIBA
	// and the client's registration (backchannel_authentication_request_signing_alg)
	// may ask.
	Sign bool

	// HintKey keys the hashes under which hints are remembered while a request is
	// open: at least 32 random bytes. Nil: a key made by New.
	HintKey []byte
}

// Format prints what c is and no key, whatever the verb.
func (c Config) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "ciba.Config (ping %v)", c.Ping) }

// LogValue logs what Format prints.
func (c Config) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// MarshalText refuses: a Config may hold a key.
func (c Config) MarshalText() ([]byte, error) {
	return nil, errors.New("ciba: refusing to encode a Config: it may hold a key")
}

// Desk begins and ends logins. It is safe for concurrent use. New makes one; the
// zero value refuses everything.
type Desk struct {
	client     *sso.Client
	ping, sign bool
	hash       func(hint string) [32]byte // a func, so that no print shows the key

	open decoupled.Table

	without string // one check taken out; only this package's tests can set it
}

// New checks the configuration and calls nobody. An error has no kind and names the
// field.
func New(c Config) (*Desk, error) {
	if c.Client == nil {
		return nil, errors.New("ciba: Config.Client is nil")
	}
	if c.HintKey != nil && len(c.HintKey) < 32 {
		return nil, errors.New("ciba: Config.HintKey has less than 32 bytes")
	}
	key := append([]byte(nil), c.HintKey...)
	if len(key) == 0 {
		key = make([]byte, 32)
		rand.Read(key)
	}
	return &Desk{
		client: c.Client, ping: c.Ping, sign: c.Sign,
		hash: decoupled.Hasher("vneid ciba hint", key),
	}, nil
}

// Format prints what d is, whatever the verb: it knows requests under way.
func (d *Desk) Format(f fmt.State, _ rune) { io.WriteString(f, "ciba.Desk") }

func (d *Desk) made() error {
	if d == nil || d.client == nil {
		return errors.New("a Desk that New did not make")
	}
	return nil
}

func (d *Desk) omits(check string) bool { return d.without == check }
