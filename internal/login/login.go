// Package login is what package sso and the other packages of this module say to
// each other about a login. Nothing of it is for importers of the module: the
// exported methods that speak it ask for a seal.Seal.
//
// There are two seams. A Wire is another protocol below the same login: sso keeps
// state, its one use, cookies, sessions, revocations and Require; the wire makes
// the URL and turns the checked callback into a Statement (sso/legacy). A Provider
// is the relying party's side of a provider that sso already knows, for logins that
// no browser brings back (sso/ciba) and calls after the login.
package login

import (
	"context"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Wire is a protocol that carries a login instead of OpenID Connect. Its statements
// bear no signature that sso could check, so the Identity made of one is of
// integrity TransportOnly, whatever the wire does. A Wire is safe for concurrent
// use and refuses a seal that is not valid.
type Wire interface {
	// Check is asked once, by sso.New. Its errors have no kind and name the field
	// of the wire's configuration.
	Check(own seal.Seal, s Setup) error

	// Issuers lists what else than Config.Issuer the iss of a callback may say.
	Issuers(own seal.Seal) []string

	// Redirect returns the URL to send the browser to. State must travel in it,
	// unchanged.
	Redirect(own seal.Seal, r Request) (string, error)

	// Finish turns a callback into a statement about a person. When it is called
	// the state was compared, the ten minutes are not over, the Session is spent
	// and the provider's error, if any, was the answer instead. It is called at most
	// once for each Session.
	Finish(ctx context.Context, own seal.Seal, b Callback) (Statement, error)
}

// Setup is what sso.Config says of the relying party.
type Setup struct {
	Issuer, ClientID, Redirect string
	Secret                     bool // there is a client secret
	Now                        func() time.Time
}

// Request is what the browser takes to the provider.
type Request struct {
	ClientID, Redirect string
	Scopes             []string // openid first
	State              string   // 43 characters of base64url
	Nonce              string   // likewise; a wire may leave it out
	Challenge          string   // PKCE's, S256; likewise
	Prompt, LoginHint  string   // as sso.Ask has them
}

// Callback is what the browser brought back.
type Callback struct {
	// Query holds the parameters, each once, with %XX decoded and a literal + kept.
	// Of state, iss and error sso has checked that they are printable ASCII, of
	// code, which is there, and the others nothing.
	Query map[string]string

	ClientID, Redirect string
	Nonce, Verifier    string // the Session's, of which Request had Nonce and Challenge

	// Party makes the calls, with the client's secret and the guarded HTTP client. A
	// wire changes its own copy.
	Party oauth.Party
	Now   time.Time
}

// Statement is what a wire says of the person who logged in. Its words are raw:
// sso checks the forms of the record as it does for OpenID Connect.
type Statement struct {
	Subject string          // the provider's name for the person: printable ASCII, 1 to 255 characters
	Record  vneid.Record    // read by the wire: numbers as digits, dates as dates
	Account string          // an sso.AccountType, or the provider's word
	Level   vneid.Level     // 0 where the wire does not tell
	Auth    vneid.AuthLevel // likewise
	At      time.Time       // when the person authenticated; zero where the wire does not tell
	Locked  bool            // the account is locked (khóa tài khoản)
	EID     bool            // the electronic identity card is locked (khóa căn cước điện tử)
	Claims  jws.Object      // what Identity.Claim shows; never anything that opens a door
}

// Provider is a provider as the relying party may call it.
type Provider struct {
	Party oauth.Party  // client authentication, DPoP, the guarded HTTP client; a copy
	HTTP  *http.Client // the same guarded client

	Issuer, ClientID string
	Scopes           []string
	Need             vneid.Assurance // of sso.Config
	FAPI2            bool
	Algs             []string // of ID tokens
	Now              func() time.Time
	Skew             time.Duration

	Metadata jws.Object // the provider's, whose issuer was compared; a copy

	// Endpoint returns a URL of the metadata by its name, after the rules that hold
	// for all: https, on the issuer's host or one of Config.Hosts. An absent one is
	// vneid.ErrUntrusted.
	Endpoint func(name string) (string, error)
}

// Tokens is the answer of a token endpoint.
type Tokens struct {
	ID, Access string
	Refresh    string    // "" for none
	Expires    time.Time // of the access token; zero where the provider does not say
	Scope      []string  // granted; nil: as asked
}

// Expect is what an ID token must answer that belongs to no browser's Session.
type Expect struct {
	Need    vneid.Assurance // joined with Config.Need; At: not authenticated before
	Subject string          // when set, the only one
	Begun   time.Time       // the token is not older
	Nonce   string          // "": the token must have none, else it answers another login, but at_hash or auth_time
}
