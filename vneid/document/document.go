// Package document knows the papers that VNeID shows and relying parties ask for:
// their kinds, and the formats of what is written on them.
//
// Nothing here verifies anything. The functions read and explain text that came
// from evidence elsewhere, or that a person typed; what they return is plain
// data. Values that no table knows (a new class, a new code) are kept as they are
// wherever that makes sense, because registers change before software does.
//
//	Kind            which document: a citizen's card, a driving licence, …
//	EstimateExpiry  until when a card should be valid; the card itself knows better
//	LicenceClass    classes of driving licences, before and since 2025-01-01
//	HealthCard      the code of a health insurance card, ParseSocialNumber its core
//	Plate           a vehicle's registration number
//	Predicate       a question with yes or no for an answer: age>=18, licence:B
//
// What each kind says as a whole is in package document/paper.
//
// The names of kinds are this project's, not VNeID's. Sources of the formats: Law
// 36/2024/QH15 (licences), Law 26/2023/QH15 (cards), Circular 79/2024/TT-BCA (plates)
// and the published lists of insurance codes, as secondary sources report them. What
// is only recalled is marked so, such as the local numbers of plates.
package document

// Kind is a kind of document, as requests and records name it. Kinds that the
// constants do not list are valid and have no labels.
type Kind string

// The kinds that VNeID integrates.
const (
	Identity            Kind = "identity"             // thông tin nhân thân: the basic identity of an account, level 1
	CitizenCard         Kind = "citizen-card"         // thẻ căn cước, CCCD gắn chip
	OldCard             Kind = "old-card"             // CMND
	ElectronicID        Kind = "electronic-id"        // căn cước điện tử
	Passport            Kind = "passport"             // hộ chiếu
	Residence           Kind = "residence"            // thông tin cư trú
	DriverLicence       Kind = "driver-licence"       // giấy phép lái xe
	VehicleRegistration Kind = "vehicle-registration" // chứng nhận đăng ký xe
	HealthInsurance     Kind = "health-insurance"     // thẻ BHYT
	SocialInsurance     Kind = "social-insurance"     // quá trình tham gia BHXH
	TaxCode             Kind = "tax-code"             // mã số thuế
	JudicialRecord      Kind = "judicial-record"      // lý lịch tư pháp số 1; no. 2 is for the citizen alone
	HealthRecord        Kind = "health-record"        // sổ sức khỏe điện tử: shown by the citizen, never pulled
	Dependants          Kind = "dependants"           // người phụ thuộc
)

// Kinds that no relying party may ask for; they have names so that a request for
// one is refused by name.
const (
	JudicialRecord2 Kind = "judicial-record-2" // lý lịch tư pháp số 2: for the citizen alone (in force 2026-07-01)
	Biometrics      Kind = "biometrics"        // sinh trắc học: never shared by the citizen (Decree 69/2024)
)

var labels = map[Kind][2]string{
	Identity:            {"Thông tin nhân thân", "Basic identity"},
	CitizenCard:         {"Thẻ căn cước / CCCD gắn chip", "Citizen identity card"},
	OldCard:             {"Chứng minh nhân dân", "Former people's identity card"},
	ElectronicID:        {"Căn cước điện tử", "Electronic identity card"},
	Passport:            {"Hộ chiếu", "Passport"},
	Residence:           {"Thông tin cư trú", "Residence"},
	DriverLicence:       {"Giấy phép lái xe", "Driving licence"},
	VehicleRegistration: {"Chứng nhận đăng ký xe", "Vehicle registration"},
	HealthInsurance:     {"Thẻ BHYT", "Health insurance card"},
	SocialInsurance:     {"Quá trình tham gia BHXH", "Social insurance history"},
	TaxCode:             {"Mã số thuế", "Tax code"},
	JudicialRecord:      {"Phiếu lý lịch tư pháp số 1", "Judicial record no. 1"},
	HealthRecord:        {"Sổ sức khỏe điện tử", "Electronic health record"},
	Dependants:          {"Người phụ thuộc", "Dependants"},
	JudicialRecord2:     {"Phiếu lý lịch tư pháp số 2", "Judicial record no. 2"},
	Biometrics:          {"Sinh trắc học", "Biometrics"},
}

// Label returns what pages call the kind in Vietnamese and English; the kind's own
// text for one that is not listed.
func (k Kind) Label() (vi, en string) {
	if l, ok := labels[k]; ok {
		return l[0], l[1]
	}
	return string(k), string(k)
}
