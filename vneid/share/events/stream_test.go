package events

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

func numbered(n int64, name Name, at int64) Event {
	return Event{Name: name, Issuer: issuer, Told: n, Issued: time.Unix(at, 0)}
}

func TestAStreamIsAliveWhileItIsWhole(t *testing.T) {
	for _, test := range []struct {
		name  string
		from  Stream
		heard []Event
		whole bool
		at    int64 // of the last sign of life
		left  Stream
	}{
		{"nothing was told yet", Stream{}, []Event{numbered(0, Heartbeat, 5)}, true, 5, Stream{}},
		{"each in its turn", Stream{}, []Event{numbered(1, EIDLocked, 1), numbered(2, EIDUnlocked, 2)}, true, 2, Stream{Through: 2}},
		{"the first is missing", Stream{}, []Event{numbered(2, EIDUnlocked, 2), numbered(2, Heartbeat, 3)}, false, 0, Stream{After: []int64{2}}},
		{"the last is missing", Stream{}, []Event{numbered(1, EIDLocked, 1), numbered(2, Heartbeat, 3)}, false, 1, Stream{Through: 1}},
		{"one between is missing", Stream{}, []Event{numbered(1, EIDLocked, 1), numbered(3, EIDLocked, 3), numbered(3, Heartbeat, 4)}, false, 1, Stream{Through: 1, After: []int64{3}}},
		{"it comes late", Stream{}, []Event{numbered(3, EIDLocked, 3), numbered(1, EIDLocked, 1), numbered(2, EIDLocked, 2), numbered(3, Heartbeat, 4)}, true, 4, Stream{Through: 3}},
		{"it comes late, without a sign of life since", Stream{}, []Event{numbered(2, EIDLocked, 3), numbered(1, EIDLocked, 1)}, true, 0, Stream{Through: 2}},
		{"twice behind a gap", Stream{}, []Event{numbered(2, EIDLocked, 3), numbered(2, EIDLocked, 3)}, false, 0, Stream{After: []int64{2}}},
		{"what was played again", Stream{Through: 7}, []Event{numbered(7, Heartbeat, 9), numbered(6, Heartbeat, 8), numbered(5, EIDLocked, 5)}, true, 9, Stream{Through: 7}},
		{"a platform that forgot", Stream{Through: 7}, []Event{numbered(3, Heartbeat, 9)}, true, 0, Stream{Through: 7}},
		{"begun while it runs", Stream{Adopt: true}, []Event{numbered(500, Heartbeat, 9)}, true, 9, Stream{Through: 500}},
		{"begun anew after a gap", Stream{Through: 3, After: []int64{5}, Adopt: true}, []Event{numbered(6, PhoneChanged, 9)}, true, 9, Stream{Through: 6}},
	} {
		s, whole := test.from, false
		for _, e := range test.heard {
			whole = s.Hear(e)
		}
		if alive := s.Heard.Unix(); whole != test.whole || s.Heard.IsZero() != (test.at == 0) || !s.Heard.IsZero() && alive != test.at {
			t.Errorf("%s: whole %v, alive at %d", test.name, whole, alive)
		}
		s.Heard = time.Time{}
		if s.Through != test.left.Through || len(s.After) != len(test.left.After) || len(s.After) > 0 && !reflect.DeepEqual(s.After, test.left.After) || s.Adopt {
			t.Errorf("%s: %+v", test.name, s)
		}
	}
}

// Against sets: a stream is whole exactly if all came, in whatever order and however
// often, and it never keeps more than its bound.
func TestAStreamCountsLikeASet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		var s Stream
		came := map[int64]bool{}
		n := 1 + r.Int64N(12)
		for range 2 * n {
			e := numbered(1+r.Int64N(n), EIDLocked, 1)
			before := s.After
			was := append([]int64(nil), before...)
			s.Hear(e)
			came[e.Told] = true
			if !reflect.DeepEqual(append([]int64(nil), before...), was) {
				t.Fatal("what was given out changed")
			}
		}
		if whole := s.Hear(numbered(n, Heartbeat, 9)); whole != (int64(len(came)) == n) || whole != s.Heard.Equal(time.Unix(9, 0)) {
			t.Fatalf("%v of %d: %+v", came, n, s)
		}
	}
	var s Stream
	for n := range int64(3 * maxAfter) {
		s.Hear(numbered(n+2, EIDLocked, 1))
	}
	if len(s.After) != maxAfter || s.Hear(numbered(1, EIDLocked, 1)) != true || s.Hear(numbered(3*maxAfter+1, Heartbeat, 9)) {
		t.Errorf("through %d, %d behind the gap", s.Through, len(s.After))
	}
}
