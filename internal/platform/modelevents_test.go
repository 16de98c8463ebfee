package platform

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// Trails of events, from end to end: the platform makes the changes and signs what it
// tells of them, and the receiver gets it in the order of the trail, in which who
// believes what comes goes wrong. It ends where the platform is.
func TestTrailsOfEvents(t *testing.T) {
	for _, broken := range []string{"AS_IT_COMES", "ONE_SEQ", "BUNDLE_LAST"} {
		w, ctx := newWorld(t), context.Background()
		a := w.asker(nil)
		tokens := a.grant("level2", details(nil))
		first := a.read(a.fetch(tokens.text("access_token"))) // from now on the client is told
		sub := first.envelope["sub"].(string)
		ledger := events.NewMemoryLedger(0, 0, w.clock.Now)
		receiver, err := events.New(events.Config{
			Issuer: w.url, ClientID: a.id, Keys: a.keySet("/share/jwks.json", w.url, vneid.UseEvent), Ledger: ledger, Now: w.clock.Now,
		})
		if err != nil {
			t.Fatal(err)
		}
		sealed := int64(-1)
		withdrawn := false
		arrived := 0
		for _, s := range trailOf(t, "events", broken) {
			var word string
			var seq int64
			if n, err := fmt.Sscanf(s.Do, "%s %d", &word, &seq); n != 2 || err != nil {
				t.Fatal(s, err)
			}
			now, err := w.Account(ctx, "level2")
			if err != nil {
				t.Fatal(err)
			}
			locks := Locks{now.EIDLocked, now.AccountLocked}
			switch {
			case s.Who == "platform" && strings.HasPrefix(word, "eid_"):
				locks.EID = word == "eid_on"
				err = w.SetLocks(ctx, "level2", locks)
			case s.Who == "platform" && strings.HasPrefix(word, "account_"):
				locks.Account = word == "account_on"
				err = w.SetLocks(ctx, "level2", locks)
			case s.Who == "platform" && word == "withdraw":
				withdrawn = true
				err = w.WithdrawShare(ctx, "level2", grantNamed(tokens))
			case s.Who == "platform" && word == "sealed":
				tokens = a.grant("level2", details(nil))
				sealed = int64(a.read(a.fetch(tokens.text("access_token"))).envelope["seq"].(float64))
				if sealed != seq {
					t.Errorf("%s: a bundle of seq %d, want %d", broken, sealed, seq)
				}
			case word == "sealed":
				_, err = ledger.Apply(ctx, events.Delivered(w.url, sub, sealed, w.clock.Now()))
				arrived++
			default:
				token := a.told(seq)
				req := httptest.NewRequest(http.MethodPost, "/events", strings.NewReader(token))
				req.Header.Set("Content-Type", "application/secevent+jwt")
				got := httptest.NewRecorder()
				if receiver.Push().ServeHTTP(got, req); got.Code != http.StatusAccepted {
					t.Fatalf("%s: seq %d: %d %s", broken, seq, got.Code, got.Body)
				}
				arrived++
			}
			if err != nil {
				t.Fatal(s, err)
			}
			w.clock.advance(time.Second)
		}
		account, err := w.Account(ctx, "level2")
		if err != nil {
			t.Fatal(err)
		}
		s, err := ledger.State(ctx, w.url, sub)
		if err != nil || arrived < 4 || s.EIDLocked != account.EIDLocked || s.AccountLocked != account.AccountLocked || s.IsWithdrawn(grantNamed(tokens)) != withdrawn {
			t.Errorf("%s: the ledger has %+v, the platform %v %v %v: %v", broken, s, account.EIDLocked, account.AccountLocked, withdrawn, err)
		}
	}
}

// told is the token of the person's event of that seq, as it waits to be fetched.
func (a *asker) told(seq int64) (token string) {
	a.t.Helper()
	req, err := http.NewRequest("POST", a.url+"/share/v1/events", strings.NewReader(`{"returnImmediately":true}`))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+a.assertion(nil, nil))
	sets, _ := a.call(req).body["sets"].(object)
	for _, set := range sets {
		if claimsOf(a.t, set)["seq"] == float64(seq) {
			token = set.(string)
		}
	}
	if token == "" {
		a.t.Fatalf("no event of seq %d among %d", seq, len(sets))
	}
	return token
}

// The receiver that polls, at the platform: locked, told, acknowledged, and alive.
func TestTheRealReceiverPollsThePlatform(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a := w.asker(nil)
	sub := a.bundle("level2", details(nil)).envelope["sub"].(string)
	ledger := events.NewMemoryLedger(0, 0, w.clock.Now)
	receiver, err := events.New(events.Config{
		Issuer: w.url, ClientID: a.id, Keys: a.keySet("/share/jwks.json", w.url, vneid.UseEvent), Ledger: ledger, Now: w.clock.Now,
		PollURL: w.url + "/share/v1/events", Key: a.auth.key, KeyID: "k1",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, locked := range []bool{false, true, false} {
		if err := w.SetLocks(ctx, "level2", Locks{EID: locked}); err != nil {
			t.Fatal(err)
		}
		w.clock.advance(time.Hour)
		if more, err := receiver.Poll(ctx); more || err != nil {
			t.Fatal(more, err)
		}
		if err := ledger.Allows(ctx, w.url, sub, ""); (err != nil) != locked {
			t.Errorf("locked %v: %v", locked, err)
		}
	}
	if left := len(a.poll(nil)); left != 0 {
		t.Errorf("%d events wait, which were acknowledged", left)
	}
}

// A crash at any step of a lock: either it stands and its event waits, or neither.
func TestTrailsOfOutbox(t *testing.T) {
	if steps := trail(t, "outbox", "EVENT_LATER"); steps[0] != "change 1" || steps[1] != "crash" {
		t.Fatalf("another trail: %q", steps)
	}
	// lock crashes at a step inside of the transaction, or after its commit.
	lock := func(inside int, after bool, off string) (locked, told bool, steps int) {
		store := &tracedStore{Store: NewMemory()}
		w := newWorldOn(t, store)
		a := w.asker(nil)
		a.bundle("level2", details(nil)) // from now on the client is told
		w.off = off
		store.set(nil, func(int) error {
			if steps++; steps == inside {
				return errCrash
			}
			return nil
		}, func(int) error {
			if after {
				return errCrash
			}
			return nil
		})
		ctx := context.WithValue(context.Background(), http.ServerContextKey, &http.Server{}) // as a request's
		if err := w.SetLocks(ctx, "level2", Locks{EID: true}); (err != nil) != (inside > 0 || after) {
			t.Errorf("step %d: %v", inside, err)
		}
		store.set(nil, nil, nil)
		account, err := w.Account(context.Background(), "level2")
		if err != nil {
			t.Fatal(err)
		}
		return account.EIDLocked, len(a.poll(nil)) == 1, steps
	}
	locked, told, steps := lock(0, false, "")
	if !locked || !told || steps < 4 {
		t.Fatalf("without a crash: locked %v, told %v, %d steps", locked, told, steps)
	}
	for at := 1; at <= steps; at++ {
		if locked, told, _ := lock(at, false, ""); locked || told {
			t.Errorf("a crash at step %d of %d: locked %v, told %v", at, steps, locked, told)
		}
	}
	if locked, told, _ := lock(0, true, ""); !locked || !told {
		t.Errorf("a crash after the commit: locked %v, told %v", locked, told)
	}
	if locked, told, _ := lock(0, true, "share-event"); !locked || told {
		t.Errorf("a crash before the event is entered, in a transaction of its own: locked %v, told %v", locked, told)
	}
}
