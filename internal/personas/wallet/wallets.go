package wallet

import (
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// wallets are the papers that only some people have, by handle. Who is not listed has
// none: long-name, for one, has no licence, and being asked for one must look like
// declining it.
func wallets() map[string]func(personas.Persona) []Paper {
	return map[string]func(personas.Persona) []Paper{
		"level2": func(p personas.Persona) []Paper {
			return []Paper{
				Verified(Licence(p, "999000000001", "2025-03-10", "2035-03-10", "B", "A1"), Traffic),
				Verified(Vehicle(p, "000001", "99A-000.01"), Vehicles),
				Verified(HealthCard(p, "DN4990000000001", 80), Insurance),
				Verified(Social(p, "0000000001", true), Insurance),
				Verified(Passport(p, "C0000001", "2023-05-15", "2033-05-15"), Passports),
				Verified(Judicial(p, "000001/2026/999-LLTP"), Records),
				Verified(dependants("teen", "minor", "infant"), Population),
			}
		},
		"level1": func(p personas.Persona) []Paper {
			return []Paper{Verified(Licence(p, "999000000002", "2025-06-01", "2035-06-01", "B"), Traffic)}
		},
		"namesake": func(p personas.Persona) []Paper { // a class of the old law, which still holds
			return []Paper{Verified(Licence(p, "999000000003", "2022-04-01", "2032-04-01", "B2"), Traffic), Verified(HealthCard(p, "GD4990000000003", 80), Insurance)}
		},
		"no-app": func(p personas.Persona) []Paper { // a licence that has run out
			return []Paper{Verified(Licence(p, "999000000004", "2015-02-01", "2025-02-01", "B2"), Traffic), Verified(HealthCard(p, "HC4990000000004", 80), Insurance)}
		},
		"first-login": func(p personas.Persona) []Paper { // a licence that nobody has checked yet
			waiting := Verified(Licence(p, "999000000005", "2025-01-20", "2035-01-20", "A1"), Traffic)
			waiting.State = Pending
			return []Paper{waiting}
		},
		"no-account": func(p personas.Persona) []Paper { // what they can hand over at the counter
			return []Paper{Verified(Licence(p, "999000000006", "2020-06-15", "Không thời hạn", "A1"), Traffic), Verified(HealthCard(p, "HT2990000000006", 100), Insurance)}
		},
		"eid-locked": func(p personas.Persona) []Paper {
			return []Paper{Verified(Licence(p, "999000000007", "2025-08-08", "2035-08-08", "B"), Traffic)}
		},
		"minor": func(p personas.Persona) []Paper {
			return []Paper{Verified(HealthCard(p, "HS4990000000009", 80), Insurance), Verified(parents(), Population)}
		},
		"teen": func(p personas.Persona) []Paper {
			return []Paper{Verified(HealthCard(p, "HS4990000000022", 80), Insurance), Verified(parents(), Population)}
		},
		"infant": func(p personas.Persona) []Paper {
			return []Paper{Verified(HealthCard(p, "TE1990000000010", 100), Insurance), Verified(parents(), Population)}
		},
		"guardian": func(p personas.Persona) []Paper { // a licence that was taken away
			gone := Verified(Licence(p, "999000000011", "2025-02-02", "2035-02-02", "B"), Traffic)
			gone.Status = Revoked
			return []Paper{gone, Verified(dependants("teen", "minor", "infant", "ward"), Population), Verified(Social(p, "0000000011", true), Insurance)}
		},
		"ward": func(p personas.Persona) []Paper {
			return []Paper{Verified(HealthCard(p, "BT2990000000012", 100), Insurance)}
		},
		"expired-card": func(p personas.Persona) []Paper { // no points left
			none := 0
			empty := Licence(p, "999000000013", "2025-05-05", "2035-05-05", "B")
			empty.Points = &none
			return []Paper{Verified(empty, Traffic)}
		},
		"no-expiry": func(p personas.Persona) []Paper {
			return []Paper{Verified(Social(p, "0000000014", false), Insurance), Verified(Passport(p, "B0000014", "2012-01-10", "2022-01-10"), Passports)}
		},
		"old-cmnd": func(p personas.Persona) []Paper { // a licence without expiry
			return []Paper{Verified(Licence(p, "999000000015", "2012-07-01", "Không thời hạn", "A1"), Traffic)}
		},
		"old-cmnd-12": func(p personas.Persona) []Paper {
			has := true
			convicted := Judicial(p, "000016/2026/999-LLTP")
			convicted.Convicted = &has
			convicted.Convictions = []paper.Conviction{{Court: "Tòa án nhân dân Khu vực Mẫu", Judged: date("2024-03"), Offence: "Tội danh ví dụ", Penalty: "Phạt tiền"}}
			return []Paper{Verified(convicted, Records)}
		},
		"reissued": func(p personas.Persona) []Paper { // a licence that is suspended, and a tax code of before
			held := Verified(Licence(p, "999000000017", "2025-04-04", "2035-04-04", "B"), Traffic)
			held.Status = Suspended
			return []Paper{held}
		},
		"birth-year-only": func(p personas.Persona) []Paper {
			return []Paper{Verified(HealthCard(p, "CK2990000000018", 100), Insurance)}
		},
		"highlander": func(p personas.Persona) []Paper { // a licence that could not be verified
			doubtful := Verified(Licence(p, "999000000019", "2016-10-10", "2026-10-10", "A1"), Traffic)
			doubtful.State = Unverified
			return []Paper{doubtful, Verified(HealthCard(p, "DT2990000000019", 100), Insurance)}
		},
		"foreigner": func(p personas.Persona) []Paper {
			return []Paper{Verified(Licence(p, "999000000020", "2025-11-01", "2028-06-30", "B"), Traffic)}
		},
		"long-name": func(p personas.Persona) []Paper {
			return []Paper{Verified(Vehicle(p, "000021", "99B1-000.21"), Vehicles)}
		},
	}
}

// Licence is a driving licence with all its points.
func Licence(p personas.Persona, number, issued, expires string, classes ...document.LicenceClass) paper.DriverLicence {
	points := 12
	l := paper.DriverLicence{
		Number: number, Name: p.Record.Name, Birth: p.Record.Birth, Nationality: p.Record.Nationality, Residence: p.Record.Residence,
		Issued: date(issued), Expires: date(expires), Authority: "Phòng Cảnh sát giao thông Tỉnh Ví Dụ", Points: &points,
	}
	for _, c := range classes {
		l.Classes = append(l.Classes, paper.HeldClass{Class: c})
	}
	return l
}

// Vehicle is the registration of a car.
func Vehicle(p personas.Persona, number, plate string) paper.VehicleRegistration {
	return paper.VehicleRegistration{
		Number: number, Plate: plate, Colour: "white", Owner: p.Record.Name, OwnerID: p.Username(), Address: p.Record.Residence,
		Type: "Ô tô con", Brand: "VÍ DỤ", Model: "MẪU", Paint: "Trắng", Engine: "MAY" + number, Chassis: "KHUNG" + number,
		Seats: 5, Made: 2024, Registered: date("2024-10-10"), Issued: date("2024-10-10"), Authority: "Công an Tỉnh Ví Dụ",
	}
}

// HealthCard is a health insurance card of this year.
func HealthCard(p personas.Persona, number string, share int) paper.HealthInsurance {
	return paper.HealthInsurance{
		Number: number, Name: p.Record.Name, Birth: p.Record.Birth, Sex: p.Record.Sex, Residence: p.Record.Residence,
		Facility: "Trạm y tế Phường Mẫu", FacilityCode: "99001", Region: "K3", Share: share,
		From: date("2026-01-01"), Until: date("2026-12-31"), FiveYears: date("2026-01-01"), Authority: "Bảo hiểm xã hội Tỉnh Ví Dụ",
	}
}

// Social is a history of social insurance.
func Social(p personas.Persona, number string, active bool) paper.SocialInsurance {
	s := paper.SocialInsurance{Number: number, Name: p.Record.Name, Birth: p.Record.Birth, Months: 84, Active: &active}
	s.Periods = []paper.Period{{From: date("2018-01"), To: date("2022-12"), Unit: "Công ty Ví Dụ", Salary: 8_000_000}}
	last := paper.Period{From: date("2023-01"), Unit: "Hợp tác xã Mẫu", Salary: 10_000_000}
	if !active {
		last.To = date("2024-12")
	}
	s.Periods = append(s.Periods, last)
	return s
}

// Passport is an ordinary passport.
func Passport(p personas.Persona, number, issued, expires string) paper.Passport {
	r := p.Record
	return paper.Passport{
		Number: number, Type: "P", Name: r.Name, Birth: r.Birth, Birthplace: "Ví Dụ", Sex: r.Sex, Nationality: r.Nationality, ID: r.ID,
		Issued: date(issued), Expires: date(expires), Authority: "Cục Quản lý xuất nhập cảnh",
	}
}

// Judicial is a record no. 1 without convictions.
func Judicial(p personas.Persona, number string) paper.JudicialRecord {
	none := false
	r := p.Record
	return paper.JudicialRecord{
		Number: number, ID: r.ID, Name: r.Name, Birth: r.Birth, Sex: r.Sex, Nationality: r.Nationality, Residence: r.Residence,
		Convicted: &none, Issued: date("2026-09-15"), Authority: "Công an Tỉnh Ví Dụ",
	}
}

// family are the people of the one household that the registers know of, the head first,
// each with what they are to the head.
var family = [][2]string{{"level2", "chủ hộ"}, {"guardian", "vợ"}, {"teen", "con"}, {"minor", "con"}, {"infant", "con"}}

// household adds to a residence who lives there, for the people of the family.
func household(handle string, home paper.Residence) paper.Residence {
	for _, one := range family {
		if one[0] == handle {
			home.Relation = one[1]
		}
	}
	if home.Relation == "" {
		return home
	}
	for i, one := range family {
		who, _ := personas.Get(one[0])
		m := paper.Member{ID: who.Record.ID, Name: who.Record.Name, Birth: who.Record.Birth, Relation: one[1]}
		if i == 0 {
			home.Head = m
		} else if one[0] != handle {
			home.Members = append(home.Members, m)
		}
	}
	return home
}

func dependants(handles ...string) paper.Dependants {
	d := paper.Dependants{Count: len(handles)}
	for _, h := range handles {
		who, _ := personas.Get(h)
		relation := "con"
		if who.Ward {
			relation = "em"
		}
		d.People = append(d.People, paper.Dependant{
			ID: who.Record.ID, Name: who.Record.Name, Birth: who.Record.Birth, Sex: vneid.Sex(who.Record.Sex), Relation: relation, Ward: who.Ward,
		})
	}
	return d
}

func parents() paper.Dependants {
	var d paper.Dependants
	for _, one := range [][2]string{{"level2", "cha"}, {"guardian", "mẹ"}} {
		handle, relation := one[0], one[1]
		who, _ := personas.Get(handle)
		d.Representatives = append(d.Representatives, paper.Representative{
			ID: who.Record.ID, Name: who.Record.Name, Relation: relation, Phone: who.Account.Phone,
		})
	}
	return d
}
