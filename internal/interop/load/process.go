package main

import (
	"bytes"
	"errors"
	"fmt"
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
	gone chan struct{} // closed when it has ended

	mu    sync.Mutex
	words bytes.Buffer // the first that it printed
}

// start runs a program until something listens on addr.
func start(addr string, cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, gone: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p, p
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		cmd.Wait() // what it died of stands in said
		close(p.gone)
	}()
	if err := p.listens(addr); err != nil {
		p.stop()
		return nil, fmt.Errorf("%s did not start: %w\n%s", cmd.Path, err, p.said())
	}
	return p, nil
}

func (p *process) listens(addr string) error {
	for range 400 {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			return c.Close()
		}
		select {
		case <-p.gone:
			return errors.New("it ended")
		case <-time.After(50 * time.Millisecond):
		}
	}
	return errors.New("nothing listens on " + addr)
}

// Write keeps what the process prints, as far as it is short.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.words.Len() < 4<<10 {
		p.words.Write(b)
	}
	return len(b), nil
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.words.String()
}

// stop asks the process to end, and ends it if it does not.
func (p *process) stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.gone:
	case <-time.After(5 * time.Second):
		p.cmd.Process.Kill()
		<-p.gone
	}
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

// alive reports whether the process still runs.
func (p *process) alive() bool {
	select {
	case <-p.gone:
		return false
	default:
		return true
	}
}
