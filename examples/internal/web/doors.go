package web

import (
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// door is a way from the start page into the house.
type door struct {
	Href       string
	Name, Hint ui.Text
}

// room is a part of the start page: the doors of one part that somebody plays.
type room struct {
	Class string // the accent of the areas behind its doors
	Name  ui.Text
	Doors []door
}

var rooms = []room{
	{"citizen", ui.Text{Vi: "Công dân", En: "The citizen"}, []door{
		{"/me", ui.Text{Vi: "Ứng dụng công dân", En: "The citizen's app"}, ui.Text{Vi: "căn cước điện tử, mã QR, giấy tờ, chia sẻ, khóa, lịch sử", En: "eID, QR codes, documents, sharing, locks, history"}},
		{"/register", ui.Text{Vi: "Đăng ký tài khoản mức độ 1", En: "Register for account level 1"}, ui.Text{Vi: "trong ứng dụng, có kết quả trong một ngày", En: "in the app, decided within a day"}},
		{"/phone", ui.Text{Vi: "Điện thoại thử nghiệm", En: "The test telephone"}, ui.Text{Vi: "tin nhắn, mã dùng một lần, xác nhận đăng nhập", En: "messages, one-time digits, logins to confirm"}},
	}},
	{"counter", ui.Text{Vi: "Cán bộ", En: "The staff"}, []door{
		{"/counter", ui.Text{Vi: "Quầy tiếp nhận", En: "The counter"}, ui.Text{Vi: "cấp tài khoản mức độ 2, đọc chip thẻ, khóa và mở khóa", En: "account level 2, the card's chip, locks"}},
		{"/agency", ui.Text{Vi: "Cơ quan quản lý định danh", En: "The identification agency"}, ui.Text{Vi: "yêu cầu của cơ quan, lưu giữ theo pháp luật, số liệu", En: "requests of bodies, legal holds, figures"}},
		{"/office", ui.Text{Vi: "Nơi giải quyết hồ sơ", En: "The office of filings"}, ui.Text{Vi: "quyết định hồ sơ cư trú, phản ánh, lý lịch tư pháp", En: "decides on residence, reports, judicial records"}},
	}},
	{"console", ui.Text{Vi: "Đơn vị sử dụng dịch vụ", En: "The relying party"}, []door{
		{"/console", ui.Text{Vi: "Bàn điều khiển của đơn vị", En: "The relying party's console"}, ui.Text{Vi: "đăng ký, khóa, mục đích, bản ghi lời gọi, webhook, đối soát", En: "registration, keys, purposes, transcripts, webhooks, reconciliation"}},
		{"/rp", ui.Text{Vi: "Các cổng dịch vụ mẫu", En: "Hosted relying parties"}, ui.Text{Vi: "đăng nhập ở một cổng, liên kết tài khoản cũ", En: "log in at one, link an old account"}},
		{"/help", ui.Text{Vi: "Trợ giúp cho người tích hợp", En: "Help for integrators"}, ui.Text{Vi: "các mức độ, các khóa, địa chỉ cho chương trình", En: "levels, locks, addresses for programs"}},
	}},
	{"lab", ui.Text{Vi: "Người kiểm thử và mọi người", En: "The tester, and everybody"}, []door{
		{"/lab", ui.Text{Vi: "Phòng thử nghiệm", En: "The lab"}, ui.Text{Vi: "người dùng, lỗi có tên, đồng hồ ảo, đổi khóa, mất kết nối", En: "people, named faults, a virtual clock, key rotation, outage"}},
		{"/eid", ui.Text{Vi: "Về căn cước điện tử", En: "About the eID"}, ui.Text{Vi: "trang công khai: cơ quan cấp và các khóa của họ", En: "a public page: the issuer and its keys"}},
		{"/figures", ui.Text{Vi: "Số liệu", En: "Figures"}, ui.Text{Vi: "những con số có ngày tháng, kèm nguồn", En: "dated numbers with their sources"}},
	}},
}

// open are the rooms with the doors that lead somewhere: areas that this site does not
// have are left out.
func (s *Site) open() (out []room) {
	for _, r := range rooms {
		r.Doors = slices.DeleteFunc(slices.Clone(r.Doors), func(d door) bool { return !s.paths[d.Href] && !s.paths[d.Href+"/"] })
		if len(r.Doors) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// first are the people to begin with; the others are for special cases.
var first = []string{"level2", "level1", "no-app", "eid-locked", "account-locked", "guardian", "foreigner"}

// cast divides the invented people into those to begin with and the others.
func cast() (begin, others []person) {
	for _, p := range people() {
		if slices.Contains(first, p.Handle) {
			begin = append(begin, p)
		} else {
			others = append(others, p)
		}
	}
	return begin, others
}

// colleague is one of the staff, as the start page introduces them.
type colleague struct {
	ID, Name string
	Open     string // where they work
	About    ui.Text
}

// staff are the colleagues that this site has a desk for.
func (s *Site) staff() (out []colleague) {
	for _, m := range personas.Staff() {
		open := map[string]string{"officer": "/counter", "agency": "/agency", "client": "/console"}[m.Role]
		if !s.paths[open] {
			continue
		}
		about := ui.Text{Vi: staffVi[m.Role], En: m.About}
		if m.Client != "" {
			about.Vi = strings.TrimSpace(about.Vi + " " + m.Client)
		}
		out = append(out, colleague{m.ID, m.Name, open, about})
	}
	return out
}

var staffVi = map[string]string{
	"officer": "cán bộ tiếp nhận",
	"agency":  "cán bộ của cơ quan quản lý định danh",
	"client":  "nhân viên của đơn vị",
}
