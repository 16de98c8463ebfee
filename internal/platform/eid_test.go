package platform

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

func TestLevelTwoComesWithAnElectronicIdentityCard(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	var low *vneid.LevelError
	if _, err := w.EIDCard(ctx, "level1"); !errors.As(err, &low) {
		t.Fatalf("an account of level 1 has a card: %v", err)
	}
	w.clock.advance(time.Hour)
	w.err(w.SetLevel(ctx, "level1", 2))
	card, err := w.EIDCard(ctx, "level1")
	if err != nil || !card.Issued.Equal(w.clock.Now()) {
		t.Fatalf("the card of a new level 2 is of %v: %v", card.Issued, err)
	}
	papers, err := w.Papers(ctx, "level1")
	if err != nil || !slices.ContainsFunc(papers, func(p Paper) bool { return p.Kind == document.ElectronicID }) {
		t.Errorf("nothing to share: %v", err)
	}
	w.clock.advance(time.Hour)
	w.err(w.SetLevel(ctx, "level1", 1))
	w.err(w.SetLevel(ctx, "level1", 2))
	if again, err := w.EIDCard(ctx, "level1"); err != nil || !again.Issued.Equal(card.Issued) {
		t.Errorf("issued for good, and yet again at %v: %v", again.Issued, err)
	}
	if _, err := w.EIDCard(ctx, "foreigner"); !errors.As(err, &low) {
		t.Errorf("a foreigner has a citizen's card: %v", err)
	}
}

func TestALockedCardIsShownToNobody(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	if _, err := w.EIDCard(ctx, "level2"); err != nil {
		t.Fatal(err)
	}
	for _, l := range []Locks{{EID: true}, {Account: true}} {
		w.err(w.SetLocks(ctx, "level2", l))
		var lock *vneid.LockError
		if card, err := w.EIDCard(ctx, "level2"); !errors.As(err, &lock) || lock.EID != l.EID || len(card.Fields) > 0 {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

func TestTheTemplateIsThatOfTheDay(t *testing.T) {
	at := func(text string) time.Time {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, c := range []struct {
		at, version, title string
		eid                bool
	}{
		{"2020-01-01T00:00:00+07:00", "card-1", "Thông tin thẻ CCCD", false},
		{"2024-06-30T23:59:59+07:00", "card-1", "Thông tin thẻ CCCD", false},
		{"2024-06-30T16:59:59Z", "card-1", "Thông tin thẻ CCCD", false},
		{"2024-07-01T00:00:00+07:00", "eid-1", "Căn cước điện tử", true},
		{"2024-06-30T17:00:00Z", "eid-1", "Căn cước điện tử", true},
		{"2025-06-30T23:59:59+07:00", "eid-1", "Căn cước điện tử", true},
		{"2025-07-01T00:00:00+07:00", "eid-2", "Căn cước điện tử", true},
	} {
		if got := TemplateAt(at(c.at)); got.Version != c.version || got.Title.Vi != c.title || got.EID != c.eid {
			t.Errorf("%s: %s, %s", c.at, got.Version, got.Title.Vi)
		}
	}
}

func TestTheCardShowsWhatIsKnownNow(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	value := func(name string) string {
		card, err := w.EIDCard(ctx, "level2")
		w.err(err)
		for _, f := range card.Fields {
			if f.Name == name {
				return f.Value
			}
		}
		return ""
	}
	if value("id") != "999090000001" || value("birth") != "14/02/1990" || value("sex") != "Nam" || value("nationality") != "Việt Nam" {
		t.Fatalf("the card is wrong: %s %s %s %s", value("id"), value("birth"), value("sex"), value("nationality"))
	}
	w.err(w.ReissueNumber(ctx, "level2", "999090000099"))
	if got := value("id"); got != "999090000099" {
		t.Errorf("the old number stands on the card: %s", got)
	}
	a, err := w.Account(ctx, "level2")
	w.err(err)
	numbers := a.Numbers()
	want := []HeldNumber{{NumberCurrent, "999090000099", time.Time{}}, {NumberCancelled, "999090000001", w.clock.Now()}}
	if len(numbers) != 2 || numbers[0] != want[0] || numbers[1].Number != want[1].Number || !numbers[1].Until.Equal(want[1].Until) {
		t.Errorf("numbers %+v", numbers)
	}
	old, err := w.Account(ctx, "old-cmnd")
	w.err(err)
	if n := old.Numbers(); len(n) != 2 || n[1] != (HeldNumber{Sort: NumberCMND, Number: "999000015"}) {
		t.Errorf("numbers %+v", n)
	}
}

func TestTheCardSaysWhenItEnds(t *testing.T) {
	end, err := vneid.ParseDate("2030-02-14")
	if err != nil {
		t.Fatal(err)
	}
	last := time.Date(2030, 2, 14, 0, 0, 0, 0, vietnam)
	for _, c := range []struct {
		now  time.Time
		want CardWarning
	}{
		{last.AddDate(0, 0, -61), CardGood}, {last.AddDate(0, 0, -59), CardEnds},
		{last.Add(24*time.Hour - time.Second), CardEnds}, {last.Add(24 * time.Hour), CardEnded},
	} {
		if got := warningOf(end, c.now); got != c.want {
			t.Errorf("%v: %q", c.now, got)
		}
	}
	if got := warningOf(vneid.Forever(), last); got != CardGood {
		t.Errorf("no end, and yet %q", got)
	}
}
