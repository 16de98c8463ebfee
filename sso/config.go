package sso

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Config says who the relying party is and which provider it trusts. Issuer,
// ClientID and RedirectURL are needed; every other zero value is safe.
type Config struct {
	// Issuer is the provider's identifier, byte for byte as its metadata and
	// tokens spell it. It begins with https, or with http on a loopback host.
	Issuer string

	// ClientID and ClientSecret are what the provider registered. Without a
	// secret the client is a public one, protected by PKCE alone.
	ClientID, ClientSecret string

	// RedirectURL is where the provider sends the browser back to, byte for byte
	// as registered. It begins with https, or with http on a loopback host; the
	// cookies of the handlers then lack Secure and the __Host- prefix.
	RedirectURL string

	// Profile is Standard or FAPI2.
	Profile Profile

	// Key authenticates the client (private_key_jwt, RFC 7523) instead of
	// ClientSecret; FAPI2 needs it. It is an RSA key of 2048 bits or more (PS256), a
	// P-256 key (ES256) or an Ed25519 key (EdDSA), in memory or in hardware. KeyID is
	// the kid under which the provider has its public half; it may be empty.
	Key   crypto.Signer
	KeyID string

	// DPoPKey is the key to which tokens are bound (DPoP, RFC 9449): of the same
	// types as Key, and another key. Nil: none in Standard; in FAPI2 a P-256 key made
	// by New. What it is bound to ends with it: processes that share logins or keep
	// tokens share the key.
	DPoPKey crypto.Signer

	// JARM asks for authorization responses in a signed JWT and refuses others.
	JARM bool

	// Decrypt are the keys to which the provider encrypts ID tokens: RSA keys that
	// are a crypto.Decrypter, in memory or in hardware, or *ecdsa.PrivateKey. They
	// sign nothing. With one, an ID token that comes unencrypted is refused; userinfo
	// and signed responses may come encrypted, which is registered apart, and pass
	// either way.
	Decrypt []crypto.PrivateKey

	// Wire carries the login by another protocol than OpenID Connect: see sso/legacy.
	// Issuer is then only a name, and no metadata are read.
	Wire Wire

	// Accept is the weakest Integrity with which a login satisfies Need, Require and
	// Identity.Check. 0: Signed.
	Accept Integrity

	// Scopes to ask for; openid is always among them.
	Scopes []string

	// Need is what every login must reach. One login may ask for more (Ask.Need),
	// none for less.
	Need vneid.Assurance

	// RefuseLockedEID refuses every login while the electronic identity card is
	// locked (khóa căn cước điện tử). By default that lock ends only what needs
	// account level 2: our reading of Decree 69/2024, of 2026-11, since no
	// published interface says what a relying party should do.
	RefuseLockedEID bool

	// Keys decides which keys may sign ID tokens. Nil: the provider's jwks_uri. If
	// it has a method Check() error, New asks it whether it is configured.
	Keys vneid.KeySet

	// SignedUserinfo refuses userinfo that is plain JSON. It must be what the provider
	// registered (userinfo_signed_response_alg), maybe encrypted too. What comes
	// signed without being asked for is verified all the same.
	SignedUserinfo bool

	// Algs are the signature algorithms an ID token may have. None: RS256, PS256,
	// ES256 and EdDSA; in FAPI2 without RS256.
	Algs []string

	// Hosts are host names, other than the issuer's, on which the provider's
	// metadata may place its endpoints: "id.example", without scheme and port. The
	// built-in HTTP client reaches them at public addresses only.
	Hosts []string

	// CookieKeys seal the cookies of the handlers: at least 32 random bytes each.
	// The first seals, all of them open, so that keys can be changed while people
	// are logged in. Nil: a key made by New, so that logins end with the process
	// and other processes do not know them. Sessions outlive the process only if
	// Revocations does too.
	CookieKeys [][]byte

	// Sessions keeps the sessions of the handlers on the server, so that the cookie
	// is a random ticket of 43 characters whatever there is to know of a person. Nil:
	// the cookie itself is the session, sealed.
	Sessions Sessions

	// LogoutURL is where the provider sends the browser back to after a logout there
	// (post_logout_redirect_uri), as registered: the address of Client.LoggedOut, on
	// the host of RedirectURL. Empty: Client.Logout ends the session here alone.
	LogoutURL string

	// SessionLife is how long the session cookie of the handlers lasts. 0: one
	// hour; at most 24 hours.
	SessionLife time.Duration

	// Revocations is asked about every request of a logged-in session. Nil: a
	// MemoryRevocations, which knows of the logouts in this process alone and
	// ends sessions that are older than it.
	Revocations Revocations

	// Replay remembers which logout tokens were used. It is needed for
	// BackchannelLogout where Revocations is not a MemoryRevocations; processes that
	// share Revocations share one. Nil: one for this process.
	Replay vneid.Replay

	// ErrorPage shows a refusal to the person. Nil: a plain page with the words
	// of vneid.Advice. It must not show err's text, which is for the log.
	ErrorPage func(w http.ResponseWriter, r *http.Request, err error)

	// HTTP makes the calls to the provider. Nil: a client with time-outs that
	// reaches the issuer's host wherever it is, and Hosts at public addresses. A
	// client without a Transport gets that one's; with a Transport it answers for
	// the addresses itself. Redirects are never followed, cookies never kept and
	// sizes always capped, whatever the client.
	HTTP *http.Client

	// Trace, if not nil, is told each step of each login, to see where one fails. It
	// is called by several goroutines at once, and the login waits for it.
	Trace func(Step)

	// Now is the clock; nil is time.Now.
	Now func() time.Time

	// Skew is how far the provider's clock may be off. 0: one minute; at most
	// five minutes.
	Skew time.Duration
}

