package share

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/relying"
)

// Client asks citizens for data on behalf of one relying party at one platform. It is
// safe for concurrent use. New makes one; the zero value refuses everything.
type Client struct {
	cfg      Config // without secrets, so that no print of a Client shows any
	http     *http.Client
	platform *relying.Source[metadata]
	verifier func() *Verifier // funcs, which no print opens
	key      func() *oauth.Key
	webhook  func() []byte
	prover   *oauth.Prover
	box      relying.Box

	ended *outcomes
	desk  decoupled.Table
	hash  func(hint string) [32]byte

	// off takes one check out. Only this package's tests can set it: they show that
	// an attack which a check stops would succeed without it.
	off string
}

// on reports whether a check is made: always, but for that one.
func (c *Client) on(check string) bool { return c.off != check }

// New checks the configuration and calls nobody: a service starts while the platform is
// down, and its requests answer vneid.ErrUnavailable until it is up. An error has no
// kind and names the field.
func New(cfg Config) (*Client, error) {
	if err := cfg.check(); err != nil {
		return nil, fault.Prefix("share", err)
	}
	cfg.fill()
	prover, err := oauth.NewProver(cfg.DPoPKey, cfg.Now)
	if err != nil {
		return nil, fmt.Errorf("share: Config.DPoPKey: %w", err)
	}
	verifier, secret := cfg.Verifier, cfg.WebhookSecret
	key := &oauth.Key{ID: cfg.KeyID, Alg: relying.SignAlg(cfg.Key), Signer: cfg.Key}
	c := &Client{
		http: oauth.HTTP(cfg.HTTP, cfg.Issuer), prover: prover,
		verifier: func() *Verifier { return verifier }, key: func() *oauth.Key { return key },
		webhook: func() []byte { return secret },
		box:     relying.NewBox("vneid-share session", cfg.CookieKeys, cfg.Issuer, cfg.ClientID, cfg.RedirectURL),
		hash:    decoupled.Hasher("vneid share hint", cfg.CookieKeys[0]),
		ended:   &outcomes{Now: cfg.Now, Fresh: func() *progress { return new(progress) }},
	}
	cfg.Key, cfg.DPoPKey, cfg.Verifier, cfg.WebhookSecret, cfg.CookieKeys = nil, nil, nil, nil, nil
	c.cfg = cfg
	c.platform = &relying.Source[metadata]{Now: cfg.Now, Fetch: c.fetchMetadata}
	return c, nil
}

// Format prints whose client c is, whatever the verb: it knows requests under way.
func (c *Client) Format(f fmt.State, _ rune) { io.WriteString(f, "share.Client") }

// made refuses to work without what New makes.
func (c *Client) made() error {
	if c == nil || c.platform == nil {
		return errors.New("a Client that New did not make")
	}
	return nil
}

// party is this client as the platform's endpoints know it.
func (c *Client) party() oauth.Party {
	return oauth.Party{
		HTTP: c.http, Client: c.cfg.ClientID, Audience: c.cfg.Issuer, Key: c.key(), Prover: c.prover, Now: c.cfg.Now,
	}
}
