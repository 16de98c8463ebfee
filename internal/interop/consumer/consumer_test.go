// Package consumer builds what a consumer builds: a service of its own on a
// released version of the SDK, from an empty module cache, with no workspace and
// no replace directive in sight.
package consumer

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"
)

const (
	rootModule = "github.com/vneid-sdk/vneid-go"
	version    = "v0.1.0"
	repository = "../../.."
)

// nested lists the modules that are released beside the root.
func nested(t *testing.T) (dirs []string) {
	t.Helper()
	work, err := os.ReadFile(filepath.Join(repository, "go.work"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := modfile.ParseWork("go.work", work, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, use := range f.Use {
		if use.Path != "." {
			dirs = append(dirs, strings.TrimPrefix(use.Path, "./"))
		}
	}
	if len(dirs) == 0 {
		t.Fatal("go.work names no nested module")
	}
	return dirs
}

func TestAServiceOfItsOwnBuildsOnTheReleasedModules(t *testing.T) {
	proxy := t.TempDir()
	release(t, proxy, rootModule, repository)
	for _, dir := range nested(t) {
		release(t, proxy, rootModule+"/"+dir, filepath.Join(repository, dir))
	}
	env := emptyMachine(t, proxy)

	hotel := t.TempDir()
	if err := os.CopyFS(hotel, renamed(t, "testdata/hotel")); err != nil {
		t.Fatal(err)
	}
	run(t, env, hotel, "go", "mod", "init", "example.org/hotel")
	run(t, env, hotel, "go", "get", rootModule+"@"+version)
	run(t, env, hotel, "go", "mod", "tidy")
	out := run(t, env, hotel, "go", "test", "-v", "./...")
	if !strings.Contains(out, "--- PASS: TestGuestChecksIn") {
		t.Errorf("the consumer's test did not run:\n%s", out)
	}
	if sum, err := os.ReadFile(filepath.Join(hotel, "go.mod")); err != nil || strings.Contains(string(sum), "replace") {
		t.Error("the consumer needed a replace directive", err)
	}

	run(t, env, hotel, "go", "install", rootModule+"/examples/scan-qr@"+version)
	bin := filepath.Join(strings.TrimSpace(run(t, env, hotel, "go", "env", "GOBIN")), "scan-qr"+exe())
	cmd := exec.Command(bin, "-text", "https://example.org/")
	cmd.Env = env
	answer, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 1 && code != 2 {
		t.Errorf("the installed scan-qr ended with %d (%v):\n%s", code, err, answer)
	}
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// release writes what a module proxy serves for one module at one version.
func release(t *testing.T, proxy, path, dir string) {
	t.Helper()
	src := t.TempDir()
	copyModule(t, src, dir)
	gomod := filepath.Join(src, "go.mod")
	released := strip(t, gomod)
	if err := os.WriteFile(gomod, released, 0o644); err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(proxy, filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := modzip.CreateFromDir(&buf, module.Version{Path: path, Version: version}, src); err != nil {
		t.Fatal(err)
	}
	zr, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s@%s: %d files, %d KiB", path, version, len(zr.File), buf.Len()/1024)
	info, _ := json.Marshal(map[string]string{"Version": version, "Time": "2026-01-01T00:00:00Z"})
	for name, content := range map[string][]byte{
		"list": []byte(version + "\n"), version + ".info": info, version + ".mod": released, version + ".zip": buf.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(at, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// copyModule copies the files that git tracks or would track.
func copyModule(t *testing.T, dst, dir string) {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "-co", "--exclude-standard", "-z", ".")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
			t.Fatal("this is no git checkout, or git is missing:", err)
		}
		t.Skip("skipped: this is no git checkout, or git is missing:", err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dst, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// strip drops replace directives and requires our own modules at the version.
func strip(t *testing.T, gomod string) []byte {
	t.Helper()
	b, err := os.ReadFile(gomod)
	if err != nil {
		t.Fatal(err)
	}
	f, err := modfile.Parse(gomod, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.Replace {
		if err := f.DropReplace(r.Old.Path, r.Old.Version); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range f.Require {
		if strings.HasPrefix(r.Mod.Path, rootModule) {
			if err := f.AddRequire(r.Mod.Path, version); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.Cleanup()
	out, err := f.Format()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// emptyMachine is an environment whose caches are empty. Third-party modules
// come from this machine's download cache when it has them, else as usual.
func emptyMachine(t *testing.T, proxy string) []string {
	t.Helper()
	host := func(name string) string {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	home := t.TempDir()
	cached := "file://" + filepath.ToSlash(filepath.Join(host("GOMODCACHE"), "cache", "download"))
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "USERPROFILE=" + home, "TMPDIR=" + os.TempDir(),
		"GOWORK=off", "GOFLAGS=-modcacherw", "GOTOOLCHAIN=local", "CGO_ENABLED=0",
		"GOMODCACHE=" + filepath.Join(home, "mod"), "GOBIN=" + filepath.Join(home, "bin"),
		"GOCACHE=" + filepath.Join(home, "cache"),
		"GOPROXY=file://" + filepath.ToSlash(proxy) + "," + cached + "," + host("GOPROXY"),
		"GONOSUMDB=" + rootModule + "," + rootModule + "/*", "GOSUMDB=" + host("GOSUMDB"),
	}
	return env
}

func run(t *testing.T, env []string, dir string, argv ...string) string {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, out)
	}
	return string(out)
}

// renamed gives the files of dir without the .txt that keeps them from being
// compiled here.
func renamed(t *testing.T, dir string) fs.FS {
	t.Helper()
	out := t.TempDir()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		name := regexp.MustCompile(`\.txt$`).ReplaceAllString(e.Name(), "")
		if err := os.WriteFile(filepath.Join(out, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return os.DirFS(out)
}
