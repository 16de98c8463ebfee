package ssoredis_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/ssotest"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis/internal/redistest"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis/ssoredis"
)

var (
	_ sso.Sessions    = (*ssoredis.Sessions)(nil)
	_ sso.Revocations = (*ssoredis.Revocations)(nil)
)

const epoch = "{vneid-sso}:epoch"

// server is a redis-server that the test started.
type server struct{ *redistest.Server }

func start(t testing.TB, args ...string) *server {
	t.Helper()
	return &server{redistest.Start(t, args...)}
}

// old makes the server's epoch one that began an hour ago.
func (s *server) old(r *ssoredis.Revocations) {
	s.T.Helper()
	kind(s.T, "right after the first use", r.Check(context.Background(), sso.Login{Issuer: "i", At: time.Now()}), vneid.ErrUnavailable)
	s.Do("HSET", epoch, "begin", time.Now().Add(-time.Hour).UnixMilli())
}

func kind(t testing.TB, what string, err error, want vneid.Kind) {
	t.Helper()
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) != (k == want) {
			t.Errorf("%s: %v, want %v", what, err, want)
			return
		}
	}
	if text := err.Error(); strings.Count(text, "ssoredis: ") != 1 || strings.Contains(text, "127.0.0.1") {
		t.Errorf("%s: text %q", what, text)
	}
}

func TestSessions(t *testing.T) {
	s := start(t)
	n := 0
	ssotest.Sessions(t, func(_ testing.TB, now func() time.Time) sso.Sessions {
		n++
		return &ssoredis.Sessions{Client: s.Client(), Prefix: fmt.Sprint("test-", n), Now: now}
	})
}

func TestRevocations(t *testing.T) {
	ssotest.Revocations(t, func(t testing.TB, _ func() time.Time) sso.Revocations {
		s := start(t)
		r := &ssoredis.Revocations{Client: s.Client()}
		s.old(r)
		return r
	})
}

func TestProcessesShareWhatWasEnded(t *testing.T) {
	s := start(t)
	here, there := &ssoredis.Revocations{Client: s.Client()}, &ssoredis.Revocations{Client: s.Client()}
	s.old(here)
	login := sso.Login{Issuer: "i", Subject: "s", SessionID: "p", Local: "l", At: time.Now()}
	if err := there.Check(t.Context(), login); err != nil {
		t.Fatal(err)
	}
	if err := here.Revoke(t.Context(), sso.Login{Issuer: "i", SessionID: "p", At: time.Now()}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	kind(t, "elsewhere", there.Check(t.Context(), login), vneid.ErrRevoked)
}

// A server that forgets must not bring ended sessions back.
func TestAServerThatForgotVouchesForNothingOlder(t *testing.T) {
	s := start(t)
	r := &ssoredis.Revocations{Client: s.Client()}
	s.old(r)
	login := sso.Login{Issuer: "i", Subject: "s", At: time.Now()}
	if err := r.Revoke(t.Context(), login, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	kind(t, "ended", r.Check(t.Context(), login), vneid.ErrRevoked)
	s.Do("FLUSHALL")
	kind(t, "just after", r.Check(t.Context(), login), vneid.ErrUnavailable)
	s.Do("HSET", epoch, "begin", time.Now().Add(-61*time.Second).UnixMilli())
	if err := r.Check(t.Context(), login); err != nil {
		t.Errorf("the attack does not succeed without the epoch: %v", err) // the epoch was forged: then the login lives again
	}
	s.Do("FLUSHALL")
	kind(t, "once more", r.Check(t.Context(), login), vneid.ErrUnavailable)
	login.At = login.At.Add(-time.Hour)
	s.Do("HSET", epoch, "begin", time.Now().Add(-61*time.Second).UnixMilli())
	kind(t, "a minute later", r.Check(t.Context(), login), vneid.ErrRevoked)
	s.Kill()
	kind(t, "no server", r.Check(t.Context(), login), vneid.ErrUnavailable)
	s.Restart()
	kind(t, "a restart", r.Check(t.Context(), login), vneid.ErrUnavailable)
}

// A loss lets end a login, makes the server forget that, and returns the one that answers
// afterwards.
var losses = map[string]func(s *server, end func()) *server{
	"FLUSHALL": func(s *server, end func()) *server {
		end()
		s.Do("FLUSHALL")
		return s
	},
	"a restart without persistence": func(s *server, end func()) *server {
		end()
		s.Restart()
		return s
	},
	"a restart from an older snapshot": func(s *server, end func()) *server {
		s.Do("SAVE")
		end()
		s.Restart()
		return s
	},
	"a failover to a replica that lags": func(s *server, end func()) *server {
		replica := start(s.T, "--replicaof", "127.0.0.1 "+s.Port)
		for deadline := time.Now().Add(5 * time.Minute); !strings.Contains(fmt.Sprint(replica.Do("HKEYS", epoch)), "begin"); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				s.T.Fatal("the replica does not follow")
			}
		}
		replica.Do("REPLICAOF", "NO", "ONE")
		end()
		s.Kill()
		return replica
	},
}

