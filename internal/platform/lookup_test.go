package platform

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Staff see what their part takes, and that they looked stands in the log.
func TestWhoLooksSomebodyUpStandsInTheLog(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	officer, agency := w.staff("can-bo-phuong"), w.staff("co-quan")
	who, _ := personas.Get("level2")
	nobody, _ := personas.Get("no-account")
	got := w.since(func() {
		id, err := w.FindHolder(ctx, officer, who.Username())
		w.err(err)
		f, err := w.LockFile(ctx, officer, id)
		if err != nil || f.Name != who.Record.Name || f.Number == who.Username() || !strings.HasSuffix(f.Number, who.Username()[9:]) {
			t.Errorf("%+v %v", f, err)
		}
		if id, err = w.FindKept(ctx, agency, nobody.Username()); err != nil || id != "no-account" {
			t.Errorf("%s %v", id, err)
		}
		k, err := w.KeptFile(ctx, agency, "level2")
		if err != nil || k.Number == who.Username() || !k.Closable {
			t.Errorf("%+v %v", k, err)
		}
	})
	want := []string{"looked-up can-bo-phuong level2", "looked-up can-bo-phuong level2", "looked-up co-quan no-account", "looked-up co-quan level2"}
	if !slices.Equal(got, want) {
		t.Error(got)
	}
	if _, err := w.FindHolder(ctx, officer, nobody.Username()); !errors.Is(err, ErrNoHolder) {
		t.Errorf("an officer finds somebody without an account: %v", err)
	}
	if _, err := w.LockFile(ctx, officer, "no-account"); !errors.Is(err, ErrNoHolder) {
		t.Errorf("and opens their file: %v", err)
	}
	for _, by := range []Staff{{}, w.staff("nhan-vien-bank"), w.staff("can-bo-huyen")} { // the district is no more
		_, err1 := w.FindHolder(ctx, by, who.Username())
		_, err2 := w.LockFile(ctx, by, "level2")
		_, err3 := w.FindKept(ctx, by, who.Username())
		_, err4 := w.KeptFile(ctx, by, "level2")
		for _, err := range []error{err1, err2, err3, err4} {
			if !errors.Is(err, ErrNotAllowed) {
				t.Errorf("%q: %v", by.ID, err)
			}
		}
	}
}

// A list of former numbers takes nobody's own away.
func TestAFormerNumberIsNobodysPresentOne(t *testing.T) {
	w := newWorld(t)
	who, _ := personas.Get("level2")
	a := Account{Level: 1, Type: "citizen", Record: vneid.Record{ID: "999090000077", Name: "X", FormerIDs: []string{who.Username()}}}
	if _, err := w.Enrol(t.Context(), a); !errors.Is(err, ErrNumberTaken) {
		t.Errorf("taken: %v", err)
	}
	if !w.knows(who.Username()) {
		t.Error("and its holder logs in no more")
	}
}
