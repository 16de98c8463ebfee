package paper

import (
	"encoding/json"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Residence is where somebody is registered and lives (thông tin cư trú), and with
// whom. Province and Commune are the two levels of the permanent residence, for
// those who need no more than them.
type Residence struct {
	Province  string        `json:"province,omitempty"` // tỉnh, thành phố of the permanent residence, as worded
	Commune   string        `json:"commune,omitempty"`  // xã, phường, đặc khu, likewise
	Permanent vneid.Address `json:"permanent,omitzero"` // nơi thường trú
	Temporary vneid.Address `json:"temporary,omitzero"` // nơi tạm trú
	Until     vneid.Date    `json:"temporary_until,omitzero"`
	Living    vneid.Address `json:"living,omitzero"`             // nơi ở hiện tại
	Head      Member        `json:"household_head,omitzero"`     // chủ hộ
	Relation  string        `json:"relation,omitempty"`          // quan hệ với chủ hộ
	Members   []Member      `json:"household_members,omitempty"` // thành viên hộ gia đình

	Extra map[string]json.RawMessage `json:"-"`
}

// Member is somebody of a household.
type Member struct {
	ID       string     `json:"id,omitempty"`
	Name     string     `json:"name,omitempty"`
	Birth    vneid.Date `json:"birth,omitzero"`
	Relation string     `json:"relation,omitempty"` // to the head
}

// Dependants are the people who depend on somebody's account (người phụ thuộc):
// children under 14 and wards. On a child's own paper Representatives says who acts
// for it.
type Dependants struct {
	Count           int              `json:"count,omitempty"` // for those who need no more
	People          []Dependant      `json:"people,omitempty"`
	Representatives []Representative `json:"representatives,omitempty"`

	Extra map[string]json.RawMessage `json:"-"`
}

// Dependant is a child or a ward.
type Dependant struct {
	ID       string     `json:"id,omitempty"`
	Name     string     `json:"name,omitempty"`
	Birth    vneid.Date `json:"birth,omitzero"`
	Sex      vneid.Sex  `json:"sex,omitempty"`
	Relation string     `json:"relation,omitempty"`
	Ward     bool       `json:"ward,omitempty"` // người được giám hộ
}

// Representative is who acts for a child or a ward (người đại diện, người giám hộ).
type Representative struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
	Relation string `json:"relation,omitempty"`
	Phone    string `json:"phone,omitempty"`
}