// Whatever the server forgot, an ended login does not come back, by no store that other
// processes ask; and logins after the loss pass.
func TestNoLossBringsAnEndedLoginBack(t *testing.T) {
	for name, lose := range losses {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			store := func(s *server) *ssoredis.Revocations {
				return &ssoredis.Revocations{Client: s.Client(), Skew: time.Millisecond} // one clock: logins pass soon
			}
			before := store(s)
			login := sso.Login{Issuer: "i", Subject: "s", SessionID: "p", Local: "l"}
			_ = before.Check(t.Context(), login) // opens the epoch
			time.Sleep(5 * time.Millisecond)
			login.At = time.Now()
			time.Sleep(5 * time.Millisecond)
			if err := before.Check(t.Context(), login); err != nil {
				t.Fatal("the twin:", err)
			}
			after := store(lose(s, func() {
				if err := before.Revoke(t.Context(), sso.Login{Issuer: "i", SessionID: "p", At: login.At}, time.Now().Add(time.Hour)); err != nil {
					t.Fatal(err)
				}
				kind(t, "ended", before.Check(t.Context(), login), vneid.ErrRevoked)
			}))
			for until := time.Now().Add(100 * time.Millisecond); time.Now().Before(until); {
				if err := after.Check(t.Context(), login); !errors.Is(err, vneid.ErrRevoked) && !errors.Is(err, vneid.ErrUnavailable) {
					t.Fatalf("it came back: %v", err)
				}
			}
			login.At = time.Now()
			time.Sleep(5 * time.Millisecond)
			if err := after.Check(t.Context(), login); err != nil {
				t.Errorf("a login after the loss: %v", err)
			}
		})
	}
}

func TestAServerThatMayForgetIsRefused(t *testing.T) {
	s := start(t)
	r := &ssoredis.Revocations{Client: s.Client()}
	s.old(r)
	login := sso.Login{Issuer: "i", Subject: "s", At: time.Now()}
	for _, policy := range []string{"allkeys-lru", "volatile-ttl", "noeviction"} {
		s.Do("CONFIG", "SET", "maxmemory-policy", policy)
		s.Do("HSET", epoch, "newest", time.Now().Add(-time.Second).UnixMilli()) // the next look is due
		check, revoke := r.Check(t.Context(), login), r.Revoke(t.Context(), sso.Login{Issuer: "i", Local: "x"}, time.Now().Add(time.Hour))
		if policy == "noeviction" {
			if check != nil || revoke != nil {
				t.Errorf("the twin: %v, %v", check, revoke)
			}
			continue
		}
		kind(t, policy, check, vneid.ErrUnavailable)
		kind(t, policy, revoke, vneid.ErrUnavailable)
	}
	s.Do("CONFIG", "SET", "maxmemory", "1") // a full server forgets nothing, and takes nothing
	kind(t, "a full server", r.Revoke(t.Context(), sso.Login{Issuer: "i", Local: "y"}, time.Now().Add(time.Hour)), vneid.ErrUnavailable)
	kind(t, "a full server", (&ssoredis.Sessions{Client: s.Client()}).Put(t.Context(), "x", []byte("x"), time.Now().Add(time.Hour)), vneid.ErrUnavailable)
	s.Do("CONFIG", "SET", "maxmemory", "0")
	s.Do("REPLICAOF", "127.0.0.1", "1")
	kind(t, "a replica", r.Revoke(t.Context(), sso.Login{Issuer: "i", Local: "y"}, time.Now().Add(time.Hour)), vneid.ErrUnavailable)
	s.Do("REPLICAOF", "NO", "ONE")
	s.Do("SET", epoch, "not a hash")
	kind(t, "a foreign value", r.Check(t.Context(), login), vneid.ErrUnavailable)
}

