package models

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the trails that Spin finds")

// tools skips the test where Spin or a C compiler is missing, or fails it where
// VNEID_REQUIRE_PEERS is 1.
func tools(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"spin", "gcc"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
				t.Fatal(err)
			}
			t.Skip("skipped: " + tool + " is not installed")
		}
	}
}

// run runs a command in a folder and returns what it printed.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// search is one run of the verifier that Spin makes of a model.
type search struct {
	errors, states int
	text           string
	steps          []Step // to the bad ending, if there is one
}

var (
	errorsLine = regexp.MustCompile(`errors: (\d+)`)
	statesLine = regexp.MustCompile(`(\d+) states, stored`)
	stepLine   = regexp.MustCompile(`STEP ([^:]+): (.+)`)
)

// explore searches a model, or one broken variant of it. Without a formula it goes
// breadth first, so that the first bad ending has the shortest way.
func explore(t *testing.T, m Model, broken, formula string) search {
	t.Helper()
	dir := t.TempDir()
	source, err := Source(m.Name)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "m.pml"), source, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	var macro []string
	if broken != "" {
		macro = []string{"-D" + broken}
	}
	run(t, dir, "spin", append(macro, "-a", "m.pml")...)
	options, args := []string{"-DSAFETY", "-DNOCLAIM", "-DBFS"}, []string(nil)
	if formula != "" {
		options, args = nil, []string{"-a", "-N", formula}
	}
	run(t, dir, "gcc", append(options, "-O1", "-w", "-o", "pan", "pan.c")...)
	out := run(t, dir, "./pan", args...)
	s := search{text: out}
	found := errorsLine.FindStringSubmatch(out)
	stored := statesLine.FindStringSubmatch(out)
	if found == nil || stored == nil || strings.Contains(out, "too small") {
		t.Fatalf("the search is not complete:\n%s", out)
	}
	s.errors, _ = strconv.Atoi(found[1])
	s.states, _ = strconv.Atoi(stored[1])
	if s.errors > 0 && formula == "" {
		s.steps = steps(run(t, dir, "spin", append(macro, "-t", "m.pml")...))
	}
	return s
}

// steps reads the named steps out of a simulation.
func steps(text string) (out []Step) {
	for _, m := range stepLine.FindAllStringSubmatch(text, -1) {
		out = append(out, Step{m[1], strings.TrimSpace(m[2])})
	}
	return out
}

func TestModelsHaveNoBadEnding(t *testing.T) {
	tools(t)
	for _, m := range Models() {
		for _, formula := range []string{"", m.Formula} {
			s := explore(t, m, "", formula)
			if s.errors != 0 || s.states < 100 {
				t.Errorf("%s %s: %d errors in %d states\n%s", m.Name, formula, s.errors, s.states, s.text)
			}
			t.Logf("%-10s %-6s %7d states, no bad ending", m.Name, formula, s.states)
			if m.Formula == "" {
				break
			}
		}
	}
}

// Each broken variant fails by its assertion, and its formula if there is one.
func TestBrokenModelsHaveOne(t *testing.T) {
	tools(t)
	known := strings.Contains(run(t, ".", "spin", "-V"), "Version 6.5.2")
	for _, m := range Models() {
		for _, broken := range m.Broken {
			s := explore(t, m, broken, "")
			if s.errors == 0 || !strings.Contains(s.text, "assertion violated") || len(s.steps) == 0 {
				t.Errorf("%s %s: %d errors\n%s", m.Name, broken, s.errors, s.text)
				continue
			}
			found := Trail{m.Name, broken, s.steps}
			if !endsBadly(t, found) {
				t.Errorf("%s %s: the steps that Spin found lead to no bad ending: %v", m.Name, broken, found.Steps)
			}
			if *update {
				keep(t, found)
			} else if kept, err := Kept(m.Name, broken); err != nil || known && !reflect.DeepEqual(kept, found) {
				t.Errorf("%s %s: testdata has another trail (go test -update): %v\n%v\n%v", m.Name, broken, err, kept, found)
			}
			if m.Formula != "" {
				if s := explore(t, m, broken, m.Formula); s.errors == 0 {
					t.Errorf("%s %s: the formula %s holds", m.Name, broken, m.Formula)
				}
			}
			t.Logf("%-10s %-14s %7d states, a bad ending after %d steps", m.Name, broken, s.states, len(s.steps))
		}
	}
}

func keep(t *testing.T, trail Trail) {
	t.Helper()
	b, err := json.MarshalIndent(trail, "", " ")
	if err == nil {
		err = os.WriteFile(trailFile(trail.Model, trail.Broken), append(b, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
