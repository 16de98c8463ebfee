package citizen

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// form is what somebody typed, and what is wrong with it. The zero value is an empty form
// with nothing wrong. Passwords and codes are never shown again.
type form struct {
	values url.Values
	errs   map[string]ui.Text
}

// V is what was typed into a field.
func (f form) V(name string) string { return f.values.Get(name) }

// Has reports whether a choice was ticked.
func (f form) Has(name, value string) bool { return slices.Contains(f.values[name], value) }

// E says what is wrong with a field; nil for nothing.
func (f form) E(name string) *ui.Text {
	if t, ok := f.errs[name]; ok {
		return &t
	}
	return nil
}

// Bad reports whether anything is wrong.
func (f form) Bad() bool { return len(f.errs) > 0 }

func (f *form) wrong(name, vi, en string) {
	if f.errs == nil {
		f.errs = map[string]ui.Text{}
	}
	if _, was := f.errs[name]; !was {
		f.errs[name] = ui.Text{Vi: vi, En: en}
	}
}

// typed reads a form that was posted.
func typed(r *http.Request) form {
	_ = r.ParseForm() // what cannot be read is empty, and empty fields are refused
	return form{values: r.PostForm}
}

// wrongPassword is what a form says after platform.ErrFactor.
func (f *form) wrongPassword() {
	f.wrong("password", "Mật khẩu không đúng, hoặc bạn vừa nhập sai nhiều lần. Hãy chờ một lát rồi nhập lại.",
		"The password is wrong, or came too soon after wrong ones. Wait a little and type it again.")
}

// status is what a page with a form answers.
func (f form) status() int {
	if f.Bad() {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// done leads from a form to a page that says what was done. What it can say stands in
// doneWords, so that no address can put words into the page.
func done(w http.ResponseWriter, r *http.Request, page, what string) {
	http.Redirect(w, r, page+"?done="+what, http.StatusSeeOther)
}

func doneText(r *http.Request) *ui.Text {
	if t, ok := doneWords[r.URL.Query().Get("done")]; ok {
		return &t
	}
	return nil
}

var doneWords = map[string]ui.Text{
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
