package platform

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// Client is the registration of a relying party. The zero value of a field asks
// for the least.
type Client struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`             // as the consent page shows it
	Class  ClientClass `json:"class"`            // state, political, public-service, business
	Secret string      `json:"secret,omitempty"` // kept as a keyed hash
	Public bool        `json:"public,omitempty"` // has no secret: protected by PKCE alone

	// Channel says how the client is connected, Provider through whom. A business needs a
	// licensed provider (Decree 69/2024 Art. 18.4).
	Channel  ClientChannel `json:"channel,omitempty"`
	Provider string        `json:"provider,omitempty"`

	RedirectURIs []string `json:"redirect_uris"`
	LogoutURIs   []string `json:"logout_uris,omitempty"`

	// BackchannelLogoutURI is told when a session ends that the client takes part in
	// (OpenID Connect Back-Channel Logout 1.0).
	BackchannelLogoutURI string `json:"backchannel_logout_uri,omitempty"`

	// CIBA lets the client begin logins at a counter (OpenID CIBA Core 1.0). With Ping
	// NotificationURI is told when there is an answer.
	CIBA            CIBAMode `json:"backchannel_token_delivery_mode,omitempty"`
	NotificationURI string   `json:"backchannel_client_notification_endpoint,omitempty"`

	// Sector groups clients that see the same subjects. Empty: the host of the
	// redirect URIs, which must then be one (OpenID Connect Core §8.1).
	Sector string `json:"sector"`

	// Login is what the client logs people in for. Zero: to know them the next time.
	Login LoginPurpose `json:"login,omitzero"`

	// Scopes the client may ask for besides openid.
	Scopes []string `json:"scopes,omitempty"`

	// Alg signs its ID tokens: ES256 (also when empty), EdDSA, RS256 or PS256.
	Alg string `json:"alg"`

	// Redeem lets the client redeem QR codes.
	Redeem bool `json:"redeem,omitempty"`

	// SkipConsent shows no consent page: for first-party clients and tests.
	SkipConsent bool `json:"skip_consent,omitempty"`

	// Wire is the protocol that the client speaks. Empty: OpenID Connect, which every
	// other field is about.
	Wire ClientWire `json:"wire,omitempty"`

	// Addresses are the prefixes from which a client with a Wire may call. None: any.
	Addresses []string `json:"addresses,omitempty"`

	// Profile is what the client is held to. Empty: Standard.
	Profile ClientProfile `json:"profile,omitempty"`

	// Keys is a JWK Set of the client's public keys. With a key that signs the
	// client authenticates by private_key_jwt and has no Secret; with one of use
	// "enc" its ID tokens and userinfo are encrypted.
	Keys json.RawMessage `json:"jwks,omitempty"`

	PAR            bool `json:"require_par,omitempty"`     // authorization requests must be pushed (RFC 9126); FAPI2 always
	DPoP           bool `json:"require_dpop,omitempty"`    // tokens must be bound (RFC 9449); FAPI2 always
	JARM           bool `json:"require_jarm,omitempty"`    // authorization responses must be signed
	SignedUserinfo bool `json:"signed_userinfo,omitempty"` // userinfo is a JWT; with an encryption key always
	Refresh        bool `json:"refresh,omitempty"`         // gets refresh tokens

	// Purposes let the client ask people for documents (package vneid/share), each for
	// what it says. They need the FAPI2 profile.
	Purposes []Purpose `json:"purposes,omitempty"`

	// EventsURI is told what happens to people whose documents the client was given:
	// locks, withdrawals, revocations (RFC 8935). Empty: the client polls.
	EventsURI string `json:"events_uri,omitempty"`

	// WebhookSecret signs the pings of data requests, at least 32 bytes. The platform
	// keeps it encrypted.
	WebhookSecret []byte `json:"webhook_secret,omitempty"`

	// Audience makes the client a resource server: the identifier, an absolute
	// URI, that access tokens for it carry. It may introspect those.
	Audience string `json:"audience,omitempty"`

	// Resources are the Audiences of resource servers that the client may ask
	// access tokens for (RFC 8707).
	Resources []string `json:"resources,omitempty"`

	// AccessFor is the one of Resources that access tokens are for when no request
	// names one, besides userinfo. A bearer token for both lets that server read
	// userinfo: bind the tokens, or ask by name.
	AccessFor string `json:"access_for,omitempty"`

	// Services the client may call for itself, by a key that signs; Facilities are the
	// properties whose stays it notifies.
	Services   []Service  `json:"services,omitempty"`
	Facilities []Facility `json:"facilities,omitempty"`

	read *keySet // Keys, if they were read before: see party
}

// ClientProfile is the set of rules that a client is held to.
type ClientProfile string

// Standard is OpenID Connect with PKCE, state and nonce. FAPI2 is FAPI 2.0
// Security Profile: pushed requests, private_key_jwt, DPoP, PS256, ES256 or EdDSA.
const (
	Standard ClientProfile = ""
	FAPI2    ClientProfile = "fapi2"
)

// maxURIs bounds a registration.
const maxURIs = 64

// Register adds or replaces a client. The error names the field.
func (p *Platform) Register(ctx context.Context, c Client) error {
	if err := p.vet(ctx, &c); err != nil {
		return err
	}
	p.hide(&c, true, true)
	return p.store.Update(ctx, func(tx Tx) error { return p.saveClient(tx, c, "") })
}

// Client returns a registration without its secrets.
func (p *Platform) Client(ctx context.Context, id string) (Client, error) {
	c, err := p.client(ctx, id)
	if err != nil || c == nil {
		return Client{}, errors.Join(err, ErrNoClient)
	}
	c.Secret, c.WebhookSecret = "", nil
	return *c, nil
}

// client returns nil for one that is not registered.
func (p *Platform) client(ctx context.Context, id string) (c *Client, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		c, err = load[Client](tx, tableClients, id)
		return err
	})
	return c, err
}

func (c *Client) check() error {
	if !visible(c.ID, 128) {
		return errors.New("Client.ID is empty, too long or not printable")
	}
	if err := c.checkClass(); err != nil {
		return err
	}
	if err := c.checkProfile(); err != nil {
		return err
	}
	if err := errors.Join(c.checkWire(), c.checkCIBA(), c.checkShare(), c.checkServices(), c.Login.check()); err != nil {
		return err
	}
	if len(c.RedirectURIs) > maxURIs || len(c.LogoutURIs) > maxURIs {
		return errors.New("Client.RedirectURIs or Client.LogoutURIs is too long a list")
	}
	hosts := map[string]bool{}
	for _, s := range c.RedirectURIs {
		host, err := checkRedirect(s)
		if err != nil {
			return fmt.Errorf("Client.RedirectURIs: %w", err)
		}
		hosts[host] = true
	}
	if c.Sector == "" && len(hosts) > 1 {
		return errors.New("Client.Sector is needed when redirect URIs are on several hosts")
	}
	for host := range hosts {
		if c.Sector == "" {
			c.Sector = host
		}
	}
	for _, s := range c.LogoutURIs {
		if _, err := checkRedirect(s); err != nil {
			return fmt.Errorf("Client.LogoutURIs: %w", err)
		}
	}
	if _, err := checkRedirect(c.BackchannelLogoutURI); err != nil && c.BackchannelLogoutURI != "" {
		return fmt.Errorf("Client.BackchannelLogoutURI: %w", err)
	}
	for _, s := range c.Scopes {
		if _, known := scopeClaims[s]; !known && s != scopeOpenID {
			return errors.New("Client.Scopes holds an unknown scope")
		}
	}
	return nil
}

// checkRedirect accepts https, or http on a loopback host, without fragment, user
// information or wildcard (RFC 9700 §2.1), and returns the host; of loopback
// hosts with the port, since other ports are other programs.
func checkRedirect(s string) (host string, err error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(s, "#*\\") || !visible(s, 2048) {
		return "", errors.New("not an absolute URL without fragment, user information and wildcard")
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return "", errors.New("neither https nor http on a loopback host")
	}
	if loopback(u.Hostname()) {
		return u.Host, nil
	}
	return u.Hostname(), nil
}

// secretIs compares in constant time. A public client has no secret to offer.
func (p *Platform) secretIs(c *Client, secret string) bool {
	if c.Secret == "" {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(c.Secret), []byte(p.mac("client secret", c.ID, secret))) == 1
}

// may reports whether the client may ask for the scope.
func (c *Client) may(scope string) bool {
	return scope == scopeOpenID || slices.Contains(c.Scopes, scope)
}

// subject is the pairwise name of a person for the client's sector (OpenID
// Connect Core §8.1).
func (p *Platform) subject(c *Client, account string) string {
	return p.mac("sub", c.Sector, account)
}

// visible reports whether s is 1 to n bytes of printable ASCII without spaces.
func visible(s string, n int) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= n
}

const scopeOpenID = "openid"

// scopeClaims are the claims that each scope gives in userinfo.
var scopeClaims = map[string][]string{
	"profile":      {wire.Name, wire.Nationality},
	"phone":        {"phone_number", "phone_number_verified"},
	"email":        {"email", "email_verified"},
	wire.ScopeID:   {wire.CitizenID, wire.ForeignerID, wire.Birth, wire.Gender, wire.VerifiedBy},
	wire.ScopeCard: {wire.OldID, wire.FormerIDs, wire.CardIssued, wire.CardExpires, wire.CardIssuer, wire.Origin, wire.Residence, wire.Ethnicity, wire.Religion, wire.Father, wire.Mother},
}

// scopeLevel is the account level that a scope needs.
func scopeLevel(scope string) int {
	if strings.HasPrefix(scope, "vneid:") && scope != wire.ScopeID && scope != wire.ScopeShare {
		return 2
	}
	return 1
}
