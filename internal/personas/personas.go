// Package personas is the cast of the reference platform: invented people, each
// with one trait that a relying party has to cope with.
//
// Nobody here exists. Personal numbers begin with 999, a province code that was
// never issued, and end in serials that count up from 000001; telephone numbers
// begin with +84 000, which no network uses; e-mail addresses are of example.com
// (RFC 2606). Names were put together for this table. Passwords are published
// here on purpose: they protect nothing but a test.
//
// Handles are stable: tests name people by their trait, not by their number.
package personas

import "github.com/vneid-sdk/vneid-go/vneid"

// Persona is an invented person and the account they have on the platform.
type Persona struct {
	Handle  string // the trait, in lower-case ASCII: "level2"
	About   string // one sentence: what this person is for
	Record  vneid.Record
	Account Account
	// Guardians are the handles of the representatives who decide for a minor
	// or a ward (người giám hộ); both parents where there are two.
	Guardians []string
	Ward      bool // an adult under guardianship (người được giám hộ)

	// Organisation is the invented organisation whose legal representative the person
	// is (người đại diện theo pháp luật); mostly none.
	Organisation string

	CardRevoked bool // thẻ bị thu hồi, which locks the electronic card too (Law 26/2023 Art. 34)
}

// Account is what the platform holds about a person beyond their record. A
// Level of zero means that they never registered.
type Account struct {
	Level    vneid.Level
	Type     string // citizen, foreigner
	Phone    string
	Email    string
	Password string // empty: the first one comes by SMS and must be changed

	Face bool // a portrait or fingerprints were taken, so a biometric factor can be compared
	App  bool // the app is installed and can confirm logins

	EIDLocked     bool // khóa căn cước điện tử
	AccountLocked bool // khóa tài khoản định danh
}

// Username is what the person types into the login page: the personal number,
// or the foreigner's number.
func (p Persona) Username() string {
	if p.Record.ID != "" {
		return p.Record.ID
	}
	return p.Record.ForeignerID
}

// All returns the whole cast in a fixed order. The caller owns the slice and
// what it holds.
func All() []Persona {
	all := make([]Persona, 0, 20)
	all = append(all, plain()...)
	all = append(all, locked()...)
	all = append(all, represented()...)
	return append(all, papers()...)
}

// Get returns the person with the handle.
func Get(handle string) (Persona, bool) {
	for _, p := range All() {
		if p.Handle == handle {
			return p, true
		}
	}
	return Persona{}, false
}

// Password is what every persona who has chosen a password chose.
const Password = "mat-khau-thu-nghiem"

func level1(phone string) Account {
	return Account{Level: 1, Type: "citizen", Phone: phone, Password: Password, App: true}
}

func level2(phone string) Account {
	a := level1(phone)
	a.Level, a.Face = 2, true
	return a
}

// record fills in what most of the cast have in common.
func record(id, name, birth string, sex vneid.Sex) vneid.Record {
	return vneid.Record{
		ID: id, Name: name, Birth: date(birth), Sex: sex, Nationality: "VNM",
		Origin:    vneid.Address{Text: "Thôn Thử Nghiệm, Xã Mẫu, Tỉnh Ví Dụ"},
		Residence: vneid.Address{Text: "Số 1 Đường Thử Nghiệm, Phường Mẫu, Tỉnh Ví Dụ", AsOf: date("2025-07-01")},
		Ethnicity: "Kinh", Religion: "Không",
		CardIssued: date("2024-08-15"), CardIssuer: "Bộ Công an",
	}
}

func expires(r vneid.Record, on string) vneid.Record {
	r.CardExpires = date(on)
	return r
}
