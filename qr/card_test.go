package qr_test

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// The invented texts of a card of each model.
const (
	card2021 = "999190000001|000000001|Nguyễn Thị Mẫu|31011990|Nữ|Thôn Ví Dụ, Xã Thử, Tỉnh Không Có|04032021"
	card2024 = "999090000002||Trần Văn Thử|15081990|Nam|Phường Mẫu, Tỉnh Không Có|02012025|999090000009|Trần Văn Cha|Lê Thị Mẹ|"
)

func parse(t testing.TB, text string) *qr.Card {
	t.Helper()
	c, err := qr.ParseCard(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return c
}

func TestParseCardReadsBothModels(t *testing.T) {
	c := parse(t, card2021)
	want := vneid.Record{
		ID: "999190000001", OldID: "000000001", Name: "Nguyễn Thị Mẫu", Birth: date(t, "1990-01-31"), Sex: vneid.Female,
		Residence:  vneid.Address{Text: "Thôn Ví Dụ, Xã Thử, Tỉnh Không Có", AsOf: date(t, "2021-03-04")},
		CardIssued: date(t, "2021-03-04"), CardIssuer: "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
	}
	if got := c.Reveal(); !reflect.DeepEqual(got, want) || c.Model() != 2021 || !c.Exact() || len(c.Extra()) != 0 {
		t.Errorf("%+v, model %d, want %+v", got, c.Model(), want)
	}
	c = parse(t, card2024)
	want = vneid.Record{
		ID: "999090000002", FormerIDs: []string{"999090000009"}, Name: "Trần Văn Thử", Birth: date(t, "1990-08-15"), Sex: vneid.Male,
		Residence:  vneid.Address{Text: "Phường Mẫu, Tỉnh Không Có", AsOf: date(t, "2025-01-02")},
		CardIssued: date(t, "2025-01-02"), CardIssuer: "Bộ Công an", Father: "Trần Văn Cha", Mother: "Lê Thị Mẹ",
	}
	if got := c.Reveal(); !reflect.DeepEqual(got, want) || c.Model() != 2024 || !c.Exact() || len(c.Extra()) != 4 {
		t.Errorf("%+v, model %d, want %+v", got, c.Model(), want)
	}
	for _, text := range []string{card2021, card2024} {
		if w := parse(t, text).Warnings(noon); len(w) != 0 {
			t.Errorf("%q: %v", text, w)
		}
	}
}

func TestWhatReadersPutAroundACardTextChangesNothing(t *testing.T) {
	want := parse(t, card2021)
	nfd := strings.NewReplacer("ễ", "e\u0302\u0303", "ị", "i\u0323", "ẫ", "a\u0302\u0303", "ữ", "u\u031b\u0303", "ô", "o\u0302").Replace(card2021)
	if nfd == card2021 {
		t.Fatal("not decomposed")
	}
	for name, text := range map[string]string{
		"carriage return": card2021 + "\r", "line feed": card2021 + "\r\n", "tab": card2021 + "\t", "byte order mark": "\ufeff" + card2021,
		"spaces": "  " + card2021 + "  ", "NUL": card2021 + "\x00", "separator": card2021 + "|", "decomposed": nfd,
		"spaces in the fields": strings.ReplaceAll(card2021, "|", " | "),
	} {
		c, err := qr.ParseCard(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(c.Reveal(), want.Reveal()) || !c.Exact() || c.Model() != 2021 {
			t.Errorf("%s: %+v", name, c.Reveal())
		}
	}
}

func TestAHeadThatIsNotOneIsRefused(t *testing.T) {
	field := func(i int, value string) string {
		f := strings.Split(card2021, "|")
		f[i] = value
		return strings.Join(f, "|")
	}
	parse(t, card2021) // the twin of all
	for name, text := range map[string]string{
		"number of eleven digits":        field(0, "99919000001"),
		"number of thirteen digits":      field(0, "9991900000001"),
		"number with a letter":           field(0, "99919000000O"),
		"number in full-width digits":    field(0, "９９９１９０００００００１"),
		"number with a space":            field(0, "999190 00001"),
		"old number of eight digits":     field(1, "00000001"),
		"old number with a letter":       field(1, "00000000x"),
		"no name":                        field(2, ""),
		"birth on 31 February":           field(3, "31021990"),
		"birth of seven digits":          field(3, "1011990"),
		"birth in another order":         field(3, "19900131"),
		"birth with slashes":             field(3, "31/01/1990"),
		"birth in words":                 field(3, "Không thời hạn"),
		"no sex":                         field(4, ""),
		"sex in English":                 field(4, "Female"),
		"issued on day 0":                field(6, "00032021"),
		"no issue":                       field(6, ""),
		"six fields":                     strings.Join(strings.Split(card2021, "|")[1:], "|"),
		"five fields":                    "999190000001|000000001|Nguyễn Thị Mẫu|31011990|Nữ",
		"seventeen fields":               card2021 + strings.Repeat("|", 10),
		"line feed inside":               field(2, "Nguyễn\nThị Mẫu"),
		"tab inside":                     field(2, "Nguyễn\tThị Mẫu"),
		"zero-width space inside":        field(2, "Nguyễn\u200bThị Mẫu"),
		"grapheme joiner":                field(2, "Nguyễn\u034f Thị Mẫu"),
		"Hangul filler for a space":      field(2, "Nguyễn\u3164Thị Mẫu"),
		"braille blank for a name":       field(2, "\u2800"),
		"variation selector":             field(5, "Thôn Ví\ufe0f Dụ"),
		"right-to-left override":         field(2, "Nguyễn\u202eThị Mẫu"),
		"byte order mark inside":         field(2, "Nguyễn\ufeffThị Mẫu"),
		"name of 129 letters":            field(2, strings.Repeat("N", 129)),
		"not UTF-8":                      field(2, "Nguy\xe1\xbbn"),
		"more than 2 KiB":                field(5, strings.Repeat("Xã ", 800)),
		"link":                           "https://vneid.example/a|b|c|d|e|f|g",
		"labels":                         "CCCD:999190000001|CMND:000000001|a|b|c|d|e",
		"nothing":                        "",
		"a signed code":                  spellings(t, dynamic(t), edKey)["VN1"],
		"pipe in the address":            field(5, "Thôn|Xã"),
		"sex of somebody careless (nil)": field(4, "null"),
	} {
		c, err := qr.ParseCard(text)
		if err == nil || c != nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		if kindOf(t, err) != vneid.ErrMalformed || !strings.HasPrefix(err.Error(), "qr: ") {
			t.Errorf("%s: %v", name, err)
		}
		if leak := personal(err.Error()); leak != "" || strings.Contains(err.Error(), "Nguy") {
			t.Errorf("%s: %q tells of the card", name, err)
		}
	}
}

func TestTheTailIsKeptAndTakenOnlyWhereItIsCertain(t *testing.T) {
	for _, v := range []struct {
		name, tail     string
		model          int
		former         []string
		father, mother string
	}{
		{"usual eleven, all empty", "||||", 2024, nil, "", ""},
		{"usual eleven, one parent", "|||Lê Thị Mẹ|", 2024, nil, "", "Lê Thị Mẹ"},
		{"two former numbers", "|999090000009||||999090000008", 2024, []string{"999090000009", "999090000008"}, "", ""},
		{"ten fields", "||Trần Văn Cha|Lê Thị Mẹ", 2024, nil, "", ""},
		{"parent that is no name", "||12345|Lê Thị Mẹ|", 2024, nil, "", "Lê Thị Mẹ"},
		{"own number again", "|999190000001|||", 2024, nil, "", ""},
		{"sixteen fields", "|||||||||", 2024, nil, "", ""},
		{"eight fields", "|31012030", 0, nil, "", ""},
		{"nine fields", "|31012030|x", 0, nil, "", ""},
	} {
		c := parse(t, card2021+v.tail)
		r := c.Reveal()
		if c.Model() != v.model || !slices.Equal(r.FormerIDs, v.former) || r.Father != v.father || r.Mother != v.mother {
			t.Errorf("%s: model %d, %+v", v.name, c.Model(), r)
		}
		if got := strings.Join(c.Extra(), "|"); "|"+got != v.tail {
			t.Errorf("%s: extra %q", v.name, got)
		}
	}
	if got := parse(t, card2021+"|31012030").Reveal().CardIssuer; !strings.HasPrefix(got, "Cục") {
		t.Errorf("an unknown layout of 2021 is by %q", got)
	}
}

func TestWarnings(t *testing.T) {
	for _, v := range []struct {
		name, text string
		want       []qr.Warning
	}{
		{"another year of birth", strings.Replace(card2021, "31011990", "31011991", 1), []qr.Warning{"number-birth"}},
		{"another century of birth", strings.Replace(card2021, "31011990", "31011890", 1), []qr.Warning{"number-birth"}},
		{"another sex", strings.Replace(card2021, "Nữ", "Nam", 1), []qr.Warning{"number-sex"}},
		{"issued tomorrow", strings.Replace(card2024, "02012025", "16012026", 1), []qr.Warning{"issued-future"}},
		{"issued today", strings.Replace(card2024, "02012025", "15012026", 1), nil},
		{"born tomorrow", "999226000001||Nguyễn Thị Mẫu|16012026|Nam|Xã Thử|04032021", []qr.Warning{"birth-future", "issued-before-birth"}},
		{"old layout, new card", strings.Replace(card2021, "04032021", "01072024", 1), []qr.Warning{"layout-date"}},
		{"new layout, old card", strings.Replace(card2024, "02012025", "30062024", 1), []qr.Warning{"layout-date"}},
		{"eight fields", card2021 + "|31012030", []qr.Warning{"layout-unknown"}},
		{"accents lost", "999190000001||Nguyen Thi Mau|31011990|Nu|Xa Thu, Tinh Khong Co|04032021", []qr.Warning{"accents-lost"}},
		{"accents lost by a man", "999090000001||Tran Van Thu|31011990|Nam|Xa Thu, Tinh Khong Co|04032021", []qr.Warning{"accents-lost"}},
		{"a short name that has none", "999090000001||Mai Lan|31011990|Nam|Huế|04032021", nil},
		{"question marks", "999190000001||Nguy?n Th? M?u|31011990|N?|X? Th?|04032021", []qr.Warning{"characters-lost"}},
		{"replacement characters", "999190000001||Nguy\ufffdn|31011990|N\ufffd|Xã|04032021", []qr.Warning{"characters-lost"}},
		{"a Cyrillic letter", strings.Replace(card2021, "Mẫu", "\u041cẫu", 1), []qr.Warning{"foreign-letters"}},
		{"a digit", strings.Replace(card2021, "Mẫu", "M4u", 1), []qr.Warning{"foreign-letters"}},
		{"the name of a minority", strings.Replace(card2021, "Nguyễn Thị Mẫu", "H'Ƀlŭ Niê-Kđăm", 1), nil},
		{"a Chinese name", strings.Replace(card2021, "Nguyễn Thị Mẫu", "Nguy藺 Th", 1), []qr.Warning{"reencoded"}},
	} {
		c := parse(t, v.text)
		got := c.Warnings(noon)
		if !slices.Equal(got, v.want) {
			t.Errorf("%s: %v, want %v", v.name, got, v.want)
		}
		for _, w := range got {
			if vi, en := w.Text(); vi == "" || en == "" {
				t.Errorf("%s has no text", w)
			}
		}
	}
	future := strings.Replace(card2024, "02012025", "16012026", 1)
	if w := parse(t, future).Warnings(time.Time{}); len(w) != 0 {
		t.Errorf("without a clock: %v", w)
	}
	if late := noon.Add(12 * time.Hour); len(parse(t, future).Warnings(late)) != 0 { // 17:00 UTC is midnight in Vietnam
		t.Error("the day is not that of Vietnam")
	}
}

func TestRetypedLettersAreRepairedAndNotExact(t *testing.T) {
	const want = "Nguyễn Thị Đào"
	for _, v := range []struct {
		text string
		warn qr.Warning
	}{
		{"999190000001||Nguyeexn Thij DDaof|31011990|Nuwx|Thoon Moojt, Xax Hoafn Thieejn, Haf Nooji|04032021", "retyped-telex"},
		{"999190000001||Nguye64n Thi5 D9a2o|31011990|Nu74|Tho6n Mo65t, Xa4 Hoa2n Thie65n, Ha2 No65i|04032021", "retyped-vni"},
		{"999190000001||Nguye64n Thi5 D9a2o|31011990|Nữ|Tho6n Mo65t, Xa4 Hoa2n Thie65n, Ha2 No65i|04032021", "retyped-vni"},
	} {
		v.text = strings.Replace(v.text, "DDaof", "DDafo", 1)
		c := parse(t, v.text)
		if got := c.Reveal(); got.Name != want || got.Residence.Text != "Thôn Một, Xã Hoàn Thiện, Hà Nội" || got.Sex != vneid.Female {
			t.Errorf("%s: %q, %q", v.warn, got.Name, got.Residence.Text)
		}
		if c.Exact() || !slices.Equal(c.Warnings(noon), []qr.Warning{v.warn}) {
			t.Errorf("exact %v, %v, want %v", c.Exact(), c.Warnings(noon), v.warn)
		}
	}
	upper := parse(t, "999190000001||NGUYEEXN THIJ DDAFO|31011990|NUWX|SOOS 12A, NHAF A2|04032021").Reveal()
	if upper.Name != strings.ToUpper(want) || upper.Residence.Text != "SỐ 12A, NHÀ A2" {
		t.Errorf("%q, %q", upper.Name, upper.Residence.Text)
	}
	for _, text := range []string{ // each differs from a retyped one in what is intact
		"Siu Bar|01011990|Nam|Xã Ví Dụ, Tỉnh Không Có|04032021",
		"Nay Phar|01011990|Nữ|Buon Tas, Tinh Khong Co|04032021",
		"Nay Phar|01011990|Nu|Buon Tas, Tinh Khong Co|04032021",
		"Ksor H Mar|01011990|Nữ|Xã Ví Dụ, Tỉnh Không Có|04032021",
		"Siu Bar|01011990|Nam|Buon Tas, Tinh Khong Co|04032021||Siu Bố||",
		"Siu Bar|01011990|Nam|Plei Ku|04032021",
		"Siu Bar|01011990|N?|Buon Tas|04032021",
	} {
		c := parse(t, "999190000001||"+text)
		name, _, _ := strings.Cut(text, "|")
		r := c.Reveal()
		if r.Name != name || !strings.Contains(text, "|"+r.Residence.Text+"|") {
			t.Errorf("%s became %q, %q", text, r.Name, r.Residence.Text)
		}
		if intact := strings.ContainsAny(text, "ãữố"); c.Exact() != intact {
			t.Errorf("%s: exact %v, %v", text, c.Exact(), c.Warnings(noon))
		}
	}
	for _, text := range []string{ // their twins: Siu Bả, Nay Phả
		"Siu Bar|01011990|Nam|Xax Vis Duj|04032021", "Nay Phar|01011990|Nuwx|Buon|04032021",
	} {
		c := parse(t, "999190000001||"+text)
		if name := c.Reveal().Name; !strings.HasSuffix(name, "ả") || !slices.Contains(c.Warnings(noon), "retyped-telex") {
			t.Errorf("%s stayed %q, %v", text, name, c.Warnings(noon))
		}
	}
	for _, name := range []string{"Ksor Y Wen", "Moses Tran", "Nguyen Van Ba", "Xzqw Thij", "Lan Anh"} {
		c := parse(t, "999190000001||"+name+"|31011990|Nữ|Huế|04032021")
		if got := c.Reveal().Name; got != name {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func TestWrongCharacterSetsAreUndoneAndNotExact(t *testing.T) {
	raw, err := os.ReadFile("testdata/mangled.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []struct{ Codec, Text, Mangled string }
	if err := json.Unmarshal(raw, &all); err != nil || len(all) < 20 {
		t.Fatal(err, len(all))
	}
	names := map[string]qr.Warning{
		"big5": "reencoded-big5", "cp950": "reencoded-big5", "shift_jis": "reencoded-shift-jis", "cp932": "reencoded-shift-jis",
	}
	for _, v := range all {
		sound, c := parse(t, v.Text), parse(t, v.Mangled)
		if !sound.Exact() || c.Exact() || !reflect.DeepEqual(c.Reveal(), sound.Reveal()) {
			t.Errorf("%s: %+v, want %+v", v.Codec, c.Reveal(), sound.Reveal())
		}
		if !slices.Contains(c.Warnings(noon), names[v.Codec]) {
			t.Errorf("%s: %v", v.Codec, c.Warnings(noon))
		}
	}
	// Latin-1 and Windows-1252 need no table of Python's.
	var latin strings.Builder
	for _, b := range []byte(card2021) {
		latin.WriteRune(rune(b))
	}
	for _, text := range []string{latin.String(), strings.ReplaceAll(latin.String(), "\u0085", "…")} {
		c := parse(t, text)
		if c.Exact() || c.Reveal().Name != "Nguyễn Thị Mẫu" || !slices.Contains(c.Warnings(noon), "reencoded-latin1") {
			t.Errorf("%q, %v", c.Reveal().Name, c.Warnings(noon))
		}
	}
}

func TestTextsMadeToConfuseAreReadOrRefused(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("藺", 682), strings.Repeat("|", 2048), "999190000001|" + strings.Repeat("a\u0301", 600),
		"999190000001|||31011990|Nữ|" + strings.Repeat("\u0301", 500) + "|04032021",
		strings.Replace(card2021, "Mẫu", strings.Repeat("ﾃ", 100), 1),
	} {
		c, err := qr.ParseCard(text)
		if err == nil && c.Exact() {
			t.Errorf("%d bytes are taken for an exact card", len(text))
		}
		if err != nil && kindOf(t, err) != vneid.ErrMalformed {
			t.Error(err)
		}
	}
}

func TestTheZeroCardIsEmpty(t *testing.T) {
	var none *qr.Card
	for _, c := range []*qr.Card{none, new(qr.Card)} {
		if c.Exact() || c.Model() != 0 || c.Reveal().ID != "" || len(c.Extra())+len(c.Warnings(noon)) != 0 {
			t.Error("the zero Card says something")
		}
	}
}
