package chiptest

import (
	"bytes"
	"encoding/json"
	"image/jpeg"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// The zones that chip/testdata/make_mrz.py computed, from the same facts.
func TestZonesAgreeWithPython(t *testing.T) {
	text, err := os.ReadFile("../testdata/mrz.json")
	if err != nil {
		t.Fatal(err)
	}
	var zones []struct {
		Number string
		Lines  []string
	}
	if err := json.Unmarshal(text, &zones); err != nil {
		t.Fatal(err)
	}
	date := func(s string) vneid.Date {
		d, err := vneid.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	records := map[string]vneid.Record{
		"999090000001": {Name: "Nguyễn Văn An", Birth: date("1990-01-01"), CardExpires: date("2030-01-01"), Sex: vneid.Male},
		"999190000002": {Name: "Trần Thị Bình", Birth: date("1990-05-17"), CardExpires: vneid.Forever(), Sex: vneid.Female},
		"999154000018": {Name: "Hồ Thị Uyên", Birth: date("1954"), CardExpires: vneid.Forever(), Sex: vneid.Female},
	}
	compared := 0
	for _, z := range zones {
		r, known := records[z.Number]
		if r.ID = z.Number; !known || len(z.Lines) != 3 {
			continue
		}
		compared++
		if got := newAccess(r); !slices.Equal(got.MRZ, z.Lines) || got.CAN != z.Number[6:] {
			t.Errorf("%s: %q, want %q", z.Number, got.MRZ, z.Lines)
		}
	}
	if compared < 2 {
		t.Errorf("only %d zones compared", compared)
	}
}

func TestNamesInTheZone(t *testing.T) {
	for name, want := range map[string]string{
		"Nguyễn Văn An":  "NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<",
		"Đặng Sơn":       "DANG<<SON<<<<<<<<<<<<<<<<<<<<<",
		"H'Yên Niê Kđăm": "HYEN<<NIE<KDAM<<<<<<<<<<<<<<<<",
		"Công Tằng Tôn Nữ Hoàng Phương Nguyệt Thảo Khuyên": "CONG<<TANG<TON<NU<HOANG<PHUONG",
	} {
		if got := nameLine(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Every invented person with a personal number has a card, which says who they
// are.
func TestEverybodyHasACard(t *testing.T) {
	issuer, err := NewIssuer(Authority{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range personas.All() {
		e, err := New(Card{Person: p.Handle, Issuer: issuer, NoPACE: true, NoCA: true, NoAA: true})
		if p.Record.ID == "" {
			if err == nil {
				t.Errorf("%s has a card without a number", p.Handle)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", p.Handle, err)
			continue
		}
		dg1, dg13 := e.File("DG1"), e.File("DG13")
		if !bytes.Contains(dg1, []byte(strings.Join(e.Access().MRZ, ""))) || len(dg1) != 95 {
			t.Errorf("%s: DG1 is no zone", p.Handle)
		}
		for _, text := range []string{p.Record.ID, p.Record.Name, p.Record.Birth.Printed(), p.Record.CardExpires.Printed(), p.Record.OldID, p.Record.Father} {
			if !bytes.Contains(dg13, []byte(text)) {
				t.Errorf("%s: %q is missing in DG13", p.Handle, text)
			}
		}
		if e.File("DG15") != nil || !bytes.Equal(e.Anchor(), issuer.Anchor()) {
			t.Errorf("%s: another card than was asked for", p.Handle)
		}
	}
}

func TestDG13HasItsFields(t *testing.T) {
	list := func(c Card) (found []int) {
		_, group, _, _ := next(still(t, "dg13", c).File("DG13"))
		_, body, _, _ := next(group)
		set := fields(body)[0x31]
		for len(set) > 0 {
			_, field, rest, ok := next(set)
			if !ok {
				t.Fatal("the set is none")
			}
			found, set = append(found, int(fields(field)[0x02][0])), rest
		}
		return found
	}
	if got := list(Card{Person: "old-cmnd"}); !slices.Equal(got, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16}) {
		t.Errorf("old-cmnd has %v", got) // no parents
	}
	if got := list(Card{}); !slices.Equal(got, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16}) {
		t.Errorf("level2 has %v", got) // no old number
	}
	if got := list(Card{Sparse: true}); !slices.Equal(got, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13}) {
		t.Errorf("a sparse level2 has %v", got)
	}
}

func TestPortraits(t *testing.T) {
	image, width, height, err := portrait("999090000001")
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.DecodeConfig(bytes.NewReader(image))
	if err != nil || got.Width != width || got.Height != height {
		t.Errorf("%dx%d, %v", got.Width, got.Height, err)
	}
	if other, _, _, _ := portrait("999090000002"); bytes.Equal(image, other) {
		t.Error("two people have one portrait")
	}
	dg2 := still(t, "portrait", Card{}).File("DG2")
	if !bytes.HasSuffix(dg2, image) || !bytes.Contains(dg2, []byte("FAC\x00010\x00")) {
		t.Error("DG2 does not hold the portrait")
	}
	if own := still(t, "portrait", Card{Portrait: []byte("mine")}).File("DG2"); !bytes.HasSuffix(own, []byte("mine")) {
		t.Error("DG2 does not hold the caller's portrait")
	}
}

func TestGroupsAreReplacedAndSigned(t *testing.T) {
	eleven := der(0x6B, der(0x5F0E, []byte("NGUYEN<<VAN<AN")))
	e := still(t, "groups", Card{Groups: map[int][]byte{11: eleven, 3: nil}})
	if !bytes.Equal(e.File("DG11"), eleven) || e.File("DG3") != nil {
		t.Error("the groups are others")
	}
	if !bytes.Equal(e.File("COM"), unhex(t, "6018 5F0104 30313037 5F3606 303430303030 5C06 61756B6D6E6F")) {
		t.Errorf("EF.COM is %X", e.File("COM"))
	}
	if !bytes.Contains(e.File("SOD"), sum(e.signedHash(t), eleven)) {
		t.Error("the added group is not signed")
	}
}

// Appendix I of ICAO Doc 9303-11 prints the key of PACE-CAM as EF.CardSecurity has
// it.
func TestCardSecurityNumbersItsKey(t *testing.T) {
	c := curveByName("brainpoolP256r1")
	static := hexInt("85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3")
	static.Mod(static.Mul(static.ModInverse(static, c.n), hexInt("9E56A6B59C95D06ECE5CD10F983BB2F4F1943528E577F23881D89D8C3BBEE0AA")), c.n)
	key := staticKey{agreement: agreement{group: c}, id: 13, secret: static}
	want := unhex(t, `3062060904007F0007020201023052300C060704007F0007010202010D034200041872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC8
		84D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4A08F68E16F02010D`)
	if got := key.numberedKey(); !bytes.Equal(got, want) {
		t.Errorf("%X", got)
	}
	e := still(t, "cam", Card{PACE: []Protocol{{"PACE-ECDH-CAM-AES-CBC-CMAC-128", "brainpoolP256r1"}}})
	if number := e.static[0].numberedKey(); !bytes.Contains(e.File("CardSecurity"), number) {
		t.Error("EF.CardSecurity does not hold the chip's key")
	}
	if key := e.static[0].keyInfos(false)[0]; !bytes.HasSuffix(key, []byte{2, 1, 13}) || !bytes.Contains(e.File("DG14"), key) {
		t.Error("DG14 does not hold the chip's key under the number of its curve")
	}
}

// A card can be for somebody who is in no cast.
func TestACardForSomebodyElse(t *testing.T) {
	birth, _ := vneid.NewDate(1999, 1, 1)
	expires, _ := vneid.NewDate(2039, 1, 1)
	r := vneid.Record{ID: "999099000088", Name: "Người Mới", Birth: birth, Sex: vneid.Male, Nationality: "VNM", CardIssued: birth, CardExpires: expires}
	card, err := New(Card{Record: r, Person: "level2"})
	if err != nil || card.Access().CAN != "000088" || !strings.HasPrefix(card.Access().MRZ[2], "NGUOI<<MOI<") {
		t.Fatal(card.Access(), err)
	}
	for name, edit := range map[string]func(*vneid.Record){
		"a number of no form": func(r *vneid.Record) { r.ID = "1" },
		"no name":             func(r *vneid.Record) { r.Name = "" },
		"no birth date":       func(r *vneid.Record) { r.Birth = vneid.Date{} },
		"no sex":              func(r *vneid.Record) { r.Sex = "" },
		"no expiry":           func(r *vneid.Record) { r.CardExpires = vneid.Date{} },
	} {
		bad := r
		edit(&bad)
		if _, err := New(Card{Record: bad}); err == nil {
			t.Errorf("%s: a card was made", name)
		}
	}
}
