package services

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Config says which platform to call, and as whom. Every field without a word about
// its zero value is needed.
type Config struct {
	Issuer   string        // the platform: https, or http on a loopback host
	ClientID string        // what the platform calls this relying party
	Key      crypto.Signer // RSA, P-256 or Ed25519: authenticates the client (private_key_jwt)
	KeyID    string        // the kid under which the platform has its public half; may be empty

	HTTP *http.Client     // nil: a careful one
	Now  func() time.Time // nil: time.Now
}

// Client calls the services of one platform for one relying party. It is safe for
// concurrent use. New makes one; the zero value refuses everything.
type Client struct {
	issuer string
	now    func() time.Time
	party  *oauth.Party

	turn  chan struct{} // whoever holds it may look at token, and fetch another
	token func() string // a func, which no print opens
	until time.Time
}

// New checks the configuration and calls nobody. An error has no kind and names the
// field. Tokens are bound to a key that lives as long as the Client (RFC 9449).
func New(c Config) (*Client, error) {
	if _, err := guard.CheckURL(c.Issuer); err != nil {
		return nil, fmt.Errorf("services: Config.Issuer is %w", err)
	}
	if c.ClientID == "" {
		return nil, errors.New("services: Config.ClientID is empty")
	}
	key := oauth.Key{ID: c.KeyID, Signer: c.Key}
	if err := key.Check(); err != nil {
		return nil, fmt.Errorf("services: Config.%w", err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	prover, err := oauth.NewProver(nil, c.Now)
	if err != nil {
		return nil, fmt.Errorf("services: %w", err)
	}
	return &Client{
		issuer: c.Issuer, now: c.Now, turn: make(chan struct{}, 1),
		party: &oauth.Party{HTTP: oauth.HTTP(c.HTTP, c.Issuer), Client: c.ClientID, Audience: c.Issuer, Key: &key, Prover: prover, Now: c.Now},
	}, nil
}

// errZero is a mistake in the caller's program.
var errZero = errors.New("a zero Client, which New did not make")

// Now returns the client's time, for the packages beside this one.
func (c *Client) Now() time.Time {
	if c == nil || c.now == nil {
		return time.Now()
	}
	return c.now()
}

// Call posts one request; it is for the packages beside this one, whose seal it wants.
// A refusal with a code of the wire is a *vneid.APIError with that Code. once names the
// call if nothing in the request does: the same call under it has one effect and one
// answer, for a day.
func (c *Client) Call(ctx context.Context, own seal.Seal, path string, request any, once string) (jws.Object, error) {
	if c == nil || c.party == nil || !own.Valid() {
		return jws.Object{}, errZero
	}
	body, err := json.Marshal(request)
	if err != nil {
		return jws.Object{}, fault.New(vneid.ErrMalformed, "the request cannot be written")
	}
	if len(body) > servicewire.MaxBody {
		return jws.Object{}, fault.New(vneid.ErrMalformed, "the request is larger than 256 KiB")
	}
	party := *c.party
	party.Again = once
	for again := false; ; again = true {
		access, err := c.access(ctx, again)
		if err != nil {
			return jws.Object{}, err
		}
		a, err := party.Send(ctx, c.issuer+path, access, body)
		switch {
		case err != nil:
			return jws.Object{}, err
		case a.Status == http.StatusUnauthorized && !again:
			continue // the token was taken back: what was asked has not been done
		case a.Status == http.StatusOK && a.IsJSON:
			return a.Object, nil
		}
		return jws.Object{}, refused(a)
	}
}

// refused words an answer that is no good.
func refused(a oauth.Answer) error {
	if kind, known := servicewire.KindOf(a.Code()); known && a.Status >= 400 && a.Status < 500 {
		return &vneid.APIError{Kind: kind, Status: a.Status, Code: a.Code(), RetryAfter: a.Retry}
	}
	switch a.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return a.Failed(vneid.ErrDenied)
	case http.StatusRequestEntityTooLarge, http.StatusBadRequest:
		return a.Failed(vneid.ErrMalformed)
	}
	return a.Failed(vneid.ErrUnavailable)
}

// early is how long before a token's end another is fetched.
const early = 30 * time.Second

// access returns a token; a fresh one if the last was refused.
func (c *Client) access(ctx context.Context, fresh bool) (string, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return "", fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "gave up waiting for an access token")
	}
	now := c.now()
	if !fresh && c.token != nil && now.Before(c.until) {
		return c.token(), nil
	}
	c.token = nil
	a, err := c.party.Post(ctx, c.issuer+servicewire.PathToken, url.Values{"grant_type": {"client_credentials"}, "scope": {servicewire.Scope}})
	if err != nil {
		return "", err
	}
	if a.Status != http.StatusOK || !a.IsJSON {
		return "", refusedToken(a)
	}
	token, life := a.Object.String("access_token"), a.Object.Int("expires_in")
	kind, scope := a.Object.String("token_type"), a.Object.String("scope")
	switch {
	case a.Object.Err() != nil || !visible(token):
		return "", fault.New(vneid.ErrUnavailable, "the token answer has no access token")
	case !strings.EqualFold(kind, "DPoP"): // RFC 6749 §5.1: no case
		// A bearer token would be worth something to whoever steals it.
		return "", fault.New(vneid.ErrUntrusted, "the access token is not bound to this client's key")
	case a.Object.Has("scope") && scope != servicewire.Scope:
		return "", fault.New(vneid.ErrUntrusted, "the access token is for something else")
	}
	if life > 0 {
		c.until = now.Add(time.Duration(min(life, 3600))*time.Second - early)
		c.token = func() string { return token }
	}
	return token, nil
}

func refusedToken(a oauth.Answer) error {
	switch a.Code() {
	case "invalid_client", "unauthorized_client", "invalid_scope":
		return &vneid.APIError{Kind: vneid.ErrDenied, Status: a.Status, Code: a.Code()}
	}
	if a.Status >= 400 && a.Status < 500 && a.Status != http.StatusTooManyRequests {
		return a.Failed(vneid.ErrUntrusted)
	}
	return a.Failed(vneid.ErrUnavailable)
}

// visible reports whether a token can travel in a header.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= 4096
}
