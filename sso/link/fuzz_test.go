package link_test

import (
	"context"
	"errors"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// No text but a ticket of this linker's gets past its form.
func FuzzTicket(f *testing.F) {
	w := newWorld(f, oldAccount())
	l := w.linker(func(c *link.Config) { c.Replay = new(counter) })
	id := w.login(an())
	ticket := candidate(f, l, id).Ticket
	for _, seed := range []string{"", "A", "{}", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ticket, ticket[:40], ticket + "A"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sealed string) {
		err := l.Confirm(context.Background(), id, link.Fresh{Ticket: sealed, Account: "other", At: w.time})
		if sealed == ticket {
			refusedAs(t, err, vneid.ErrMismatch) // for the account
		} else if !errors.Is(err, vneid.ErrMalformed) {
			t.Errorf("%q: %v", sealed, err)
		}
	})
}
