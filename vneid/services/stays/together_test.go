package stays_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

// Sixteen clerks file one guest at one moment: one notice, and one of them made it.
func TestClerksAtOnceMakeOneNotice(t *testing.T) {
	w := newWorld(t)
	var first atomic.Int64
	ids := make([]string, 16)
	var group sync.WaitGroup
	for i := range ids {
		group.Go(func() {
			got, err := w.desk.Submit(t.Context(), []stays.Stay{good(t)})
			if err != nil || got[0].Err != nil {
				t.Errorf("%+v %v", got, err)
				return
			}
			if ids[i] = got[0].ID; !got[0].Again {
				first.Add(1)
			}
		})
	}
	group.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("%s and %s", ids[0], id)
		}
	}
	if first.Load() != 1 {
		t.Errorf("%d clerks made it", first.Load())
	}
}

// frail is a store whose nth write in a transaction fails.
type frail struct {
	*platform.Memory
	fail atomic.Int64 // 0: never
}

type frailTx struct {
	platform.Tx
	left *int64
}

var errStore = errors.New("the disk is full")

func (s *frail) Update(ctx context.Context, f func(platform.Tx) error) error {
	left := s.fail.Load()
	if left == 0 {
		return s.Memory.Update(ctx, f)
	}
	return s.Memory.Update(ctx, func(tx platform.Tx) error { return f(&frailTx{tx, &left}) })
}

func (tx *frailTx) Put(table, key string, value []byte, until time.Time) error {
	if *tx.left--; *tx.left == 0 {
		return errStore
	}
	return tx.Tx.Put(table, key, value, until)
}

// Wherever the store fails on the way, nothing of the evening stays, and the same rows
// are taken once it is well.
func TestAnEveningIsOneTransaction(t *testing.T) {
	for n := int64(1); ; n++ {
		store := &frail{Memory: platform.NewMemory()}
		w := &world{t: t, now: evening}
		srv := httptest.NewUnstartedServer(nil)
		var err error
		w.Platform, err = platform.New(platform.Config{Issuer: "http://" + srv.Listener.Addr().String(), Now: func() time.Time { return w.now }, PasswordRounds: 1, Store: store})
		if err != nil {
			t.Fatal(err)
		}
		srv.Config.Handler = w.Handler()
		srv.Start()
		if err := w.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.cfg = w.register("hotel", platform.Facility{Code: "hotel-1", Name: "x"})
		w.desk = w.open(w.cfg)
		if _, err := w.desk.Notices(t.Context(), "hotel-1", day(t, "2026-11-22")); err != nil { // a token, before the store fails
			t.Fatal(err)
		}
		rows := []stays.Stay{good(t), good(t)}
		rows[1].Guest = stays.FromLogin(person(t, "namesake"))
		store.fail.Store(n)
		got := w.submit(rows...)
		store.fail.Store(0)
		if got[0].Err == nil { // n is beyond the last write
			srv.Close()
			if n < 8 {
				t.Errorf("only %d writes were met", n-1)
			}
			return
		}
		all, err := w.desk.Notices(t.Context(), "hotel-1", day(t, "2026-11-22"))
		if err != nil || len(all) != 0 || !errors.Is(got[1].Err, vneid.ErrUnavailable) {
			t.Errorf("write %d: %d notices stay, %v, %v", n, len(all), got[1].Err, err)
		}
		if inbox, err := w.Inbox(t.Context(), "level2", 5); err != nil || len(inbox) != 0 {
			t.Errorf("write %d: the guest was told of nothing: %v %v", n, inbox, err)
		}
		for _, a := range w.submit(rows...) {
			if a.Err != nil || a.Again {
				t.Errorf("write %d, then: %+v", n, a)
			}
		}
		srv.Close()
	}
}
