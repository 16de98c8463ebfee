package services_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid/services"
)

// The figures that the two texts announce.
func TestTheTextsCountTheirBenefits(t *testing.T) {
	want := []struct {
		from       string
		one, extra int
	}{{"2024-03-10", 9, 7}, {"2024-06", 9, 9}}
	got := services.Editions()
	if len(got) != len(want) {
		t.Fatalf("%d editions", len(got))
	}
	for i, e := range got {
		if w := want[i]; e.From.String() != w.from || e.Count(1) != w.one || e.Count(2) != w.one+w.extra || len(e.Benefits) != w.one+w.extra {
			t.Errorf("%s: %d and %d", e.From, e.Count(1), e.Count(2))
		}
	}
}

// Each item of the texts' lists is one benefit, and each benefit one item.
func TestEachItemOfTheTextsIsABenefit(t *testing.T) {
	f, err := os.Open("testdata/editions.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	items, err := csv.NewReader(f).ReadAll()
	if err != nil || len(items) != 1+16+18 {
		t.Fatal(len(items), err)
	}
	met := map[string]string{}
	for _, e := range services.Editions() {
		for _, item := range items[1:] {
			if item[0] != e.From.String() {
				continue
			}
			var found []string
			for _, b := range e.Benefits {
				if fmt.Sprint(b.Level) == item[1] && strings.Contains(strings.ToLower(b.Vi), strings.ToLower(item[2])) {
					found = append(found, b.Code)
				}
			}
			if len(found) != 1 || met[item[0]+found[0]] != "" {
				t.Errorf("%v is %v", item, found)
				continue
			}
			met[item[0]+found[0]] = item[2]
		}
		for _, b := range e.Benefits {
			if met[e.From.String()+b.Code] == "" || b.En == "" {
				t.Errorf("%s of %s is in no text", b.Code, e.From)
			}
		}
	}
}

func TestBothDaysOfJudicialRecordsAreKept(t *testing.T) {
	var days []string
	for _, o := range services.JudicialRecords() {
		days = append(days, o.Province+" "+o.From.String())
		if o.Source == "" {
			t.Error("no source")
		}
	}
	if got := strings.Join(days, ", "); got != "001 2024-04-22, 001 2024-06-01,  2024-10-01" {
		t.Error(got)
	}
}

func ExampleEditions() {
	for _, e := range services.Editions() {
		fmt.Println(e.From, e.Count(1), e.Count(2))
	}
	// Output:
	// 2024-03-10 9 16
	// 2024-06 9 18
}
