// Package verdict words the outcome of a check for people, in the same few words
// wherever the example programs show one. A check that failed accuses nobody:
// there is no "fake" here.
package verdict

import (
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Verdict is how a check came out.
type Verdict struct {
	Word   ui.Text // one of four
	Class  string  // good, problem or warn: its colour
	Reason ui.Text // why, in a few words
	Advice ui.Text // what to tell the person, and the clerk's next step
}

// The four words.
var (
	verified  = ui.Text{Vi: "Đã xác minh", En: "Verified"}
	refused   = ui.Text{Vi: "Không hợp lệ", En: "Not valid"}
	unchecked = ui.Text{Vi: "Chưa xác minh được", En: "Could not be verified"}
	unsigned  = ui.Text{Vi: "Chỉ đọc, chưa xác thực", En: "Read only, not authenticated"}
)

// Verified is the verdict of evidence that passed every check.
func Verified() Verdict {
	return Verdict{
		Word: verified, Class: "good",
		Reason: ui.Text{Vi: "Chữ ký số hợp lệ", En: "The digital signature is valid"},
	}
}

// ReadOnly is the verdict of text that nobody signed.
func ReadOnly() Verdict {
	return Verdict{
		Word: unsigned, Class: "warn",
		Reason: ui.Text{Vi: "Mã QR in trên thẻ không có chữ ký", En: "The code printed on the card has no signature"},
		Advice: ui.Text{
			Vi: "Nội dung này ai cũng tạo được. Hãy đề nghị công dân đăng nhập VNeID, mở mã QR định danh hoặc đọc chip của thẻ.",
			En: "Anybody can make such a text. Ask the citizen to log in with VNeID, to open the identification code, or read the card's chip.",
		},
	}
}

// Opaque is the verdict of what looks like a code of VNeID's own app.
func Opaque() Verdict {
	return Verdict{
		Word: unchecked, Class: "warn",
		Reason: ui.Text{Vi: "Mã trong ứng dụng VNeID", En: "A code of VNeID's own app"},
		Advice: ui.Text{
			Vi: "Mã trong ứng dụng VNeID: bên thứ ba không kiểm tra được khi chưa kết nối chính thức.",
			En: "A code of VNeID's own app: a third party cannot check it without an official connection.",
		},
	}
}

// Of words an error of the SDK. What could not be checked is told apart from
// what was checked and refused; nil is Verified.
func Of(err error) Verdict {
	if err == nil {
		return Verified()
	}
	v := Verdict{Word: refused, Class: "problem", Reason: reasons[0]}
	var kind vneid.Kind
	if errors.As(err, &kind) && int(kind) < len(reasons) {
		v.Reason = reasons[kind]
	}
	if kind == 0 || kind == vneid.ErrUnavailable || kind == vneid.ErrMalformed || kind == vneid.ErrNotYetValid {
		v.Word, v.Class = unchecked, "warn"
	}
	if errors.As(err, new(*qr.PaperError)) {
		v.Word, v.Class, v.Reason = unchecked, "warn", ui.Text{Vi: "Xuất trình bản giấy", En: "Show the paper"}
	}
	v.Advice.Vi, v.Advice.En = vneid.Advice(err)
	return v
}

// reasons has each kind's at its place, and at 0 that of an error without a kind,
// which is a mistake in this program's own configuration.
var reasons = [...]ui.Text{
	0:                    {Vi: "Lỗi cấu hình của chương trình này", En: "This program is misconfigured"},
	vneid.ErrMalformed:   {Vi: "Không đọc được nội dung", En: "The content cannot be read"},
	vneid.ErrSignature:   {Vi: "Chữ ký số không hợp lệ", En: "The digital signature is not valid"},
	vneid.ErrUntrusted:   {Vi: "Không rõ nơi cấp", En: "The issuer is not known"},
	vneid.ErrExpired:     {Vi: "Đã hết hiệu lực", En: "Expired"},
	vneid.ErrNotYetValid: {Vi: "Chưa đến thời điểm hiệu lực (kiểm tra giờ máy)", En: "Not valid yet (check this machine's clock)"},
	vneid.ErrMismatch:    {Vi: "Cấp cho đơn vị hoặc giao dịch khác", En: "Made for another party or transaction"},
	vneid.ErrReplayed:    {Vi: "Mã đã được sử dụng", En: "The code was used before"},
	vneid.ErrLevel:       {Vi: "Mức độ tài khoản hoặc mức độ xác thực chưa đủ", En: "The account level or authentication level is too low"},
	vneid.ErrLocked:      {Vi: "Tài khoản hoặc căn cước điện tử đang bị khóa", En: "The account or the electronic identity card is locked"},
	vneid.ErrRevoked:     {Vi: "Nơi cấp đã thu hồi hoặc tạm dừng", En: "Withdrawn or suspended by its issuer"},
	vneid.ErrDenied:      {Vi: "Yêu cầu bị từ chối", En: "The request was refused"},
	vneid.ErrUnavailable: {Vi: "Chưa kiểm tra được, thử lại sau", En: "Cannot be checked now; try again later"},
}

// Status is the HTTP status of a page that shows an error.
func Status(err error) int {
	var kind vneid.Kind
	switch {
	case err == nil:
		return http.StatusOK
	case !errors.As(err, &kind):
		return http.StatusInternalServerError
	case kind == vneid.ErrUnavailable:
		return http.StatusServiceUnavailable
	case kind == vneid.ErrMalformed:
		return http.StatusBadRequest
	}
	return http.StatusForbidden
}
