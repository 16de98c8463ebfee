package store

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Programs that begin with one new file at the same moment wait for each other.
func TestManyOpenANewFileAtOnce(t *testing.T) {
	for range 3 {
		path := filepath.Join(t.TempDir(), "new.db")
		var all sync.WaitGroup
		stores, errs := make([]*sqliteStore, 6), make([]error, 6)
		for i := range stores {
			all.Go(func() { stores[i], errs[i] = openSQLite(t.Context(), path) })
		}
		all.Wait()
		for _, s := range stores {
			if s != nil {
				errs = append(errs, s.Close())
			}
		}
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
}

// A file that is busy is asked again, by who may not wait for it.
func TestABusyFileIsAskedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "busy.db")
	other, err := dialSQLite("file:" + path + "?_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	defer other.close()
	if err := other.exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	impatient := "file:" + path + "?_pragma=busy_timeout(0)"
	asked := make(chan error, 1)
	go func() { asked <- migrateSQLite(t.Context(), impatient) }()
	time.Sleep(6 * time.Second) // the library of migrations asks for four by itself
	if err := errors.Join(other.exec("ROLLBACK"), <-asked); err != nil {
		t.Error(err)
	}
}
