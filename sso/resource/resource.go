package resource

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Config says whose access tokens open this API. Issuer, Audience and URL are
// needed; every other zero value is safe.
type Config struct {
	// Issuer is the authorization server, byte for byte as its tokens spell it.
	Issuer string

	// Audience is this API's own name in the aud of its tokens, usually a URL
	// (RFC 8707 §2).
	Audience string

	// URL is where clients see this API: scheme, host, and the path that a proxy
	// in front takes away, if it does. A DPoP proof is for URL followed by the path of the
	// request line; the Host header, which anybody writes, has no part in it.
	URL string

	// Need is what every request must reach. One route may ask for more
	// (Server.Require), none for less.
	Need Need

	// Keys decides which keys may sign access tokens. Nil: the jwks_uri of the
	// issuer's metadata, fetched when first needed. If it has a method
	// Check() error, New asks it whether it is configured; if it has
	// Generation() uint64, as jwks.Remote, remembered signatures end when the
	// number changes, and after a minute in any case.
	Keys vneid.KeySet

	// Hosts are host names, other than the issuer's, on which its metadata may
	// place the jwks_uri: "id.example", without scheme and port.
	Hosts []string

	// Algs are the signature algorithms an access token may have. None: RS256,
	// PS256, ES256 and EdDSA.
	Algs []string

	// Revoked is asked about every request whose token is good: nil lets it pass,
	// an error of kind vneid.ErrRevoked ends the token, any other refuses as
	// vneid.ErrUnavailable. Nil: tokens live until they expire.
	Revoked func(ctx context.Context, t *Token) error

	// Replay remembers which DPoP proofs were used. Nil: a vneid.MemoryReplay,
	// enough for one process.
	Replay vneid.Replay

	// Nonces makes clients put a nonce of this server into their DPoP proofs
	// (RFC 9449 §9), so that proofs cannot be made ahead of time. NonceKeys, at
	// least 32 random bytes each, make them: the first makes, all of them accept.
	// Nil: a key made by New, which other processes do not know.
	Nonces    bool
	NonceKeys [][]byte

	// Remember is how many tokens' signatures are remembered, for a minute at
	// most. 0: 4,096; negative: none. Everything but the signature is checked at
	// every request.
	Remember int

	// Refused observes refusals, for logs and counters: err's text holds nothing
	// of the token or the person.
	Refused func(r *http.Request, err error)

	// HTTP fetches metadata and keys. Nil: a client with time-outs that reaches
	// the issuer's host wherever it is, and Hosts at public addresses.
	HTTP *http.Client

	// Now is the clock; nil is time.Now.
	Now func() time.Time

	// Skew is how far the clocks of issuer and clients may be off. 0: one minute;
	// at most five minutes.
	Skew time.Duration
}

// Server checks the requests of one API. It is safe for concurrent use. New makes
// one; the zero value refuses everything.
type Server struct {
	cfg    Config // without keys of nonces
	base   string // Config.URL without a slash at its end
	keys   vneid.KeySet
	parser *jws.Parser
	known  *memory
	nonces *nonces // nil: none are asked for

	without string // one check taken out; only this package's tests can set it
}

// Format prints whose configuration c is and no key, whatever the verb.
func (c Config) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "resource.Config of %q at %q", c.Audience, c.Issuer)
}

// LogValue logs what Format prints.
func (c Config) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// MarshalText refuses: a Config may hold keys.
func (c Config) MarshalText() ([]byte, error) {
	return nil, errors.New("resource: refusing to encode a Config: it may hold keys")
}

// New checks the configuration and calls nobody: a service starts while the issuer
// is down, and answers vneid.ErrUnavailable until it is up. An error has no kind
// and names the field.
func New(c Config) (*Server, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("resource: %w", err)
	}
	c.fill()
	s := &Server{
		base: strings.TrimSuffix(c.URL, "/"), keys: c.Keys, known: newMemory(c.Remember),
		parser: jws.NewParser(jws.Rules{Algs: c.Algs, Types: []string{tokenType}}),
	}
	if c.Nonces {
		s.nonces = newNonces(c.NonceKeys, c.Issuer, c.Audience)
	}
	c.NonceKeys = nil
	s.cfg = c
	if s.keys == nil {
		s.keys = newDiscovered(&s.cfg)
	}
	return s, nil
}

// made refuses to work without what New makes.
func (s *Server) made() error {
	if s == nil || s.parser == nil {
		return errors.New("a Server that New did not make")
	}
	return nil
}

// check refuses what cannot work or is not safe.
func (c *Config) check() error {
	for field, raw := range map[string]string{"Config.Issuer": c.Issuer, "Config.URL": c.URL} {
		u, err := guard.CheckURL(raw)
		switch {
		case err != nil:
			return fmt.Errorf("%s is %w", field, err)
		case !printable(raw) || !strings.HasPrefix(raw, u.Scheme+"://"):
			return fmt.Errorf("%s has characters that a URL must escape, or a scheme in capitals", field)
		case strings.Contains(raw, "?"):
			return fmt.Errorf("%s must not have a query", field)
		}
	}
	switch {
	case c.Audience == "" || !printable(c.Audience):
		return errors.New("Config.Audience is empty or not printable ASCII")
	case c.Skew < 0 || c.Skew > 5*time.Minute:
		return errors.New("Config.Skew is outside 0 to 5 minutes")
	case c.Remember > maxRemember:
		return fmt.Errorf("Config.Remember is over %d", maxRemember)
	case len(c.NonceKeys) > 0 && !c.Nonces:
		return errors.New("Config.NonceKeys without Config.Nonces")
	}
	for _, a := range c.Algs {
		if !jws.Known(a) {
			return errors.New("Config.Algs holds an algorithm that no access token may have")
		}
	}
	for _, k := range c.NonceKeys {
		if len(k) < 32 {
			return errors.New("Config.NonceKeys holds a key of less than 32 bytes")
		}
	}
	if err := c.checkParts(); err != nil {
		return err
	}
	if err := c.Need.check(); err != nil {
		return fmt.Errorf("Config.Need%w", err)
	}
	return nil
}

// checkParts asks what the caller built itself, and reads host names.
func (c *Config) checkParts() error {
	for _, h := range c.Hosts {
		if u, err := url.Parse("https://" + h); err != nil || h == "" || u.Host != h || u.Hostname() != h || !printable(h) {
			return errors.New("Config.Hosts holds something else than host names without scheme, port and path")
		}
	}
	if keys, ok := c.Keys.(interface{ Check() error }); ok {
		return fault.Prefix("Config.Keys", keys.Check())
	}
	return nil
}

// fill puts the documented defaults in and copies what the caller could change.
func (c *Config) fill() {
	if len(c.Algs) == 0 {
		c.Algs = []string{"RS256", "PS256", "ES256", "EdDSA"}
	}
	c.Algs, c.Hosts, c.Need.Scopes = slices.Clone(c.Algs), slices.Clone(c.Hosts), slices.Clone(c.Need.Scopes)
	if c.Nonces && len(c.NonceKeys) == 0 {
		key := make([]byte, 32)
		rand.Read(key)
		c.NonceKeys = [][]byte{key}
	}
	keys := make([][]byte, len(c.NonceKeys))
	for i, k := range c.NonceKeys {
		keys[i] = bytes.Clone(k)
	}
	c.NonceKeys = keys
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Skew == 0 {
		c.Skew = time.Minute
	}
	if c.Replay == nil {
		c.Replay = vneid.NewMemoryReplay(0, c.Now)
	}
}

// printable reports whether s is ASCII without spaces and control characters.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
