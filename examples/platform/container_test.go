//go:build linux

package main

import (
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// instruction is a line of the container file.
type instruction struct{ name, rest string }

// containerFile reads the file's stages.
func containerFile() (stages [][]instruction, err error) {
	text, err := os.ReadFile("../../Containerfile")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		if name == "FROM" {
			stages = append(stages, nil)
		}
		stages[len(stages)-1] = append(stages[len(stages)-1], instruction{name, rest})
	}
	return stages, nil
}

func values(stage []instruction, name string) (all []string) {
	for _, i := range stage {
		if i.name == name {
			all = append(all, i.rest)
		}
	}
	return all
}

func theOne(t *testing.T, stage []instruction, name string) string {
	t.Helper()
	all := values(stage, name)
	if len(all) != 1 {
		t.Fatalf("%d of %s", len(all), name)
	}
	return all[0]
}

// There is no container engine in the tests: the file is read, its build is run (see
// built), and what it makes runs in an empty folder as the user it names.
func TestTheContainerFileSaysWhatItShould(t *testing.T) {
	stages, err := containerFile()
	if err != nil || len(stages) != 2 {
		t.Fatalf("%d stages, %v", len(stages), err)
	}
	build, last := stages[0], stages[1]
	if from := theOne(t, last, "FROM"); from != "scratch" {
		t.Errorf("the image begins from %s", from)
	}
	if user := theOne(t, last, "USER"); !regexp.MustCompile(`^[1-9][0-9]+:[1-9][0-9]+$`).MatchString(user) || !strings.Contains(strings.Join(values(last, "COPY"), "\n"), "--chown="+user+" /out/data /data") {
		t.Errorf("user %s, or the data are another's", user)
	}
	made := strings.Join(values(build, "RUN"), "\n")
	for _, c := range values(last, "COPY") {
		if from := regexp.MustCompile(`/out/\w+`).FindString(c); from != "" && !strings.Contains(made, from) {
			t.Errorf("nothing makes %s", from)
		}
	}
	if len(values(last, "RUN")) > 0 {
		t.Error("there is no shell in an empty image to RUN anything")
	}
	known := map[string]*kong.Flag{}
	p, err := kong.New(&cli{}, kong.Vars{"data": ""}, kong.DefaultEnvars("VNEID_PLATFORM"))
	if err != nil {
		t.Fatal(err)
	}
	_ = kong.Visit(p.Model, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok {
			for _, env := range f.Envs {
				known[env] = f
			}
		}
		return next(nil)
	})
	for _, env := range values(last, "ENV") {
		if name, _, _ := strings.Cut(env, "="); known[name] == nil {
			t.Errorf("%s is no flag's", name)
		}
	}
	if strings.Contains(strings.Join(values(last, "ENV"), " "), "LAB_EXPOSED") {
		t.Error("the lab is exposed by default")
	}
	var probe, entry []string
	_, command, _ := strings.Cut(theOne(t, last, "HEALTHCHECK"), "CMD ")
	if err := json.Unmarshal([]byte(command), &probe); err != nil || !slices.Equal(probe, []string{"/platform", "health"}) {
		t.Errorf("health check %s: %v", command, err)
	}
	if err := json.Unmarshal([]byte(theOne(t, last, "ENTRYPOINT")), &entry); err != nil || !slices.Equal(entry, []string{"/platform"}) {
		t.Errorf("entry point %v: %v", entry, err)
	}
}

func TestTheProgramIsStatic(t *testing.T) {
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(filepath.Join(dir, "platform"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if libs, err := f.ImportedLibraries(); err == nil && len(libs) > 0 {
		t.Errorf("it needs %v", libs)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("it needs a loader")
		}
	}
}

// mayChangeRoot reports whether a process can be started in another root: that takes root,
// and a machine that lets it.
func mayChangeRoot(root string) bool {
	cmd := exec.Command("/platform", "version")
	cmd.Dir, cmd.Env = "/", []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
	return os.Geteuid() == 0 && !os.IsPermission(cmd.Run())
}

// The image as far as it can be had without an engine: an empty root with the program
// and /data, no rights, and the environment of the file.
func TestTheProgramRunsInAnEmptyRoot(t *testing.T) {
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	stages, err := containerFile()
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.MkdirTemp("", "image-*") // below t.TempDir others may not look
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(root)
	const nobody = 65532
	program, err := os.ReadFile(filepath.Join(dir, "platform"))
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{os.Chmod(root, 0o755), os.WriteFile(filepath.Join(root, "platform"), program, 0o755),
		os.Mkdir(filepath.Join(root, "data"), 0o700)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	jail := os.Chown(filepath.Join(root, "data"), nobody, nobody) == nil && mayChangeRoot(root)
	if !jail {
		t.Log("nobody here may change the root of a process: the program runs beside the other files")
		if err := os.Chown(filepath.Join(root, "data"), os.Getuid(), os.Getgid()); err != nil {
			t.Fatal(err)
		}
	}
	port := freePort(t)
	env := []string{}
	for _, e := range values(stages[1], "ENV") {
		e = strings.ReplaceAll(e, "0.0.0.0:8088", "0.0.0.0"+port[strings.LastIndexByte(port, ':'):])
		if !jail {
			e = strings.ReplaceAll(e, "=/data", "="+filepath.Join(root, "data"))
		}
		env = append(env, strings.ReplaceAll(e, "127.0.0.1:8088", port))
	}
	inside := func(args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(root, "platform"), args...)
		cmd.Dir, cmd.Env = root, env
		if !jail {
			return cmd
		}
		cmd = exec.Command("/platform", args...)
		cmd.Dir, cmd.Env = "/", env
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		return cmd
	}
	serving := inside()
	var said strings.Builder
	serving.Stderr = &said
	if err := serving.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- serving.Wait() }()
	healthy := false
	for range 10_000 {
		if healthy = inside("health").Run() == nil; healthy {
			break
		}
		time.Sleep(20 * time.Millisecond) // for another process there is no clock to inject
	}
	if !healthy {
		t.Error("it never was healthy")
	}
	if status, body := get(t, "http://"+port+"/"); status != 200 || !strings.Contains(body, "999090000001") {
		t.Errorf("status %d", status)
	}
	if status, _ := get(t, "http://"+port+"/metrics"); status != 404 {
		t.Errorf("figures for everybody: status %d", status)
	}
	if status, _ := get(t, "http://"+port+"/lab"); status != 200 { // by loopback, though others reach the port too
		t.Errorf("the lab from this machine: status %d", status)
	}
	_ = serving.Process.Signal(syscall.SIGTERM)
	if err := <-over; err != nil {
		t.Errorf("it ended with %v\n%s", err, said.String())
	}
	if info, err := os.Stat(filepath.Join(root, "data", "platform.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the data: %v", err)
	}
}
