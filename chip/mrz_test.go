package chip_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// specimens were made by testdata/make_mrz.py, which computes the check digits
// on its own.
func specimens(t *testing.T) (zones []struct {
	Number string
	Lines  []string
}) {
	t.Helper()
	b, err := os.ReadFile("testdata/mrz.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &zones); err != nil || len(zones) < 3 {
		t.Fatal(err, len(zones))
	}
	return zones
}

func TestForeignZonesParse(t *testing.T) {
	for _, z := range specimens(t) {
		text := strings.Join(z.Lines, "\r\n") + "\n"
		m, err := chip.ParseMRZ(text)
		if err != nil {
			t.Fatalf("%s: %v", z.Number, err)
		}
		if got := m.ID().Reveal(); got != z.Number {
			t.Errorf("number %s, want %s", got, z.Number)
		}
		if got := m.Reveal(); got != strings.Join(z.Lines, "\n") {
			t.Errorf("Reveal gives %q", got)
		}
	}
}

func TestFieldsOfZones(t *testing.T) {
	for i, want := range []struct{ document, birth, expires, surname, given string }{
		{"090000001", "1990-01-01", "2030-01-01", "NGUYEN", "VAN AN"},
		{"190000002", "1990-05-17", "Không thời hạn", "TRAN", "THI BINH"},
		{"154000018", "1954", "Không thời hạn", "HO", "THI UYEN"},
		{"304000003", "2004-11-30", "2029-11-30", "NGUYEN PHUC", "HOANG THI KIM PHU"},
		{"C0000001", "1990-01-01", "2030-01-01", "NGUYEN", "VAN AN"},
		{"N0000002", "", "2028-04-12", "TRAN", "THI MAU"},
	} {
		m, err := chip.ParseMRZ(strings.Join(specimens(t)[i].Lines, "\n"))
		if err != nil {
			t.Fatal(i, err)
		}
		f := m.Fields()
		if f.Document != want.document || f.Birth.String() != want.birth || f.Expires.String() != want.expires ||
			f.Surname != want.surname || f.Given != want.given || f.Passport != (i >= 4) || m.State() != "VNM" || m.Nationality() != "VNM" {
			t.Errorf("zone %d: %+v", i, f)
		}
		if f.Birth.IsZero() {
			continue // the century is lost, so the zone cannot be composed again
		}
		again, err := f.Compose()
		if err != nil || again != m {
			t.Errorf("zone %d composes to %s, %v", i, again.Reveal(), err)
		}
		if a, err := f.Access(); err != nil || a.String() != "MRZ" {
			t.Errorf("zone %d gives no access: %v", i, err)
		}
	}
}

