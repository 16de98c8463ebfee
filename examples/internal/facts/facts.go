// Package facts words what evidence says about a person, in the order of a card,
// for the programs that print to a terminal.
package facts

import (
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// vietnam is the time zone of everything shown.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

// Fact is a line of a result. One without a value is not shown.
type Fact struct {
	Label ui.Text
	Value string
}

// Person is everything about the person, for those who asked to see it.
func Person(r vneid.Record, lang ui.Lang) []Fact {
	var out []Fact
	add := func(vi, en, value string) { out = append(out, Fact{ui.Text{Vi: vi, En: en}, value}) }
	add("Số định danh cá nhân", "Personal number", r.ID)
	add("Số của người nước ngoài", "Foreigner's number", r.ForeignerID)
	add("Họ, chữ đệm và tên khai sinh", "Full name", r.Name)
	add("Ngày sinh", "Date of birth", r.Birth.Printed())
	switch r.Sex {
	case vneid.Male:
		add("Giới tính", "Sex", ui.Text{Vi: "Nam", En: "Male"}.In(lang))
	case vneid.Female:
		add("Giới tính", "Sex", ui.Text{Vi: "Nữ", En: "Female"}.In(lang))
	}
	add("Quốc tịch", "Nationality", r.Nationality)
	add("Quê quán", "Place of origin", r.Origin.Text)
	add("Nơi cư trú", "Residence", r.Residence.Text)
	add("Số CMND cũ", "Old number", r.OldID)
	for _, id := range r.FormerIDs {
		add("Số định danh đã hủy", "Cancelled number", id)
	}
	add("Ngày cấp thẻ", "Card issued", r.CardIssued.Printed())
	add("Thẻ có giá trị đến", "Card expires", r.CardExpires.Printed())
	add("Nơi cấp thẻ", "Card issued by", r.CardIssuer)
	add("Họ tên cha", "Father", r.Father)
	add("Họ tên mẹ", "Mother", r.Mother)
	return out
}

// Masked shows the last digits of the personal number, or nothing.
func Masked(r vneid.Record) string {
	if id, err := vneid.ParseCitizenID(r.ID); err == nil {
		return id.String()
	}
	return ""
}

// Clock shows a moment in Vietnam's time.
func Clock(t time.Time) string { return t.In(vietnam).Format("02/01/2006 15:04") }
