package stays

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Error says why a row was refused: one word of a fixed vocabulary, which Advice words
// for the desk.
type Error struct {
	Code string     // such as duplicate, no_number, residence
	ID   string     // of the notice that there is already, with duplicate
	Kind vneid.Kind // what it matches
	Cell string     // the column of the file that could not be read, with malformed
}

// ForeignerError says that the guest is a foreigner, whom no notice of a stay is about:
// their stay is declared (khai báo tạm trú cho người nước ngoài, Law 47/2014/QH13
// Art. 33) to the same police, by another procedure and other hours. It matches
// vneid.ErrMismatch. WriteForeigners makes the list.
type ForeignerError struct{}

// Procedure names the procedure in Vietnamese.
func (*ForeignerError) Procedure() string { return "khai báo tạm trú cho người nước ngoài" }

func (*ForeignerError) Error() string {
	return "a foreigner: declare the stay instead (khai báo tạm trú cho người nước ngoài)"
}

// Unwrap makes the error match vneid.ErrMismatch.
func (*ForeignerError) Unwrap() error { return vneid.ErrMismatch }

// Advice says where the guest is declared.
func (*ForeignerError) Advice() (vi, en string) {
	return "Khách là người nước ngoài: hãy khai báo tạm trú cho người nước ngoài (Luật 47/2014/QH13 Điều 33), không thông báo lưu trú ở đây. Khách đã được đưa vào danh sách riêng.",
		"The guest is a foreigner: declare the stay by the procedure for foreigners (Law 47/2014/QH13 Art. 33), not here. The guest is on the separate list."
}

func (e *Error) Error() string {
	if e.Cell != "" {
		return "the row is " + e.Code + ": column " + e.Cell
	}
	return "the row was refused: " + e.Code
}

// Unwrap makes the error match its kind.
func (e *Error) Unwrap() error {
	if e.Kind == 0 {
		return vneid.ErrUnavailable
	}
	return e.Kind
}

// Advice says what the desk does next.
func (e *Error) Advice() (vi, en string) {
	if e.Cell != "" {
		return "Không đọc được cột “" + e.Cell + "”. Hãy sửa dòng này rồi gửi lại. Số định danh phải đủ 12 chữ số (đặt ô kiểu văn bản để không mất số 0 ở đầu).",
			"The column “" + e.Cell + "” cannot be read. Correct the row and send it again. A personal number has all its 12 digits (format the cells as text, or leading zeros are lost)."
	}
	if say, ok := advice[e.Code]; ok {
		return say[0], say[1]
	}
	return vneid.Advice(e.Unwrap())
}

var advice = map[string][2]string{
	servicewire.Malformed:       {"Dòng này còn thiếu hoặc sai. Hãy kiểm tra họ tên, số định danh, giờ đến và ngày đi.", "Something is missing or wrong in this row. Check name, number, arrival and day of leaving."},
	servicewire.UnknownFacility: {"Mã cơ sở lưu trú không thuộc đơn vị này. Hãy kiểm tra mã cơ sở.", "The facility's code is not one of this client's. Check the code."},
	servicewire.NoNumber:        {"Thiếu số định danh. Trẻ dưới 14 tuổi chưa có thẻ: ghi ngày sinh và dòng của người lớn đi cùng.", "The number is missing. For a child under 14 without a card give the date of birth and the row of the adult who came along."},
	servicewire.Residence:       {"Ở từ 30 ngày trở lên: phải đăng ký tạm trú, không phải thông báo lưu trú.", "30 days or more: this is a temporary residence (đăng ký tạm trú), not a stay."},
	servicewire.Future:          {"Khách chưa đến. Chỉ thông báo khi khách đã đến (kiểm tra giờ máy).", "The guest has not come yet. Notify when they have (check this machine's clock)."},
	servicewire.TooOld:          {"Khách đến đã quá 30 ngày: không gửi qua đây được nữa. Hãy liên hệ Công an xã, phường, đặc khu.", "The arrival is more than 30 days ago and cannot be sent any more. Ask the commune's police."},
	servicewire.Duplicate:       {"Khách này đã được thông báo cho đêm này tại cơ sở này.", "This guest has a notice for this night and facility already."},
	servicewire.KeyReused:       {"Lần gửi trước của khách này có nội dung khác. Hãy dùng chức năng sửa.", "This guest was sent before with other details. Correct that notice instead."},
	servicewire.Unknown:         {"Không có thông báo này.", "There is no such notice."},
	servicewire.Changed:         {"Thông báo vừa được sửa ở nơi khác. Hãy tải lại rồi sửa tiếp.", "The notice was changed elsewhere meanwhile. Load it again."},
	servicewire.OtherGuest:      {"Không đổi thông báo sang người khác được. Hãy hủy rồi thông báo mới.", "A notice cannot become another person's. Cancel it and file a new one."},
	servicewire.Cancelled:       {"Thông báo đã hủy.", "The notice was cancelled."},
	servicewire.NotHousehold:    {"Chỉ hộ gia đình thông báo một lần cho người thân.", "Only a household notifies close family once."},
	servicewire.Later:           {"Chưa gửi được dòng này, hãy gửi lại.", "This row was not sent; send it again."},
}

// rowError is the error of a code that came for a row.
func rowError(code, id string) error {
	if code == servicewire.Foreigner {
		return &ForeignerError{}
	}
	kind, known := servicewire.KindOf(code)
	if !known {
		return &Error{Code: "unknown", Kind: vneid.ErrUnavailable}
	}
	return &Error{Code: code, ID: id, Kind: kind}
}

// Answer is what became of one row. Err is nil for one that was taken: then the rest is
// set.
type Answer struct {
	Row      int // counted from 1
	Err      error
	Deadline time.Time // until when it had to be notified; also of refused rows, where it is known

	ID      string // the platform's name for the notice
	State   State
	Version int
	Late    bool      // it came after Deadline
	Again   bool      // it had been taken before: nothing happened now
	At      time.Time // when it was taken
}

// State is how a notice stands.
type State string

// The states of a notice. Cancelled is the last one.
const (
	Filed     State = servicewire.StateFiled
	Corrected State = servicewire.StateCorrected
	Cancelled State = servicewire.StateCancelled
)
