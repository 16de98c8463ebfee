package crowd

import (
	"iter"
	"maps"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const many = 100_000

// only makes people without their papers.
func only(seed uint64, from, to int) iter.Seq[personas.Persona] {
	return func(yield func(personas.Persona) bool) {
		for i := from; i < to && yield((Crowd{Seed: seed}).Person(i)); i++ {
		}
	}
}

// claim notes whose a number is, and finds who has it already.
type claims map[string]string

func (c claims) claim(t *testing.T, number, whose string) {
	t.Helper()
	if other, taken := c[number]; taken {
		t.Errorf("%s and %s share a number or a handle", other, whose)
	}
	c[number] = whose
}

func (c claims) all(t *testing.T, p personas.Persona) {
	t.Helper()
	c.claim(t, p.Handle, p.Handle)
	for _, n := range append([]string{p.Username(), p.Record.OldID}, p.Record.FormerIDs...) {
		if n != "" {
			c.claim(t, n, p.Handle)
		}
	}
}

func TestNobodySharesANumberWithAnybody(t *testing.T) {
	taken := claims{}
	for _, p := range personas.All() {
		taken.all(t, p)
	}
	for p := range only(7, 0, many) {
		taken.all(t, p)
	}
	taken.all(t, Crowd{Seed: 7}.Person(Max-1))
	if none := (Crowd{}).Person(Max); none.Handle != "" {
		t.Errorf("somebody beyond the last: %s", none.Handle)
	}
}

var (
	unreal = regexp.MustCompile(`^999[0-9]{3}[1-8][0-9]{5}$`)
	mobile = regexp.MustCompile(`^\+84000[0-9]{6}$`)
)

func TestNumbersSayWhatTheRecordSays(t *testing.T) {
	for p := range only(7, 0, many) {
		if !unreal.MatchString(p.Record.ID) && (p.Account.Type != "foreigner" || !strings.HasPrefix(p.Record.ForeignerID, "999")) {
			t.Fatalf("%s: the number could be somebody's", p.Handle)
		}
		if p.Account.Phone != "" && !mobile.MatchString(p.Account.Phone) || p.Account.Email != "" && !strings.HasSuffix(p.Account.Email, "@example.com") {
			t.Fatalf("%s: the telephone number or e-mail address could be somebody's", p.Handle)
		}
		for i, former := range p.Record.FormerIDs {
			if id, err := vneid.ParseCitizenID(former); err != nil || id.Sex() == p.Record.Sex && i == 0 || !unreal.MatchString(former) {
				t.Fatalf("%s: the first former number says the same sex", p.Handle)
			}
		}
		if p.Record.ID == "" {
			continue
		}
		id, err := vneid.ParseCitizenID(p.Record.ID)
		if err != nil || id.Sex() != p.Record.Sex || id.BirthYear() != p.Record.Birth.Year() {
			t.Fatalf("%s: the number says %s, %d, the record %s, %v (%v)", p.Handle, id.Sex(), id.BirthYear(), p.Record.Sex, p.Record.Birth, err)
		}
		if p.Record.OldID != "" {
			if _, err := vneid.ParseOldID(p.Record.OldID); err != nil {
				t.Fatalf("%s: %v", p.Handle, err)
			}
		}
	}
}

func TestEverybodyIsWhole(t *testing.T) {
	c, today := Crowd{Seed: 7}, day(2026, 11, 22)
	for i := range many {
		p := c.Person(i)
		if p.Record.Name == "" || p.Record.Birth.IsZero() || p.About == "" || !p.Record.Birth.Before(today) {
			t.Fatalf("%s: incomplete, or not yet born", p.Handle)
		}
		if p.Record.Residence.Text == "" || p.Record.Residence.AsOf.IsZero() || !strings.HasSuffix(p.Record.Residence.Text, ", "+province) {
			t.Fatalf("%s lives nowhere", p.Handle)
		}
		if p.Record.ID != "" && (p.Record.CardIssued.IsZero() || !p.Record.Birth.Before(p.Record.CardIssued) || !p.Record.CardIssued.Before(p.Record.CardExpires)) {
			t.Fatalf("%s: born %v, card of %v, until %v", p.Handle, p.Record.Birth, p.Record.CardIssued, p.Record.CardExpires)
		}
		_, age, _ := p.Record.Birth.Age(today)
		if minor := age < 16; minor != (len(p.Guardians) == 2) || p.Ward != (len(p.Guardians) == 1) || age < 6 && p.Account.Level > 1 {
			t.Fatalf("%s: %d years old, guardians %v, level %d", p.Handle, age, p.Guardians, p.Account.Level)
		}
		for _, g := range p.Guardians {
			var n int
			for _, r := range g[len("crowd-"):] {
				n = n*10 + int(r-'0')
			}
			if by := c.Person(n); by.Handle != g || by.Account.Level != 2 || by.Account.EIDLocked || by.Account.AccountLocked || by.Ward {
				t.Fatalf("%s: %s cannot decide for anybody", p.Handle, g)
			} else if p.Record.Father != "" && by.Record.Name != p.Record.Father && by.Record.Name != p.Record.Mother {
				t.Fatalf("%s: %s is no parent by name", p.Handle, g)
			}
		}
		if expired := p.Record.CardExpires.Ended(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)); expired != (TraitOf(i).Name == "expired-card") {
			t.Fatalf("%s: a card until %v", p.Handle, p.Record.CardExpires)
		}
	}
}

