package paper

import (
	"encoding/json"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// HealthInsurance is a health insurance card (thẻ BHYT). document.ParseHealthCard
// reads the number. It says nothing about anybody's health.
type HealthInsurance struct {
	Number       string        `json:"number,omitempty"` // fifteen characters, or the ten digits since 2021-04-01
	Name         string        `json:"name,omitempty"`
	Birth        vneid.Date    `json:"birth,omitzero"`
	Sex          vneid.Sex     `json:"sex,omitempty"`
	Residence    vneid.Address `json:"residence,omitzero"`
	Facility     string        `json:"facility,omitempty"`      // nơi đăng ký khám, chữa bệnh ban đầu
	FacilityCode string        `json:"facility_code,omitempty"` // five digits
	Region       string        `json:"region,omitempty"`        // K1, K2, K3
	Share        int           `json:"share,omitempty"`         // mức hưởng, in per cent: 80, 95, 100
	From         vneid.Date    `json:"valid_from,omitzero"`
	Until        vneid.Date    `json:"valid_until,omitzero"`
	FiveYears    vneid.Date    `json:"five_years,omitzero"` // thời điểm đủ năm năm liên tục
	Authority    string        `json:"authority,omitempty"`

	Extra map[string]json.RawMessage `json:"-"`
}

// SocialInsurance is somebody's history with social insurance (quá trình tham gia
// BHXH).
type SocialInsurance struct {
	Number  string     `json:"number,omitempty"` // mã số BHXH, ten digits; the personal number takes its place (recalled)
	Name    string     `json:"name,omitempty"`
	Birth   vneid.Date `json:"birth,omitzero"`
	Months  int        `json:"months,omitempty"`  // in all, for those who need no more
	Active  *bool      `json:"active,omitempty"`  // whether contributions are paid now; nil where it does not say
	Periods []Period   `json:"periods,omitempty"` // oldest first

	Extra map[string]json.RawMessage `json:"-"`
}

// Period is a time of contributions, in whole months: its dates have no day, and are
// printed MM/yyyy. The figures are inferred from how the history is shown.
type Period struct {
	From   vneid.Date `json:"from,omitzero"`
	To     vneid.Date `json:"to,omitzero"` // the last month; zero while it goes on
	Unit   string     `json:"unit,omitempty"`
	Salary int64      `json:"salary,omitempty"` // mức lương đóng, in đồng
}

// TaxCode is a tax code (mã số thuế). Since 2025-07-01 a person's is the personal
// number (recalled).
type TaxCode struct {
	Number     string     `json:"number,omitempty"` // ten digits, thirteen of a branch, or twelve
	Former     []string   `json:"former_numbers,omitempty"`
	ID         string     `json:"id,omitempty"`
	Name       string     `json:"name,omitempty"`
	Registered vneid.Date `json:"registered,omitzero"`
	Authority  string     `json:"authority,omitempty"` // cơ quan thuế quản lý
	State      string     `json:"state,omitempty"`     // as the register words it

	Extra map[string]json.RawMessage `json:"-"`
}
