package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/kiosk"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// try runs the program in a folder of its own.
func try(t *testing.T, args ...string) (status int, out, progress string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), args, &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

// site is the reference platform as it runs.
func site(t *testing.T) (*web.Site, string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	s, err := web.New(t.Context(), web.Config{Issuer: url})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s
	server.Start()
	t.Cleanup(server.Close)
	return s, url
}

// maker makes a key in a new folder and returns the flags for it.
func maker(t *testing.T) (dir string, flags []string) {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", os.Getenv("XDG_CACHE_HOME"))
	dir = t.TempDir()
	name := filepath.Join(dir, "kiosk")
	if status, out, said := try(t, "new-key", "-maker", "https://kiosks.example", "-out", name); status != passed || !strings.Contains(out, "khóa bí mật") {
		t.Fatal(status, out, said)
	}
	return dir, []string{"-key", name + ".key", "-pin", name + ".pin.json", "-out", filepath.Join(dir, "kiosk.bundle")}
}

func TestABundleOfTheRunningPlatformServesAKioskWithoutANetwork(t *testing.T) {
	s, url := site(t)
	dir, flags := maker(t)
	status, out, progress := try(t, append([]string{"make", "-platform", url + "/"}, flags...)...)
	if status != passed || !strings.Contains(out, "kiosk.bundle: gói số") {
		t.Fatalf("status %d:\n%s%s", status, out, progress)
	}
	if strings.Count(progress, "\n") != 10 || !strings.Contains(progress, "[1/10] "+url+"/qr/jwks.json") || !strings.Contains(progress, "[10/10] ") {
		t.Errorf("progress:\n%s", progress)
	}
	bundle, pin := filepath.Join(dir, "kiosk.bundle"), filepath.Join(dir, "kiosk.pin.json")
	b, err := kiosk.Open(t.Context(), bundle, pin, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Kinds("document"); !reflect.DeepEqual(got, s.Platform.Issuers()) {
		t.Errorf("who may sign what: %v, want %v", got, s.Platform.Issuers())
	}
	for _, kind := range []document.Kind{"", document.DriverLicence} {
		verifier, err := qr.New(qr.Config{Issuers: b.Issuers(vneid.UseQR), Keys: b, Status: b, Signs: b.Kinds(vneid.UseQR), Document: kind})
		if err != nil {
			t.Fatal(err)
		}
		code, err := s.Platform.IssueCode(t.Context(), "level2", platform.CodeRequest{Kind: qr.Static})
		if kind != "" {
			code, err = s.Platform.Present(t.Context(), "level2", kind)
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, err := verifier.Verify(t.Context(), code); err != nil || kind == "" && c.Status() != qr.StatusValid {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

func TestABundleIsShownAndVerified(t *testing.T) {
	_, url := site(t)
	dir, flags := maker(t)
	anchor := filepath.Join(dir, "csca.pem")
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(anchor, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"make", "-platform", url, "-anchor", anchor, "-label", "test: mẫu", "-crl", anchor, "-master", anchor + "," + anchor, "-days", "2", "-sequence", "12",
		"-now", "2026-01-15T03:00:00Z"}, flags...)
	if status, out, progress := try(t, args...); status != passed {
		t.Fatalf("status %d:\n%s%s", status, out, progress)
	}
	bundle, pin := filepath.Join(dir, "kiosk.bundle"), filepath.Join(dir, "kiosk.pin.json")
	status, out, _ := try(t, "show", "-pin", pin, "-now", "2026-01-15T04:00:00Z", bundle)
	for _, want := range []string{"Đã xác minh", "Số: 12", "Tạo lúc: 15/01/2026 10:00", "Có giá trị đến: 17/01/2026 10:00", url + " (dùng cho qr, status)",
		"driver-licence", url + "/issuer/tax/status/1", "VN, test: mẫu", "Danh sách thu hồi", "Danh sách chứng thư"} {
		if status != passed || !strings.Contains(out, want) {
			t.Errorf("status %d, no %q:\n%s", status, want, out)
		}
	}
	if _, out, _ := try(t, "show", "-pin", pin, "-lang", "en", "-now", "2026-01-15T04:00:00Z", bundle); !strings.Contains(out, "Verified") || !strings.Contains(out, "Sequence: 12") {
		t.Errorf("in English:\n%s", out)
	}
	for when, want := range map[string]int{"2026-01-17T03:00:30Z": passed, "2026-01-17T03:02:00Z": unknown, "2026-01-14T03:00:00Z": unknown} {
		if status, out, _ := try(t, "verify", "-pin", pin, "-now", when, bundle); status != want || (want == passed) != strings.Contains(out, "Đã xác minh") {
			t.Errorf("at %s: status %d:\n%s", when, status, out)
		}
	}
	other, _ := maker(t)
	if status, out, _ := try(t, "verify", "-pin", filepath.Join(other, "kiosk.pin.json"), "-now", "2026-01-15T04:00:00Z", bundle); status != refused {
		t.Errorf("another maker's: status %d:\n%s", status, out)
	}
	if status, out, _ := try(t, "show", "-pin", filepath.Join(other, "kiosk.pin.json"), "-now", "2026-01-15T04:00:00Z", bundle); status != refused || strings.Contains(out, url) {
		t.Errorf("what is not verified is shown: status %d:\n%s", status, out)
	}
}

func TestPartsComeFromFilesToo(t *testing.T) {
	dir, flags := maker(t)
	const fixtures = "../../vneid/trustbundle/testdata/"
	list := filepath.Join(dir, "list.jwt")
	if err := os.WriteFile(list, []byte("a.b.c\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, progress := try(t, append([]string{"make", "-lang", "en",
		"-issuer", "https://issuer.example,qr+status,driver-licence+health-insurance," + fixtures + "pinned.json", "-list", "https://issuer.example/status/1=" + list}, flags...)...)
	if status != passed || !strings.Contains(progress, "[2/2] "+list+" 6 B") {
		t.Fatalf("status %d:\n%s%s", status, out, progress)
	}
	b, err := kiosk.Open(t.Context(), filepath.Join(dir, "kiosk.bundle"), filepath.Join(dir, "kiosk.pin.json"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if token, err := b.Fetch(t.Context(), "https://issuer.example/status/1"); err != nil || string(token) != "a.b.c" {
		t.Errorf("%q, %v", token, err)
	}
	if kinds := b.Kinds(vneid.UseQR); !maps.EqualFunc(kinds, map[string][]document.Kind{"https://issuer.example": {document.DriverLicence, document.HealthInsurance}},
		func(a, b []document.Kind) bool { return reflect.DeepEqual(a, b) }) {
		t.Errorf("%v", kinds)
	}
}

// A bundle that lacks what was asked for is not made, and the old one stays.
func TestWhatCannotBeHadStopsTheMaking(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "http://127.0.0.2:1/keys", http.StatusFound)
		case "/empty":
		case "/large":
			w.Write(make([]byte, largest+1))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	dir, flags := maker(t)
	bundle := filepath.Join(dir, "kiosk.bundle")
	if err := os.WriteFile(bundle, []byte("the old one"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{
		"not there": server.URL + "/nothing", "elsewhere": server.URL + "/moved", "empty": server.URL + "/empty", "too large": server.URL + "/large",
		"no answer": "http://127.0.0.1:1/", "no file": filepath.Join(dir, "none"), "in the clear": "http://issuer.example/keys", "no key set": filepath.Join(dir, "kiosk.key"),
	} {
		status, out, progress := try(t, append([]string{"make", "-issuer", "i,qr,," + from}, flags...)...)
		if old, _ := os.ReadFile(bundle); status != unknown || out != "" || string(old) != "the old one" {
			t.Errorf("%s: status %d:\n%s%s", name, status, out, progress)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, ".new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAKeyStaysWithItsOwner(t *testing.T) {
	dir, _ := maker(t)
	info, err := os.Stat(filepath.Join(dir, "kiosk.key"))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	before, _ := os.ReadFile(filepath.Join(dir, "kiosk.key"))
	if status, _, _ := try(t, "new-key", "-maker", "x", "-out", filepath.Join(dir, "kiosk")); status != unknown {
		t.Errorf("status %d", status)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "kiosk.key")); !bytes.Equal(before, after) {
		t.Error("a key was overwritten")
	}
	pin, _ := os.ReadFile(filepath.Join(dir, "kiosk.pin.json"))
	if bytes.Contains(pin, []byte(`"d"`)) {
		t.Error("the private key is in the pin")
	}
	other, flags := maker(t)
	flags[1] = filepath.Join(dir, "kiosk.key") // of another maker than the pin's
	if status, _, said := try(t, append([]string{"make", "-list", "u=" + filepath.Join(other, "kiosk.key")}, flags...)...); status != unknown || !strings.Contains(said, "not among those") {
		t.Errorf("status %d: %s", status, said)
	}
}

func TestWrongUsage(t *testing.T) {
	_, flags := maker(t)
	for name, args := range map[string][]string{
		"nothing": {}, "an unknown command": {"open"}, "make without a key": {"make", "-out", "x"}, "new-key without a name": {"new-key", "-maker", "m"},
		"show without a pin": {"show", "x"}, "verify without a bundle": {"verify", "-pin", flags[3]}, "an issuer of three parts": append([]string{"make", "-issuer", "a,b,c"}, flags...),
		"a master list alone": append([]string{"make", "-master", flags[3]}, flags...), "40 days": append([]string{"make", "-days", "40"}, flags...),
		"an argument": append(append([]string{"make"}, flags...), "x"), "an unknown language": {"verify", "-lang", "fr"}, "a pin that is none": {"verify", "-pin", flags[1], flags[3]},
		"a bundle that is not there": {"verify", "-pin", flags[3], "/no/such"},
	} {
		if status, out, said := try(t, args...); status != unknown || out != "" || said == "" {
			t.Errorf("%s: status %d:\n%s%s", name, status, out, said)
		}
	}
}
