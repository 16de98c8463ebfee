package words

import (
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// Reads are the ways in which a relying party reads.
var Reads = map[platform.ReadKind]ui.Text{
	platform.ReadLogin:    {Vi: "đăng nhập", En: "login"},
	platform.ReadUserinfo: {Vi: "đọc thông tin bạn đã đồng ý chia sẻ", En: "read what you agreed to share"},
	platform.ReadShare:    {Vi: "nhận giấy tờ bạn đã đồng ý chia sẻ", En: "was given documents that you agreed to share"},
	platform.ReadRedeem:   {Vi: "kiểm tra mã QR định danh", En: "checked an identification code"},
	platform.ReadService:  {Vi: "nộp hoặc tra cứu hồ sơ của bạn", En: "filed for you, or looked a filing up"},
}

// ShareStates are what became of a data request.
var ShareStates = map[string]ui.Text{
	"approved":  {Vi: "Đã đồng ý, đơn vị chưa nhận", En: "Agreed; not fetched yet"},
	"partial":   {Vi: "Đã đồng ý một phần, đơn vị chưa nhận", En: "Agreed in part; not fetched yet"},
	"delivered": {Vi: "Đơn vị đã nhận", En: "Given out"},
	"denied":    {Vi: "Đã từ chối", En: "Refused"},
	"withdrawn": {Vi: "Đã rút lại sự đồng ý", En: "Withdrawn"},
	"given-up":  {Vi: "Đơn vị không cần nữa", En: "The party needs it no more"},
	"over":      {Vi: "Đã kết thúc", En: "Over"},
	"expired":   {Vi: "Hết hạn trả lời", En: "Nobody answered in time"},
	"pending":   {Vi: "Chờ người đại diện", En: "Waiting for a representative"},
}

// PaperStates are how far a document is; "" for one that is not there.
var PaperStates = map[string]ui.Text{
	"verified":   {Vi: "Đã được xác thực", En: "Verified"},
	"pending":    {Vi: "Chờ phê duyệt: hãy xuất trình bản giấy", En: "Waiting for approval: show the paper"},
	"unverified": {Vi: "Chưa xác thực được: hãy xuất trình bản giấy", En: "Could not be verified: show the paper"},
	"":           {Vi: "Chưa tích hợp trên ứng dụng: hãy xuất trình bản giấy", En: "Not in the app: show the paper"},
}

// Notices are the sorts of notifications.
var Notices = map[string]ui.Text{
	servicewire.LinkedBirth:   {Vi: "Thủ tục liên thông", En: "Linked procedures"},
	servicewire.LinkedDeath:   {Vi: "Thủ tục liên thông", En: "Linked procedures"},
	servicewire.News:          {Vi: "Tin tức", En: "News"},
	servicewire.CrimeWarning:  {Vi: "Cảnh báo thủ đoạn tội phạm", En: "Warning of crime"},
	servicewire.AccountLinked: {Vi: "Liên kết tài khoản", En: "Linking"},
	servicewire.CardExpiry:    {Vi: "Thẻ căn cước", En: "Identity card"},
	servicewire.Birthday:      {Vi: "Sinh nhật", En: "Birthday"},
	servicewire.Registration:  {Vi: "Đăng ký tài khoản", En: "Registration"},
	servicewire.StayNotified:  {Vi: "Thông báo lưu trú", En: "Stay"},
	servicewire.Procedure:     {Vi: "Hồ sơ", En: "Filing"},
	servicewire.LockChanged:   {Vi: "Khóa, mở khóa", En: "Locks"},
	servicewire.Security:      {Vi: "An toàn tài khoản", En: "Safety of your account"},
}

// Parts are the procedures that are linked.
var Parts = map[string]ui.Text{
	"birth-registration":  {Vi: "Đăng ký khai sinh", En: "Birth registration"},
	"permanent-residence": {Vi: "Đăng ký thường trú", En: "Permanent residence"},
	"health-insurance":    {Vi: "Cấp thẻ BHYT cho trẻ dưới 6 tuổi", En: "Health insurance of a child under 6"},
	"death-registration":  {Vi: "Đăng ký khai tử", En: "Death registration"},
	"residence-deletion":  {Vi: "Xóa đăng ký thường trú", En: "Deletion of the residence"},
	"funeral-allowance":   {Vi: "Trợ cấp, hỗ trợ chi phí mai táng", En: "Funeral allowance"},
}

// PartStates are where each of them is.
var PartStates = map[string]ui.Text{
	"received": {Vi: "đã tiếp nhận", En: "received"},
	"done":     {Vi: "đã có kết quả", En: "done"},
	"refused":  {Vi: "không được chấp nhận", En: "refused"},
}

// Tickets are the sorts of filings.
var Tickets = map[string]ui.Text{
	servicewire.PermanentResidence: {Vi: "Đăng ký thường trú", En: "Permanent residence"},
	servicewire.TemporaryResidence: {Vi: "Đăng ký tạm trú", En: "Temporary residence"},
	servicewire.TemporaryAbsence:   {Vi: "Khai báo tạm vắng", En: "Temporary absence"},
	servicewire.SecurityReport:     {Vi: "Phản ánh, kiến nghị về an ninh trật tự", En: "Report on security and order"},
	servicewire.JudicialRecord:     {Vi: "Phiếu lý lịch tư pháp số 1", En: "Judicial record no. 1"},
	servicewire.Integration:        {Vi: "Tích hợp giấy tờ", En: "Integration of a document"},
}

// TicketStates are where a filing is.
var TicketStates = map[string]ui.Text{
	servicewire.Received:   {Vi: "Đã tiếp nhận", En: "Received"},
	servicewire.Processing: {Vi: "Đang giải quyết", En: "Under way"},
	servicewire.NeedsMore:  {Vi: "Cần bổ sung", En: "More is needed"},
	servicewire.Done:       {Vi: "Đã có kết quả", En: "Done"},
	servicewire.Verified:   {Vi: "Đã được xác thực", En: "Verified"},
	servicewire.Refused:    {Vi: "Không được chấp nhận", En: "Refused"},
}

// KeySets are the platform's sets of signing keys, by what they sign.
var KeySets = map[string]ui.Text{
	"login":              {Vi: "Đăng nhập: ID token, userinfo, logout token", En: "Logins: ID tokens, userinfo, logout tokens"},
	"qr":                 {Vi: "Mã QR căn cước, mã QR định danh và danh sách thu hồi của chúng", En: "QR codes, and their status lists"},
	"share":              {Vi: "Chia sẻ: phong bì, biên nhận, sự kiện", En: "Sharing: envelopes, receipts, events"},
	"audit":              {Vi: "Nhật ký kiểm toán: các mốc đã ký", En: "The audit log's checkpoints"},
	"issuer-police":      {Vi: "Giấy tờ do cơ quan công an cấp", En: "Documents of the police"},
	"issuer-immigration": {Vi: "Hộ chiếu", En: "Passports"},
	"issuer-insurance":   {Vi: "Bảo hiểm y tế, bảo hiểm xã hội", En: "Health and social insurance"},
	"issuer-tax":         {Vi: "Mã số thuế", En: "Tax codes"},
}

// KeyPhases say where a key is between being published and being withdrawn.
var KeyPhases = map[platform.KeyPhase]ui.Text{
	platform.KeyAnnounced: {Vi: "đã công bố, chưa ký", En: "published, signs nothing yet"},
	platform.KeySigning:   {Vi: "đang ký", En: "signing"},
	platform.KeyFormer:    {Vi: "thôi ký, còn công bố", En: "signs no more, still published"},
}
