package stays_test

import (
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

func TestAStayIsTakenOnce(t *testing.T) {
	w := newWorld(t)
	first := w.one(good(t))
	if first.State != stays.Filed || first.Version != 1 || first.Late || first.Again || first.ID == "" || !first.At.Equal(evening) ||
		!first.Deadline.Equal(time.Date(2026, 11, 22, 23, 0, 0, 0, servicewire.Zone)) {
		t.Errorf("%+v", first)
	}
	w.now = w.now.Add(5 * time.Hour) // past the deadline: the first answer stands
	again := w.one(good(t))
	if !again.Again || again.ID != first.ID || again.Late || !again.At.Equal(evening) {
		t.Errorf("the same row again: %+v", again)
	}
	other := w.open(w.cfg) // another process with the same secret
	got, err := other.Submit(t.Context(), []stays.Stay{good(t)})
	if err != nil || got[0].ID != first.ID || !got[0].Again {
		t.Errorf("another clerk: %+v %v", got, err)
	}
	inbox, err := w.Inbox(t.Context(), "level2", 10)
	if err != nil || len(inbox) != 1 || inbox[0].Kind != servicewire.StayNotified {
		t.Errorf("the guest is told %+v, %v", inbox, err)
	}
}

// Each refused row has a twin that is taken and differs in the named fault alone.
func TestRowsAreRefusedForOneReason(t *testing.T) {
	typed := func(edit func(*vneid.Record)) func(*testing.T, *stays.Stay) {
		return func(t *testing.T, s *stays.Stay) {
			r, _ := s.Guest.Reveal()
			edit(&r)
			s.Guest = stays.Typed(r, "")
		}
	}
	for _, c := range []struct {
		name string
		edit func(*testing.T, *stays.Stay)
		code string
		kind vneid.Kind
	}{
		{"another's facility", func(_ *testing.T, s *stays.Stay) { s.Facility = "hotel-9" }, "unknown_facility", vneid.ErrMismatch},
		{"a foreign resident", func(t *testing.T, s *stays.Stay) { s.Guest = stays.FromLogin(person(t, "foreigner")) }, "foreigner", vneid.ErrMismatch},
		{"a foreign nationality", typed(func(r *vneid.Record) { r.Nationality = "UTO" }), "foreigner", vneid.ErrMismatch},
		{"a passport alone", func(_ *testing.T, s *stays.Stay) { s.Guest = stays.Typed(vneid.Record{Name: "X Y"}, "P0000001") }, "foreigner", vneid.ErrMismatch},
		{"a foreigner's number alone", func(_ *testing.T, s *stays.Stay) {
			s.Guest = stays.Typed(vneid.Record{Name: "X Y", ForeignerID: "999"}, "")
		}, "foreigner", vneid.ErrMismatch},
		{"an adult without a number", typed(func(r *vneid.Record) { r.ID, r.OldID = "", "" }), "no_number", vneid.ErrMalformed},
		{"a number of eleven digits", typed(func(r *vneid.Record) { r.ID = "99909000000" }), "malformed", vneid.ErrMalformed},
		{"nobody", func(_ *testing.T, s *stays.Stay) { s.Guest = stays.Guest{} }, "malformed", vneid.ErrMalformed},
		{"a name with a line break", typed(func(r *vneid.Record) { r.Name = "A\nB" }), "malformed", vneid.ErrMalformed},
		{"thirty days", func(t *testing.T, s *stays.Stay) { s.Leave = day(t, "2026-12-22") }, "residence", vneid.ErrMismatch},
		{"a day of leaving before arrival", func(t *testing.T, s *stays.Stay) { s.Leave = day(t, "2026-11-21") }, "malformed", vneid.ErrMalformed},
		{"no day of leaving", func(_ *testing.T, s *stays.Stay) { s.Leave = vneid.Date{} }, "malformed", vneid.ErrMalformed},
		{"a guest who has not come", func(_ *testing.T, s *stays.Stay) { s.Arrive = evening.Add(time.Hour) }, "future", vneid.ErrNotYetValid},
		{"an arrival of five weeks ago", func(t *testing.T, s *stays.Stay) {
			s.Arrive, s.Leave = evening.AddDate(0, 0, -35), day(t, "2026-10-20")
		}, "too_old", vneid.ErrExpired},
		{"family at a hotel", func(_ *testing.T, s *stays.Stay) { s.Family = true }, "not_household", vneid.ErrMismatch},
		{"a room of control characters", func(_ *testing.T, s *stays.Stay) { s.Room = "3\x1b[2J" }, "malformed", vneid.ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			bad := good(t)
			c.edit(t, &bad)
			got := w.submit(good(t), bad)
			if got[0].Err != nil {
				t.Fatalf("the twin is refused: %v", got[0].Err)
			}
			if code(got[1].Err) != c.code || !errors.Is(got[1].Err, c.kind) || got[1].ID != "" {
				t.Errorf("%v", got[1].Err)
			}
			if vi, en := vneid.Advice(got[1].Err); vi == "" || en == "" {
				t.Error("no advice")
			}
		})
	}
}

