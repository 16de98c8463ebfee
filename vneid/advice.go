package vneid

import (
	"errors"
	"fmt"
	"time"
)

// Advice says what to tell the person at the counter about an error, in
// Vietnamese and in English: what happened, and the clerk's next step. It accuses
// nobody, shows nothing personal, and always has something to say: an error
// without a kind is our own mistake, never the citizen's, and nil is no error
// (which is not a verification).
//
// An error anywhere in the chain that knows better has a method
// Advice() (vi, en string), which wins.
func Advice(err error) (vi, en string) {
	var own interface{ Advice() (vi, en string) }
	if errors.As(err, &own) {
		return own.Advice()
	}
	if err == nil {
		return "Không có lỗi nào được báo.", "No error was reported."
	}
	if say := detailed(err); say != (saying{}) {
		return say.vi, say.en
	}
	var kind Kind
	errors.As(err, &kind)
	if int(kind) >= len(sayings) {
		kind = 0
	}
	return sayings[kind].vi, sayings[kind].en
}

type saying struct{ vi, en string }

// detailed returns the advice for typed errors that call for more than their kind.
func detailed(err error) saying {
	var level *LevelError
	var lock *LockError
	var api *APIError
	switch {
	case errors.As(err, &level):
		return level.saying()
	case errors.As(err, &lock) && lock.Account:
		return saying{
			"Tài khoản định danh điện tử đang bị khóa nên chưa đăng nhập được. Mời công dân mở khóa trong ứng dụng VNeID hoặc tại " + police + ".",
			"The account is locked, so no login is possible now. The citizen can have it unlocked in the VNeID app or at " + policeEN + ".",
		}
	case errors.As(err, &lock):
		return saying{
			"Căn cước điện tử đang bị khóa nên chưa dùng được cho dịch vụ cần tài khoản mức độ 2. Mời công dân mở khóa trong ứng dụng VNeID hoặc tại " + police + ".",
			"The electronic identity card is locked, so services that need account level 2 cannot be used now. The citizen can have it unlocked in the VNeID app or at " + policeEN + ".",
		}
	case errors.As(err, &api) && errors.Is(api, ErrUnavailable) && api.RetryAfter > 0:
		wait := api.RetryAfter.Round(time.Second)
		return saying{
			fmt.Sprintf("Chưa kiểm tra được, thử lại sau khoảng %d giây. Nếu cần ngay, dùng cách xác minh khác.", max(1, int(wait.Seconds()))),
			fmt.Sprintf("It cannot be checked now; try again in about %d s. If it is urgent, verify in another way.", max(1, int(wait.Seconds()))),
		}
	}
	return saying{}
}

// Since 2025-07-01 there is no district police.
const (
	police   = "Công an xã/phường/đặc khu hoặc nơi làm thủ tục cấp căn cước"
	policeEN = "the police of the commune, ward or special zone, or where identity cards are issued"
)

// saying tells apart what a new login can mend from what it cannot: level 2 is
// granted at a police office only.
func (e *LevelError) saying() saying {
	switch {
	case e.Got.Level < e.Want.Level:
		return saying{
			fmt.Sprintf("Dịch vụ này cần tài khoản định danh điện tử mức độ %d. Đăng nhập lại không nâng được mức độ tài khoản; công dân làm thủ tục tại %s.", e.Want.Level, police),
			fmt.Sprintf("This service needs an account of level %d. Logging in again does not raise it; it is granted at %s.", e.Want.Level, policeEN),
		}
	case e.Got.Auth < e.Want.Auth:
		return saying{
			fmt.Sprintf("Dịch vụ này cần xác thực mức độ %d. Mời công dân thực hiện xác thực bổ sung trong ứng dụng VNeID.", e.Want.Auth),
			fmt.Sprintf("This service needs authentication level %d. Ask the citizen to confirm once more, in the VNeID app, with a stronger factor.", e.Want.Auth),
		}
	}
	return saying{
		"Lần đăng nhập đã quá lâu so với yêu cầu của dịch vụ. Mời công dân đăng nhập lại.",
		"The login is longer ago than this service allows. Ask the citizen to log in again.",
	}
}

