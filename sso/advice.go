package sso

import (
	"errors"
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Advice is for vneid.Advice: what the kind alone would say wrongly. A provider that
// cannot do what was asked does not tell what was lacking, and only the account level
// is a matter for a police office.
func (e *AuthError) Advice() (vi, en string) {
	switch e.Code {
	case "login_required", "interaction_required", "account_selection_required":
		return adviceLogIn()
	case wire.ErrorUnmet:
		var low *vneid.LevelError
		if errors.As(e.Err, &low) {
			return adviceUnmet(low.Want)
		}
	}
	return vneid.Advice(e.Unwrap())
}

func adviceLogIn() (vi, en string) {
	return "Chưa có ai đăng nhập. Mời công dân đăng nhập bằng VNeID rồi thực hiện lại.",
		"Nobody is logged in. Ask the citizen to log in with VNeID and to try again."
}

func adviceUnmet(want vneid.Assurance) (vi, en string) {
	switch {
	case want.Level < 2 && want.Auth > 0: // every account has level 1
		return fmt.Sprintf("Dịch vụ này cần xác thực mức độ %d mà lần đăng nhập này chưa đạt. Mời công dân đăng nhập lại và thực hiện xác thực bổ sung trong ứng dụng VNeID.", want.Auth),
			fmt.Sprintf("This service needs authentication level %d, which this login did not reach. Ask the citizen to log in again and to confirm in the VNeID app with a stronger factor.", want.Auth)
	case want.Level < 2:
		return "Lần đăng nhập này chưa đáp ứng yêu cầu của dịch vụ. Mời công dân đăng nhập lại.",
			"This login is not what the service needs. Ask the citizen to log in again."
	case want.Auth > 1:
		vi, en = adviceAccount(want)
		return fmt.Sprintf("Dịch vụ này cần tài khoản mức độ %d và xác thực mức độ %d. Nếu đã có tài khoản mức độ %d, mời công dân đăng nhập lại và xác thực bổ sung trong ứng dụng VNeID; nếu chưa: %s", want.Level, want.Auth, want.Level, vi),
			fmt.Sprintf("This service needs an account of level %d and authentication level %d. With such an account, ask the citizen to log in again and to confirm in the VNeID app with a stronger factor; without: %s", want.Level, want.Auth, en)
	}
	return adviceAccount(want)
}

// adviceAccount is package vneid's for an account that is too low.
func adviceAccount(want vneid.Assurance) (vi, en string) {
	return vneid.Advice(&vneid.LevelError{Want: vneid.Assurance{Level: want.Level}})
}
