package trustbundle_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

// A verifier of shared documents takes its lists from a bundle as it does from a cache.
var _ share.StatusSource = (*trustbundle.Bundle)(nil)

// TestAForeignVerifierAgrees has our bundles checked by Python's cryptography, and has
// both refuse what was changed in them.
func TestAForeignVerifierAgrees(t *testing.T) {
	if err := exec.Command("python3", "-c", "import cryptography").Run(); err != nil {
		if os.Getenv("VNEID_REQUIRE_PEERS") == "" {
			t.Skip("python3 with cryptography (Debian: python3-cryptography) is not installed")
		}
		t.Fatal(err)
	}
	b, _ := opened(t)
	contents := b.Contents()
	key, cfg := newMaker(t)
	file, err := contents.Sign("k", key)
	if err != nil {
		t.Fatal(err)
	}
	type job struct {
		X    string `json:"x"`
		File string `json:"file"`
	}
	rng := rand.New(rand.NewPCG(1, 2026))
	files := []string{string(file)}
	for len(files) < 300 {
		changed := bytes.Clone(file)
		changed[rng.IntN(len(changed))] = "ABab09-_."[rng.IntN(9)]
		if !bytes.Equal(changed, file) {
			files = append(files, string(changed))
		}
	}
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, f := range files {
		if err := enc.Encode(job{b64(key.Public().(ed25519.PublicKey)), f}); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("python3", "testdata/check_bundle.py")
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); n++ {
		var a struct {
			Seq     uint64
			Issuers int
			Refused string
		}
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		_, err := cfg.Open(context.Background(), []byte(files[n]))
		switch {
		case n == 0 && (err != nil || a.Seq != contents.Sequence || a.Issuers != len(contents.Issuers)):
			t.Errorf("ours: %v, %+v", err, a)
		case n > 0 && (err == nil || a.Refused == ""):
			t.Errorf("a changed bundle: %v, %+v", err, a)
		}
	}
	if n != len(files) {
		t.Errorf("%d answers to %d bundles", n, len(files))
	}
}
