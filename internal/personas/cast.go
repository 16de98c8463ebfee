package personas

import "github.com/vneid-sdk/vneid-go/vneid"

// plain are the people who have nothing unusual but their level.
func plain() []Persona {
	an := expires(record("999090000001", "Nguyễn Văn An", "1990-02-14", vneid.Male), "2030-02-14")
	an.Father, an.Mother = "Nguyễn Văn Mẫu", "Lê Thị Ví Dụ"
	first := level2("+84000000005")
	first.Password = ""
	an1 := level2("+84000000001")
	an1.Email = "an@example.com"
	return []Persona{
		{Handle: "level2", About: "level 2, everything in order: the person to start with", Record: an, Account: an1},
		{Handle: "level1", About: "level 1: registered in the app, never seen by the police",
			Record:  expires(record("999195000002", "Trần Thị Bình", "1995-06-30", vneid.Female), "2035-06-30"),
			Account: level1("+84000000002")},
		{Handle: "namesake", About: "the name and birthday of level2, another person",
			Record:  expires(record("999090000003", "Nguyễn Văn An", "1990-02-14", vneid.Male), "2030-02-14"),
			Account: level2("+84000000003")},
		{Handle: "no-app", About: "level 2 with a telephone that runs no app: messages are the only possession factor",
			Record:  expires(record("999179000004", "Đỗ Thị Oanh", "1979-01-05", vneid.Female), "2039-01-05"),
			Account: Account{Level: 2, Type: "citizen", Phone: "+84000000004", Password: Password, Face: true}},
		{Handle: "first-login", About: "has the first password in a message and must change it",
			Record:  expires(record("999203000005", "Đặng Sơn", "2003-12-31", vneid.Male), "2028-12-31"),
			Account: first},
		{Handle: "no-account", About: "has a card and never registered an account",
			Record: expires(record("999165000006", "Bùi Thị Vân", "1965-09-02", vneid.Female), "Không thời hạn")},
	}
}

// locked are the people behind one of the two locks.
func locked() []Persona {
	eid, account := level2("+84000000007"), level2("+84000000008")
	eid.EIDLocked, account.AccountLocked = true, true
	return []Persona{
		{Handle: "eid-locked", About: "electronic identity card locked: a level-1 login passes, level 2 does not",
			Record:  expires(record("999088000007", "Lê Quốc Cường", "1988-03-08", vneid.Male), "2028-03-08"),
			Account: eid},
		{Handle: "account-locked", About: "account locked: no login passes",
			Record:  expires(record("999192000008", "Phạm Thị Dung", "1992-11-20", vneid.Female), "2032-11-20"),
			Account: account},
	}
}

// represented are the people for whom someone else decides.
func represented() []Persona {
	minor := expires(record("999218000009", "Nguyễn Gia Em", "2018-05-19", vneid.Male), "2032-05-19")
	minor.Father, minor.Mother = "Nguyễn Văn An", "Vũ Thị Giang"
	infant := expires(record("999323000010", "Nguyễn Gia Hân", "2023-10-01", vneid.Female), "2037-10-01")
	infant.Father, infant.Mother = minor.Father, minor.Mother
	infantAccount := level1("+84000000011") // the mother's telephone
	infantAccount.App = false
	teen := expires(record("999211000022", "Nguyễn Gia Khôi", "2011-09-05", vneid.Male), "2036-09-05")
	teen.Father, teen.Mother = minor.Father, minor.Mother
	parents := []string{"level2", "guardian"}
	return []Persona{
		{Handle: "minor", About: "a child between 6 and 14 with two representatives", Record: minor,
			Account: level1("+84000000009"), Guardians: parents},
		{Handle: "infant", About: "a child under 6: level 1 only, by the representatives", Record: infant,
			Account: infantAccount, Guardians: parents},
		{Handle: "teen", About: "a child of 15 with level 2: shares nothing without a representative", Record: teen,
			Account: level2("+84000000022"), Guardians: parents},
		{Handle: "guardian", About: "mother of minor, infant and teen, guardian of ward",
			Record:  expires(record("999191000011", "Vũ Thị Giang", "1991-08-08", vneid.Female), "2031-08-08"),
			Account: level2("+84000000011")},
		{Handle: "ward", About: "an adult under guardianship",
			Record:  expires(record("999085000012", "Vũ Hồng Phúc", "1985-04-04", vneid.Male), "2045-04-04"),
			Account: level2("+84000000012"), Guardians: []string{"guardian"}, Ward: true},
	}
}

