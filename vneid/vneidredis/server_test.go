package vneidredis_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis"
)

// epoch is where a store with the usual Prefix keeps who remembers since when.
const epoch = "{vneid-replay}:epoch"

// A server is a redis-server that the test started, on the same free loopback
// port and in the same folder each time.
type server struct {
	t    testing.TB
	dir  string
	port string
	args []string
	cmd  *exec.Cmd
}

// start runs a server without persistence unless args say otherwise. Without
// redis-server the test is skipped, or failed where VNEID_REQUIRE_PEERS is 1.
func start(t testing.TB, args ...string) *server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
			t.Fatal(err)
		}
		t.Skip("skipped: redis-server is not installed")
	}
	s := &server{t: t, dir: t.TempDir(), args: args}
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

// run starts the process and waits until it says that it is ready.
func (s *server) run() bool {
	s.t.Helper()
	s.cmd = exec.Command("redis-server", append([]string{"--bind", "127.0.0.1", "--port", s.port, "--dir", s.dir,
		"--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"}, s.args...)...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			go io.Copy(io.Discard, out) // ends with the process
			return true
		}
	}
	s.kill()
	return false
}

// kill ends the process without warning.
func (s *server) kill() {
	if s.cmd != nil && s.cmd.Process != nil {
		s.cmd.Process.Kill()
		s.cmd.Wait()
	}
	s.cmd = nil
}

// restart kills the server and starts it again.
func (s *server) restart() {
	s.t.Helper()
	s.kill()
	if !s.run() {
		s.t.Fatal("redis-server does not start again")
	}
}

func (s *server) addr() string { return net.JoinHostPort("127.0.0.1", s.port) }

// client returns a client of its own connections.
func (s *server) client() *redis.Client {
	c := redis.NewClient(&redis.Options{Addr: s.addr(), Protocol: 2, DisableIdentity: true, MaxRetries: 1, ContextTimeoutEnabled: true})
	s.t.Cleanup(func() { c.Close() })
	return c
}

// do sends one command that must succeed.
func (s *server) do(args ...any) any {
	s.t.Helper()
	v, err := s.client().Do(s.t.Context(), args...).Result()
	if err != nil {
		s.t.Fatalf("%v: %v", args, err)
	}
	return v
}

// store returns a store whose clock stands far enough ahead of the server's that
// what it calls issued now was issued after any epoch of this test began.
func (s *server) store() *vneidredis.Replay {
	return &vneidredis.Replay{Client: s.client(), Now: ahead}
}

// ahead is a clock that differs from the server's by more than the usual skew. A
// test need not wait, then, until a fresh epoch lets things pass.
func ahead() time.Time { return time.Now().Add(90 * time.Second) }

// fresh is something issued in this moment of that clock.
func fresh(id string) vneid.Once {
	now := ahead()
	return vneid.Once{Use: vneid.UseQR, Issuer: "https://issuer.example", ID: id, Issued: now, Until: now.Add(2 * time.Minute)}
}

// old is the same thing issued before: within any epoch's first Skew.
func old(id string) vneid.Once {
	o := fresh(id)
	o.Issued = time.Now()
	return o
}

// within gives calls more time than they need.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// setNX is the usual way to do it: SET with NX and a lifetime, and nothing else.
// Tests show with it that what they do to the server lets things pass twice.
type setNX struct{ c *redis.Client }

func (s setNX) Use(ctx context.Context, o vneid.Once) error {
	ok, err := s.c.SetNX(ctx, fmt.Sprintf("naive:%x", o.Key()), "", time.Until(o.Until)).Result()
	if err == nil && !ok {
		return vneid.ErrReplayed
	}
	return err
}