func TestTheSameSeedMakesTheSamePeople(t *testing.T) {
	a, b, other := Crowd{Seed: 7}, Crowd{Seed: 7}, Crowd{Seed: 8}
	same := 0
	i := 990
	for p := range only(7, 990, 1990) {
		if q := b.Person(i); !reflect.DeepEqual(p, q) || q.Handle != Handle(i) {
			t.Fatalf("%s is two people", p.Handle)
		}
		if q := other.Person(i); q.Handle != p.Handle {
			t.Fatalf("%s is called %s with another seed", p.Handle, q.Handle)
		} else if q.Record.Name == p.Record.Name {
			same++
		}
		i++
	}
	if i != 1990 || same > 100 {
		t.Errorf("%d people, %d of them called the same with another seed", i-990, same)
	}
	// Known by heart, so that another machine or release makes the same.
	if p := a.Person(42); p.Record.ID != "999311100168" || p.Record.Name != "Nguyễn Thùy Nhung" {
		t.Errorf("somebody else: %s, %s", p.Record.ID, p.Record.Name)
	}
}

func TestTheFirstPeopleHaveEveryTrait(t *testing.T) {
	seen := map[string]int{}
	for i := range Start {
		seen[TraitOf(i).Name]++
	}
	for _, trait := range Traits() {
		if seen[trait.Name] == 0 || trait.Vi == "" || trait.En == "" {
			t.Errorf("nobody of the first %d is %q, or no words for it", Start, trait.Name)
		}
	}
	holds := map[string]func(personas.Persona) bool{
		"level 1":        func(p personas.Persona) bool { return p.Account.Level == 1 },
		"no account":     func(p personas.Persona) bool { return p.Account.Level == 0 },
		"child with two": func(p personas.Persona) bool { return len(p.Guardians) == 2 && p.Record.Birth.Year() > 2012 },
		"ward":           func(p personas.Persona) bool { return p.Ward },
		"foreigner":      func(p personas.Persona) bool { return p.Record.ID == "" && p.Account.Type == "foreigner" },
		"organisation":   func(p personas.Persona) bool { return p.Organisation != "" },
		"eID locked":     func(p personas.Persona) bool { return p.Account.EIDLocked && !p.CardRevoked },
		"account locked": func(p personas.Persona) bool { return p.Account.AccountLocked },
		"revoked":        func(p personas.Persona) bool { return p.CardRevoked && p.Account.EIDLocked },
		"reissued twice": func(p personas.Persona) bool { return len(p.Record.FormerIDs) == 2 },
		"CMND":           func(p personas.Persona) bool { return len(p.Record.OldID) == 9 },
		"CMND-12":        func(p personas.Persona) bool { return len(p.Record.OldID) == 12 },
		"three levels":   func(p personas.Persona) bool { return strings.Count(p.Record.Residence.Text, ",") == 3 },
		"two levels":     func(p personas.Persona) bool { return strings.Count(p.Record.Residence.Text, ",") == 2 },
		"one word":       func(p personas.Persona) bool { return !strings.Contains(p.Record.Name, " ") },
		"forty letters":  func(p personas.Persona) bool { return len([]rune(strings.ReplaceAll(p.Record.Name, " ", ""))) >= 38 },
		"eth":            func(p personas.Persona) bool { return strings.Contains(p.Record.Name, "Ð") },
		"d with stroke":  func(p personas.Persona) bool { return strings.Count(p.Record.Name, "Đ") >= 3 },
		"highlander": func(p personas.Persona) bool {
			return p.Record.Ethnicity == "Ê-đê" && !strings.ContainsAny(p.Record.Name, "'’-")
		},
		"curved apostrophe": func(p personas.Persona) bool { return strings.Contains(p.Record.Name, "’") },
		"year only":         func(p personas.Persona) bool { return p.Record.Birth.Month() == 0 },
		"month only":        func(p personas.Persona) bool { return p.Record.Birth.Month() != 0 && p.Record.Birth.Day() == 0 },
		"leap day": func(p personas.Persona) bool {
			return p.Record.Birth.Month() == time.February && p.Record.Birth.Day() == 29
		},
		"first login":      func(p personas.Persona) bool { return p.Account.Level > 0 && p.Account.Password == "" },
		"no expiry":        func(p personas.Persona) bool { return p.Record.CardExpires.IsForever() },
		"born before 1925": func(p personas.Persona) bool { return p.Record.Birth.Year() < 1925 },
	}
	for seed := range uint64(20) {
		found := map[string]bool{}
		for p := range only(seed, 0, Start) {
			for name, ok := range holds {
				found[name] = found[name] || ok(p)
			}
		}
		for name := range holds {
			if !found[name] {
				t.Errorf("seed %d: nobody of the first is %q", seed, name)
			}
		}
	}
}

