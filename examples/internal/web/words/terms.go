package words

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// Templates draw what several areas draw alike: "terms" and "wanted" of Terms.
//
//go:embed templates/*.html
var Templates embed.FS

// Terms is a data request with words for people. The page is made from the
// request alone: what the person has is looked at by nobody before they agree.
type Terms struct{ *platform.ShareView }

// PurposeText is what the client registered.
func (t Terms) PurposeText() ui.Text { return ui.Text{Vi: t.Vi, En: t.En} }

// BasisText names the legal basis.
func (t Terms) BasisText() ui.Text { return Of(basisWords, t.Basis) }

var basisWords = map[string]ui.Text{
	"consent":  {Vi: "Sự đồng ý của bạn", En: "Your consent"},
	"contract": {Vi: "Hợp đồng", En: "Contract"},
	"law":      {Vi: "Quy định của pháp luật", En: "A provision of law"},
}

// RetentionText says how long the party keeps what it gets.
func (t Terms) RetentionText() ui.Text {
	if !t.Store && t.Retention == 0 {
		return ui.Text{Vi: "Chỉ xem, không lưu giữ", En: "Looked at, not kept"}
	}
	return Days(t.Retention)
}

// PeriodText says how often.
func (t Terms) PeriodText() ui.Text {
	end, err := time.Parse(time.DateOnly, t.Until)
	if t.Until == "" || err != nil {
		return ui.Text{Vi: "Một lần", En: "Once"}
	}
	day := end.Format("02/01/2006")
	return ui.Text{
		Vi: fmt.Sprintf("Nhiều lần, cách nhau ít nhất %s, đến hết ngày %s", Days(t.Frequency).Vi, day),
		En: fmt.Sprintf("Again and again, at least %s apart, until %s", Days(t.Frequency).En, day),
	}
}

// Days is a number of days.
func Days(n int) ui.Text {
	en := "days"
	if n == 1 {
		en = "day"
	}
	return ui.Text{Vi: fmt.Sprintf("%d ngày", n), En: fmt.Sprintf("%d %s", n, en)}
}

// Wanted is one document on the page.
type Wanted struct {
	Label     ui.Text
	Field     string
	Essential bool
	Fixed     []WantedItem // come with the document
	Free      []WantedItem // have a switch of their own
}

// WantedItem is a claim of it, or a question.
type WantedItem struct {
	Label ui.Text
	Field string
}

// Papers are the documents to decide on.
func (t Terms) Papers() (out []Wanted) {
	for _, d := range t.Documents {
		vi, en := d.Kind.Label()
		w := Wanted{Label: ui.Text{Vi: vi, En: en}, Field: d.Field, Essential: d.Essential}
		for _, i := range d.Items {
			one := WantedItem{Item(i), i.Field}
			if i.Field == "" {
				w.Fixed = append(w.Fixed, one)
			} else {
				w.Free = append(w.Free, one)
			}
		}
		out = append(out, w)
	}
	return out
}

// Item is what a claim or a question is called.
func Item(i platform.ShareItem) ui.Text {
	if !i.Predicate {
		vi, en := paper.Label(i.Name)
		return ui.Text{Vi: vi, En: en}
	}
	asked, _ := document.ParsePredicate(i.Name)
	if n := asked.Years(); n > 0 {
		return ui.Text{Vi: fmt.Sprintf("Đã đủ %d tuổi hay chưa (chỉ trả lời có hoặc không)", n), En: fmt.Sprintf("Whether you are %d or older (yes or no, nothing else)", n)}
	}
	class := string(asked.Class())
	return ui.Text{
		Vi: strings.Join([]string{"Được lái xe hạng", class, "hay không (chỉ trả lời có hoặc không)"}, " "),
		En: strings.Join([]string{"Whether you may drive class", class, "(yes or no, nothing else)"}, " "),
	}
}
