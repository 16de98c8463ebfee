package vneid

// Province is the three-digit code of a province or centrally-run city (tỉnh,
// thành phố trực thuộc trung ương), as the first digits of a CitizenID have it.
//
// On 2025-07-01 the 63 units became 34 (Resolution 202/2025/QH15; codes by Decision
// 19/2025/QĐ-TTg). The 34 codes are all from the old table, but seven of them name
// another unit now: 015, 024, 044, 052, 080, 082 and 091. Therefore a code has a name
// only as of a day. Names come without Tỉnh or Thành phố, which change more often.
//
// Codes of neither table are valid values with no name: births registered abroad
// have codes of a list that is not published.
type Province string

// mergeDay is when the 34 units took over.
var mergeDay = Date{year: 2025, month: 7, day: 1}

// Name returns the name that the code had on a day, "" when the table of that day
// lacks it. When on may be either side of 2025-07-01 (a zero date, the bare year
// 2025), the answer is "" unless both tables agree. For the code in a number take
// the date of birth: numbers are given when the birth is registered.
//
// 046 is Thừa Thiên Huế before the merger; its name was Huế already since
// 2025-01-01 (Resolution 175/2024/QH15).
func (p Province) Name(on Date) string {
	before, after := sides(on)
	switch {
	case before && after && legacy[p].name != current[p]:
		return ""
	case before:
		return legacy[p].name
	}
	return current[p]
}

// Successor returns the unit of today's 34 in which the unit that had this code
// before 2025-07-01 lies: 010 (Lào Cai) gives 015, and so does 015 (Yên Bái). A
// code outside the old table returns itself.
func (p Province) Successor() Province {
	if u, ok := legacy[p]; ok {
		return u.now
	}
	return p
}

// sides reports whether a date can lie before the merger, and on or after it.
func sides(d Date) (before, after bool) {
	if d.year == 0 {
		return true, true
	}
	return d.Earliest().Before(mergeDay), !d.Latest().Before(mergeDay)
}

type unit struct {
	name string
	now  Province
}

// legacy are the 63 units by the codes of Circular 07/2016/TT-BCA, each with the
// unit of the 34 that holds its territory.
var legacy = map[Province]unit{
	"001": {"Hà Nội", "001"}, "002": {"Hà Giang", "008"}, "004": {"Cao Bằng", "004"},
	"006": {"Bắc Kạn", "019"}, "008": {"Tuyên Quang", "008"}, "010": {"Lào Cai", "015"},
	"011": {"Điện Biên", "011"}, "012": {"Lai Châu", "012"}, "014": {"Sơn La", "014"},
	"015": {"Yên Bái", "015"}, "017": {"Hòa Bình", "025"}, "019": {"Thái Nguyên", "019"},
	"020": {"Lạng Sơn", "020"}, "022": {"Quảng Ninh", "022"}, "024": {"Bắc Giang", "024"},
	"025": {"Phú Thọ", "025"}, "026": {"Vĩnh Phúc", "025"}, "027": {"Bắc Ninh", "024"},
	"030": {"Hải Dương", "031"}, "031": {"Hải Phòng", "031"}, "033": {"Hưng Yên", "033"},
	"034": {"Thái Bình", "033"}, "035": {"Hà Nam", "037"}, "036": {"Nam Định", "037"},
	"037": {"Ninh Bình", "037"}, "038": {"Thanh Hóa", "038"}, "040": {"Nghệ An", "040"},
	"042": {"Hà Tĩnh", "042"}, "044": {"Quảng Bình", "044"}, "045": {"Quảng Trị", "044"},
	"046": {"Thừa Thiên Huế", "046"}, "048": {"Đà Nẵng", "048"}, "049": {"Quảng Nam", "048"},
	"051": {"Quảng Ngãi", "051"}, "052": {"Bình Định", "052"}, "054": {"Phú Yên", "066"},
	"056": {"Khánh Hòa", "056"}, "058": {"Ninh Thuận", "056"}, "060": {"Bình Thuận", "068"},
	"062": {"Kon Tum", "051"}, "064": {"Gia Lai", "052"}, "066": {"Đắk Lắk", "066"},
	"067": {"Đắk Nông", "068"}, "068": {"Lâm Đồng", "068"}, "070": {"Bình Phước", "075"},
	"072": {"Tây Ninh", "080"}, "074": {"Bình Dương", "079"}, "075": {"Đồng Nai", "075"},
	"077": {"Bà Rịa - Vũng Tàu", "079"}, "079": {"Hồ Chí Minh", "079"}, "080": {"Long An", "080"},
	"082": {"Tiền Giang", "082"}, "083": {"Bến Tre", "086"}, "084": {"Trà Vinh", "086"},
	"086": {"Vĩnh Long", "086"}, "087": {"Đồng Tháp", "082"}, "089": {"An Giang", "091"},
	"091": {"Kiên Giang", "091"}, "092": {"Cần Thơ", "092"}, "093": {"Hậu Giang", "092"},
	"094": {"Sóc Trăng", "092"}, "095": {"Bạc Liêu", "096"}, "096": {"Cà Mau", "096"},
}

// current are the 34 units since 2025-07-01.
var current = map[Province]string{
	"001": "Hà Nội", "004": "Cao Bằng", "008": "Tuyên Quang", "011": "Điện Biên", "012": "Lai Châu",
	"014": "Sơn La", "015": "Lào Cai", "019": "Thái Nguyên", "020": "Lạng Sơn", "022": "Quảng Ninh",
	"024": "Bắc Ninh", "025": "Phú Thọ", "031": "Hải Phòng", "033": "Hưng Yên", "037": "Ninh Bình",
	"038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Trị", "046": "Huế",
	"048": "Đà Nẵng", "051": "Quảng Ngãi", "052": "Gia Lai", "056": "Khánh Hòa", "066": "Đắk Lắk",
	"068": "Lâm Đồng", "075": "Đồng Nai", "079": "Hồ Chí Minh", "080": "Tây Ninh", "082": "Đồng Tháp",
	"086": "Vĩnh Long", "091": "An Giang", "092": "Cần Thơ", "096": "Cà Mau",
}
