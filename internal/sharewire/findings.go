package sharewire

import (
	"fmt"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// Finding is one remark on a request.
type Finding struct {
	Refused bool   // nobody may ask so; else advice to ask for less
	Where   string // documents[0].claims[2], purpose.vi
	VI, EN  string
}

// Findings says what is wrong with a request: what is refused, in the order of its
// parts, then advice. A request without refused Findings can be encoded.
func (d Details) Findings() []Finding {
	var f findings
	f.purpose(d)
	f.basis(d)
	f.times(d)
	f.documents(d)
	if slices.ContainsFunc(f.list, func(x Finding) bool { return x.Refused }) {
		return f.list // advice on what nobody may ask helps nobody
	}
	f.advise(d)
	return f.list
}

type findings struct{ list []Finding }

func (f *findings) refuse(where, vi, en string) {
	f.list = append(f.list, Finding{true, where, vi, en})
}

func (f *findings) warn(where, vi, en string) {
	f.list = append(f.list, Finding{false, where, vi, en})
}

// refuseIf refuses if it is so.
func (f *findings) refuseIf(is bool, where, vi, en string) {
	if is {
		f.refuse(where, vi, en)
	}
}

const (
	lineVI = "phải là một dòng chữ, không quá 512 byte, không có ký tự điều khiển"
	lineEN = "must be one line of text of at most 512 bytes without control characters"
)

func (f *findings) purpose(d Details) {
	f.refuseIf(!isCode(d.Purpose.Code), "purpose.code", "thiếu mã mục đích sử dụng (chữ thường, số, gạch nối)",
		"the purpose needs a code of small letters, digits and dashes")
	f.refuseIf(d.Purpose.VI == "", "purpose.vi", "thiếu mục đích sử dụng bằng tiếng Việt: công dân phải biết dữ liệu được dùng để làm gì (Luật 91/2025/QH15 Điều 9)",
		"the purpose is missing in Vietnamese: the citizen must know what the data is for (Law 91/2025/QH15 Art. 9)")
	f.refuseIf(d.Purpose.VI != "" && !isShown(d.Purpose.VI), "purpose.vi", lineVI, lineEN)
	f.refuseIf(d.Purpose.EN != "" && !isShown(d.Purpose.EN), "purpose.en", lineVI, lineEN)
}

func (f *findings) basis(d Details) {
	f.refuseIf(!slices.Contains([]string{wire.BasisConsent, wire.BasisContract, wire.BasisLaw}, d.Basis.Kind), "basis.kind",
		"cơ sở pháp lý phải là sự đồng ý, hợp đồng hoặc quy định của luật", "the legal basis is consent, contract or law")
	f.refuseIf(d.Basis.Kind == wire.BasisLaw && d.Basis.Citation == "", "basis.citation",
		"thiếu điều khoản luật cho phép xử lý không cần sự đồng ý (Luật 91/2025/QH15 Điều 19)",
		"processing without consent needs the provision that allows it (Law 91/2025/QH15 Art. 19)")
	f.refuseIf(d.Basis.Citation != "" && !isShown(d.Basis.Citation), "basis.citation", lineVI, lineEN)
}

func (f *findings) times(d Details) {
	f.refuseIf(d.RetentionDays < 0 || d.RetentionDays > maxDays, "retention_days", "thời hạn lưu giữ không hợp lệ", "the retention is not a number of days from 0 to 36525")
	f.refuseIf(d.Store && d.RetentionDays == 0, "retention_days", "lưu dữ liệu thì phải nêu thời hạn lưu giữ",
		"data that is stored needs a retention that the citizen is told")
	if p := d.Periodic; p != nil {
		f.refuseIf(p.Until.Day() == 0, "until", "lấy dữ liệu định kỳ phải có ngày kết thúc", "data that is fetched again needs a last day")
		f.refuseIf(p.Days < 1 || p.Days > maxDays, "frequency_days", "lấy dữ liệu định kỳ phải nêu khoảng cách giữa hai lần, tính theo ngày",
			"data that is fetched again needs a number of days between two fetches")
	}
	f.refuseIf(d.Nonce != "" && !isID(d.Nonce), "nonce", "mã ngẫu nhiên không hợp lệ", "the nonce is not 16 to 128 characters of base64url")
}

func (f *findings) documents(d Details) {
	f.refuseIf(len(d.Documents) == 0, "documents", "không yêu cầu giấy tờ nào", "no document is asked for")
	for i, w := range d.Documents {
		where := fmt.Sprintf("documents[%d]", i)
		f.refuseIf(slices.ContainsFunc(d.Documents[:i], func(x Document) bool { return x.Kind == w.Kind }), where,
			"một loại giấy tờ được yêu cầu hai lần", "a kind of document is asked for twice")
		if r, ok := never[w.Kind]; ok {
			f.refuse(where, r[0], r[1])
			continue
		}
		claims := paper.Claims(w.Kind)
		if claims == nil {
			f.refuse(where, "không có loại giấy tờ này", "there is no such kind of document")
			continue
		}
		f.refuseIf(w.MaxAgeDays < 0 || w.MaxAgeDays > maxDays, where+".max_age_days", "độ mới của dữ liệu không hợp lệ", "the age of the data is not a number of days from 0 to 36525")
		f.refuseIf(len(w.Claims)+len(w.Predicates) == 0, where, "không yêu cầu thông tin nào của giấy tờ", "nothing of the document is asked for")
		f.contents(where, w, claims)
	}
}

func (f *findings) contents(where string, w Document, known []string) {
	for i, c := range w.Claims {
		at := fmt.Sprintf("%s.claims[%d]", where, i)
		f.refuseIf(!slices.Contains(known, c.Name), at, "giấy tờ không có thông tin này", "the document has no such claim")
		f.refuseIf(slices.ContainsFunc(w.Claims[:i], func(x Claim) bool { return x.Name == c.Name }), at,
			"một thông tin được yêu cầu hai lần", "a claim is asked for twice")
	}
	f.refuseIf(len(w.Predicates) > maxAsked, where+".predicates", "quá nhiều câu hỏi", "too many predicates")
	for i, p := range w.Predicates {
		at := fmt.Sprintf("%s.predicates[%d]", where, i)
		f.refuseIf(!p.FitsKind(w.Kind), at, "giấy tờ không trả lời được câu hỏi này", "there is no such predicate, or the document cannot answer it")
		f.refuseIf(slices.ContainsFunc(w.Predicates[:i], func(x Predicate) bool { return x.Predicate == p.Predicate }), at,
			"một câu hỏi được nêu hai lần", "a predicate is asked twice")
	}
}

// never are the kinds that nobody may ask for, with the reason.
var never = map[document.Kind][2]string{
	document.Biometrics: {"công dân không chia sẻ dữ liệu sinh trắc học cho bên khác qua ứng dụng",
		"citizens do not share biometrics with others through the app"},
	document.JudicialRecord2: {"không ai được yêu cầu Phiếu lý lịch tư pháp số 2 (từ 01/07/2026); hãy dùng Phiếu số 1",
		"nobody may demand judicial record no. 2 (since 2026-07-01); ask for no. 1"},
	document.HealthRecord: {"công dân tự xuất trình sổ sức khỏe điện tử; không lấy được từ VNeID",
		"citizens show the health record themselves; it is never pulled"},
}

// NeedsLevel2 reports whether a kind is answered by accounts of level 2 alone: all
// but the basic identity (Decree 69/2024).
func NeedsLevel2(kind document.Kind) bool { return kind != document.Identity }

// LevelFinding remarks on a request that would take level 1 for what only level 2 can
// answer. Level 0 is fine: the one who asks has not said.
func (d Details) LevelFinding(level vneid.Level) (Finding, bool) {
	i := slices.IndexFunc(d.Documents, func(w Document) bool { return NeedsLevel2(w.Kind) })
	if level != 1 || i < 0 {
		return Finding{}, false
	}
	return Finding{true, fmt.Sprintf("documents[%d]", i), "giấy tờ này cần tài khoản định danh điện tử mức độ 2",
		"this document needs an account of level 2"}, true
}
