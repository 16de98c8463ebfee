package verdict

import (
	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// ChipChecks are the checks of package chip: a title each, and the question that it
// answers.
func ChipChecks() map[string]Check { return chipChecks }

// Check is a check's title and the question that it answers.
type Check struct{ Title, Question ui.Text }

var chipChecks = map[string]Check{
	"sod-signature": {
		ui.Text{Vi: "Chữ ký của nơi cấp", En: "Issuer's signature"},
		ui.Text{Vi: "Danh sách dữ liệu của chip có chữ ký số hợp lệ không?", En: "Is the chip's list of data validly signed?"}},
	"digests": {
		ui.Text{Vi: "Toàn vẹn dữ liệu", En: "Integrity"},
		ui.Text{Vi: "Mọi dữ liệu đã đọc có đúng như lúc ký không?", En: "Is everything that was read as it was signed?"}},
	"certificate-chain": {
		ui.Text{Vi: "Chứng thư của nơi cấp", En: "Issuer's certificate"},
		ui.Text{Vi: "Chứng thư ký có dẫn đến chứng thư gốc được tin cậy, lúc ký và bây giờ không?", En: "Does the signing certificate lead to a trusted anchor, when it signed and now?"}},
	"revocation": {
		ui.Text{Vi: "Thu hồi chứng thư", En: "Revocation"},
		ui.Text{Vi: "Danh sách thu hồi của nơi cấp có ghi chứng thư này không?", En: "What does the issuer's revocation list say of the certificate?"}},
	"issuing-state": {
		ui.Text{Vi: "Quốc gia cấp", En: "Issuing State"},
		ui.Text{Vi: "Chứng thư có thuộc quốc gia ghi trên thẻ không?", En: "Do the certificates belong to the State that the card names?"}},
	"document-type": {
		ui.Text{Vi: "Loại giấy tờ", En: "Type of document"},
		ui.Text{Vi: "Chứng thư có được phép ký loại giấy tờ này không?", En: "May the certificate sign documents of this type?"}},
	"com": {
		ui.Text{Vi: "Mục lục của chip", En: "Table of contents"},
		ui.Text{Vi: "Mục lục có khớp với danh sách đã ký không?", En: "Does it list what the signed list lists?"}},
	"card-access": {
		ui.Text{Vi: "Cách mở thẻ", En: "How the card was opened"},
		ui.Text{Vi: "Thẻ có đưa ra mức bảo vệ đã ký không, hay bị hạ cấp?", En: "Did the card offer the protection that is signed for it, or less?"}},
	"dg1-dg13": {
		ui.Text{Vi: "Hai bản ghi", En: "Two records"},
		ui.Text{Vi: "Vùng MRZ và thông tin chi tiết có nói về cùng một người không?", En: "Do the machine-readable zone and the details tell of one person?"}},
	"active-authentication": {
		ui.Text{Vi: "Chip ký thử thách", En: "Challenge signed by the chip"},
		ui.Text{Vi: "Chip có ký thử thách của lần kiểm tra này không?", En: "Did the chip sign this verifier's challenge?"}},
	"chip-authentication": {
		ui.Text{Vi: "Khóa của chip", En: "Key of the chip"},
		ui.Text{Vi: "Chip có chứng minh khóa của mình cho chính chương trình này không?", En: "Did the chip prove its key to this very program?"}},
	"pace-cam": {
		ui.Text{Vi: "Khóa của chip khi mở thẻ", En: "Key of the chip while opening"},
		ui.Text{Vi: "Chip có chứng minh khóa ngay khi thiết lập kết nối không?", En: "Did the chip prove its key while the session was set up?"}},
	"chip-genuine": {
		ui.Text{Vi: "Chip thật", En: "Genuine chip"},
		ui.Text{Vi: "Chip có chứng minh bằng ít nhất một cách rằng nó không phải bản sao không?", En: "Did the chip prove in one way at least that it is no copy?"}},
	"card-expiry": {
		ui.Text{Vi: "Hạn của thẻ", En: "Card expiry"},
		ui.Text{Vi: "Thẻ còn hạn theo ngày ghi trong chip không?", En: "Is the card within the date that the chip states?"}},
	"card-status": {
		ui.Text{Vi: "Tình trạng thẻ tại cơ quan cấp", En: "Card status at the authority"},
		ui.Text{Vi: "Thẻ có bị báo mất hoặc thu hồi không? Chip không biết điều này.", En: "Was the card reported lost or withdrawn? The chip cannot tell."}},
	"consent": {
		ui.Text{Vi: "Sự đồng ý của chủ thẻ", En: "Holder's consent"},
		ui.Text{Vi: "Chủ thẻ có đồng ý cho đọc không? Theo lời người đọc thẻ.", En: "Did the holder agree to the reading? In the words of who read it."}},
	"provider": {
		ui.Text{Vi: "Đơn vị cung cấp dịch vụ xác thực", En: "Licensed provider"},
		ui.Text{Vi: "Đơn vị đó trả lời thế nào?", En: "What did it answer?"}},
}

// ChipStatuses are how a check can come out: a mark each, and the words.
func ChipStatuses() map[chip.Status]Outcome { return chipStatuses }

// Outcome is how a check came out.
type Outcome struct {
	Mark string
	ui.Text
}

var chipStatuses = map[chip.Status]Outcome{
	chip.Passed:        {"✓", ui.Text{Vi: "đạt", En: "passed"}},
	chip.Failed:        {"✗", ui.Text{Vi: "không đạt", En: "failed"}},
	chip.Inconclusive:  {"?", ui.Text{Vi: "chưa kết luận được", En: "inconclusive"}},
	chip.NotApplicable: {"–", ui.Text{Vi: "không áp dụng", En: "not applicable"}},
	chip.Unavailable:   {"·", ui.Text{Vi: "chưa có thông tin", En: "not available"}},
}
