package link_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// exampleTB stands in for the *testing.T that Examples do not have.
type exampleTB struct {
	testing.TB
	cleanups []func()
}

func (t *exampleTB) Helper()                     {}
func (t *exampleTB) Cleanup(f func())            { t.cleanups = append(t.cleanups, f) }
func (t *exampleTB) Fatalf(f string, arg ...any) { panic(fmt.Sprintf(f, arg...)) }
func (t *exampleTB) Fatal(arg ...any)            { panic(fmt.Sprint(arg...)) }

func (t *exampleTB) done() {
	for i := len(t.cleanups) - 1; i >= 0; i-- {
		t.cleanups[i]()
	}
}

// A citizen opened an account years ago with the CMND of those days, and now comes
// with VNeID.
func Example() {
	t := new(exampleTB) // in a test of yours: its *testing.T
	defer t.done()
	platform := vneidtest.New(t)
	ctx := context.Background()

	// The portal's register; in production an implementation of link.Store.
	person := platform.Person("old-cmnd").Record
	accounts := link.NewMemoryStore(link.Account{ID: "user-1017", Numbers: []string{person.OldID}, Name: person.Name})

	linker, err := link.NewLinker(link.Config{Store: accounts, Now: platform.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := platform.SSO("https://portal.example/callback")
	cfg.Scopes = append(cfg.Scopes, "vneid:card") // brings former numbers and the CMND
	id, err := platform.Login("old-cmnd", cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := linker.Find(ctx, id)
	if err != nil {
		fmt.Println(err)
		return
	}
	switch out := out.(type) {
	case link.Candidate:
		fmt.Printf("%s may be theirs, by a %v; log in to it\n", out.Account, out.Why)

		// The portal's own login, in the same browser, with out.Ticket in its form.
		fresh := link.Fresh{Ticket: out.Ticket, Account: "user-1017", At: platform.Now().Truncate(time.Second)}
		fmt.Println("confirmed:", linker.Confirm(ctx, id, fresh))
		fmt.Println("again:", linker.Confirm(ctx, id, fresh))
	case link.Conflict:
		fmt.Println("for a clerk:", out.Why)
	}

	out, err = linker.Find(ctx, id)
	linked, ok := out.(link.Linked)
	fmt.Println("from now on:", linked.Account.ID, ok, err)
	// Output:
	// user-1017 may be theirs, by a CMND-9; log in to it
	// confirmed: <nil>
	// again: link: the register changed since the candidate was found
	// from now on: user-1017 true <nil>
}
