package crowd

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas/wallet"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

var (
	digits = regexp.MustCompile(`[0-9]{9,}`)
	// Codes that were never issued, of provinces, insurance and telephones.
	nobodys = regexp.MustCompile(`^(999|84000|0000|[1-5]990000)`)
)

func TestPapersAreWholeAndNobodys(t *testing.T) {
	seen := map[string]string{}
	for who, papers := range (Crowd{Seed: 7}).People(0, 5000) {
		kinds := map[document.Kind]bool{}
		for _, p := range papers {
			kind := p.Content.Kind()
			text, err := json.Marshal(p.Content)
			if err != nil || kinds[kind] || p.Source == "" || p.At.IsZero() {
				t.Fatalf("%s: %s twice, or without a source or a date: %v", who.Handle, kind, err)
			}
			kinds[kind] = true
			if _, err := paper.Parse(kind, text); err != nil || strings.Contains(string(text), `""`) || strings.Contains(string(text), `"0001`) {
				t.Fatalf("%s: %s is not whole: %v\n%s", who.Handle, kind, err, text)
			}
			for _, number := range digits.FindAllString(string(text), -1) {
				if !nobodys.MatchString(number) {
					t.Fatalf("%s: %s with a number that could be somebody's: %s", who.Handle, kind, text)
				}
			}
			number := struct {
				Number string `json:"number"`
				Plate  string `json:"plate"`
			}{}
			if json.Unmarshal(text, &number) == nil && number.Number != "" && kind != document.TaxCode && kind != document.OldCard {
				if other := seen[string(kind)+number.Number+number.Plate]; other != "" {
					t.Fatalf("%s and %s share a %s", other, who.Handle, kind)
				}
				seen[string(kind)+number.Number+number.Plate] = who.Handle
			}
		}
		if !kinds[document.Identity] || !kinds[document.Residence] {
			t.Fatalf("%s has no identity or residence", who.Handle)
		}
	}
}

func TestTheFirstPeopleHaveEveryKindOfPaper(t *testing.T) {
	kinds, states := map[document.Kind]int{}, map[string]int{}
	for _, papers := range (Crowd{Seed: 1}).People(0, Start) {
		for _, p := range papers {
			kinds[p.Content.Kind()]++
			states[p.State]++
			states[p.Status]++
		}
	}
	for _, kind := range paper.Kinds() {
		if kinds[kind] == 0 || kinds[kind] == Start && kind != document.Identity && kind != document.Residence {
			t.Errorf("%d of %d have a %s", kinds[kind], Start, kind)
		}
	}
	for _, state := range []string{wallet.StateVerified, wallet.Pending, wallet.Unverified, wallet.Revoked, wallet.Suspended} {
		if states[state] == 0 {
			t.Errorf("no paper is %s", state)
		}
	}
}

func TestAHouseholdAgreesOnWhoIsWhose(t *testing.T) {
	c := Crowd{Seed: 7}
	for first := 0; first < 300; first += household {
		ids := map[string]bool{}
		for _, p := range c.Papers(first) {
			if d, ok := p.Content.(paper.Dependants); ok {
				for _, who := range d.People {
					ids[who.ID] = true
				}
			}
		}
		if !ids[c.Person(first+3).Record.ID] || !ids[c.Person(first+4).Record.ID] || ids[c.Person(first+5).Record.ID] != c.Person(first+5).Ward {
			t.Fatalf("%s: %d dependants", Handle(first), len(ids))
		}
	}
}

func BenchmarkPapers(b *testing.B) {
	c := Crowd{Seed: 7}
	for i := range b.N {
		for _, p := range c.Papers(i % Max) {
			if _, err := json.Marshal(p.Content); err != nil {
				b.Fatal(err)
			}
		}
	}
}
