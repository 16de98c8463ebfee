package sso

import (
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// AuthError is the provider's own refusal, at the redirect or at the token
// endpoint. It matches one kind; errors.As also finds the *vneid.LockError or
// *vneid.LevelError in it. What else the provider wrote (error_description) is
// dropped: it may hold anything, and it came through the browser.
type AuthError struct {
	Code string // a code from RFC 6749, OpenID Connect or this project; "" for any other
	Err  error  // a vneid.Kind, *vneid.LockError or *vneid.LevelError; nil is vneid.ErrUnavailable

	hint string
}

func (e *AuthError) Error() string {
	code := e.Code
	if code == "" {
		code = "an unknown error code"
	}
	text := "the provider answered " + code
	if e.hint != "" {
		text += ": " + e.hint
	}
	return text
}

// Unwrap makes the error match its kind.
func (e *AuthError) Unwrap() error {
	if e.Err == nil {
		return vneid.ErrUnavailable
	}
	return e.Err
}

// refusal gives an error code its kind. Codes that blame the request are
// ErrUntrusted, whose action is to check the configuration; unknown ones are
// ErrUnavailable and are not repeated, since anybody could have written them.
func refusal(code string, need vneid.Assurance) error {
	const config = "check Config.ClientID, Config.RedirectURL and Config.Scopes against what the provider registered"
	e := &AuthError{Code: code}
	switch code {
	case "access_denied", "consent_required":
		e.Err = vneid.ErrDenied
	case "login_required", "interaction_required", "account_selection_required":
		e.Err, e.hint = vneid.ErrLevel, "the person must log in on the provider's page"
	case wire.ErrorUnmet:
		e.Err = &vneid.LevelError{Want: need}
	case wire.ErrorAccountLocked:
		e.Err = &vneid.LockError{Account: true}
	case wire.ErrorEIDLocked:
		e.Err = &vneid.LockError{EID: true}
	case "invalid_dpop_proof":
		e.Err, e.hint = vneid.ErrUntrusted, "check Config.DPoPKey, and whether this server's clock is right"
	case "temporarily_unavailable", "server_error":
		e.Err = vneid.ErrUnavailable
	case "invalid_request", "unauthorized_client", "invalid_scope", "unsupported_response_type",
		"unsupported_grant_type", "invalid_request_uri", "invalid_request_object",
		"request_not_supported", "request_uri_not_supported", "registration_not_supported":
		e.Err, e.hint = vneid.ErrUntrusted, config
	default:
		e.Code, e.Err = "", vneid.ErrUnavailable
	}
	return e
}
