package services

import (
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Benefit is something that an account of a level can do (lợi ích, tiện ích). Code is
// this project's name for it, the same in every edition.
type Benefit struct {
	Code   string
	Level  vneid.Level // the lowest account level that has it
	Vi, En string
	Since  vneid.Date // from when, where the text says so
}

// Edition is the list of benefits as one published text has it.
type Edition struct {
	From     vneid.Date // the text's day, or month
	Benefits []Benefit
}

// Count says how many benefits an account of a level has: its own and those below.
func (e Edition) Count(level vneid.Level) (n int) {
	for _, b := range e.Benefits {
		if b.Level <= level {
			n++
		}
	}
	return n
}

// Editions returns the dated catalogue, oldest first: of 10 March 2024, 9 and 16
// benefits of level 1 and 2, and of June 2024, 9 and 18. The second text counts vehicles
// apart from licences and adds judicial records. The same text's headline speaks of 7
// benefits that are lost without level 2, an older number than its own list; figures of
// other texts (12 services deployed, July 2024) count something else.
func Editions() []Edition {
	day := func(s string) vneid.Date { d, _ := vneid.ParseDate(s); return d }
	june := day("2024-06-01")
	both := []Benefit{
		{"population-data", 1, "Tích hợp thông tin từ Cơ sở dữ liệu quốc gia về dân cư", "Personal facts from the population database", vneid.Date{}},
		{"sso", 1, "Đăng nhập và sử dụng dịch vụ công trực tuyến", "Login to online public services", vneid.Date{}},
		{"stay-notice", 1, "Thông báo lưu trú", "Notices of stays", vneid.Date{}},
		{"security-report", 1, "Phản ánh, kiến nghị về an ninh trật tự", "Reports on security and order", vneid.Date{}},
		{"procedure-notice", 1, "Thông báo kết quả thủ tục liên thông, thẻ sắp hết hạn, sinh nhật", "Results of linked procedures, a card's end, birthdays", vneid.Date{}},
		{"news", 1, "Tin tức, cảnh báo thủ đoạn tội phạm", "News and warnings of crime", vneid.Date{}},
		{"sharing", 1, "Chia sẻ dữ liệu: xuất trình trên ứng dụng, mã QR căn cước, mã QR định danh", "Sharing: shown in the app, card code, identification code", vneid.Date{}},
		{"phone-change", 1, "Đổi số điện thoại trực tuyến", "Change of the telephone number", vneid.Date{}},
		{"device-change", 1, "Xác thực khi đổi thiết bị đăng nhập", "Authentication on another device", vneid.Date{}},

		{"residence", 2, "Thông tin cư trú (Hộ khẩu online)", "Residence, the household book online", vneid.Date{}},
		{"cards", 2, "Thẻ CCCD gắn chip mới nhất và lịch sử thẻ CCCD, CMND", "The newest card, and earlier ones", vneid.Date{}},
		{"dependants", 2, "Người phụ thuộc (con dưới 14 tuổi, người được giám hộ)", "Dependants", vneid.Date{}},
		{"health-insurance", 2, "Thẻ bảo hiểm y tế", "Health insurance card", vneid.Date{}},
		{"social-insurance", 2, "Quá trình tham gia bảo hiểm xã hội", "Social insurance periods", vneid.Date{}},
		{"health-record", 2, "Lịch sử khám chữa bệnh (Sổ sức khỏe điện tử)", "Health record", vneid.Date{}},
	}
	march := Edition{From: day("2024-03-10"), Benefits: append(both[:len(both):len(both)],
		Benefit{"licence-and-vehicle", 2, "Giấy phép lái xe, đăng ký xe", "Driving licence and vehicle registration", vneid.Date{}})}
	return []Edition{march, {From: day("2024-06"), Benefits: append(both[:len(both):len(both)],
		Benefit{"vehicle", 2, "Đăng ký xe", "Vehicle registration", vneid.Date{}},
		Benefit{"licence", 2, "Giấy phép lái xe thay bản cứng khi đã được xác thực", "Driving licence instead of paper, once verified", june},
		Benefit{"judicial-record", 2, "Phiếu lý lịch tư pháp (thường trú tại Hà Nội)", "Judicial record (permanent residents of Hanoi)", june})}}
}

// Offer is a day from which judicial records can be asked for in the app, as one source
// has it. Province is a code of three digits, empty for the whole country.
type Offer struct {
	Province string
	From     vneid.Date
	Source   string
}

// JudicialRecords returns the days that are reported: 22 April and 1 June 2024 for
// permanent residents of Hanoi, by two sources, and 1 October 2024 for everybody, which
// is only recalled. The first day counts.
func JudicialRecords() (out []Offer) {
	for _, o := range servicewire.JudicialOffers() {
		out = append(out, Offer(o))
	}
	return out
}
