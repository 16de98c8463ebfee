package counter

import (
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/units"
)

// refusals are what the engine refuses with, in words. A check that failed accuses nobody
// and says what to do next.
var refusals = words.Refusals{
	words.Refuse(platform.ErrNotAllowed, http.StatusForbidden, "Trang này không dành cho vai trò hoặc đơn vị của bạn.", "This page is not for your role or unit."),
	words.Refuse(platform.ErrUnit, http.StatusForbidden, "Đơn vị của bạn không tiếp nhận thủ tục này vào ngày hôm nay. Hướng dẫn công dân đến đơn vị có tiếp nhận.", "Your unit does not receive this today. Tell the citizen which unit does."),
	words.Refuse(platform.ErrNoCase, http.StatusNotFound, "Không có hồ sơ này ở đơn vị của bạn.", "Your unit has no such case."),
	words.Refuse(platform.ErrStale, http.StatusConflict, "Hồ sơ vừa được cán bộ khác cập nhật. Mở lại hồ sơ, xem thay đổi rồi làm tiếp.", "Another officer changed the case a moment ago. Open it again, look, and go on."),
	words.Refuse(platform.ErrStep, http.StatusConflict, "Hồ sơ đang ở trạng thái khác. Mở lại hồ sơ.", "The case is in another state. Open it again."),
	words.Refuse(platform.ErrNoRules, http.StatusConflict, "Vào ngày này chưa có quy định về tài khoản định danh điện tử.", "No decree about accounts is in force on this day."),
	words.Refuse(platform.ErrRules, http.StatusConflict, "Theo quy định của ngày hôm nay, người này chưa được cấp tài khoản loại này.", "By the law of the day this person cannot have such an account yet."),
	words.Refuse(platform.ErrHas, http.StatusConflict, "Đã có: không cần làm thủ tục này.", "This is there already: nothing has to be done."),
	words.Refuse(platform.ErrOpen, http.StatusConflict, "Đang có một hồ sơ của người này, ở đơn vị của bạn hoặc đơn vị khác. Tiếp tục hồ sơ đó.", "A case of this person is open, at your unit or another. Go on with that one."),
	words.Refuse(platform.ErrUnknown, http.StatusNotFound, "Không tìm thấy số này. Kiểm tra lại số trên thẻ.", "Nobody has this number. Look at the card again."),
	words.Refuse(platform.ErrDead, http.StatusConflict, "CSDL quốc gia về dân cư ghi nhận người này đã chết. Chuyển cơ quan quản lý định danh xem xét.", "The population database says that this person died. Hand it to the identification agency."),
	words.Refuse(platform.ErrLocked, http.StatusConflict, "Tài khoản đang bị khóa. Xem căn cứ khóa trước.", "The account is locked. Look at the grounds first."),
	words.Refuse(platform.ErrNoMatch, http.StatusConflict, "Cơ sở dữ liệu chưa xác nhận. Xem kết quả đối chiếu trong hồ sơ.", "The databases do not confirm it. The case has what they answered."),
	words.Refuse(platform.ErrRegister, http.StatusServiceUnavailable, "Một cơ sở dữ liệu chưa trả lời. Hồ sơ vẫn chờ; đối chiếu lại sau.", "A database does not answer. The case waits; ask again later."),
	words.Refuse(platform.ErrNoPerson, http.StatusConflict, "Người đại diện phải là cha, mẹ hoặc người giám hộ theo CSDL dân cư và có tài khoản mức độ 2 không bị khóa.", "A representative is a parent or guardian by the population database, with an account of level 2 that nothing locks."),
	words.Refuse(platform.ErrNoCard, http.StatusConflict, "Người này chưa có thẻ gắn chip: chọn thủ tục cấp mức độ 2 cùng với cấp thẻ.", "This person has no card with a chip: choose level 2 together with a card."),
	words.Refuse(platform.ErrMissing, http.StatusConflict, "Còn bước chưa làm.", "Steps are missing."),
	words.Refuse(platform.ErrPaper, http.StatusConflict, "CSDL chuyên ngành không xác nhận giấy tờ này, hoặc đã có trong hồ sơ. Có thể từ chối riêng giấy tờ này.", "The paper's database does not confirm it, or it is in the case already. It can be refused by itself."),
	words.Refuse(platform.ErrForm, http.StatusUnprocessableEntity, "Thông tin nhập chưa đủ hoặc chưa đúng định dạng.", "Something is missing or has not the right form."),
	words.Refuse(errReader, http.StatusServiceUnavailable, "Chưa đọc được thẻ: đặt lại thẻ và thử lại. Hồ sơ không thay đổi.", "The card could not be read: lay it on again. The case is as it was."),
}

