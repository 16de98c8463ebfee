package platform

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/models"
)

// The ways to bad endings that package models keeps, walked here against the platform:
// it must not get there, and gets there without the check that the trail is about.

func trailOf(t *testing.T, model, broken string) []models.Step {
	t.Helper()
	kept, err := models.Kept(model, broken)
	if err != nil {
		t.Fatal(err)
	}
	return kept.Steps
}

// trail is what is done in one, whoever does it.
func trail(t *testing.T, model, broken string) (steps []string) {
	t.Helper()
	for _, s := range trailOf(t, model, broken) {
		steps = append(steps, s.Do)
	}
	return steps
}

// requestOf loads a request by its grant.
func (w *world) requestOf(id string) (s *sharing) {
	w.t.Helper()
	err := w.store.View(context.Background(), func(tx Tx) (err error) {
		s, err = load[sharing](tx, tableSharings, id)
		return err
	})
	if err != nil || s == nil {
		w.t.Fatalf("no request %q: %v", id, err)
	}
	return s
}

func (w *world) moveShare(id string, to shareState) error {
	return w.store.Update(context.Background(), func(tx Tx) error {
		s, err := load[sharing](tx, tableSharings, id)
		if err != nil {
			return err
		}
		return w.move(tx, s, to)
	})
}

// grantNamed is the grant in a token's answer.
func grantNamed(tokens answer) string {
	list, _ := tokens.body["authorization_details"].([]any)
	if len(list) == 0 {
		return ""
	}
	id, _ := list[0].(object)["grant"].(string)
	return id
}

// stops are what ends a fetch, each with the check that sees it and the answer.
var stops = []struct {
	name, check, code string
	do                func(w *world, grant string) error
}{
	{"withdraw", "share-withdrawn share-sticky", "consent_withdrawn", func(w *world, grant string) error { return w.WithdrawShare(context.Background(), "level2", grant) }},
	{"eid 1", "share-eid-lock", "eid_locked", func(w *world, _ string) error {
		return w.SetLocks(context.Background(), "level2", Locks{EID: true})
	}},
	{"account 1", "share-account-lock", "account_locked", func(w *world, _ string) error {
		return w.SetLocks(context.Background(), "level2", Locks{Account: true})
	}},
}