func TestTheLastNightOfAStayIsTaken(t *testing.T) {
	w := newWorld(t)
	s := good(t)
	s.Leave = day(t, "2026-12-21") // 29 days after arrival
	w.one(s)
}

func TestACitizenMayShowAPassport(t *testing.T) {
	w := newWorld(t)
	s := good(t)
	s.Guest = stays.Typed(vneid.Record{Name: "Nguyễn Văn Ví Dụ", Nationality: "Việt Nam"}, "P0000001")
	w.one(s)
	if len(stays.Foreigners([]stays.Stay{s})) != 0 {
		t.Error("a citizen is on the foreigners' list")
	}
}

func TestChildrenComeWithAnAdult(t *testing.T) {
	child := func(t *testing.T, birth string) stays.Stay {
		s := good(t)
		s.Guest = stays.Typed(vneid.Record{Name: "Nguyễn Thị Bé", Birth: day(t, birth)}, "")
		s.With = 2
		return s
	}
	w := newWorld(t)
	// The child stands before the adult: the order of rows does not matter.
	got := w.submit(child(t, "2020-05-05"), good(t))
	if got[0].Err != nil || got[1].Err != nil {
		t.Fatalf("a family: %v, %v", got[0].Err, got[1].Err)
	}
	again := w.submit(child(t, "2020-05-05"), good(t))
	if !again[0].Again || again[0].ID != got[0].ID {
		t.Errorf("the child again: %+v", again[0])
	}
	alone := child(t, "2020-05-05")
	alone.With = 0
	foreigner := good(t)
	foreigner.Guest = stays.FromLogin(person(t, "foreigner"))
	for name, rows := range map[string][]stays.Stay{
		"alone":                  {alone},
		"of fourteen":            {child(t, "2012-11-22"), good(t)},
		"of perhaps fourteen":    {child(t, "2012"), good(t)},
		"with a row that is not": {child(t, "2020-05-05")},
		"with another child":     {child(t, "2020-05-05"), func() stays.Stay { c := child(t, "2021-05-05"); c.With = 1; return c }()},
		"with a foreigner":       {child(t, "2020-05-05"), foreigner},
		"without a date of birth": {func() stays.Stay {
			c := child(t, "2020")
			c.Guest = stays.Typed(vneid.Record{Name: "Bé"}, "")
			return c
		}(), good(t)},
	} {
		if got := newWorld(t).submit(rows...); code(got[0].Err) != "no_number" {
			t.Errorf("a child %s: %v", name, got[0].Err)
		}
	}
}

func TestFamilyIsNotifiedOnce(t *testing.T) {
	w := newWorld(t)
	s := good(t)
	s.Facility, s.Family = "home", true
	first := w.one(s)
	w.now = w.now.AddDate(0, 0, 20)
	s.Arrive, s.Leave = w.now, day(t, "2026-12-13")
	if got := w.submit(s)[0]; code(got.Err) != "key_reused" { // the second visit needs no notice
		t.Errorf("the second visit: %+v", got)
	}
	s.Family = false
	if got := w.one(s); got.ID == first.ID {
		t.Error("another guest's night is the family's")
	}
}

