package eventsredis_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
	"github.com/vneid-sdk/vneid-go/vneid/share/events/ledgertest"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis/eventsredis"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis/internal/redistest"
)

// server is a redis-server that the test started, with a disk of its own.
type server = redistest.Server

func start(t testing.TB, args ...string) *server {
	t.Helper()
	return redistest.Start(t, append([]string{"--appendonly", "yes", "--appendfsync", "always"}, args...)...)
}

func begin(t testing.TB, l *eventsredis.Ledger) *eventsredis.Ledger {
	t.Helper()
	if err := l.Begin(context.Background()); err != nil {
		t.Fatal(err)
	}
	return l
}

const issuer, subject = "https://op.example", "pairwise-1"

func lock(seq int64) events.Event {
	return events.Event{Name: events.EIDLocked, Issuer: issuer, Subject: subject, Seq: seq}
}

func apply(t testing.TB, l events.Ledger, e events.Event) {
	t.Helper()
	if _, err := l.Apply(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

// unavailable fails the test unless each step of the ledger is refused for now.
func unavailable(t testing.TB, what string, l *eventsredis.Ledger, why string) {
	t.Helper()
	ctx := context.Background()
	_, applied := l.Apply(ctx, lock(1))
	_, state := l.State(ctx, issuer, subject)
	for step, err := range map[string]error{"Apply": applied, "State": state, "Heard": heard(ctx, l), "Allows": l.Allows(ctx, issuer, subject, "g")} {
		if !errors.Is(err, vneid.ErrUnavailable) {
			t.Errorf("%s: %s: %v", what, step, err)
		} else if text := err.Error(); strings.Count(text, "eventsredis: ") != 1 || strings.Contains(text, "127.0.0.1") || strings.Contains(text, subject) || !strings.Contains(text, why) {
			t.Errorf("%s: %s: text %q", what, step, text)
		}
	}
}

func TestTheContract(t *testing.T) {
	s := start(t)
	n := 0
	ledgertest.Test(t, func(t testing.TB, now func() time.Time) events.Ledger {
		n++
		return begin(t, &eventsredis.Ledger{Client: s.Client(), Prefix: fmt.Sprint("test-", n), Now: now})
	})
}

// Each time it is opened the server has crashed before.
func TestItSurvivesACrash(t *testing.T) {
	var s *server
	ledgertest.Reopened(t, func(t testing.TB, now func() time.Time) events.Ledger {
		if s == nil {
			s = start(t)
			begin(t, &eventsredis.Ledger{Client: s.Client()})
		} else {
			s.Restart()
		}
		return &eventsredis.Ledger{Client: s.Client(), Now: now}
	})
}

func TestNothingOpensALedgerByItself(t *testing.T) {
	s := start(t)
	l := &eventsredis.Ledger{Client: s.Client()}
	unavailable(t, "before Begin", l, "not begun")
	begin(t, l)
	apply(t, l, lock(1))
	if err := heard(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if err := l.Allows(t.Context(), issuer, subject, "g"); !errors.Is(err, vneid.ErrLocked) {
		t.Fatal(err)
	}
	s.Do("FLUSHALL")
	unavailable(t, "after it lost everything", l, "not begun")
	// Shown once: with the marker alone the lock would be gone.
	s.Do("HSET", "{vneid-events}:ledger", "begun", "1", "took", strings.Repeat("0", 40), "moved", "")
	if err := heard(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if err := l.Allows(t.Context(), issuer, subject, "g"); err != nil {
		t.Errorf("the attack does not succeed without the marker: %v", err)
	}
	s.Kill()
	unavailable(t, "no server", l, "no answer")
}

func TestAReplicaThatTookOverIsNotTrusted(t *testing.T) {
	first, second := start(t), start(t)
	l := begin(t, &eventsredis.Ledger{Client: first.Client()})
	apply(t, l, lock(1))
	second.Do("REPLICAOF", "127.0.0.1", first.Port)
	for range 10_000 { // until it has everything
		if n, err := second.Client().Exists(t.Context(), "{vneid-events}:ledger").Result(); err == nil && n == 1 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	first.Kill()
	second.Do("REPLICAOF", "NO", "ONE")
	l = &eventsredis.Ledger{Client: second.Client()}
	unavailable(t, "after a failover", l, "took over")
	for range 10_000 { // until what it took over is on its own disk
		if text := second.Do("INFO", "persistence").(string); strings.Contains(text, "aof_rewrite_in_progress:0") && strings.Contains(text, "aof_rewrite_scheduled:0") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	second.Restart() // which forgets whose place it took
	unavailable(t, "after a failover and a restart", l, "took over")
	begin(t, l) // an operator looked
	if s, err := l.State(t.Context(), issuer, subject); err != nil || !s.EIDLocked {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestAServerThatMayForgetIsRefused(t *testing.T) {
	s := start(t)
	l := begin(t, &eventsredis.Ledger{Client: s.Client()})
	for _, test := range [][4]string{{"maxmemory-policy", "allkeys-lru", "noeviction", "noeviction"}, {"appendonly", "no", "yes", "disk"}} {
		s.Do("CONFIG", "SET", test[0], test[1])
		unavailable(t, test[1], l, test[3])
		s.Do("CONFIG", "SET", test[0], test[2])
		if _, err := l.State(t.Context(), issuer, subject); err != nil {
			t.Errorf("the twin: %v", err)
		}
	}
	s.Do("CONFIG", "SET", "appendfsync", "everysec")
	if err := l.Begin(t.Context()); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("appendfsync everysec: %v", err)
	}
}

func TestForeignValuesAreRefused(t *testing.T) {
	s := start(t)
	l := begin(t, &eventsredis.Ledger{Client: s.Client()})
	apply(t, l, lock(1))
	for _, key := range s.Do("KEYS", "*}:p:*").([]any) {
		if strings.Contains(key.(string), subject) {
			t.Errorf("the key %v", key)
		}
		s.Do("SET", key, "no JSON")
	}
	if err := l.Allows(t.Context(), issuer, subject, "g"); !errors.Is(err, vneid.ErrUnavailable) {
		t.Error(err)
	}
	s.Do("SET", "{vneid-events}:ledger", "no hash")
	unavailable(t, "a foreign marker", l, "no answer")
}

func TestTheRightsThatAreNeeded(t *testing.T) {
	s := start(t)
	rights := []any{"+eval", "+evalsha", "+info", "+hmget", "+hset", "+hsetnx", "+get", "+set", "+config|get", "+hello", "+client"}
	s.Do(append([]any{"ACL", "SETUSER", "portal", "reset", "on", ">secret", "~{vneid-events}:*"}, rights...)...)
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + s.Port, Username: "portal", Password: "secret"})
	defer c.Close()
	l := begin(t, &eventsredis.Ledger{Client: c})
	apply(t, l, lock(1))
	if err := heard(t.Context(), l); err != nil {
		t.Error(err)
	}
	if err := l.Allows(t.Context(), issuer, subject, "g"); !errors.Is(err, vneid.ErrLocked) {
		t.Error(err)
	}
}

// Two processes receive for one ledger; the one that uses data learns of both.
func TestProcessesShareALedger(t *testing.T) {
	s := start(t)
	here, there := begin(t, &eventsredis.Ledger{Client: s.Client()}), &eventsredis.Ledger{Client: s.Client()}
	apply(t, here, lock(2))
	apply(t, there, events.Event{Name: events.EIDUnlocked, Issuer: issuer, Subject: subject, Seq: 1})
	for _, l := range []*eventsredis.Ledger{here, there} {
		if s, err := l.State(t.Context(), issuer, subject); err != nil || !s.EIDLocked {
			t.Errorf("%+v, %v", s, err)
		}
	}
}

// A push that the server cannot keep is not acknowledged.
func TestAPushWaitsForTheServer(t *testing.T) {
	s := start(t)
	l := begin(t, &eventsredis.Ledger{Client: s.Client()})
	r, err := events.New(events.Config{Issuer: issuer, ClientID: "portal-1", Keys: anybody{}, Ledger: l, Now: func() time.Time { return time.Unix(1796000000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	push := func() int {
		const token = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUxIiwidHlwIjoic2VjZXZlbnQrand0In0." + // signed by nobody: anybody passes it
			"eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJhdWQiOiJwb3J0YWwtMSIsImp0aSI6IjEiLCJpYXQiOjE3OTYwMDAwMDAsImV2ZW50cyI6eyJ1cm46dm5laWQ6ZXZlbnQ6c3RyZWFtLWhlYXJ0YmVhdCI6e319LCJ0b2xkIjowfQ.AAAA"
		req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(token))
		req.Header.Set("Content-Type", "application/secevent+jwt")
		w := httptest.NewRecorder()
		r.Push().ServeHTTP(w, req)
		return w.Code
	}
	if code := push(); code != http.StatusAccepted {
		t.Errorf("the twin: %d", code)
	}
	s.Kill()
	if code := push(); code != http.StatusServiceUnavailable {
		t.Errorf("no server: %d", code)
	}
}

type anybody struct{}

func (anybody) Verify(context.Context, vneid.Signed) error { return nil }

func TestMistakesInTheFieldsAreNamed(t *testing.T) {
	ring := redis.NewRing(&redis.RingOptions{})
	defer ring.Close()
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	defer c.Close()
	for field, l := range map[string]*eventsredis.Ledger{"Client": nil, "Client is": {}, "Ring": {Client: ring}, "Prefix": {Client: c, Prefix: "{x"}} {
		if err := l.Allows(t.Context(), issuer, subject, ""); err == nil || !strings.Contains(err.Error(), field) || errors.As(err, new(vneid.Kind)) {
			t.Errorf("%s: %v", field, err)
		}
		if l.Begin(t.Context()) == nil {
			t.Errorf("%s: it begins", field)
		}
	}
}

func heard(ctx context.Context, l events.Ledger) error {
	_, err := l.Heard(ctx, events.Event{Name: events.Heartbeat, Issuer: issuer, Issued: time.Now()})
	return err
}

// A ledger that begins when a stream is running, or whose stream has a gap, needs an
// operator's word.
func TestAStreamThatRanBeforeIsTakenUpByAnOperator(t *testing.T) {
	l := begin(t, &eventsredis.Ledger{Client: start(t).Client()})
	beat := func(told int64) {
		t.Helper()
		if _, err := l.Heard(t.Context(), events.Event{Name: events.Heartbeat, Issuer: issuer, Told: told, Issued: time.Now()}); err != nil {
			t.Error(err)
		}
	}
	beat(500)
	if err := l.Allows(t.Context(), issuer, subject, "g"); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("a ledger that knows none of 500 events: %v", err)
	}
	if err := l.Resume(t.Context(), issuer); err != nil {
		t.Fatal(err)
	}
	if err := l.Allows(t.Context(), issuer, subject, "g"); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("before a word of the platform: %v", err)
	}
	beat(500)
	if err := l.Allows(t.Context(), issuer, subject, "g"); err != nil {
		t.Error(err)
	}
	beat(501)
	if err := (&eventsredis.Ledger{}).Resume(t.Context(), issuer); err == nil {
		t.Error("without a server")
	}
}