var kindWords = map[platform.CaseKind]ui.Text{
	platform.CaseCitizen:      {Vi: "Cấp tài khoản mức độ 2 (đã có thẻ gắn chip)", En: "Account level 2 (with a chip card)"},
	platform.CaseFirstCard:    {Vi: "Cấp tài khoản mức độ 2 cùng với cấp thẻ căn cước", En: "Account level 2 together with a first card"},
	platform.CaseForeigner:    {Vi: "Cấp tài khoản mức độ 2 cho người nước ngoài", En: "Account level 2 of a foreigner"},
	platform.CaseOrganisation: {Vi: "Cấp tài khoản định danh cho tổ chức", En: "An organisation's account"},
}

type stateWord struct {
	Class string
	Text  ui.Text
}

var stateWords = map[platform.RegState]stateWord{
	platform.RegOpen:      {"", ui.Text{Vi: "Đang tiếp nhận", En: "Being received"}},
	platform.RegSubmitted: {"warn", ui.Text{Vi: "Chờ quyết định", En: "Waits for a decision"}},
	platform.RegGranted:   {"ok", ui.Text{Vi: "Đã cấp", En: "Granted"}},
	platform.RegRefused:   {"bad", ui.Text{Vi: "Chưa được chấp nhận", En: "Not accepted"}},
	platform.RegWithdrawn: {"", ui.Text{Vi: "Công dân rút yêu cầu", En: "Given up"}},
	platform.RegReceived:  {"warn", ui.Text{Vi: "Chờ quyết định", En: "Waits for a decision"}},
}

var resultWords = map[registers.Result]stateWord{
	registers.Matched:     {"ok", ui.Text{Vi: "Trùng khớp", En: "It matches"}},
	registers.NotFound:    {"bad", ui.Text{Vi: "Không tìm thấy", En: "Not found"}},
	registers.Mismatch:    {"bad", ui.Text{Vi: "Không trùng khớp", En: "It differs"}},
	registers.Dead:        {"bad", ui.Text{Vi: "Ghi nhận đã chết", En: "A death is entered"}},
	registers.NoCard:      {"warn", ui.Text{Vi: "Chưa có thẻ", En: "No card"}},
	registers.CardRevoked: {"bad", ui.Text{Vi: "Thẻ bị thu hồi hoặc bị giữ", En: "The card is revoked or held"}},
	registers.CardExpired: {"bad", ui.Text{Vi: "Thẻ đã hết hạn", En: "The card has ended"}},
	registers.CardOther:   {"bad", ui.Text{Vi: "Không phải thẻ mới nhất", En: "Not the newest card"}},
	registers.NoPermit:    {"bad", ui.Text{Vi: "Không có hoặc đã hết hạn thẻ thường trú, tạm trú", En: "No residence card, or it has ended"}},
	registers.Unavailable: {"warn", ui.Text{Vi: "Chưa kiểm tra được, thử lại sau", En: "No answer, try again later"}},
}

// unitWords are the sorts of units; one that is new is called what its registry calls it.
var unitWords = map[string]ui.Text{
	units.Commune: {Vi: units.Commune, En: "commune"}, units.Ward: {Vi: units.Ward, En: "ward"}, units.Town: {Vi: units.Town, En: "town"},
	units.SpecialZone: {Vi: units.SpecialZone, En: "special zone"}, units.District: {Vi: units.District, En: "district"},
	units.Province: {Vi: units.Province, En: "province"}, units.Immigration: {Vi: units.Immigration, En: "immigration office"},
	units.Agency: {Vi: "cơ quan", En: "agency"},
}

var fieldWords = map[string]ui.Text{
	"name": {Vi: "họ tên", En: "name"}, "birth": {Vi: "ngày sinh", En: "date of birth"},
	"sex": {Vi: "giới tính", En: "sex"}, "nationality": {Vi: "quốc tịch", En: "nationality"},
}

var outcomeWords = map[platform.Outcome]ui.Text{
	platform.OutcomeMatch:   {Vi: "Trùng khớp", En: "It matches"},
	platform.OutcomeNoMatch: {Vi: "Không trùng khớp", En: "It does not match"},
	platform.OutcomeTaken:   {Vi: "Đã thu nhận, chưa có dữ liệu để đối sánh", En: "Taken, nothing to compare with yet"},
	platform.OutcomeMissing: {Vi: "Không thu nhận được", En: "Could not be taken"},
}

