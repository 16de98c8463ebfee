package crash

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/pgtest"
	"github.com/vneid-sdk/vneid-go/examples/internal/store"
)

var scratch string // for what all tests share

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "crash"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// rounds is how often to do something: as a variable says, or a few times.
func rounds(t *testing.T, variable string, few int) int {
	s := os.Getenv(variable)
	if s == "" {
		return few
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatal(variable + " is no number")
	}
	return n
}

// everybody is who acts.
func everybody(p *process) *world {
	w := newWorld(p)
	for _, handle := range []string{"level2", "namesake", "no-expiry"} {
		w.join(handle, citizen(handle))
	}
	for _, handle := range []string{"guardian", "old-cmnd"} {
		w.join(handle, renter(handle))
	}
	w.join("clerk", clerk)
	w.join("counter", counter("999083000016"))
	return w
}

// storm kills a platform again and again. dead looks at what is left each time.
func storm(t *testing.T, w *world, kills int, dead func() (store.Store, error)) {
	t.Helper()
	w.start()
	keys, err := w.auditKeys()
	if err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		s, err := dead()
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		f, err := look(s)
		if err := errors.Join(err, verified(s, w.issuer, keys)); err != nil {
			t.Fatal(err)
		}
		if err := w.compare(f); err != nil {
			t.Fatal(err)
		}
	}
	w.risen()
	stop := w.live()
	for range kills {
		time.Sleep(20*time.Millisecond + rand.N(250*time.Millisecond))
		w.kill()
		if err := w.fallen(); err != nil {
			t.Fatal(err)
		}
		check()
		w.start()
		w.risen()
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	w.kill()
	check()
	total := map[string]int{}
	for _, a := range w.actors {
		for what, n := range a.got {
			total[what] += n
		}
	}
	t.Logf("killed %d times: %v", kills, total)
}

// A new file every so often keeps the looking quick.
const livesOfAFile = 50

func TestAKilledPlatformForgetsNothingInSQLite(t *testing.T) {
	for left := rounds(t, "VNEID_CRASHES", 8); left > 0; left -= livesOfAFile {
		dir := t.TempDir()
		name := filepath.Join(dir, "platform.db")
		storm(t, everybody(newProcess(t, "sqlite:"+name, dir)), min(left, livesOfAFile), func() (store.Store, error) {
			to, err := copied(name, t.TempDir())
			if err != nil {
				return nil, err
			}
			if err := sound(to); err != nil {
				return nil, err
			}
			return store.Open(t.Context(), "sqlite:"+to)
		})
	}
}

// Every other time the database is killed too.
func TestAKilledPlatformForgetsNothingInPostgres(t *testing.T) {
	srv := pgtest.Start(t)
	url, n := srv.URL(t), 0
	storm(t, everybody(newProcess(t, url, t.TempDir())), rounds(t, "VNEID_CRASHES", 3), func() (store.Store, error) {
		if n++; n%2 == 0 {
			srv.Crash()
			srv.Resume(t)
		}
		return store.Open(t.Context(), url)
	})
}
