package browser

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// missing skips the test, or fails it where peers are required.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// built are the programs, built once for all tests as their readers build them.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "vneid-browser-")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-o", dir, "./platform", "./portal", "./scan-qr")
	cmd.Dir = "../../../examples"
	if out, err := cmd.CombinedOutput(); err != nil {
		return dir, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := built(); err == nil || dir != "" {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// program is the path of a built one.
func program(t *testing.T, name string) string {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// run starts a program that serves until the test ends, and waits for the line that
// says where.
func run(t *testing.T, name string, args ...string) (said string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program(t, name), args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var log bytes.Buffer // what it complained of, told if the test fails
	out, err := cmd.StdoutPipe()
	if err == nil {
		cmd.Stderr = &log
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	over := make(chan struct{})
	lines := make(chan string)
	go func() {
		defer close(over)
		for s := bufio.NewScanner(out); s.Scan(); {
			select {
			case lines <- s.Text():
			case <-ctx.Done():
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-over
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s: %s", name, log.String())
		}
	})
	late := time.After(5 * time.Minute)
	for {
		select {
		case line := <-lines:
			if said += line + "\n"; strings.Contains(line, "Mở / open") {
				go drain(lines, over)
				return said
			}
		case <-over:
			t.Fatalf("%s ended: %s", name, said)
		case <-late:
			t.Fatalf("%s says nothing: %s", name, said)
		}
	}
}

func drain(lines <-chan string, over <-chan struct{}) {
	for {
		select {
		case <-lines:
		case <-over:
			return
		}
	}
}

// world is a running platform with the portal beside it.
type world struct{ platform, portal string }

func start(t *testing.T) world {
	t.Helper()
	w := world{"http://" + free(t), "http://" + free(t)}
	run(t, "platform", "--store", "memory:", "--data", t.TempDir(), "--log-level", "off", "--addr", strings.TrimPrefix(w.platform, "http://"), "--portal", w.portal+"/callback")
	run(t, "portal", "--addr", strings.TrimPrefix(w.portal, "http://"), "--issuer", w.platform)
	return w
}

// free is an address on loopback that nobody listened on a moment ago.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// fails runs a program that does not start.
func fails(t *testing.T, name string, args ...string) (said string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, program(t, name), args...).CombinedOutput()
	return string(out), err
}
