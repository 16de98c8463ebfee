package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// started is a platform in this process.
type started struct {
	address, said string
	stop          func() error
}

// start runs the platform on a free port until it says that it can be stopped.
func start(t *testing.T, args ...string) started {
	t.Helper()
	return startLogged(t, io.Discard, append([]string{"-log-level", "off"}, args...)...)
}

// startLogged is start with a log.
func startLogged(t *testing.T, log io.Writer, args ...string) started {
	t.Helper()
	ctx, interrupt := context.WithCancel(context.Background())
	read, write := io.Pipe()
	over := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), write, log)
		write.CloseWithError(io.EOF)
		over <- err
	}()
	var s started
	for b := make([]byte, 4096); !strings.Contains(s.said, "Ctrl-C"); {
		n, err := read.Read(b)
		if s.said += string(b[:n]); err != nil {
			t.Fatalf("it ended: %v, having said %s", <-over, s.said)
		}
	}
	go io.Copy(io.Discard, read)
	s.address = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`).FindString(s.said)
	ended := false
	s.stop = func() error {
		if ended {
			return nil
		}
		ended = true
		interrupt()
		return <-over
	}
	t.Cleanup(func() { _ = s.stop() })
	return s
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestItSaysWhatToOpenAndAnswersThere(t *testing.T) {
	s := start(t, "-store", "memory:", "-people", "7")
	for _, want := range []string{platform.Banner, "999090000001", "level2", personas.Password, "/me", "/phone", "/staff/login",
		"can-bo-phuong", "nhan-vien-portal", "co-quan", "7 people", "Ctrl-C", "in memory"} {
		if !strings.Contains(s.said, want) {
			t.Errorf("it did not say %s", want)
		}
	}
	for _, path := range []string{"/", "/.well-known/openid-configuration"} {
		if status, body := get(t, s.address+path); status != 200 || !strings.Contains(body, s.address) {
			t.Errorf("%s: status %d, or another issuer than %s", path, status, s.address)
		}
	}
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, body := get(t, s.address+path); status != 200 || body != want {
			t.Errorf("%s: status %d, %q", path, status, body)
		}
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"health", "--addr", strings.TrimPrefix(s.address, "http://")}, &out, io.Discard); err != nil || out.String() != "ready\n" {
		t.Errorf("health: %v, %q", err, &out)
	}
	if err := s.stop(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if err := run(t.Context(), []string{"health", "--addr", strings.TrimPrefix(s.address, "http://")}, io.Discard, io.Discard); err == nil {
		t.Error("health says yes when nobody is there")
	}
}

func TestItStaysOnThisMachine(t *testing.T) {
	for _, flag := range []string{"-addr", "-metrics"} {
		args := []string{"-store", "memory:", "-addr", "127.0.0.1:0", flag, "0.0.0.0:0"}
		if err := run(t.Context(), args, io.Discard, io.Discard); !errors.Is(err, serve.ErrExposed) {
			t.Errorf("%s: got %v", flag, err)
		}
	}
	// Even when exposed, a plain-text issuer that is not loopback is refused.
	err := run(t.Context(), []string{"-store", "memory:", "-addr", "127.0.0.1:0", "-issuer", "http://platform.example"}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "https") {
		t.Errorf("got %v", err)
	}
}

func TestFiguresAreAtTheirOwnAddressIfThereIsOne(t *testing.T) {
	one := start(t, "-store", "memory:", "-people", "0")
	if status, body := get(t, one.address+"/metrics"); status != 200 || !strings.Contains(body, "vneid_audit_sequence ") || !strings.Contains(body, "vneid_store_seconds_count") {
		t.Errorf("status %d, %s", status, body)
	}
	port := freePort(t)
	two := start(t, "-store", "memory:", "-people", "0", "-metrics", port)
	if status, _ := get(t, two.address+"/metrics"); status != 404 {
		t.Errorf("at the site: status %d", status)
	}
	for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
		if status, _ := get(t, "http://"+port+path); status != 200 {
			t.Errorf("%s: status %d", path, status)
		}
	}
	if status, _ := get(t, "http://"+port+"/"); status != 404 {
		t.Errorf("the site at the address of the figures: status %d", status)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := serve.Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestTheSecretIsMadeOnceAndNobodyElsesToRead(t *testing.T) {
	s := stored{Data: filepath.Join(t.TempDir(), "data")}
	empty := func() (bool, error) { return true, nil }
	first, err := s.secret(empty)
	if err != nil || len(first) != secretSize {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	name := filepath.Join(s.Data, "platform.secret")
	info, err := os.Stat(name)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 { // files have no mode there
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if dir, err := os.Stat(s.Data); err != nil || dir.Mode().Perm() != 0o700 {
		t.Errorf("the folder: mode %v, %v", dir.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(s.Data, ".*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	again, err := s.secret(empty)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("another secret: %v", err)
	}
	if err := makeSecret(name); !errors.Is(err, os.ErrExist) {
		t.Errorf("replaced: %v", err)
	}
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := s.secret(empty); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("others can read it: %v", err)
	}
	if err := errors.Join(os.Chmod(name, 0o600), os.WriteFile(name, []byte("c2VjcmV0LWNhbmFyeQ"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.secret(empty); err == nil || strings.Contains(err.Error(), "c2Vj") {
		t.Errorf("too short: %v", err)
	}
	if none, err := (stored{Store: "memory:"}).secret(empty); none != nil || err != nil {
		t.Errorf("in memory: %v", err)
	}
	if _, err := (stored{}).secret(empty); !errors.Is(err, errNoData) {
		t.Errorf("without a folder: %v", err)
	}
}

func TestFlagsTakeOneDashOrTwo(t *testing.T) {
	for in, want := range map[string]string{
		"-addr x":           "--addr x",
		"--addr x":          "--addr x",
		"-addr=x -expose":   "--addr=x --expose",
		"-h":                "-h",
		"load -citizens -5": "load --citizens -5",
		"backup -":          "backup -",
		"a -- -addr":        "a -- -addr",
	} {
		if got := strings.Join(twoDashes(strings.Fields(in)), " "); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestHelpAndVersionEndWell(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-help"}, {"load", "--help"}, {"version"}} {
		var out bytes.Buffer
		if err := run(t.Context(), args, &out, io.Discard); err != nil || out.Len() == 0 {
			t.Errorf("%v: %v, %q", args, err, &out)
		}
	}
	for _, args := range [][]string{{"-nonsense"}, {"nonsense"}, {"load"}, {"load", "-citizens", "0", "-data", t.TempDir()}, {"load", "-store", "memory:", "-citizens", "1"},
		{"backup", "-store", "memory:", "-"}, {"migrate", "-store", "mysql:x"}, {"-log-format", "xml"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%v passed", args)
		}
	}
}
