package web

import (
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// The platform's vocabularies in both languages. A word that no table knows is
// shown as it is: registrations and claims may be newer than this page.

var factorWords = map[platform.Factor]ui.Text{
	platform.FactorPassword: {Vi: "Mật khẩu", En: "Password"},
	platform.FactorOTP:      {Vi: "Mã dùng một lần qua tin nhắn", En: "One-time digits by message"},
	platform.FactorApp:      {Vi: "Xác nhận trong ứng dụng", En: "Confirm in the app"},
	platform.FactorFace:     {Vi: "So khớp khuôn mặt (mô phỏng)", En: "Comparison of faces (simulated)"},
}

var problemWords = map[platform.Problem]ui.Text{
	platform.ProblemLogin:    {Vi: "Số định danh hoặc mật khẩu không đúng. Hãy nhập lại.", En: "The number and the password do not belong together. Type them again."},
	platform.ProblemPassword: {Vi: "Mật khẩu này không dùng được: cần ít nhất 8 ký tự, không quá dài, không phải số định danh, khác mật khẩu trong tin nhắn.", En: "This password cannot be used: it needs at least 8 characters, must not be very long, and be neither the number nor the password in the message."},
	platform.ProblemCode:     {Vi: "Mã không đúng hoặc đã quá hạn. Hãy xem lại tin nhắn.", En: "The digits are wrong or too old. Look at the message again."},
	platform.ProblemNoMatch:  {Vi: "Khuôn mặt không khớp. Hãy thử lại hoặc chọn cách khác.", En: "The faces did not match. Try again or choose another way."},
	platform.ProblemForm:     {Vi: "Biểu mẫu còn thiếu. Hãy điền đủ rồi gửi lại.", En: "The form is incomplete. Fill it in and submit it again."},
}

func throttled(wait time.Duration) ui.Text {
	if wait <= 0 {
		return ui.Text{
			Vi: "Đã gửi quá nhiều mã cho lần đăng nhập này. Hãy nhập mã đã nhận hoặc bắt đầu lại.",
			En: "Too many digits were sent for this login. Type the ones you have, or start again.",
		}
	}
	seconds := int(max(wait, time.Second).Round(time.Second) / time.Second)
	return ui.Text{
		Vi: fmt.Sprintf("Sai quá nhiều lần. Hãy chờ %d giây rồi thử lại.", seconds),
		En: fmt.Sprintf("Too many wrong guesses. Wait %d seconds, then try again.", seconds),
	}
}

// errorWords explain the codes of the error step; the empty one stands for all
// others.
var errorWords = map[string]ui.Text{
	"":                        {Vi: "Nền tảng không thể tiếp tục. Hãy quay lại trang bạn đang dùng và bắt đầu lại.", En: "The platform cannot go on. Go back to the site you came from and start again."},
	"invalid_request":         {Vi: "Yêu cầu của trang gửi bạn đến đây không hợp lệ. Hãy quay lại trang đó và bắt đầu lại.", En: "The site that sent you here asked wrongly. Go back to it and start again."},
	"invalid_request_uri":     {Vi: "Đường dẫn đăng nhập này đã được dùng hoặc đã quá một phút. Hãy quay lại trang bạn đang dùng và bắt đầu lại.", En: "This login link was used before or is more than a minute old. Go back to the site you came from and start again."},
	"unauthorized_client":     {Vi: "Trang gửi bạn đến đây chưa đăng ký với nền tảng này.", En: "The site that sent you here is not registered with this platform."},
	"interaction_over":        {Vi: "Lần đăng nhập này đã kết thúc hoặc quá mười phút. Hãy quay lại trang bạn đang dùng và bắt đầu lại.", En: "This login has ended or took more than ten minutes. Go back to the site you came from and start again."},
	"csrf":                    {Vi: "Biểu mẫu không đến từ trang này. Không có gì được gửi đi; hãy bắt đầu lại.", En: "The form did not come from this page. Nothing was sent; start again."},
	"login_required":          {Vi: "Bạn đã đăng xuất trong lúc đang đăng nhập. Hãy bắt đầu lại.", En: "You were logged out meanwhile. Start again."},
	"account_locked":          {Vi: "Tài khoản định danh đang bị khóa nên không đăng nhập được.", En: "The account is locked, so no login passes."},
	"eid_locked":              {Vi: "Căn cước điện tử đang bị khóa nên không dùng được tài khoản mức độ 2.", En: "The electronic identity card is locked, so account level 2 cannot be used."},
	"not_found":               {Vi: "Không có trang này, hoặc đường dẫn đã cũ.", En: "There is no such page, or the link is an old one."},
	"too_large":               {Vi: "Nội dung gửi lên quá lớn nên không được nhận. Hãy gửi ít hơn.", En: "What was sent is too large and was not taken. Send less."},
	"server_error":            {Vi: "Trang này gặp lỗi. Hãy thử lại; nếu vẫn vậy, hãy xem nhật ký của nền tảng.", En: "This page has a fault. Try again; if it stays, look at the platform’s log."},
	"temporarily_unavailable": {Vi: "Nền tảng đang quá tải. Hãy thử lại sau ít giây.", En: "The platform is overloaded. Try again in a few seconds."},
}
