package link_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// An attack wants to end with a login of its own bound to "victim", the account of
// somebody else. It returns how the linker answered.
type attack struct {
	name   string
	check  string // the one that stops it, without which it succeeds
	answer string
	run    func(w *world, l *link.Linker) error
}

// errStopped is an outcome instead of what an attacker needs.
var errStopped = errors.New("no candidate")

// mallory has a VNeID account of level 2 in order, and once had the CMND number that
// was the victim's before.
func mallory(change ...claims) claims {
	return an(append([]claims{{"sub": "mallory", "name": "Lê Văn Mạo", "birthdate": "1985-05-05", "citizen_id": "999085000066", "former_ids": nil, "old_id": "999000001"}}, change...)...)
}

// try asks for a candidate and confirms it with a login to account.
func try(w *world, l *link.Linker, id *sso.Identity, account string) error {
	out, err := l.Find(context.Background(), id)
	if err != nil {
		return err
	}
	c, ok := out.(link.Candidate)
	if !ok {
		return errStopped
	}
	return l.Confirm(context.Background(), id, link.Fresh{Ticket: c.Ticket, Account: account, At: w.time})
}

// ticketOf is the ticket of a candidate, "" if there is none.
func ticketOf(l *link.Linker, id *sso.Identity) string {
	out, _ := l.Find(context.Background(), id)
	c, _ := out.(link.Candidate)
	return c.Ticket
}

var attacks = []attack{
	{name: "takeover by a recycled CMND: a login to an account of their own", check: "account", answer: "mismatch", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999000001"}})
		return try(w, l, w.login(mallory()), "mallory's own")
	}},
	{name: "takeover by a recycled CMND: the victim was persuaded to log in", check: "recycled", answer: "stopped", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999000001"}, Name: "Nguyễn Văn An"})
		return try(w, l, w.login(mallory()), "victim")
	}},
	{name: "takeover by a recycled CMND: the account has another's twelve digits", check: "stranger", answer: "stopped", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999000001", "999090000001"}})
		return try(w, l, w.login(mallory()), "victim")
	}},
	{name: "a number typed at level 1", check: "level", answer: "level too low", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		return try(w, l, w.login(an(claims{"sub": "mallory", "acr": "urn:vneid:acr:l1:a2"})), "victim")
	}},
	{name: "a stolen card, whose owner locked it", check: "level", answer: "locked", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		return try(w, l, w.login(an(claims{"sub": "mallory", "eid_status": "locked"})), "victim")
	}},
	{name: "statements that nobody signed", check: "integrity", answer: "untrusted", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		return try(w, l, w.unsigned(), "victim")
	}},
	{name: "crossed sessions: another login finishes the victim's candidate", check: "crossed", answer: "mismatch", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		ticket := ticketOf(l, w.login(an()))
		return l.Confirm(context.Background(), w.login(an(claims{"sub": "mallory"})), link.Fresh{Ticket: ticket, Account: "victim", At: w.time})
	}},
	{name: "crossed sessions: the same subject at another provider", check: "crossed", answer: "mismatch", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		ticket := ticketOf(l, w.login(an()))
		return l.Confirm(context.Background(), w.login(an(claims{"iss": "https://evil.example"})), link.Fresh{Ticket: ticket, Account: "victim", At: w.time})
	}},
	{name: "an old session of the victim passes for a login", check: "before", answer: "expired", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		began := w.time
		w.time = w.time.Add(time.Minute)
		id := w.login(an(claims{"sub": "mallory"}))
		return l.Confirm(context.Background(), id, link.Fresh{Ticket: ticketOf(l, id), Account: "victim", At: began})
	}},
	{name: "a terminal left alone after the login", check: "fresh", answer: "expired", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		id := w.login(an(claims{"sub": "mallory"}))
		fresh := link.Fresh{Ticket: ticketOf(l, id), Account: "victim", At: w.time}
		w.time = w.time.Add(6 * time.Minute)
		return l.Confirm(context.Background(), id, fresh)
	}},
	{name: "a stale candidate: yesterday's ticket", check: "stale", answer: "expired", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		id := w.login(an(claims{"sub": "mallory"}))
		ticket := ticketOf(l, id)
		w.time = w.time.Add(11 * time.Minute)
		// Once would refuse it too: its time is over.
		return l.Confirm(context.Background(), id, link.Fresh{Ticket: ticket, Account: "victim", At: w.time})
	}},
	{name: "a stale candidate: the number was taken off the account", check: "again", answer: "mismatch", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999000001"}})
		id := w.login(mallory())
		ticket := ticketOf(l, id)
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		return l.Confirm(context.Background(), id, link.Fresh{Ticket: ticket, Account: "victim", At: w.time})
	}},
	{name: "a stale candidate: the number is another account's now", check: "again", answer: "mismatch", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999000001"}})
		id := w.login(mallory())
		ticket := ticketOf(l, id)
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		w.store.Put(link.Account{ID: "mallory's own", Numbers: []string{"999000001"}})
		return l.Confirm(context.Background(), id, link.Fresh{Ticket: ticket, Account: "victim", At: w.time})
	}},
	{name: "a stale candidate: a second account came up", check: "again", answer: "mismatch", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999000001"}})
		id := w.login(mallory())
		ticket := ticketOf(l, id)
		w.store.Put(link.Account{ID: "mallory's own", Numbers: []string{"999085000066"}})
		return l.Confirm(context.Background(), id, link.Fresh{Ticket: ticket, Account: "victim", At: w.time})
	}},
	{name: "a stale candidate: now it ties by less", check: "again", answer: "mismatch", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999000001", "999085000066"}})
		id := w.login(mallory())
		ticket := ticketOf(l, id)
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999000001"}})
		return l.Confirm(context.Background(), id, link.Fresh{Ticket: ticket, Account: "victim", At: w.time})
	}},
	{name: "one of two accounts is picked", check: "several", answer: "stopped", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999000001"}})
		w.store.Put(link.Account{ID: "victim's other", Numbers: []string{"999085000066"}})
		return try(w, l, w.login(mallory()), "victim")
	}},
	{name: "a replayed confirmation after a clerk undid the link", check: "once", answer: "replayed", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		id := w.login(an(claims{"sub": "mallory"}))
		fresh := link.Fresh{Ticket: ticketOf(l, id), Account: "victim", At: w.time}
		if err := l.Confirm(context.Background(), id, fresh); err != nil {
			w.t.Fatal(err)
		}
		w.store.Unbind("victim")
		return l.Confirm(context.Background(), id, fresh)
	}},
	{name: "a second account beside the one on file", check: "again", answer: "mismatch", run: func(w *world, l *link.Linker) error {
		w.store.Put(link.Account{ID: "victim", Numbers: []string{"999090000001"}})
		_, err := l.Register(context.Background(), w.login(an(claims{"sub": "mallory"})))
		return err
	}},
}

