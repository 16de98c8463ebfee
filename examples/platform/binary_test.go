package main

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
)

// built is the program, built once by the command of the container file. TestMain takes
// it away.
var built = sync.OnceValues(func() (dir string, err error) {
	text, err := os.ReadFile("../../Containerfile")
	command := buildCommand.FindSubmatch(text)
	if err != nil || command == nil {
		return "", errors.Join(err, errors.New("the container file builds nothing"))
	}
	if dir, err = os.MkdirTemp("", "platform-*"); err != nil {
		return "", err
	}
	litter = dir
	args := []string{"build"}
	for _, m := range argument.FindAllStringSubmatch(string(command[1]), -1) {
		args = append(args, strings.ReplaceAll(strings.ReplaceAll(m[0], `"`, ""), "/out/", dir+"/"))
	}
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "CGO_ENABLED=0", "GOWORK=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return dir, errors.Join(err, errors.New(string(out)))
	}
	return dir, nil
})

var litter string // where built put the program

var (
	buildCommand = regexp.MustCompile(`(?m)^RUN CGO_ENABLED=0 go build (.*)$`)
	argument     = regexp.MustCompile(`(?:[^\s"]|"[^"]*")+`)
)

func TestMain(m *testing.M) {
	code := m.Run()
	if litter != "" {
		os.RemoveAll(litter)
	}
	os.Exit(code)
}

// program is a process that serves.
type program struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
	said    string // until it was ready
	log     *strings.Builder
	first   time.Duration // from the start to the first page
	over    chan error
}

// launch starts the program and asks for the first page until there is one.
func launch(t *testing.T, port string, args ...string) *program {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, address: "http://" + port, log: new(strings.Builder), over: make(chan error, 1)}
	p.cmd = exec.Command(filepath.Join(dir, "platform"), append([]string{"-addr", port, "-log-level", "warn"}, args...)...)
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill(); p.wait() })
	said := make(chan string, 1)
	go func() {
		var all strings.Builder
		for lines := bufio.NewScanner(out); lines.Scan(); {
			all.WriteString(lines.Text() + "\n")
			if strings.Contains(lines.Text(), "Ctrl-C") {
				said <- all.String()
			}
		}
		p.over <- p.cmd.Wait()
	}()
	for deadline := began.Add(5 * time.Minute); ; {
		res, err := http.Get(p.address + "/")
		if err == nil {
			res.Body.Close()
			if p.first = time.Since(began); res.StatusCode == 200 {
				break
			}
		}
		select {
		case err := <-p.over:
			p.over <- err
			t.Fatalf("it ended: %v\n%s", err, p.log)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("no page: %v", err)
		}
		time.Sleep(5 * time.Millisecond) // for another process there is no clock to inject
	}
	p.said = <-said
	return p
}

// wait returns how the program ended.
func (p *program) wait() error {
	err := <-p.over
	p.over <- err
	return err
}

func (p *program) stop(sig os.Signal) error {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(p.t.Context(), 5*time.Minute)
	defer cancel()
	select {
	case err := <-p.over:
		p.over <- err
		return err
	case <-ctx.Done():
		p.t.Fatal("it does not end")
		return nil
	}
}

// The best of some starts counts: what else the machine does is not the program's.
func TestTheFirstPageIsThereWithinASecond(t *testing.T) {
	for _, store := range []string{"memory:", "sqlite"} {
		best, last := time.Hour, (*program)(nil)
		for try := range 5 {
			args := []string{"-store", store}
			if store == "sqlite" {
				args = []string{"-data", t.TempDir()}
			}
			last = launch(t, freePort(t), args...)
			best = min(best, last.first)
			if last.first <= time.Second || try == 4 {
				break
			}
			if err := last.stop(os.Interrupt); err != nil {
				t.Errorf("%s: it ended with %v\n%s", store, err, last.log)
			}
		}
		t.Logf("%s: the first page after %v", store, best)
		for _, want := range []string{last.address, "999090000001", "can-bo-phuong", "120 people"} {
			if !strings.Contains(last.said, want) {
				t.Errorf("it did not say %s", want)
			}
		}
		// They are there: the last of them logs in.
		who := crowd.Crowd{Seed: 1}.Person(crowd.Start - 4)
		if p := newWalker(t, last.address, who).walk("/me"); p.Request.URL.Path != "/me" || !strings.Contains(p.body, who.Record.Name) {
			t.Errorf("%s: %s at %s", store, who.Handle, p.Request.URL.Path)
		}
		if err := last.stop(os.Interrupt); err != nil {
			t.Errorf("%s: it ended with %v\n%s", store, err, last.log)
		}
		// On a machine with other work to do the processor time is what can be said.
		if cpu := last.cmd.ProcessState.UserTime() + last.cmd.ProcessState.SystemTime(); best > time.Second && cpu > time.Second {
			t.Errorf("%s: the first page after %v, %v of processor time", store, best, cpu)
		}
	}
}

