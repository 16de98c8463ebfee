package share

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Grant is what a person agreed to (sự đồng ý), as the relying party keeps it: the name
// to give it up by and, for data that is fetched again and again, what the next fetch
// needs. Grants do not change: Refetch brings another.
//
// Printed or logged it hides; its JSON is deliberate and secret: it is for the program's
// own store, encrypted, and an encoder writes it out.
type Grant struct {
	g **granted // two pointers hide from fmt what one would not: see sso.Identity
}

// granted is the content of a Grant and its JSON form.
type granted struct {
	Issuer   string          `json:"iss"`
	ClientID string          `json:"client_id"`
	ID       string          `json:"grant"`
	Subject  string          `json:"sub"`
	Details  json.RawMessage `json:"asked"` // the request as it was sent
	Level    int8            `json:"level,omitempty"`
	Auth     int8            `json:"auth,omitempty"`
	Fetched  time.Time       `json:"fetched"`

	// Of a periodic one.
	Refresh string    `json:"refresh,omitempty"`
	Nonce   string    `json:"nonce,omitempty"` // which every answer of the grant repeats
	Bound   string    `json:"jkt,omitempty"`   // thumbprint of the DPoP key
	Next    time.Time `json:"next,omitzero"`
	Until   time.Time `json:"until,omitzero"`
}

func newGrant(g granted) *Grant {
	to := &g
	return &Grant{&to}
}

func (g *Grant) get() granted {
	if g == nil || g.g == nil || *g.g == nil {
		return granted{}
	}
	return **g.g
}

// ID returns the platform's name of the grant, which events and receipts repeat.
func (g *Grant) ID() string { return g.get().ID }

// Subject returns who agreed, as logins and answers name them.
func (g *Grant) Subject() string { return g.get().Subject }

// Renewable reports whether Refetch can bring a fresh answer, now or later.
func (g *Grant) Renewable() bool { return g.get().Refresh != "" }

// Next returns when the next fetch is due at the earliest, and Until when the grant
// ends; zero where nothing is fetched again.
func (g *Grant) Next() time.Time { return g.get().Next }

// Until returns when the grant ends.
func (g *Grant) Until() time.Time { return g.get().Until }

// MarshalJSON writes g down, secrets and all, for the caller's own store.
func (g *Grant) MarshalJSON() ([]byte, error) { return json.Marshal(g.get()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (g *Grant) UnmarshalJSON(b []byte) error {
	to := new(granted)
	if err := json.Unmarshal(b, to); err != nil || to.ID == "" || to.Issuer == "" {
		return errors.New("share: not a Grant") // the cause could quote it
	}
	g.g = &to
	return nil
}

// String says what g is, and nothing of what it holds.
func (g *Grant) String() string { return "consent to a data request" }

// Format prints what String shows, whatever the verb and flags.
func (g *Grant) Format(f fmt.State, _ rune) { io.WriteString(f, g.String()) }

// LogValue logs what String shows.
func (g *Grant) LogValue() slog.Value { return slog.StringValue(g.String()) }

// Consent returns what the person agreed to, for the program to keep: of an answer that
// a Client got, else nil.
func (r Records) Consent() *Grant { return r.get().kept }

// grantOf is the grant behind a verified answer.
func (c *Client) grantOf(a *answer, left *progress, want Expect) *Grant {
	now := c.cfg.Now()
	asked, err := want.Request.details().Encode()
	if err != nil {
		return nil // cannot happen: it was sent
	}
	g := granted{
		Issuer: c.cfg.Issuer, ClientID: c.cfg.ClientID, ID: a.grant, Subject: a.subject, Fetched: now,
		Details: json.RawMessage(asked), Level: int8(want.Request.Need.Level), Auth: int8(want.Request.Need.Auth),
	}
	if p := left.tokens.granted.Periodic; p != nil && left.tokens.refresh != "" {
		g.Refresh, g.Nonce, g.Bound = left.tokens.refresh, want.Nonce, c.prover.Thumbprint()
		g.Next, g.Until = now.AddDate(0, 0, p.Days), endOf(p)
	}
	return newGrant(g)
}

// endOf is when a period is over: after its last day.
func endOf(p *sharewire.Period) time.Time {
	last := p.Until.Latest()
	return time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, vietnam)
}

// request is the Request of the grant, as an answer to it is held against.
func (g *granted) request() (Request, sharewire.Details, error) {
	asked, err := sharewire.Decode(string(g.Details))
	if err != nil {
		return Request{}, asked, mismatch("the grant has no request")
	}
	r := requestOf(asked)
	r.Subject = g.Subject
	r.Need = vneid.Assurance{Level: vneid.Level(g.Level), Auth: vneid.AuthLevel(g.Auth)}
	return r, asked, nil
}
