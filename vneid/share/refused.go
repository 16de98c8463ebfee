package share

import (
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const maxSubject = 255

// codes are the platform's words for no, and what each means here. What blames the
// request is vneid.ErrUntrusted, whose action is to check the configuration.
var codes = map[string]vneid.Kind{
	"access_denied":             vneid.ErrDenied,
	"consent_required":          vneid.ErrDenied,
	"consent_withdrawn":         vneid.ErrRevoked,
	"expired_token":             vneid.ErrExpired,
	"expired_login_hint_token":  vneid.ErrExpired,
	"invalid_grant":             vneid.ErrExpired,
	"invalid_token":             vneid.ErrExpired,
	"unknown_user_id":           vneid.ErrMismatch,
	"invalid_binding_message":   vneid.ErrMalformed,
	"login_required":            vneid.ErrLevel,
	"interaction_required":      vneid.ErrLevel,
	wire.InvalidDetails:         vneid.ErrUntrusted,
	"invalid_client":            vneid.ErrUntrusted,
	"invalid_request":           vneid.ErrUntrusted,
	"invalid_request_uri":       vneid.ErrUntrusted,
	"invalid_request_object":    vneid.ErrUntrusted,
	"invalid_scope":             vneid.ErrUntrusted,
	"invalid_dpop_proof":        vneid.ErrUntrusted,
	"unauthorized_client":       vneid.ErrUntrusted,
	"unsupported_grant_type":    vneid.ErrUntrusted,
	"unsupported_response_type": vneid.ErrUntrusted,
	"missing_user_code":         vneid.ErrUntrusted,
	"invalid_user_code":         vneid.ErrUntrusted,
	"transaction_failed":        vneid.ErrUnavailable,
	"server_error":              vneid.ErrUnavailable,
	"temporarily_unavailable":   vneid.ErrUnavailable,
}

// refusal gives an error answer its kind. Codes that the table lacks are not repeated:
// anybody could have written them.
func refusal(a *oauth.Answer, need vneid.Assurance) error {
	code := a.Code()
	if code == "" {
		code = a.Challenge
	}
	if err := refused(code, need); err != nil {
		if kind, known := codes[code]; known && kind == vneid.ErrUnavailable {
			return &vneid.APIError{Status: a.Status, Code: code, RetryAfter: a.Retry}
		}
		return err
	}
	if a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden {
		return &vneid.APIError{Kind: vneid.ErrUntrusted, Status: a.Status}
	}
	return a.Failed(vneid.ErrUnavailable)
}

// refused is the error of a code, nil for one that nobody knows.
func refused(code string, need vneid.Assurance) error {
	switch code {
	case wire.ErrorAccountLocked:
		return &vneid.LockError{Account: true}
	case wire.ErrorEIDLocked:
		return &vneid.LockError{EID: true}
	case wire.ErrorUnmet:
		return &vneid.LevelError{Want: need}
	}
	kind, known := codes[code]
	switch {
	case !known:
		return nil
	case kind == vneid.ErrUntrusted:
		return fault.New(kind, "the platform answered %s: check Config and the request against what it registered", code)
	case kind == vneid.ErrDenied:
		return fault.New(kind, "the citizen did not agree (%s)", code)
	}
	return fault.New(kind, "the platform answered %s", code)
}
