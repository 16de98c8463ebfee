package crowd

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// family is who lives in every household, in the order of their numbers.
var family = [...]Trait{
	{"father", "cha, tài khoản mức độ 2", "father of the household, level 2", (*draft).father},
	{"mother", "mẹ, tài khoản mức độ 2", "mother of the household, level 2", (*draft).mother},
	{"teen", "con 14 hoặc 15 tuổi: người đại diện cùng quyết định", "child of 14 or 15: the representatives decide with it", func(d *draft) { d.child(2011, 2011) }},
	{"child", "con từ đủ 6 đến dưới 14 tuổi: người đại diện quyết định", "child between 6 and 14: the representatives decide", (*draft).minor},
	{"infant", "con dưới 6 tuổi: tài khoản mức độ 1 hoặc chưa có", "child under 6: level 1 or no account", (*draft).infant},
	{"elder", "ông bà; ở một phần ba số hộ là người được giám hộ", "grandparent; in every third household a ward", (*draft).elder},
}

func (d *draft) father() {
	d.person(vneid.Male, 1978, 1990)
	d.Record.Name = d.home.father
}

func (d *draft) mother() {
	d.person(vneid.Female, 1980, 1991)
	d.Record.Name = d.home.mother
}

func (d *draft) minor() {
	d.child(2014, 2018)
	d.Account.Phone = phone(d.home.first)
	if d.lot.one(2) {
		d.Account.Level, d.Account.Face = 1, false
	}
}

func (d *draft) infant() {
	d.child(2022, 2025)
	d.Account.Phone, d.Account.Level = phone(d.home.first+1), 1
	d.Account.App, d.Account.Face = false, false
	if d.i/household%2 == 1 {
		d.Account = personas.Account{}
	}
}

func (d *draft) elder() {
	d.adult()
	sex := d.Record.Sex
	d.person(sex, 1931, 1958)
	if sex == vneid.Male {
		d.Record.Name = d.lot.name(d.home.surname, sex)
	}
	if d.i/household%3 == 0 {
		d.Ward, d.Guardians = true, []string{Handle(d.home.first)}
	}
}

