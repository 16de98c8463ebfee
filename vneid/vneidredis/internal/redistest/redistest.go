// Package redistest starts redis-servers for the tests of this module, on loopback
// addresses, and takes them away as rudely as a test needs.
package redistest

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Server is a redis-server that a test started, at the same free port and in the same
// folder each time. It ends with the test.
type Server struct {
	T    testing.TB
	Port string
	Args []string // with which Restart starts it again

	dir     string
	cmd     *exec.Cmd
	drained chan struct{} // closed when nobody can write to the server's output any more
}

// Start runs a server that keeps nothing on disk, unless args say otherwise. Without
// redis-server the test is skipped, or failed where VNEID_REQUIRE_PEERS is 1.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
			t.Fatal(err)
		}
		t.Skip("skipped: redis-server is not installed")
	}
	s := &Server{T: t, Args: args, dir: t.TempDir()}
	t.Cleanup(s.Kill)
	for range 5 { // another process may take the port before the server does
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, s.Port, _ = net.SplitHostPort(l.Addr().String())
		l.Close()
		if s.run() {
			return s
		}
	}
	t.Fatal("redis-server does not start")
	return nil
}

// run starts the process and waits until it says that it is ready.
func (s *Server) run() bool {
	s.T.Helper()
	s.cmd = exec.Command("redis-server", append([]string{"--bind", "127.0.0.1", "--port", s.Port, "--dir", s.dir,
		"--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"}, s.Args...)...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.T.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.T.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			drained := make(chan struct{})
			go func() { io.Copy(io.Discard, out); close(drained) }() // ends with the process
			s.drained = drained
			return true
		}
	}
	s.Kill()
	return false
}

// Kill ends the process without warning.
func (s *Server) Kill() {
	if s.cmd != nil && s.cmd.Process != nil {
		s.cmd.Process.Kill()
		if s.drained != nil { // a child that rewrites the log holds the pipe, and writes into the folder
			<-s.drained
		}
		s.cmd.Wait()
	}
	s.cmd, s.drained = nil, nil
}

// Restart kills the server, if it runs, and starts it again.
func (s *Server) Restart() {
	s.T.Helper()
	s.Kill()
	if !s.run() {
		s.T.Fatal("redis-server does not start again")
	}
}

// Addr is where the server listens.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", s.Port) }

// Client returns a client of its own connections.
func (s *Server) Client() *redis.Client {
	c := redis.NewClient(&redis.Options{Addr: s.Addr(), Protocol: 2, DisableIdentity: true, MaxRetries: 1, ContextTimeoutEnabled: true})
	s.T.Cleanup(func() { c.Close() })
	return c
}

// Do sends one command that must succeed.
func (s *Server) Do(args ...any) any {
	s.T.Helper()
	v, err := s.Client().Do(context.Background(), args...).Result()
	if err != nil {
		s.T.Fatalf("%v: %v", args, err)
	}
	return v
}
