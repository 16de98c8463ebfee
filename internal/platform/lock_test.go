package platform

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// staff returns one of the invented staff.
func (w *world) staff(id string) Staff {
	w.t.Helper()
	all, err := w.StaffMembers(w.t.Context(), 100)
	w.err(err)
	for _, s := range all {
		if s.ID == id {
			return s
		}
	}
	w.t.Fatalf("no staff %s", id)
	return Staff{}
}

func (w *world) locks(handle string) Locks {
	w.t.Helper()
	a, err := w.Account(w.t.Context(), handle)
	w.err(err)
	return Locks{a.EIDLocked, a.AccountLocked}
}

func (w *world) grounds(handle string) (out []Ground) {
	w.t.Helper()
	all, err := w.LockGrounds(w.t.Context(), handle)
	w.err(err)
	for _, g := range all {
		out = append(out, g.Ground)
	}
	slices.Sort(out)
	return out
}

var (
	eidLock, accountLock, bothLocks = Locks{EID: true}, Locks{Account: true}, Locks{EID: true, Account: true}
	noLock                          = Locks{}
)

func TestTheHolderLocksByTheForm(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	me := w.sessionOf("level2", 1)
	if err := w.LockOwn(ctx, me, "wrong", LockForm{Locks: eidLock}); !errors.Is(err, ErrFactor) || w.locks("level2") != noLock {
		t.Fatalf("without the password: %v", err)
	}
	if err := w.LockOwn(ctx, me, personas.Password, LockForm{}); !errors.Is(err, ErrNoLock) {
		t.Fatalf("a form that asks for nothing: %v", err)
	}
	if err := w.LockOwn(ctx, me, personas.Password, LockForm{Locks: eidLock, Reason: "a\x00b"}); !errors.Is(err, ErrText) {
		t.Fatalf("a form with a control character: %v", err)
	}
	w.err(w.LockOwn(ctx, me, personas.Password, LockForm{Locks: eidLock, Reason: "Mất điện thoại"}))
	all, err := w.LockGrounds(ctx, "level2")
	if err != nil || w.locks("level2") != eidLock || len(all) != 1 || all[0].Form != "TK03" || all[0].By != "citizen" || all[0].Reason != "Mất điện thoại" {
		t.Fatalf("%+v %v", all, err)
	}
	w.err(w.LockOwn(ctx, me, personas.Password, LockForm{Locks: eidLock})) // the same form again
	inbox, err := w.Inbox(ctx, "level2", 9)
	if err != nil || len(inbox) != 1 || inbox[0].Kind != servicewire.LockChanged || len(w.grounds("level2")) != 1 {
		t.Errorf("the holder is not told, or twice: %+v %v", inbox, err)
	}
	w.err(w.LockOwn(ctx, me, personas.Password, LockForm{Locks: bothLocks}))
	if w.locks("level2") != bothLocks {
		t.Error("the account is open")
	}
}

func TestOpeningNeedsMoreThanClosing(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.err(w.LockOwn(ctx, w.sessionOf("level2", 1), personas.Password, LockForm{Locks: eidLock}))
	var low *vneid.LevelError
	if err := w.UnlockOwn(ctx, w.sessionOf("level2", 2), personas.Password); !errors.As(err, &low) || low.Want.Auth != 3 {
		t.Fatalf("with two factors: %v", err)
	}
	if err := w.UnlockOwn(ctx, w.sessionOf("level2", 3), "wrong"); !errors.Is(err, ErrFactor) || w.locks("level2") != eidLock {
		t.Fatalf("without the password: %v", err)
	}
	w.err(w.UnlockOwn(ctx, w.sessionOf("level2", 3), personas.Password))
	if w.locks("level2") != noLock || len(w.grounds("level2")) > 0 {
		t.Fatal("still locked")
	}
	if err := w.UnlockOwn(ctx, w.sessionOf("level2", 3), personas.Password); !errors.Is(err, ErrNoGround) {
		t.Errorf("nothing was locked: %v", err)
	}
	past, err := w.LocksPast(ctx, "level2", 10)
	if err != nil || len(past) != 1 || past[0].LiftedBy != "citizen" || past[0].Lifted.IsZero() {
		t.Errorf("that it was locked is forgotten: %+v %v", past, err)
	}
}

