package platform

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// operations are all that can be done to a case, by name.
func (b *bureau) operations() map[string]func(CaseRef) error {
	ctx := b.t.Context()
	return map[string]func(CaseRef) error{
		"contact":       func(r CaseRef) error { return b.CaseContact(ctx, b.officer, r, "0000000177", "") },
		"compared":      func(r CaseRef) error { return b.CaseCompared(ctx, b.officer, r, OutcomeMatch, OutcomeMissing) },
		"paper":         func(r CaseRef) error { return b.CasePaperAdd(ctx, b.officer, r, document.SocialInsurance, "1") },
		"agreed":        func(r CaseRef) error { return b.CaseAgreed(ctx, b.officer, r, "ND69-1", true) },
		"submit":        func(r CaseRef) error { return b.SubmitCase(ctx, b.officer, r) },
		"match":         func(r CaseRef) error { return b.MatchCase(ctx, b.officer, r) },
		"grant":         func(r CaseRef) error { return b.GrantCase(ctx, b.officer, r) },
		"refuse":        func(r CaseRef) error { return b.RefuseCase(ctx, b.officer, r, ReasonOther, "Thiếu giấy tờ") },
		"reopen":        func(r CaseRef) error { return b.ReopenCase(ctx, b.officer, r) },
		"withdraw":      func(r CaseRef) error { return b.WithdrawCase(ctx, b.officer, r) },
		"verified":      func(r CaseRef) error { return b.CaseVerified(ctx, b.officer, r) },
		"chip":          func(r CaseRef) error { return b.CaseChip(ctx, b.officer, r, nil, errNoPage) },
		"paper-decided": func(r CaseRef) error { return b.CasePaperDecide(ctx, b.officer, r, document.DriverLicence, false, "") },
	}
}

var errNoPage = errors.New("the reader is in trouble")

// state brings a whole case of level1 into a state.
func (b *bureau) state(s RegState) Case {
	b.t.Helper()
	ctx := b.t.Context()
	c := b.open(CaseCitizen, "level1", nil)
	b.must(b.CasePaperAdd(ctx, b.officer, b.ref(c.ID), document.DriverLicence, "999000000002"))
	b.must(b.CasePaperDecide(ctx, b.officer, b.ref(c.ID), document.DriverLicence, true, ""))
	b.fill(c)
	if s == RegOpen {
		return b.look(c.ID)
	}
	if s != RegWithdrawn {
		b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
	}
	do := b.operations()
	switch s {
	case RegGranted:
		b.must(do["grant"](b.ref(c.ID)))
	case RegRefused:
		b.must(do["refuse"](b.ref(c.ID)))
	case RegWithdrawn:
		b.must(do["withdraw"](b.ref(c.ID)))
	}
	return b.look(c.ID)
}

// Every operation in every state: it leads where the table says, or is refused and changes
// nothing.
func TestACaseGoesOnlyWhereItMay(t *testing.T) {
	open := map[string]RegState{"contact": RegOpen, "compared": RegOpen, "agreed": RegOpen, "submit": RegSubmitted, "withdraw": RegWithdrawn,
		"paper": RegOpen, "paper-decided": RegOpen}
	submitted := map[string]RegState{"match": RegSubmitted, "grant": RegGranted, "refuse": RegRefused, "reopen": RegOpen, "withdraw": RegWithdrawn}
	for from, leads := range map[RegState]map[string]RegState{
		RegOpen: open, RegSubmitted: submitted, RegGranted: nil, RegRefused: nil, RegWithdrawn: nil,
	} {
		names := (&bureau{world: newWorld(t)}).operations()
		for name := range names {
			b := newWorld(t).bureau("can-bo-phuong")
			c := b.state(from)
			err := b.operations()[name](b.ref(c.ID))
			after := b.look(c.ID)
			to, may := leads[name]
			switch {
			case may && (err != nil || after.State != to || after.Rev != c.Rev+1):
				t.Errorf("%s in %s: %v, now %s", name, from, err, after.State)
			case !may && (err == nil || after.Rev != c.Rev || after.State != from):
				t.Errorf("%s in %s: %v, now %s", name, from, err, after.State)
			case !may && name != "chip" && !errors.Is(err, ErrStep):
				t.Errorf("%s in %s: %v", name, from, err)
			}
		}
	}
}