func TestCorrections(t *testing.T) {
	w := newWorld(t)
	a := w.one(good(t))
	s := good(t)
	s.Room, s.Leave = "405", day(t, "2026-11-25")
	b, err := w.desk.Correct(t.Context(), a.ID, a.Version, s)
	if err != nil || b.ID != a.ID || b.Version != 2 || b.State != stays.Corrected {
		t.Fatalf("%+v %v", b, err)
	}
	notices, err := w.desk.Notices(t.Context(), "hotel-1", day(t, "2026-11-22"))
	if err != nil || len(notices) != 1 || notices[0].Room != "405" || notices[0].Leave != s.Leave || notices[0].Source != "login" {
		t.Errorf("%+v %v", notices, err)
	}
	stranger, empty := s, s
	stranger.Guest, empty.Room = stays.FromLogin(person(t, "namesake")), "x\ny"
	late := s
	late.Room = "406" // the very same correction would be the one of before
	moved := s
	moved.Facility = "hotel-2"
	foreign := s
	foreign.Guest = stays.FromLogin(person(t, "foreigner"))
	for name, c := range map[string]struct {
		id      string
		version int
		s       stays.Stay
		want    string
	}{
		"of a version that is no more": {a.ID, 1, late, "changed"},
		"of a notice that is not":      {"nothing", 2, s, "unknown"},
		"to another guest":             {a.ID, 2, stranger, "other_guest"},
		"to another house":             {a.ID, 2, moved, "unknown_facility"},
		"to a foreigner":               {a.ID, 2, foreign, "foreigner"},
		"that is malformed":            {a.ID, 2, empty, "malformed"},
	} {
		if _, err := w.desk.Correct(t.Context(), c.id, c.version, c.s); code(err) != c.want {
			t.Errorf("a correction %s: %v", name, err)
		}
	}
	numbered := s
	numbered.Guest = stays.Typed(vneid.Record{Name: "X Y", ForeignerID: "999"}, "")
	if _, err := w.desk.Correct(t.Context(), a.ID, 2, numbered); code(err) != "foreigner" {
		t.Errorf("a correction to a foreigner's number: %v", err)
	}
	// The twin of them all, then the end.
	if b, err = w.desk.Correct(t.Context(), a.ID, 2, s); err != nil || b.Version != 3 {
		t.Fatalf("%+v %v", b, err)
	}
	if b, err = w.desk.Cancel(t.Context(), a.ID, 3); err != nil || b.State != stays.Cancelled {
		t.Fatalf("%+v %v", b, err)
	}
	if _, err := w.desk.Correct(t.Context(), a.ID, 4, s); code(err) != "cancelled" || !errors.Is(err, vneid.ErrRevoked) {
		t.Errorf("a cancelled notice comes back: %v", err)
	}
	if got := w.one(good(t)); got.State != stays.Cancelled || !got.Again {
		t.Errorf("a late repetition revives a cancelled notice: %+v", got)
	}
	anew := good(t)
	anew.After = a.ID
	if got := w.one(anew); got.State != stays.Filed || got.ID == a.ID {
		t.Errorf("anew: %+v", got)
	}
}

func TestLateNoticesAreTakenAndSaySo(t *testing.T) {
	for _, c := range []struct {
		arrive, now string
		late        bool
	}{
		{"2026-11-22 22:59", "2026-11-22 22:59", false},
		{"2026-11-22 22:59", "2026-11-22 23:00", true},
		{"2026-11-22 23:00", "2026-11-23 07:59", false},
		{"2026-11-22 23:00", "2026-11-23 08:00", true},
		{"2026-11-23 00:30", "2026-11-23 22:59", false},
		{"2026-11-23 00:30", "2026-11-23 23:00", true},
	} {
		at := func(s string) time.Time {
			v, err := time.ParseInLocation("2006-01-02 15:04", s, servicewire.Zone)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		w := newWorld(t)
		w.now = at(c.now)
		s := good(t)
		s.Arrive = at(c.arrive).UTC() // the time zone of the caller's value does not matter
		if got := w.one(s); got.Late != c.late {
			t.Errorf("came %s, notified %s: late %v", c.arrive, c.now, got.Late)
		}
	}
}

func TestAGuestAndNightHaveOneNotice(t *testing.T) {
	w := newWorld(t)
	first := w.one(good(t))
	changed := good(t)
	changed.Room = "999"
	if got := w.submit(changed)[0]; code(got.Err) != "key_reused" || !errors.Is(got.Err, vneid.ErrReplayed) {
		t.Errorf("the key with another row: %v", got.Err)
	}
	client, err := services.New(w.cfg)
	if err != nil {
		t.Fatal(err)
	}
	forgetful, err := stays.New(stays.Config{Client: client, Secret: []byte("another secret: another secret.!")})
	if err != nil {
		t.Fatal(err)
	}
	got, err := forgetful.Submit(t.Context(), []stays.Stay{good(t)})
	var e *stays.Error
	if err != nil || code(got[0].Err) != "duplicate" || !errors.As(got[0].Err, &e) || e.ID != first.ID {
		t.Errorf("under another secret: %+v %v", got, err)
	}
	elsewhere := good(t)
	elsewhere.Facility = "hotel-2"
	w.one(elsewhere) // another house is another night's lodging
	next := good(t)
	w.now = w.now.AddDate(0, 0, 1)
	next.Arrive = next.Arrive.AddDate(0, 0, 1)
	if got := w.one(next); got.ID == first.ID {
		t.Error("the next night has the first one's notice")
	}
}

func TestOneClientDoesNotSeeAnothers(t *testing.T) {
	w := newWorld(t)
	a := w.one(good(t))
	other := w.open(w.register("other", platform.Facility{Code: "hotel-1", Name: "Nhà nghỉ khác"}))
	if _, err := other.Cancel(t.Context(), a.ID, 1); code(err) != "unknown" {
		t.Errorf("cancelled by another: %v", err)
	}
	if got, err := other.Notices(t.Context(), "hotel-1", day(t, "2026-11-22")); err != nil || len(got) != 0 {
		t.Errorf("another's notices: %+v %v", got, err)
	}
	got, err := other.Submit(t.Context(), []stays.Stay{good(t)})
	if err != nil || got[0].Err != nil || got[0].ID == a.ID {
		t.Errorf("the same guest at another's: %+v %v", got, err)
	}
}