func TestZonesAreComposedFromVietnameseNames(t *testing.T) {
	id, _ := vneid.ParseCitizenID("999193000019")
	birth, _ := vneid.ParseDate("1993-03-30")
	expires, _ := vneid.ParseDate("2033-03-30")
	f := chip.MRZFields{ID: id, Birth: birth, Expires: expires, Sex: vneid.Female, Surname: "H'Yên", Given: "Niê Kđăm"}
	m, err := f.Compose()
	if err != nil || m.Name() != "HYEN NIE KDAM" {
		t.Error(m.Name(), err)
	}
	for name, change := range map[string]func(*chip.MRZFields){
		"no number":            func(f *chip.MRZFields) { f.ID = vneid.CitizenID{} },
		"no birth":             func(f *chip.MRZFields) { f.Birth = vneid.Date{} },
		"no expiry":            func(f *chip.MRZFields) { f.Expires = vneid.Date{} },
		"a birth without end":  func(f *chip.MRZFields) { f.Birth = vneid.Forever() },
		"an expiry of a year":  func(f *chip.MRZFields) { f.Expires, _ = vneid.ParseDate("2033") },
		"no surname":           func(f *chip.MRZFields) { f.Surname = "" },
		"a name in Cyrillic":   func(f *chip.MRZFields) { f.Given = "Анна" },
		"a long document":      func(f *chip.MRZFields) { f.Document = "0123456789" },
		"a document in å":      func(f *chip.MRZFields) { f.Document = "å" },
		"another sex":          func(f *chip.MRZFields) { f.Sex = "other" },
		"a passport of nobody": func(f *chip.MRZFields) { f.Passport, f.Document = true, "" },
	} {
		broken := f
		change(&broken)
		if m, err := broken.Compose(); !errors.Is(err, vneid.ErrMalformed) || !m.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Each of the ninety characters is covered: changing one is refused, or it
// stands in the name or the sex, which no check digit protects.
func TestEveryProtectedCharacterIsChecked(t *testing.T) {
	text := strings.Join(specimens(t)[0].Lines, "")
	if _, err := chip.ParseMRZ(text); err != nil {
		t.Fatal("the twin:", err)
	}
	for i := range 60 {
		b := []byte(text)
		b[i] = "10"[b2i(b[i] == '1')]
		_, err := chip.ParseMRZ(string(b))
		unprotected := i == 1 || i >= 45 && i < 48 // document code's second letter, nationality
		if refused := errors.Is(err, vneid.ErrMalformed); refused == unprotected {
			t.Errorf("character %d changed to %c: %v", i, b[i], err)
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestZonesThatAreRefused(t *testing.T) {
	good := strings.Join(specimens(t)[0].Lines, "\n")
	if _, err := chip.ParseMRZ(good); err != nil {
		t.Fatal("the twin:", err)
	}
	for name, bad := range map[string]string{
		"empty":            "",
		"a line short":     good[:61],
		"lower case":       strings.ToLower(good),
		"a passport":       "P" + good[1:],
		"another State":    strings.Replace(good, "VNM", "UTO", 1),
		"a letter Ă":       strings.Replace(good, "NGUYEN<", "NGUYĂN", 1),
		"another sex":      strings.Replace(good, "M3", "X3", 1),
		"a huge text":      strings.Repeat(good, 1000),
		"one more filler":  good + "<",
		"zero bytes":       strings.Repeat("\x00", 90),
		"only fillers":     strings.Repeat("<", 90),
		"full-width digit": strings.Replace(good, "0", "０", 1),
	} {
		m, err := chip.ParseMRZ(bad)
		if !errors.Is(err, vneid.ErrMalformed) || !m.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "0123456789") {
			t.Errorf("%s: the text shows digits: %v", name, err)
		}
	}
}

func TestZonesDoNotPrintThemselves(t *testing.T) {
	z := specimens(t)[0]
	m, err := chip.ParseMRZ(strings.Join(z.Lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, m) + fmt.Sprintf(verb, struct{ hidden chip.MRZ }{m}) + fmt.Sprintf(verb, []any{m.Access(), &m}); strings.Contains(got, z.Number[3:]) || strings.Contains(got, "NGUYEN") {
			t.Errorf("%s shows %s", verb, got)
		}
	}
}

func ExampleParseMRZ() {
	m, err := chip.ParseMRZ(`
		IDVNM0900000018999090000001<<7
		9001011M3001019VNM<<<<<<<<<<<4
		NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<`)
	fmt.Println(m, m.Name(), m.Sex(), err)
	// Output: MRZ *********001 NGUYEN VAN AN male <nil>
}

func FuzzParseMRZ(f *testing.F) {
	f.Add("IDVNM0900000018999090000001<<79001011M3001019VNM<<<<<<<<<<<4NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := chip.ParseMRZ(s)
		if err != nil {
			if !errors.Is(err, vneid.ErrMalformed) || !m.IsZero() {
				t.Fatal(err)
			}
			return
		}
		again, err := chip.ParseMRZ(m.Reveal())
		if err != nil || again != m {
			t.Fatal("does not read back", err)
		}
	})
}
