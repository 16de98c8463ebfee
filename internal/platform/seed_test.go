package platform

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
	"github.com/vneid-sdk/vneid-go/internal/registers"
)

func TestACrowdIsLoadedOnce(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	before := auditOf(t, w.Platform)
	people := crowd.Crowd{Seed: 7}
	added, err := w.Load(ctx, people.People(0, 1200))
	if err != nil || added != 1200 {
		t.Fatalf("%d people, %v", added, err)
	}
	if got := auditOf(t, w.Platform) - before; got != 3 { // 500, 500, 200
		t.Errorf("%d audit entries", got)
	}
	if err := w.SetLocks(ctx, crowd.Handle(1), Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	if added, err = w.Load(ctx, people.People(1000, 1300)); err != nil || added != 100 {
		t.Errorf("the second time %d people, %v", added, err)
	}
	if added, err = w.Load(ctx, people.People(0, 100)); err != nil || added != 0 {
		t.Errorf("the third time %d people, %v", added, err)
	}
	if a, err := w.Account(ctx, crowd.Handle(1)); err != nil || !a.AccountLocked {
		t.Errorf("who was there already was changed: %v", err)
	}
	if err := w.Seed(ctx); err != nil {
		t.Error(err)
	}
	if got := auditOf(t, w.Platform) - before; got != 5 { // one lock, one batch
		t.Errorf("%d audit entries", got)
	}
}

func TestTheCrowdLogsInAndHasPapers(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	people := crowd.Crowd{Seed: 7}
	if _, err := w.Load(ctx, people.People(0, crowd.Start)); err != nil {
		t.Fatal(err)
	}
	for i := range crowd.Start {
		who := people.Person(i)
		got, first, _, err := w.authenticate(ctx, who.Username(), personas.Password)
		switch {
		case err != nil:
			t.Fatal(err)
		case (got != nil) != (who.Account.Level > 0 && who.Account.Password != ""):
			t.Errorf("%s: level %d, logged in: %v", who.Handle, who.Account.Level, got != nil)
		case got != nil && (got.ID != who.Handle || first):
			t.Errorf("%s logs in as %s", who.Handle, got.ID)
		}
		if who.Account.Level > 0 && who.Account.Password == "" {
			if box, err := w.Outbox(ctx, who.Handle); err != nil || len(box) != 1 || !strings.Contains(box[0].Text, box[0].Secret) || len(box[0].Secret) != 10 {
				t.Errorf("%s has no first password: %v", who.Handle, err)
			}
		}
		if who.CardRevoked {
			grounds, err := w.LockGrounds(ctx, who.Handle)
			e, err2 := w.RegisterEntry(ctx, registers.Cards, who.Username())
			if err != nil || err2 != nil || len(grounds) != 1 || grounds[0].Ground != GroundCard || e == nil || !e.Revoked {
				t.Errorf("%s: grounds %v, register %v, %v, %v", who.Handle, grounds, e, err, err2)
			}
		}
		papers, err := w.Papers(ctx, who.Handle)
		if want := people.Papers(i); err != nil || len(papers) != len(want) {
			t.Errorf("%s: %d papers of %d, %v", who.Handle, len(papers), len(want), err)
		}
		if a, err := w.Account(ctx, who.Handle); err != nil || a.EIDIssued.IsZero() == (who.Account.Level == 2 && who.Record.ID != "") {
			t.Errorf("%s: electronic card of %v, %v", who.Handle, a.EIDIssued, err)
		}
	}
}

// What was loaded is whole batches, whatever fails.
func TestALoadThatFailsLeavesWholeBatches(t *testing.T) {
	store := &failing{Store: NewMemory()}
	w := newWorldOn(t, store)
	broken := errors.New("the disk is full")
	store.fail, store.after = broken, 3 // Get, papers, …: inside the second batch's first person
	added, err := w.Load(t.Context(), crowd.Crowd{Seed: 7}.People(0, 3*loadBatch))
	if !errors.Is(err, broken) || added != loadBatch {
		t.Errorf("%d people, %v", added, err)
	}
	store.fail = nil
	all, err := w.Accounts(t.Context(), 10_000)
	if err != nil || len(all) != len(personas.All())+loadBatch {
		t.Errorf("%d accounts, %v", len(all), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if added, err := w.Load(ctx, crowd.Crowd{Seed: 7}.People(0, 10*loadBatch)); !errors.Is(err, context.Canceled) || added != 0 {
		t.Errorf("after its end: %d people, %v", added, err)
	}
}

// failing refuses writes in the second transaction from when fail was set.
type failing struct {
	Store
	fail  error
	after int
	seen  int
}

func (s *failing) Update(ctx context.Context, f func(Tx) error) error {
	if s.fail != nil {
		s.seen++
	}
	return s.Store.Update(ctx, func(tx Tx) error { return f(&failingTx{tx, s}) })
}

type failingTx struct {
	Tx
	s *failing
}

func (tx *failingTx) Put(table, key string, value []byte, until time.Time) error {
	if tx.s.fail != nil && tx.s.seen == 2 {
		if tx.s.after--; tx.s.after < 0 {
			return tx.s.fail
		}
	}
	return tx.Tx.Put(table, key, value, until)
}

// auditOf counts the audit's entries.
func auditOf(t *testing.T, p *Platform) (n uint64) {
	t.Helper()
	if err := p.store.View(t.Context(), func(tx Tx) error {
		at, err := auditHead(tx)
		n = at.Seq
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func BenchmarkLoad(b *testing.B) {
	w := newWorld(b)
	if _, err := w.Load(b.Context(), crowd.Crowd{Seed: 7}.People(0, b.N)); err != nil {
		b.Fatal(err)
	}
}