func TestARestartKeepsSessionsAndASignalLosesNothing(t *testing.T) {
	data, port := t.TempDir(), freePort(t)
	first := launch(t, port, "-data", data)
	w := newWalker(t, first.address, handle(t, "level2"))
	if p := w.walk("/me"); p.Request.URL.Path != "/me" {
		t.Fatalf("at %s", p.Request.URL.Path)
	}
	keys := w.get("/jwks.json").body
	for _, end := range []os.Signal{syscall.SIGTERM, os.Interrupt, os.Kill} {
		if err := first.stop(end); (err == nil) != (end != os.Kill) {
			t.Errorf("%v: it ended with %v\n%s", end, err, first.log)
		}
		if wal, err := os.Stat(filepath.Join(data, "platform.db-wal")); end != os.Kill && err == nil && wal.Size() > 0 {
			t.Errorf("%v: %d bytes are not in the database's file", end, wal.Size())
		}
		w.CloseIdleConnections()
		first = launch(t, port, "-data", data)
		if p := w.get("/me"); p.Request.URL.Path != "/me" || p.StatusCode != 200 {
			t.Errorf("after %v: status %d at %s", end, p.StatusCode, p.Request.URL.Path)
		}
		if w.get("/jwks.json").body != keys {
			t.Errorf("after %v: other keys", end)
		}
	}
	for _, name := range []string{"platform.db", "platform.secret"} {
		if info, err := os.Stat(filepath.Join(data, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestACopyIsRestoredElsewhere(t *testing.T) {
	dir := t.TempDir()
	data, other, file := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "copy")
	p := launch(t, freePort(t), "-data", data)
	w := newWalker(t, p.address, handle(t, "level2"))
	w.walk("/me")
	tool := func(args ...string) string {
		t.Helper()
		var out strings.Builder
		if err := run(t.Context(), args, &out, &out); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return out.String()
	}
	if said := tool("backup", "-data", data, file); !strings.Contains(said, "records copied") { // while it runs
		t.Error(said)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy: %v, %v", info.Mode(), err)
	}
	if err := p.stop(os.Interrupt); err != nil {
		t.Error(err)
	}
	if said := tool("restore", "-data", other, "-secret-file", filepath.Join(data, "platform.secret"), file); !strings.Contains(said, "records restored") {
		t.Error(said)
	}
	if err := run(t.Context(), []string{"restore", "-data", other, file}, new(strings.Builder), new(strings.Builder)); err == nil {
		t.Error("restored over what is there")
	}
	moved := launch(t, strings.TrimPrefix(p.address, "http://"), "-data", other, "-secret-file", filepath.Join(data, "platform.secret"))
	w.CloseIdleConnections()
	if q := w.get("/me"); q.Request.URL.Path != "/me" {
		t.Errorf("the session is not there: at %s", q.Request.URL.Path)
	}
	if err := moved.stop(os.Interrupt); err != nil {
		t.Error(err)
	}
	// With another secret the store does not open.
	if err := makeSecret(filepath.Join(other, "platform.secret")); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-data", other}, &out, &out)
	if err == nil || !strings.Contains(err.Error(), "Secret") {
		t.Errorf("with another secret: %v", err)
	}
}
