package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var (
	docFlag   = regexp.MustCompile("(?:^|[ `(])--?([a-z][a-z-]+)")
	docEnv    = regexp.MustCompile(`VNEID_PLATFORM_[A-Z_]+`)
	docMetric = regexp.MustCompile("(?m)^\\| `(vneid_\\w+)` ")
	command   = regexp.MustCompile("(?m)(?:^|[ `/\"])platform\"?( [^`|\n]*)")
)

// What the manuals tell to type is there, and what is there is in the manual.
func TestTheManualsKnowTheProgram(t *testing.T) {
	flags, envs := map[string]bool{}, map[string]bool{}
	p, err := kong.New(&cli{}, kong.Vars{"data": ""}, kong.DefaultEnvars("VNEID_PLATFORM"))
	if err != nil {
		t.Fatal(err)
	}
	_ = kong.Visit(p.Model, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok {
			flags[f.Name] = true
			for _, env := range f.Envs {
				envs[env] = true
			}
		}
		return next(nil)
	})
	read := func(name string) string {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	manual := read("docs/platform.md")
	for _, name := range []string{"docs/platform.md", "docs/ci.md", "README.md", "Containerfile"} {
		text, said := read(name), 0
		for _, m := range command.FindAllStringSubmatch(text, -1) {
			for _, f := range docFlag.FindAllStringSubmatch(m[1], -1) {
				if said++; !flags[f[1]] {
					t.Errorf("%s: platform%s: there is no -%s", name, m[1], f[1])
				}
			}
		}
		for _, env := range docEnv.FindAllString(text, -1) {
			if said++; !envs[env] {
				t.Errorf("%s: there is no %s", name, env)
			}
		}
		if said == 0 && name != "README.md" {
			t.Errorf("%s: nothing was found to compare", name)
		}
	}
	for f := range flags {
		if !strings.Contains(manual, "-"+f) && f != "help" && f != "citizens" {
			t.Errorf("the manual lacks -%s", f)
		}
	}
	s := start(t, "-store", "memory:", "-people", "0")
	get(t, s.address+"/")
	_, figures := get(t, s.address+"/metrics")
	inManual := map[string]bool{}
	for _, m := range docMetric.FindAllStringSubmatch(manual, -1) {
		inManual[m[1]] = true
		if !strings.Contains(figures, "# TYPE "+m[1]+" ") {
			t.Errorf("there is no figure %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`# TYPE (vneid_\w+) `).FindAllStringSubmatch(figures, -1) {
		if !inManual[m[1]] {
			t.Errorf("the manual lacks the figure %s", m[1])
		}
	}
}

// The calls of the manual for CI do what it says, in its order.
func TestTheManualsCallsOfTheLabPass(t *testing.T) {
	text, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, "-store", "memory:", "-people", "0")
	lab := s.address + regexp.MustCompile(`(?m)^lab=http://127\.0\.0\.1:8088(\S+)$`).FindStringSubmatch(string(text))[1]
	calls := regexp.MustCompile(`(?m)^(?:curl -fsS (-X DELETE )?"\$lab/(\S+)"|json (\w+) +'(.*)')(?: +#.*)?$`).FindAllStringSubmatch(string(text), -1)
	if len(calls) != strings.Count(string(text), "\njson ")+strings.Count(string(text), "\ncurl ") || len(calls) < 10 {
		t.Fatalf("%d calls", len(calls))
	}
	for _, c := range calls {
		method, path, body := http.MethodGet, c[2], c[4]
		if c[1] != "" {
			method = http.MethodDelete
		} else if c[3] != "" {
			method, path = http.MethodPost, c[3]
		}
		r, err := http.NewRequest(method, lab+"/"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 200 || !strings.Contains(string(answer), `"version":1`) {
			t.Errorf("%s: status %d, %s", c[0], res.StatusCode, answer)
		}
	}
}
