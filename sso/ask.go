package sso

import (
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Ask says what one login is for. The zero value asks for what Config.Need asks.
type Ask struct {
	// Need raises Config.Need for this login.
	Need vneid.Assurance

	// MaxAge is how long ago the person may have authenticated; 0: any time.
	MaxAge time.Duration

	// Prompt is OpenID Connect's prompt: "", "none", "login", "consent" or
	// "select_account".
	Prompt string

	// LoginHint tells the provider whom to offer. It travels in a URL: never put
	// a personal number there.
	LoginHint string

	// Subject, when set, is the only subject who may come back: whoever is logged
	// in already and authenticates once more (xác thực bổ sung).
	Subject string

	// Accept is the weakest Integrity that will do, if weaker than Config.Accept's.
	Accept Integrity

	// Return is the local path to go to after the login, such as "/inbox?page=2".
	// Anything else than a path on this site is ignored.
	Return string
}
