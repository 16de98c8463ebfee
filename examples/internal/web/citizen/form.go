package citizen

import (
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
)

// wrongPassword is what a form says after platform.ErrFactor.
func wrongPassword(f *form.Form) {
	f.Wrong("password", "Mật khẩu không đúng, hoặc bạn vừa nhập sai nhiều lần. Hãy chờ một lát rồi nhập lại.",
		"The password is wrong, or came too soon after wrong ones. Wait a little and type it again.")
}

// done leads from a form to a page that says what was done.
func done(w http.ResponseWriter, r *http.Request, page, what string) { form.Lead(w, r, page, what) }

func doneText(r *http.Request) *ui.Text { return doneWords.Said(r) }

var doneWords = form.Done{
	"locked":   {Vi: "Đã khóa, có hiệu lực ngay.", En: "Locked, from this moment."},
	"unlocked": {Vi: "Đã mở khóa.", En: "Unlocked."},
	"other":    {Vi: "Đã rút yêu cầu khóa của bạn. Căn cước điện tử vẫn bị khóa vì còn căn cứ khác.", En: "Your own request is taken back. The card stays locked: another ground stands."},
	"sent":     {Vi: "Đã gửi mã đến địa chỉ mới. Hãy nhập mã để hoàn tất.", En: "A code went to the new address. Type it here to finish."},
	"contact":  {Vi: "Đã đổi. Địa chỉ cũ đã được thông báo.", En: "Changed. The old address has been told."},
	"password": {Vi: "Đã đổi mật khẩu. Mọi phiên đăng nhập trước đó đã kết thúc.", En: "Your password is changed. Every login before this one has ended."},
	"channels": {Vi: "Đã lưu cách nhận thông báo.", En: "How you are told is saved."},
	"ended":    {Vi: "Đã kết thúc phiên đăng nhập đó.", En: "That login has ended."},
	"filed":    {Vi: "Đã nộp hồ sơ.", En: "Filed."},
	"stay":     {Vi: "Đã gửi thông báo lưu trú.", En: "The notice was given."},
	"back":     {Vi: "Đã rút thông báo lưu trú.", En: "The notice was taken back."},
}
