package servicewire

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestDeadlinesByTheClock(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04:05", s, Zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for arrival, want := range map[string]string{
		"2026-11-22 00:00:00": "2026-11-22 23:00:00", "2026-11-22 22:59:59": "2026-11-22 23:00:00", "2026-11-22 23:00:00": "2026-11-23 08:00:00",
		"2026-11-22 23:59:59": "2026-11-23 08:00:00", "2026-12-31 23:30:00": "2027-01-01 08:00:00", "2028-02-28 23:30:00": "2028-02-29 08:00:00",
		"2021-07-01 00:00:00": "2021-07-01 23:00:00", "2021-06-30 23:59:59": "",
	} {
		got, ok := Deadline(at(arrival))
		if ok != (want != "") || ok && !got.Equal(at(want)) {
			t.Errorf("came %s: %v %v", arrival, got, ok)
		}
		// The instant counts, not the zone that it is told in.
		if utc, _ := Deadline(at(arrival).UTC()); !utc.Equal(got) {
			t.Errorf("came %s, told in UTC: %v", arrival, utc)
		}
	}
	for _, rule := range deadlines {
		if rule.source == "" {
			t.Error("a rule without its source")
		}
	}
}

func TestEveryCodeHasAKind(t *testing.T) {
	for _, code := range Codes() {
		if k, ok := KindOf(code); !ok || k < vneid.ErrMalformed || k > vneid.ErrUnavailable {
			t.Errorf("%s is of %v", code, k)
		}
	}
	if _, ok := KindOf("moon_phase"); ok || len(Codes()) != 18 {
		t.Errorf("%d codes", len(Codes()))
	}
}

// What one end writes the other reads, member by member.
func TestStaysAndAnswersTravel(t *testing.T) {
	day, _ := vneid.ParseDate("2026-11-24")
	birth, _ := vneid.ParseDate("1990")
	s := Stay{Key: strings.Repeat("k", 43), Facility: "h-1", Room: "3", Name: "Nguyễn Văn An", Number: "999090000001", Passport: "", Nationality: "VNM", Birth: birth,
		Sex: vneid.Male, Residence: "Phường Mẫu", Source: "chip", Arrive: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC), Leave: day, Reason: "du lịch", With: strings.Repeat("w", 43), Family: true}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	o, err := jws.ParseObject(string(b))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ReadStay(o); err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("%+v %v", got, err)
	}
	typ := reflect.TypeFor[Stay]()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if stayNames[i] != name {
			t.Errorf("%s is not among the names that are read", name)
		}
	}
	a := Answer{Key: s.Key, ID: "id", State: StateCorrected, Version: 2, Late: true, Again: true, Deadline: s.Arrive, At: s.Arrive, Facility: "h-1", Room: "3", Source: "chip", Arrive: s.Arrive, Leave: day}
	for _, a := range []Answer{a, {Key: s.Key, Error: Duplicate, ID: "id"}, {Key: s.Key, Error: Malformed}} {
		b, err := jws.Encode(a.Members()...)
		if err != nil {
			t.Fatal(err)
		}
		o, err := jws.ParseObject(string(b))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ReadAnswer(o); err != nil || !reflect.DeepEqual(got, a) {
			t.Errorf("%+v %v", got, err)
		}
	}
}

// A hotel's clock may be a little ahead.
func TestNobodyComesInTheFuture(t *testing.T) {
	now := time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)
	leave, _ := vneid.ParseDate("2026-11-24")
	for ahead, want := range map[time.Duration]string{0: "", 5 * time.Minute: "", 5*time.Minute + time.Second: Future, -30 * 24 * time.Hour: Residence, -30*24*time.Hour - time.Second: TooOld} {
		s := Stay{Key: strings.Repeat("k", 43), Facility: "h", Name: "X", Number: "999090000001", Source: "typed", Arrive: now.Add(ahead), Leave: leave}
		if got := s.Check(now); got != want {
			t.Errorf("%v ahead: %q", ahead, got)
		}
	}
}

func TestTicketsGoForwardAlone(t *testing.T) {
	states := []string{Received, Processing, NeedsMore, Done, Verified, Refused}
	for _, kind := range []string{Integration, SecurityReport} {
		for _, from := range states {
			for _, to := range states {
				final := from == Done || from == Verified || from == Refused
				back := to == Received
				fits := to != Verified && kind != Integration || to != Done && kind == Integration
				want := !final && !back && fits && from != to
				if got := Goes(kind, from, to); got != want {
					t.Errorf("%s from %s to %s: %v", kind, from, to, got)
				}
			}
		}
	}
}

func TestJudicialRecordsByPlaceAndDay(t *testing.T) {
	for when, want := range map[string][2]int{"2024-04-21": {0, 0}, "2024-04-22": {1, 0}, "2024-05-31": {1, 0}, "2024-06-01": {2, 0}, "2024-09-30": {2, 0}, "2024-10-01": {3, 1}} {
		d, err := vneid.ParseDate(when)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]int{len(Offered("001", d)), len(Offered("048", d))}; got != want {
			t.Errorf("on %s: %v", when, got)
		}
	}
}

func TestTextsArePlain(t *testing.T) {
	for s, want := range map[string]bool{"": true, "Phòng 3, tầng 2": true, "a\x00b": false, "a\u202eb": false, "a\tb": false, " a": false, "\xff": false, strings.Repeat("ế", 30): true, strings.Repeat("ế", 31): false} {
		if Plain(s, 30) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
	for s, want := range map[string]bool{"": false, "hotel-1": true, "a/b": false, "a b": false, "ế": false, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false} {
		if Code(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}
