package vneid

import (
	"strings"
	"testing"
)

func citizenID(t testing.TB, s string) CitizenID {
	t.Helper()
	id, err := ParseCitizenID(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func oldID(t testing.TB, s string) OldID {
	t.Helper()
	id, err := ParseOldID(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestTheDigitsOfANumber(t *testing.T) {
	for _, c := range []struct {
		id       string
		province Province
		sex      Sex
		year     int
	}{
		{"999090000001", "999", Male, 1990},
		{"999190000001", "999", Female, 1990},
		{"999000000001", "999", Male, 1900},
		{"999199000001", "999", Female, 1999},
		{"999200000001", "999", Male, 2000},
		{"999326000001", "999", Female, 2026},
		{"999499000001", "999", Male, 2199},
		{"999512000001", "999", Female, 2112},
		{"999600000001", "999", Male, 2200},
		{"999799000001", "999", Female, 2299},
		{"999800000001", "999", Male, 2300},
		{"999999000001", "999", Female, 2399},
		{"000000000000", "000", Male, 1900},
	} {
		id := citizenID(t, c.id)
		if id.Province() != c.province || id.Sex() != c.sex || id.BirthYear() != c.year {
			t.Errorf("%s: %s %s %d", c.id, id.Province(), id.Sex(), id.BirthYear())
		}
	}
	var none CitizenID
	if none.Province() != "" || none.Sex() != "" || none.BirthYear() != 0 {
		t.Error("the zero value has facts")
	}
}

func TestBothProvinceTablesAreWhole(t *testing.T) {
	if len(legacy) != 63 || len(current) != 34 {
		t.Fatalf("%d legacy and %d current units", len(legacy), len(current))
	}
	now := map[Province]int{}
	for code, u := range legacy {
		if _, ok := current[u.now]; !ok {
			t.Errorf("%s leads to %s, which is no unit", code, u.now)
		}
		now[u.now]++
	}
	names := map[string]bool{}
	for _, u := range legacy {
		names[u.name] = true
	}
	for code, name := range current {
		if now[code] == 0 {
			t.Errorf("nothing became %s", code)
		}
		if _, ok := legacy[code]; !ok {
			t.Errorf("%s is not from the old table", code)
		}
		if !names[name] && name != "Huế" {
			t.Errorf("%s: the 34 took their names from the 63, but not %q", code, name)
		}
	}
	if len(legacyByName) != 63 || len(currentByName) != 34 {
		t.Errorf("folded names collide: %d and %d", len(legacyByName), len(currentByName))
	}
	var alone int
	for _, n := range now {
		if n == 1 {
			alone++
		}
	}
	if alone != 11 {
		t.Errorf("%d units stayed as they were, Resolution 202/2025/QH15 says 11", alone)
	}
}

func TestCodesThatChangedTheirMeaning(t *testing.T) {
	changed := map[Province][2]string{
		"015": {"Yên Bái", "Lào Cai"}, "024": {"Bắc Giang", "Bắc Ninh"}, "044": {"Quảng Bình", "Quảng Trị"},
		"052": {"Bình Định", "Gia Lai"}, "080": {"Long An", "Tây Ninh"}, "082": {"Tiền Giang", "Đồng Tháp"},
		"091": {"Kiên Giang", "An Giang"}, "046": {"Thừa Thiên Huế", "Huế"},
	}
	before, after := date(t, "2025-06-30"), date(t, "2025-07-01")
	for code, u := range legacy {
		was, is := code.Name(before), code.Name(after)
		if was != u.name {
			t.Errorf("%s was %q", code, was)
		}
		if want, ok := changed[code]; ok != (is != "" && is != was) || ok && (want[0] != was || want[1] != is) {
			t.Errorf("%s: %q became %q", code, was, is)
		}
		either := code.Name(Date{})
		if want := map[bool]string{true: was}[was == is]; either != want || code.Name(date(t, "2025")) != want || code.Name(Forever()) != want {
			t.Errorf("%s without a date is %q, want %q", code, either, want)
		}
	}
	if p := Province("999"); p.Name(before) != "" || p.Name(after) != "" || p.Successor() != "999" {
		t.Error("an unknown code is kept without a name")
	}
	for from, to := range map[Province]Province{"010": "015", "015": "015", "036": "037", "072": "080", "077": "079", "014": "014"} {
		if from.Successor() != to {
			t.Errorf("%s lies in %s", from, from.Successor())
		}
	}
}

// The mergers of Resolution 202/2025/QH15 Art. 1, by name, apart from the table.
func TestMergersByName(t *testing.T) {
	for into, from := range map[string]string{
		"Tuyên Quang": "Hà Giang", "Lào Cai": "Yên Bái", "Thái Nguyên": "Bắc Kạn", "Phú Thọ": "Vĩnh Phúc,Hòa Bình",
		"Bắc Ninh": "Bắc Giang", "Hưng Yên": "Thái Bình", "Hải Phòng": "Hải Dương", "Ninh Bình": "Hà Nam,Nam Định",
		"Quảng Trị": "Quảng Bình", "Đà Nẵng": "Quảng Nam", "Quảng Ngãi": "Kon Tum", "Gia Lai": "Bình Định",
		"Khánh Hòa": "Ninh Thuận", "Lâm Đồng": "Đắk Nông,Bình Thuận", "Đắk Lắk": "Phú Yên",
		"Hồ Chí Minh": "Bà Rịa - Vũng Tàu,Bình Dương", "Đồng Nai": "Bình Phước", "Tây Ninh": "Long An",
		"Cần Thơ": "Sóc Trăng,Hậu Giang", "Vĩnh Long": "Bến Tre,Trà Vinh", "Đồng Tháp": "Tiền Giang",
		"Cà Mau": "Bạc Liêu", "An Giang": "Kiên Giang",
	} {
		for _, old := range append(strings.Split(from, ","), into) {
			a := Address{Text: old, AsOf: date(t, "2024")}
			b := Address{Text: into, AsOf: date(t, "2026")}
			if same, known := a.SameProvince(b); !same || !known {
				t.Errorf("%s lies in today's %s: %v, %v", old, into, same, known)
			}
		}
	}
}

func TestSameProvince(t *testing.T) {
	for _, c := range []struct {
		sentence, a, aAsOf, b, bAsOf, want string
	}{
		{"one text", "1 Phố Thử, Hà Nội", "2024", "2 Ngõ Thử, Hà Nội", "2024", "same"},
		{"the sort of place is no matter", "Ba Đình, TP. Hà Nội", "", "Ba Đình, thành phố HÀ NỘI", "", "same"},
		{"diacritics are no matter", "Ba Dinh, Ha Noi", "", "Ba Đình, Hà Nội", "2026", "same"},
		{"NFD is no matter", "Ha\u0300 No\u0323\u0302i", "", "Hà Nội", "", "same"},
		{"the country is skipped", "Huế, Việt Nam", "2026", "Huế, Vietnam,", "2026", "same"},
		{"short names", "Quận 1, TP.HCM", "", "Bến Nghé, Thành phố Hồ Chí Minh", "", "same"},
		{"a renamed unit", "Tỉnh Thừa Thiên - Huế", "2020", "Thành phố Huế", "2026", "same"},
		{"an old spelling", "Đắc Lắc", "2000", "Đắk Lắk", "2020", "same"},
		{"merged since", "Dĩ An, Bình Dương", "2024-05-06", "Dĩ An, TP Hồ Chí Minh", "2026-05-06", "same"},
		{"two then", "Dĩ An, Bình Dương", "2024-05-06", "Quận 1, TP Hồ Chí Minh", "2024-05-06", "different"},
		{"two then, dates far apart", "Bình Dương", "1999", "Hồ Chí Minh", "2025-06-30", "different"},
		{"an old name in a new document", "Bình Dương", "2025-07-01", "Hồ Chí Minh", "2025-07-02", "same"},
		{"two old names since", "Bình Dương", "2026", "Bà Rịa - Vũng Tàu", "2026", "same"},
		{"perhaps of then, perhaps of now", "Bình Dương", "", "Hồ Chí Minh", "", "unknown"},
		{"the year of the merger", "Bình Dương", "2025", "Hồ Chí Minh", "2024", "unknown"},
		{"no date is needed for one name", "Ninh Bình", "", "Ninh Bình", "", "same"},
		{"nor for names apart in both tables", "Hà Nội", "", "Huế", "", "different"},
		{"apart before and since", "Yên Bái", "2020", "Hà Giang", "2026", "different"},
		{"an unknown name", "Narnia", "2024", "Narnia", "2024", "unknown"},
		{"no province at the end", "Hà Nội, Ba Đình", "2024", "Hà Nội", "2024", "unknown"},
		{"empty", "", "", "", "", "unknown"},
		{"commas only", ",,,", "", "Hà Nội", "", "unknown"},
	} {
		a, b := Address{c.a, date(t, c.aAsOf)}, Address{c.b, date(t, c.bAsOf)}
		for range 2 {
			same, known := a.SameProvince(b)
			got := "unknown"
			if known {
				got = map[bool]string{true: "same", false: "different"}[same]
			} else if same {
				t.Errorf("%s: same but not known", c.sentence)
			}
			if got != c.want {
				t.Errorf("%s: %q (%s) and %q (%s): %s, want %s", c.sentence, a.Text, a.AsOf, b.Text, b.AsOf, got, c.want)
			}
			a, b = b, a
		}
	}
}

type communes map[string][]string

func (c communes) Current(a Address) []string { return c[a.Text] }

func TestSameCommune(t *testing.T) {
	table := communes{"Xã A": {"1"}, "Xã B": {"1"}, "Xã C": {"2"}, "Xã D": {"1", "2"}}
	for _, c := range []struct {
		a, b        string
		same, known bool
	}{
		{"Xã A", "Xã B", true, true},
		{"Xã A", "Xã C", false, true},
		{"Xã A", "Xã D", false, false},
		{"Xã D", "Xã D", false, false},
		{"Xã A", "Xã E", false, false},
	} {
		same, known := Address{Text: c.a}.SameCommune(Address{Text: c.b}, table)
		if same != c.same || known != c.known {
			t.Errorf("%s, %s: %v, %v", c.a, c.b, same, known)
		}
	}
	if same, known := (Address{Text: "Xã A"}).SameCommune(Address{Text: "Xã A"}, nil); same || known {
		t.Error("an absent table knows nothing")
	}
}

func TestMatch(t *testing.T) {
	h := History{
		Current: citizenID(t, "999090000001"),
		Former:  []CitizenID{citizenID(t, "999190000001"), citizenID(t, "999190000002")},
		Old:     []OldID{oldID(t, "000000001"), oldID(t, "999190000002"), oldID(t, "999090000009")},
	}
	for number, want := range map[string]string{
		"999090000001":  "current",
		"999190000001":  "former",
		"999190000002":  "ambiguous", // former number and CMND
		"999090000009":  "CMND-12",
		"000000001":     "CMND-9",
		"090000001":     "ambiguous", // last nine of the current number
		"190000001":     "ambiguous", // last nine of a former number
		"190000003":     "none",
		"999090000002":  "none",
		"":              "none",
		"99909000000":   "none",
		"99909000000a":  "none",
		" 999090000001": "none",
		"９":             "none",
	} {
		m := h.Match(number)
		if m.String() != want {
			t.Errorf("Match(%q) = %v, want %s", number, m, want)
		}
		is := map[string]bool{"none": m.None(), "current": m.Current(), "former": m.Former(), "CMND-9": m.CMND9(), "CMND-12": m.CMND12(), "ambiguous": m.Ambiguous()}
		for name, yes := range is {
			if yes != (name == want) {
				t.Errorf("Match(%q): %s is %v", number, name, yes)
			}
		}
	}
	if m := (History{}).Match("000000000"); !m.None() {
		t.Errorf("an empty history knows %v", m)
	}
	listed := History{Current: citizenID(t, "999090000001"), Old: []OldID{oldID(t, "090000001"), oldID(t, "999090000001")}}
	if !listed.Match("090000001").CMND9() || !listed.Match("999090000001").Current() {
		t.Error("what is listed wins over what is only derived, and the number in force over all")
	}
}

func TestCompareNames(t *testing.T) {
	const long = "Nguyễn Hoàng Phương Thảo Nguyên Minh Anh" // forty letters
	for _, c := range []struct {
		sentence, a, b string
		want           NameMatch
	}{
		{"one text", "Nguyễn Văn An", "Nguyễn Văn An", NamesEqual},
		{"case and spaces", "NGUYỄN  VĂN\u00a0AN ", "nguyễn văn an", NamesEqual},
		{"NFC and NFD", "Nguye\u0302\u0303n Va\u0306n An", "Nguyễn Văn An", NamesEqual},
		{"marks in the other order", "Nguye\u0302\u0323n", "Nguyện", NamesEqual},
		{"old and new tone placement", "Lê Thị Hoà", "Lê Thị Hòa", NamesEqual},
		{"tone placement after u", "Trần Thuý Uyên", "Trần Thúy Uyên", NamesEqual},
		{"kinds of apostrophe", "H\u2019Krông Niê", "H'Krông Niê", NamesEqual},
		{"no diacritics", "Nguyễn Văn An", "NGUYEN VAN AN", NamesUnaccented},
		{"đ is d", "Đỗ Đức Đạt", "Do Duc Dat", NamesUnaccented},
		{"eth for đ", "Ðỗ Ðức Ðạt", "Đỗ Đức Đạt", NamesUnaccented},
		{"other diacritics", "Trần Thị Hằng", "Trần Thị Hạng", NamesUnaccented},
		{"MRZ fillers", "Nguyễn Văn An", "NGUYEN<<VAN<AN", NamesUnaccented},
		{"MRZ leaves out apostrophes", "H'Krông Niê", "HKRONG<<NIE<<<<", NamesUnaccented},
		{"cut in the MRZ", long, "NGUYEN<<HOANG<PHUONG<THAO<NGUY", NamesTruncated},
		{"cut, as plain text", long, "NGUYEN HOANG PHUONG THAO NGUY", NamesTruncated},
		{"cut at 30 plain characters", long, "NGUYEN HOANG PHUONG THAO NGUYE", NamesTruncated},
		{"cut after a word", "Nguyễn Hoàng Phương Thảo An Minh", "NGUYEN HOANG PHUONG THAO AN", NamesDifferent},
		{"cut before a filler", "Nguyễn Hoàng Phương Thảo Anh Minh", "NGUYEN HOANG PHUONG THAO ANH", NamesTruncated},
		{"cut too early", long, "NGUYEN HOANG PHUONG THAO", NamesDifferent},
		{"a prefix that the MRZ had room for", "Nguyễn Văn An", "Nguyễn Văn", NamesDifferent},
		{"word order", "Nguyễn Văn An", "An Nguyễn Văn", NamesDifferent},
		{"words run together", "Nguyễn Văn An", "NguyễnVăn An", NamesDifferent},
		{"another name", "Nguyễn Văn An", "Nguyễn Văn Bình", NamesDifferent},
		{"another letter", "Lê Văn Tơ", "Lê Văn To A", NamesDifferent},
		{"replacement characters", "Nguy\ufffdn Văn An", "Nguy\ufffdn Văn An", NamesDifferent},
		{"question marks", "Nguy?n Van An", "Nguy?n Van An", NamesDifferent},
		{"broken UTF-8", "Nguy\xe1n", "Nguy\xe1n", NamesDifferent},
		{"control characters", "Nguy\u0085\x01n", "Nguy\u0085\x01n", NamesDifferent},
		{"nothing", "", "", NamesDifferent},
		{"only spaces", " ", " ", NamesDifferent},
		{"only signs", "'", ".", NamesDifferent},
	} {
		if got := CompareNames(c.a, c.b); got != c.want {
			t.Errorf("%s: %q and %q: %v, want %v", c.sentence, c.a, c.b, got, c.want)
		}
		if got := CompareNames(c.b, c.a); got != c.want {
			t.Errorf("%s, the other way: %v, want %v", c.sentence, got, c.want)
		}
	}
	if !(NamesEqual > NamesUnaccented && NamesUnaccented > NamesTruncated && NamesTruncated > NamesDifferent && NamesDifferent == 0) {
		t.Error("the answers are not ordered")
	}
	for m, want := range map[NameMatch]string{NamesEqual: "equal", NamesUnaccented: "equal without diacritics", NamesTruncated: "truncated", NamesDifferent: "different", 99: "different"} {
		if m.String() != want {
			t.Errorf("%d: %s", m, m)
		}
	}
}

func FuzzCompareNames(f *testing.F) {
	f.Add("Nguyễn Văn An", "NGUYEN<<VAN<AN")
	f.Add("Hoa\u0300", "Hòa")
	f.Add("Nguy?n", "Nguy\ufffdn")
	f.Fuzz(func(t *testing.T, a, b string) {
		ab, ba := CompareNames(a, b), CompareNames(b, a)
		if ab != ba {
			t.Errorf("%q, %q: %v one way, %v the other", a, b, ab, ba)
		}
		if ab == NamesEqual && (strings.ContainsAny(a+b, "?\ufffd")) {
			t.Errorf("damaged %q equals %q", a, b)
		}
		if self := CompareNames(a, a); self != NamesEqual && self != NamesDifferent {
			t.Errorf("%q against itself: %v", a, self)
		}
	})
}
