package platform

import (
	"errors"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestANumberOfSomebodyWithoutAnAccountIsTheirs(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	nobody, _ := personas.Get("no-account")
	former, _ := personas.Get("reissued")
	closed, err := w.Account(ctx, "namesake")
	w.err(err)
	w.err(w.CloseAccount(ctx, w.staff("co-quan"), "namesake", "Quyết định 30 (ví dụ)"))
	for name, number := range map[string]string{
		"of somebody without an account": nobody.Record.ID, "of an account that was closed": closed.Record.ID,
		"that was cancelled before the platform began": former.Record.FormerIDs[0],
	} {
		if err := w.ReissueNumber(ctx, "level2", number); !errors.Is(err, ErrNumberTaken) {
			t.Errorf("a number %s: %v", name, err)
		}
	}
	a := Account{Record: vneid.Record{ID: former.Record.FormerIDs[0], Name: "X"}, Level: 1, Type: "citizen"}
	if _, err := w.Enrol(ctx, a); !errors.Is(err, ErrNumberTaken) {
		t.Errorf("a new account has a number that was cancelled: %v", err)
	}
}

func TestANumberOfSomebodyWithoutAnAccountIsReissued(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	const fresh = "999165000099"
	was, err := w.Account(ctx, "no-account")
	w.err(err)
	w.err(w.ReissueNumber(ctx, "no-account", fresh))
	for number, there := range map[string]bool{was.Record.ID: false, fresh: true} {
		e, err := w.RegisterEntry(ctx, registers.Population, number)
		if (e != nil) != there || err != nil {
			t.Errorf("%s is somebody's: %v, %v", number, e != nil, err)
		}
		if w.knows(number) {
			t.Errorf("%s logs somebody in who has no account", number)
		}
	}
}

func TestACardIsIssuedWhereCardsAre(t *testing.T) {
	w := newWorld(t)
	c := NewCard{Issued: dateOf(t, "2026-11-20"), Expires: dateOf(t, "2036-11-20")}
	for id, may := range map[string]bool{"can-bo-tinh": true, "co-quan": true, "can-bo-huyen": false, "nhan-vien-portal": false} {
		if err := w.IssueCard(t.Context(), w.staff(id), "level2", c); (err == nil) != may || !may && !errors.Is(err, ErrNotAllowed) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
