// Package paper has one Go type for each kind of document that VNeID integrates and
// a citizen can share: what it says, as plain data. Package document has the kinds
// themselves and the formats of single entries.
//
// Having a paper proves nothing: anybody can fill one in. Verified data comes out of
// package share, whose Reveal turns a verified document into the type of this package.
//
//	kind                   type                  what it is
//	identity               Identity              thông tin nhân thân of an account, level 1
//	electronic-id          ElectronicID          căn cước điện tử
//	citizen-card           CitizenCard           thẻ căn cước, with the cards before it
//	old-card               OldCard               CMND, nine or twelve digits
//	passport               Passport              hộ chiếu
//	residence              Residence             thường trú, tạm trú, nơi ở hiện tại, hộ gia đình
//	dependants             Dependants            người phụ thuộc, người đại diện
//	driver-licence         DriverLicence         giấy phép lái xe
//	vehicle-registration   VehicleRegistration   chứng nhận đăng ký xe
//	health-insurance       HealthInsurance       thẻ BHYT
//	social-insurance       SocialInsurance       quá trình tham gia BHXH
//	judicial-record        JudicialRecord        phiếu lý lịch tư pháp số 1
//	tax-code               TaxCode               mã số thuế
//
// # Claims
//
// A claim is a member of the paper's JSON object; its name is the field's JSON tag, and
// Claims lists them. Requests ask for claims by these names, and documents disclose
// them one by one, so none is called like an open claim of a document (iss, sub,
// status, …). A claim that was not disclosed is a field's zero value.
//
// The names are this project's, not VNeID's. Dates are those of vneid.Date (1990-12-31,
// 1990-12, 1990, Không thời hạn), places those of vneid.Address: as worded, with the
// day on which that wording held, since addresses lost a level on 2025-07-01.
//
// # Unknown members
//
// What a paper says beyond this package's names stays in Extra, as the text it came
// as, and is written again: registers change before software does. Names are
// compared exactly, and an object with one name twice is refused, at any depth.
// Inside a member's own structure unknown names are dropped.
//
// # Personal data
//
// All of it is personal data. slog shows nothing of a paper that is logged as a value
// of its own, or of a pointer to one; inside another struct, a slice or a map it is
// plain data.
package paper

import (
	"reflect"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Paper is one of this package's types, such as DriverLicence.
type Paper interface {
	// Kind returns which document it is.
	Kind() document.Kind
}

// all has a zero of each type.
var all = []Paper{
	Identity{}, ElectronicID{}, CitizenCard{}, OldCard{}, Passport{}, Residence{}, Dependants{},
	DriverLicence{}, VehicleRegistration{}, HealthInsurance{}, SocialInsurance{}, JudicialRecord{}, TaxCode{},
}

func typeOf(kind document.Kind) reflect.Type {
	for _, p := range all {
		if p.Kind() == kind {
			return reflect.TypeOf(p)
		}
	}
	return nil
}

// Kinds lists the kinds that have a type, which are those that can be asked for.
func Kinds() []document.Kind {
	kinds := make([]document.Kind, len(all))
	for i, p := range all {
		kinds[i] = p.Kind()
	}
	return kinds
}

// Claims lists the names of a kind's claims in the order of its fields; nil for a
// kind that has no type.
func Claims(kind document.Kind) []string { return slices.Clone(claims[kind]) }

var claims = func() map[document.Kind][]string {
	out := make(map[document.Kind][]string)
	for _, p := range all {
		for name := range members(reflect.ValueOf(p)) {
			out[p.Kind()] = append(out[p.Kind()], name)
		}
	}
	return out
}()

// Parse reads a JSON object as the type of the kind. It is refused as
// vneid.ErrMalformed if it is not such an object, or a claim is not of its type.
func Parse(kind document.Kind, data []byte) (Paper, error) {
	t := typeOf(kind)
	if t == nil {
		return nil, fault.New(vneid.ErrMalformed, "document: no type for papers of this kind")
	}
	p := reflect.New(t)
	if err := p.Interface().(interface{ UnmarshalJSON([]byte) error }).UnmarshalJSON(data); err != nil {
		return nil, err
	}
	return p.Elem().Interface().(Paper), nil
}
