package platform

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// DisplayTemplate is how the electronic identity card is shown (hình thức hiển thị). The
// Minister of Public Security sets that by circular, so it is data with a version and a
// first day, and never a constant. The templates here are the project's, not VNeID's: the
// order and the labels were chosen for tests.
type DisplayTemplate struct {
	Version string
	From    time.Time
	Title   servicewire.Text
	EID     bool // an electronic identity card; before 2024-07-01 the app showed the card's data
	Fields  []DisplayField
}

// DisplayField is one line of a template.
type DisplayField struct {
	Name  string // a name of vneid.Record's JSON form
	Label servicewire.Text
}

// DisplayTemplates returns the templates, oldest first.
func DisplayTemplates() []DisplayTemplate {
	day := func(y int, m time.Month) time.Time { return time.Date(y, m, 1, 0, 0, 0, 0, vietnam) }
	number := DisplayField{"id", servicewire.Text{Vi: "Số định danh cá nhân", En: "Personal identification number"}}
	name := DisplayField{"name", servicewire.Text{Vi: "Họ, chữ đệm và tên khai sinh", En: "Full name"}}
	birth := DisplayField{"birth", servicewire.Text{Vi: "Ngày, tháng, năm sinh", En: "Date of birth"}}
	sex := DisplayField{"sex", servicewire.Text{Vi: "Giới tính", En: "Sex"}}
	nation := DisplayField{"nationality", servicewire.Text{Vi: "Quốc tịch", En: "Nationality"}}
	origin := DisplayField{"origin", servicewire.Text{Vi: "Quê quán", En: "Place of origin"}}
	issued := DisplayField{"card_issued", servicewire.Text{Vi: "Ngày cấp thẻ", En: "Card issued"}}
	ends := DisplayField{"card_expires", servicewire.Text{Vi: "Có giá trị đến", En: "Valid until"}}
	at := func(vi, en string) DisplayField { return DisplayField{"residence", servicewire.Text{Vi: vi, En: en}} }
	return []DisplayTemplate{
		{
			Version: "card-1", From: day(2022, time.October), // before it: the same
			Title:  servicewire.Text{Vi: "Thông tin thẻ CCCD", En: "Data of the citizen identity card"},
			Fields: []DisplayField{number, name, birth, sex, nation, origin, at("Nơi thường trú", "Permanent residence"), ends},
		},
		{
			Version: "eid-1", From: day(2024, time.July), EID: true, // Decree 69/2024
			Title:  servicewire.Text{Vi: "Căn cước điện tử", En: "Electronic identity card"},
			Fields: []DisplayField{number, name, birth, sex, nation, origin, at("Nơi cư trú", "Residence"), issued, ends},
		},
		{
			Version: "eid-2", From: day(2025, time.July), EID: true, // two levels of government: no district in an address
			Title:  servicewire.Text{Vi: "Căn cước điện tử", En: "Electronic identity card"},
			Fields: []DisplayField{name, number, birth, sex, nation, at("Nơi cư trú (xã, tỉnh)", "Residence (commune, province)"), issued, ends},
		},
	}
}

// TemplateAt returns the template of an instant; the oldest for all before it.
func TemplateAt(t time.Time) DisplayTemplate {
	all := DisplayTemplates()
	for i := len(all) - 1; i > 0; i-- {
		if !t.Before(all[i].From) {
			return all[i]
		}
	}
	return all[0]
}

// of is the field's value, as it is printed.
func (f DisplayField) of(r vneid.Record) string {
	switch f.Name {
	case "id":
		return r.ID
	case "name":
		return r.Name
	case "birth":
		return r.Birth.Printed()
	case "sex":
		return map[vneid.Sex]string{vneid.Male: "Nam", vneid.Female: "Nữ"}[r.Sex]
	case "nationality":
		if r.Nationality == "VNM" {
			return "Việt Nam"
		}
		return r.Nationality
	case "origin":
		return r.Origin.Text
	case "residence":
		return r.Residence.Text
	case "card_issued":
		return r.CardIssued.Printed()
	case "card_expires":
		return r.CardExpires.Printed()
	}
	return ""
}
