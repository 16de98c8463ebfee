package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/pgtest"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func put(t *testing.T, s Store, key string) error {
	t.Helper()
	return s.Update(t.Context(), func(tx platform.Tx) error {
		return tx.Put("a", key, []byte(strings.Repeat(key, 5000)), time.Time{})
	})
}

func has(t *testing.T, s Store, key string) bool {
	t.Helper()
	var b []byte
	if err := s.View(t.Context(), func(tx platform.Tx) (err error) {
		b, err = tx.Get("a", key)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return b != nil
}

func TestADiskThatIsFullLosesNothing(t *testing.T) {
	s := at(t, "sqlite:"+filepath.Join(t.TempDir(), "p.db")).(*sqliteStore)
	if err := put(t, s, "before"); err != nil {
		t.Fatal(err)
	}
	limit := func(n string) {
		if err := s.alone(func() error { return s.writer.exec("PRAGMA max_page_count = " + n) }); err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // which SQLite takes for as many as there are
	for range 3 {
		if err := put(t, s, "full"); err == nil || !strings.HasPrefix(err.Error(), "store: ") {
			t.Errorf("there was room: %v", err)
		}
	}
	if has(t, s, "full") || !has(t, s, "before") {
		t.Error("a part of what failed is there, or what was there is not")
	}
	limit("1000000")
	if err := put(t, s, "after"); err != nil || !has(t, s, "after") {
		t.Errorf("with room again: %v", err)
	}
}

func TestADatabaseThatComesBackIsUsedAgain(t *testing.T) {
	srv := pgtest.Start(t)
	s := at(t, srv.URL(t))
	if err := put(t, s, "before"); err != nil {
		t.Fatal(err)
	}
	srv.Crash()
	for range 3 {
		if err := put(t, s, "without"); err == nil {
			t.Error("an update without a database succeeded")
		}
	}
	if err := s.View(t.Context(), func(platform.Tx) error { return nil }); err == nil {
		t.Error("a view without a database succeeded")
	}
	if _, err := s.Get(t.Context(), "a", "before"); err == nil {
		t.Error("a record without a database was read")
	}
	srv.Resume(t)
	for end := time.Now().Add(5 * time.Minute); put(t, s, "after") != nil && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if !has(t, s, "before") || has(t, s, "without") || !has(t, s, "after") {
		t.Error("the database came back with something else")
	}
}

// A process that hangs inside an update must not keep the others waiting for ever: the
// database ends its session.
func TestSomebodyWhoHangsIsPassedOver(t *testing.T) {
	url := pgtest.URL(t)
	s, hangs := at(t, url), at(t, url).(*pgStore)
	tx, err := hangs.startWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.abort()
	var limit string
	if err := tx.conn.QueryRow(tx.ctx, "SHOW idle_in_transaction_session_timeout").Scan(&limit); err != nil || limit != "20s" {
		t.Errorf("%q, %v", limit, err)
	}
	if _, err := tx.conn.Exec(tx.ctx, "SET idle_in_transaction_session_timeout = 300"); err != nil { // for the test to be quick
		t.Fatal(err)
	}
	began := time.Now()
	if err := put(t, s, "x"); err != nil || time.Since(began) < 200*time.Millisecond {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}
