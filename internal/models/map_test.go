package models

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var named = regexp.MustCompile(`\b(?:events\.)?(?:Platform|sharing|State|Receiver|Ledger|approval|events)\.([A-Za-z]\w*)`)

// The functions that the heads of the models name are there.
func TestStepsStandForFunctionsThatAreThere(t *testing.T) {
	functions := map[string]bool{}
	for _, dir := range []string{"../platform", "../approval", "../../vneid/share/events"} {
		paths, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(paths) == 0 {
			t.Fatal(dir, err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok {
					functions[fn.Name.Name] = true
				}
			}
		}
	}
	n := 0
	for _, m := range Models() {
		text, err := os.ReadFile(m.Name + ".pml")
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(text), "*/")
		for _, name := range named.FindAllStringSubmatch(head, -1) {
			if n++; !functions[name[1]] {
				t.Errorf("%s names %s, which is not there", m.Name, name[0])
			}
		}
		for _, macro := range m.Broken {
			if !strings.Contains(head, "-D"+macro) {
				t.Errorf("%s does not say what %s is", m.Name, macro)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d functions are named", n)
	}
}
