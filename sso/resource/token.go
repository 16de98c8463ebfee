package resource

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Token is what a good access token says. Only a Server makes one; the zero value
// says nothing and satisfies nothing.
//
// It says who called, not who the person is: an API that needs the citizen's data
// gets it from the claims that its issuer agreed to put in (Claim), or asks for it.
// It prints as nothing that it knows, and encoders refuse it.
type Token struct {
	// Two pointers, because fmt follows one: see sso.Identity.
	f **facts
}

// facts is what a Token knows; shared by all requests with one token, so nothing
// in it changes after readFacts.
type facts struct {
	issuer, subject, client, id string
	scopes                      []string
	assurance                   vneid.Assurance
	eidLocked, accountLocked    bool
	issued, notBefore, expires  time.Time
	thumbprint                  string // cnf.jkt, "" for a bearer token
	claims                      jws.Object
}

type contextKey struct{}

// FromContext returns the Token that Require put into a request's context.
func FromContext(ctx context.Context) (*Token, bool) {
	t, ok := ctx.Value(contextKey{}).(*Token)
	return t, ok
}

// Issuer returns the authorization server that vouches.
func (t *Token) Issuer() string { return t.get().issuer }

// Subject returns on whose behalf the client calls: the issuer's name for the
// person, or the client's own when it calls for itself (RFC 9068 §2.2).
func (t *Token) Subject() string { return t.get().subject }

// Client returns which client got the token.
func (t *Token) Client() string { return t.get().client }

// ID returns the token's own identifier (jti).
func (t *Token) ID() string { return t.get().id }

// Scopes returns what the token allows.
func (t *Token) Scopes() []string { return slices.Clone(t.get().scopes) }

// Assurance returns how the person was proofed, and how and when they
// authenticated; zero for a client that calls for itself. While their electronic
// identity card was locked when the token was made, Level is at most 1.
func (t *Token) Assurance() vneid.Assurance { return t.get().assurance }

// Issued returns when the token was made.
func (t *Token) Issued() time.Time { return t.get().issued }

// Expires returns when the token ends.
func (t *Token) Expires() time.Time { return t.get().expires }

// Bound reports whether the token is bound to a key (RFC 9449 §6). The request
// then proved that the client has it.
func (t *Token) Bound() bool { return t.get().thumbprint != "" }

// Claim returns the JSON of one claim, whether this package knows it or not, and
// whether the token has it.
func (t *Token) Claim(name string) (json.RawMessage, bool) {
	f := t.get()
	return json.RawMessage(f.claims.Raw(name)), f.claims.Has(name)
}

// Check returns nil when the token satisfies need, else a *vneid.LockError or a
// *vneid.LevelError. The zero Token satisfies nothing.
func (t *Token) Check(need vneid.Assurance) error {
	if t.IsZero() {
		return fault.New(vneid.ErrLevel, "resource: no token")
	}
	return fault.Prefix("resource", t.get().check(need))
}

func (f *facts) check(need vneid.Assurance) error {
	if need.Level >= 2 && f.eidLocked {
		return &vneid.LockError{EID: true}
	}
	return f.assurance.Check(need)
}

// IsZero reports whether t says nothing.
func (t *Token) IsZero() bool { return t == nil || t.f == nil || *t.f == nil }

func (t *Token) get() *facts {
	if t.IsZero() {
		return new(facts)
	}
	return *t.f
}

func newToken(f *facts) *Token { return &Token{f: &f} }

// String says what t is, and nothing of what it holds.
func (t *Token) String() string { return "access token" }

// Format prints what String shows, whatever the verb and flags.
func (t *Token) Format(f fmt.State, _ rune) { io.WriteString(f, t.String()) }

// LogValue logs what String shows.
func (t *Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText refuses: encode the parts you keep.
func (t *Token) MarshalText() ([]byte, error) {
	return nil, errors.New("resource: refusing to encode a Token; encode what its methods return")
}
