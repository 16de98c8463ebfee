package archtest

import (
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

var rules = map[string]func(*Tree) []string{
	"third-party packages enter by their door": Doors,
	"packages stand on their floor":            Floors,
	"the root module requires exactly four":    Requirements,
	"libraries keep to themselves":             Conduct,
	"packages export few names":                Budgets,
	"files and functions fit the reader":       Sizes,
	"everything exported is documented":        Docs,
}

func TestTheHouseKeepsItsRules(t *testing.T) {
	tree, err := Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Packages) < 10 {
		t.Fatalf("found only %d packages: looking in the wrong place", len(tree.Packages))
	}
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			for _, bad := range rule(tree) {
				t.Error(bad)
			}
		})
	}
}

const goodMod = "module " + Module + "\n\ngo 1.25.0\n\nrequire (\n" +
	"\tgithub.com/lestrrat-go/jwx/v2 v2.1.7\n\tgithub.com/makiuchi-d/gozxing v0.1.1\n" +
	"\tgithub.com/skip2/go-qrcode v0.0.0-20200617195104-da1b6568686e\n\tgolang.org/x/oauth2 v0.36.0\n)\n"

// house is a tree that keeps every rule.
func house() map[string]string {
	files := map[string]string{"go.mod": goodMod}
	for _, fl := range floors {
		files[fl.dir+"/a.go"] = "// Package x is documented.\npackage x\n"
	}
	return files
}

// Every rule must find its violation and nothing in the twin without it.
func TestEachRuleBites(t *testing.T) {
	long := "// Package x is documented.\npackage x\n" + strings.Repeat("\n", 501)
	many := "// Package x is documented.\npackage x\n\n// Names.\nconst (\n"
	for i := range 61 {
		many += "\tA" + strings.Repeat("x", i) + " = 1\n"
	}
	const pkg = "// Package x is documented.\npackage x\n"
	for _, c := range []struct{ rule, file, src, want string }{
		{"third-party packages enter by their door", "sso/b.go", "package x\nimport _ \"github.com/lestrrat-go/jwx/v2/jwk\"\n", "no door"},
		{"third-party packages enter by their door", "qr/b.go", "package x\nimport _ \"" + Module + "/examples/web\"\n", "examples"},
		{"packages stand on their floor", "internal/fault/b.go", "package x\nimport _ \"net/http\"\n", "vneid reaches net/http"},
		{"packages stand on their floor", "qr/b.go", "package x\nimport _ \"example.org/y\"\n", "qr reaches example.org/y"},
		{"packages stand on their floor", "chip/chiptest/b.go", "package x\nimport _ \"" + Module + "/internal/ec\"\n", "chip/chiptest reaches " + Module + "/internal/ec"},
		{"the root module requires exactly four", "go.mod", strings.Replace(goodMod, ")", "\texample.org/y v1.0.0\n)", 1), "example.org/y"},
		{"the root module requires exactly four", "go.mod", goodMod + "\ntoolchain go1.26.0\n", "toolchain"},
		{"libraries keep to themselves", "qr/b.go", "package x\nimport \"log\"\nfunc f() { log.Println() }\n", "log.Println"},
		{"libraries keep to themselves", "qr/b.go", "package x\nfunc f() { panic(1) }\n", "panic"},
		{"libraries keep to themselves", "qr/b.go", "package x\nfunc init() {}\n", "init"},
		{"libraries keep to themselves", "qr/b.go", "package x\nimport _ \"math/rand/v2\"\n", "crypto/rand"},
		{"packages export few names", "vneid/b.go", many + ")\n", "exports 61 names"},
		{"files and functions fit the reader", "qr/b.go", long, "lines"},
		{"files and functions fit the reader", "qr/b.go", pkg + "func f() {\n" + strings.Repeat("\n", 91) + "}\n", "f has"},
		{"everything exported is documented", "qr/b.go", "package x\nfunc F() {}\n", "F has no comment"},
		{"everything exported is documented", "qr/b.go", pkg, "2 package comments"},
	} {
		good := house()
		if bad := rules[c.rule](tree(t, good)); len(bad) > 0 {
			t.Fatalf("%s: finds fault with the good tree: %v", c.rule, bad)
		}
		broken := maps.Clone(good)
		if vneid := "vneid/a.go"; c.file == "internal/fault/b.go" {
			broken[vneid] += "import _ \"" + Module + "/internal/fault\"\n"
		}
		broken[c.file] = c.src
		if got := strings.Join(rules[c.rule](tree(t, broken)), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: broken %s gives %q, want something with %q", c.rule, c.file, got, c.want)
		}
	}
}

func tree(t *testing.T, files map[string]string) *Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, src := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(src)}
	}
	tree, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