// A lock stands as long as one ground does, whichever order they come and go in.
func TestALockOpensWithItsLastGround(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	agency := w.staff("co-quan")
	w.err(w.LockOwn(ctx, w.sessionOf("level2", 1), personas.Password, LockForm{Locks: eidLock}))
	held, err := w.PlaceLock(ctx, w.staff("can-bo-phuong"), "level2", LockOrder{Ground: GroundCard, Reason: "Thẻ bị giữ"})
	w.err(err)
	terms, err := w.PlaceLock(ctx, agency, "level2", LockOrder{Ground: GroundTerms})
	w.err(err)
	if w.locks("level2") != bothLocks || len(w.grounds("level2")) != 3 {
		t.Fatalf("%v %v", w.locks("level2"), w.grounds("level2"))
	}
	w.err(w.LiftLock(ctx, agency, "level2", terms.ID))
	if got := w.locks("level2"); got != eidLock {
		t.Fatalf("the breach of terms is over, and %+v", got)
	}
	if err := w.UnlockOwn(ctx, w.sessionOf("level2", 3), personas.Password); !errors.Is(err, ErrOtherStand) {
		t.Fatalf("the card is held, and: %v", err)
	}
	if got := w.locks("level2"); got != eidLock || !slices.Equal(w.grounds("level2"), []Ground{GroundCard}) {
		t.Fatalf("the holder opened more than their own: %+v", got)
	}
	w.err(w.ReturnCard(ctx, w.staff("can-bo-phuong"), "level2"))
	if got := w.locks("level2"); got != noLock {
		t.Fatalf("nothing stands, and %+v", got)
	}
	past, err := w.LocksPast(ctx, "level2", 10)
	if err != nil || past[0].ID != held.ID || past[0].LiftedBy != "system" {
		t.Errorf("who gave the card back, not the review: %+v %v", past[0], err)
	}
}

func TestWhoMayPlaceAndLiftWhat(t *testing.T) {
	officer, agency := "can-bo-phuong", "co-quan"
	for _, c := range []struct {
		who         string
		ground      Ground
		place, lift bool
	}{
		{officer, GroundHolder, true, true}, {officer, GroundTerms, false, false}, {officer, GroundCard, true, false},
		{officer, GroundDeath, false, false}, {officer, GroundBody, false, false}, {officer, GroundParty, false, false},
		{agency, GroundHolder, true, true}, {agency, GroundTerms, true, true}, {agency, GroundCard, true, true}, {agency, GroundDeath, true, true},
		{agency, GroundBody, false, true}, {agency, GroundParty, false, true}, // by a request alone
		{"can-bo-huyen", GroundHolder, false, false}, // there are no districts any more
		{"can-bo-xnc", GroundHolder, false, false},
		{"nhan-vien-portal", GroundHolder, false, false},
	} {
		w := newWorld(t)
		ctx := t.Context()
		_, err := w.PlaceLock(ctx, w.staff(c.who), "level2", LockOrder{Ground: c.ground, Locks: eidLock})
		if (err == nil) != c.place || err != nil && !errors.Is(err, ErrNotAllowed) {
			t.Errorf("%s places %s: %v", c.who, c.ground, err)
		}
		var there LockGround
		w.err(w.change(ctx, "namesake", func(tx Tx, a *Account) (err error) {
			there, err = w.place(tx, a, LockGround{Ground: c.ground, Locks: bothLocks, By: actorSystem})
			return err
		}))
		err = w.LiftLock(ctx, w.staff(c.who), "namesake", there.ID)
		if (err == nil) != c.lift || err != nil && !errors.Is(err, ErrNotAllowed) {
			t.Errorf("%s lifts %s: %v", c.who, c.ground, err)
		}
	}
	w := newWorld(t)
	if err := w.LiftLock(t.Context(), w.staff(agency), "level2", "none"); !errors.Is(err, ErrNoGround) {
		t.Error(err)
	}
	if _, err := w.PlaceLock(t.Context(), w.staff(agency), "level2", LockOrder{Ground: "x", Locks: eidLock}); !errors.Is(err, ErrNotAllowed) {
		t.Error(err)
	}
}

func TestDistrictsLockedUntilTheyEnded(t *testing.T) {
	w := newWorld(t)
	w.clock.now = time.Date(2025, 6, 30, 23, 59, 59, 0, vietnam)
	order := LockOrder{Ground: GroundHolder, Locks: eidLock}
	if _, err := w.PlaceLock(t.Context(), w.staff("can-bo-huyen"), "level2", order); err != nil {
		t.Fatal(err)
	}
	w.clock.advance(time.Second)
	if _, err := w.PlaceLock(t.Context(), w.staff("can-bo-huyen"), "level2", order); !errors.Is(err, ErrNotAllowed) {
		t.Fatal(err)
	}
}

