package routes

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestEveryRouteIsReadOrItIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		want   []string // nil: an error
	}{
		"literals and constants":  {"const home = \"/a\"\nmux.HandleFunc(\"GET /b\", x)\nmux.Handle(\"GET \"+home, x)", []string{"GET /a", "GET /b"}},
		"a constant of elsewhere": {"mux.HandleFunc(\"GET /b\", x)\nmux.Handle(\"GET \"+home, x)", nil},
		"a variable":              {"mux.HandleFunc(\"GET /b\", x)\nmux.Handle(path, x)", nil},
		"no route":                {"mux.Handler(x)", nil},
	} {
		dir := t.TempDir()
		for file, text := range map[string]string{"a.go": c.source, "a_test.go": `mux.Handle("GET /test", x)`} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := In(dir)
		if (err == nil) != (c.want != nil) || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