// singles are the other traits; the adults of the households have them in turn.
var singles = []Trait{
	{"plain", "tài khoản mức độ 2, mọi thứ bình thường", "level 2, everything in order", (*draft).adult},
	{"level-1", "tài khoản mức độ 1, chưa đến cơ quan công an", "level 1: registered in the app, never seen by the police", func(d *draft) {
		d.adult()
		d.Account.Level, d.Account.Face = 1, false
	}},
	{"no-account", "có thẻ nhưng chưa đăng ký tài khoản", "has a card and no account", func(d *draft) { d.adult(); d.Account = personas.Account{} }},
	{"eid-locked", "căn cước điện tử bị khóa", "electronic identity card locked", func(d *draft) { d.adult(); d.Account.EIDLocked = true }},
	{"account-locked", "tài khoản định danh bị khóa", "account locked", func(d *draft) { d.adult(); d.Account.AccountLocked = true }},
	{"expired-card", "thẻ đã hết hạn", "a card that has run out", func(d *draft) {
		d.adult()
		d.born(vneid.Date{}, d.lot.between(1982, 1984))
		d.issue(day(2021, 3, 1), day(d.Record.Birth.Year()+40, d.Record.Birth.Month(), d.Record.Birth.Day()))
	}},
	{"revoked-card", "thẻ bị thu hồi nên căn cước điện tử bị khóa", "the card was revoked, which locks the electronic one too", func(d *draft) {
		d.adult()
		d.CardRevoked, d.Account.EIDLocked = true, true
	}},
	{"reissued", "có số định danh đã hủy", "has a cancelled number besides the current one", (*draft).reissued},
	{"reissued-twice", "có hai số định danh đã hủy", "has two cancelled numbers", func(d *draft) {
		d.reissued()
		d.Record.FormerIDs = append(d.Record.FormerIDs, d.number(d.Record.Birth.Year()-1, d.Record.Sex, 2))
	}},
	{"old-cmnd", "từng có CMND 9 số", "had a nine-digit CMND", func(d *draft) {
		d.adult()
		d.Record.OldID = "999" + d.Record.ID[6:]
	}},
	{"old-cmnd-12", "từng có CMND 12 số", "had a twelve-digit CMND", func(d *draft) {
		d.adult()
		d.Record.OldID = d.number(d.Record.Birth.Year(), d.Record.Sex, 3)
	}},
	{"foreigner", "người nước ngoài, tài khoản mức độ 2", "foreign resident with level 2: an own number, no card", func(d *draft) { d.foreigner(2) }},
	{"foreigner-level-1", "người nước ngoài, tài khoản mức độ 1", "foreign resident with level 1", func(d *draft) { d.foreigner(1) }},
	{"represents", "người đại diện theo pháp luật của một tổ chức", "legal representative of an organisation", func(d *draft) {
		d.adult()
		d.Organisation = pick(d.lot, organisations) + " " + d.Record.Name[strings.LastIndexByte(d.Record.Name, ' ')+1:]
	}},
	{"one-word", "họ tên một chữ", "a name of one word", func(d *draft) {
		d.adult()
		d.Record.Name, d.Record.Ethnicity = pick(d.lot, oneWord), "M'Nông"
	}},
	{"long-name", "họ tên dài quá sức chứa dòng MRZ", "a name longer than a machine-readable zone", func(d *draft) {
		d.adult()
		d.Record.Name = d.lot.longName(d.Record.Sex)
	}},
	{"strokes", "mỗi chữ trong tên đều có Đ", "a Đ in every word of the name", func(d *draft) {
		d.adult()
		d.Record.Name = pick(d.lot, strokes)
	}},
	{"eth", "tên gõ bằng Ð (eth) thay cho Đ", "a name that was typed with the letter eth, Ð, in place of Đ", func(d *draft) {
		d.adult()
		d.Record.Name = strings.ReplaceAll(pick(d.lot, strokes), "Đ", "Ð")
	}},
	{"highlander", "tên Ê-đê không có dấu nháy hay gạch nối", "an Ê-đê name without apostrophe or hyphen", func(d *draft) {
		d.adult()
		d.Record.Name, d.Record.Ethnicity = d.lot.highlandName(d.Record.Sex), "Ê-đê"
	}},
	{"apostrophe", "tên Ê-đê có dấu nháy cong", "an Ê-đê name with a curved apostrophe", func(d *draft) {
		d.adult()
		d.Record.Name, d.Record.Ethnicity = strings.Replace(d.lot.highlandName(d.Record.Sex), " ", "\u2019", 1), "Ê-đê"
	}},
	{"birth-year-only", "chỉ biết năm sinh", "only the year of birth is known", func(d *draft) {
		d.adult()
		d.born(day(d.lot.between(1948, 1960), 0, 0), 0)
	}},
	{"birth-month-only", "chỉ biết tháng và năm sinh", "only year and month of birth are known", func(d *draft) {
		d.adult()
		d.born(day(d.lot.between(1948, 1960), 6, 0), 0)
	}},
	{"leap-day", "sinh ngày 29 tháng 2", "born on 29 February", func(d *draft) {
		d.adult()
		d.born(day(1972+4*d.lot.below(9), 2, 29), 0)
	}},
	{"first-login", "mật khẩu lần đầu nằm trong tin nhắn và phải đổi", "has the first password in a message and must change it", func(d *draft) {
		d.adult()
		d.Account.Password = ""
	}},
	{"no-app", "không cài ứng dụng: chỉ nhận được tin nhắn", "a telephone that runs no app: messages alone", func(d *draft) {
		d.adult()
		d.Account.App = false
	}},
	{"no-expiry", "thẻ không thời hạn", "a card without expiry", func(d *draft) {
		d.adult()
		d.born(vneid.Date{}, d.lot.between(1945, 1960))
	}},
	{"centenarian", "hơn một trăm tuổi", "older than a hundred years", func(d *draft) {
		d.adult()
		d.born(vneid.Date{}, d.lot.between(1916, 1924))
	}},
}

var organisations = []string{"Công ty TNHH Mẫu", "Hợp tác xã Ví Dụ", "Hội Thử Nghiệm", "Công ty cổ phần Giả Định"}

// born gives the person another birth, in a year or on a date, and the card and number
// that go with it.
func (d *draft) born(on vneid.Date, year int) {
	if on.IsZero() {
		on = day(year, d.Record.Birth.Month(), d.Record.Birth.Day())
	}
	d.Record.Birth = on
	d.Record.ID = d.number(on.Year(), d.Record.Sex, 0)
	d.card()
}

// reissued had a number that said the other sex (Decree 70/2024 Art. 11).
func (d *draft) reissued() {
	d.adult()
	other := vneid.Female
	if d.Record.Sex == vneid.Female {
		other = vneid.Male
	}
	d.Record.FormerIDs = []string{d.number(d.Record.Birth.Year(), other, 1)}
}

func (d *draft) foreigner(level vneid.Level) {
	d.adult()
	r := d.Record
	d.Record = vneid.Record{
		ForeignerID: "99900001" + r.ID[6:], Name: pick(d.lot, foreignGivens) + " " + pick(d.lot, foreignNames), Birth: r.Birth, Sex: r.Sex,
		Nationality: pick(d.lot, states), Residence: vneid.Address{Text: d.home.since, AsOf: day(2025, 7, 1)},
	}
	d.Account.Type, d.Account.Level, d.Account.Face = "foreigner", level, level == 2
}