// The rules are complete, and nothing in them contradicts the law's list.
func TestTheGroundsOfTheLaw(t *testing.T) {
	var letters []Ground
	for _, r := range GroundRules() {
		letters = append(letters, r.Ground)
		if r.Text.Vi == "" || r.Text.En == "" || len(r.Place) == 0 || len(r.Lift) == 0 || r.Of == noLock {
			t.Errorf("%s is not whole", r.Ground)
		}
		if r.Notice == (r.Ground == GroundDeath) {
			t.Errorf("%s: told or not told wrongly", r.Ground)
		}
		if asks := r.Ground == GroundBody || r.Ground == GroundParty; asks != (r.Forward == 1 && r.Decide == 3) {
			t.Errorf("%s: %d and %d working days", r.Ground, r.Forward, r.Decide)
		}
		for _, policy := range LockPolicies() {
			if l := policy.Locks[r.Ground]; l == noLock || l.and(r.Of) != l {
				t.Errorf("%s locks %+v, which is not its list", r.Ground, l)
			}
		}
	}
	if !slices.Equal(letters, []Ground{"a", "b", "c", "d", "đ", "p"}) {
		t.Errorf("grounds %v", letters)
	}
}

func TestThePolicyIsDatedAndConfigurable(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.clock.now = time.Date(2024, 6, 30, 23, 0, 0, 0, vietnam)
	if err := w.LockOwn(ctx, w.sessionOf("level2", 1), personas.Password, LockForm{Locks: eidLock}); err != nil || w.locks("level2") != accountLock {
		t.Errorf("before there was an electronic identity card: %+v %v", w.locks("level2"), err)
	}
	w.clock.now = time.Date(2024, 7, 1, 0, 0, 0, 0, vietnam)
	w.err(w.LockOwn(ctx, w.sessionOf("namesake", 1), personas.Password, LockForm{Locks: eidLock}))
	if w.locks("namesake") != eidLock {
		t.Errorf("%+v", w.locks("namesake"))
	}
	w.cfg.LockPolicies = []LockPolicy{{Locks: map[Ground]Locks{GroundCard: bothLocks}}}
	if _, err := w.PlaceLock(ctx, w.staff("co-quan"), "old-cmnd", LockOrder{Ground: GroundCard}); err != nil || w.locks("old-cmnd") != bothLocks {
		t.Errorf("by a policy of one's own: %+v %v", w.locks("old-cmnd"), err)
	}
	if err := w.LockOwn(ctx, w.sessionOf("reissued", 1), personas.Password, LockForm{Locks: eidLock}); !errors.Is(err, ErrNoLock) {
		t.Errorf("a ground that the policy does not know: %v", err)
	}
}

func TestTheReviewOpensWhatHasEnded(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	until := w.clock.Now().Add(48 * time.Hour)
	_, err := w.PlaceLock(ctx, w.staff("co-quan"), "level2", LockOrder{Ground: GroundTerms, Until: until})
	w.err(err)
	if _, err := w.PlaceLock(ctx, w.staff("co-quan"), "level2", LockOrder{Ground: GroundTerms, Until: w.clock.Now()}); !errors.Is(err, ErrTerm) {
		t.Errorf("a term that is over: %v", err)
	}
	if _, err := w.PlaceLock(ctx, w.staff("co-quan"), "level2", LockOrder{Ground: GroundHolder, Locks: eidLock, Until: until}); !errors.Is(err, ErrTerm) {
		t.Errorf("the holder's own ground has no term: %v", err)
	}
	w.clock.advance(48*time.Hour - time.Nanosecond)
	if n, err := w.ReviewLocks(ctx); n != 0 || err != nil || w.locks("level2") != bothLocks {
		t.Fatalf("too early: %d %v", n, err)
	}
	w.clock.advance(time.Nanosecond)
	if n, err := w.ReviewLocks(ctx); n != 1 || err != nil || w.locks("level2") != noLock {
		t.Fatalf("%d %v", n, err)
	}
	if n, err := w.ReviewLocks(ctx); n != 0 || err != nil {
		t.Fatalf("again: %d %v", n, err)
	}
	if w.locks("eid-locked") != eidLock || w.locks("account-locked") != accountLock {
		t.Error("a lock that had not ended was opened")
	}
}

