package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Commands that read a store do not make one: a copy of nothing, made each night from a
// path that somebody has mistyped, is found out when it is needed.
func TestCommandsThatReadAStoreDoNotMakeOne(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys.json")
	s := start(t, "-store", "memory:", "-people", "0")
	if _, text := get(t, s.address+"/audit/jwks.json"); os.WriteFile(keys, []byte(text), 0o600) != nil {
		t.Fatal("no keys")
	}
	for _, command := range [][]string{{"backup"}, {"audit", "export"}, {"audit", "verify", "-keys", keys}} {
		name := strings.Join(command[:min(2, len(command))], " ")
		try := func(what string, wants error, where ...string) {
			t.Helper()
			args := append(append([]string{}, command...), where...)
			if command[len(command)-1] != keys {
				args = append(args, filepath.Join(t.TempDir(), "file"))
			}
			var out bytes.Buffer
			if err := run(t.Context(), args, &out, io.Discard); !errors.Is(err, wants) || out.Len() != 0 {
				t.Errorf("%s of %s: %v, said %q", name, what, err, &out)
			}
		}
		dir := filepath.Join(t.TempDir(), "mistyped")
		try("a folder that is not there", errNoStore, "-data", dir)
		try("a file that is not there", errNoStore, "-store", "sqlite:"+dir+".db")
		for _, made := range []string{dir, dir + ".db"} {
			if _, err := os.Lstat(made); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s made %s: %v", name, filepath.Base(made), err)
			}
		}
		empty := t.TempDir()
		if err := run(t.Context(), []string{"migrate", "-data", empty}, io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
		try("a store that has nothing", errNoStore, "-data", empty)
		try("a store in memory", errForgets, "-store", "memory:")
	}
}

// A secret that is lost is not replaced by another, which would look as if it was there,
// and would go into the next copy.
func TestASecretThatIsLostIsMissed(t *testing.T) {
	dir := t.TempDir()
	add := []string{"load", "-citizens", "1", "-data", dir}
	if err := run(t.Context(), add, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "platform.secret")
	if err := os.Rename(name, name+".elsewhere"); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{add, {"-data", dir, "-addr", "127.0.0.1:0"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); !errors.Is(err, errNoSecret) || !strings.Contains(err.Error(), name) {
			t.Errorf("%v: %v", args[0], err)
		}
		if _, err := os.Lstat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%v made another: %v", args[0], err)
		}
	}
	if err := os.Rename(name+".elsewhere", name); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), add, io.Discard, io.Discard); err != nil {
		t.Errorf("with the secret: %v", err)
	}
}

func TestLimitsBelowZeroAreNoLimits(t *testing.T) {
	for _, flag := range []string{"-people=-1", "-people=200001", "-max-requests=-1", "-max-connections=-1", "-max-records=-1", "-drain=-1s", "-grace=-1s"} {
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second) // it runs if it takes the flag
		err := run(ctx, []string{"-store", "memory:", "-addr", "127.0.0.1:0", flag}, io.Discard, io.Discard)
		stop()
		if name, _, _ := strings.Cut(flag, "="); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}

// A file takes the place of another of its name: run by root, that must not be a device.
func TestWhatIsNoFileIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "socket")
	l, err := net.Listen("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	write := func(name string) error {
		return writeWhole(name, func(w io.Writer) error {
			_, err := io.WriteString(w, "whole")
			return err
		})
	}
	if err := errors.Join(write(filepath.Join(dir, "new")), write(filepath.Join(dir, "new"))); err != nil {
		t.Fatal("the twin:", err)
	}
	if err := write(name); !errors.Is(err, errNoFile) {
		t.Errorf("got %v", err)
	}
	if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSocket == 0 {
		t.Errorf("it was replaced: %v, %v", info.Mode(), err)
	}
}
