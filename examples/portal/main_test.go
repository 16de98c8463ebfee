package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
)

func TestItStaysOnThisMachine(t *testing.T) {
	if err := run(t.Context(), []string{"-addr", "0.0.0.0:0"}); !errors.Is(err, serve.ErrExposed) {
		t.Errorf("got %v", err)
	}
}

// keyFile writes a private key that the test platform does not know.
func keyFile(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestEveryModeStartsAndSaysWhatItLacks(t *testing.T) {
	over, stop := context.WithCancel(t.Context())
	stop() // it starts, and ends at once
	for args, want := range map[string]string{
		"":                                      "",
		"-profile fapi2":                        "",
		"-wire vnconnect":                       "",
		"-wire envelope":                        "",
		"-profile fapi2 -key-file KEY":          "",
		"-wire envelope -key-file KEY":          "Key", // no key of that sort decrypts
		"-issuer http://id.example":             "Issuer",
		"-redirect /callback":                   "redirect",
		"-profile fapi2 -key-file envelope.txt": "envelope.txt",
	} {
		list := append(strings.Fields(strings.ReplaceAll(args, "KEY", keyFile(t))), "-addr", "127.0.0.1:0")
		err := run(over, list)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
