package platform

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

func (w *world) setClock(at time.Time) { w.clock.advance(at.Sub(w.clock.Now())) }

// swept does what time does to a store.
func (w *world) swept() int {
	w.t.Helper()
	_, err1 := w.store.Sweep(w.t.Context(), w.now())
	n, err2 := w.Purge(w.t.Context())
	w.err(errors.Join(err1, err2))
	return n
}

func (w *world) reads(id string) int {
	w.t.Helper()
	all, err := w.History(w.t.Context(), id, 10_000)
	w.err(err)
	return len(all)
}

// use writes an entry, as something that a relying party reads does.
func (w *world) use(id string) {
	w.t.Helper()
	w.edit(func(tx Tx) error {
		return w.write(tx, id, &Client{ID: "rp", Name: "Cổng thử nghiệm"}, ReadLogin, nil)
	})
}

func TestUsageIsForgottenAfterFiveYearsOfTheCalendarOfVietnam(t *testing.T) {
	vn := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04:05", s, vietnam)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, one := range []struct{ name, use, ends string }{
		{"an afternoon", "2026-11-22 16:00:00", "2031-11-23 00:00:00"},
		{"the first second of a day", "2026-11-22 00:00:00", "2031-11-23 00:00:00"},
		{"the last second of a day", "2026-11-22 23:59:59", "2031-11-23 00:00:00"},
		{"a morning that is the evening before in UTC", "2026-11-22 06:30:00", "2031-11-23 00:00:00"},
		{"29 February, which no fifth year has", "2028-02-29 12:00:00", "2033-03-02 00:00:00"},
		{"28 February of a leap year", "2028-02-28 12:00:00", "2033-03-01 00:00:00"},
		{"1 March of a leap year", "2028-03-01 12:00:00", "2033-03-02 00:00:00"},
		{"28 February five years before a leap year", "2027-02-28 12:00:00", "2032-02-29 00:00:00"},
		{"the last day of a year", "2026-12-31 23:00:00", "2032-01-01 00:00:00"},
	} {
		w := newWorld(t)
		w.setClock(vn(one.use))
		w.use("level2")
		w.setClock(vn(one.ends).Add(-time.Second))
		if n := w.swept(); n != 0 || w.reads("level2") != 1 {
			t.Errorf("%s: gone a second early", one.name)
		}
		if _, err := w.audited(w.trust()); err == nil || !strings.Contains(err.Error(), "no checkpoint") {
			t.Error("the log of an idle platform:", err)
		}
		w.clock.advance(time.Second)
		if n := w.swept(); n != 1 || w.reads("level2") != 0 {
			t.Errorf("%s: %d entries gone, %d there", one.name, n, w.reads("level2"))
		}
		w.err(w.Checkpoint(t.Context()))
		if r, err := w.audited(w.trust()); err != nil || r.Forgotten != 1 {
			t.Errorf("%s: the log: %+v, %v", one.name, r, err)
		}
	}
}

func TestWhatAccountsAreStaysForGood(t *testing.T) {
	w := newWorld(t)
	w.login("level2", nil)
	w.err(w.SetLocks(t.Context(), "level2", Locks{EID: true}))
	before := w.entries()
	account, err := w.Account(t.Context(), "level2")
	w.err(err)
	w.clock.advance(60 * 365 * 24 * time.Hour)
	w.swept()
	if now, err := w.Account(t.Context(), "level2"); err != nil || now.Record.ID != account.Record.ID || now.Record.Name != account.Record.Name || !now.EIDLocked {
		t.Error("the account is not what it was", err)
	}
	if p, err := w.Papers(t.Context(), "level2"); err != nil || len(p) == 0 {
		t.Error("the documents are gone", err)
	}
	forgotten := 0
	for i, e := range w.entries() {
		if e.Hash != before[i].Hash || e.Forgotten() != usage(e.Kind) {
			t.Errorf("entry %d, %s: forgotten %v", e.Seq, e.Kind, e.Forgotten())
		}
		if e.Forgotten() {
			forgotten++
		}
	}
	if forgotten != 2 { // the consent and the login
		t.Errorf("%d entries are forgotten", forgotten)
	}
}

