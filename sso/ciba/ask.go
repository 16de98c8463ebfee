package ciba

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Ask says whom to ask, and for what. Hint is needed.
//
// It hides itself when printed or logged by itself, and encoders refuse it: a hint
// is personal data.
type Ask struct {
	// Hint is how the provider finds the person, such as their personal number
	// (số định danh cá nhân).
	Hint string

	// Message tells the person what it is about, beside the number: at most 17 of
	// the characters A–Z a–z 0–9, space and hyphen.
	Message string

	// Need raises sso.Config.Need for this login.
	Need vneid.Assurance

	// Subject, when set, is the only subject who may answer.
	Subject string

	// Expiry is how long the person should have, as a wish to the provider. 0: what
	// the provider allows; at most ten minutes.
	Expiry time.Duration
}

// String says what a is, and nothing of what it holds.
func (a Ask) String() string { return "ciba.Ask" }

// Format prints what String shows, whatever the verb and flags.
func (a Ask) Format(f fmt.State, _ rune) { io.WriteString(f, a.String()) }

// LogValue logs what String shows.
func (a Ask) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText refuses: a hint is personal data.
func (a Ask) MarshalText() ([]byte, error) {
	return nil, errors.New("ciba: refusing to encode an Ask: its hint is personal data")
}

const (
	maxExpiry  = 10 * time.Minute
	maxSubject = 255
)

// check finds mistakes of the program, and of what a clerk typed: those have the
// kind Malformed.
func (a Ask) check() error {
	switch {
	case !decoupled.GoodHint(a.Hint):
		return fault.New(vneid.ErrMalformed, "Ask.Hint is empty, too long or holds control characters")
	case !decoupled.GoodMessage(a.Message):
		return fault.New(vneid.ErrMalformed, "Ask.Message has more than 17 characters, or others than A–Z a–z 0–9, space and hyphen")
	case a.Need.Level < 0 || a.Need.Level > 2 || a.Need.Auth < 0 || a.Need.Auth > 4:
		return errors.New("Ask.Need is outside account levels 1–2 and authentication levels 1–4")
	case a.Expiry < 0 || a.Expiry > maxExpiry:
		return errors.New("Ask.Expiry is outside 0 to 10 minutes")
	case len(a.Subject) > maxSubject:
		return errors.New("Ask.Subject is longer than any subject")
	}
	return nil
}
