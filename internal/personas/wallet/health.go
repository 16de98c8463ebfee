package wallet

import "github.com/vneid-sdk/vneid-go/vneid"

// Health is a health record (sổ sức khỏe điện tử) in its four groups: who it is about,
// what stays true, the visits, and what was summed up. It is shown by its owner and never
// pulled, so it is no paper.Paper. Everything in it is invented.
type Health struct {
	// Thông tin hành chính.
	Blood     string `json:"blood,omitempty"`
	Insurance string `json:"insurance,omitempty"`
	Contact   string `json:"contact,omitempty"` // whom to call

	// Tiền sử, dị ứng, tiêm chủng.
	Allergies    []string      `json:"allergies,omitempty"`
	Past         []string      `json:"past,omitempty"`
	Vaccinations []Vaccination `json:"vaccinations,omitempty"`

	// Các lần khám bệnh, chữa bệnh.
	Visits []Visit `json:"visits,omitempty"` // newest first

	// Tóm tắt hồ sơ bệnh án.
	Summaries []Summary `json:"summaries,omitempty"`
}

// Vaccination is one dose.
type Vaccination struct {
	Vaccine string     `json:"vaccine"`
	Dose    int        `json:"dose"`
	At      vneid.Date `json:"at"`
	Place   string     `json:"place"`
}

// Visit is one visit to a hospital or a doctor.
type Visit struct {
	From       vneid.Date `json:"from"`
	To         vneid.Date `json:"to"`
	Facility   string     `json:"facility"`
	Department string     `json:"department,omitempty"`
	Codes      string     `json:"codes"` // ICD-10, separated by semicolons, the main one first
	Diagnosis  string     `json:"diagnosis"`
	Treatment  string     `json:"treatment,omitempty"`
}

// Summary is what a hospital writes when somebody leaves it.
type Summary struct {
	At       vneid.Date `json:"at"`
	Facility string     `json:"facility"`
	Text     string     `json:"text"`
}

// HealthRecords are those that there are, by handle: everybody else has none.
func HealthRecords() map[string]Health {
	return map[string]Health{
		"level2": {
			Blood: "O+", Insurance: "DN4990000000001", Contact: "Vũ Thị Giang, +84000000011",
			Allergies: []string{"Penicillin (ví dụ)"}, Past: []string{"Viêm phế quản mạn (ví dụ)"},
			Vaccinations: []Vaccination{
				{"Uốn ván", 1, date("2024-03-12"), "Trạm y tế Phường Mẫu"}, {"Cúm mùa", 1, date("2025-10-02"), "Trạm y tế Phường Mẫu"},
			},
			Visits: []Visit{
				{date("2026-05-04"), date("2026-05-04"), "Trạm y tế Phường Mẫu", "Khám chung", "J06.9;R05", "Nhiễm khuẩn hô hấp trên cấp", "Nghỉ ngơi, tái khám sau 5 ngày"},
				{date("2025-08-18"), date("2025-08-21"), "Bệnh viện Đa khoa Ví Dụ", "Nội tổng hợp", "J42", "Viêm phế quản mạn", "Điều trị nội trú"},
			},
			Summaries: []Summary{{date("2025-08-21"), "Bệnh viện Đa khoa Ví Dụ", "Ra viện, sức khỏe ổn định, hẹn tái khám sau một tháng."}},
		},
		"guardian": {
			Blood: "A+", Contact: "Nguyễn Văn An, +84000000001",
			Vaccinations: []Vaccination{{"Viêm gan B", 3, date("2023-01-09"), "Trạm y tế Phường Mẫu"}},
		},
	}
}
