// Package wallet has the papers of the invented people in package personas: what the
// registers hold about each, so that everybody has something to share and lacks
// something. As nobody exists, nothing on the papers does: numbers begin with 999, no
// place is a real one.
package wallet

import (
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// Paper is a document that a register holds about a person. There is no health record
// and nothing biometric among them: neither is ever pulled.
type Paper struct {
	Content paper.Paper
	State   string     // verified (đã được xác thực), pending, unverified
	At      vneid.Date // since when
	Source  string     // the register
	Status  string     // "": valid; revoked, suspended
}

// States of a paper. Most people's are verified.
const (
	Verified   = "verified"
	Pending    = "pending"
	Unverified = "unverified"

	Revoked   = "revoked"
	Suspended = "suspended"
)

const (
	population = "CSDL quốc gia về dân cư"
	traffic    = "CSDL giấy phép lái xe"
	vehicles   = "CSDL đăng ký xe"
	insurance  = "CSDL quốc gia về bảo hiểm"
	records    = "CSDL lý lịch tư pháp"
	taxes      = "CSDL đăng ký thuế"
	passports  = "CSDL quốc gia về xuất nhập cảnh"
)

// Of returns what the registers hold about somebody. What is not in it does not exist.
func Of(p personas.Persona) []Paper {
	out := common(p)
	if own := wallets()[p.Handle]; own != nil {
		out = append(out, own(p)...)
	}
	return out
}

func verified(content paper.Paper, source string) Paper {
	return Paper{Content: content, State: Verified, At: date("2025-09-01"), Source: source}
}

// common are the papers that everybody in the registers has.
func common(p personas.Persona) []Paper {
	r := p.Record
	id := paper.Identity{
		ID: r.ID, ForeignerID: r.ForeignerID, Name: r.Name, Birth: r.Birth, Sex: r.Sex, Nationality: r.Nationality,
		Phone: p.Account.Phone, Email: p.Account.Email,
	}
	home := paper.Residence{Province: "Tỉnh Ví Dụ", Commune: "Phường Mẫu", Permanent: r.Residence, Living: r.Residence}
	if r.ID == "" {
		id.PassportNumber, id.PassportPlace = "X0000020", "Ví Dụ"
		home = paper.Residence{Province: "Tỉnh Ví Dụ", Commune: "Phường Mẫu", Temporary: r.Residence, Until: date("2028-06-30"), Living: r.Residence}
		return []Paper{verified(id, population), verified(home, population)}
	}
	out := []Paper{
		verified(id, population), verified(home, population), verified(paper.CitizenCard{Record: r, History: cards(r)}, population),
	}
	if p.Account.Level == 2 {
		out = append(out, verified(paper.ElectronicID{Record: r, Birthplace: r.Origin.Text, Living: r.Residence}, population))
	}
	if r.OldID != "" {
		old := paper.OldCard{
			Number: r.OldID, Name: r.Name, Birth: r.Birth, Sex: r.Sex, Origin: r.Origin, Residence: r.Residence,
			Ethnicity: r.Ethnicity, Religion: r.Religion, Issued: date("2009-03-01"), Expires: date("2024-03-01"), Issuer: "Công an Tỉnh Ví Dụ",
		}
		out = append(out, verified(old, population))
	}
	if r.Birth.Year() < 2010 {
		out = append(out, verified(paper.TaxCode{
			Number: r.ID, ID: r.ID, Name: r.Name, Registered: date("2025-07-01"), Authority: "Thuế cơ sở Mẫu", State: "Đang hoạt động",
		}, taxes))
	}
	return out
}

// cards are the cards before the one in the record.
func cards(r vneid.Record) []paper.Card {
	if r.OldID == "" {
		return nil
	}
	return []paper.Card{{Kind: paper.OldCard{}.Kind(), Number: r.OldID, Issued: date("2009-03-01"), Expires: date("2024-03-01"), Issuer: "Công an Tỉnh Ví Dụ"}}
}

// date reads the tables' own dates; a test keeps them readable.
func date(s string) vneid.Date {
	d, err := vneid.ParseDate(s)
	if err != nil {
		return vneid.Date{}
	}
	return d
}
