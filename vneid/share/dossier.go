package share

import (
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// Lines tells an auditor in Vietnamese and English what the evidence proves, what the
// relying party added to it and what it is not: line by line the same, without personal
// data. Claims has the data.
func (r Report) Lines() (vi, en []string) {
	if r.IsZero() {
		return nil, nil
	}
	var out lines
	f := r.get()
	out.answered(f.answer)
	for _, p := range f.answer.papers {
		out.paper(p)
	}
	for _, k := range f.pinned {
		out.keys(k)
	}
	out.added(&f.evidence)
	out.add("Đây là bằng chứng về những gì đã nhận lúc đó, không phải là một lần xác thực mới, và không cung cấp cho bên thứ ba (Nghị định 69/2024/NĐ-CP, Điều 19.4).",
		"This proves what was received then. It is no new authentication and is not offered to third parties (Decree 69/2024/NĐ-CP Art. 19.4).")
	return out.vi, out.en
}

type lines struct{ vi, en []string }

func (l *lines) add(vi, en string) { l.vi, l.en = append(l.vi, vi), append(l.en, en) }

// printed is a moment as Vietnamese documents print it.
func printed(t time.Time) string { return t.In(vietnam).Format("02/01/2006 15:04:05") + " (UTC+7)" }

func (l *lines) answered(a *answer) {
	l.add("Câu trả lời đã được kiểm tra lúc "+printed(a.verified)+"; mọi chữ ký và ràng buộc vẫn đúng tại thời điểm đó.",
		"The answer was checked at "+printed(a.verified)+"; every signature and binding still holds as of then.")
	l.add(fmt.Sprintf("Người trả lời: tài khoản định danh mức độ %d, xác thực mức độ %d lúc %s.", a.assurance.Level, a.assurance.Auth, printed(a.assurance.At)),
		fmt.Sprintf("Answered by an account of level %d, authentication level %d at %s.", a.assurance.Level, a.assurance.Auth, printed(a.assurance.At)))
	c := &a.receipt
	basis := map[BasisKind][2]string{BasisConsent: {"sự đồng ý", "consent"}, BasisContract: {"hợp đồng", "a contract"}, BasisLaw: {"luật", "law"}}[c.Basis.Kind]
	if c.Basis.Citation != "" {
		basis[0], basis[1] = basis[0]+" ("+c.Basis.Citation+")", basis[1]+" ("+c.Basis.Citation+")"
	}
	l.add(fmt.Sprintf("Biên nhận %s: mục đích %q, cơ sở là %s, lưu giữ %d ngày.", c.ID, c.Purpose.VI, basis[0], c.RetentionDays),
		fmt.Sprintf("Receipt %s: purpose %q, basis %s, kept for %d days.", c.ID, either(c.Purpose.EN, c.Purpose.Code), basis[1], c.RetentionDays))
	for _, p := range a.approvals {
		who := map[string][2]string{
			wire.ApprovalSelf: {"chính người đó", "the person"}, wire.ApprovalGuard: {"người đại diện", "a representative"}, wire.ApprovalChild: {"trẻ em", "the child"},
		}[p.By]
		l.add("Đồng ý của "+who[0]+" lúc "+printed(p.At)+".", "Approved by "+who[1]+" at "+printed(p.At)+".")
	}
	if n := len(a.declined); n > 0 {
		l.add(fmt.Sprintf("Một phần không được cung cấp: %d giấy tờ.", n), fmt.Sprintf("Some of it was not given: of %d documents.", n))
	}
}

func (l *lines) paper(p *paperFacts) {
	vi, en := p.kind.Label()
	state := map[string][2]string{
		wire.StateVerified: {"đã được xác thực", "verified"}, wire.StatePending: {"đang chờ xác thực", "pending"}, wire.StateUnverified: {"chưa được xác thực", "unverified"},
	}[p.state]
	statusVI, statusEN := "trạng thái thu hồi chưa được tra", "its status was not looked up"
	if !p.checked.IsZero() {
		statusVI, statusEN = "không bị thu hồi theo danh sách lúc "+printed(p.checked), "not revoked by the list of "+printed(p.checked)
	}
	l.add(vi+": do "+p.issuer+" ký, "+state[0]+"; "+statusVI+".", en+": signed by "+p.issuer+", "+state[1]+"; "+statusEN+".")
}

func (l *lines) keys(k keysThen) {
	switch k.state {
	case keysSame:
		l.add("Khóa của "+k.issuer+" trong hồ sơ trùng với khóa đã ghim.", "The archived keys of "+k.issuer+" are among those pinned.")
	case keysOther:
		l.add("Khóa của "+k.issuer+" trong hồ sơ KHÁC khóa đã ghim; chữ ký được kiểm tra bằng khóa đã ghim.",
			"The archived keys of "+k.issuer+" are NOT those pinned; signatures were checked with the pinned ones.")
	default:
		l.add("Không so sánh được khóa của "+k.issuer+" với hồ sơ; chữ ký được kiểm tra bằng khóa đã ghim.",
			"The keys of "+k.issuer+" could not be compared with the archive; signatures were checked with the pinned ones.")
	}
}

// added tells what the relying party wrote down itself.
func (l *lines) added(e *Evidence) {
	if f := e.Face; f != nil {
		vi, en := "đạt", "passed"
		if f.Score < f.Threshold {
			vi, en = "KHÔNG đạt", "NOT passed"
		}
		l.add(fmt.Sprintf("Đối sánh khuôn mặt do bên sử dụng ghi nhận, không ai ký: %s, ảnh gốc %s, điểm %g so với ngưỡng %g (%s), chống giả mạo %s mức %s, lúc %s, người thực hiện %s.",
			f.Engine, f.Reference, f.Score, f.Threshold, vi, f.Liveness, f.LivenessLevel, printed(f.At), f.Operator),
			fmt.Sprintf("Face match as the relying party recorded it, signed by nobody: %s, reference %s, score %g against %g (%s), liveness %s level %s, at %s, by %s.",
				f.Engine, f.Reference, f.Score, f.Threshold, en, f.Liveness, f.LivenessLevel, printed(f.At), f.Operator))
	}
	if e.Withdrawn != nil {
		l.add("Sự đồng ý đã được rút lúc "+printed(*e.Withdrawn)+": không được dùng dữ liệu nữa.", "Consent was withdrawn at "+printed(*e.Withdrawn)+": the data may not be used any more.")
	}
	if h := e.Hold; h != nil {
		l.add("Được lưu giữ theo nghĩa vụ: "+h.Basis+", "+h.Citation+", đến hết ngày "+h.Until.Printed()+".",
			"Kept under an obligation: "+h.Basis+", "+h.Citation+", until "+h.Until.Printed()+".")
	}
}
