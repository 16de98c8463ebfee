package store

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/pgtest"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/platform/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// kinds is every kind of store: how to name a new, empty one.
var kinds = map[string]func(testing.TB) string{
	"memory":   func(testing.TB) string { return "memory:" },
	"sqlite":   func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "a ?%20#.db") },
	"postgres": pgtest.URL,
}

func at(t testing.TB, url string) Store {
	t.Helper()
	s, err := Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestEveryKindKeepsTheContract(t *testing.T) {
	for kind, url := range kinds {
		t.Run(kind, func(t *testing.T) {
			storetest.Run(t, func(t testing.TB) platform.Store { return at(t, url(t)) })
		})
	}
}
