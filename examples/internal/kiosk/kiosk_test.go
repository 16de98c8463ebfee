package kiosk_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/kiosk"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	fixtures = "../../../vneid/trustbundle/testdata/"
	pin      = fixtures + "pinned.json"
)

func now() time.Time { return time.Unix(1768446000, 0) }

// bundle is a file with a foreign bundle.
func bundle(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(fixtures + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ File string }
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "bundle.jwt")
	if err := os.WriteFile(file, []byte(v.File+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestABundleOpensUnderItsPinAndIsRemembered(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	for range 2 { // the one that is held opens again
		b, err := kiosk.Open(context.Background(), bundle(t, "accepted/bundle"), pin, now)
		if err != nil || b.Sequence() != 7 {
			t.Fatal(err)
		}
	}
	notes, err := filepath.Glob(cache + "/*/*.seq")
	if err != nil || len(notes) == 0 {
		notes, _ = filepath.Glob(cache + "/*/*/*.seq") // macOS
	}
	if len(notes) != 1 {
		t.Fatalf("%d notes", len(notes))
	}
	for text, want := range map[string]vneid.Kind{"6\n": 0, "7": 0, "8\n": vneid.ErrUntrusted, "": 1, "x": 1} {
		if err := os.WriteFile(notes[0], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := kiosk.Open(context.Background(), bundle(t, "accepted/bundle"), pin, now)
		switch {
		case want == 0 && err != nil, want == vneid.ErrUntrusted && !errors.Is(err, want):
			t.Errorf("held %q: %v", text, err)
		case want == 1 && (err == nil || !strings.Contains(err.Error(), "newest")):
			t.Errorf("held %q: %v", text, err)
		}
	}
}

func TestWhatDoesNotOpenIsNotRemembered(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	for _, name := range []string{"refused/stranger", "refused/late", "refused/life"} {
		at := now
		if name == "refused/late" {
			at = func() time.Time { return now().AddDate(0, 1, 0) }
		}
		if _, err := kiosk.Open(context.Background(), bundle(t, name), pin, at); err == nil {
			t.Errorf("%s opens", name)
		}
	}
	if left, _ := os.ReadDir(cache); len(left) != 0 {
		t.Errorf("%d files", len(left))
	}
	if _, err := kiosk.Open(context.Background(), bundle(t, "accepted/bundle"), fixtures+"../../../qr/testdata/keys.json", now); err == nil {
		t.Error("opens under another file")
	}
}
