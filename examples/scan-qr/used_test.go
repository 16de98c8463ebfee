package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// oneTime makes a dynamic code and the file of its issuer's keys.
func oneTime(t *testing.T, at time.Time) (code, keys string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	code, err = qrissue.VN1(qrissue.Claims{
		Kind: qr.Dynamic, Issuer: "https://issuer.example", Issued: at, Expires: at.Add(time.Minute), Level: 2,
		Citizen: vneid.Record{ID: "999195000002", Name: "Trần Thị Bình"},
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	doc, err := json.Marshal(map[string]any{"keys": []any{map[string]string{
		"kty": "EC", "crv": "P-256", "kid": "1", "x": b64(point[1:33]), "y": b64(point[33:]),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	keys = filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(keys, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	return code, keys
}

func TestAOneTimeCodePassesOnceAcrossRuns(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, vietnam)
	code, keys := oneTime(t, at)
	dir := filepath.Join(t.TempDir(), "a", "b")
	args := []string{"-issuer", "https://issuer.example", "-keys", keys, "-now", at.Add(30 * time.Second).Format(time.RFC3339), "-used", dir, "-text", code}
	if status, out := scan(t, "", args...); status != 0 || !strings.Contains(out, "dùng một lần") {
		t.Fatalf("status %d:\n%s", status, out)
	}
	if status, out := scan(t, "", args...); status != 1 || !strings.Contains(out, "Mã đã được sử dụng") {
		t.Errorf("the second run: status %d:\n%s", status, out)
	}
	// A folder that cannot be made: not checked, not passed.
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	args[len(args)-3] = filepath.Join(file, "used")
	if status, out := scan(t, "", args...); status != 2 {
		t.Errorf("without a folder: status %d:\n%s", status, out)
	}
}

func TestOfManyScansAtOnceOnePasses(t *testing.T) {
	used := usedCodes{dir: t.TempDir(), now: time.Now}
	once := vneid.Once{Use: vneid.UseQR, Issuer: "i", ID: "one", Until: time.Now().Add(time.Minute)}
	var passes, refusals atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			switch err := used.Use(context.Background(), once); {
			case err == nil:
				passes.Add(1)
			case errors.Is(err, vneid.ErrReplayed):
				refusals.Add(1)
			}
		})
	}
	all.Wait()
	if passes.Load() != 1 || refusals.Load() != 49 {
		t.Errorf("%d passed, %d were refused", passes.Load(), refusals.Load())
	}
}

func TestUsedCodesAreForgottenWhenBothClocksSaySo(t *testing.T) {
	dir := t.TempDir()
	use := func(id string, until, now time.Time) {
		t.Helper()
		used := usedCodes{dir: dir, now: func() time.Time { return now }}
		if err := used.Use(context.Background(), vneid.Once{ID: id, Until: until}); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	real := time.Now()
	long := real.Add(-72 * time.Hour)
	use("old", long, long)
	use("fresh", real, real.AddDate(100, 0, 0)) // a pretended far future forgets only what is really over
	if count() != 1 {
		t.Errorf("%d files: the old one should be gone", count())
	}
	use("pretended past", long, long)
	use("another", long, long)
	if count() != 3 {
		t.Errorf("%d files: a pretended past forgets nothing", count())
	}
}
