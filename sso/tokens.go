package sso

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Tokens are what a login gave to act for the person: an access token for resource
// servers and, if the provider gives one, a refresh token for fresh ones. They do not
// change: Client.Refresh returns others.
//
// They are opaque. Client.Access sends them where they belong. Printed or logged
// they hide; their JSON is deliberate and secret, as a Session's is: it is for the
// program's own store, encrypted, and an encoder writes it out.
type Tokens struct {
	g **granted // two pointers hide from fmt what one would not: see Identity
}

// granted is the content of Tokens and their JSON form.
type granted struct {
	Access  string    `json:"access"`
	Refresh string    `json:"refresh,omitempty"`
	Bound   string    `json:"jkt,omitempty"` // thumbprint of the DPoP key; "": a bearer token
	Scopes  []string  `json:"scope"`
	Got     time.Time `json:"got"`
	Expires time.Time `json:"expires,omitzero"` // zero: the provider did not say

	// What a refreshed ID token must repeat (OpenID Connect Core §12.2).
	Issuer   string    `json:"iss"`
	ClientID string    `json:"client_id"`
	Subject  string    `json:"sub"`
	AuthTime time.Time `json:"auth_time,omitzero"`
	Azp      bool      `json:"azp,omitempty"`
	Nonce    string    `json:"nonce,omitempty"`

	// Of the session that they are kept in; nil: of none.
	save   func(context.Context, *Tokens) error
	reload func(context.Context) (*Tokens, error)
}

func newTokens(g *granted) *Tokens { return &Tokens{g: &g} }

func (t *Tokens) get() *granted {
	if t == nil || t.g == nil || *t.g == nil {
		return new(granted)
	}
	return *t.g
}

// Tokens returns what the login gave to act for the person: where the login ends
// (Finish, Client.Callback), and in its session if Config.Sessions keeps that. Nil:
// nothing, as in a session that is a cookie.
func (id *Identity) Tokens() *Tokens { return id.get().tokens }

// Expires returns when the access token ends, zero when the provider did not say.
func (t *Tokens) Expires() time.Time { return t.get().Expires }

// Scopes returns what the access token is good for, as far as the provider told.
func (t *Tokens) Scopes() []string { return slices.Clone(t.get().Scopes) }

// Bound reports whether only the holder of Config.DPoPKey can use the access token
// (RFC 9449); otherwise whoever has it can.
func (t *Tokens) Bound() bool { return t.get().Bound != "" }

// Refreshable reports whether there is a refresh token.
func (t *Tokens) Refreshable() bool { return t.get().Refresh != "" }

// MarshalJSON writes t down, secrets and all, for the caller's own store.
func (t *Tokens) MarshalJSON() ([]byte, error) { return json.Marshal(t.get()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Tokens) UnmarshalJSON(b []byte) error {
	g := new(granted)
	if err := json.Unmarshal(b, g); err != nil || g.Access == "" {
		return errors.New("sso: not Tokens") // the cause could quote them
	}
	t.g = &g
	return nil
}

// String says what t is, and nothing of what it holds.
func (t *Tokens) String() string { return "tokens of a login" }

// Format prints what String shows, whatever the verb and flags.
func (t *Tokens) Format(f fmt.State, _ rune) { io.WriteString(f, t.String()) }

// LogValue logs what String shows.
func (t *Tokens) LogValue() slog.Value { return slog.StringValue(t.String()) }

// name is a hash that tells one pair of tokens from every other: a refresh token may
// stay where the access token changes.
func (g *granted) name() [32]byte { return sha256.Sum256([]byte(g.Refresh + " " + g.Access)) }

// grant keeps what the token endpoint gave for a login.
func (c *Client) grant(t tokens, f *facts, p *pending) *Tokens {
	if t.AccessToken == "" {
		return nil
	}
	return newTokens(&granted{
		Access: t.AccessToken, Refresh: t.RefreshToken, Bound: c.thumbprint(), Scopes: t.scope,
		Got: c.cfg.Now(), Expires: t.Expiry,
		Issuer: c.cfg.Issuer, ClientID: c.cfg.ClientID, Subject: f.subject,
		AuthTime: f.claims.Time("auth_time"), Azp: f.claims.Has("azp"), Nonce: p.Nonce,
	})
}

// thumbprint names the key that tokens are bound to, "" where they are not.
func (c *Client) thumbprint() string {
	if c.prover == nil {
		return ""
	}
	return c.prover.Thumbprint()
}

// mine refuses tokens that this client did not get, or cannot use.
func (c *Client) mine(t *Tokens) error {
	g := t.get()
	switch {
	case g.Access == "":
		return fault.New(vneid.ErrMismatch, "there are no tokens")
	case g.Issuer != c.cfg.Issuer || g.ClientID != c.cfg.ClientID:
		return fault.New(vneid.ErrMismatch, "the tokens are of another issuer or client")
	case g.Bound != c.thumbprint():
		return fault.New(vneid.ErrMismatch, "the tokens are bound to another key than Config.DPoPKey, or to none")
	}
	return nil
}
