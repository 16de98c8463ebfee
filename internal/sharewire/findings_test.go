package sharewire

import (
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// remarks lists where a request is found fault with, the refused with an exclamation mark.
func remarks(t *testing.T, d Details) string {
	t.Helper()
	var out []string
	for _, f := range d.Findings() {
		mark := ""
		if f.Refused {
			mark = "!"
		}
		out = append(out, mark+f.Where)
		if f.VI == "" || f.EN == "" || viet.Accented(f.EN) || !viet.Accented(f.VI) || f.VI == f.EN {
			t.Errorf("%s is explained by %q and %q", f.Where, f.VI, f.EN)
		}
	}
	return strings.Join(out, " ")
}

func claims(names ...string) (out []Claim) {
	for _, name := range names {
		out = append(out, Claim{name, true})
	}
	return out
}

// The request that each case changes has no remark at all: that is its twin.
func TestFindings(t *testing.T) {
	if got := remarks(t, rental()); got != "" {
		t.Fatalf("the good request: %s", got)
	}
	if got := remarks(t, again()); got != "" {
		t.Fatalf("the good periodic request: %s", got)
	}
	licence := func(d *Details) *Document { return &d.Documents[0] }
	second := func(kind document.Kind, names ...string) func(*Details) {
		return func(d *Details) { d.Documents[1] = Document{Kind: kind, Claims: claims(names...)} }
	}
	for _, c := range []struct {
		sentence string
		change   func(*Details)
		want     string
	}{
		{"no purpose", func(d *Details) { d.Purpose = Purpose{} }, "!purpose.code !purpose.vi"},
		{"a code with capitals", func(d *Details) { d.Purpose.Code = "Car" }, "!purpose.code"},
		{"the longest code", func(d *Details) { d.Purpose.Code = strings.Repeat("x", 64) }, ""},
		{"a longer code", func(d *Details) { d.Purpose.Code = strings.Repeat("x", 65) }, "!purpose.code"},
		{"a code with two dashes", func(d *Details) { d.Purpose.Code = "car--rental" }, "!purpose.code"},
		{"a purpose of two lines", func(d *Details) { d.Purpose.VI = "a\nb" }, "!purpose.vi"},
		{"a purpose in English that turns its reading", func(d *Details) { d.Purpose.EN = "a\u202eb" }, "!purpose.en"},
		{"no English", func(d *Details) { d.Purpose.EN = "" }, ""},
		{"no basis", func(d *Details) { d.Basis.Kind = "" }, "!basis.kind"},
		{"another basis", func(d *Details) { d.Basis.Kind = "interest" }, "!basis.kind"},
		{"a law without citation", func(d *Details) { d.Basis.Kind = "law" }, "!basis.citation"},
		{"a law with citation", func(d *Details) { d.Basis = Basis{"law", "Luật Ví dụ, Điều 1"} }, ""},
		{"a citation of two lines", func(d *Details) { d.Basis.Citation = "a\nb" }, "!basis.citation"},
		{"a contract without name", func(d *Details) { d.Basis.Kind = "contract" }, "basis.citation"},
		{"a retention below nothing", func(d *Details) { d.RetentionDays = -1 }, "!retention_days"},
		{"stored, for no time", func(d *Details) { d.RetentionDays = 0 }, "!retention_days"},
		{"a hundred years", func(d *Details) { d.RetentionDays, d.Basis = 36525, Basis{"law", "Luật Ví dụ, Điều 1"} }, ""},
		{"more than a hundred years", func(d *Details) { d.RetentionDays = 36526 }, "!retention_days"},
		{"looked at, and kept", func(d *Details) { d.Store = false }, "retention_days"},
		{"looked at, not kept", func(d *Details) { d.Store, d.RetentionDays = false, 0 }, ""},
		{"a year", func(d *Details) { d.RetentionDays = 365 }, ""},
		{"longer than a year", func(d *Details) { d.RetentionDays = 366 }, "retention_days"},
		{"longer than a year by law", func(d *Details) { d.RetentionDays, d.Basis = 3650, Basis{"law", "Luật Ví dụ, Điều 1"} }, ""},
		{"again, without end", func(d *Details) { d.Periodic = &Period{Days: 30} }, "!until"},
		{"again, to some day of a month", func(d *Details) { d.Periodic = &Period{day("2027-01"), 30} }, "!until"},
		{"again, to Không thời hạn", func(d *Details) { d.Periodic = &Period{vneid.Forever(), 30} }, "!until"},
		{"again, at any time", func(d *Details) { d.Periodic = &Period{day("2027-01-31"), 0} }, "!frequency_days"},
		{"again, every day", func(d *Details) { d.Periodic = &Period{day("2027-01-31"), 1} }, ""},
		{"again, every hundred years", func(d *Details) { d.Periodic = &Period{day("2027-01-31"), 36525} }, ""},
		{"again, every hundred years and a day", func(d *Details) { d.Periodic = &Period{day("2027-01-31"), 36526} }, "!frequency_days"},
		{"again, whether the licence still includes a class", func(d *Details) {
			d.Periodic = &Period{day("2027-01-31"), 30}
			d.Documents = []Document{{Kind: document.DriverLicence, Predicates: []Predicate{{document.LicenceIncludes("B"), true}}}}
		}, ""},
		{"again, and not stored", func(d *Details) { d.Periodic, d.Store, d.RetentionDays = &Period{day("2027-01-31"), 30}, false, 0 }, "mode"},
		{"again, of what does not change", func(d *Details) {
			d.Periodic = &Period{day("2027-01-31"), 30}
			d.Documents = []Document{{Kind: document.Identity, Claims: claims("id"), Predicates: []Predicate{{document.AgeAtLeast(18), true}}}}
		}, "mode"},
		{"again, of an old card", func(d *Details) {
			d.Periodic = &Period{day("2027-01-31"), 30}
			d.Documents = []Document{{Kind: document.OldCard, Claims: claims("name", "card_issuer")}}
		}, "mode"},
		{"a short nonce", func(d *Details) { d.Nonce = "x" }, "!nonce"},
		{"no document", func(d *Details) { d.Documents = nil }, "!documents"},
		{"a kind twice", func(d *Details) { d.Documents[1] = d.Documents[0] }, "!documents[1]"},
		{"biometrics", second(document.Biometrics, "face"), "!documents[1]"},
		{"judicial record no. 2", second(document.JudicialRecord2, "convictions"), "!documents[1]"},
		{"the health record", second(document.HealthRecord, "visits"), "!documents[1]"},
		{"judicial record no. 1", second(document.JudicialRecord, "convicted"), ""},
		{"the health insurance card", second(document.HealthInsurance, "valid_until"), ""},
		{"a kind that there is not", second("land-title", "number"), "!documents[1]"},
		{"a claim that there is not", second(document.Residence, "face"), "!documents[1].claims[0]"},
		{"a claim twice", second(document.Residence, "province", "province"), "!documents[1].claims[1]"},
		{"nothing of a document", second(document.Residence), "!documents[1]"},
		{"data from the future", func(d *Details) { licence(d).MaxAgeDays = -1 }, "!documents[0].max_age_days"},
		{"an age of nobody", func(d *Details) { licence(d).Predicates[0].Predicate = document.AgeAtLeast(0) }, "!documents[0].predicates[0]"},
		{"an age of a vehicle", func(d *Details) {
			d.Documents[1] = Document{Kind: document.VehicleRegistration, Predicates: []Predicate{{document.AgeAtLeast(18), true}}}
		}, "!documents[1].predicates[0]"},
		{"a predicate twice", func(d *Details) { licence(d).Predicates[1] = licence(d).Predicates[0] }, "!documents[0].predicates[1]"},
		{"nine predicates", func(d *Details) {
			for years := 20; years < 29; years++ {
				licence(d).Predicates = append(licence(d).Predicates, Predicate{document.AgeAtLeast(years), false})
			}
		}, "!documents[0].predicates"},

		{"the date of birth beside the age", func(d *Details) { licence(d).Claims = claims("birth") }, "documents[0].claims[0]"},
		{"the date of birth beside a class", func(d *Details) {
			licence(d).Claims = claims("birth")
			licence(d).Predicates = licence(d).Predicates[1:]
		}, ""},
		{"the date of birth of another document beside the age", second(document.Passport, "birth"), "documents[1].claims[0]"},
		{"the date of birth for a purpose about age", func(d *Details) {
			licence(d).Predicates = nil
			licence(d).Claims = claims("number", "birth")
			d.Purpose.Code = "age-check"
		}, "documents[0].claims[1]"},
		{"the date of birth for a purpose about age, in Vietnamese", func(d *Details) {
			licence(d).Predicates = nil
			licence(d).Claims = claims("number", "birth")
			d.Purpose.VI = "Kiểm tra đủ tuổi"
		}, "documents[0].claims[1]"},
		{"the date of birth for another purpose", func(d *Details) {
			licence(d).Predicates = nil
			licence(d).Claims = claims("number", "birth")
			d.Purpose.Code = "village" // ends in age
		}, ""},
		{"classes beside the question", func(d *Details) { licence(d).Claims = claims("classes") }, "documents[0].claims[0]"},
		{"classes alone", func(d *Details) {
			licence(d).Claims = claims("classes")
			licence(d).Predicates = nil
		}, ""},
		{"the address beside the province", second(document.Residence, "province", "commune", "permanent"), "documents[1].claims[2]"},
		{"the address alone", second(document.Residence, "permanent"), ""},
		{"the address for a purpose about provinces", func(d *Details) {
			second(document.Residence, "permanent")(d)
			d.Purpose.Code = "province-statistics"
		}, "documents[1].claims[0]"},
		{"all of the little that there is", second(document.Dependants, "count", "people", "representatives"), "documents[1].claims[1]"},
		{"people beside their number", second(document.Dependants, "count", "people"), "documents[1].claims[1]"},
		{"the whole document", second(document.SocialInsurance, "number", "name", "birth", "months", "active", "periods"),
			"documents[1].claims documents[1].claims[2] documents[1].claims[5]"},
		{"essential, and nothing in it", func(d *Details) {
			d.Documents[1].Essential = true
			d.Documents[1].Claims[0].Essential = false
		}, "documents[1].essential"},
		{"religion, essential", second(document.ElectronicID, "religion"), "documents[1].claims[0].essential"},
		{"religion, if the citizen likes", func(d *Details) {
			d.Documents[1] = Document{Kind: document.ElectronicID, Claims: []Claim{{"religion", false}}}
		}, ""},
		{"a confirmation of the CMND", second(document.OldCard, "old_id"), "documents[1].claims[0]"},
		{"the CMND on the card", second(document.CitizenCard, "old_id"), "documents[1].claims[0]"},
		{"the card, and its data on another paper", func(d *Details) {
			licence(d).Claims = claims("number", "name")
			second(document.CitizenCard, "name", "id")(d)
		}, "documents[0].claims[1]"},
		{"the card, and other data on another paper", second(document.CitizenCard, "name", "id"), ""},
		{"refusals come without advice", func(d *Details) {
			d.RetentionDays = 366
			licence(d).Claims = claims("face")
		}, "!documents[0].claims[0]"},
	} {
		d := rental()
		c.change(&d)
		got := remarks(t, d)
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
		if _, err := d.Encode(); err != nil && !strings.Contains(got, "!") {
			t.Errorf("%s: nothing is refused, and it cannot be written: %v", c.sentence, err)
		}
	}
}

func TestLevel1AnswersForTheBasicIdentityAlone(t *testing.T) {
	basic := Details{Documents: []Document{{Kind: document.Identity}}}
	for level, refused := range map[vneid.Level]bool{0: false, 1: true, 2: false} {
		if f, got := rental().LevelFinding(level); got != refused || got != f.Refused || got && f.Where != "documents[0]" {
			t.Errorf("level %d: %+v", level, f)
		}
		if _, got := basic.LevelFinding(level); got {
			t.Errorf("level %d cannot answer for the basic identity", level)
		}
	}
}