func TestAttacks(t *testing.T) {
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			// The honest way works in the same portal.
			w := newWorld(t, oldAccount())
			if err := try(w, w.linker(), w.login(an()), "old"); err != nil {
				t.Fatalf("the twin: %v", err)
			}

			w = newWorld(t)
			err := a.run(w, w.linker())
			var kind vneid.Kind
			switch {
			case err == nil:
				t.Fatal("it succeeds")
			case errors.Is(err, errStopped) && a.answer == "stopped":
			case errors.As(err, &kind) && kind.Error() == a.answer:
			default:
				t.Errorf("%v, want %s", err, a.answer)
			}

			w = newWorld(t)
			open := w.linker()
			if a.check == "stale" {
				open = w.linker(func(c *link.Config) { c.Replay = new(counter) })
			}
			link.Without(open, a.check)
			if err := a.run(w, open); err != nil {
				t.Fatalf("without the check %q it still fails, so something else is tested: %v", a.check, err)
			}
			t.Logf("pair T %s: stopped by %s, succeeds without", a.name, a.check)
		})
	}
}

// A provider that gives a subject away a second time must not open the account of
// who had it before.
func TestAReassignedSubjectOpensNothing(t *testing.T) {
	w := newWorld(t, oldAccount())
	if err := try(w, w.linker(), w.login(an()), "old"); err != nil {
		t.Fatal(err)
	}
	heir := w.login(mallory(claims{"sub": "an", "old_id": nil}))
	if got := told(find(t, w.linker(), heir)); got != "conflict OtherPerson" {
		t.Errorf("%s", got)
	}
	if got := told(find(t, w.linker(), w.login(an()))); got != "linked old" {
		t.Errorf("the owner: %s", got)
	}
	open := w.linker()
	link.Without(open, "reused")
	if got := told(find(t, open, heir)); got != "linked old" {
		t.Errorf("without the check: %s", got)
	}
	_, err := w.linker().Register(context.Background(), heir)
	refusedAs(t, err, vneid.ErrMismatch)
}

// What is bound stays bound, whatever comes after it.
func TestNothingBindsAgain(t *testing.T) {
	w := newWorld(t, oldAccount(), link.Account{ID: "second", Numbers: []string{"999000001"}})
	ctx := context.Background()
	if ok, err := w.store.Bind(ctx, issuer, "an", "old"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	l := w.linker()
	if got := told(find(t, l, w.login(an()))); got != "linked old" {
		t.Errorf("with a second account on file: %s", got)
	}
	w.store.Put(link.Account{ID: "second"})
	other := w.login(an(claims{"sub": "an-2"}))
	if err := try(w, l, other, "old"); !errors.Is(err, errStopped) {
		t.Errorf("another login: %v", err)
	}
	link.Without(l, "taken") // and if Find did not look, the store would not
	if err := try(w, l, other, "old"); !errors.Is(err, vneid.ErrMismatch) {
		t.Errorf("another login, without the check: %v", err)
	}
	if got := told(find(t, w.linker(), w.login(an()))); got != "linked old" {
		t.Errorf("afterwards: %s", got)
	}
}