// sayings has the advice of each kind at its place, and that of errors without a
// kind at 0.
var sayings = [...]saying{
	0: {
		"Hệ thống của đơn vị gặp lỗi hoặc chưa được cấu hình đúng, không phải do công dân. Báo cho người quản trị hệ thống.",
		"Our own system has a fault or is not configured correctly; it is not the citizen's doing. Tell the system's administrator.",
	},
	ErrMalformed: {
		"Không đọc được nội dung. Mời quét hoặc đọc lại; nếu vẫn không được, đề nghị công dân mở lại mã hoặc dùng giấy tờ khác.",
		"This could not be read. Scan or read it again; if that fails, ask for the code to be opened anew or for another document.",
	},
	ErrSignature: {
		"Chữ ký số không khớp với nội dung nên không tiếp nhận được. Mời công dân mở mã mới hoặc dùng giấy tờ khác; nếu lặp lại, báo người phụ trách.",
		"The digital signature does not fit the content, so it cannot be accepted. Ask for a fresh code or another document; if it happens again, tell the person in charge.",
	},
	ErrUntrusted: {
		"Không rõ nơi cấp nên chưa tiếp nhận được. Dùng cách xác minh khác và báo người quản trị kiểm tra danh sách nơi cấp được tin cậy.",
		"The issuer is not one we know, so it cannot be accepted yet. Verify in another way and have the administrator check the list of trusted issuers.",
	},
	ErrExpired: {
		"Đã hết hiệu lực. Mời công dân mở mã mới, đăng nhập lại hoặc xuất trình giấy tờ còn hạn.",
		"Its time is over. Ask for a fresh code, a new login or a document that is still valid.",
	},
	ErrNotYetValid: {
		"Chưa đến thời điểm hiệu lực (kiểm tra giờ máy). Chỉnh đúng giờ của máy này rồi thử lại.",
		"Its time has not begun (check the clock of this machine). Set the clock right and try again.",
	},
	ErrMismatch: {
		"Cấp cho đơn vị hoặc giao dịch khác. Bắt đầu lại từ đầu với mã mới hoặc lần đăng nhập mới.",
		"It was meant for another party, transaction or person. Start again with a fresh code or login.",
	},
	ErrReplayed: {
		"Mã đã được sử dụng. Mời công dân mở mã mới.",
		"It has been used already. Ask the citizen for a fresh one.",
	},
	ErrLevel: {
		"Mức độ tài khoản hoặc mức độ xác thực chưa đủ cho dịch vụ này. Tài khoản mức độ 2 được cấp tại " + police + ".",
		"The account or the login is not strong enough for this service. Account level 2 is granted at " + policeEN + ".",
	},
	ErrLocked: {
		"Tài khoản hoặc căn cước điện tử đang bị khóa. Mời công dân mở khóa trong ứng dụng VNeID hoặc tại " + police + ".",
		"The account or the electronic identity card is locked. The citizen can have it unlocked in the VNeID app or at " + policeEN + ".",
	},
	ErrRevoked: {
		"Nơi cấp đã thu hồi hoặc tạm ngừng giấy tờ này. Đề nghị công dân liên hệ nơi cấp; trong lúc chờ, dùng giấy tờ khác.",
		"Its issuer has withdrawn or suspended it. Ask the citizen to contact the issuer and to use another document meanwhile.",
	},
	ErrDenied: {
		"Yêu cầu chưa được đồng ý hoặc bị từ chối. Hỏi lại công dân có muốn tiếp tục không; nếu không, dùng cách khác.",
		"The request was not agreed to or was refused. Ask whether the citizen wishes to go on; if not, use another way.",
	},
	ErrUnavailable: {
		"Chưa kiểm tra được, thử lại sau. Nếu cần ngay, dùng cách xác minh khác.",
		"It cannot be checked now; try again later. If it is urgent, verify in another way.",
	},
}