func TestOfTwoOfficersOneIsTold(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	second := w.bureau("can-bo-phuong-2")
	ctx := t.Context()
	c := b.open(CaseCitizen, "level1", nil)
	one, other := b.ref(c.ID), second.ref(c.ID)
	b.must(b.CaseContact(ctx, b.officer, one, "0000000177", ""))
	if err := b.CaseContact(ctx, second.officer, other, "0000000178", ""); !errors.Is(err, ErrStale) {
		t.Errorf("the second: %v", err)
	}
	if got := b.look(c.ID).Contact.Phone; got != "+84000000177" {
		t.Errorf("the telephone is %s", got)
	}
	// The form that was taken, once more: a double click.
	if err := b.CaseContact(ctx, b.officer, one, "0000000177", ""); err != nil || b.look(c.ID).Rev != 1 {
		t.Errorf("a form sent twice: %v", err)
	}
}

func TestTwoDecisionsAtTheSameMoment(t *testing.T) {
	for range 5 {
		w := newWorld(t)
		b := w.bureau("can-bo-phuong")
		c := b.state(RegSubmitted)
		ref := b.ref(c.ID)
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() {
				r := CaseRef{ID: ref.ID, Rev: ref.Rev, Key: random()}
				if i%2 == 0 {
					errs[i] = b.GrantCase(context.Background(), b.officer, r)
				} else {
					errs[i] = b.RefuseCase(context.Background(), b.officer, r, ReasonOther, "")
				}
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, ErrStale) {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d decisions", won)
		}
		if after := b.look(c.ID); (after.State == RegGranted) != (b.account("level1").Level == 2) {
			t.Errorf("%s, level %d", after.State, b.account("level1").Level)
		}
	}
}

func TestACaseIsForItsUnit(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	ctx := t.Context()
	c := b.state(RegSubmitted)
	for _, id := range []string{"can-bo-xa", "can-bo-tinh", "can-bo-huyen", "nhan-vien-portal"} {
		other := b.staff(id)
		if _, err := b.Case(ctx, other, c.ID); !errors.Is(err, ErrNoCase) {
			t.Errorf("%s reads it: %v", id, err)
		}
		if err := b.GrantCase(ctx, other, b.ref(c.ID)); !errors.Is(err, ErrNoCase) {
			t.Errorf("%s decides it: %v", id, err)
		}
		if list, err := b.Cases(ctx, other, false, 100); err != nil || len(list) != 0 {
			t.Errorf("%s lists %d: %v", id, len(list), err)
		}
	}
	if _, err := b.Case(ctx, b.officer, "nothing"); !errors.Is(err, ErrNoCase) {
		t.Errorf("no case: %v", err)
	}
	agency := b.staff("co-quan")
	if _, err := b.Case(ctx, agency, c.ID); err != nil {
		t.Errorf("the agency does not see it: %v", err)
	}
	if err := b.GrantCase(ctx, agency, b.ref(c.ID)); !errors.Is(err, ErrNoCase) {
		t.Errorf("the agency decides at a counter: %v", err)
	}
	if _, err := b.OpenCase(ctx, b.staff("can-bo-xa"), CaseForm{Key: random(), Kind: CaseCitizen, Number: c.Number}); !errors.Is(err, ErrOpen) {
		t.Errorf("a second case elsewhere: %v", err)
	}
}

func TestTheHeirOfADistrictHasItsCases(t *testing.T) {
	w := newWorld(t)
	w.set("2025-06-30T16:00:00+07:00")
	b := w.bureau("can-bo-huyen")
	ctx := t.Context()
	c := b.state(RegSubmitted)
	w.set("2025-07-01T08:00:00+07:00")
	if _, err := b.Case(ctx, b.officer, c.ID); !errors.Is(err, ErrNoCase) {
		t.Errorf("the district has it still: %v", err)
	}
	heir := w.bureau("can-bo-tinh")
	if list, err := b.Cases(ctx, heir.officer, false, 10); err != nil || len(list) != 1 {
		t.Errorf("the heir lists %d: %v", len(list), err)
	}
	b.must(b.GrantCase(ctx, heir.officer, heir.ref(c.ID)))
	if a := b.account("level1"); a.Level != 2 {
		t.Errorf("level %d", a.Level)
	}
}

