package sso

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Client logs people in for one relying party at one provider. It is safe for
// concurrent use. New makes one; the zero value refuses everything.
type Client struct {
	cfg      Config        // without secrets, so that no print of a Client shows any
	secret   func() string // the client secret
	http     *http.Client
	provider *provider
	keys     vneid.KeySet
	parser   *jws.Parser
	sealer   sealer
	profile  string // as a Session remembers it
	names    string // what our cookies' names begin with
	ended    *outcomes

	refreshes *refreshes
	servers   *servers
	prover    *oauth.Prover     // nil: tokens are bearer tokens
	key       func() *oauth.Key // nil: a secret, or nothing
	decrypt   func() []jwx.PrivateKey
	wire      func() Wire // nil: OpenID Connect

	// off takes one check out. Only this package's tests can set it: they show that
	// an attack which a check stops would succeed without it.
	off string
}

// on reports whether a check is made: always, but for that one.
func (c *Client) on(check string) bool { return c.off != check }

// New checks the configuration and calls nobody: a service starts while the
// provider is down, and its logins answer vneid.ErrUnavailable until it is up.
// An error has no kind and names the field.
func New(c Config) (*Client, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("sso: %w", err)
	}
	c.fill()
	secret := c.ClientSecret
	client := &Client{
		secret: func() string { return secret },
		cfg:    c, http: c.traced(oauth.HTTP(c.HTTP, c.Issuer)), keys: c.Keys, sealer: newSealer(c), names: cookiePrefix(c), profile: c.profileName(),
		parser: jws.NewParser(jws.Rules{Algs: c.Algs, Types: []string{"", "JWT"}}),
	}
	client.cfg.ClientSecret, client.cfg.CookieKeys = "", nil
	if err := client.bind(c); err != nil {
		return nil, fmt.Errorf("sso: %w", err)
	}
	client.ended, client.refreshes, client.servers = &outcomes{now: c.Now}, &refreshes{now: c.Now}, new(servers)
	client.provider = &provider{Now: c.Now, Fetch: client.fetchMetadata}
	if client.keys == nil {
		client.keys = &providerKeys{client: client}
	}
	return client, nil
}

// bind sets up the keys: the one that tokens are bound to, and those that open them.
func (c *Client) bind(cfg Config) (err error) {
	if cfg.Profile == FAPI2 || cfg.DPoPKey != nil {
		if c.prover, err = oauth.NewProver(cfg.DPoPKey, cfg.Now); err != nil {
			return fault.Prefix("Config.DPoPKey", err)
		}
	}
	keys := make([]jwx.PrivateKey, 0, len(cfg.Decrypt))
	for _, k := range cfg.Decrypt {
		keys = append(keys, jwx.PrivateKey{Key: k})
	}
	c.decrypt = func() []jwx.PrivateKey { return keys } // a func, which no print opens
	if k := cfg.Key; k != nil {
		key := &oauth.Key{ID: cfg.KeyID, Alg: relying.SignAlg(k), Signer: k}
		c.key = func() *oauth.Key { return key }
	}
	if w := cfg.Wire; w != nil {
		c.wire = func() Wire { return w }
	}
	c.cfg.Key, c.cfg.DPoPKey, c.cfg.Decrypt, c.cfg.Wire = nil, nil, nil, nil
	return nil
}

// made refuses to work without what New makes.
func (c *Client) made() error {
	if c.provider == nil {
		return errors.New("sso: a Client that New did not make")
	}
	return nil
}
