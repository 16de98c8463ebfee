package sso

import (
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

// Identity is a person who logged in, as the provider vouches for them. Only
// Client.Finish makes one, and Client.Require shows it again to the requests of
// the session that followed. The zero value is nobody.
//
// It prints as its masked citizen and encoders refuse it. Accounts are bound to
// Issuer and Subject together, never to a personal number.
type Identity struct {
	// Two pointers, because fmt follows one: for a verb that does not fit it
	// prints what an unexported pointer to a struct points to.
	f **facts
}

// newIdentity makes an Identity and what it knows in one allocation.
func newIdentity() (*Identity, *facts) {
	a := new(struct {
		id Identity
		to *facts
		f  facts
	})
	a.to = &a.f
	a.id.f = &a.to
	return &a.id, &a.f
}

// facts is what an Identity knows.
type facts struct {
	citizen   vneid.Citizen
	issuer    string
	subject   string
	sid       string
	account   AccountType
	assurance vneid.Assurance
	eidLocked bool
	scopes    []string
	expires   time.Time

	integrity Integrity
	accepted  Integrity // what Check lets pass

	claims jws.Object  // of the ID token; empty in the session that followed
	info   *jws.Object // of userinfo, nil when it was not asked

	hint   string  // the ID token, where the provider wants it back at the logout
	tokens *Tokens // nil where there are none, or nobody keeps them

	visit *visit // how the login came about, and the session that followed
}

// visit is what is known of a login, and of the session that followed, besides who it was.
type visit struct {
	local string    // its own name
	begun time.Time // when it began: before the provider was asked for its tokens

	stepUp bool            // it began with a step-up …
	asked  vneid.AuthLevel // … to this authentication level
}

// AccountType says whose account it is (loại tài khoản định danh điện tử).
// Values the table lacks are kept as the provider spells them.
type AccountType string

// The account types of Decree 69/2024.
const (
	AccountCitizen      AccountType = "citizen"
	AccountForeigner    AccountType = "foreigner"
	AccountOrganisation AccountType = "organisation"
)

// Citizen returns the person, with as much about them as the granted scopes gave.
func (id *Identity) Citizen() vneid.Citizen { return id.get().citizen }

// Issuer returns the provider that vouches.
func (id *Identity) Issuer() string { return id.get().issuer }

// Subject returns the provider's name for this person, the same at every login
// to this relying party (pairwise: another relying party sees another one).
func (id *Identity) Subject() string { return id.get().subject }

// Assurance returns how the person was proofed and how and when they
// authenticated. While their electronic identity card is locked, Level is at
// most 1.
func (id *Identity) Assurance() vneid.Assurance { return id.get().assurance }

// EIDLocked reports whether the electronic identity card was locked at the login.
func (id *Identity) EIDLocked() bool { return id.get().eidLocked }

// AccountType returns whose account it is, "" when the provider did not say.
func (id *Identity) AccountType() AccountType { return id.get().account }

// Scopes returns what the provider granted, which may be less than was asked.
func (id *Identity) Scopes() []string { return slices.Clone(id.get().scopes) }

// SessionID returns the provider's identifier of its own session (sid), "" when
// it has none.
func (id *Identity) SessionID() string { return id.get().sid }

// Expires returns when the ID token expires, which bounds no session by itself.
func (id *Identity) Expires() time.Time { return id.get().expires }

// Claim returns the JSON of one claim, whether this package knows it or not, and
// whether the provider made it; the ID token goes before userinfo. A session
// keeps no claims: read them where the login ends (Client.Callback).
func (id *Identity) Claim(name string) (json.RawMessage, bool) {
	f := id.get()
	if f.claims.Has(name) {
		return json.RawMessage(f.claims.Raw(name)), true
	}
	if f.info != nil && f.info.Has(name) {
		return json.RawMessage(f.info.Raw(name)), true
	}
	return nil, false
}

// Check returns nil when the login satisfies need, else a *vneid.LockError or a
// *vneid.LevelError. Nobody satisfies nothing, and neither does a login of integrity
// TransportOnly unless it was accepted by name.
func (id *Identity) Check(need vneid.Assurance) error {
	if id.IsZero() {
		return fault.Prefix("sso", noLogin{})
	}
	if err := id.get().solid(id.get().accepted); err != nil {
		return fault.Prefix("sso", err)
	}
	return id.get().check(need)
}

func (f *facts) check(need vneid.Assurance) error {
	if need.Level >= 2 && f.eidLocked {
		return &vneid.LockError{EID: true}
	}
	return f.assurance.Check(need)
}

// IsZero reports whether id is nobody.
func (id *Identity) IsZero() bool { return id == nil || id.f == nil || *id.f == nil }

func (id *Identity) get() *facts {
	if id.IsZero() {
		return new(facts)
	}
	return *id.f
}

// String shows the masked citizen.
func (id *Identity) String() string { return id.get().citizen.String() }

// Format prints what String shows, whatever the verb and flags.
func (id *Identity) Format(f fmt.State, _ rune) { io.WriteString(f, id.String()) }

// LogValue logs what String shows.
func (id *Identity) LogValue() slog.Value { return slog.StringValue(id.String()) }

// MarshalText refuses: encode the parts you keep.
func (id *Identity) MarshalText() ([]byte, error) {
	return nil, errors.New("sso: refusing to encode an Identity; encode what its methods return")
}
