package eventsredis_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
	"github.com/vneid-sdk/vneid-go/vneid/share/events/ledgertest"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis/eventsredis"
)

// server is a redis-server that the test started, with a disk of its own.
type server struct {
	t         testing.TB
	port, dir string
	args      []string
	cmd       *exec.Cmd
	drained   chan struct{} // closed when nobody can write to the server's output any more
}

// start runs a server. Without redis-server the test is skipped, or failed where
// VNEID_REQUIRE_PEERS is 1.
func start(t testing.TB, args ...string) *server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
			t.Fatal(err)
		}
		t.Skip("skipped: redis-server is not installed")
	}
	s := &server{t: t, dir: t.TempDir(), args: append([]string{"--appendonly", "yes", "--appendfsync", "always"}, args...)}
	t.Cleanup(s.kill)
	for range 5 { // another process may take the port before the server does
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, s.port, _ = net.SplitHostPort(l.Addr().String())
		l.Close()
		if s.run() {
			return s
		}
	}
	t.Fatal("redis-server does not start")
	return nil
}

func (s *server) run() bool {
	s.cmd = exec.Command("redis-server", append([]string{"--bind", "127.0.0.1", "--port", s.port, "--dir", s.dir, "--save", "", "--repl-diskless-sync-delay", "0"}, s.args...)...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			drained := make(chan struct{})
			go func() { io.Copy(io.Discard, out); close(drained) }()
			s.drained = drained
			return true
		}
	}
	s.kill()
	return false
}

func (s *server) kill() {
	if s.cmd != nil && s.cmd.Process != nil {
		s.cmd.Process.Kill()
		if s.drained != nil { // a child that rewrites the log holds the pipe, and writes into the folder
			<-s.drained
		}
		s.cmd.Wait()
	}
	s.cmd, s.drained = nil, nil
}

func (s *server) client() *redis.Client {
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + s.port, Protocol: 2, DisableIdentity: true, MaxRetries: 1, ContextTimeoutEnabled: true})
	s.t.Cleanup(func() { c.Close() })
	return c
}

func (s *server) do(args ...any) any {
	s.t.Helper()
	v, err := s.client().Do(context.Background(), args...).Result()
	if err != nil {
		s.t.Fatalf("%v: %v", args, err)
	}
	return v
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
		return begin(t, &eventsredis.Ledger{Client: s.client(), Prefix: fmt.Sprint("test-", n), Now: now})
	})
}

// Each time it is opened the server has crashed before.
func TestItSurvivesACrash(t *testing.T) {
	var s *server
	ledgertest.Reopened(t, func(t testing.TB, now func() time.Time) events.Ledger {
		if s == nil {
			s = start(t)
			begin(t, &eventsredis.Ledger{Client: s.client()})
		} else if s.kill(); !s.run() {
			t.Fatal("it does not start again")
		}
		return &eventsredis.Ledger{Client: s.client(), Now: now}
	})
}

func TestNothingOpensALedgerByItself(t *testing.T) {
	s := start(t)
	l := &eventsredis.Ledger{Client: s.client()}
	unavailable(t, "before Begin", l, "not begun")
	begin(t, l)
	apply(t, l, lock(1))
	if err := heard(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if err := l.Allows(t.Context(), issuer, subject, "g"); !errors.Is(err, vneid.ErrLocked) {
		t.Fatal(err)
	}
	s.do("FLUSHALL")
	unavailable(t, "after it lost everything", l, "not begun")
	// Shown once: with the marker alone the lock would be gone.
	s.do("HSET", "{vneid-events}:ledger", "begun", "1", "took", strings.Repeat("0", 40), "moved", "")
	if err := heard(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if err := l.Allows(t.Context(), issuer, subject, "g"); err != nil {
		t.Errorf("the attack does not succeed without the marker: %v", err)
	}
	s.kill()
	unavailable(t, "no server", l, "no answer")
}

func TestAReplicaThatTookOverIsNotTrusted(t *testing.T) {
	first, second := start(t), start(t)
	l := begin(t, &eventsredis.Ledger{Client: first.client()})
	apply(t, l, lock(1))
	second.do("REPLICAOF", "127.0.0.1", first.port)
	for range 10_000 { // until it has everything
		if n, err := second.client().Exists(t.Context(), "{vneid-events}:ledger").Result(); err == nil && n == 1 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	first.kill()
	second.do("REPLICAOF", "NO", "ONE")
	l = &eventsredis.Ledger{Client: second.client()}
	unavailable(t, "after a failover", l, "took over")
	for range 10_000 { // until what it took over is on its own disk
		if text := second.do("INFO", "persistence").(string); strings.Contains(text, "aof_rewrite_in_progress:0") && strings.Contains(text, "aof_rewrite_scheduled:0") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	second.kill() // a restart forgets whose place it took
	if !second.run() {
		t.Fatal("it does not start again")
	}
	unavailable(t, "after a failover and a restart", l, "took over")
	begin(t, l) // an operator looked
	if s, err := l.State(t.Context(), issuer, subject); err != nil || !s.EIDLocked {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestAServerThatMayForgetIsRefused(t *testing.T) {
	s := start(t)
	l := begin(t, &eventsredis.Ledger{Client: s.client()})
	for _, test := range [][4]string{{"maxmemory-policy", "allkeys-lru", "noeviction", "noeviction"}, {"appendonly", "no", "yes", "disk"}} {
		s.do("CONFIG", "SET", test[0], test[1])
		unavailable(t, test[1], l, test[3])
		s.do("CONFIG", "SET", test[0], test[2])
		if _, err := l.State(t.Context(), issuer, subject); err != nil {
			t.Errorf("the twin: %v", err)
		}
	}
	s.do("CONFIG", "SET", "appendfsync", "everysec")
	if err := l.Begin(t.Context()); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("appendfsync everysec: %v", err)
	}
}

func TestForeignValuesAreRefused(t *testing.T) {
	s := start(t)
	l := begin(t, &eventsredis.Ledger{Client: s.client()})
	apply(t, l, lock(1))
	for _, key := range s.do("KEYS", "*}:p:*").([]any) {
		if strings.Contains(key.(string), subject) {
			t.Errorf("the key %v", key)
		}
		s.do("SET", key, "no JSON")
	}
	if err := l.Allows(t.Context(), issuer, subject, "g"); !errors.Is(err, vneid.ErrUnavailable) {
		t.Error(err)
	}
	s.do("SET", "{vneid-events}:ledger", "no hash")
	unavailable(t, "a foreign marker", l, "no answer")
}

func TestTheRightsThatAreNeeded(t *testing.T) {
	s := start(t)
	rights := []any{"+eval", "+evalsha", "+info", "+hmget", "+hset", "+hsetnx", "+get", "+set", "+config|get", "+hello", "+client"}
	s.do(append([]any{"ACL", "SETUSER", "portal", "reset", "on", ">secret", "~{vneid-events}:*"}, rights...)...)
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + s.port, Username: "portal", Password: "secret"})
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
	here, there := begin(t, &eventsredis.Ledger{Client: s.client()}), &eventsredis.Ledger{Client: s.client()}
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
	l := begin(t, &eventsredis.Ledger{Client: s.client()})
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
	s.kill()
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
	l := begin(t, &eventsredis.Ledger{Client: start(t).client()})
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
