package crash

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// built is the program, built once for all tests.
var built = sync.OnceValues(func() (string, error) {
	name := filepath.Join(scratch, "platform")
	out, err := exec.Command("go", "build", "-o", name, "../../platform").CombinedOutput()
	if err != nil {
		err = errors.Join(err, errors.New(string(out)))
	}
	return name, err
})

// process is the platform on one address and one store, through all its lives.
type process struct {
	t      testing.TB
	issuer string
	args   []string
	cmd    *exec.Cmd
	log    bytes.Buffer
}

// newProcess is a platform that has not begun to live.
func newProcess(t testing.TB, store, data string) *process {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	addr := l.Addr().String()
	p := &process{t: t, issuer: "http://" + addr, args: []string{"-addr", addr, "-store", store, "-data", data, "-people", "0", "-log-level", "error"}}
	t.Cleanup(p.kill)
	return p
}

// start starts it and waits until it is ready.
func (p *process) start() {
	p.t.Helper()
	program, err := built()
	if err != nil {
		p.t.Fatal(err)
	}
	p.log.Reset()
	p.cmd = exec.Command(program, p.args...)
	p.cmd.Stderr = &p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		res, err := http.Get(p.issuer + "/readyz")
		if err != nil {
			continue
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return
		}
	}
	p.kill()
	p.t.Fatalf("it is not ready: %s", p.log.String())
}

// kill ends it as a power cut would end its machine's processes: by SIGKILL.
func (p *process) kill() {
	if p.cmd != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		p.cmd = nil
	}
}