func TestWorkReviewsByThePlatformsClock(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, err := w.PlaceLock(ctx, w.staff("co-quan"), "level2", LockOrder{Ground: GroundTerms, Until: w.clock.Now().Add(time.Hour)})
	w.err(err)
	var last time.Time
	w.reviewOften(ctx, &last)
	w.clock.advance(time.Hour)
	w.reviewOften(ctx, &last)
	if w.locks("level2") != noLock {
		t.Error("the hour is over")
	}
	at := last
	w.clock.advance(reviewEvery - 1)
	if w.reviewOften(ctx, &last); !last.Equal(at) {
		t.Error("reviewed too often")
	}
}

func TestManyLockedAccountsAreReviewedPageByPage(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	const many = 1203
	for range many {
		a, err := w.Enrol(ctx, Account{Level: 1, Type: "citizen", Record: vneid.Record{ForeignerID: random()}})
		w.err(err)
		w.err(w.change(ctx, a.ID, func(tx Tx, a *Account) error {
			_, err := w.place(tx, a, LockGround{Ground: GroundTerms, By: actorSystem, Until: w.now().Add(time.Minute)})
			return err
		}))
	}
	w.clock.advance(time.Minute)
	if n, err := w.ReviewLocks(ctx); n != many || err != nil {
		t.Errorf("%d of %d: %v", n, many, err)
	}
}

// What a lock means is immediate: tokens, codes, shares and sessions.
func TestALockByAGroundIsFeltAtOnce(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	access := w.login("level2", nil).text("access_token")
	code, err := w.IssueCode(ctx, "level2", CodeRequest{Kind: qr.Static})
	if err != nil || code == "" {
		t.Fatal(err)
	}
	b := w.browser("level2")
	b.walk(b.get("/login?return=/"))
	w.err(w.LockOwn(ctx, w.sessionOf("level2", 1), personas.Password, LockForm{Locks: eidLock}))
	if _, err := w.IssueCode(ctx, "level2", CodeRequest{Kind: qr.Static}); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("a card code of a locked card: %v", err)
	}
	if w.login("level2", map[string]string{"acr_values": ""}).text("id_token") == "" {
		t.Error("no login while the card is locked: account level 1 is not of the card")
	}
	w.err(w.LockOwn(ctx, w.sessionOf("level2", 1), personas.Password, LockForm{Locks: accountLock}))
	if w.userinfo(access).status != 401 {
		t.Error("a token of a locked account is good")
	}
	if logins, err := w.Logins(ctx, "level2"); err != nil || len(logins) > 0 {
		t.Errorf("a session of a locked account is open: %+v %v", logins, err)
	}
}

func TestAnAccountThatIsEnteredLockedHasItsGround(t *testing.T) {
	w := newWorld(t)
	if !slices.Equal(w.grounds("eid-locked"), []Ground{GroundHolder}) || !slices.Equal(w.grounds("account-locked"), []Ground{GroundHolder}) {
		t.Fatalf("%v %v", w.grounds("eid-locked"), w.grounds("account-locked"))
	}
	w.err(w.UnlockOwn(t.Context(), w.sessionOf("eid-locked", 3), personas.Password))
	if w.locks("eid-locked") != noLock {
		t.Error("still locked")
	}
}

func TestADeathIsOneDeath(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.err(w.Died(ctx, "namesake"))
	w.err(w.Died(ctx, "namesake"))
	_, err := w.PlaceLock(ctx, w.staff("co-quan"), "namesake", LockOrder{Ground: GroundDeath})
	w.err(err)
	all, err := w.LockGrounds(ctx, "namesake")
	if err != nil || len(all) != 1 || w.locks("namesake") != bothLocks {
		t.Fatalf("%+v %v", all, err)
	}
	if out, err := w.Outbox(ctx, "namesake"); err != nil || len(out) > 0 {
		t.Errorf("who died is told: %+v %v", out, err)
	}
	w.err(w.LiftLock(ctx, w.staff("co-quan"), "namesake", all[0].ID)) // registered by mistake
	if w.locks("namesake") != noLock {
		t.Error("still locked")
	}
}

func TestSoManyGroundsAndNoMore(t *testing.T) {
	w := newWorld(t)
	agency := w.staff("co-quan")
	for range maxGrounds {
		_, err := w.PlaceLock(t.Context(), agency, "level2", LockOrder{Ground: GroundTerms})
		w.err(err)
	}
	if _, err := w.PlaceLock(t.Context(), agency, "level2", LockOrder{Ground: GroundTerms}); !errors.Is(err, ErrManyLocks) {
		t.Error(err)
	}
}
