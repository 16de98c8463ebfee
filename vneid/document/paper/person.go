package paper

import (
	"encoding/json"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Identity is who somebody is (thông tin nhân thân, danh tính điện tử): what an
// account of level 1 shows. It has no portrait: biometrics are never shared.
type Identity struct {
	ID             string     `json:"id,omitempty"`           // số định danh cá nhân, twelve digits
	ForeignerID    string     `json:"foreigner_id,omitempty"` // a foreigner's number instead (Decree 69/2024 Art. 5.2); its length is not fixed
	Name           string     `json:"name,omitempty"`         // họ và tên, in NFC
	Birth          vneid.Date `json:"birth,omitzero"`
	Sex            vneid.Sex  `json:"sex,omitempty"`
	Nationality    string     `json:"nationality,omitempty"`     // ISO 3166-1 alpha-3
	PassportNumber string     `json:"passport_number,omitempty"` // of a foreigner
	PassportPlace  string     `json:"passport_place,omitempty"`  // where it was issued
	Phone          string     `json:"phone,omitempty"`
	Email          string     `json:"email,omitempty"`

	Extra map[string]json.RawMessage `json:"-"`
}

// ElectronicID is the electronic identity card (căn cước điện tử), which wins over
// card and chip where they differ (Law 26/2023/QH15 Art. 33.2).
type ElectronicID struct {
	vneid.Record
	OtherName  string        `json:"other_name,omitempty"` // tên gọi khác
	Birthplace string        `json:"birthplace,omitempty"` // nơi sinh, nơi đăng ký khai sinh
	Living     vneid.Address `json:"living,omitzero"`      // nơi ở hiện tại
	Spouse     string        `json:"spouse,omitempty"`     // họ tên vợ hoặc chồng
	Blood      string        `json:"blood,omitempty"`      // nhóm máu

	Extra map[string]json.RawMessage `json:"-"`
}

// CitizenCard is the identity card (thẻ căn cước, CCCD gắn chip) and the cards that
// its holder had before. old_id is the number of a CMND: nobody who can read it here
// may ask for a confirmation of it on paper (Decree 70/2024 Art. 12.1).
type CitizenCard struct {
	vneid.Record
	History []Card `json:"card_history,omitempty"` // newest first

	Extra map[string]json.RawMessage `json:"-"`
}

// Card is one identity card of the past.
type Card struct {
	Kind    document.Kind `json:"kind,omitempty"` // document.CitizenCard or document.OldCard
	Number  string        `json:"number,omitempty"`
	Issued  vneid.Date    `json:"issued,omitzero"`
	Expires vneid.Date    `json:"expires,omitzero"`
	Issuer  string        `json:"issuer,omitempty"`
}

// OldCard is the identity card before the citizen's card (chứng minh nhân dân). None
// is valid since 2025 (recalled); what stands on it links old contracts to a person.
type OldCard struct {
	Number    string        `json:"old_id,omitempty"` // nine or twelve digits
	Name      string        `json:"name,omitempty"`
	Birth     vneid.Date    `json:"birth,omitzero"`
	Sex       vneid.Sex     `json:"sex,omitempty"`
	Origin    vneid.Address `json:"origin,omitzero"`
	Residence vneid.Address `json:"residence,omitzero"`
	Ethnicity string        `json:"ethnicity,omitempty"`
	Religion  string        `json:"religion,omitempty"`
	Issued    vneid.Date    `json:"card_issued,omitzero"`
	Expires   vneid.Date    `json:"card_expires,omitzero"`
	Issuer    string        `json:"card_issuer,omitempty"`

	Extra map[string]json.RawMessage `json:"-"`
}

// Passport is a passport (hộ chiếu).
type Passport struct {
	Number      string     `json:"number,omitempty"`
	Type        string     `json:"type,omitempty"` // as its first line has it: P, PN, PC
	Name        string     `json:"name,omitempty"`
	Birth       vneid.Date `json:"birth,omitzero"`
	Birthplace  string     `json:"birthplace,omitempty"`
	Sex         vneid.Sex  `json:"sex,omitempty"`
	Nationality string     `json:"nationality,omitempty"` // ISO 3166-1 alpha-3
	ID          string     `json:"id,omitempty"`          // số định danh cá nhân
	Issued      vneid.Date `json:"issued,omitzero"`
	Expires     vneid.Date `json:"expires,omitzero"`
	Authority   string     `json:"authority,omitempty"`

	Extra map[string]json.RawMessage `json:"-"`
}

// JudicialRecord is the judicial record no. 1 (phiếu lý lịch tư pháp số 1). No. 2 is
// for the citizen alone, has no type here and cannot be asked for.
type JudicialRecord struct {
	Number      string        `json:"number,omitempty"`
	ID          string        `json:"id,omitempty"`
	Name        string        `json:"name,omitempty"`
	Birth       vneid.Date    `json:"birth,omitzero"`
	Sex         vneid.Sex     `json:"sex,omitempty"`
	Nationality string        `json:"nationality,omitempty"`
	Residence   vneid.Address `json:"residence,omitzero"`
	Convicted   *bool         `json:"convicted,omitempty"`   // án tích: whether the record has any; nil where it does not say
	Convictions []Conviction  `json:"convictions,omitempty"` // án tích chưa được xóa
	Barred      string        `json:"barred,omitempty"`      // cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp; only where it was asked for
	Issued      vneid.Date    `json:"issued,omitzero"`
	Authority   string        `json:"authority,omitempty"`

	Extra map[string]json.RawMessage `json:"-"`
}

// Conviction is one entry of a judicial record.
type Conviction struct {
	Court   string     `json:"court,omitempty"`
	Judged  vneid.Date `json:"judged,omitzero"`
	Offence string     `json:"offence,omitempty"` // tội danh, điều luật
	Penalty string     `json:"penalty,omitempty"` // hình phạt chính, hình phạt bổ sung
}
