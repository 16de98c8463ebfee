package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a server that this program started, and ends.
type process struct {
	cmd  *exec.Cmd
	told string // the first line that it printed

	mu     sync.Mutex
	stderr bytes.Buffer // its last words
}

// start runs a program. With wait it is ready when it has printed a line, which stays in
// told; without, when something listens on addr. What it prints later is thrown away.
func start(addr string, wait bool, cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = p
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	in := bufio.NewReader(out)
	if wait {
		p.told, err = in.ReadString('\n')
	}
	go io.Copy(io.Discard, in) // ends with the process
	if err == nil && !wait {
		err = p.listens(addr)
	}
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("%s did not start: %w\n%s", cmd.Path, err, p.words())
	}
	return p, nil
}

func (p *process) listens(addr string) error {
	for range 200 {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			return c.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("nothing listens on " + addr)
}

// Write keeps what the process prints as errors, as far as it is short.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stderr.Len() < 4<<10 {
		p.stderr.Write(b)
	}
	return len(b), nil
}

func (p *process) words() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

// stop asks the process to end, and ends it if it does not.
func (p *process) stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	end := time.AfterFunc(5*time.Second, func() { p.cmd.Process.Kill() })
	defer end.Stop()
	p.cmd.Wait() // what it died of does not matter any more
}

// cpu is the time that the process has spent on the processor, in user and kernel mode:
// fields 14 and 15 of /proc/PID/stat, in hundredths of a second.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // from field 3
	ticks := 0
	for _, i := range []int{14 - 3, 15 - 3} {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}

// resident is how much memory of the machine the process holds, in MiB.
func (p *process) resident() float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(fields[1])
	return float64(pages) * float64(os.Getpagesize()) / (1 << 20)
}

// freeAddr is a loopback address on which nothing listens yet.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
