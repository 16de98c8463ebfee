package personas

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestNobodyIsReal(t *testing.T) {
	serial := regexp.MustCompile(`^999[0-9]{3}0000[0-9]{2}$`)
	phone := regexp.MustCompile(`^\+84000[0-9]{6}$`)
	for _, p := range All() {
		if p.Record.ID != "" && !serial.MatchString(p.Record.ID) {
			t.Errorf("%s: the number could be somebody's", p.Handle)
		}
		for _, former := range p.Record.FormerIDs {
			if !serial.MatchString(former) {
				t.Errorf("%s: the former number could be somebody's", p.Handle)
			}
		}
		if p.Account.Phone != "" && !phone.MatchString(p.Account.Phone) {
			t.Errorf("%s: the telephone number could be somebody's", p.Handle)
		}
		if p.Account.Email != "" && !strings.HasSuffix(p.Account.Email, "@example.com") {
			t.Errorf("%s: the e-mail address could be somebody's", p.Handle)
		}
	}
}

func TestHandlesAndNumbersAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, p := range All() {
		for _, key := range append([]string{p.Handle, p.Username(), p.Record.OldID}, p.Record.FormerIDs...) {
			if other, dup := seen[key]; dup && key != "" {
				t.Errorf("%s and %s share a handle or a number", other, p.Handle)
			}
			seen[key] = p.Handle
		}
		if got, ok := Get(p.Handle); !ok || got.Username() != p.Username() {
			t.Errorf("Get(%q) does not find the person", p.Handle)
		}
	}
	if _, ok := Get("nobody"); ok {
		t.Error("Get finds somebody who is not there")
	}
}

func TestRecordsAgreeWithThemselves(t *testing.T) {
	for _, p := range All() {
		if p.About == "" || p.Username() == "" || p.Record.Name == "" {
			t.Errorf("%s: incomplete", p.Handle)
		}
		if id := p.Record.ID; id != "" {
			female := (id[3]-'0')%2 == 1
			if female != (p.Record.Sex == "female") {
				t.Errorf("%s: the number says another sex", p.Handle)
			}
			century := 1900 + 100*int((id[3]-'0')/2)
			year := century + int(id[4]-'0')*10 + int(id[5]-'0')
			if got := p.Record.Birth.Year(); got != year {
				t.Errorf("%s: born %d, the number says %d", p.Handle, got, year)
			}
		}
		for _, g := range p.Guardians {
			if guardian, ok := Get(g); !ok || guardian.Account.Level != 2 {
				t.Errorf("%s: guardian %s is no level-2 person", p.Handle, g)
			}
		}
	}
}

func TestEveryTraitOfThePlanIsThere(t *testing.T) {
	holds := map[string]func(Persona) bool{
		"level 1":        func(p Persona) bool { return p.Account.Level == 1 },
		"level 2":        func(p Persona) bool { return p.Account.Level == 2 },
		"no account":     func(p Persona) bool { return p.Account.Level == 0 },
		"eID locked":     func(p Persona) bool { return p.Account.EIDLocked },
		"account locked": func(p Persona) bool { return p.Account.AccountLocked },
		"minor":          func(p Persona) bool { return p.Record.Birth.Year() > 2013 && len(p.Guardians) == 2 },
		"ward":           func(p Persona) bool { return p.Ward && len(p.Guardians) == 1 },
		"foreigner":      func(p Persona) bool { return p.Account.Type == "foreigner" && p.Record.ID == "" },
		"no expiry":      func(p Persona) bool { return p.Record.CardExpires.IsForever() },
		"expired":        func(p Persona) bool { return p.Handle == "expired-card" && p.Record.CardExpires.Year() == 2024 },
		"CMND":           func(p Persona) bool { return len(p.Record.OldID) == 9 },
		"CMND-12":        func(p Persona) bool { return len(p.Record.OldID) == 12 },
		"re-issued":      func(p Persona) bool { return len(p.Record.FormerIDs) == 1 },
		"first login":    func(p Persona) bool { return p.Account.Level > 0 && p.Account.Password == "" },
		"long name":      func(p Persona) bool { return letters(p.Record.Name) == 40 },
		"year only":      func(p Persona) bool { return p.Record.Birth.Year() == 1954 && p.Record.Birth.Month() == 0 },
	}
	for trait, ok := range holds {
		found := false
		for _, p := range All() {
			found = found || ok(p)
		}
		if !found {
			t.Errorf("nobody has the trait %q", trait)
		}
	}
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	if !utf8.ValidString(s) {
		return -1
	}
	return n
}
