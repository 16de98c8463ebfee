package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// parsed reads a command line as run does.
func parsed(t *testing.T, args ...string) (cli, error) {
	t.Helper()
	var c cli
	p, err := kong.New(&c, kong.Vars{"data": "/default"}, kong.DefaultEnvars("VNEID_PLATFORM"), kong.Configuration(readConfig))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(twoDashes(args))
	return c, err
}

// The sample has every flag, and nothing that is none.
func TestTheSampleFileIsWhole(t *testing.T) {
	c, err := parsed(t, "-config", "platform.jsonc")
	if err != nil {
		t.Fatal(err)
	}
	s := c.Serve
	if s.Data != "/var/lib/vneid-platform" || s.Metrics != "127.0.0.1:9464" || s.MaxRecords != 10_000_000 || s.Drain != 0 || s.Grace.Seconds() != 10 || s.Seed != 1 {
		t.Errorf("%+v", s)
	}
	text, err := os.ReadFile("platform.jsonc")
	if err != nil {
		t.Fatal(err)
	}
	r, err := readConfig(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	file := r.(config)
	for _, name := range file.Names() {
		have[name] = true
	}
	p, err := kong.New(&cli{}, kong.Vars{"data": ""})
	if err != nil {
		t.Fatal(err)
	}
	_ = kong.Visit(p.Model, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok && !have[f.Name] && f.Name != "help" && f.Name != "config" {
			t.Errorf("the sample lacks %s", f.Name)
		}
		return next(nil)
	})
	// Nothing in it is silent about what it does.
	if n := strings.Count(string(text), "\n  //"); n < 14 {
		t.Errorf("%d lines of words", n)
	}
}

func TestTheNearerPlaceWins(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.jsonc")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("// words\n{\"addr\": \"127.0.0.1:1\", \"people\": 5,\n // more words\n \"expose\": true, \"seed\": 3}\n")
	t.Setenv("VNEID_PLATFORM_SEED", "4")
	c, err := parsed(t, "-config", file, "-addr", "127.0.0.1:2")
	if err != nil || c.Serve.Addr != "127.0.0.1:2" || c.Serve.People != 5 || c.Serve.Seed != 4 || !c.Serve.Expose || c.Serve.Portal != "http://127.0.0.1:8090/callback" {
		t.Errorf("%+v, %v", c.Serve, err)
	}
	if c, err = parsed(t, "load", "-config", file, "-citizens", "9"); err != nil || c.Load.Seed != 4 || c.Load.Citizens != 9 || c.Load.Data != "/default" {
		t.Errorf("%+v, %v", c.Load, err)
	}
	for fault, text := range map[string]string{
		"a name that is no flag": `{"adr": "x"}`,
		"a name twice":           `{"addr": "x", "addr": "y"}`,
		"another type":           `{"people": "many"}`,
		"a list":                 `{"addr": ["x"]}`,
		"no object":              `["addr"]`,
		"a comma too many":       `{"addr": "x",}`,
		"words behind a value":   `{"addr": "x" // words` + "\n}",
		"a file in a file":       `{"config": "x"}`,
	} {
		write(text)
		if _, err := parsed(t, "-config", file); err == nil {
			t.Errorf("%s passes", fault)
		}
	}
	if _, err := parsed(t, "-config", file+".none"); err == nil {
		t.Error("a file that is not there passes")
	}
}