// papers are the people whose documents or names have something special.
func papers() []Persona {
	expired := record("999099000013", "Hoàng Văn Khánh", "1999-07-21", vneid.Male)
	expired.CardIssued, expired.CardIssuer = date("2021-03-01"), "Cục trưởng Cục Cảnh sát quản lý hành chính về trật tự xã hội"
	forever := expires(record("999150000014", "Ngô Thị Lan", "1950-01-01", vneid.Female), "Không thời hạn")
	old := expires(record("999075000015", "Trịnh Công Minh", "1975-10-10", vneid.Male), "2035-10-10")
	old.OldID = "999000015"
	old12 := expires(record("999083000016", "Dương Văn Tài", "1983-05-05", vneid.Male), "2043-05-05")
	old12.OldID = "999083900016"
	reissued := expires(record("999187000017", "Phan Thanh Ngọc", "1987-09-09", vneid.Female), "2027-09-09")
	reissued.FormerIDs = []string{"999087000017"} // the sex was determined again, so the number changed
	year := expires(record("999154000018", "Hồ Thị Uyên", "1954", vneid.Female), "Không thời hạn")
	highland := expires(record("999193000019", "H'Yên Niê Kđăm", "1993-03-30", vneid.Female), "2033-03-30")
	highland.Ethnicity = "Ê-đê"
	foreigner := vneid.Record{ForeignerID: "99900000000020", Name: "JOHN EXAMPLE SAMPLE", Birth: date("1980-12-24"),
		Sex: vneid.Male, Nationality: "UTO", // the specimen state of ICAO Doc 9303
		Residence: vneid.Address{Text: "Số 20 Đường Thử Nghiệm, Phường Mẫu, Tỉnh Ví Dụ", AsOf: date("2025-07-01")}}
	resident := level2("+84000000020")
	resident.Type = "foreigner"
	return []Persona{
		{Handle: "expired-card", About: "a CCCD of 2021 that ran out on the 25th birthday",
			Record: expires(expired, "2024-07-21"), Account: level2("+84000000013")},
		{Handle: "no-expiry", About: "a card without expiry (Không thời hạn)", Record: forever, Account: level2("+84000000014")},
		{Handle: "old-cmnd", About: "had a nine-digit CMND", Record: old, Account: level2("+84000000015")},
		{Handle: "old-cmnd-12", About: "had a twelve-digit CMND", Record: old12, Account: level2("+84000000016")},
		{Handle: "reissued", About: "has a cancelled personal number besides the current one", Record: reissued, Account: level2("+84000000017")},
		{Handle: "birth-year-only", About: "only the year of birth is known", Record: year, Account: level2("+84000000018")},
		{Handle: "highlander", About: "a name with an apostrophe, of a people without family names first", Record: highland, Account: level2("+84000000019")},
		{Handle: "foreigner", About: "a foreign resident: an own number, no card", Record: foreigner, Account: resident},
		{Handle: "long-name", About: "a name of forty letters, more than a card's machine-readable zone holds",
			Record:  expires(record("999197000021", "Công Tằng Tôn Nữ Hoàng Phương Nguyệt Thảo Khuyên", "1997-02-28", vneid.Female), "2037-02-28"),
			Account: level2("+84000000021")},
	}
}