// rows counts what stands in level2's history of a grant.
func (w *world) rows(grant string) (n int) {
	w.t.Helper()
	reads, err := w.History(context.Background(), "level2", 10_000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range reads {
		if r.Kind == ReadShare && r.Share.Grant == grant {
			n++
		}
	}
	return n
}

// A withdrawal or a lock that commits before a fetch begins, and between any two of the
// transactions of which it consists.
func TestTrailsOfDelivery(t *testing.T) {
	for _, broken := range []string{"ASK_AT_TOKEN", "ASK_BEFORE"} {
		steps := trail(t, "delivery", broken)
		if steps[0] != "token" || !slices.Equal(steps[len(steps)-2:], []string{"withdraw", "deliver"}) {
			t.Fatalf("another trail: %q", steps)
		}
	}
	for _, stop := range stops {
		// fetch has the stop come before the transaction of that number, counted from
		// the begin of the fetch; 0 is before all of it.
		fetch := func(at int, off string) (got answer, rows, calls int) {
			store := &tracedStore{Store: NewMemory()}
			w := newWorldOn(t, store)
			a := w.asker(nil)
			tokens := a.grant("level2", details(nil))
			w.off = off
			come := sync.OnceFunc(func() {
				if err := stop.do(w, grantNamed(tokens)); err != nil {
					t.Error(err)
				}
			})
			if at == 0 {
				come()
			}
			store.set(func(n int) {
				if n == at {
					come()
				}
			}, nil, nil)
			got = a.fetch(tokens.text("access_token"))
			calls = store.count()
			store.set(nil, nil, nil)
			return got, w.rows(grantNamed(tokens)), calls
		}
		got, rows, calls := fetch(-1, "")
		if got.status != http.StatusOK || rows != 1 || calls < 2 {
			t.Fatalf("the twin, without %s: %d %s, %d rows, %d calls", stop.name, got.status, got.raw, rows, calls)
		}
		for at := range calls + 1 {
			if got, rows, _ := fetch(at, ""); got.text("error") != stop.code || rows != 0 {
				t.Errorf("%s before transaction %d of %d: %d %s, %d rows", stop.name, at, calls, got.status, got.raw, rows)
			}
		}
		for _, at := range []int{0, calls} { // the two trails
			if got, rows, _ := fetch(at, stop.check); got.status != http.StatusOK || rows != 1 {
				t.Errorf("%s before transaction %d ends well without %s: %d %s", stop.name, at, stop.check, got.status, got.raw)
			}
		}
		t.Logf("%-10s before each of %d transactions of a fetch: refused; without %s delivered", stop.name, calls, stop.check)
	}
}

// run makes a request from its push to its bundle, and begins anew when something
// breaks. It counts the bundles that came, by grant.
func (a *asker) run(sent map[string]int) {
	a.t.Helper()
	for range 3 {
		pushed := a.send("/par", a.ask(asks(details(nil))), nil)
		if pushed.status != http.StatusCreated {
			continue
		}
		got := a.browser("level2").authorize(a.refer(pushed.text("request_uri")))
		if got.Get("code") == "" {
			continue
		}
		tokens := a.send("/token", codeForm(got.Get("code")), &a.bound)
		if tokens.status != http.StatusOK {
			continue
		}
		done := false
		for range 2 { // who got no answer asks again
			if b := a.fetch(tokens.text("access_token")); b.status == http.StatusOK {
				sent[grantNamed(tokens)]++
				done = true
			} else if b.status < 500 {
				break
			}
		}
		if done {
			return
		}
	}
	a.t.Error("no bundle in three tries")
}

var errCrash = errors.New("crash")

// The platform crashes at each reading, writing and commit from the push to the bundle.
// Every bundle that went out has one consent and one row.
func TestTrailsOfHistory(t *testing.T) {
	if steps := trail(t, "history", "CODE_FIRST"); !slices.Equal(steps, []string{"code", "crash before deciding", "token", "fetch", "send"}) {
		t.Errorf("another trail: %q", steps)
	}
	store := &tracedStore{Store: NewMemory()}
	w := newWorldOn(t, store)
	a := w.asker(nil)
	check := func(what string, sent map[string]int) (bad bool) {
		for grant, n := range sent {
			s := w.requestOf(grant)
			if n != 1 || w.rows(grant) != 1 || s.Decided.IsZero() || len(s.Approvals) != 1 || s.State != shareDelivered {
				if w.off == "" {
					t.Errorf("%s: %d bundles, %d rows, %+v", what, n, w.rows(grant), s)
				}
				bad = true
			}
		}
		return bad
	}
	// crash runs with one crash at a step inside of transactions, or after a commit.
	crash := func(inside, after int) (sent map[string]int, steps, commits int) {
		var mu sync.Mutex
		count := func(n *int, at int) error {
			mu.Lock()
			defer mu.Unlock()
			if *n++; *n == at {
				return errCrash
			}
			return nil
		}
		store.set(nil, func(int) error { return count(&steps, inside) }, func(int) error { return count(&commits, after) })
		sent = map[string]int{}
		a.run(sent)
		store.set(nil, nil, nil)
		return sent, steps, commits
	}
	sent, steps, commits := crash(0, 0)
	check("no crash", sent)
	if steps < 50 || commits < 10 {
		t.Fatalf("only %d steps and %d commits: not the whole way", steps, commits)
	}
	for at := 1; at <= steps; at++ {
		sent, _, _ := crash(at, 0)
		check("a crash inside", sent)
	}
	for at := 1; at <= commits; at++ {
		sent, _, _ := crash(0, at)
		check("a crash after a commit", sent)
	}
	t.Logf("%d crashes inside of transactions and %d after their commits", steps, commits)
	for off, broken := range map[string]string{"share-history": "HISTORY_LATER", "share-once": "SPEND_LATER"} {
		_ = trail(t, "history", broken)
		w.off = off
		bad := false
		for at := commits - 3; at <= commits; at++ { // the answer to a fetch is lost
			sent, _, _ := crash(0, at)
			bad = check(broken, sent) || bad
		}
		if !bad {
			t.Errorf("%s ends well without %s", broken, off)
		}
		w.off = ""
	}
}
