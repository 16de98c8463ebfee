package platform

import (
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
)

func TestAClosedAccountLeavesATombstoneAndItsDataForGood(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	access := w.login("level2", nil).body["access_token"].(string)
	code, err := w.IssueCode(ctx, "level2", CodeRequest{Kind: qr.Static})
	w.err(err)
	inspector := w.inspector("")
	if _, err := inspector.Verify(ctx, code); err != nil || w.userinfo(access).status != 200 {
		t.Fatal("before:", err)
	}
	before, err := w.Account(ctx, "level2")
	w.err(err)
	papers, err := w.Papers(ctx, "level2")
	w.err(err)

	agency, why := w.staff("co-quan"), "Quyết định 30/QĐ-CQĐT (ví dụ)"
	at := w.now()
	got := w.since(func() { w.err(w.CloseAccount(ctx, agency, "level2", why)) })
	if len(got) != 1 || got[0] != "account-closed co-quan level2" {
		t.Error(got)
	}
	if w.userinfo(access).status != 401 {
		t.Error("a token works after the account was closed")
	}
	if _, err := inspector.Verify(ctx, code); err == nil {
		t.Error("a card code is good after the account was closed")
	}
	if w.knows(before.Username()) {
		t.Error("the number still logs in")
	}
	if err := w.CloseAccount(ctx, agency, "level2", why); !errors.Is(err, ErrEnded) {
		t.Error("closed twice:", err)
	}

	w.clock.advance(70 * 365 * 24 * time.Hour)
	w.swept()
	stone, err := w.Tombstone(ctx, "level2")
	if err != nil || stone.Why != EndClosed || stone.Level != 2 || !stone.At.Equal(at) || stone.By != agency.ID || stone.Citation != why || !stone.Undone.IsZero() {
		t.Errorf("%+v, %v", stone, err)
	}
	after, err := w.Account(ctx, "level2")
	if err != nil || after.Record.ID != before.Record.ID || after.Record.Name != before.Record.Name || !after.EIDIssued.Equal(before.EIDIssued) || after.Level != 0 {
		t.Errorf("the account's data: %+v, %v", after.Level, err)
	}
	if still, err := w.Papers(ctx, "level2"); err != nil || len(still) != len(papers) {
		t.Errorf("%d of %d documents, %v", len(still), len(papers), err)
	}

	after.Level = 1
	_, err = w.Enrol(ctx, after)
	w.err(err)
	if stone, err := w.Tombstone(ctx, "level2"); err != nil || stone.Undone.IsZero() {
		t.Error("who registered anew is still buried", err)
	}
	if !w.knows(before.Username()) {
		t.Error("who registered anew cannot log in")
	}
}

// knows reports whether a username is anybody's.
func (w *world) knows(username string) (known bool) {
	w.edit(func(tx Tx) error {
		a, err := w.byNumber(tx, username)
		known = a != nil
		return err
	})
	return known
}

func TestADeathLeavesATombstoneThatAMistakeUndoes(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	if stone, err := w.Tombstone(ctx, "level2"); err != nil || stone != (Tombstone{}) {
		t.Error("somebody who lives is buried", err)
	}
	w.err(w.Died(ctx, "level2"))
	if stone, err := w.Tombstone(ctx, "level2"); err != nil || stone.Why != EndDeath || stone.Level != 2 || !stone.Undone.IsZero() {
		t.Errorf("%+v, %v", stone, err)
	}
	grounds, err := w.LockGrounds(ctx, "level2")
	if err != nil || len(grounds) != 1 {
		t.Fatal(grounds, err)
	}
	w.err(w.LiftLock(ctx, w.staff("co-quan"), "level2", grounds[0].ID))
	if stone, err := w.Tombstone(ctx, "level2"); err != nil || stone.Undone.IsZero() {
		t.Errorf("%+v, %v", stone, err)
	}
}

func TestOnlyTheAgencyClosesAccounts(t *testing.T) {
	w := newWorld(t)
	for _, by := range []Staff{{}, {ID: "x", Role: RoleOfficer, Unit: "1"}, {ID: "x", Role: RoleClient, Client: "rp"}} {
		if err := w.CloseAccount(t.Context(), by, "level2", "Quyết định 30 (ví dụ)"); !errors.Is(err, ErrNotAllowed) {
			t.Errorf("%q: %v", by.Role, err)
		}
	}
	if err := w.CloseAccount(t.Context(), w.staff("co-quan"), "level2", ""); !errors.Is(err, ErrCitation) {
		t.Error(err)
	}
}

func TestAClosedAccountsConsentsEndWithIt(t *testing.T) {
	a := newWorld(t).asker(nil)
	w, ctx := a.world, t.Context()
	w.login("level2", nil)
	tokens := a.grant("level2", periodic(nil))
	if a.fetch(tokens.text("access_token")).status != 200 {
		t.Fatal("the twin does not pass")
	}
	before, err := w.Account(ctx, "level2")
	w.err(err)
	w.err(w.CloseAccount(ctx, w.staff("co-quan"), "level2", "Quyết định 30 (ví dụ)"))
	w.clock.advance(8 * 24 * time.Hour)
	_, err = w.Enrol(ctx, before)
	w.err(err)
	if got := a.refresh(tokens); got.status == 200 {
		t.Error("a data request of before goes on")
	}
	if list, err := w.Consents(ctx, "level2"); err != nil || len(list) != 0 {
		t.Errorf("%d consents of before, %v", len(list), err)
	}
}

func TestADeathThatStaffEntersIsTheGroundThatTheyGet(t *testing.T) {
	w := newWorld(t)
	g, err := w.PlaceLock(t.Context(), w.staff("co-quan"), "level2", LockOrder{Ground: GroundDeath})
	if err != nil || g.Ground != GroundDeath || g.ID == "" {
		t.Errorf("%+v %v", g, err)
	}
}

func TestADeathLeavesTheTombstoneOfAClosedAccount(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.err(w.CloseAccount(ctx, w.staff("co-quan"), "level2", "Quyết định 30 (ví dụ)"))
	w.err(w.Died(ctx, "level2"))
	if stone, err := w.Tombstone(ctx, "level2"); err != nil || stone.Citation == "" || stone.Why != EndClosed {
		t.Errorf("%+v %v", stone, err)
	}
}