var heldWords = map[platform.PaperFinding]stateWord{
	platform.PaperHeld:    {"ok", ui.Text{Vi: "CSDL chuyên ngành có giấy tờ này", En: "Its database has it"}},
	platform.PaperNone:    {"warn", ui.Text{Vi: "CSDL chuyên ngành không có", En: "Its database has none"}},
	platform.PaperOther:   {"warn", ui.Text{Vi: "CSDL chuyên ngành ghi số khác", En: "Its database has another number"}},
	platform.PaperRevoked: {"bad", ui.Text{Vi: "Đã bị thu hồi hoặc tạm giữ", En: "Revoked or suspended"}},
}

// missingWords are the steps that a case lacks.
var missingWords = map[string]ui.Text{
	"representative": {Vi: "Người đại diện", En: "Representative"},
	"contact":        {Vi: "Số điện thoại hoặc thư điện tử", En: "Telephone number or e-mail address"},
	"chip":           {Vi: "Đọc chip của thẻ", En: "The card's chip"},
	"papers":         {Vi: "Quyết định từng giấy tờ", En: "A decision on each paper"},
	"compared":       {Vi: "Đối sánh ảnh chân dung, vân tay", En: "Portrait and fingerprints"},
	"agreed":         {Vi: "Sự đồng ý", En: "The agreement"},
}

var reasonWords = map[platform.RegReason]ui.Text{
	platform.ReasonPapers:         {Vi: "Giấy tờ xuất trình không đáp ứng", En: "What was handed over does not do"},
	platform.ReasonRules:          {Vi: "Không thuộc đối tượng theo quy định", En: "Not among those the law names"},
	platform.ReasonRepresentative: {Vi: "Người đại diện không được xác nhận", En: "The representative is not confirmed"},
	platform.ReasonPortrait:       {Vi: "Ảnh chân dung, vân tay không trùng khớp", En: "Portrait or fingerprints do not match"},
	platform.ReasonHas:            {Vi: "Đã có tài khoản", En: "There is an account already"},
	platform.ReasonLocked:         {Vi: "Tài khoản đang bị khóa", En: "The account is locked"},
	"not-found":                   {Vi: "Không có trong cơ sở dữ liệu", En: "In no database"},
	"mismatch":                    {Vi: "Thông tin không trùng khớp", En: "The details differ"},
	"dead":                        {Vi: "Ghi nhận đã chết", En: "A death is entered"},
	"card-revoked":                {Vi: "Thẻ bị thu hồi hoặc bị giữ", En: "The card is revoked or held"},
	"card-expired":                {Vi: "Thẻ đã hết hạn", En: "The card has ended"},
	"no-card":                     {Vi: "Chưa có thẻ", En: "No card"},
	"no-permit":                   {Vi: "Không có thẻ thường trú, tạm trú", En: "No residence card"},
	"unavailable":                 {Vi: "Cơ sở dữ liệu chưa trả lời", En: "A database does not answer"},
	platform.ReasonOther:          {Vi: "Lý do khác", En: "Another reason"},
}

// stepWords are what was done in a case.
var stepWords = map[string]ui.Text{
	"open":           {Vi: "Tiếp nhận", En: "Received"},
	"representative": {Vi: "Xác nhận người đại diện", En: "Representative confirmed"},
	"contact":        {Vi: "Nhập số điện thoại, thư điện tử", En: "Telephone number, e-mail address"},
	"chip":           {Vi: "Đọc chip của thẻ", En: "The card's chip was read"},
	"paper":          {Vi: "Nhận giấy tờ", En: "A paper was handed over"},
	"paper-decided":  {Vi: "Quyết định giấy tờ", En: "A paper was decided on"},
	"compared":       {Vi: "Đối sánh ảnh chân dung, vân tay", En: "Portrait and fingerprints compared"},
	"agreed":         {Vi: "Ghi nhận sự đồng ý", En: "The agreement was taken down"},
	"submitted":      {Vi: "Nộp để đối chiếu", En: "Handed in"},
	"matched":        {Vi: "Đối chiếu lại", En: "Databases asked again"},
	"verified":       {Vi: "Xác minh tổ chức", En: "Organisation verified"},
	"granted":        {Vi: "Cấp", En: "Granted"},
	"refused":        {Vi: "Từ chối", En: "Refused"},
	"reopened":       {Vi: "Mở lại", En: "Opened again"},
	"withdrawn":      {Vi: "Công dân rút yêu cầu", En: "Given up"},
	"abandoned":      {Vi: "Hệ thống đóng hồ sơ bỏ dở", En: "Closed, nobody went on with it"},
}
