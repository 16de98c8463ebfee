package personas

// StaffMember is an invented person who works with the platform: at a counter, at the
// agency, or for a relying party. Their password is Password.
type StaffMember struct {
	ID     string
	Name   string
	Unit   string // of internal/units
	Role   string // officer, agency, client
	Client string // the relying party, with client
	About  string // one sentence: what this person is for
}

// Staff returns the invented staff in a fixed order. The caller owns the slice.
func Staff() []StaffMember {
	return []StaffMember{
		{ID: "can-bo-phuong", Name: "Đại úy Lý Văn Tiếp", Unit: "ca-phuong-mau", Role: "officer", About: "officer at the police of a ward: the counter to start with"},
		{ID: "can-bo-phuong-2", Name: "Thượng úy Mai Thị Nhận", Unit: "ca-phuong-mau", Role: "officer", About: "a second officer of the same ward"},
		{ID: "can-bo-xa", Name: "Thượng úy Tô Văn Ghi", Unit: "ca-xa-mau", Role: "officer", About: "officer at the police of a commune"},
		{ID: "can-bo-dac-khu", Name: "Đại úy Cao Thị Đảo", Unit: "ca-dac-khu-mau", Role: "officer", About: "officer at the police of a special zone, which there is since 2025-07-01"},
		{ID: "can-bo-huyen", Name: "Thiếu tá Hà Văn Quận", Unit: "ca-huyen-mau", Role: "officer", About: "officer at a district office, which closed on 2025-06-30"},
		{ID: "can-bo-tinh", Name: "Thiếu tá Đinh Thị Thẻ", Unit: "ca-tinh-vi-du", Role: "officer", About: "officer at a province's office, where cards are issued"},
		{ID: "can-bo-xnc", Name: "Đại úy Chu Thị Cảnh", Unit: "xnc-tinh-vi-du", Role: "officer", About: "officer at a province's immigration office: foreigners"},
		{ID: "co-quan", Name: "Trung tá Lương Văn Quản", Unit: "co-quan-dinh-danh", Role: "agency", About: "works at the agency: requests of bodies, holds, figures"},
		{ID: "nhan-vien-portal", Name: "Kiều Thị Cổng", Role: "client", Client: "portal", About: "works for the sample portal"},
		{ID: "nhan-vien-dvc", Name: "Thái Văn Trực", Role: "client", Client: "national-portal", About: "works for the hosted national portal"},
		{ID: "nhan-vien-bank", Name: "Doãn Thị Quỹ", Role: "client", Client: "bank", About: "works for the hosted bank: data requests, events, reconciliation"},
		{ID: "nhan-vien-hotel", Name: "Tạ Văn Phòng", Role: "client", Client: "hotel", About: "works for the hosted hotel: stays and data requests"},
	}
}
