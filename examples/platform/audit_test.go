package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/audit"
)

// Somebody logs in; the log is exported, verified from the store and from the file, and
// a change of one byte in the file is found.
func TestTheAuditLogVerifiesFromStoreAndFile(t *testing.T) {
	dir := t.TempDir()
	data, keys, file, kept := filepath.Join(dir, "data"), filepath.Join(dir, "keys.json"), filepath.Join(dir, "log"), filepath.Join(dir, "kept")
	s := start(t, "-data", data, "-people", "3")
	newWalker(t, s.address, handle(t, "level2")).walk("/me")
	_, set := get(t, s.address+"/audit/jwks.json")
	if err := os.WriteFile(keys, []byte(set), 0o600); err != nil {
		t.Fatal(err)
	}
	verify := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), append([]string{"audit", "verify", "-data", data, "-issuer", s.address}, args...), &out, &out)
		return out.String(), err
	}
	if said, err := verify("-kept", kept); err != nil || !strings.Contains(said, "the log is whole") { // beside the platform, with its keys
		t.Errorf("%s %v", said, err)
	}
	newWalker(t, s.address, handle(t, "level1")).walk("/me")
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := verify("-kept", kept); err == nil || !strings.Contains(err.Error(), "-keys") {
		t.Errorf("without keys: %v", err)
	}
	if said, err := verify("-kept", kept, "-keys", keys); err != nil {
		t.Errorf("%s %v", said, err)
	}
	if err := run(t.Context(), []string{"audit", "export", "-data", data, file}, new(bytes.Buffer), new(bytes.Buffer)); err != nil {
		t.Fatal(err)
	}
	if said, err := verify("-kept", kept, "-keys", keys, "-file", file); err != nil {
		t.Errorf("the file: %s %v", said, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	end, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	var wrong *audit.Error
	broken := bytes.Replace(text, []byte(`"kind":"registered"`), []byte(`"kind":"registerer"`), 1)
	for fault, changed := range map[string][]byte{
		"an edit":       broken,
		"a cut tail":    append(text[:bytes.LastIndexByte(text[:len(text)-1], '\n')+1:len(text)-1], []byte(`{"end":1,"hash":"`+strings.Repeat("A", 43)+"\"}\n")...),
		"another order": append(append([]byte{}, text[bytes.IndexByte(text, '\n')+1:]...), text[:bytes.IndexByte(text, '\n')+1]...),
	} {
		if err := os.WriteFile(file, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := verify("-kept", kept, "-keys", keys, "-file", file); !errors.As(err, &wrong) || strings.Contains(said, "whole") {
			t.Errorf("%s: %s %v", fault, said, err)
		}
	}
	if again, err := os.ReadFile(kept); err != nil || !bytes.Equal(again, end) {
		t.Errorf("a log that does not verify changed what is kept: %v", err)
	}
	if _, err := verify("-keys", keys, "-head", "1:"+strings.Repeat("A", 43)); !errors.As(err, &wrong) {
		t.Errorf("another head: %v", err)
	}
	if _, err := verify("-keys", keys, "-head", "nonsense"); err == nil || !strings.Contains(err.Error(), "-head") {
		t.Errorf("no head: %v", err)
	}
}
