// Package wallet has the papers of the invented people in package personas: what the
// registers hold about each, so that everybody has something to share and lacks
// something. As nobody exists, nothing on the papers does: numbers begin with 999, no
// place is a real one. Package crowd fills in the same papers for its people.
package wallet

import (
	"iter"
	"strings"

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
	StateVerified = "verified"
	Pending       = "pending"
	Unverified    = "unverified"

	Revoked   = "revoked"
	Suspended = "suspended"
)

// The registers.
const (
	Population = "CSDL quốc gia về dân cư"
	Traffic    = "CSDL giấy phép lái xe"
	Vehicles   = "CSDL đăng ký xe"
	Insurance  = "CSDL quốc gia về bảo hiểm"
	Records    = "CSDL lý lịch tư pháp"
	Taxes      = "CSDL đăng ký thuế"
	Passports  = "CSDL quốc gia về xuất nhập cảnh"
)

// All yields the whole cast, each with what the registers hold about them.
func All() iter.Seq2[personas.Persona, []Paper] {
	return func(yield func(personas.Persona, []Paper) bool) {
		for _, who := range personas.All() {
			if !yield(who, Of(who)) {
				return
			}
		}
	}
}

// Of returns what the registers hold about somebody. What is not in it does not exist.
func Of(p personas.Persona) []Paper {
	out := Common(p)
	for i := range out {
		if home, ok := out[i].Content.(paper.Residence); ok {
			out[i].Content = household(p.Handle, home)
		}
	}
	if own := wallets()[p.Handle]; own != nil {
		out = append(out, own(p)...)
	}
	return out
}

// Verified is a paper in the state that most are in.
func Verified(content paper.Paper, source string) Paper {
	return Paper{Content: content, State: StateVerified, At: date("2025-09-01"), Source: source}
}

// Common are the papers that everybody in the registers has.
func Common(p personas.Persona) []Paper {
	r := p.Record
	id := paper.Identity{
		ID: r.ID, ForeignerID: r.ForeignerID, Name: r.Name, Birth: r.Birth, Sex: r.Sex, Nationality: r.Nationality,
		Phone: p.Account.Phone, Email: p.Account.Email,
	}
	home := residence(r.Residence)
	home.Permanent = home.Living
	if r.ID == "" {
		id.PassportNumber, id.PassportPlace = "X"+r.ForeignerID[len(r.ForeignerID)-7:], "Ví Dụ"
		home.Permanent, home.Temporary, home.Until = vneid.Address{}, home.Living, date("2028-06-30")
		return []Paper{Verified(id, Population), Verified(home, Population)}
	}
	card := Verified(paper.CitizenCard{Record: r, History: cards(r)}, Population)
	if p.CardRevoked {
		card.Status = Revoked
	}
	out := []Paper{Verified(id, Population), Verified(home, Population), card}
	if p.Account.Level == 2 {
		out = append(out, Verified(paper.ElectronicID{Record: r, Birthplace: r.Origin.Text, Living: r.Residence}, Population))
	}
	if r.OldID != "" {
		old := paper.OldCard{
			Number: r.OldID, Name: r.Name, Birth: r.Birth, Sex: r.Sex, Origin: r.Origin, Residence: r.Residence,
			Ethnicity: r.Ethnicity, Religion: r.Religion, Issued: date("2009-03-01"), Expires: date("2024-03-01"), Issuer: "Công an Tỉnh Ví Dụ",
		}
		out = append(out, Verified(old, Population))
	}
	if r.Birth.Year() < 2010 {
		out = append(out, Verified(paper.TaxCode{
			Number: r.ID, ID: r.ID, Name: r.Name, Registered: date("2025-07-01"), Authority: "Thuế cơ sở Mẫu", State: "Đang hoạt động",
		}, Taxes))
	}
	return out
}

// residence reads the two levels out of an address. A district, which there has been none
// of since 2025-07-01, is left out of the wording of today.
func residence(at vneid.Address) paper.Residence {
	parts := strings.Split(at.Text, ", ")
	if len(parts) < 3 {
		return paper.Residence{Living: at}
	}
	if len(parts) > 3 {
		parts = append(parts[:2:2], parts[len(parts)-1])
		at = vneid.Address{Text: strings.Join(parts, ", "), AsOf: date("2025-07-01")}
	}
	return paper.Residence{Commune: parts[1], Province: parts[2], Living: at}
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