// A crowd that is all of one sort would test nothing.
func TestPeopleSpread(t *testing.T) {
	count := map[string]int{}
	names := map[string]bool{}
	for p := range only(7, 0, many) {
		count["level "+string(rune('0'+p.Account.Level))]++
		count[string(p.Record.Sex)]++
		count["commune "+strings.Split(p.Record.Residence.Text, ", ")[1]]++
		names[p.Record.Name] = true
		if p.Account.Email != "" {
			count["email"]++
		}
	}
	for what, bounds := range map[string][2]int{
		"level 0": {3_000, 15_000}, "level 1": {10_000, 30_000}, "level 2": {60_000, 85_000},
		"male": {45_000, 55_000}, "female": {45_000, 55_000}, "email": {15_000, 35_000},
	} {
		if n := count[what]; n < bounds[0] || n > bounds[1] {
			t.Errorf("%s: %d", what, n)
		}
	}
	for c := range maps.Keys(count) {
		if strings.HasPrefix(c, "commune ") && (count[c] < 10_000 || count[c] > 20_000) {
			t.Errorf("%s: %d", c, count[c])
		}
	}
	if len(names) < 25_000 {
		t.Errorf("only %d names", len(names))
	}
}

func BenchmarkPerson(b *testing.B) {
	c := Crowd{Seed: 7}
	for i := range b.N {
		c.Person(i % Max)
	}
}
