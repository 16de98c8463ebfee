package platform

import (
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/units"
)

func TestARequestOfAnotherBody(t *testing.T) {
	w := newWorld(t) // a Sunday
	ctx := t.Context()
	officer, agency := w.staff("can-bo-phuong"), w.staff("co-quan")
	w.clock.now = time.Date(2026, 11, 20, 15, 0, 0, 0, vietnam) // a Friday
	until := w.clock.Now().AddDate(0, 1, 0)
	q, err := w.RequestLock(ctx, officer, LockRequest{Account: "level2", Ground: GroundBody, Body: "Cơ quan điều tra Mẫu", Reference: "01/YC", Locks: eidLock, Until: until})
	w.err(err)
	if w.locks("level2") != noLock {
		t.Fatal("locked before anybody decided")
	}
	monday, wednesday := time.Date(2026, 11, 23, 23, 59, 59, 0, vietnam), time.Date(2026, 11, 25, 23, 59, 59, 0, vietnam)
	if !q.ForwardBy.Equal(monday) || !q.DecideBy.Equal(wednesday) {
		t.Errorf("to be handed on by %v, decided by %v", q.ForwardBy, q.DecideBy)
	}
	if err := w.DecideLock(ctx, agency, q.ID, true, ""); !errors.Is(err, ErrNoRequest) {
		t.Errorf("decided before it was handed on: %v", err)
	}
	for name, who := range map[string]Staff{"another unit": w.staff("can-bo-xa"), "the agency": agency, "a client": w.staff("nhan-vien-portal")} {
		if err := w.ForwardLock(ctx, who, q.ID); !errors.Is(err, ErrNotAllowed) {
			t.Errorf("%s hands it on: %v", name, err)
		}
	}
	w.clock.now = monday
	w.err(w.ForwardLock(ctx, officer, q.ID))
	if err := w.ForwardLock(ctx, officer, q.ID); !errors.Is(err, ErrNoRequest) {
		t.Errorf("handed on twice: %v", err)
	}
	if err := w.DecideLock(ctx, officer, q.ID, true, ""); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("the officer decides: %v", err)
	}
	w.err(w.DecideLock(ctx, agency, q.ID, true, "Đúng thẩm quyền"))
	if w.locks("level2") != eidLock {
		t.Fatal("not locked")
	}
	if err := w.DecideLock(ctx, agency, q.ID, false, ""); !errors.Is(err, ErrNoRequest) {
		t.Errorf("decided twice: %v", err)
	}
	all, err := w.LockRequests(ctx, agency, true, 10)
	if err != nil || len(all) != 1 || !all[0].Granted || all[0].LockID == "" || all[0].Decider != "co-quan" {
		t.Fatalf("%+v %v", all, err)
	}
	if forward, decide := all[0].Late(w.clock.Now()); forward || decide {
		t.Error("the last second of the term counts")
	}
	w.clock.now = until
	if n, err := w.ReviewLocks(ctx); n != 1 || err != nil || w.locks("level2") != noLock {
		t.Errorf("the term is over: %d %v", n, err)
	}
}

func TestARequestThatIsRefusedOrLate(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	agency := w.staff("co-quan")
	ask := LockRequest{Account: "level2", Ground: GroundParty, Body: "Ngân hàng Mẫu", Locks: bothLocks}
	q, err := w.RequestLock(ctx, agency, ask)
	w.err(err)
	if q.Forwarded.IsZero() {
		t.Error("what the agency receives is where it has to go")
	}
	w.err(w.DecideLock(ctx, agency, q.ID, false, "Không đủ căn cứ"))
	if w.locks("level2") != noLock {
		t.Error("refused, and locked")
	}
	w.clock.advance(time.Second)
	late, err := w.RequestLock(ctx, w.staff("can-bo-phuong"), ask)
	w.err(err)
	w.clock.now = late.ForwardBy.Add(time.Nanosecond)
	if forward, decide := late.Late(w.clock.Now()); !forward || decide {
		t.Error("a day over the first term")
	}
	w.err(w.ForwardLock(ctx, w.staff("can-bo-phuong"), late.ID))
	w.clock.now = late.DecideBy.Add(time.Nanosecond)
	w.err(w.DecideLock(ctx, agency, late.ID, true, ""))
	all, err := w.LockRequests(ctx, agency, true, 10) // the last first
	if err != nil || len(all) != 2 || all[0].ID != late.ID || all[1].ID != q.ID {
		t.Fatalf("%+v %v", all, err)
	}
	if forward, decide := all[0].Late(w.clock.Now()); !forward || !decide {
		t.Error("both terms were missed, and nobody sees it")
	}
	if got := w.locks("level2"); got != accountLock {
		t.Errorf("a party that uses the service locks %+v", got)
	}
}

