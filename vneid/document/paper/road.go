package paper

import (
	"encoding/json"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// DriverLicence is a driving licence (giấy phép lái xe). What its classes mean
// depends on Issued: see document.LicenceClass. The points are those of Law
// 36/2024/QH15 Art. 58, twelve a year; with none left nobody may drive.
type DriverLicence struct {
	Number      string        `json:"number,omitempty"` // twelve digits (recalled); older ones have other forms
	Name        string        `json:"name,omitempty"`
	Birth       vneid.Date    `json:"birth,omitzero"`
	Nationality string        `json:"nationality,omitempty"`
	Residence   vneid.Address `json:"residence,omitzero"`
	Classes     []HeldClass   `json:"classes,omitempty"`
	Issued      vneid.Date    `json:"issued,omitzero"`
	Expires     vneid.Date    `json:"expires,omitzero"` // of what no class says otherwise
	Authority   string        `json:"authority,omitempty"`
	Points      *int          `json:"points,omitempty"` // nil where it does not say

	Extra map[string]json.RawMessage `json:"-"`
}

// HeldClass is one class of a licence.
type HeldClass struct {
	Class   document.LicenceClass `json:"class"`
	Expires vneid.Date            `json:"expires,omitzero"` // where it differs from the licence's
	Limit   string                `json:"limit,omitempty"`  // a condition, such as số tự động
}

// VehicleRegistration is a vehicle's registration certificate (chứng nhận đăng ký
// xe). document.ParsePlate reads the plate.
type VehicleRegistration struct {
	Number     string        `json:"number,omitempty"`
	Plate      string        `json:"plate,omitempty"`
	Colour     string        `json:"plate_colour,omitempty"` // white, yellow, blue, red: whom the vehicle is for
	Owner      string        `json:"owner,omitempty"`
	OwnerID    string        `json:"owner_id,omitempty"` // a personal number, or an organisation's tax code
	Address    vneid.Address `json:"owner_address,omitzero"`
	Type       string        `json:"vehicle_type,omitempty"` // loại xe
	Brand      string        `json:"brand,omitempty"`
	Model      string        `json:"model,omitempty"`
	Paint      string        `json:"colour,omitempty"`
	Engine     string        `json:"engine_number,omitempty"`
	Chassis    string        `json:"chassis_number,omitempty"`
	Seats      int           `json:"seats,omitempty"`
	Made       int           `json:"year_made,omitempty"`
	Registered vneid.Date    `json:"first_registered,omitzero"`
	Issued     vneid.Date    `json:"issued,omitzero"`
	Expires    vneid.Date    `json:"expires,omitzero"` // of some vehicles only
	Authority  string        `json:"authority,omitempty"`

	Extra map[string]json.RawMessage `json:"-"`
}