func TestALockOrADeathInBetween(t *testing.T) {
	for name, x := range map[string]struct {
		happens func(*bureau) error
		want    error
	}{
		"the account is locked": {func(b *bureau) error { return b.SetLocks(b.t.Context(), "level1", Locks{Account: true}) }, ErrLocked},
		"the holder died":       {func(b *bureau) error { return b.Died(b.t.Context(), "level1") }, ErrNoMatch},
		"level 2 came by another way": {func(b *bureau) error {
			return b.SetLevel(b.t.Context(), "level1", 2)
		}, ErrHas},
	} {
		w := newWorld(t)
		b := w.bureau("can-bo-phuong")
		c := b.state(RegSubmitted)
		before := b.account("level1")
		b.must(x.happens(b))
		if err := b.GrantCase(t.Context(), b.officer, b.ref(c.ID)); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
		if after := b.account("level1"); after.Phone != before.Phone || len(after.Confirmed) != len(before.Confirmed) {
			t.Errorf("%s: something of the case stays", name)
		}
		b.must(b.RefuseCase(t.Context(), b.officer, b.ref(c.ID), ReasonLocked, "")) // and the case can end
	}
}

func TestACaseBehindItsDeadlineIsLateAndComesFirst(t *testing.T) {
	w := newWorld(t)
	w.set("2026-11-20T16:00:00+07:00")
	b := w.bureau("can-bo-phuong")
	ctx := t.Context()
	b.open(CaseCitizen, "no-account", nil)
	c := b.state(RegSubmitted)
	w.set("2026-11-25T23:59:59+07:00")
	if b.look(c.ID).Late(w.now()) {
		t.Error("late in the last second")
	}
	w.set("2026-11-26T00:00:00+07:00")
	list, err := b.Cases(ctx, b.officer, false, 10)
	if err != nil || len(list) != 2 || list[0].ID != c.ID || !list[0].Late(w.now()) || list[1].Late(w.now()) {
		t.Fatalf("%+v %v", list, err)
	}
	b.must(b.GrantCase(ctx, b.officer, b.ref(c.ID))) // late is not never
}

func TestReopeningBeginsTheDaysAnew(t *testing.T) {
	w := newWorld(t)
	w.set("2026-11-20T16:00:00+07:00")
	b := w.bureau("can-bo-phuong")
	ctx := t.Context()
	c := b.state(RegSubmitted)
	b.must(b.ReopenCase(ctx, b.officer, b.ref(c.ID)))
	if c = b.look(c.ID); !c.Due.IsZero() || len(c.Findings) != 0 {
		t.Errorf("%+v", c)
	}
	w.set("2026-11-23T08:00:00+07:00")
	b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
	if c = b.look(c.ID); c.Due.Format(time.RFC3339) != "2026-11-26T23:59:59+07:00" {
		t.Errorf("due %v", c.Due)
	}
}

func TestTheFormThatOpensACaseTwice(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	who, _ := personas.Get("level1")
	f := CaseForm{Key: random(), Kind: CaseCitizen, Number: who.Username()}
	one, err := b.OpenCase(t.Context(), b.officer, f)
	b.must(err)
	two, err := b.OpenCase(t.Context(), b.officer, f)
	if err != nil || two.ID != one.ID {
		t.Errorf("another case: %v", err)
	}
	f.Key = random()
	if _, err := b.OpenCase(t.Context(), b.officer, f); !errors.Is(err, ErrOpen) {
		t.Errorf("another form: %v", err)
	}
	if list, _ := b.Cases(t.Context(), b.officer, false, 10); len(list) != 1 {
		t.Errorf("%d cases", len(list))
	}
}

func TestAnAbandonedCaseGivesWay(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	old := b.open(CaseCitizen, "level1", nil)
	w.clock.advance(caseStale)
	other := w.bureau("can-bo-xa")
	c := other.open(CaseCitizen, "level1", nil)
	if got := b.look(old.ID); got.State != RegWithdrawn || got.Steps[len(got.Steps)-1].Officer != actorSystem {
		t.Errorf("%+v", got)
	}
	if c.ID == old.ID || c.Unit != "ca-xa-mau" {
		t.Errorf("%+v", c)
	}
	if again := b.open(CaseCitizen, "no-account", nil); again.State != RegOpen {
		t.Error("another person's case is in the way")
	}
}

func TestACaseThatEndedGivesTheNumberFree(t *testing.T) {
	for _, end := range []RegState{RegRefused, RegWithdrawn} {
		w := newWorld(t)
		b := w.bureau("can-bo-phuong")
		b.state(end)
		c := b.open(CaseCitizen, "level1", nil)
		if done, err := b.Cases(t.Context(), b.officer, true, 10); err != nil || len(done) != 1 || done[0].State != end {
			t.Errorf("%s: %v %v", end, done, err)
		}
		if open, _ := b.Cases(t.Context(), b.officer, false, 10); !slices.ContainsFunc(open, func(x Case) bool { return x.ID == c.ID }) {
			t.Errorf("%s: the new one is not in the queue", end)
		}
	}
}
