package sdjwt

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestListsAreReadAsTheyWereIssued(t *testing.T) {
	signer := newKey(t, "ES256")
	random := rand.New(rand.NewPCG(1, 2))
	for _, bits := range []int{1, 2, 4, 8} {
		s, err := NewStatuses(bits, 1<<17)
		if err != nil {
			t.Fatal(err)
		}
		want := map[int]Status{0: Valid, 1: Invalid, 1<<17 - 1: Invalid}
		for range 1000 {
			want[random.IntN(1<<17)] = Status(random.IntN(1 << bits))
		}
		for i, v := range want {
			if s.Set(i, 1<<bits-1) != nil || s.Set(i, v) != nil { // also from another value
				t.Fatal(i, v)
			}
		}
		raw, err := Issuer{Alg: "ES256", Signer: signer, KeyID: "k9", Name: "https://authority.example"}.List(listURI, s, at, 5*time.Minute, 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		verify := func(s Signed) error {
			if s.Issuer != "https://authority.example" || s.Kind != listURI || s.Alg != "ES256" || s.KeyID != "k9" {
				t.Error(s.Issuer, s.Kind, s.Alg, s.KeyID)
			}
			return by(signer.Public())(s)
		}
		l, err := NewListReader(ListRules{}).Read(raw, ListExpect{Verify: verify, URI: listURI, Now: at})
		if err != nil || l.Len() != 1<<17 {
			t.Fatal(l.Len(), err)
		}
		for i := range 1 << 17 {
			if got, err := l.At(Reference{listURI, uint32(i)}, at); err != nil || got != want[i] {
				t.Fatalf("%d bits, at %d: got %d, %v, want %d", bits, i, got, err, want[i])
			}
		}
	}
}

func TestAListSpeaksOnlyForItselfAndForAWhile(t *testing.T) {
	r := NewListReader(ListRules{})
	l, err := r.Read(load[vector](t, "accepted/lists.json")[0].List, listExpect(t))
	if err != nil {
		t.Fatal(err)
	}
	here := Reference{listURI, 3}
	for _, tc := range []struct {
		name string
		list List
		ref  Reference
		at   time.Time
		off  check
		want error
	}{
		{"in time", l, here, l.Until(), 0, nil},
		{"too late", l, here, l.Until().Add(1), checkListAge, ErrExpired},
		{"of another list", l, Reference{listURI + "0", 3}, at, checkElsewhere, ErrMismatch},
		{"of no list", l, Reference{"", 3}, at, checkElsewhere, ErrMismatch},
		{"beyond its end", l, Reference{listURI, 12}, at, checkIndex, ErrMismatch},
		{"of the zero list", List{}, Reference{}, time.Time{}, 0, ErrMismatch},
	} {
		got, err := tc.list.At(tc.ref, tc.at)
		if !errors.Is(err, tc.want) || err != nil && got != Invalid {
			t.Errorf("%s: got %d, %v, want %v", tc.name, got, err, tc.want)
		}
		if tc.list.off = tc.off; tc.off != 0 {
			if _, err := tc.list.At(tc.ref, tc.at); err != nil {
				t.Errorf("%s, with its check left out: %v", tc.name, err)
			}
		}
	}
}

func TestAListIsFreshForItsTTLAndItsLife(t *testing.T) {
	signer := newKey(t, "ES256")
	s, _ := NewStatuses(1, 8)
	for _, tc := range []struct{ ttl, life, later, want time.Duration }{
		{time.Minute, time.Hour, 0, time.Minute},
		{time.Minute, time.Hour, 30 * time.Minute, 31 * time.Minute}, // ttl counts from the fetch
		{time.Hour, time.Minute, 0, time.Minute},
		{time.Hour, time.Hour, 30 * time.Minute, time.Hour},
		{1000 * time.Hour, 2000 * time.Hour, 0, 7 * 24 * time.Hour},
	} {
		raw, err := Issuer{Alg: "ES256", Signer: signer}.List(listURI, s, at, tc.ttl, tc.life)
		if err != nil {
			t.Fatal(err)
		}
		l, err := NewListReader(ListRules{}).Read(raw, ListExpect{Verify: by(signer.Public()), URI: listURI, Now: at.Add(tc.later)})
		if err != nil || !l.Until().Equal(at.Add(tc.want)) {
			t.Errorf("%v: until %v, %v", tc, l.Until().Sub(at), err)
		}
	}
}

func TestListsOfNoUseAreNotIssued(t *testing.T) {
	signer := newKey(t, "ES256")
	for _, bits := range []int{-1, 0, 3, 5, 16} {
		if s, err := NewStatuses(bits, 8); err == nil || s != nil {
			t.Errorf("%d bits", bits)
		}
	}
	if _, err := NewStatuses(1, 0); err == nil {
		t.Error("no statuses")
	}
	s, err := NewStatuses(2, 5)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range map[int]Status{-1: 0, 8: 0, 0: 4} {
		if s.Set(i, v) == nil {
			t.Errorf("set %d to %d", i, v)
		}
	}
	i := Issuer{Alg: "ES256", Signer: signer}
	for name, f := range map[string]func() (string, error){
		"no URI":  func() (string, error) { return i.List("", s, at, time.Minute, time.Hour) },
		"no ttl":  func() (string, error) { return i.List(listURI, s, at, 0, time.Hour) },
		"no life": func() (string, error) { return i.List(listURI, s, at, time.Minute, 0) },
		"no key":  func() (string, error) { return Issuer{Alg: "ES256"}.List(listURI, s, at, time.Minute, time.Hour) },
	} {
		if raw, err := f(); err == nil || raw != "" {
			t.Errorf("%s: issued", name)
		}
	}
}

func TestAListWithoutExpectationsIsNotRead(t *testing.T) {
	raw := load[vector](t, "accepted/lists.json")[0].List
	for name, change := range map[string]func(*ListExpect){
		"Verify": func(e *ListExpect) { e.Verify = nil }, "URI": func(e *ListExpect) { e.URI = "" }, "Now": func(e *ListExpect) { e.Now = time.Time{} },
	} {
		want := listExpect(t)
		if _, err := NewListReader(ListRules{}).Read(raw, want); err != nil {
			t.Fatal(err)
		}
		change(&want)
		if _, err := NewListReader(ListRules{}).Read(raw, want); err == nil || !strings.Contains(err.Error(), name) || anyReason(err) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	if _, err := NewListReader(ListRules{MaxToken: len(raw) - 1}).Read(raw, listExpect(t)); err == nil {
		t.Error("longer than the rules let it be")
	}
}
