package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

// machine has files of bundles, and of the key that is pinned.
type machine struct {
	t   *testing.T
	dir string
	key ed25519.PrivateKey
	pin string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", os.Getenv("XDG_CACHE_HOME"))
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := &machine{t: t, dir: t.TempDir(), key: key}
	k.pin = k.write("pin.json", fmt.Appendf(nil, `{"issuer":"kiosks","keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":%q}]}`, base64.RawURLEncoding.EncodeToString(public)))
	return k
}

func (k *machine) write(name string, content []byte) string {
	k.t.Helper()
	file := filepath.Join(k.dir, name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		k.t.Fatal(err)
	}
	return file
}

// bundle returns the flags for a bundle that was made so long ago.
func (k *machine) bundle(ago time.Duration, sequence uint64, anchor []byte, crls ...[]byte) []string {
	k.t.Helper()
	made := time.Now().Add(-ago).Truncate(time.Second)
	c := trustbundle.Contents{Maker: "kiosks", Made: made, Until: made.AddDate(0, 0, 7), Sequence: sequence, CRLs: crls}
	c.Anchors = []chip.Anchor{{Certificates: anchor, Country: "VN", Label: "provider: Ví Dụ"}}
	file, err := c.Sign("k", k.key)
	if err != nil {
		k.t.Fatal(err)
	}
	return []string{"-bundle", k.write(fmt.Sprint("bundle-", sequence), file), "-bundle-key", k.pin}
}

func TestABundleHasTheAnchorsOfAMachineWithoutANetwork(t *testing.T) {
	issuer, err := chiptest.NewIssuer(chiptest.Authority{})
	if err != nil {
		t.Fatal(err)
	}
	card, err := chiptest.New(chiptest.Card{Issuer: issuer})
	if err != nil {
		t.Fatal(err)
	}
	none, err := issuer.CRL()
	if err != nil {
		t.Fatal(err)
	}
	revoked, err := issuer.CRL(card)
	if err != nil {
		t.Fatal(err)
	}
	access, err := chip.CAN(card.Access().CAN)
	if err != nil {
		t.Fatal(err)
	}
	read1, err := chip.Read(t.Context(), card, access, chip.ReadOptions{MaxResponse: extended})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(read1)
	if err != nil {
		t.Fatal(err)
	}
	_, other := saved(t, chiptest.Card{})
	stranger, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	k := newMachine(t)
	dump := k.write("dump.json", text)

	status, out, _ := read(t, "", append(k.bundle(time.Hour, 1, issuer.Anchor(), none), "-dump", dump)...)
	if status != unknown { // a dump proves no chip
		t.Errorf("status %d", status)
	}
	contains(t, out, "Dữ liệu gốc, chưa chứng minh chip thật", "Chứng thư gốc do: provider: Ví Dụ", "*********001")

	if status, out, _ := read(t, "", append(k.bundle(time.Hour, 2, issuer.Anchor(), revoked), "-dump", dump)...); status != refused || strings.Contains(out, "*001") {
		t.Errorf("its signer is revoked: status %d:\n%s", status, out)
	}
	if status, out, _ := read(t, "", append(k.bundle(time.Hour, 3, stranger), "-dump", dump)...); status == passed || strings.Contains(out, "*001") {
		t.Errorf("another anchor: status %d:\n%s", status, out)
	}
	status, out, said := read(t, "", append(k.bundle(8*24*time.Hour, 4, issuer.Anchor(), none), "-dump", dump)...)
	if status != unknown || out != "" {
		t.Errorf("too old: status %d:\n%s", status, out)
	}
	contains(t, said, "too old", "nạp gói mới")
	status, out, said = read(t, "", append(k.bundle(time.Hour, 2, issuer.Anchor(), none), "-dump", dump)...)
	if status != unknown || out != "" || !strings.Contains(said, "newer bundle") {
		t.Errorf("older than the one before: status %d:\n%s%s", status, out, said)
	}
}

func TestFlagsOfBundlesThatCannotBeMeant(t *testing.T) {
	for name, args := range map[string][]string{
		"a bundle without a key": {"-bundle", "x"},
		"a key without a bundle": {"-bundle-key", "x"},
		"a bundle and an anchor": {"-bundle", "x", "-bundle-key", "x", "-anchor", "x"},
	} {
		if status, _, said := read(t, "", args...); status != unknown || !strings.Contains(said, "-bundle") {
			t.Errorf("%s: status %d: %s", name, status, said)
		}
	}
}
