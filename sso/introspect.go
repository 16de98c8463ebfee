package sso

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Introspection is what the provider says of a token that is good now (RFC 7662). Only
// Client.Introspect makes one. It prints as nothing and encoders refuse it.
type Introspection struct{ o **jws.Object }

// Introspect asks the provider about an access token that somebody presented: a
// resource server whose tokens are opaque. A token that is not active, whatever the
// reason, is vneid.ErrRevoked; one that the provider calls active although it is of
// another issuer, over, or of a locked account is refused too. It asks each time: revocation is the point.
//
// Whether the token is for this resource server is the caller's to compare with
// Claim("aud"). A token with a Thumbprint is bound to a key: without a DPoP proof by
// that key (package sso/resource) whoever presents it stole it.
func (c *Client) Introspect(ctx context.Context, token string) (*Introspection, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	o, err := c.introspect(ctx, token)
	if err != nil {
		return nil, fault.Prefix("sso", err)
	}
	return &Introspection{&o}, nil
}

func (c *Client) introspect(ctx context.Context, token string) (*jws.Object, error) {
	if token == "" || len(token) > jws.DefaultMaxSize || !relying.Printable(token) {
		return nil, fault.New(vneid.ErrMalformed, "the token to ask about is empty, too long, or not printable ASCII")
	}
	md, err := c.provider.Get(ctx)
	if err != nil {
		return nil, err
	}
	where, err := c.endpoint(&md.object, "introspection_endpoint")
	if err != nil {
		return nil, err
	}
	party := c.party(md.secretInBody)
	a, err := party.Post(step(ctx, "introspect"), where, url.Values{"token": {token}, "token_type_hint": {"access_token"}})
	switch {
	case err != nil:
		return nil, err
	case a.Status != http.StatusOK:
		return nil, exchangeFailed(a)
	case !a.IsJSON:
		return nil, fault.New(vneid.ErrMalformed, "the answer about the token is not a JSON object")
	}
	return &a.Object, c.checkActive(&a.Object)
}

// checkActive believes active only where the rest of the answer does not deny it.
func (c *Client) checkActive(o *jws.Object) error {
	now, skew := c.cfg.Now(), c.cfg.Skew
	exp, nbf := o.Time("exp"), o.Time("nbf")
	active := o.Bool("active")
	if o.Raw("active") == "" || o.Err() != nil {
		return fault.New(vneid.ErrMalformed, "the answer about the token has no active, or a member of a wrong type")
	}
	switch {
	case !active:
		return fault.New(vneid.ErrRevoked, "the token is not active")
	case o.Has("iss") && o.String("iss") != c.cfg.Issuer:
		return fault.New(vneid.ErrUntrusted, "the token is of another issuer")
	case !exp.IsZero() && !now.Before(exp.Add(skew)):
		return &vneid.TimeError{NotAfter: exp, Now: now}
	case nbf.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: nbf, Now: now}
	case locked(o, wire.Account) && c.on("locks"):
		return &vneid.LockError{Account: true}
	}
	return nil
}

func (i *Introspection) get() *jws.Object {
	if i == nil || i.o == nil {
		return new(jws.Object)
	}
	o := **i.o // a copy: its note of errors is its own
	return &o
}

// Subject returns the person for whom the token stands, "" for none.
func (i *Introspection) Subject() string { return i.get().String("sub") }

// Client returns the relying party that got the token.
func (i *Introspection) Client() string { return i.get().String("client_id") }

// Scopes returns what the token is good for.
func (i *Introspection) Scopes() []string { return strings.Fields(i.get().String("scope")) }

// Expires returns when the token ends, zero when the provider does not say.
func (i *Introspection) Expires() time.Time { return i.get().Time("exp") }

// Assurance returns how the person authenticated, as far as the provider tells. While
// their electronic identity card is locked, Level is at most 1.
func (i *Introspection) Assurance() vneid.Assurance {
	o := i.get()
	level, auth, _ := wire.ParseACR(o.String("acr"))
	if locked(o, wire.EIDStatus) {
		level = min(level, 1)
	}
	return vneid.Assurance{Level: level, Auth: auth, At: o.Time("auth_time")}
}

// Thumbprint names the key that the token is bound to (cnf.jkt, RFC 9449 §6.2), ""
// for a bearer token.
func (i *Introspection) Thumbprint() string {
	s, _ := jws.Text(i.get().In("cnf", "jkt"))
	return s
}

// Claim returns the JSON of one member of the answer, and whether there is one.
func (i *Introspection) Claim(name string) (json.RawMessage, bool) {
	raw := i.get().Raw(name)
	return json.RawMessage(raw), raw != ""
}

// String says what i is, and nothing of what it holds.
func (i *Introspection) String() string { return "introspected token" }

// Format prints what String shows, whatever the verb and flags.
func (i *Introspection) Format(f fmt.State, _ rune) { io.WriteString(f, i.String()) }

// LogValue logs what String shows.
func (i *Introspection) LogValue() slog.Value { return slog.StringValue(i.String()) }

// MarshalText refuses: encode the parts you keep.
func (i *Introspection) MarshalText() ([]byte, error) {
	return nil, errors.New("sso: refusing to encode an Introspection; encode what its methods return")
}
