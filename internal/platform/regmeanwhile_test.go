package platform

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

func TestACaseIsAbandonedWhenNobodyWentOnWithIt(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-xa")
	c := b.open(CaseCitizen, "no-account", nil)
	w.clock.advance(29 * 24 * time.Hour)
	b.must(b.CaseContact(t.Context(), b.officer, b.ref(c.ID), "0000 000 177", ""))
	other := w.bureau("can-bo-phuong")
	f := CaseForm{Key: random(), Kind: CaseCitizen, Number: c.Number}
	w.clock.advance(2 * 24 * time.Hour)
	if _, err := other.OpenCase(t.Context(), other.officer, f); !errors.Is(err, ErrOpen) {
		t.Errorf("two days after the last step: %v", err)
	}
	w.clock.advance(28 * 24 * time.Hour)
	_, err := other.OpenCase(t.Context(), other.officer, f)
	w.err(err)
	if got := b.look(c.ID); got.State != RegWithdrawn {
		t.Errorf("thirty days after the last step: %s", got.State)
	}
}

func TestACaseFindsTheAccountThatWasMadeMeanwhile(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	who, _ := personas.Get("no-account")
	r := who.Record
	r.ID = "999165000055"
	for _, reg := range []registers.Register{registers.Population, registers.Cards} {
		w.err(w.SetEntry(ctx, reg, r.ID, &registers.Entry{Record: r}))
	}
	b := w.bureau("can-bo-xa")
	c := b.open(CaseCitizen, "no-account", func(f *CaseForm) { f.Number = r.ID })
	b.fill(c)
	b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
	ref := w.apply(form("no-account", func(f *AppForm) { f.Number = r.ID }))
	w.decide()
	made := w.application(ref).Account
	if made == "" {
		t.Fatal("no account was made in the app")
	}
	b.must(b.GrantCase(ctx, b.officer, b.ref(c.ID)))
	if a := b.account(made); a.Level != 2 {
		t.Errorf("level %d", a.Level)
	}
	if got := b.look(c.ID); got.Account != made {
		t.Error("the case names another account")
	}
}

func TestTheIdentityHasTheContactOfTheRegistration(t *testing.T) {
	w := newWorld(t)
	w.apply(form("no-account", func(f *AppForm) { f.Email = "van@example.com" }))
	w.decide()
	for name, want := range map[string]string{"phone": "+84000000106", "email": "van@example.com"} {
		if got := w.claim("no-account", document.Identity, name); got != want {
			t.Errorf("in the app: %s is %q", name, got)
		}
	}
	w = newWorld(t)
	b := w.bureau("can-bo-xa")
	c := b.open(CaseCitizen, "no-account", nil)
	b.fill(c)
	b.must(b.SubmitCase(t.Context(), b.officer, b.ref(c.ID)))
	b.must(b.GrantCase(t.Context(), b.officer, b.ref(c.ID)))
	if got := w.claim("no-account", document.Identity, "phone"); got != "+84000000177" {
		t.Errorf("at the counter: %q", got)
	}
}

func TestARegisterThatIsOffHoldsNobodyElseUp(t *testing.T) {
	w := newWorld(t)
	w.err(w.Registers().Switch(registers.Population, true))
	for i := range 300 {
		w.apply(form("no-account", func(f *AppForm) {
			f.Number, f.Phone = fmt.Sprintf("9991650%05d", i), fmt.Sprintf("0000 1%05d", i)
		}))
	}
	w.clock.advance(time.Minute) // behind all of them
	foreigner, _ := personas.Get("foreigner")
	r := foreigner.Record
	r.ForeignerID = "99900000000077"
	w.err(w.SetEntry(t.Context(), registers.Immigration, r.ForeignerID, &registers.Entry{Record: r, Permit: residenceUntil}))
	ref := w.apply(form("foreigner", func(f *AppForm) { f.Number = r.ForeignerID }))
	w.decide()
	if a := w.application(ref); a.State != RegGranted {
		t.Errorf("%s %s", a.State, a.Reason)
	}
}

func TestANameIsPlainText(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"Bùi Thị\u202eVân", "Bùi\x00Vân", "Bùi \xff"} {
		if _, err := w.Apply(t.Context(), form("no-account", func(f *AppForm) { f.Name = name })); !errors.Is(err, ErrForm) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
