package main

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/reconcile"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

func TestItShowsWhatDiffers(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.Share("https://portal.example/callback")
	client, err := share.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "journal.jsonl")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	journal := &reconcile.Journal{Out: file, Now: p.Now}
	asked := share.Request{Purpose: vneidtest.Purpose, Documents: []share.Want{{Kind: document.DriverLicence, Claims: []share.Claim{{Name: "number"}}}}}
	s, err := client.Ask(t.Context(), asked, p.Person("level2").Username, "")
	if err == nil {
		err = journal.Asked(s.Reference(""), asked)
	}
	if err == nil {
		err = p.Approve("level2", s.Number())
	}
	if err != nil {
		t.Fatal(err)
	}
	p.Advance(5 * time.Second)
	got, err := client.Poll(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	b, err := x509.MarshalPKCS8PrivateKey(cfg.Key)
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(dir, "key.pem")
	if err := os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b}), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-issuer", cfg.Issuer, "-client-id", cfg.ClientID, "-redirect", cfg.RedirectURL, "-key-id", cfg.KeyID, "-key-file", key,
		"-trust", cfg.Issuer + "/issuer/police=driver-licence", "-day", p.Now().In(vietnam).Format(time.DateOnly), name}
	var out, stderr strings.Builder
	if status := run(t.Context(), args, p.Now, &out, &stderr); status != 1 || !strings.Contains(out.String(), "charged, and it did not come") {
		t.Errorf("the answer is not in the journal: %d %s%s", status, &out, &stderr)
	}
	if err := journal.Answered(s.Reference(""), asked, got, nil); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if status := run(t.Context(), args, p.Now, &out, &stderr); status != 0 || !strings.Contains(out.String(), "1 dòng bên này / rows here, 1 bên kia") {
		t.Errorf("it is: %d %s%s", status, &out, &stderr)
	}
	for _, bad := range [][]string{{"-day", "2026-02-30", name}, {}, {"-nonsense"}, append(args[:len(args):len(args)], filepath.Join(dir, "none"))} {
		if status := run(t.Context(), bad, p.Now, &out, &stderr); status != 2 {
			t.Errorf("%v: %d", bad, status)
		}
	}
	for _, w := range []reconcile.What{reconcile.Charged, reconcile.Uncharged, reconcile.Unknown, reconcile.Unlisted, reconcile.Twice, reconcile.OtherWord, reconcile.OtherTxn} {
		if words[w] == "" {
			t.Errorf("no words for %s", w)
		}
	}
}
