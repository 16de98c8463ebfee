package share

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
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Config says who the relying party is, which platform it asks and how answers are
// verified. Issuer, ClientID, Key and Verifier are needed, and RedirectURL for
// requests that a browser carries; every other zero value is safe.
//
// There is one profile, that of FAPI 2.0: pushed requests, private_key_jwt, and tokens
// bound to a key.
type Config struct {
	// Issuer is the platform's identifier, byte for byte as its metadata spell it. It
	// begins with https, or with http on a loopback host.
	Issuer string

	// ClientID is what the platform registered, and RedirectURL where it sends the
	// browser back to, byte for byte as registered; empty for a client that only calls
	// Ask. With http, on a loopback host, the cookies of the handlers lack Secure and
	// the __Host- prefix.
	ClientID, RedirectURL string

	// Key authenticates the client (private_key_jwt, RFC 7523): an RSA key of 2048
	// bits or more (PS256), a P-256 key (ES256) or an Ed25519 key (EdDSA), in memory
	// or in hardware. KeyID is the kid under which the platform has its public half;
	// it may be empty.
	Key   crypto.Signer
	KeyID string

	// DPoPKey is the key to which tokens are bound (DPoP, RFC 9449): of the same types
	// as Key, and another key. Nil: a P-256 key made by New, with which periodic
	// grants end. Processes that share sessions or grants share the key.
	DPoPKey crypto.Signer

	// Verifier verifies answers. Its Platform is Issuer, its Client ClientID, and it
	// has a Replay.
	Verifier *Verifier

	// Need is what every answer must reach; a Request may ask for more.
	Need vneid.Assurance

	// Ledger, if not nil, is asked before each fetch and before an answer is given
	// out. Without one only the platform stops what was locked or withdrawn.
	Ledger Ledger

	// WebhookSecret is what the platform signs webhooks with: at least 32 bytes, as
	// registered. Notify needs it, and Ask then asks to be told.
	WebhookSecret []byte

	// Hosts are host names, other than the issuer's, on which the platform's metadata
	// may place its endpoints: "id.example", without scheme and port. The built-in
	// HTTP client reaches them at public addresses only.
	Hosts []string

	// CookieKeys seal sessions, in cookies and by Seal: at least 32 random bytes each.
	// The first seals, all of them open. Nil: a key made by New, which no other
	// process has.
	CookieKeys [][]byte

	// ErrorPage shows a refusal to the person. Nil: a plain page with the words of
	// vneid.Advice. It must not show err's text, which is for the log.
	ErrorPage func(w http.ResponseWriter, r *http.Request, err error)

	// HTTP makes the calls to the platform, by the rules of sso.Config.HTTP.
	HTTP *http.Client

	// Now is the clock; nil is time.Now.
	Now func() time.Time

	// Skew is how far the platform's clock may be off. 0: one minute; at most five
	// minutes.
	Skew time.Duration
}

// Format prints whose configuration c is and no secret, wherever fmt asks methods.
// Keep the Client instead, which hides its secrets everywhere.
func (c Config) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "share.Config of %q at %q", c.ClientID, c.Issuer)
}

// LogValue logs what Format prints.
func (c Config) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

var errSecrets = errors.New("share: refusing to encode a Config: it holds secrets")

// MarshalText refuses, for encoding/json and others.
func (c Config) MarshalText() ([]byte, error) { return nil, errSecrets }

// GobEncode refuses, as MarshalText does.
func (c Config) GobEncode() ([]byte, error) { return nil, errSecrets }

// check refuses what cannot work or is not safe.
func (c *Config) check() error {
	if err := relying.CheckURL("Config.Issuer", c.Issuer); err != nil {
		return err
	}
	if bytes.ContainsRune([]byte(c.Issuer), '?') {
		return errors.New("Config.Issuer must not have a query (RFC 8414 §2)")
	}
	if c.RedirectURL != "" {
		if err := relying.CheckURL("Config.RedirectURL", c.RedirectURL); err != nil {
			return err
		}
	}
	switch {
	case c.ClientID == "" || !relying.Printable(c.ClientID):
		return errors.New("Config.ClientID is empty or not printable ASCII")
	case c.Key == nil:
		return errors.New("Config.Key is nil: data is asked for by private_key_jwt alone")
	case !relying.Printable(c.KeyID):
		return errors.New("Config.KeyID is not printable ASCII")
	case c.Verifier == nil:
		return errors.New("Config.Verifier is nil")
	case c.Need.Level < 0 || c.Need.Level > 2 || c.Need.Auth < 0 || c.Need.Auth > 4 || !c.Need.At.IsZero():
		return errors.New("Config.Need is outside account levels 1–2 and authentication levels 1–4, or names a time")
	case c.WebhookSecret != nil && len(c.WebhookSecret) < 32:
		return errors.New("Config.WebhookSecret has less than 32 bytes")
	case c.Skew < 0 || c.Skew > 5*time.Minute:
		return errors.New("Config.Skew is outside 0 to 5 minutes")
	}
	for _, k := range c.CookieKeys {
		if len(k) < 32 {
			return errors.New("Config.CookieKeys holds a key of less than 32 bytes")
		}
	}
	if err := relying.CheckHosts(c.Hosts); err != nil {
		return err
	}
	if err := c.checkVerifier(); err != nil {
		return err
	}
	return c.checkKeys()
}

// checkVerifier asks the Verifier whether it can work, for this client.
func (c *Config) checkVerifier() error {
	v := c.Verifier
	if err := v.ready(); err != nil {
		return fault.Prefix("Config", err)
	}
	switch {
	case v.Platform != c.Issuer:
		return errors.New("Config.Verifier.Platform is not Config.Issuer")
	case v.Client != c.ClientID:
		return errors.New("Config.Verifier.Client is not Config.ClientID")
	case v.Replay == nil:
		return errors.New("Config.Verifier.Replay is nil")
	}
	return nil
}

// checkKeys holds each key to one purpose (RFC 8725 §3.5).
func (c *Config) checkKeys() error {
	if err := relying.CheckSigner("Config.Key", c.Key); err != nil {
		return err
	}
	if err := relying.CheckSigner("Config.DPoPKey", c.DPoPKey); err != nil {
		return err
	}
	if c.DPoPKey != nil && relying.EqualKeys(c.Key.Public(), c.DPoPKey.Public()) {
		return errors.New("Config.DPoPKey is Config.Key: one key serves one purpose (RFC 8725 §3.5)")
	}
	keys := make([]crypto.PrivateKey, len(c.Verifier.Decrypt))
	for i, k := range c.Verifier.Decrypt {
		keys[i] = k.Key
	}
	return relying.CheckDecrypt("Config.Verifier.Decrypt", keys, c.Key, c.DPoPKey)
}

// fill puts the documented defaults in and copies what the caller could change.
func (c *Config) fill() {
	c.Hosts = slices.Clone(c.Hosts)
	c.WebhookSecret = bytes.Clone(c.WebhookSecret)
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
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Skew == 0 {
		c.Skew = time.Minute
	}
}