func TestEntriesGoByThemselves(t *testing.T) {
	s := start(t)
	r, keep := &ssoredis.Revocations{Client: s.Client()}, &ssoredis.Sessions{Client: s.Client()}
	s.old(r)
	if err := r.Revoke(t.Context(), sso.Login{Issuer: "i", Subject: "someone", At: time.Now()}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := keep.Put(t.Context(), "name", []byte("sealed"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	keys := s.Do("KEYS", "*").([]any)
	if len(keys) != 3 {
		t.Errorf("%d keys", len(keys))
	}
	for _, k := range keys {
		if !strings.HasPrefix(k.(string), "{vneid-sso}:") || strings.Contains(k.(string), "someone") {
			t.Errorf("the key %v", k)
		}
		left := time.Duration(s.Do("PTTL", k).(int64)) * time.Millisecond
		if k != epoch && (left < time.Hour || left > time.Hour+time.Minute) {
			t.Errorf("%v is kept for %v", k, left)
		}
	}
	s.Do("SET", "{vneid-sso}:s:odd", "short")
	_, err := keep.Get(t.Context(), "odd")
	kind(t, "a foreign value", err, vneid.ErrUnavailable)
}

func TestTheRightsThatAreNeeded(t *testing.T) {
	s := start(t)
	s.old(&ssoredis.Revocations{Client: s.Client()})
	rights := []any{"+eval", "+evalsha", "+info", "+time", "+hmget", "+hset", "+get", "+set", "+del", "+pttl", "+hello", "+client"}
	s.Do(append([]any{"ACL", "SETUSER", "portal", "reset", "on", ">secret", "~{vneid-sso}:*"}, rights...)...)
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + s.Port, Username: "portal", Password: "secret"})
	defer c.Close()
	r, keep := &ssoredis.Revocations{Client: c}, &ssoredis.Sessions{Client: c}
	login := sso.Login{Issuer: "i", Subject: "s", At: time.Now()}
	_, get := keep.Get(t.Context(), "a")
	for what, err := range map[string]error{
		"Check": r.Check(t.Context(), login), "Revoke": r.Revoke(t.Context(), login, time.Now().Add(time.Hour)),
		"Revoke again": r.Revoke(t.Context(), login, time.Now().Add(time.Hour)),
		"Put":          keep.Put(t.Context(), "a", nil, time.Now().Add(time.Hour)), "Get": get, "Delete": keep.Delete(t.Context(), "a"),
	} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestMistakesInTheFieldsAreNamed(t *testing.T) {
	ring := redis.NewRing(&redis.RingOptions{})
	defer ring.Close()
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	defer c.Close()
	var nobody *ssoredis.Sessions
	_, get := (&ssoredis.Sessions{}).Get(t.Context(), "a")
	for _, test := range []struct {
		err   error
		field string
	}{
		{get, "Client"},
		{nobody.Delete(t.Context(), "a"), "Client"},
		{(*ssoredis.Revocations)(nil).Check(t.Context(), sso.Login{}), "Client"},
		{(&ssoredis.Revocations{Client: ring}).Check(t.Context(), sso.Login{}), "Client"},
		{(&ssoredis.Revocations{Client: c, Prefix: "{x"}).Check(t.Context(), sso.Login{}), "Prefix"},
		{(&ssoredis.Sessions{Client: c, Skew: time.Hour}).Put(t.Context(), "a", nil, time.Now()), "Skew"},
		{(&ssoredis.Sessions{Client: c, Skew: -1}).Delete(t.Context(), "a"), "Skew"},
	} {
		if test.err == nil || !strings.Contains(test.err.Error(), test.field) || errors.As(test.err, new(vneid.Kind)) {
			t.Errorf("%s: %v", test.field, test.err)
		}
	}
}