// Format prints whose configuration c is and no secret, wherever fmt asks methods:
// not for %p, and not for a Config or a pointer to one in an unexported field of
// another struct. Keep the Client instead, which hides its secrets there too.
func (c Config) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "sso.Config of %q at %q", c.ClientID, c.Issuer)
}

// LogValue logs what Format prints.
func (c Config) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

var errSecrets = errors.New("sso: refusing to encode a Config: it holds secrets")

// MarshalText refuses, for encoding/json and others.
func (c Config) MarshalText() ([]byte, error) { return nil, errSecrets }

// GobEncode refuses, as MarshalText does.
func (c Config) GobEncode() ([]byte, error) { return nil, errSecrets }

// check refuses what cannot work or is not safe.
func (c *Config) check() error {
	if err := relying.CheckURL("Config.Issuer", c.Issuer); err != nil {
		return err
	}
	if err := relying.CheckURL("Config.RedirectURL", c.RedirectURL); err != nil {
		return err
	}
	if c.LogoutURL != "" {
		if err := relying.CheckURL("Config.LogoutURL", c.LogoutURL); err != nil {
			return err
		}
		if !guard.SameHost(c.LogoutURL, c.RedirectURL) {
			return errors.New("Config.LogoutURL is on another host than Config.RedirectURL, where its cookie is not known")
		}
	}
	if bytes.ContainsRune([]byte(c.Issuer), '?') {
		return errors.New("Config.Issuer must not have a query (OpenID Connect Discovery §3)")
	}
	if c.ClientID == "" || !relying.Printable(c.ClientID) {
		return errors.New("Config.ClientID is empty or not printable ASCII")
	}
	for _, s := range c.Scopes {
		if !scopeToken(s) {
			return errors.New("Config.Scopes holds something that is no scope (RFC 6749 §3.3)")
		}
	}
	for _, a := range c.Algs {
		if !jws.Known(a) {
			return errors.New("Config.Algs holds an algorithm that no ID token may have")
		}
	}
	if c.Need.Level < 0 || c.Need.Level > 2 || c.Need.Auth < 0 || c.Need.Auth > 4 {
		return errors.New("Config.Need is outside account levels 1–2 and authentication levels 1–4")
	}
	for _, k := range c.CookieKeys {
		if len(k) < 32 {
			return errors.New("Config.CookieKeys holds a key of less than 32 bytes")
		}
	}
	if c.SessionLife < 0 || c.SessionLife > 24*time.Hour {
		return errors.New("Config.SessionLife is outside 0 to 24 hours")
	}
	if c.Skew < 0 || c.Skew > 5*time.Minute {
		return errors.New("Config.Skew is outside 0 to 5 minutes")
	}
	if err := c.checkProfile(); err != nil {
		return err
	}
	return c.checkParts()
}

// checkParts asks what the caller built itself, and reads host names.
func (c *Config) checkParts() error {
	if err := relying.CheckHosts(c.Hosts); err != nil {
		return err
	}
	if keys, ok := c.Keys.(interface{ Check() error }); ok {
		return fault.Prefix("Config.Keys", keys.Check())
	}
	return nil
}

// fill puts the documented defaults in and copies what the caller could change.
func (c *Config) fill() {
	scopes := []string{"openid"}
	for _, s := range c.Scopes {
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	c.Scopes = scopes
	if len(c.Algs) == 0 {
		c.Algs = []string{"RS256", "PS256", "ES256", "EdDSA"}
		if c.Profile == FAPI2 {
			c.Algs = fapiAlgs
		}
	}
	c.Algs, c.Hosts = slices.Clone(c.Algs), slices.Clone(c.Hosts)
	if len(c.CookieKeys) == 0 {
		key := make([]byte, 32)
		rand.Read(key)
		c.CookieKeys = [][]byte{key}
	} else {
		c.CookieKeys = slices.Clone(c.CookieKeys)
		for i, k := range c.CookieKeys {
			c.CookieKeys[i] = bytes.Clone(k)
		}
	}
	if c.SessionLife == 0 {
		c.SessionLife = time.Hour
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Skew == 0 {
		c.Skew = time.Minute
	}
	if c.Revocations == nil {
		c.Revocations = NewMemoryRevocations(0, c.Now)
	}
}
