package units

import (
	"errors"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

func TestWhoReceivesWhatOnWhichDay(t *testing.T) {
	r := Invented()
	for _, c := range []struct {
		unit string
		what Procedure
		day  string
		want error
	}{
		{"ca-xa-mau", Level2, "2022-10-19", ErrClosed},
		{"ca-xa-mau", Level2, "2022-10-20", nil},
		{"ca-xa-mau", Level2, "2026-11-22", nil},
		{"ca-xa-mau", FirstCard, "2026-11-22", ErrNot},
		{"ca-phuong-mau", FirstCard, "2025-06-30", ErrNot},
		{"ca-phuong-mau", FirstCard, "2025-07-01", nil},
		{"ca-thi-tran-cu", Level2, "2025-06-30", nil},
		{"ca-thi-tran-cu", Level2, "2025-07-01", ErrClosed},
		{"ca-dac-khu-mau", Level2, "2025-06-30", ErrClosed},
		{"ca-dac-khu-mau", Level2, "2025-07-01", nil},
		{"ca-huyen-mau", Level2, "2025-06-30", nil}, // cards are issued there
		{"ca-huyen-mau", Lock, "2025-06-30", nil},
		{"ca-huyen-mau", Lock, "2025-07-01", ErrClosed},
		{"ca-huyen-mau", Lock, "2024-06-30", ErrNot}, // no lock of a card before the law of cards
		{"ca-tinh-vi-du", Level2, "2026-11-22", nil},
		{"ca-tinh-vi-du", FirstCard, "2026-11-22", nil},
		{"ca-tinh-vi-du", Unlock, "2026-11-22", nil},
		{"xnc-tinh-vi-du", Foreigner, "2026-11-22", nil},
		{"xnc-tinh-vi-du", Level2, "2026-11-22", ErrNot},
		{"ca-xa-mau", Foreigner, "2026-11-22", ErrNot},
		{"ca-xa-mau", Foreigner, "2023-11-22", nil},
		{"diem-luu-dong", Level2, "2026-11-22", nil}, // a kind that no rule knows
		{"diem-luu-dong", Lock, "2026-11-22", ErrNot},
		{"co-quan-dinh-danh", Level2, "2026-11-22", ErrNot},
		{"nowhere", Level2, "2026-11-22", ErrNoUnit},
	} {
		if err := r.May(c.unit, c.what, on(c.day)); !errors.Is(err, c.want) {
			t.Errorf("%s, %s, %s: %v, want %v", c.unit, c.what, c.day, err, c.want)
		}
	}
}

func TestTheCasesOfAUnitThatEndedAreItsHeirs(t *testing.T) {
	r := Invented()
	for _, c := range []struct{ unit, day, want string }{
		{"ca-huyen-mau", "2025-06-30", "ca-huyen-mau"},
		{"ca-huyen-mau", "2025-07-01", "ca-tinh-vi-du"},
		{"ca-thi-tran-cu", "2026-11-22", "ca-xa-mau"},
		{"ca-xa-mau", "2026-11-22", "ca-xa-mau"},
		{"nowhere", "2026-11-22", ""},
	} {
		if got := r.Holder(c.unit, on(c.day)); got != c.want {
			t.Errorf("%s on %s: %q", c.unit, c.day, got)
		}
	}
	a, b := Unit{ID: "a", Name: "A", Kind: Ward, From: on("2025-01-01"), Until: on("2025-02-01"), Heir: "b"}, Unit{ID: "b", Name: "B", Kind: Ward, From: on("2025-01-01"), Until: on("2025-02-01"), Heir: "a"}
	circle, err := New([]Unit{a, b}, nil)
	if err != nil || circle.Holder("a", on("2026-01-01")) != "" {
		t.Error("heirs in a circle have something", err)
	}
}

func TestWhereToGo(t *testing.T) {
	r := Invented()
	for day, want := range map[string]int{"2022-10-19": 0, "2025-06-30": 5, "2025-07-01": 5} {
		if got := r.Where(Level2, on(day)); len(got) != want {
			t.Errorf("%s: %d units, want %d", day, len(got), want)
		}
	}
	before, _ := Places(on("2025-06-30"))
	after, _ := Places(on("2025-07-01"))
	if before != "Công an xã, phường, thị trấn hoặc nơi làm thủ tục cấp căn cước" || after != "Công an xã/phường/đặc khu hoặc nơi làm thủ tục cấp căn cước" {
		t.Error(before, after)
	}
	if got := len(r.On(on("2025-06-30"))); got != 7 {
		t.Errorf("%d units on the last day of three tiers", got)
	}
}

func TestRegistriesThatCannotBeAreRefused(t *testing.T) {
	good := Unit{ID: "a", Name: "A", Kind: "x", From: on("2025-01-01")}
	if _, err := New([]Unit{good}, nil); err != nil {
		t.Fatal(err)
	}
	edit := func(f func(*Unit)) []Unit {
		u := good
		f(&u)
		return []Unit{u}
	}
	for name, all := range map[string][]Unit{
		"no id":                 edit(func(u *Unit) { u.ID = "" }),
		"no name":               edit(func(u *Unit) { u.Name = "" }),
		"no kind":               edit(func(u *Unit) { u.Kind = "" }),
		"no first day":          edit(func(u *Unit) { u.From = on("2025") }),
		"an end before":         edit(func(u *Unit) { u.Until = on("2024-12-31") }),
		"an heir that is not":   edit(func(u *Unit) { u.Heir = "b" }),
		"its own parent":        edit(func(u *Unit) { u.Parent = "a" }),
		"the same unit a twice": {good, good},
	} {
		if _, err := New(all, nil); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestEveryOfficerHasAUnitAndEveryUnitAnOfficerCanReceive(t *testing.T) {
	r := Invented()
	seen := map[string]bool{}
	for _, s := range personas.Staff() {
		if s.ID == "" || s.Name == "" || s.About == "" || seen[s.ID] {
			t.Errorf("%q: not whole, or twice", s.ID)
		}
		seen[s.ID] = true
		if _, ok := r.Get(s.Unit); s.Role != "client" && !ok {
			t.Errorf("%s: no unit %q", s.ID, s.Unit)
		}
	}
	for _, rule := range Rules() {
		if rule.Source == "" || rule.From.IsZero() {
			t.Errorf("a rule without source or day: %+v", rule)
		}
	}
}
