// Package pgtest starts a real Postgres for tests: Debian's, on a free loopback port,
// in a folder of its own, as an unprivileged user when the test runs as root.
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//	…
//	url := pgtest.URL(t) // an empty database of the server that all tests of the package share
//
// Where Postgres is not installed tests are skipped, and fail if VNEID_REQUIRE_PEERS
// is 1. The server ends with the test process, however that ends.
package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Server is a running Postgres.
type Server struct {
	bin  string
	dir  string
	port string // empty: not chosen yet
	args []string
	cmd  *exec.Cmd
	stop func() // its standard input: closing it ends the server
	n    atomic.Int64
}

// shared is the server of this test process.
var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Main runs the tests of a package and then stops the server, if one was started.
func Main(m *testing.M) {
	code := m.Run()
	if shared.server != nil {
		shared.server.Close()
	}
	os.Exit(code)
}

// URL makes an empty database in the package's server. That server keeps nothing safe
// from a failure of the machine, to be quick; whoever tests that starts their own.
func URL(t testing.TB) string {
	t.Helper()
	bin := installed(t)
	shared.once.Do(func() { shared.server, shared.err = start(bin, "-c", "fsync=off") })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server.URL(t)
}

// Start starts a server with settings of its own, until the test ends.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s, err := start(installed(t), args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// installed returns the folder of the newest server there is.
func installed(t testing.TB) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) > 0 {
		return filepath.Dir(slices.Max(found))
	}
	if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
		t.Fatal("pgtest: Postgres is not installed")
	}
	t.Skip("skipped: Postgres is not installed")
	return ""
}

// unprivileged is a command as a user whom Postgres accepts: not root.
func unprivileged(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	if os.Geteuid() == 0 {
		cmd = exec.Command("runuser", append([]string{"-u", "postgres", "--", name}, args...)...)
	}
	cmd.Dir = "/" // the test's folder may be closed to that user
	return cmd
}

func start(bin string, args ...string) (*Server, error) {
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, args: args}
	if os.Geteuid() == 0 {
		if err := exec.Command("chown", "postgres", dir).Run(); err != nil {
			return nil, errors.New("pgtest: there is no user postgres")
		}
	}
	out, err := unprivileged(bin+"/initdb", "-D", dir+"/data", "-U", "test", "--auth=trust", "--encoding=UTF8",
		"--locale=C", "--no-sync", "--no-instructions").CombinedOutput()
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("pgtest: initdb: %w: %s", err, out)
	}
	for range 5 { // another process may take the port before the server does
		if err = s.run(); err == nil {
			return s, nil
		}
		s.port = ""
	}
	s.Close()
	return nil, err
}

// run starts the server under a shell that ends it when this process is gone.
func (s *Server) run() error {
	if s.port == "" {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		_, s.port, _ = net.SplitHostPort(l.Addr().String())
		l.Close()
	}
	args := append([]string{s.bin + "/postgres", "-D", s.dir + "/data", "-p", s.port, "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=", "-c", "logging_collector=off", "-c", "max_connections=200"}, s.args...)
	const guard = `"$@" </dev/null & pid=$!; read -r _; kill -QUIT $pid; wait $pid`
	s.cmd = unprivileged("/bin/sh", append([]string{"-c", guard, "postgres"}, args...)...)
	in, err := s.cmd.StdinPipe()
	if err != nil {
		return err
	}
	var log bytes.Buffer
	s.cmd.Stderr = &log
	s.stop = func() { in.Close() }
	if err := s.cmd.Start(); err != nil {
		return err
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if unprivileged(s.bin+"/pg_isready", "-q", "-h", "127.0.0.1", "-p", s.port).Run() == nil {
			return nil
		}
	}
	s.halt()
	return fmt.Errorf("pgtest: postgres does not start: %s", log.Bytes())
}

func (s *Server) halt() {
	if s.cmd != nil {
		s.stop()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// Crash ends the server at once, without a checkpoint. Its data stay.
func (s *Server) Crash() { s.halt() }

// Resume starts it again after Crash, at the same address.
func (s *Server) Resume(t testing.TB) {
	t.Helper()
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
}

// Close ends the server at once and drops its data.
func (s *Server) Close() {
	s.halt()
	_ = os.RemoveAll(s.dir)
}

// URL makes an empty database and returns its address.
func (s *Server) URL(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test%d", s.n.Add(1))
	out, err := unprivileged(s.bin+"/createdb", "-h", "127.0.0.1", "-p", s.port, "-U", "test", name).CombinedOutput()
	if err != nil {
		t.Fatalf("pgtest: createdb: %v: %s", err, out)
	}
	return fmt.Sprintf("postgres://test@127.0.0.1:%s/%s?sslmode=disable", s.port, name)
}
