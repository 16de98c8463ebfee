package crowd

import (
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// draft is a person being made.
type draft struct {
	personas.Persona
	lot  *lot
	i    int
	home home
}

// home is what the people of a household have in common.
type home struct {
	first          int // the number of the father
	surname        string
	father, mother string
	before, since  string // where they live, in the wordings before and since 2025-07-01
	origin         vneid.Address
}

func (c Crowd) draft(i int) *draft {
	number := i / household
	l := newLot(c.Seed, uint64(number)<<32|1)
	h := home{first: number * household, surname: pick(l, surnames)}
	h.father, h.mother = l.name(h.surname, vneid.Male), l.name(pick(l, surnames), vneid.Female)
	h.before, h.since = l.place()
	_, h.origin.Text = l.place()
	return &draft{i: i, home: h, lot: newLot(c.Seed, uint64(i)<<32)}
}

// place is somewhere to live, in the wordings of three levels and of two.
func (l *lot) place() (before, since string) {
	commune, district := pick(l, communes), pick(l, districts)
	street := fmt.Sprintf("Số %d Đường %s", l.between(1, 399), pick(l, streets))
	if l.one(3) {
		street = fmt.Sprintf("Thôn %d", l.between(1, 12))
	}
	street += ", " + commune + ", "
	return street + district + ", " + province, street + province
}

// province is the one that the cast lives in, and on no map.
const province = "Tỉnh Ví Dụ"

var (
	communes  = []string{"Phường Mẫu", "Phường Mẫu Đông", "Phường Mẫu Tây", "Xã Thử Nghiệm", "Xã Minh Họa", "Xã Giả Định", "Xã Ví Dụ"}
	districts = []string{"Huyện Thử", "Thị xã Mẫu", "Quận Giả Định"}
	streets   = []string{"Thử Nghiệm", "Minh Họa", "Số Liệu", "Bản Mẫu", "Dùng Thử"}
)

// person fills in what everybody has, born in one of the years.
func (d *draft) person(sex vneid.Sex, from, to int) {
	d.Record = vneid.Record{
		Name: d.lot.name(pick(d.lot, surnames), sex), Sex: sex, Nationality: "VNM",
		Birth:     day(d.lot.between(from, to), time.Month(d.lot.between(1, 12)), d.lot.between(1, 28)),
		Origin:    d.home.origin,
		Residence: vneid.Address{Text: d.home.since, AsOf: day(2025, 7, 1)}, Ethnicity: pick(d.lot, peoples), Religion: "Không",
	}
	d.Record.ID = d.number(d.Record.Birth.Year(), sex, 0)
	d.card()
	d.Account = personas.Account{Level: 2, Type: "citizen", Phone: phone(d.i), Password: personas.Password, Face: true, App: true}
	if d.lot.one(3) {
		d.Account.Email = Handle(d.i) + "@example.com"
	}
}

// adult is somebody of age with everything in order.
func (d *draft) adult() {
	sex := vneid.Male
	if d.lot.one(2) {
		sex = vneid.Female
	}
	d.person(sex, 1962, 2006)
}

// child lives with the parents of the household, who decide.
func (d *draft) child(from, to int) {
	sex := vneid.Male
	if d.lot.one(2) {
		sex = vneid.Female
	}
	d.person(sex, from, to)
	d.Record.Name = d.lot.name(d.home.surname, sex)
	d.Record.Father, d.Record.Mother = d.home.father, d.home.mother
	d.Guardians = []string{Handle(d.home.first), Handle(d.home.first + 1)}
	d.Account.Email = ""
}

// number is a personal number: the province, the digit of century and sex, the year,
// and a serial (Decree 70/2024: PPP G YY NNNNNN).
func (d *draft) number(year int, sex vneid.Sex, slot int) string {
	g := (year/100 - 19) * 2
	if sex == vneid.Female {
		g++
	}
	return fmt.Sprintf("999%d%02d%06d", g, year%100, d.serial(slot))
}

// serial is nobody else's. Slots: 0 the number, 1 and 2 cancelled ones, 3 a former card.
func (d *draft) serial(slot int) int { return 100_000 + 4*d.i + slot }

func phone(i int) string { return fmt.Sprintf("+84000%06d", 100_000+i) }

// The issuers of cards before and since Law 26/2023/QH15.
const (
	before2024 = "Cục trưởng Cục Cảnh sát quản lý hành chính về trật tự xã hội"
	since2024  = "Bộ Công an"
)

// card gives the person a card that holds for some years more.
func (d *draft) card() {
	b := d.Record.Birth
	early := day(d.lot.between(2021, 2023), time.Month(d.lot.between(1, 12)), d.lot.between(1, 28))
	late := day(2025, time.Month(d.lot.between(1, 12)), d.lot.between(1, 28))
	for _, issued := range []vneid.Date{early, late, day(2026, 2, d.lot.between(1, 28)), day(2026, 10, d.lot.between(1, 28))} {
		until, ok := document.EstimateExpiry(b, issued)
		if !ok || !b.Before(issued) || until.Before(day(2028, 1, 1)) || b.Year() > 2009 && issued.Year() < 2024 {
			continue // children have had cards only since 2024-07-01
		}
		d.issue(issued, until)
		return
	}
}

// issue gives the person a card. It words the address as the day of issue did.
func (d *draft) issue(issued, until vneid.Date) {
	d.Record.CardIssued, d.Record.CardExpires, d.Record.CardIssuer = issued, until, since2024
	d.Record.Residence = vneid.Address{Text: d.home.since, AsOf: issued}
	if issued.Before(day(2025, 7, 1)) {
		d.Record.Residence.Text = d.home.before
	}
	if issued.Before(day(2024, 7, 1)) {
		d.Record.CardIssuer = before2024
	}
}

// day is a date of this package's own tables, which a test keeps whole.
func day(year int, month time.Month, d int) vneid.Date {
	date, err := vneid.NewDate(year, month, d)
	if err != nil {
		return vneid.Date{}
	}
	return date
}
