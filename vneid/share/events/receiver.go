package events

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Config says whose events are received, and what becomes of them.
type Config struct {
	Issuer   string       // the platform
	ClientID string       // whom the events are for
	Keys     vneid.KeySet // the platform's keys of the use event: never those of its jwks_uri for logins
	Ledger   Ledger

	// On, if not nil, reacts: it ends sessions, stops use, deletes. It is called after
	// the Ledger made the event durable and before the platform is told so, at least
	// once for each; an error makes the platform send it again. It is called for events
	// that are Late, repeated or Unknown too, but for no Heartbeat.
	On func(ctx context.Context, e Event) error

	// Refused, if not nil, learns why a token was refused or could not be applied, and
	// that events are missing.
	Refused func(err error)

	// For Poll and Run alone.
	PollURL string        // the platform's events endpoint
	Key     crypto.Signer // the client's: PS256, ES256 or EdDSA
	KeyID   string
	Every   time.Duration // how long Run waits after a poll that found nothing; 0: 10 s
	HTTP    *http.Client  // nil: a client with time-outs

	Now  func() time.Time // the clock; nil: time.Now
	Skew time.Duration    // how far clocks may differ; 0: 60 s, at most 5 min
}

// Receiver takes events. It keeps nothing itself, so that any number of processes may
// receive for one Ledger. New makes one; it is safe for concurrent use.
type Receiver struct {
	cfg    Config // without the key
	http   *http.Client
	key    func() *oauth.Key // a func, which no print opens
	parser *jws.Parser

	// off takes one check out. Only this package's tests can set it: they show that
	// an attack which a check stops would succeed without it.
	off string
}

// on reports whether a check is made: always, but for that one.
func (r *Receiver) on(check string) bool { return r.off != check }

const (
	defaultSkew  = time.Minute
	maxSkew      = 5 * time.Minute
	defaultEvery = 10 * time.Second
)

// New checks the configuration and calls nobody. An error has no kind and names the
// field.
func New(c Config) (*Receiver, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	if c.Skew == 0 {
		c.Skew = defaultSkew
	}
	if c.Every == 0 {
		c.Every = defaultEvery
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.On == nil {
		c.On = func(context.Context, Event) error { return nil }
	}
	if c.Refused == nil {
		c.Refused = func(error) {}
	}
	r := &Receiver{
		http:   oauth.HTTP(c.HTTP, c.PollURL),
		parser: jws.NewParser(jws.Rules{Algs: []string{"ES256", "EdDSA"}, Types: []string{wire.TypeEvent}}),
	}
	if c.Key != nil {
		key := &oauth.Key{ID: c.KeyID, Signer: c.Key}
		r.key = func() *oauth.Key { return key }
	}
	c.Key = nil
	r.cfg = c
	return r, nil
}

func (c Config) check() error {
	switch {
	case c.Issuer == "":
		return errors.New("Config.Issuer is missing")
	case c.ClientID == "":
		return errors.New("Config.ClientID is missing")
	case c.Keys == nil:
		return errors.New("Config.Keys is nil")
	case c.Ledger == nil:
		return errors.New("Config.Ledger is nil")
	case c.Skew < 0 || c.Skew > maxSkew:
		return fmt.Errorf("Config.Skew is not between 0 and %v", maxSkew)
	case c.Every < 0:
		return errors.New("Config.Every is negative")
	case (c.PollURL == "") != (c.Key == nil):
		return errors.New("Config.PollURL and Config.Key go together")
	case c.PollURL == "":
		return nil
	}
	if _, err := guard.CheckURL(c.PollURL); err != nil {
		return fmt.Errorf("Config.PollURL is %w", err)
	}
	if !guard.SameHost(c.PollURL, c.Issuer) {
		return errors.New("Config.PollURL is on another host than Config.Issuer")
	}
	if err := (oauth.Key{ID: c.KeyID, Signer: c.Key}).Check(); err != nil {
		return fmt.Errorf("Config.%w", err)
	}
	return nil
}

var errNotMade = errors.New("events: a Receiver that New did not make")

// accept reads one token, makes it durable and has it reacted to. Only after that may
// the platform be told that it was received.
func (r *Receiver) accept(ctx context.Context, raw, id string) error {
	e, err := r.read(ctx, raw)
	if err == nil && id != "" && e.ID != id && r.on("name") {
		err = malformed("the token stands under another's jti")
	}
	if err == nil {
		err = r.take(ctx, e)
	}
	if err != nil {
		r.cfg.Refused(fault.Prefix("events", err))
	}
	return err
}

func (r *Receiver) take(ctx context.Context, e Event) error {
	// The words of a store or a hook are its own: they may name hosts or people.
	if e.Name != Heartbeat {
		newest, err := r.cfg.Ledger.Apply(ctx, e)
		if err != nil && r.on("durable") {
			return fault.New(vneid.ErrUnavailable, "the ledger cannot keep the event now")
		}
		e.Late = !newest && e.Known()
	}
	if e.Name != Heartbeat {
		if err := r.cfg.On(ctx, e); err != nil && r.on("reaction") {
			return fault.New(vneid.ErrUnavailable, "the reaction to the event failed")
		}
	}
	return r.hear(ctx, e)
}

// hear comes last of all, since it vouches for what is above.
func (r *Receiver) hear(ctx context.Context, e Event) error {
	if now := r.cfg.Now(); e.Issued.After(now) || !r.on("age") {
		e.Issued = now
	}
	whole, err := r.cfg.Ledger.Heard(ctx, e)
	switch {
	case err != nil && r.on("durable"):
		return fault.New(vneid.ErrUnavailable, "the ledger cannot note the sign of life now")
	case err == nil && !whole && e.Name == Heartbeat: // nothing waits there, and something never came
		r.cfg.Refused(fault.Prefix("events", fault.New(vneid.ErrUnavailable, "the platform told of events that never came")))
	}
	return nil
}

// Format prints whose events c is for and no key, whatever the verb.
func (c Config) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "events.Config of %q", c.ClientID) }

// LogValue logs what Format prints.
func (c Config) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// MarshalText refuses: a Config may hold a key.
func (c Config) MarshalText() ([]byte, error) {
	return nil, errors.New("events: refusing to encode a Config: it may hold a key")
}
