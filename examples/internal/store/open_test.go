package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/platform/storetest"
)

func TestWhatWasCommittedIsThereWhenOpenedAgain(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			url := kinds[kind](t)
			var open Store
			storetest.Durable(t, func() platform.Store {
				if open != nil {
					if err := open.Close(); err != nil {
						t.Error(err)
					}
				}
				var err error
				if open, err = Open(t.Context(), url); err != nil {
					t.Fatal(err)
				}
				return open
			})
			if err := open.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// database opens what a URL names without this package.
func database(t *testing.T, url string) *sql.DB {
	driver, name := "pgx", url
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, name = "sqlite", path
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestANewerSchemaIsRefused(t *testing.T) {
	for kind, url := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "p.db"), "postgres": kinds["postgres"](t)} {
		t.Run(kind, func(t *testing.T) {
			s, err := Open(t.Context(), url)
			if err != nil {
				t.Fatal("the twin:", err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			yes := map[string]string{"sqlite": "1", "postgres": "true"}[kind]
			if _, err := database(t, url).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, " + yes + ")"); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(t.Context(), url); !errors.Is(err, ErrNewer) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestProcessesThatStartTogetherMakeOneSchema(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			url := kinds[kind](t)
			var wg sync.WaitGroup
			for range 6 {
				wg.Go(func() {
					s, err := Open(context.Background(), url)
					if err != nil {
						t.Error(err)
						return
					}
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

func TestTheFileIsItsOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.db")
	s := at(t, "sqlite:"+path)
	filled(t, s)
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", filepath.Base(name), info, err)
		}
	}
}

func TestWhatCannotBeOpenedIsAnErrorWithoutThePassword(t *testing.T) {
	for _, url := range []string{
		"", "platform.db", "sqlite:", "sqlite:" + t.TempDir(), "sqlite:/no/such/folder/p.db", "mysql://x",
		"postgres://u:hunter2@127.0.0.1:1/none?connect_timeout=2", "postgres://u:hunter2@127.0.0.1:notaport/x", "postgres://u:hunter2@/%zz",
	} {
		s, err := Open(t.Context(), url)
		if err == nil || s != nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, %v", url, s, err)
		}
	}
	if err := os.WriteFile(filepath.Join(t.TempDir(), "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte(strings.Repeat("this is no database. ", 400)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), "sqlite:"+other); err == nil {
		t.Error("a file that is no database was opened")
	}
}