func TestRequestsThatAreNone(t *testing.T) {
	w := newWorld(t)
	good := LockRequest{Account: "level2", Ground: GroundBody, Body: "Cơ quan điều tra Mẫu", Locks: eidLock}
	if _, err := w.RequestLock(t.Context(), w.staff("can-bo-phuong"), good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		who  string
		edit func(*LockRequest)
		want error
	}{
		"of the holder":             {"can-bo-phuong", func(q *LockRequest) { q.Ground = GroundHolder }, ErrNotAllowed},
		"of nothing":                {"can-bo-phuong", func(q *LockRequest) { q.Ground = "" }, ErrNotAllowed},
		"received by a client":      {"nhan-vien-portal", func(*LockRequest) {}, ErrNotAllowed},
		"received by a closed unit": {"can-bo-huyen", func(*LockRequest) {}, ErrNotAllowed},
		"of nobody":                 {"can-bo-phuong", func(q *LockRequest) { q.Body = "" }, ErrText},
		"with a term that is over":  {"can-bo-phuong", func(q *LockRequest) { q.Until = w.clock.Now() }, ErrTerm},
		"to lock nothing":           {"can-bo-phuong", func(q *LockRequest) { q.Locks = noLock }, ErrNoLock},
		"about a closed account":    {"can-bo-phuong", func(q *LockRequest) { q.Account = "no-account" }, ErrNoHolder},
		"about nobody":              {"can-bo-phuong", func(q *LockRequest) { q.Account = "nobody" }, ErrNoHolder},
	} {
		q := good
		c.edit(&q)
		if _, err := w.RequestLock(t.Context(), w.staff(c.who), q); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What was decided long ago keeps nothing new from being seen, and a unit sees its own.
func TestRequestsThatWaitAreSeenBehindThoseThatAreDecided(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	officer, elsewhere, agency := w.staff("can-bo-phuong"), w.staff("can-bo-xa"), w.staff("co-quan")
	ask := LockRequest{Account: "level2", Ground: GroundBody, Body: "Cơ quan điều tra Mẫu", Locks: eidLock}
	var last LockRequest
	for n := range lookAtOnce + 3 {
		q, err := w.RequestLock(ctx, elsewhere, ask)
		w.err(err)
		if n%2 == 0 {
			w.err(w.ForwardLock(ctx, elsewhere, q.ID))
			w.err(w.DecideLock(ctx, agency, q.ID, false, ""))
		}
		w.clock.advance(time.Second)
		last = q
	}
	mine, err := w.RequestLock(ctx, officer, ask)
	w.err(err)
	open, err := w.LockRequests(ctx, officer, false, 3)
	if err != nil || len(open) != 1 || open[0].ID != mine.ID {
		t.Errorf("the unit sees %d requests: %v", len(open), err)
	}
	open, err = w.LockRequests(ctx, agency, false, 1000)
	if err != nil || len(open) != (lookAtOnce+3)/2+1 || open[len(open)-1].ID != mine.ID {
		t.Errorf("the agency sees %d that wait: %v", len(open), err)
	}
	done, err := w.LockRequests(ctx, elsewhere, true, 5)
	if err != nil || len(done) != 5 || done[0].ID != last.ID {
		t.Errorf("the unit sees %d that are decided: %v", len(done), err)
	}
	for _, over := range []bool{true, false} {
		if all, err := w.LockRequests(ctx, w.staff("nhan-vien-portal"), over, 10); err != nil || len(all) != 0 {
			t.Errorf("a relying party's staff sees %d: %v", len(all), err)
		}
	}
}

func TestLocksAskTheUnitsAndTheCalendarOfTheConfiguration(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	mine, err := units.New([]units.Unit{{ID: "ca-rieng", Name: "Công an phường Riêng", Kind: units.Ward, From: regDate(2020, 1, 1)}}, nil)
	w.err(err)
	days, err := calendar.New([]calendar.Row{{From: regDate(2026, 11, 23), Name: "Ngày nghỉ", Source: "test", Certainty: calendar.Assumed}})
	w.err(err)
	w.cfg.Units, w.cfg.Calendar = mine, days
	own := Staff{ID: "rieng", Name: "R", Unit: "ca-rieng", Role: RoleOfficer}
	if _, err := w.PlaceLock(ctx, own, "level2", LockOrder{Ground: GroundHolder, Locks: eidLock}); err != nil {
		t.Errorf("a unit of the configuration: %v", err)
	}
	if _, err := w.PlaceLock(ctx, w.staff("can-bo-phuong"), "namesake", LockOrder{Ground: GroundHolder, Locks: eidLock}); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("a unit that the configuration does not have: %v", err)
	}
	q, err := w.RequestLock(ctx, own, LockRequest{Account: "namesake", Ground: GroundBody, Body: "Cơ quan điều tra Mẫu", Locks: eidLock})
	w.err(err)
	if tuesday := time.Date(2026, 11, 24, 23, 59, 59, 0, vietnam); !q.ForwardBy.Equal(tuesday) {
		t.Errorf("to be handed on by %v", q.ForwardBy)
	}
}

func TestTheHeirOfAUnitHandsItsRequestsOn(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.clock.now = time.Date(2025, 6, 30, 15, 0, 0, 0, vietnam)
	district := w.staff("can-bo-huyen")
	q, err := w.RequestLock(ctx, district, LockRequest{Account: "level2", Ground: GroundBody, Body: "Cơ quan điều tra Mẫu", Locks: eidLock})
	w.err(err)
	w.clock.now = w.clock.now.AddDate(0, 0, 1)
	if err := w.ForwardLock(ctx, district, q.ID); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("a unit that is no more hands on: %v", err)
	}
	heir := w.cfg.Units.Holder(district.Unit, w.today())
	if heir == "" {
		t.Fatal("the district has no heir")
	}
	w.err(w.ForwardLock(ctx, Staff{ID: "heir", Unit: heir, Role: RoleOfficer}, q.ID))
	w.err(w.DecideLock(ctx, w.staff("co-quan"), q.ID, true, ""))
}
