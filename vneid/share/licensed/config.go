package licensed

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Config says which gateway is asked, and as whom. Gateway, Code, ClientID, ClientSecret
// and Link are needed; every other zero value is what public integrations show.
type Config struct {
	// Gateway is the address that the provider gave, without a "/" at the end. It begins
	// with https, or with http on a loopback host.
	Gateway string

	// Code names the relying party in the call that begins (mã TCDN).
	Code string

	// ClientID and ClientSecret are the headers client-id and client-secret.
	ClientID, ClientSecret string

	// Link is the address that opens VNeID when the transaction is put behind it. The
	// host of production is not public.
	Link string

	// Partner and PartnerSecret sign each call; empty: the gateway does not want that.
	Partner       string
	PartnerSecret []byte

	// Sign makes X-Signature in another way. target is the path with the query.
	Sign func(method, target, timestamp, nonce string, body []byte) string

	// WebhookSecret is what the gateway signs webhooks with; Notify needs it.
	WebhookSecret []byte

	// Replay remembers which webhooks came. Nil: a MemoryReplay, for this process alone.
	Replay vneid.Replay

	// InitPath, StatusPath and Service are parts of the wire. Empty:
	// /gw/api/tcdn/biometric-share-info/api/agent/init,
	// /gw/api/tcdn/biometric-share-info/api/share-info/status/ and biometric-share-info.
	InitPath, StatusPath, Service string

	// Person is the member of data that holds the person. Empty: data itself.
	Person string

	// Fields renames members of the person: from the names of the package comment to
	// those of the gateway.
	Fields map[string]string

	// Codes adds to the table of the package comment, and changes it; 0 is good.
	Codes map[string]vneid.Kind

	// States likewise says what a state other than SUCCESS and PENDING means.
	States map[string]vneid.Kind

	// Assurance is what the contract with the provider promises of every answer, where
	// At stands for nothing: the wire says nothing of it. Zero satisfies no need.
	Assurance vneid.Assurance

	// Life is how long the person has. 0: five minutes; at most an hour.
	Life time.Duration

	// Interval is between two questions about one transaction. 0: five seconds.
	Interval time.Duration

	// HTTP makes the calls to the gateway, by the rules of sso.Config.HTTP.
	HTTP *http.Client

	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

const (
	defaultInit    = "/gw/api/tcdn/biometric-share-info/api/agent/init"
	defaultStatus  = "/gw/api/tcdn/biometric-share-info/api/share-info/status/"
	defaultService = "biometric-share-info"
	defaultLife    = 5 * time.Minute
	maxLife        = time.Hour
)

// Format prints whose configuration c is and no secret, wherever fmt asks methods.
// Keep the Client instead, which hides its secrets everywhere.
func (c Config) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "licensed.Config of %q at %q", c.ClientID, c.Gateway)
}

// LogValue logs what Format prints.
func (c Config) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// MarshalText refuses, for encoding/json and others.
func (c Config) MarshalText() ([]byte, error) {
	return nil, errors.New("licensed: refusing to encode a Config: it holds secrets")
}

// check refuses what cannot work or is not safe.
func (c *Config) check() error {
	if err := relying.CheckURL("Config.Gateway", c.Gateway); err != nil {
		return err
	}
	if err := relying.CheckURL("Config.Link", c.Link); err != nil {
		return err
	}
	for _, f := range []struct{ name, value string }{
		{"Config.Code", c.Code}, {"Config.ClientID", c.ClientID}, {"Config.ClientSecret", c.ClientSecret},
	} {
		if f.value == "" || !relying.Printable(f.value) {
			return fmt.Errorf("%s is empty or not printable ASCII", f.name)
		}
	}
	switch {
	case bytes.ContainsAny([]byte(c.Gateway), "?") || c.Gateway[len(c.Gateway)-1] == '/':
		return errors.New("Config.Gateway has a query or a slash at its end")
	case !relying.Printable(c.Partner) || !relying.Printable(c.InitPath) || !relying.Printable(c.StatusPath):
		return errors.New("Config.Partner, InitPath or StatusPath is not printable ASCII")
	case c.InitPath != "" && c.InitPath[0] != '/' || c.StatusPath != "" && c.StatusPath[0] != '/':
		return errors.New("Config.InitPath or StatusPath does not begin with a slash")
	case c.Partner != "" && c.Sign == nil && len(c.PartnerSecret) < 16:
		return errors.New("Config.PartnerSecret has less than 16 bytes")
	case c.WebhookSecret != nil && len(c.WebhookSecret) < 16:
		return errors.New("Config.WebhookSecret has less than 16 bytes")
	case c.Life < 0 || c.Life > maxLife:
		return errors.New("Config.Life is outside 0 to one hour")
	case c.Interval < 0 || c.Interval > time.Minute:
		return errors.New("Config.Interval is outside 0 to one minute")
	case c.Assurance.Level < 0 || c.Assurance.Level > 2 || c.Assurance.Auth < 0 || c.Assurance.Auth > 4 || !c.Assurance.At.IsZero():
		return errors.New("Config.Assurance is outside account levels 1–2 and authentication levels 1–4, or names a time")
	}
	return nil
}

// fill puts the documented defaults in and copies what the caller could change.
func (c *Config) fill() {
	set := func(to *string, value string) {
		if *to == "" {
			*to = value
		}
	}
	set(&c.InitPath, defaultInit)
	set(&c.StatusPath, defaultStatus)
	set(&c.Service, defaultService)
	if c.Life == 0 {
		c.Life = defaultLife
	}
	if c.Interval == 0 {
		c.Interval = 5 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Replay == nil {
		c.Replay = vneid.NewMemoryReplay(0, c.Now)
	}
	c.Fields, c.Codes, c.States = maps.Clone(c.Fields), join(codes, c.Codes), join(states, c.States)
	c.PartnerSecret, c.WebhookSecret = bytes.Clone(c.PartnerSecret), bytes.Clone(c.WebhookSecret)
}

func join(a, b map[string]vneid.Kind) map[string]vneid.Kind {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
