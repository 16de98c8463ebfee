package platform

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// together is a Store on which the first transaction stops at its first reading until
// the second has come to the store's door: the order of steps of the trail, as far as
// the store lets it be.
type together struct {
	Store
	mu     sync.Mutex
	calls  int
	second chan struct{}
}

func (s *together) Update(ctx context.Context, f func(Tx) error) error {
	s.mu.Lock()
	s.calls++
	n := s.calls
	s.mu.Unlock()
	if n == 2 {
		close(s.second)
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		if n != 1 {
			return f(tx)
		}
		t := &tracedTx{Tx: tx, step: func() error {
			<-s.second
			return nil
		}}
		return errors.Join(f(t), t.crashed)
	})
}

// Trails of once: two redeemers read one thing before either writes. Each redemption
// reads and writes in one transaction, so that the second reads what the first wrote.
func TestTrailsOfOnce(t *testing.T) {
	if steps := trail(t, "once", "READ_BEFORE"); !slices.Equal(steps, []string{"read 0", "read 0", "win", "win"}) {
		t.Fatalf("another trail: %q", steps)
	}
	ctx := context.Background()
	for _, thing := range []struct {
		name, check string // "": nothing takes it out
		make        func(w *world) func() error
	}{
		{"code", "code-once", func(w *world) func() error {
			c, err := w.Client(ctx, "rp")
			if err != nil {
				t.Fatal(err)
			}
			form := codeForm(w.code(nil))
			return func() error {
				_, err := w.tokens(ctx, &tokenCall{client: &c, form: form})
				return err
			}
		}},
		{"request_uri", "pushed-once", func(w *world) func() error {
			a := w.asker(nil)
			c, err := w.Client(ctx, a.id)
			if err != nil {
				t.Fatal(err)
			}
			q := a.refer(a.push(asks(details(nil))))
			return func() error {
				return w.store.Update(ctx, func(tx Tx) error {
					_, err := w.takePushed(tx, &c, q)
					return err
				})
			}
		}},
		{"access token of a bundle", "share-once", func(w *world) func() error {
			a := w.asker(nil)
			key := w.mac("token", a.grant("level2", details(nil)).text("access_token"))
			return func() error {
				_, err := w.deliverShare(ctx, key)
				return err
			}
		}},
		{"cti", "", func(w *world) func() error {
			c, err := w.Client(ctx, "rp")
			if err != nil {
				t.Fatal(err)
			}
			id := w.dynamic(CodeRequest{})
			return func() error {
				return w.store.Update(ctx, func(tx Tx) error {
					_, err := w.redeem(tx, c, id, random()) // each scan has a key of its own
					return err
				})
			}
		}},
		{"jti", "", func(w *world) func() error {
			return func() error {
				fresh, err := w.first(ctx, w.clock.Now().Add(time.Hour), "trail", "jti")
				if err == nil && !fresh {
					err = errors.New("not fresh")
				}
				return err
			}
		}},
	} {
		winners := func(off string) (won int) {
			w := newWorld(t)
			redeem := thing.make(w)
			w.off = off
			w.store = &together{Store: w.store, second: make(chan struct{})}
			var both sync.WaitGroup
			var mu sync.Mutex
			for range 2 {
				both.Go(func() {
					if redeem() == nil {
						mu.Lock()
						defer mu.Unlock()
						won++
					}
				})
			}
			both.Wait()
			return won
		}
		if n := winners(""); n != 1 {
			t.Errorf("%s: %d winners", thing.name, n)
		}
		if thing.check != "" {
			if n := winners(thing.check); n != 2 {
				t.Errorf("%s: %d winners without %s: the trail shows nothing", thing.name, n, thing.check)
			}
		}
	}
	// Who reads in one transaction and writes in another, on the same store.
	store, read, won := NewMemory(), make(chan struct{}, 2), make(chan bool, 2)
	both := make(chan struct{})
	for range 2 {
		go func() {
			var was []byte
			_ = store.View(ctx, func(tx Tx) (err error) {
				was, err = tx.Get(tableSpent, "thing")
				return err
			})
			read <- struct{}{}
			<-both
			won <- was == nil && store.Update(ctx, func(tx Tx) error { return tx.Put(tableSpent, "thing", []byte("1"), time.Time{}) }) == nil
		}()
	}
	<-read
	<-read
	close(both)
	if a, b := <-won, <-won; !a || !b {
		t.Error("the trail ends well for who reads first and writes later")
	}
}

// Trails of sticky: whatever came first to an end, nothing leads out of it.
func TestTrailsOfSticky(t *testing.T) {
	ctx := context.Background()
	states := map[string]shareState{"approved": shareApproved, "denied": shareDenied, "expired": shareExpired,
		"delivered": shareDelivered, "withdrawn": shareWithdrawn, "givenup": shareGivenUp}
	// begin pushes a request and returns its grant.
	begin := func(w *world) string {
		a := w.asker(nil)
		var s *sharing
		uri := a.push(asks(details(nil)))
		err := w.store.View(ctx, func(tx Tx) error {
			all, err := list[sharing](tx, tableSharings, "", 10)
			if err == nil && len(all) == 1 {
				s = &all[0]
			}
			return err
		})
		if err != nil || s == nil || s.Request != requestName(uri[len(pushedPrefix):]) {
			t.Fatalf("no request: %v", err)
		}
		return s.ID
	}
	// act makes one party move: through the doors of the platform where the clock or a
	// person decides, else by the one way that all of them take.
	act := func(w *world, grant, to string) {
		ia := &interaction{Account: "level2", At: w.clock.Now(), Request: &authRequest{Share: &shareAsk{}, Sharing: grant}}
		switch to {
		case "expired":
			w.clock.advance(pushedLife + interactionLife)
		case "denied":
			_ = w.denyShare(&visit{r: httptest.NewRequest("POST", "/", nil)}, ia)
		case "approved":
			_ = w.store.Update(ctx, func(tx Tx) error {
				return w.decideSelf(tx, grant, "level2", []string{"driver-licence"}, want{}, []Factor{FactorPassword, FactorApp}, ia.At)
			})
		default:
			_ = w.moveShare(grant, states[to])
		}
	}
	walk := func(broken, off string, first ...string) (ends []shareState) {
		w := newWorld(t)
		grant := begin(w)
		w.off = off
		for _, to := range first {
			act(w, grant, to)
		}
		for _, s := range trailOf(t, "sticky", broken) {
			if s.Do == "move" {
				act(w, grant, s.Who)
				ends = append(ends, w.requestOf(grant).now(w.clock.Now()))
			}
		}
		return ends
	}
	if got := walk("READ_BEFORE", ""); !slices.Equal(got, []shareState{shareExpired, shareExpired}) {
		t.Errorf("expired and then denied: %v", got)
	}
	if got := walk("NO_TABLE", ""); !slices.Equal(got, []shareState{sharePending, sharePending}) {
		t.Errorf("withdrawn and given up before anybody agreed: %v", got)
	}
	if got := walk("NO_TABLE", "", "approved"); !slices.Equal(got, []shareState{shareWithdrawn, shareWithdrawn}) {
		t.Errorf("withdrawn and then given up: %v", got)
	}
	if got := walk("NO_TABLE", "share-sticky"); !slices.Equal(got, []shareState{shareWithdrawn, shareGivenUp}) {
		t.Errorf("without the table of steps the trail ends well: %v", got)
	}
	for _, from := range []shareState{shareDenied, shareExpired, shareWithdrawn, shareGivenUp, shareOver} {
		for to := range states {
			if mayMove(from, states[to]) {
				t.Errorf("from %s there is a way to %s", from, to)
			}
		}
	}
}
