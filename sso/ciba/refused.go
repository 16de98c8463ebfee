package ciba

import (
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// refusal gives an error of the provider its kind (CIBA §11, §13). Unknown codes are
// not repeated.
func refusal(a *oauth.Answer, need vneid.Assurance) error {
	e := &sso.AuthError{Code: a.Code()}
	switch e.Code {
	case "access_denied":
		e.Err = vneid.ErrDenied
	case "expired_token", "expired_login_hint_token", "expired_id_token_hint":
		e.Err = vneid.ErrExpired
	case "unknown_user_id", "invalid_grant", "invalid_login_hint_token", "invalid_id_token_hint":
		e.Err = vneid.ErrMismatch
	case "invalid_binding_message":
		e.Err = vneid.ErrMalformed
	case wire.ErrorUnmet:
		e.Err = &vneid.LevelError{Want: need}
	case wire.ErrorAccountLocked:
		e.Err = &vneid.LockError{Account: true}
	case wire.ErrorEIDLocked:
		e.Err = &vneid.LockError{EID: true}
	case "transaction_failed", "server_error", "temporarily_unavailable":
		e.Err = vneid.ErrUnavailable
	case "invalid_request", "invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type",
		"missing_user_code", "invalid_user_code", "invalid_request_object", "invalid_dpop_proof":
		e.Err = vneid.ErrUntrusted
	default:
		if a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden {
			return &sso.AuthError{Code: "invalid_client", Err: vneid.ErrUntrusted}
		}
		return a.Failed(vneid.ErrUnavailable)
	}
	return e
}
