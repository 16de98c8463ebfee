package sharewire

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

func day(s string) vneid.Date {
	d, err := vneid.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// rental asks for a licence, and nothing speaks against it.
func rental() Details {
	return Details{
		Purpose: Purpose{"car-rental", "Cho thuê xe tự lái", "Self-drive car rental"},
		Basis:   Basis{Kind: "consent"}, RetentionDays: 30, Store: true,
		Documents: []Document{
			{Kind: document.DriverLicence, Essential: true, MaxAgeDays: 1,
				Claims:     []Claim{{"number", true}, {"issued", false}},
				Predicates: []Predicate{{document.AgeAtLeast(18), true}, {document.LicenceIncludes("B"), true}}},
			{Kind: document.Residence, Claims: []Claim{{"province", true}}},
		},
	}
}

// again asks for it every month.
func again() Details {
	d := rental()
	d.Periodic = &Period{day("2027-01-31"), 30}
	return d
}

const rentalText = `[{"type":"vneid_share","purpose":{"code":"car-rental","vi":"Cho thuê xe tự lái","en":"Self-drive car rental"},` +
	`"basis":{"kind":"consent"},"retention_days":30,"mode":"once","use":"store","documents":[{"kind":"driver-licence","essential":true,"max_age_days":1,` +
	`"claims":[{"name":"number","essential":true},{"name":"issued"}],"predicates":[{"name":"age","at_least":18,"essential":true},{"name":"licence","includes":"B","essential":true}]},` +
	`{"kind":"residence","claims":[{"name":"province","essential":true}]}]}]`

const grantedText = `[{"type":"vneid_share","purpose":{"code":"car-rental","vi":"Cho thuê xe tự lái"},"basis":{"kind":"consent"},"retention_days":0,` +
	`"mode":"once","use":"view","documents":[],"txn":"txn-000000000000","grant":"grant-0000000000"}]`

func TestARequestIsWrittenAndReadBack(t *testing.T) {
	text, err := rental().Encode()
	if err != nil || text != rentalText {
		t.Fatalf("%s, %v", text, err)
	}
	law := again()
	law.Basis, law.Nonce = Basis{"law", "Luật Ví dụ, Điều 1"}, "nonce-0000000000_-"
	granted := rental()
	granted.Transaction, granted.Grant, granted.Documents = "txn-000000000000", "grant-0000000000", nil
	for name, d := range map[string]Details{"once": rental(), "again": again(), "by law, decoupled": law, "granted": granted} {
		text, err := d.Encode()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := decode(text, d.Grant != "")
		if err != nil || !reflect.DeepEqual(got, d) {
			t.Errorf("%s: %s\nis read as %+v, %v", name, text, got, err)
		}
	}
	if d, err := DecodeGranted(grantedText); err != nil || d.Grant != "grant-0000000000" || len(d.Documents) != 0 {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := Decode(grantedText); err == nil || !reflect.DeepEqual(d, Details{}) {
		t.Errorf("a grant is read as a request: %+v", d)
	}
	if _, err := DecodeGranted(rentalText); err == nil {
		t.Error("a request is read as a grant")
	}
}

// Each refused text differs from one that is read in the named fault alone.
func TestWhatIsNotTheElementIsRefused(t *testing.T) {
	againText, err := again().Encode()
	if err != nil {
		t.Fatal(err)
	}
	nonce := strings.Replace(rentalText, `"mode"`, `"nonce":"nonce-0000000000","mode"`, 1)
	for _, c := range []struct{ fault, twin, old, new string }{
		{"two elements", rentalText, `}]}]`, `}]},{}]`},
		{"no element", rentalText, rentalText, `[]`},
		{"an object alone", rentalText, rentalText, strings.Trim(rentalText, "[]")},
		{"nothing", rentalText, rentalText, ``},
		{"something behind it", rentalText, `}]}]`, `}]}]x`},
		{"another type", rentalText, `vneid_share`, `vneid_sharE`},
		{"no type", rentalText, `"type":"vneid_share",`, ``},
		{"a name twice", rentalText, `"mode":"once"`, `"mode":"once","mode":"once"`},
		{"a name twice inside", rentalText, `{"name":"number"`, `{"name":"number","name":"number"`},
		{"an unknown member", rentalText, `"mode":"once"`, `"mode":"once","locations":[]`},
		{"an unknown member of a purpose", rentalText, `"code"`, `"fr":"x","code"`},
		{"an unknown member of a basis", rentalText, `"kind":"consent"`, `"kind":"consent","x":1`},
		{"an unknown member of a document", rentalText, `"max_age_days"`, `"format":"x","max_age_days"`},
		{"an unknown member of a claim", rentalText, `{"name":"issued"}`, `{"name":"issued","value":"x"}`},
		{"an unknown member of a predicate", rentalText, `"at_least"`, `"at_most":20,"at_least"`},
		{"a purpose that is text", rentalText, `{"code":"car-rental","vi":"Cho thuê xe tự lái","en":"Self-drive car rental"}`, `"car-rental"`},
		{"a purpose of two lines", rentalText, `tự lái`, `tự\nlái`},
		{"a purpose that turns its reading", rentalText, `tự lái`, "tự \u202elái"},
		{"a purpose with a sign of no width", rentalText, `tự lái`, "tự\u200blái"},
		{"a purpose with another space", rentalText, `tự lái`, "tự\u00a0lái"},
		{"a purpose that begins with space", rentalText, `"Cho`, `" Cho`},
		{"an empty purpose", rentalText, `"Self-drive car rental"`, `""`},
		{"an endless purpose", rentalText, `tự lái`, strings.Repeat("x", maxText)},
		{"a citation that is a number", rentalText, `"kind":"consent"`, `"kind":"consent","citation":1`},
		{"no retention", rentalText, `"retention_days":30,`, ``},
		{"a retention of less than nothing", rentalText, `"retention_days":30`, `"retention_days":-1`},
		{"a retention in text", rentalText, `"retention_days":30`, `"retention_days":"30"`},
		{"a retention in parts", rentalText, `"retention_days":30`, `"retention_days":30.5`},
		{"a retention beyond lives", rentalText, `"retention_days":30`, `"retention_days":36526`},
		{"a retention beyond numbers", rentalText, `"retention_days":30`, `"retention_days":99999999999999999999`},
		{"a retention of null", rentalText, `"retention_days":30`, `"retention_days":null`},
		{"another mode", rentalText, `"once"`, `"twice"`},
		{"no mode", rentalText, `"mode":"once",`, ``},
		{"an end of what is once", rentalText, `"mode":"once"`, `"mode":"once","until":"2027-01-31"`},
		{"no end of what is periodic", againText, `"until":"2027-01-31",`, ``},
		{"an end in a month", againText, `2027-01-31`, `2027-01`},
		{"an end on no day", againText, `2027-01-31`, `2027-02-30`},
		{"a frequency of nothing", againText, `"frequency_days":30`, `"frequency_days":0`},
		{"no frequency", againText, `"frequency_days":30,`, ``},
		{"another use", rentalText, `"use":"store"`, `"use":"sell"`},
		{"no use", rentalText, `"use":"store",`, ``},
		{"a short nonce", nonce, `nonce-0000000000`, `nonce`},
		{"a nonce with another sign", nonce, `nonce-0000000000`, `nonce+0000000000`},
		{"no documents", rentalText, rentalText[strings.Index(rentalText, `,"documents"`):], `}]`},
		{"documents that are an object", rentalText, rentalText[strings.Index(rentalText, `"documents"`):], `"documents":{}}]`},
		{"an empty list of documents", rentalText, rentalText[strings.Index(rentalText, `"documents"`):], `"documents":[]}]`},
		{"a kind twice", rentalText, `"kind":"residence"`, `"kind":"driver-licence"`},
		{"a kind that is no name", rentalText, `"kind":"residence"`, `"kind":"Residence"`},
		{"no kind", rentalText, `"kind":"residence",`, ``},
		{"a claim twice", rentalText, `{"name":"issued"}`, `{"name":"number"}`},
		{"a claim by its text alone", rentalText, `{"name":"issued"}`, `"issued"`},
		{"a claim without name", rentalText, `{"name":"issued"}`, `{}`},
		{"a claim that is no name", rentalText, `{"name":"issued"}`, `{"name":"issued__at"}`},
		{"essential in text", rentalText, `"essential":true,"max`, `"essential":"true","max`},
		{"essential in a number", rentalText, `{"name":"number","essential":true}`, `{"name":"number","essential":1}`},
		{"essential in a number, of a predicate", rentalText, `"includes":"B","essential":true`, `"includes":"B","essential":1`},
		{"another predicate", rentalText, `{"name":"age"`, `{"name":"height"`},
		{"an age of nothing", rentalText, `"at_least":18`, `"at_least":0`},
		{"an age of nobody", rentalText, `"at_least":18`, `"at_least":151`},
		{"an age in text", rentalText, `"at_least":18`, `"at_least":"18"`},
		{"an age without number", rentalText, `"at_least":18,`, ``},
		{"an age that includes a class", rentalText, `"at_least":18`, `"at_least":18,"includes":"B"`},
		{"a class of the old law", rentalText, `"includes":"B"`, `"includes":"B2"`},
		{"a class in another spelling", rentalText, `"includes":"B"`, `"includes":"b"`},
		{"a class of an age", rentalText, `"includes":"B"`, `"includes":"B","at_least":18`},
		{"a predicate twice", rentalText, `{"name":"licence","includes":"B","essential":true}`, `{"name":"age","at_least":18}`},
		{"claims that are text", rentalText, `"claims":[{"name":"province","essential":true}]`, `"claims":"province"`},
		{"more documents than kinds", rentalText, `{"kind":"residence"`, many("kind", 16) + `{"kind":"residence"`},
		{"more claims than there are", rentalText, `{"name":"issued"}`, many("name", 64) + `{"name":"issued"}`},
		{"too long", rentalText, `[{`, `[` + strings.Repeat(" ", MaxSize) + `{`},
		{"no UTF-8", rentalText, `tự lái`, "\xff"},
	} {
		if _, err := Decode(c.twin); err != nil {
			t.Errorf("%s: the twin: %v", c.fault, err)
		}
		bad := strings.Replace(c.twin, c.old, c.new, 1)
		if d, err := Decode(bad); err == nil || bad == c.twin || !reflect.DeepEqual(d, Details{}) {
			t.Errorf("%s: %v: %s", c.fault, err, bad)
		} else if strings.Contains(err.Error(), "lái") || strings.Contains(err.Error(), "2027") {
			t.Errorf("%s: the error quotes it: %v", c.fault, err)
		}
	}
	for _, c := range []struct{ fault, old, new string }{
		{"no grant", `,"grant":"grant-0000000000"`, ``},
		{"no transaction", `"txn":"txn-000000000000",`, ``},
		{"a short transaction", `txn-000000000000`, `txn`},
		{"no documents", `"documents":[],`, ``},
	} {
		if _, err := DecodeGranted(strings.Replace(grantedText, c.old, c.new, 1)); err == nil {
			t.Errorf("granted: %s passes", c.fault)
		}
	}
}

func many(name string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"%s":"x%d"},`, name, i)
	}
	return b.String()
}

func TestWhatIsGrantedIsNoMoreThanWhatWasAsked(t *testing.T) {
	for _, c := range []struct {
		sentence string
		change   func(*Details)
		within   bool
		missing  string
	}{
		{"all of it", func(*Details) {}, true, ""},
		{"without an optional document", func(d *Details) { d.Documents = d.Documents[:1] }, true, ""},
		{"without an essential document", func(d *Details) { d.Documents = d.Documents[1:] }, true, "driver-licence"},
		{"without an optional claim", func(d *Details) { d.Documents[0].Claims = d.Documents[0].Claims[:1] }, true, ""},
		{"without an essential claim", func(d *Details) { d.Documents[0].Claims = d.Documents[0].Claims[1:] }, true, "driver-licence"},
		{"without an essential predicate", func(d *Details) { d.Documents[0].Predicates = d.Documents[0].Predicates[1:] }, true, "driver-licence"},
		{"an optional document without what is essential in it", func(d *Details) { d.Documents[1].Claims = nil }, true, "residence"},
		{"nothing", func(d *Details) { d.Documents = nil }, true, "driver-licence"},
		{"nothing said of what is essential", func(d *Details) { d.Documents[0].Essential, d.Documents[0].Claims[0].Essential = false, false }, true, ""},
		{"in other words", func(d *Details) { d.Purpose.VI = "x" }, true, ""},
		{"for less long", func(d *Details) { d.RetentionDays-- }, true, ""},
		{"to look at only", func(d *Details) { d.Store = false }, true, ""},
		{"once", func(d *Details) { d.Periodic = nil }, true, ""},
		{"until earlier, less often", func(d *Details) { d.Periodic = &Period{day("2027-01-30"), 31} }, true, ""},
		{"another document", func(d *Details) { d.Documents[1].Kind = document.Passport }, false, ""},
		{"another claim", func(d *Details) { d.Documents[1].Claims = []Claim{{"permanent", true}} }, false, "residence"},
		{"one claim more", func(d *Details) { d.Documents[1].Claims = append(d.Documents[1].Claims, Claim{"permanent", false}) }, false, ""},
		{"another predicate", func(d *Details) { d.Documents[0].Predicates[0].Predicate = document.AgeAtLeast(21) }, false, "driver-licence"},
		{"for longer", func(d *Details) { d.RetentionDays++ }, false, ""},
		{"for another purpose", func(d *Details) { d.Purpose.Code = "ads" }, false, ""},
		{"by another law", func(d *Details) { d.Basis.Citation = "x" }, false, ""},
		{"until later", func(d *Details) { d.Periodic.Until = day("2027-02-01") }, false, ""},
		{"more often", func(d *Details) { d.Periodic.Days-- }, false, ""},
		{"for another request", func(d *Details) { d.Nonce = "nonce-0000000000" }, false, ""},
	} {
		granted := again()
		c.change(&granted)
		if err := granted.Within(again()); (err == nil) != c.within {
			t.Errorf("%s: %v", c.sentence, err)
		}
		if got := fmt.Sprint(granted.Missing(again())); got != "["+c.missing+"]" {
			t.Errorf("%s: %s is missing", c.sentence, got)
		}
	}
	if again().Within(rental()) == nil {
		t.Error("what was asked for once is granted for ever")
	}
	look := again()
	look.Store = false
	if again().Within(look) == nil {
		t.Error("what was asked for to look at is granted to be stored")
	}
	decoupled := again()
	decoupled.Nonce = "nonce-0000000000"
	if err := decoupled.Within(decoupled); err != nil {
		t.Error(err)
	}
}

// What no rule refuses can be written, however much of it there is.
func TestTheLargestRequestFits(t *testing.T) {
	d := again()
	d.Purpose.VI, d.Purpose.EN = strings.Repeat(`"`, maxText), strings.Repeat(`\`, maxText)
	d.Basis = Basis{"contract", strings.Repeat(`"`, maxText)}
	d.Nonce, d.Documents = strings.Repeat("x", 128), nil
	for _, kind := range paper.Kinds() {
		w := Document{Kind: kind, Essential: true, MaxAgeDays: maxDays}
		for _, name := range paper.Claims(kind) {
			w.Claims = append(w.Claims, Claim{name, true})
		}
		for years := 101; document.AgeAtLeast(years).FitsKind(kind) && len(w.Predicates) < maxAsked; years++ {
			w.Predicates = append(w.Predicates, Predicate{document.AgeAtLeast(years), true})
		}
		d.Documents = append(d.Documents, w)
	}
	if i := slices.IndexFunc(d.Findings(), func(f Finding) bool { return f.Refused }); i >= 0 {
		t.Fatal(d.Findings()[i])
	}
	text, err := d.Encode()
	if got, err2 := Decode(text); err != nil || err2 != nil || !reflect.DeepEqual(got, d) {
		t.Error(len(text), err, err2)
	}
	t.Logf("%d bytes of %d", len(text), MaxSize)
}

func FuzzDecode(f *testing.F) {
	f.Add(rentalText)
	f.Add(grantedText)
	if text, err := again().Encode(); err == nil {
		f.Add(text)
	}
	f.Add(`[{"type":"vneid_share"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, granted := range []bool{false, true} {
			d, err := decode(text, granted)
			if err != nil {
				if !reflect.DeepEqual(d, Details{}) {
					t.Fatal("something comes beside an error")
				}
				continue
			}
			again, err := d.Encode()
			if err != nil {
				t.Fatalf("%s is read and not written: %v", text, err)
			}
			if got, err := decode(again, granted); err != nil || !reflect.DeepEqual(got, d) {
				t.Fatalf("%s, then %s: %v", text, again, err)
			}
			for _, x := range d.Findings() {
				if x.Where == "" || x.VI == "" || viet.Accented(x.EN) {
					t.Fatalf("%+v", x)
				}
			}
		}
	})
}
