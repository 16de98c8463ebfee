package vneid_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestParseNumbers(t *testing.T) {
	citizen := func(s string) (string, error) {
		id, err := vneid.ParseCitizenID(s)
		if (err != nil) != id.IsZero() {
			t.Errorf("%q: %v beside %v", s, id, err)
		}
		return id.Reveal(), err
	}
	old := func(s string) (string, error) {
		id, err := vneid.ParseOldID(s)
		if (err != nil) != id.IsZero() {
			t.Errorf("%q: %v beside %v", s, id, err)
		}
		return id.Reveal(), err
	}
	for _, c := range []struct {
		fault, twin, refused string
		parse                func(string) (string, error)
	}{
		{"eleven digits", "999090000001", "99909000000", citizen},
		{"thirteen digits", "999090000001", "9990900000011", citizen},
		{"a letter", "999090000001", "99909000000O", citizen},
		{"a space", "999090000001", "99909000000 ", citizen},
		{"twelve bytes, other digits", "999090000001", "９９９９", citizen},
		{"nothing", "999090000001", "", citizen},
		{"an old number", "999090000001", "000000001", citizen},
		{"eight digits", "000000001", "00000001", old},
		{"ten digits", "000000001", "0000000001", old},
		{"a letter in an old number", "000000001", "00000000l", old},
		{"a sign in an old number", "000000000001", "-00000000001", old},
		{"no old number", "000000001", "", old},
	} {
		if got, err := c.parse(c.twin); err != nil || got != c.twin {
			t.Errorf("%s: the twin: %q, %v", c.fault, got, err)
		}
		got, err := c.parse(c.refused)
		if got != "" || !errors.Is(err, vneid.ErrMalformed) || strings.ContainsAny(err.Error(), "0123456789") {
			t.Errorf("%s: %q, %v", c.fault, got, err)
		}
	}
}

func TestNumbersAreComparable(t *testing.T) {
	a, _ := vneid.ParseCitizenID("999090000001")
	b, _ := vneid.ParseCitizenID("99909" + "0000001")
	c, _ := vneid.ParseCitizenID("999090000002")
	set := map[vneid.CitizenID]bool{a: true}
	if a != b || !set[b] || set[c] || set[vneid.CitizenID{}] {
		t.Error("equal digits are equal numbers")
	}
	if a.String() != "*********001" || (vneid.CitizenID{}).String() != "" || fmt.Sprintf("[%12d]", a) != "[*********001]" {
		t.Errorf("%s, %q", a, vneid.CitizenID{})
	}
}

func TestNumbersDecodeAndDoNotEncode(t *testing.T) {
	var v struct {
		ID  vneid.CitizenID
		Old vneid.OldID
	}
	if err := json.Unmarshal([]byte(`{"ID":"999090000001","Old":"000000001"}`), &v); err != nil || v.ID.Reveal() != "999090000001" || v.Old.Reveal() != "000000001" {
		t.Fatal(v, err)
	}
	for _, bad := range []string{`{"ID":"999"}`, `{"Old":"999"}`, `{"ID":999090000001}`} {
		kept := v
		if err := json.Unmarshal([]byte(bad), &kept); err == nil || kept != v {
			t.Errorf("%s: %v, %v", bad, kept, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"ID":"","Old":""}`), &v); err != nil || !v.ID.IsZero() || !v.Old.IsZero() {
		t.Error(v, err)
	}
	if _, err := json.Marshal(v.ID); err == nil {
		t.Error("the zero number is encoded")
	}
}

func TestOnlyTheSealMakesACitizen(t *testing.T) {
	r := vneid.Record{ID: "999090000001", Name: "Nguyễn Văn An"}
	if c := vneid.NewCitizen(r, seal.Own()); c.IsZero() || c.Name() != r.Name {
		t.Errorf("with the seal: %v", c)
	}
	var none seal.Seal // what reflection or generics could conjure up
	if c := vneid.NewCitizen(r, none); !c.IsZero() || c.Name() != "" || c.ID() != (vneid.CitizenID{}) {
		t.Errorf("without the seal: %v", c)
	}
	var holder struct{ C vneid.Citizen }
	for _, text := range []string{`{}`, `"999090000001"`, `{"r":{"id":"999090000001"}}`, `{"id":"999090000001"}`} {
		if err := json.Unmarshal([]byte(`{"C":`+text+`}`), &holder); !holder.C.IsZero() {
			t.Fatalf("%s decodes into a citizen (%v)", text, err)
		}
	}
}

func TestCitizen(t *testing.T) {
	birth, _ := vneid.ParseDate("1990")
	r := vneid.Record{
		ID: "999090000001", OldID: "000000001", FormerIDs: []string{"999190000001", "damaged"},
		Name: "Nguyễn Văn An", Birth: birth, Sex: vneid.Male, Nationality: "VNM",
	}
	c := vneid.NewCitizen(r, seal.Own())
	if c.ID().Reveal() != r.ID || c.Name() != r.Name || c.Birth() != birth || c.Sex() != vneid.Male || c.IsZero() {
		t.Errorf("%+v", c.Reveal())
	}
	if got := c.Reveal(); !reflect.DeepEqual(got, r) {
		t.Errorf("Reveal: %+v", got)
	}
	c.Reveal().FormerIDs[0] = "changed"
	if c.Reveal().FormerIDs[0] != "999190000001" {
		t.Error("a caller can change a citizen through Reveal")
	}
	r.FormerIDs[0] = "changed"
	if c.Reveal().FormerIDs[0] != "999190000001" {
		t.Error("a caller can change a citizen through the record it was made from")
	}
	h := c.History()
	if h.Current != c.ID() || len(h.Former) != 1 || !h.Match("999190000001").Former() || !h.Match("000000001").CMND9() {
		t.Errorf("history: %v", h)
	}
	for want, c := range map[string]vneid.Citizen{
		"citizen *********001": c,
		"citizen":              vneid.NewCitizen(vneid.Record{ForeignerID: "12345678"}, seal.Own()),
		"nobody":               {},
	} {
		if c.String() != want || c.LogValue().String() != want {
			t.Errorf("%q, want %q", c, want)
		}
	}
	if c := vneid.NewCitizen(vneid.Record{ID: "12"}, seal.Own()); c.Reveal().ID != "" || c.IsZero() {
		t.Error("a malformed number is dropped, the citizen stays")
	}
}

func FuzzParseCitizenID(f *testing.F) {
	for _, s := range []string{"999090000001", "", "99909000000", "９９９", "-99090000001", "000000001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := vneid.ParseCitizenID(s)
		if (err == nil) != (id.Reveal() == s && s != "") || err != nil && !errors.Is(err, vneid.ErrMalformed) {
			t.Fatalf("%q: %q, %v", s, id.Reveal(), err)
		}
		if err == nil && (id.BirthYear() < 1900 || id.BirthYear() > 2399 || id.Sex() == "" || string(id.Province()) != s[:3]) {
			t.Errorf("%q: %d %s %s", s, id.BirthYear(), id.Sex(), id.Province())
		}
	})
}

func FuzzParseOldID(f *testing.F) {
	for _, s := range []string{"000000001", "999090000001", "", "00000000a", "0000000001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := vneid.ParseOldID(s)
		if (err == nil) != (id.Reveal() == s && s != "") || err != nil && !errors.Is(err, vneid.ErrMalformed) {
			t.Fatalf("%q: %q, %v", s, id.Reveal(), err)
		}
	})
}
