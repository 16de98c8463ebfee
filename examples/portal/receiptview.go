package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// line is one fact on a page.
type line struct {
	Label ui.Text
	Value ui.Text
	Class string // of a yes or no: good, warn
}

// docView is one document of an answer, and what proves it.
type docView struct {
	Label    ui.Text
	Lines    []line
	State    ui.Text
	Verified bool
	Since    time.Time
	Source   string
	Issuer   string
	StatusAt time.Time
	Revoked  bool
}

// partView is a part of a document in words.
type partView struct{ Label, Items ui.Text }

func askedTexts(names []string) (t ui.Text) {
	for i, name := range names {
		one := verdict.Claim(name)
		if i > 0 {
			t.Vi, t.En = t.Vi+", ", t.En+", "
		}
		t.Vi, t.En = t.Vi+one.Vi, t.En+one.En
	}
	return t
}

// viewDocument shows what a document says. Every value leaves its verified type here.
func viewDocument(answer share.Records, d share.Document, want share.Want) docView {
	state, since := d.State()
	v := docView{Label: verdict.Kind(d.Kind()), Verified: d.Verified(), Since: since, Source: d.Source(), Issuer: d.Issuer(), StatusAt: d.StatusAt(), State: stateText(state)}
	for _, q := range want.Predicates {
		if yes, known := answer.Holds(q); known {
			v.Lines = append(v.Lines, yesNo(q, yes))
		}
	}
	switch d.Kind() {
	case document.DriverLicence:
		p, err := share.Reveal[paper.DriverLicence](d)
		if err != nil {
			break
		}
		v.add("number", p.Number)
		if p.Points != nil {
			v.add("points", fmt.Sprint(*p.Points))
		}
	case document.Residence:
		p, err := share.Reveal[paper.Residence](d)
		if err != nil {
			break
		}
		v.add("commune", p.Commune)
		v.add("province", p.Province)
	}
	return v
}

func (v *docView) add(claim, value string) {
	if value != "" {
		v.Lines = append(v.Lines, line{Label: verdict.Claim(claim), Value: same(value)})
	}
}

// yesNo words an answer. No means that the issuer cannot say yes for certain.
func yesNo(q share.Predicate, yes bool) line {
	l := line{Label: verdict.Claim(q.String()), Class: "warn", Value: ui.Text{Vi: "Không, hoặc nơi cấp chưa thể khẳng định", En: "No, or the issuer cannot say for certain"}}
	if yes {
		l.Class, l.Value = "good", ui.Text{Vi: "Có", En: "Yes"}
	}
	return l
}

func stateText(state string) ui.Text {
	switch state {
	case "verified":
		return ui.Text{Vi: "đã được xác thực", En: "verified by the issuer"}
	case "pending":
		return ui.Text{Vi: "đang chờ xác thực", En: "waiting to be verified"}
	}
	return ui.Text{Vi: "chưa được xác thực", En: "not verified by the issuer"}
}

// viewParts words parts of documents: what was agreed to, or what is not there. Declined
// or never had: nobody is told which, and this site draws no conclusion.
func viewParts(parts []share.Part) (out []partView) {
	for _, p := range parts {
		out = append(out, partView{verdict.Kind(p.Kind), askedTexts(p.Claims)})
	}
	return out
}

// fits reports whether the car can be rented online with this answer.
func fits(answer share.Records) bool {
	licence, ok := answer.Get(document.DriverLicence)
	if !ok || !licence.Verified() {
		return false
	}
	for _, q := range []share.Predicate{share.AgeAtLeast(18), share.LicenceIncludes("B")} {
		if yes, known := answer.Holds(q); !known || !yes {
			return false
		}
	}
	return true
}

func approvalText(a share.Approval) ui.Text {
	switch a.By {
	case "self":
		return ui.Text{Vi: "chính bạn", En: "yourself"}
	case "child":
		return ui.Text{Vi: "trẻ em", En: "the child"}
	}
	who := strings.TrimSpace(a.Relation)
	return ui.Text{Vi: "người đại diện (" + who + ")", En: "a representative (" + who + ")"}
}

// endedText says why data is used no more, and blames nobody.
func endedText(c *consent) *verdict.Verdict {
	c.mu.Lock()
	defer c.mu.Unlock()
	v := verdict.Verdict{Class: "warn"}
	switch c.ended {
	case withdrawn:
		v.Reason = ui.Text{Vi: "Bạn đã rút lại sự đồng ý", En: "You withdrew your consent"}
	case died:
		v.Reason = ui.Text{Vi: "Hồ sơ đã đóng", En: "The file was closed"}
	case given:
		v.Reason = ui.Text{Vi: "Trang này đã trả lại quyền truy cập", En: "This site gave the access back"}
	case expired:
		v.Reason = ui.Text{Vi: "Đã hết thời hạn lưu giữ", En: "The retention is over"}
	default:
		return nil
	}
	v.Advice = ui.Text{
		Vi: "Dữ liệu đã được xóa khỏi trang này. Biên nhận được giữ để chứng minh đã có sự đồng ý.",
		En: "The data was deleted here. The receipt stays, to prove that there was a consent.",
	}
	switch {
	case c.evidence.Version == 0:
	case c.hold.Until.IsZero(): // the agreed retention runs on, use does not
		day := c.until.In(vietnam).Format("02/01/2006")
		v.Advice = ui.Text{
			Vi: "Trang này ngừng sử dụng dữ liệu, và xóa chậm nhất ngày " + day + ".",
			En: "This site uses the data no more, and deletes it on " + day + " at the latest.",
		}
	default: // a law holds it
		day := c.hold.Until.In(vietnam).Format("02/01/2006")
		v.Advice = ui.Text{
			Vi: "Trang này ngừng sử dụng dữ liệu. Một bản được giữ riêng đến " + day + " theo nghĩa vụ: " + c.hold.Basis + " (" + c.hold.Citation + ").",
			En: "This site uses the data no more. One copy is kept apart until " + day + " as a duty: " + c.hold.Basis + " (" + c.hold.Citation + ").",
		}
	}
	return &v
}
