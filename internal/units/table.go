package units

// Rules returns what the kinds receive, as the package comment has it.
func Rules() (out []Rule) {
	add := func(kinds []string, from, until, source string, what ...Procedure) {
		for _, kind := range kinds {
			for _, p := range what {
				out = append(out, Rule{kind, p, on(from), on(until), source})
			}
		}
	}
	const (
		nd59   = "2022-10-20" // Decree 59/2022 came into force
		law    = "2024-07-01" // Luật Căn cước and Decree 69/2024
		last   = "2025-06-30" // the last day of districts and towns
		tiers  = "2025-07-01" // two tiers of government
		texts  = "published texts of 2022 to 2024: Công an xã, phường, thị trấn"
		glossy = "Công an xã/phường/đặc khu, since there are two tiers"
		locks  = "published 2024-07-03: Công an xã, phường, cơ quan quản lý căn cước cấp tỉnh, huyện"
	)
	add([]string{Commune, Ward}, nd59, "", texts, Level2, Organisation)
	add([]string{Town}, nd59, last, texts, Level2, Organisation)
	add([]string{SpecialZone}, tiers, "", glossy, Level2, Organisation, Lock, Unlock)
	add([]string{Commune, Ward, Province}, law, "", locks, Lock, Unlock)
	add([]string{Town, District}, law, last, locks, Lock, Unlock)
	add([]string{Province}, nd59, "", "recalled", Organisation)
	add([]string{Immigration}, law, "", "Decree 69/2024 (recalled)", Foreigner)
	add([]string{Commune, Ward, Province, Immigration}, nd59, last, "Decree 59/2022: as for citizens (published 2022)", Foreigner)
	return out
}

// Invented returns the registry of the reference platform.
func Invented() *Registry {
	const begin, two, last = "2022-10-20", "2025-07-01", "2025-06-30"
	r, err := New([]Unit{
		{ID: "co-quan-dinh-danh", Name: "Cơ quan quản lý định danh và xác thực điện tử (thử nghiệm)", Kind: Agency, From: on(begin)},
		{ID: "ca-tinh-vi-du", Name: "Phòng quản lý căn cước, Công an Tỉnh Ví Dụ", Kind: Province, From: on(begin), Cards: on(begin)},
		{ID: "xnc-tinh-vi-du", Name: "Phòng quản lý xuất nhập cảnh, Công an Tỉnh Ví Dụ", Kind: Immigration, Parent: "ca-tinh-vi-du", From: on(begin)},
		{ID: "ca-huyen-mau", Name: "Công an Huyện Mẫu", Kind: District, Parent: "ca-tinh-vi-du", From: on(begin), Until: on(last), Heir: "ca-tinh-vi-du", Cards: on(begin)},
		{ID: "ca-thi-tran-cu", Name: "Công an Thị trấn Cũ", Kind: Town, Parent: "ca-huyen-mau", From: on(begin), Until: on(last), Heir: "ca-xa-mau"},
		{ID: "ca-xa-mau", Name: "Công an Xã Mẫu", Kind: Commune, Parent: "ca-tinh-vi-du", From: on(begin)},
		{ID: "ca-phuong-mau", Name: "Công an Phường Mẫu", Kind: Ward, Parent: "ca-tinh-vi-du", From: on(begin), Cards: on(two)},
		{ID: "ca-dac-khu-mau", Name: "Công an Đặc khu Mẫu", Kind: SpecialZone, Parent: "ca-tinh-vi-du", From: on(two)},
		{ID: "diem-luu-dong", Name: "Điểm tiếp nhận lưu động Ví Dụ", Kind: "điểm lưu động", Parent: "ca-tinh-vi-du", From: on(two), Receives: []Procedure{Level2}},
	}, nil)
	if err != nil {
		return &Registry{} // a test keeps the table whole
	}
	return r
}