func TestALegalHoldKeepsAndLetsGo(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	agency := w.staff("co-quan")
	w.use("level2")
	w.use("namesake")
	hold, err := w.PlaceHold(ctx, agency, "level2", "Quyết định 12/QĐ-CQĐT (ví dụ)")
	w.err(err)
	second, err := w.PlaceHold(ctx, agency, "level2", "Quyết định 13/QĐ-CQĐT (ví dụ)")
	w.err(err)
	w.clock.advance(6 * 365 * 24 * time.Hour)
	if n := w.swept(); n != 1 || w.reads("level2") != 1 || w.reads("namesake") != 0 {
		t.Fatalf("%d gone, %d and %d there", n, w.reads("level2"), w.reads("namesake"))
	}
	w.err(w.LiftHold(ctx, agency, "level2", hold.ID, "Quyết định 20/QĐ-CQĐT (ví dụ)"))
	if w.swept(); w.reads("level2") != 1 {
		t.Error("gone while another hold stands")
	}
	w.err(w.LiftHold(ctx, agency, "level2", second.ID, "Quyết định 21/QĐ-CQĐT (ví dụ)"))
	third, err := w.PlaceHold(ctx, agency, "level2", "Quyết định 22/QĐ-CQĐT (ví dụ)")
	w.err(err)
	if w.swept(); w.reads("level2") != 1 {
		t.Error("gone though a hold came before the purge")
	}
	if all, err := w.Holds(ctx, "", Hold{}, 10); err != nil || len(all) != 1 || all[0] != third || all[0].By != agency.ID {
		t.Errorf("%+v, %v", all, err)
	}
	w.err(w.LiftHold(ctx, agency, "level2", third.ID, "Quyết định 23/QĐ-CQĐT (ví dụ)"))
	if n := w.swept(); n != 1 || w.reads("level2") != 0 {
		t.Errorf("%d gone, %d there, with no hold left", n, w.reads("level2"))
	}
	w.err(w.Checkpoint(ctx))
	if r, err := w.audited(w.trust()); err != nil || r.Forgotten != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Data requests and filings say more of a use than the history does. Each is kept by a
// check of its own.
func TestAHoldKeepsDataRequestsAndFilingsToo(t *testing.T) {
	for _, off := range []string{"", "hold-shares", "hold-tickets"} {
		a := newWorld(t).asker(nil)
		w := a.world
		w.off = off
		kept := func() (shares, filings int) {
			all, err1 := w.Shares(t.Context(), "level2", 10)
			own, err2 := w.OwnTickets(t.Context(), "level2", 10)
			w.err(errors.Join(err1, err2))
			return len(all), len(own)
		}
		both := func() {
			a.bundle("level2", details(nil))
			w.err(w.FileOwn(t.Context(), w.sessionOf("level2", 2), w.filing(servicewire.TemporaryAbsence)))
		}
		both()
		hold, err := w.PlaceHold(t.Context(), w.staff("co-quan"), "level2", "Quyết định 12/QĐ-CQĐT (ví dụ)")
		w.err(err)
		w.clock.advance(24 * time.Hour)
		both() // after the hold
		w.clock.advance(20 * 366 * 24 * time.Hour)
		w.swept()
		shares, filings := kept()
		if (shares == 2) != (off != "hold-shares") || (filings == 2) != (off != "hold-tickets") {
			t.Errorf("with %q off: %d data requests and %d filings of two under the hold", off, shares, filings)
		}
		w.err(w.LiftHold(t.Context(), w.staff("co-quan"), "level2", hold.ID, "Quyết định 13/QĐ-CQĐT (ví dụ)"))
		w.swept()
		if shares, filings := kept(); shares+filings != 0 {
			t.Errorf("%d and %d stay behind it", shares, filings)
		}
	}
}

func TestWhoMayHoldAndWhatTheyMustCite(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	agency, good := w.staff("co-quan"), "Quyết định 12/QĐ-CQĐT ngày 22/11/2026 (ví dụ)"
	hold, err := w.PlaceHold(ctx, agency, "level2", good)
	w.err(err)
	for _, one := range []struct {
		name              string
		by                Staff
		account, citation string
		want              error
	}{
		{"an officer", Staff{ID: "x", Role: RoleOfficer, Unit: "999-01"}, "level2", good, ErrNotAllowed},
		{"a relying party's clerk", Staff{ID: "x", Role: RoleClient, Client: "rp"}, "level2", good, ErrNotAllowed},
		{"nobody", Staff{}, "level2", good, ErrNotAllowed},
		{"no citation", agency, "level2", " ", ErrCitation},
		{"a citation with a person's number", agency, "level2", "về việc 999090000001", ErrCitation},
		{"one in groups", agency, "level2", "về việc 999 090 000 001", ErrCitation},
		{"one in other groups", agency, "level2", "về việc 9990.9000.0001", ErrCitation},
		{"a citation of two lines", agency, "level2", "a\nb", ErrCitation},
		{"an endless one", agency, "level2", strings.Repeat("a", 301), ErrCitation},
		{"an account that is not there", agency, "nobody", good, ErrNoHolder},
	} {
		if _, err := w.PlaceHold(ctx, one.by, one.account, one.citation); !errors.Is(err, one.want) {
			t.Errorf("%s places a hold: %v", one.name, err)
		}
		want := one.want
		if want == ErrNoHolder {
			want = ErrNoHold
		}
		if err := w.LiftHold(ctx, one.by, one.account, hold.ID, one.citation); !errors.Is(err, want) {
			t.Errorf("%s lifts a hold: %v", one.name, err)
		}
	}
	got := w.since(func() { w.err(w.LiftHold(ctx, agency, "level2", hold.ID, good)) })
	if len(got) != 1 || got[0] != "hold-lifted co-quan level2" {
		t.Error(got)
	}
	if err := w.LiftHold(ctx, agency, "level2", hold.ID, good); !errors.Is(err, ErrNoHold) {
		t.Error("a hold is lifted twice:", err)
	}
}

// Each of the two is the check that keeps an entry.
func TestThePurgesChecksAreWhatKeepsAnEntry(t *testing.T) {
	for check, years := range map[string]int{"purge-time": 4, "purge-hold": 6} {
		for _, off := range []string{"", check} {
			w := newWorld(t)
			w.use("level2")
			if check == "purge-hold" {
				_, err := w.PlaceHold(t.Context(), w.staff("co-quan"), "level2", "Quyết định 12 (ví dụ)")
				w.err(err)
			}
			w.clock.advance(time.Duration(years) * 365 * 24 * time.Hour)
			w.off = off
			if w.swept(); (w.reads("level2") == 1) != (off == "") {
				t.Errorf("with %q off %d entries stay", off, w.reads("level2"))
			}
		}
	}
}

func TestAPurgeOfManyPagesInBoundedTransactions(t *testing.T) {
	w := newWorld(t)
	const many = 3*purgePage + 17
	for i := range many {
		w.use([]string{"level2", "namesake"}[i%2])
	}
	hold, err := w.PlaceHold(t.Context(), w.staff("co-quan"), "namesake", "Quyết định 12 (ví dụ)")
	w.err(err)
	w.clock.advance(6 * 365 * 24 * time.Hour)
	w.use("level2") // not yet
	counted := &biggest{Store: w.store}
	w.store = counted
	if n := w.swept(); n != (many+1)/2 || w.reads("level2") != 1 || w.reads("namesake") != many/2 {
		t.Errorf("%d gone, %d and %d there", n, w.reads("level2"), w.reads("namesake"))
	}
	w.err(w.LiftHold(t.Context(), w.staff("co-quan"), "namesake", hold.ID, "Quyết định 13 (ví dụ)"))
	if n := w.swept(); n != many/2 || w.reads("namesake") != 0 {
		t.Errorf("%d gone, %d there", n, w.reads("namesake"))
	}
	if counted.most > 3*purgePage+10 {
		t.Errorf("a transaction of %d writes", counted.most)
	}
	if n := w.swept(); n != 0 {
		t.Errorf("%d gone again", n)
	}
}

func TestAHoldKeepsTheFormerDevices(t *testing.T) {
	for _, before := range []bool{true, false} {
		w := newWorld(t)
		ctx := t.Context()
		agency := w.staff("co-quan")
		var h Hold
		hold := func() {
			var err error
			h, err = w.PlaceHold(ctx, agency, "level2", "Quyết định 30 (ví dụ)")
			w.err(err)
		}
		if before {
			hold()
		}
		w.err(w.ChangeDevice(ctx, "level2"))
		if !before {
			hold()
		}
		w.clock.advance(6 * 366 * 24 * time.Hour)
		w.swept()
		if all, err := w.DevicesPast(ctx, "level2", 10); err != nil || len(all) != 1 {
			t.Errorf("under a hold: %d, %v", len(all), err)
		}
		w.err(w.LiftHold(ctx, agency, "level2", h.ID, "Quyết định 31 (ví dụ)"))
		w.swept()
		if all, err := w.DevicesPast(ctx, "level2", 10); err != nil || len(all) != 0 {
			t.Errorf("behind it: %d, %v", len(all), err)
		}
	}
}
