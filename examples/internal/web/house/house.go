// Package house says what all the areas of the reference platform's pages share: the
// name over the door, the way from one area to another, and the words at the foot.
package house

import (
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
)

// An Area of the house: the accent of its pages (ui.Site.Class), what it is called
// beside the house's name, and its own pages.
type Area struct {
	Class string
	Name  ui.Text
	Tabs  []ui.Link
}

// Site describes the pages of an area to ui.Parse. The clock is the platform's; lab
// shows the way to the lab, which other machines do not have.
func (a Area) Site(now func() time.Time, lab bool) ui.Site {
	return ui.Site{
		Name:  ui.Text{Vi: "Nền tảng thử nghiệm", En: "Test platform"},
		Class: a.Class, Area: a.Name, Tabs: a.Tabs, Nav: nav(lab), Foot: foot, Now: now,
		Shared: words.Templates,
	}
}

func nav(lab bool) []ui.Link {
	links := []ui.Link{
		{Href: "/", Text: ui.Text{Vi: "Trang chủ", En: "Home"}},
		{Href: "/me", Text: ui.Text{Vi: "Công dân", En: "Citizen"}},
		{Href: "/phone", Text: ui.Text{Vi: "Điện thoại", En: "Telephone"}},
		{Href: "/counter", Text: ui.Text{Vi: "Quầy", En: "Counter"}},
		{Href: "/console", Text: ui.Text{Vi: "Đơn vị", En: "Relying party"}},
		{Href: "/rp", Text: ui.Text{Vi: "Cổng mẫu", En: "Sample portals"}},
	}
	if lab {
		links = append(links, ui.Link{Href: "/lab", Text: ui.Text{Vi: "Phòng thử", En: "Lab"}})
	}
	return append(links, ui.Link{Href: "/help", Text: ui.Text{Vi: "Trợ giúp", En: "Help"}})
}

var foot = ui.Text{
	Vi: "Phần mềm mã nguồn mở để thử nghiệm kết nối. Không phải dịch vụ của Bộ Công an, mọi người dùng ở đây đều là hư cấu.",
	En: "Open-source software to test connections with. Not a service of the Ministry of Public Security; everybody here is invented.",
}
