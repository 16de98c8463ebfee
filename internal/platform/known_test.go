package platform

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// What was decoded before is what the store has, at every time, also where several records
// share a place.
func TestWhatIsKnownIsWhatTheStoreHas(t *testing.T) {
	m, k, ctx := NewMemory(), known[session]{}, context.Background()
	put := func(key string, s session) {
		t.Helper()
		if err := m.Update(ctx, func(tx Tx) error { return save(tx, tableSessions, key, s, time.Time{}) }); err != nil {
			t.Fatal(err)
		}
	}
	find := func(key string) (s *session) {
		t.Helper()
		if err := m.View(ctx, func(tx Tx) (err error) {
			s, err = k.find(tx, tableSessions, key, nil)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return s
	}
	if find("a") != nil {
		t.Error("a record of nothing")
	}
	put("a", session{Account: "one", Shown: []Factor{FactorPassword, FactorOTP}})
	first := find("a")
	if first.Account != "one" || find("a") != first {
		t.Error("a record that did not change is decoded again")
	}
	if longer := append(first.Shown, FactorFace); len(find("a").Shown) != 2 || &longer[0] == &first.Shown[0] {
		t.Error("who appends writes into what all share")
	}
	put("a", session{Account: "two"})
	if got := find("a"); got.Account != "two" || first.Account != "one" {
		t.Errorf("after a change %q, and what was found before is %q", got.Account, first.Account)
	}
	for i := range 4 * maxKnown { // more than there are places
		key := fmt.Sprint("k", i)
		put(key, session{Account: key})
		if got := find(key); got.Account != key {
			t.Fatalf("%s is %q", key, got.Account)
		}
	}
	for i := range 4 * maxKnown {
		if key := fmt.Sprint("k", i); find(key).Account != key {
			t.Fatalf("%s, whose place others took, is %q", key, find(key).Account)
		}
	}
	if err := m.Update(ctx, func(tx Tx) error { return tx.Delete(tableSessions, "a") }); err != nil || find("a") != nil {
		t.Error("a record that is gone is found", err)
	}
	if err := m.Update(ctx, func(tx Tx) error { return tx.Put(tableSessions, "bad", []byte("{"), time.Time{}) }); err != nil {
		t.Fatal(err)
	}
	if err := m.View(ctx, func(tx Tx) error { _, err := k.find(tx, tableSessions, "bad", nil); return err }); err == nil {
		t.Error("a damaged record is taken")
	}
}
