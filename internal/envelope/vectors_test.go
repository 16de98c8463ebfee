package envelope

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vector is an envelope that another program made; testdata/make.sh names the tools.
type vector struct {
	Tool, Kind, Twin string
	Bits             int
	Key, Data, Plain string
}

func (v *vector) open(o *Opener) (string, bool) {
	if v.Kind == "code" {
		return o.OpenCode(v.Key, v.Data)
	}
	return o.Open(v.Key, v.Data)
}

func testKey(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

func newOpener(t testing.TB, bits int) *Opener {
	t.Helper()
	o, err := NewOpener(testKey(t, "key.pem"), bits)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func vectors(t testing.TB, folder string) map[string]vector {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	all := map[string]vector{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = v
	}
	return all
}

func TestEnvelopesOfOtherProgramsOpen(t *testing.T) {
	tools := map[string]int{}
	for name, v := range vectors(t, "accepted") {
		if got, ok := v.open(newOpener(t, v.Bits)); !ok || got != v.Plain {
			t.Errorf("%s (%s): %q, %v", name, v.Tool, got, ok)
		}
		if got, ok := v.open(newOpener(t, 384-v.Bits)); ok && v.Kind == "code" || got == v.Plain {
			t.Errorf("%s: opened for the other key length", name)
		}
		tool, _, _ := strings.Cut(v.Tool, " ")
		tools[tool]++
	}
	t.Log(tools)
	for _, tool := range []string{"openssl", "python3", "java"} {
		if tools[tool] < 3 {
			t.Errorf("only %d envelopes of %s", tools[tool], tool)
		}
	}
}

func TestDamagedEnvelopesDoNotOpen(t *testing.T) {
	o, good := newOpener(t, 256), vectors(t, "accepted")
	bad := vectors(t, "refused")
	for name, v := range bad {
		twin := good[v.Twin]
		if _, ok := twin.open(o); !ok {
			t.Fatalf("%s: its twin %q does not open", name, v.Twin)
		}
		if (v.Key == twin.Key) == (v.Data == twin.Data) {
			t.Errorf("%s differs from its twin in other than one part", name)
		}
		if got, ok := v.open(o); ok || got != "" {
			t.Errorf("%s opened", name)
		}
	}
	if t.Logf("%d kinds of damage", len(bad)); len(bad) < 100 {
		t.Errorf("only %d kinds of damage", len(bad))
	}
}

func TestTextsOfAnySizeAreRefused(t *testing.T) {
	o := newOpener(t, 256)
	for _, key := range []string{"", "=", "A", "é", strings.Repeat("A", 1<<20), "\x00"} {
		for _, data := range []string{"", "=", "AAAA", strings.Repeat("A", 2<<20), "\xff\xfe"} {
			if got, ok := o.Open(key, data); ok || got != "" {
				t.Errorf("a key of %d and data of %d characters opened", len(key), len(data))
			}
		}
	}
}
