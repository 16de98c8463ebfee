package platform

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Purpose is one thing that a client asks people's documents for, as it was
// registered: a request names it by its code, and may ask for no kind beyond it.
type Purpose struct {
	Code string `json:"code"` // such as "car-rental"
	Vi   string `json:"vi"`   // mục đích sử dụng, as the consent page says it
	En   string `json:"en"`

	Kinds []document.Kind `json:"kinds"` // what it may be asked for with

	// Citation is the law that the purpose stands on; a request with the basis "law"
	// must cite it.
	Citation string `json:"citation,omitempty"`

	// RetentionDays is the longest that a request may want to keep what it gets.
	// 0: thirty days.
	RetentionDays int `json:"retention_days,omitempty"`
}

const (
	maxPurposes      = 32
	maxRetention     = 3650 // days; a law that asks for more is not in our list
	defaultRetention = 30
)

// sensitive are the kinds that no relying party may pull (Decree 69/2024; the health
// record is shown by the citizen).
var sensitive = []document.Kind{document.HealthRecord, document.JudicialRecord2, document.Biometrics}

// checkShare checks the registration for data requests.
func (c *Client) checkShare() error {
	if len(c.Purposes) == 0 {
		if c.EventsURI != "" || c.WebhookSecret != nil {
			return errors.New("Client.EventsURI and Client.WebhookSecret are of clients with Purposes")
		}
		return nil
	}
	if c.WebhookSecret != nil && (len(c.WebhookSecret) < 32 || len(c.WebhookSecret) > 1024) {
		return errors.New("Client.WebhookSecret has less than 32 bytes, or very many")
	}
	if c.Profile != FAPI2 || len(c.Purposes) > maxPurposes {
		return errors.New("Client.Purposes are of clients with the FAPI2 profile, and at most 32")
	}
	c.Purposes = slices.Clone(c.Purposes)
	seen := map[string]bool{}
	for i := range c.Purposes {
		if err := c.Purposes[i].check(); err != nil {
			return err
		}
		if seen[c.Purposes[i].Code] {
			return errors.New("Client.Purposes has a code twice")
		}
		seen[c.Purposes[i].Code] = true
	}
	if c.EventsURI == "" {
		return nil
	}
	if _, err := checkRedirect(c.EventsURI); err != nil {
		return fmt.Errorf("Client.EventsURI: %w", err)
	}
	return nil
}

func (u *Purpose) check() error {
	if u.RetentionDays == 0 {
		u.RetentionDays = defaultRetention
	}
	switch {
	case !visible(u.Code, 64) || u.Vi == "" || u.En == "" || len(u.Vi) > 512 || len(u.En) > 512 || len(u.Citation) > 512:
		return errors.New("Client.Purposes has one without a code or its texts, or with too long ones")
	case u.RetentionDays < 0 || u.RetentionDays > maxRetention:
		return errors.New("Client.Purposes has one with no sensible RetentionDays")
	case len(u.Kinds) == 0:
		return errors.New("Client.Purposes has one without kinds")
	}
	for _, kind := range u.Kinds {
		if slices.Contains(sensitive, kind) {
			return errors.New("Client.Purposes has a kind that nobody may ask for")
		}
		if issuerOf(kind) == "" {
			return errors.New("Client.Purposes has a kind that no issuer here signs")
		}
	}
	return nil
}

// purpose finds a registered purpose; nil for none.
func (c *Client) purpose(code string) *Purpose {
	for i := range c.Purposes {
		if c.Purposes[i].Code == code {
			return &c.Purposes[i]
		}
	}
	return nil
}

func (u *Purpose) allows(kind document.Kind) bool { return slices.Contains(u.Kinds, kind) }
