package vneidredis_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis"
)

// until repeats a question to a server until the answer holds the text.
func (s *server) until(text string, args ...any) {
	s.T.Helper()
	c, ctx := s.Client(), within(s.T)
	for {
		v, err := c.Do(ctx, args...).Result()
		if err == nil && strings.Contains(fmt.Sprint(v), text) {
			return
		}
		if ctx.Err() != nil {
			s.T.Fatalf("%v never told %q: %v, %v", args, text, v, err)
		}
	}
}

// A loss prepares a server, lets open begin an epoch, lets spend use a thing up,
// and makes the server forget that. It returns the server that answers afterwards.
type loss struct {
	lose  func(s *server, open, spend func()) *server
	twice bool // a plain SET NX lets the thing pass twice
}

var losses = map[string]loss{
	"nothing happens": {twice: false, lose: func(s *server, open, spend func()) *server {
		open()
		spend()
		return s
	}},
	"FLUSHALL": {twice: true, lose: func(s *server, open, spend func()) *server {
		open()
		spend()
		s.Do("FLUSHALL")
		return s
	}},
	"a restart without persistence": {twice: true, lose: func(s *server, open, spend func()) *server {
		open()
		spend()
		s.Restart()
		return s
	}},
	"a restart from an older snapshot": {twice: true, lose: func(s *server, open, spend func()) *server {
		open()
		s.Do("SAVE")
		spend()
		s.Restart()
		return s
	}},
	"a failover to a replica that lags": {twice: true, lose: func(s *server, open, spend func()) *server {
		replica := follow(s, open)
		spend()
		s.Kill()
		return replica
	}},
	"a primary that takes over an older copy of its own data": {twice: true, lose: func(s *server, open, spend func()) *server {
		older := follow(s, open)
		spend()
		s.Do("REPLICAOF", "127.0.0.1", older.Port)
		s.until("master_link_status:up", "INFO", "replication")
		s.Do("REPLICAOF", "NO", "ONE")
		return s
	}},
}

// follow starts a replica of s that has heard of the epoch, and of nothing later.
func follow(s *server, open func()) *server {
	s.T.Helper()
	replica := start(s.T, "--replicaof", "127.0.0.1 "+s.Port)
	replica.until("master_link_status:up", "INFO", "replication")
	open()
	replica.until("begin", "HKEYS", epoch)
	replica.Do("REPLICAOF", "NO", "ONE")
	return replica
}

func TestWhatTheServerForgotDoesNotPassAgain(t *testing.T) {
	for name, l := range losses {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			spent := old("1")
			before := s.store()
			open := func() {
				if err := before.Use(within(t), fresh("0")); err != nil {
					t.Fatal(err)
				}
				s.Do("HSET", epoch, "begin", time.Now().Add(-time.Hour).UnixMilli()) // long ago
			}
			after := l.lose(s, open, func() {
				for _, r := range []vneid.Replay{before, setNX{s.Client()}} {
					if err := r.Use(within(t), spent); err != nil {
						t.Fatal(err)
					}
				}
			})
			err := (setNX{after.Client()}).Use(within(t), spent)
			if (err == nil) != l.twice {
				t.Errorf("the loss was not as meant: a plain SET NX gives %v", err)
			}
			want := vneid.ErrUnavailable
			if !l.twice {
				want = vneid.ErrReplayed
			}
			r := after.store()
			kind(t, "the spent thing", r.Use(within(t), spent), want)
			if err := r.Use(within(t), fresh("2")); err != nil {
				t.Errorf("a fresh one: %v", err)
			}
			kind(t, "the fresh one again", r.Use(within(t), fresh("2")), vneid.ErrReplayed)
		})
	}
}

func TestARestartThatForgetsNothingStillKnows(t *testing.T) {
	s := start(t, "--appendonly", "yes", "--appendfsync", "always")
	r := s.store()
	if err := r.Use(within(t), fresh("1")); err != nil {
		t.Fatal(err)
	}
	s.Restart()
	kind(t, "after the restart", r.Use(within(t), fresh("1")), vneid.ErrReplayed)
	kind(t, "issued before the restart", r.Use(within(t), old("2")), vneid.ErrUnavailable)
}

// presented is one thing that two verifiers are shown, twice each.
type presented struct {
	once vneid.Once
	won  atomic.Int32
}

// A storm is many verifiers that go on while the server is killed and started
// again.
type storm struct {
	things      sync.Map // id → *presented
	passed      atomic.Int64
	doubles     atomic.Int64
	unavailable atomic.Int64
}

// present shows a verifier one thing after the other until stop is closed.
func (w *storm) present(t *testing.T, r vneid.Replay, name string, stop chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		now := time.Now()
		v, _ := w.things.LoadOrStore(fmt.Sprint(name, i), &presented{
			once: vneid.Once{ID: fmt.Sprint(name, i), Issued: now, Until: now.Add(time.Minute)}})
		p := v.(*presented)
		for range 2 {
			switch err := r.Use(within(t), p.once); {
			case err == nil:
				w.passed.Add(1)
				if p.won.Add(1) > 1 {
					w.doubles.Add(1)
				}
			case !errors.Is(err, vneid.ErrReplayed):
				w.unavailable.Add(1)
			}
		}
	}
}

// blow runs until enough, asked after each restart, says so.
func (w *storm) blow(t *testing.T, s *server, store func() vneid.Replay, enough func(restarts int) bool) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		r := store()
		for g := range 16 {
			wg.Go(func() { w.present(t, r, fmt.Sprint(g, "-"), stop) })
		}
	}
	for n := 0; !enough(n); n++ {
		for before := w.passed.Load(); w.passed.Load() < before+200; { // it works again
			time.Sleep(time.Millisecond)
		}
		s.Restart()
	}
	close(stop)
	wg.Wait()
	t.Logf("%d passed, %d of them not for the first time, %d calls without an answer", w.passed.Load(), w.doubles.Load(), w.unavailable.Load())
}

func TestAKilledServerLetsNothingPassTwice(t *testing.T) {
	var naive, ours storm
	s := start(t)
	naive.blow(t, s, func() vneid.Replay { return setNX{s.Client()} },
		func(n int) bool { return naive.doubles.Load() > 0 || n == 50 })
	if naive.doubles.Load() == 0 {
		t.Error("a plain SET NX passes too: the storm shows nothing")
	}
	s = start(t)
	ours.blow(t, s, func() vneid.Replay {
		return &vneidredis.Replay{Client: s.Client(), Skew: time.Millisecond} // things pass soon after a restart
	}, func(n int) bool { return n == 6 })
	if ours.doubles.Load() != 0 || ours.unavailable.Load() == 0 {
		t.Errorf("%d passed twice, %d calls met a restart", ours.doubles.Load(), ours.unavailable.Load())
	}
}
