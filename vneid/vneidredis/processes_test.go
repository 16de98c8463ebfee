package vneidredis_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidredis"
)

// Three operating-system processes present the same things, each in 64 goroutines, while
// the server is killed, flushed and failed over. VNEID_IDS is how many things; without it
// a few thousand.

const (
	verifiers  = 3
	goroutines = 64
	perSecond  = 800                    // things issued
	spread     = 700 * time.Millisecond // after which they are presented, at most
)

// role is what a process of this test binary is started for.
const role = "VNEID_VERIFIER"

func TestMain(m *testing.M) {
	if task := os.Getenv(role); task != "" {
		if err := verify(task); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// plan is what all processes know: when each thing is issued.
type plan struct {
	store string // ours, or naive
	addr  string
	begin time.Time
	ids   int
}

func (p plan) String() string {
	return fmt.Sprintf("%s %s %d %d", p.store, p.addr, p.begin.UnixNano(), p.ids)
}

func parsePlan(s string) (p plan, err error) {
	var ns int64
	_, err = fmt.Sscanf(s, "%s %s %d %d", &p.store, &p.addr, &ns, &p.ids)
	p.begin = time.Unix(0, ns)
	return p, err
}

func (p plan) thing(i int) vneid.Once {
	at := p.begin.Add(time.Duration(i) * time.Second / perSecond)
	return vneid.Once{Use: vneid.UseQR, Issuer: "https://issuer.example", ID: strconv.Itoa(i), Issued: at, Until: at.Add(10 * time.Minute)}
}

func (p plan) end() time.Time { return p.thing(p.ids).Issued.Add(spread) }

// verify is one process: it presents each thing once, at a moment of its own, and prints
// the number of each that passed. What there was no answer for it presents once more.
func verify(task string) error {
	p, err := parsePlan(task)
	if err != nil {
		return err
	}
	redis.SetLogger(silent{}) // of what it cannot reach, which is what this is about
	c := redis.NewClient(&redis.Options{Addr: p.addr, Protocol: 2, DisableIdentity: true, PoolSize: goroutines, MaxRetries: 2,
		DialTimeout: time.Second, ReadTimeout: 2 * time.Second, MaxRetryBackoff: 20 * time.Millisecond})
	defer c.Close()
	var store vneid.Replay = &vneidredis.Replay{Client: c, Skew: time.Millisecond} // one clock: things pass soon after a loss
	if p.store == "naive" {
		store = setNX{c}
	}
	out := bufio.NewWriter(os.Stdout)
	var mu sync.Mutex
	var next, again, lost atomic.Int64
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			for i := int(next.Add(1) - 1); i < p.ids; i = int(next.Add(1) - 1) {
				once := p.thing(i)
				time.Sleep(time.Until(once.Issued.Add(rand.N(spread))))
				for range 2 {
					err := store.Use(context.Background(), once)
					if err == nil {
						mu.Lock()
						fmt.Fprintln(out, i)
						mu.Unlock()
					}
					if err == nil || errors.Is(err, vneid.ErrReplayed) {
						again.Add(1)
						break
					}
					lost.Add(1)
				}
			}
		})
	}
	all.Wait()
	fmt.Fprintln(out, "answered", again.Load(), "not", lost.Load())
	return out.Flush()
}

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// gate is the address that verifiers know: it leads to whichever server leads.
type gate struct {
	addr string
	to   atomic.Pointer[string]
	mu   sync.Mutex
	open map[net.Conn]bool
}

func newGate(t *testing.T, s *server) *gate {
	g := &gate{open: map[net.Conn]bool{}}
	g.lead(s)
	g.addr = listen(t, func(in net.Conn) {
		out, err := net.Dial("tcp", *g.to.Load())
		if err != nil {
			return
		}
		defer out.Close()
		g.mu.Lock()
		g.open[out] = true
		g.mu.Unlock()
		go func() { // ends with either connection
			_, _ = io.Copy(out, in)
			out.Close()
		}()
		_, _ = io.Copy(in, out)
		g.mu.Lock()
		delete(g.open, out)
		g.mu.Unlock()
	})
	return g
}

// lead leads elsewhere from now on, and ends the connections that there are.
func (g *gate) lead(s *server) {
	addr := s.Addr()
	g.to.Store(&addr)
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.open {
		c.Close()
	}
}

// winners runs the processes through the losses, and returns how often each thing passed.
func winners(t *testing.T, store string, ids int) (won map[int]int, losses map[string]int) {
	t.Helper()
	lead := start(t)
	g := newGate(t, lead)
	p := plan{store, g.addr, time.Now().Add(500 * time.Millisecond), ids}
	var all sync.WaitGroup
	var mu sync.Mutex
	won, losses = map[int]int{}, map[string]int{}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for i := range verifiers {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), role+"="+p.String())
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if id, err := strconv.Atoi(lines.Text()); err == nil {
					mu.Lock()
					won[id]++
					mu.Unlock()
				} else {
					t.Logf("process %d: %s", i, lines.Text())
				}
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("process %d: %v", i, err)
			}
		})
	}
	// Losses are as far apart as leaves time for most things to pass.
	for n := 0; ; n++ {
		time.Sleep(3 * spread)
		if time.Until(p.end()) < 2*spread {
			break
		}
		switch n % 3 {
		case 0:
			losses["killed"]++
			lead.Restart()
		case 1:
			losses["flushed"]++
			lead.Do("FLUSHALL")
		case 2:
			losses["failed over"]++
			lead = failOver(lead, g)
		}
	}
	all.Wait()
	return won, losses
}

// failOver kills a primary while its replica lags behind, and lets that one lead.
func failOver(lead *server, g *gate) *server {
	replica := start(lead.T, "--replicaof", "127.0.0.1 "+lead.Port)
	replica.until("master_link_status:up", "INFO", "replication")
	time.Sleep(spread / 2)
	replica.Do("REPLICAOF", "NO", "ONE") // what comes now is lost
	replica.Args = nil                   // nor does it follow when it is started again
	time.Sleep(spread / 4)
	lead.Kill()
	g.lead(replica)
	return replica
}

func TestOfThreeProcessesNeverTwoWin(t *testing.T) {
	ids := 8 * perSecond
	if s := os.Getenv("VNEID_IDS"); s != "" {
		var err error
		if ids, err = strconv.Atoi(s); err != nil || ids < 1 {
			t.Fatal("VNEID_IDS is no number")
		}
	}
	for store, ids := range map[string]int{"naive": 8 * perSecond, "ours": ids} {
		won, losses := winners(t, store, ids)
		twice := 0
		for _, n := range won {
			if n > 1 {
				twice++
			}
		}
		t.Logf("%s: %d things, %d passed, %d of them twice; the server was %v", store, ids, len(won), twice, losses)
		switch {
		case store == "naive" && twice == 0:
			t.Error("a plain SET NX passes too: the losses show nothing")
		case store == "ours" && twice > 0:
			t.Error("something passed twice")
		case store == "ours" && len(won) < ids/4:
			t.Error("hardly anything passed: the storm shows nothing")
		}
		for _, what := range []string{"killed", "flushed", "failed over"} {
			if losses[what] == 0 {
				t.Errorf("%s: never %s", store, what)
			}
		}
	}
}
