package licensed

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/ending"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Client asks citizens for data by way of one gateway. It is safe for concurrent use.
// New makes one; the zero value refuses everything.
type Client struct {
	cfg  Config // without secrets, so that no print of a Client shows any
	http *http.Client

	secret  func() string // funcs, which no print opens
	webhook func() []byte
	sign    func(method, target, timestamp, nonce string, body []byte) string
	hash    func(hint string) [32]byte // of numbers: the same in every process with the secret

	ended *ending.Table[share.Records, *progress]
	desk  decoupled.Table

	// off takes one check out. Only this package's tests can set it: they show that an
	// attack which a check stops would succeed without it.
	off string
}

func (c *Client) on(check string) bool { return c.off != check }

// New checks the configuration and calls nobody. An error has no kind and names the
// field.
func New(cfg Config) (*Client, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("licensed: %w", err)
	}
	cfg.fill()
	secret, webhook, sign := cfg.ClientSecret, cfg.WebhookSecret, cfg.Sign
	if sign == nil {
		sign = signature(cfg.PartnerSecret)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("vneid licensed numbers"))
	c := &Client{
		http: oauth.HTTP(cfg.HTTP, cfg.Gateway), secret: func() string { return secret }, webhook: func() []byte { return webhook },
		sign: sign, hash: decoupled.Hasher("vneid licensed number", mac.Sum(nil)),
		ended: &ending.Table[share.Records, *progress]{Now: cfg.Now, Fresh: func() *progress { return new(progress) }},
	}
	cfg.ClientSecret, cfg.PartnerSecret, cfg.WebhookSecret, cfg.Sign = "", nil, nil, nil
	c.cfg = cfg
	return c, nil
}

// Format prints what c is, whatever the verb: it knows requests under way.
func (c *Client) Format(f fmt.State, _ rune) { io.WriteString(f, "licensed.Client") }

func (c *Client) made() error {
	if c == nil || c.ended == nil {
		return errors.New("a Client that New did not make")
	}
	return nil
}

// progress is how far a transaction came: the person, once the gateway gave it out.
type progress struct{ data string }

// Over implements ending.Progress.
func (p *progress) Over() bool { return false }

// Begun implements ending.Progress.
func (p *progress) Begun() bool { return p.data != "" }

// Size implements ending.Progress.
func (p *progress) Size() int { return 1<<10 + len(p.data) }

// prefixed is err with the package's name once, nil for nil.
func prefixed(err error) error { return fault.Prefix("licensed", err) }
