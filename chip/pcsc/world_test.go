//go:build unix

package pcsc_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip/pcsc"
)

// The tests meet a real pcscd, of Debian's packages pcscd and vsmartcard-vpcd. It
// is started here on a socket of its own, handed over as systemd would, with one
// virtual reader of two slots that listens on 127.0.0.1 (testdata/loopback.c).
// Nothing is reachable from elsewhere, and a pcscd of the machine is not touched.
const (
	daemonPath = "/usr/sbin/pcscd"
	driverPath = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
)

var world struct {
	service pcsc.Service
	slots   [2]slot
	err     error // why there is no pcscd
}

func TestMain(m *testing.M) { os.Exit(runMain(m)) }

func runMain(m *testing.M) int {
	if os.Getenv("PCSC_TEST_SLOTS") != "" { // pcscd runs already: see run
		return run(m)
	}
	dir, err := os.MkdirTemp("", "pcsc")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	stop, err := begin(dir)
	if world.err = err; err == nil {
		defer stop()
	}
	return run(m)
}

// begin starts pcscd with the virtual reader.
func begin(dir string) (stop func(), err error) {
	for name, path := range map[string]string{"pcscd": daemonPath, "vsmartcard-vpcd": driverPath} {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("%s is not installed", name)
		}
	}
	preload := filepath.Join(dir, "loopback.so")
	if out, err := exec.Command("cc", "-shared", "-fPIC", "-o", preload, "testdata/loopback.c", "-ldl").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("no C compiler: %w\n%s", err, out)
	}
	conf, err := configure(dir)
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, "comm")
	file, err := listening(socket)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	logs, err := os.Create(filepath.Join(dir, "pcscd.log"))
	if err != nil {
		return nil, err
	}
	defer logs.Close()

	// sd_listen_fds(3): the socket is file 3, and LISTEN_PID is the daemon's own.
	flags := "-f -c " + conf
	if help, _ := exec.Command(daemonPath, "--help").CombinedOutput(); strings.Contains(string(help), "--disable-polkit") {
		flags += " --disable-polkit"
	}
	cmd := exec.Command("/bin/sh", "-c", "LD_PRELOAD="+preload+" LISTEN_PID=$$ LISTEN_FDS=1 exec "+daemonPath+" "+flags)
	cmd.ExtraFiles = []*os.File{file}
	cmd.Stdout, cmd.Stderr = logs, logs
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	world.service.Socket = socket
	if err := ready(ctx, socket); err != nil {
		stop()
		text, _ := os.ReadFile(logs.Name())
		return nil, fmt.Errorf("pcscd does not answer: %w\n%s", err, text)
	}
	return stop, nil
}

// configure writes the reader's configuration, with two free ports next to each
// other: vpcd takes the second slot's from the first's.
func configure(dir string) (conf string, err error) {
	conf = filepath.Join(dir, "conf")
	if err := os.Mkdir(conf, 0o755); err != nil {
		return "", err
	}
	for range 100 {
		one, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		port := one.Addr().(*net.TCPAddr).Port
		two, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port+1))
		one.Close()
		if err != nil {
			continue
		}
		two.Close()
		for i := range world.slots {
			world.slots[i].address = fmt.Sprintf("127.0.0.1:%d", port+i)
		}
		text := fmt.Sprintf("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:%d\nLIBPATH %s\nCHANNELID 0x1\n", port, driverPath)
		return conf, os.WriteFile(filepath.Join(conf, "vpcd"), []byte(text), 0o644)
	}
	return "", errors.New("no two free ports next to each other")
}

func listening(socket string) (*os.File, error) {
	l, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	return l.(*net.UnixListener).File()
}

// ready waits until pcscd answers on the socket; connecting succeeds before.
func ready(ctx context.Context, socket string) error {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	conn.SetDeadline(deadline)
	version := []uint32{12, 0x11, 4, 4, 0}
	if err := binary.Write(conn, binary.NativeEndian, version); err != nil {
		return err
	}
	return binary.Read(conn, binary.NativeEndian, version[:3])
}

// need skips without pcscd, unless peers are required.
func need(t *testing.T) {
	t.Helper()
	if world.err == nil {
		return
	}
	if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
		t.Fatal(world.err)
	}
	t.Skip("skipped: ", world.err)
}

// A slot is one of the virtual reader's. It speaks vpcd's protocol: messages
// behind two bytes of length; those of one byte are for the reader (0 off, 1 on, 2
// reset, 4 the ATR), others are commands for the card. A card in the slot is a
// connection to it.
type slot struct {
	address string
	conn    net.Conn
}

// insert lays a card down until the test ends.
func insert(t *testing.T, at int, card *testCard) {
	t.Helper()
	conn, err := net.Dial("tcp4", world.slots[at].address)
	if err != nil {
		t.Fatal(err)
	}
	world.slots[at].conn = conn
	go card.serve(conn)
	t.Cleanup(func() { conn.Close() })
}

// remove takes the card away.
func remove(at int) { world.slots[at].conn.Close() }

// A testCard answers commands and remembers them.
type testCard struct {
	atr    []byte
	answer func(command []byte) []byte

	mu       sync.Mutex
	commands [][]byte
	resets   int
}

func (c *testCard) serve(conn net.Conn) {
	defer conn.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		message := make([]byte, int(size[0])<<8|int(size[1]))
		if _, err := io.ReadFull(conn, message); err != nil {
			return
		}
		answer := c.message(message)
		if answer == nil {
			continue
		}
		if _, err := conn.Write(append([]byte{byte(len(answer) >> 8), byte(len(answer))}, answer...)); err != nil {
			return
		}
	}
}

func (c *testCard) message(message []byte) []byte {
	if len(message) != 1 {
		c.mu.Lock()
		c.commands = append(c.commands, message)
		c.mu.Unlock()
		return c.answer(message)
	}
	switch message[0] {
	case 2:
		c.mu.Lock()
		c.resets++
		c.mu.Unlock()
	case 4:
		return c.atr
	}
	return nil
}

func (c *testCard) seen() ([][]byte, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([][]byte(nil), c.commands...), c.resets
}

// contactless is what a reader answers for a card it powers by field: T=1, no
// historical bytes (PC/SC part 3 §3.1.3.2.3).
var contactless = []byte{0x3B, 0x80, 0x80, 0x01, 0x01}

// echo returns a card that answers with the data it was sent.
func echo() *testCard {
	return &testCard{atr: contactless, answer: func(command []byte) []byte {
		return append(append([]byte{}, command[4:]...), 0x90, 0x00)
	}}
}
