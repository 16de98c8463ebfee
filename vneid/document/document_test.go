package document

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func date(t testing.TB, s string) vneid.Date {
	t.Helper()
	if s == "" {
		return vneid.Date{}
	}
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryKindHasItsLabels(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range []Kind{
		CitizenCard, OldCard, ElectronicID, Passport, Residence, DriverLicence, VehicleRegistration,
		HealthInsurance, SocialInsurance, TaxCode, JudicialRecord, HealthRecord, Dependants,
		Identity, JudicialRecord2, Biometrics,
	} {
		vi, en := k.Label()
		if vi == string(k) || vi == "" || en == "" || viet.Accented(en) || seen[vi] {
			t.Errorf("%s: %q, %q", k, vi, en)
		}
		seen[vi] = true
	}
	if len(seen) != len(labels) {
		t.Errorf("%d labels for %d kinds", len(labels), len(seen))
	}
	if vi, en := Kind("land-title").Label(); vi != "land-title" || en != "land-title" {
		t.Errorf("an unknown kind is kept: %q, %q", vi, en)
	}
}

func TestEstimateExpiry(t *testing.T) {
	for _, c := range []struct{ sentence, birth, issued, want string }{
		{"a child's card, to 14", "2015-05-06", "2024-07-01", "2029-05-06"},
		{"within two years of 14, to 25", "2015-05-06", "2027-05-06", "2040-05-06"},
		{"a day before these two years", "2015-05-06", "2027-05-05", "2029-05-06"},
		{"of age, to 25", "2005-05-06", "2023-05-05", "2030-05-06"},
		{"23, to 40", "2000-05-06", "2023-05-06", "2040-05-06"},
		{"in the thirties, to 40", "1990-05-06", "2021-05-06", "2030-05-06"},
		{"38, to 60", "1985-05-06", "2023-05-06", "2045-05-06"},
		{"57, to 60", "1965-05-06", "2022-05-06", "2025-05-06"},
		{"58, for ever", "1965-05-06", "2023-05-06", "Không thời hạn"},
		{"old, for ever", "1930", "2021", "Không thời hạn"},
		{"a year of birth alone", "1990", "2021-05-06", "2030"},
		{"a month of birth", "1990-05", "2021-05-06", "2030-05"},
		{"a year of birth that does not settle it", "2000", "2023-05-06", "none"},
		{"born on 29 February", "2004-02-29", "2022-05-06", "2029-02-28"},
		{"issued before birth", "2015-05-06", "2015-05-05", "none"},
		{"no date of birth", "", "2021", "none"},
		{"no date of issue", "1990", "", "none"},
		{"no expiry is no date of issue", "1990", "Không thời hạn", "none"},
	} {
		got, ok := EstimateExpiry(date(t, c.birth), date(t, c.issued))
		if text := got.String(); ok != (c.want != "none") || ok && text != c.want || !ok && text != "" {
			t.Errorf("%s: %q, %v, want %s", c.sentence, text, ok, c.want)
		}
	}
}

func TestLicenceClasses(t *testing.T) {
	before, since := date(t, "2024-12-31"), date(t, "2025-01-01")
	if n, m := len(LicenceClasses(before)), len(LicenceClasses(since)); n != 14 || m != 15 {
		t.Errorf("%d old classes, %d new ones", n, m)
	}
	for _, c := range []struct {
		class      LicenceClass
		old, since bool
	}{
		{"A1", true, true}, {"A", false, true}, {"A2", true, false}, {"b2", true, false}, {"B", false, true}, {"B1", true, true},
		{"B1 (số tự động)", true, false}, {"B1 so tu dong", true, false}, {"C1E", false, true}, {"FE", true, false}, {"D2E", false, true}, {"Z", false, false}, {"", false, false},
	} {
		if c.class.IssuedOn(before) != c.old || c.class.IssuedOn(since) != c.since || c.class.IssuedOn(vneid.Date{}) {
			t.Errorf("%q: %v, %v", c.class, c.class.IssuedOn(before), c.class.IssuedOn(since))
		}
	}
	for class, want := range map[LicenceClass]string{
		"A1": "A", "A2": "A", "A3": "B1", "A4": "", "B1 số tự động": "B", "B1": "B C1", "B2": "B C1", "C": "C", "D": "D2", "E": "D",
		"FB2": "BE", "FC": "CE", "FD": "D2E", "FE": "DE", "BE": "",
	} {
		var got []string
		for _, e := range class.Exchanges() {
			got = append(got, string(e.Class))
			if !e.Class.IssuedOn(since) {
				t.Errorf("%s is exchanged for %s, which is not issued", class, e.Class)
			}
			if limited := class == "A1" || class == "B1 số tự động"; limited != (e.Limit != "") {
				t.Errorf("%s: limit %q", class, e.Limit)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is exchanged for %v, want %s", class, got, want)
		}
	}
	for _, class := range LicenceClasses(before) {
		if len(class.Exchanges()) == 0 && class != "A4" {
			t.Errorf("%s has no new class", class)
		}
	}
	LicenceClasses(since)[0] = "changed"
	if LicenceClasses(since)[0] != "A1" {
		t.Error("a caller can change the table")
	}
}

func TestInsuranceNumbers(t *testing.T) {
	for in, want := range map[string]HealthCard{
		"DN4010000000001":    {"DN", 4, "001", "0000000001"},
		"te1 79 00000 00001": {"TE", 1, "079", "0000000001"},
		"HT3 97 0000000001":  {"HT", 3, "097", "0000000001"}, // the army's cards: no province
		"0000000001":         {"", 0, "", "0000000001"},
	} {
		got, err := ParseHealthCard(in)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", in, got, err)
		}
	}
	shares := []int{0, 100, 100, 95, 80, 100}
	for benefit, want := range shares {
		if got := (HealthCard{Benefit: benefit}).Share(); got != want {
			t.Errorf("benefit %d: %d", benefit, got)
		}
	}
	if (HealthCard{Benefit: -1}).Share() != 0 {
		t.Error("no level is paid")
	}
	for _, c := range []struct{ fault, twin, refused string }{
		{"benefit level 6", "DN5010000000001", "DN6010000000001"},
		{"benefit level 0", "DN1010000000001", "DN0010000000001"},
		{"one letter", "DN4010000000001", "D44010000000001"},
		{"a letter among the digits", "DN4010000000001", "DN401000000000l"},
		{"fourteen characters", "DN4010000000001", "DN401000000001"},
		{"letters that are not ASCII", "DN4010000000001", "Đ4010000000001"},
		{"nine digits", "0000000001", "000000001"},
		{"eleven digits", "0000000001", "00000000001"},
		{"nothing", "0000000001", ""},
	} {
		if _, err := ParseHealthCard(c.twin); err != nil {
			t.Errorf("%s: the twin: %v", c.fault, err)
		}
		if got, err := ParseHealthCard(c.refused); !errors.Is(err, vneid.ErrMalformed) || got != (HealthCard{}) {
			t.Errorf("%s: %+v, %v", c.fault, got, err)
		}
	}
	if got, err := ParseSocialNumber("00000 00001"); err != nil || got != "0000000001" {
		t.Error(got, err)
	}
	if got, err := ParseSocialNumber("000000000a"); !errors.Is(err, vneid.ErrMalformed) || got != "" {
		t.Error(got, err)
	}
}

func TestSlogShowsNeitherCardNorPlate(t *testing.T) {
	card, plate := HealthCard{Number: "1234567890"}, Plate{"29", "A", "67890"}
	for name, write := range map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var out bytes.Buffer
		slog.New(write(&out)).Info("m", "card", card, "cards", &card, "plate", plate, "plates", &plate, slog.Group("g", "card", card, "plate", plate))
		if strings.Contains(out.String(), "890") || !strings.Contains(out.String(), "health insurance card") || !strings.Contains(out.String(), "registration plate") {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}

func TestPlates(t *testing.T) {
	for in, want := range map[string]Plate{
		"29A-123.45":    {"29", "A", "12345"},
		"29a 12345":     {"29", "A", "12345"},
		"29A123.45":     {"29", "A", "12345"},
		"29-A1234":      {"29", "A", "1234"},
		"29-B1 234.56":  {"29", "B1", "23456"},
		"29B1-2345":     {"29", "B1", "2345"},
		"29-B1\n234.56": {"29", "B1", "23456"},
		"29B123456":     {"29", "B1", "23456"},
		"29-AA 123.45":  {"29", "AA", "12345"},
		"51LD-123.45":   {"51", "LD", "12345"},
		"29-MĐ1 234.56": {"29", "MĐ1", "23456"},
		"29-md1 234.56": {"29", "MD1", "23456"},
		"80-NG-001-01":  {"80", "NG", "00101"},
	} {
		got, err := ParsePlate(in)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", in, got, err)
			continue
		}
		if again, err := ParsePlate(got.String()); err != nil || again != got {
			t.Errorf("%q is written %q and read %+v, %v", in, got, again, err)
		}
	}
	for _, c := range []struct{ fault, twin, refused string }{
		{"two readings", "29B-12345", "29B12345"},
		{"six digits after a letter", "29A-12345", "29A-123456"},
		{"three digits", "29A-1234", "29A-123"},
		{"seven digits", "29B123456", "29B1234567"},
		{"no letter", "29A-12345", "29-12345"},
		{"three letters", "29AA-12345", "29AAA-12345"},
		{"an army plate", "29TM-1234", "TM-12-34"},
		{"a letter in the number", "29A-12345", "29A-1234O"},
		{"one digit of place", "29A-12345", "9A-12345"},
		{"digits that are not ASCII", "29A-12345", "29A-１２３４５"},
		{"endless", "29A-12345", "29A-12345" + strings.Repeat(" ", 99)},
		{"nothing", "29A-12345", "-"},
	} {
		if _, err := ParsePlate(c.twin); err != nil {
			t.Errorf("%s: the twin: %v", c.fault, err)
		}
		if got, err := ParsePlate(c.refused); !errors.Is(err, vneid.ErrMalformed) || got != (Plate{}) {
			t.Errorf("%s: %+v, %v", c.fault, got, err)
		}
	}
	used := map[vneid.Province]bool{}
	before := date(t, "2024")
	for local, code := range plateProvinces {
		if code.Name(before) == "" || (Plate{Local: local}).Province() != code {
			t.Errorf("%s: %q", local, code)
		}
		used[code] = true
	}
	if len(used) != 63 {
		t.Errorf("local numbers of %d provinces", len(used))
	}
	for local, name := range map[string]string{"29": "Hà Nội", "40": "Hà Nội", "59": "Hồ Chí Minh", "41": "Hồ Chí Minh", "16": "Hải Phòng", "80": "", "10": ""} {
		if got := (Plate{Local: local}).Province().Name(before); got != name {
			t.Errorf("%s: %q", local, got)
		}
	}
	if hanoi := []string{"29", "30", "31", "32", "33", "40"}; slices.ContainsFunc(hanoi, func(l string) bool { return plateProvinces[l] != "001" }) {
		t.Error("Hà Nội has 29 to 33 and 40")
	}
}

func FuzzParsePlate(f *testing.F) {
	for _, s := range []string{"29A-123.45", "29-B1 234.56", "29B12345", "80-NG-001-01", "29-MĐ1 234.56", "TM-12-34"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePlate(s)
		if err != nil {
			if p != (Plate{}) || !errors.Is(err, vneid.ErrMalformed) {
				t.Fatal(p, err)
			}
			return
		}
		if again, err := ParsePlate(p.String()); err != nil || again != p {
			t.Errorf("%q: %+v is written %q and read %+v, %v", s, p, p, again, err)
		}
	})
}

func FuzzParseHealthCard(f *testing.F) {
	for _, s := range []string{"DN4010000000001", "0000000001", "te1 79 00000 00001", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseHealthCard(s)
		if (err == nil) != (len(c.Number) == 10) || err != nil && !errors.Is(err, vneid.ErrMalformed) {
			t.Fatalf("%q: %+v, %v", s, c, err)
		}
	})
}
