package share

import (
	"reflect"
	"slices"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

func rental() Request {
	return Request{
		Purpose:       Purpose{Code: "car-rental", VI: "Cho thuê xe tự lái"},
		RetentionDays: 30, Store: true,
		Documents: []Want{
			{Kind: document.DriverLicence, MaxAgeDays: 1, Claims: []Claim{{Name: "number"}, {Name: "issued", Optional: true}},
				Predicates: []Predicate{AgeAtLeast(18), {Predicate: document.LicenceIncludes("B"), Optional: true}}},
			{Kind: document.Residence, Optional: true, Claims: []Claim{{Name: "province"}}},
		},
	}
}

func TestARequestSaysOnTheWireWhatItSaysInGo(t *testing.T) {
	r := rental()
	until, err := vneid.ParseDate("2027-01-31")
	if err != nil {
		t.Fatal(err)
	}
	r.Basis, r.Periodic = Basis{BasisLaw, "Luật Ví dụ, Điều 1"}, &Period{until, 30}
	got := r.details()
	want := sharewire.Details{
		Purpose: sharewire.Purpose{Code: "car-rental", VI: "Cho thuê xe tự lái"}, Basis: sharewire.Basis{Kind: "law", Citation: "Luật Ví dụ, Điều 1"},
		RetentionDays: 30, Store: true, Periodic: &sharewire.Period{Until: until, Days: 30},
		Documents: []sharewire.Document{
			{Kind: "driver-licence", Essential: true, MaxAgeDays: 1, Claims: []sharewire.Claim{{Name: "number", Essential: true}, {Name: "issued"}},
				Predicates: []sharewire.Predicate{{Predicate: document.AgeAtLeast(18), Essential: true}, {Predicate: document.LicenceIncludes("B")}}},
			{Kind: "residence", Claims: []sharewire.Claim{{Name: "province", Essential: true}}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if d := rental().details(); d.Basis.Kind != "consent" || d.Periodic != nil {
		t.Errorf("the zero values ask for %+v", d)
	}
	text, err := got.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := sharewire.Decode(text); err != nil || !reflect.DeepEqual(again, got) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestCheckRefusesAndAdvises(t *testing.T) {
	if got := rental().Check(); len(got) != 0 {
		t.Fatalf("the good request: %+v", got)
	}
	for _, c := range []struct {
		sentence string
		change   func(*Request)
		refused  bool
		where    string
	}{
		{"biometrics", func(r *Request) { r.Documents[1].Kind = document.Biometrics }, true, "documents[1]"},
		{"the basic identity, at level 1", func(r *Request) {
			r.Documents, r.Need.Level = []Want{{Kind: document.Identity, Claims: []Claim{{Name: "name"}}}}, 1
		}, false, ""},
		{"a licence, at level 1", func(r *Request) { r.Need.Level = 1 }, true, "documents[0]"},
		{"a licence, at level 2", func(r *Request) { r.Need.Level = 2 }, false, ""},
		{"a licence at level 1, and too long", func(r *Request) { r.Need.Level, r.RetentionDays = 1, 3650 }, true, "documents[0]"},
		{"too long", func(r *Request) { r.RetentionDays = 3650 }, false, "retention_days"},
		{"by a law that nobody cites", func(r *Request) { r.Basis.Kind = BasisLaw }, true, "basis.citation"},
		{"a question without sense", func(r *Request) { r.Documents[0].Predicates[0] = AgeAtLeast(1000) }, true, "documents[0].predicates[0]"},
		{"no question", func(r *Request) { r.Documents[0].Predicates[0] = Predicate{} }, true, "documents[0].predicates[0]"},
		{"a class of the old law", func(r *Request) { r.Documents[0].Predicates[1] = LicenceIncludes("B2") }, true, "documents[0].predicates[1]"},
		{"nothing at all", func(r *Request) { *r = Request{} }, true, "purpose.code"},
	} {
		r := rental()
		c.change(&r)
		got := r.Check()
		switch {
		case c.where == "" && len(got) == 0:
		case len(got) == 0 || got[0].Where != c.where || got[0].Refused != c.refused || got[0].VI == "" || got[0].EN == "":
			t.Errorf("%s: %+v", c.sentence, got)
		}
		if c.refused && slices.ContainsFunc(got, func(f Finding) bool { return !f.Refused }) {
			t.Errorf("%s: advice on what is refused: %+v", c.sentence, got)
		}
	}
}

func TestTheLevelFollowsTheDocuments(t *testing.T) {
	basic := Request{Documents: []Want{{Kind: document.Identity}}}
	asked := rental()
	asked.Need = vneid.Assurance{Level: 2, Auth: 3}
	for _, c := range []struct {
		r    Request
		want vneid.Assurance
	}{{basic, vneid.Assurance{}}, {rental(), vneid.Assurance{Level: 2}}, {asked, vneid.Assurance{Level: 2, Auth: 3}}} {
		if got := c.r.need(); got != c.want {
			t.Errorf("%+v, want %+v", got, c.want)
		}
	}
}
