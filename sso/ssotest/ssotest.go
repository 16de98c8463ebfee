// Package ssotest is the contract of package sso's stores as tests, for whoever
// implements them over a database of their own:
//
//	func TestSessions(t *testing.T) {
//		ssotest.Sessions(t, func(t testing.TB, now func() time.Time) sso.Sessions {
//			return &mydb.Sessions{DB: empty(t), Now: now}
//		})
//	}
//
// Each part gets a store of its own from the constructor, empty, which is to read
// the time from now. A store whose server has its own clock may leave now aside as
// long as it never gives out what is over: the tests move the clock in whole hours,
// and say with real times what must still be there.
package ssotest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// clock is the time of one test. It starts at the real time, for stores whose
// server compares with its own.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Now().Truncate(time.Millisecond)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// together runs f sixteen times at once.
func together(f func(i int)) {
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() { f(i) })
	}
	all.Wait()
}

// over is a context that ended.
func over() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// kind fails the test unless err matches want and no other kind.
func kind(t testing.TB, what string, err error, want vneid.Kind) {
	t.Helper()
	var got []error
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			got = append(got, k)
		}
	}
	if len(got) != 1 || got[0] != error(want) {
		t.Errorf("%s: %v of kinds %v, want %v", what, err, fmt.Sprint(got), want)
	}
}
