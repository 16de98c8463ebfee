// Package archtest holds the rules of the house as tests: which package may lean
// on which, what a library package may never do, how large it may grow, and that
// everything exported is documented. Each rule is a function from the parsed
// tree to its violations, and is itself tested on a tree that breaks it.
//
// The tests parse the source in this process. A test that asked the go command
// instead would be answered from the test cache after a rule was broken, because
// the cache does not know the files that such a command reads.
package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Module is the path of the root module.
const Module = "github.com/vneid-sdk/vneid-go"

// A File is one parsed source file.
type File struct {
	Path    string // relative to the root
	Lines   int
	Test    bool
	AST     *ast.File
	Imports []string
}

// A Package is one folder of the root module or of a nested one.
type Package struct {
	Dir   string // relative to the root; "." is the root
	Files []*File
}

// A Tree is every package below a root, of all build constraints alike.
type Tree struct {
	Fset     *token.FileSet
	Packages map[string]*Package // by Dir
	GoMod    string
}

// Load parses every Go file of a tree, leaving out testdata and hidden folders.
func Load(root fs.FS) (*Tree, error) {
	t := &Tree{Fset: token.NewFileSet(), Packages: map[string]*Package{}}
	mod, err := fs.ReadFile(root, "go.mod")
	if err != nil {
		return nil, err
	}
	t.GoMod = string(mod)
	return t, fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			base := d.Name()
			if name != "." && (base == "testdata" || base == "node_modules" || strings.HasPrefix(base, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		return t.add(root, name)
	})
}

func (t *Tree) add(root fs.FS, name string) error {
	src, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(t.Fset, name, src, parser.ParseComments)
	if err != nil {
		return err
	}
	f := &File{Path: name, Lines: strings.Count(string(src), "\n"), Test: strings.HasSuffix(name, "_test.go"), AST: parsed}
	for _, spec := range parsed.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		f.Imports = append(f.Imports, p)
	}
	dir := path.Dir(name)
	if t.Packages[dir] == nil {
		t.Packages[dir] = &Package{Dir: dir}
	}
	t.Packages[dir].Files = append(t.Packages[dir].Files, f)
	return nil
}

// Library returns the package's files that are not tests.
func (p *Package) Library() []*File {
	var out []*File
	for _, f := range p.Files {
		if !f.Test {
			out = append(out, f)
		}
	}
	return out
}

// Graph returns every import path that the package in dir reaches without its
// tests, with one file that imports it. Packages of this module are followed,
// others are leaves.
func (t *Tree) Graph(dir string) map[string]string {
	reached := map[string]string{}
	seen := map[string]bool{}
	var visit func(dir string)
	visit = func(dir string) {
		if seen[dir] || t.Packages[dir] == nil {
			return
		}
		seen[dir] = true
		for _, f := range t.Packages[dir].Library() {
			for _, imp := range f.Imports {
				if _, ok := reached[imp]; !ok {
					reached[imp] = f.Path
				}
				if rest, ok := strings.CutPrefix(imp, Module+"/"); ok {
					visit(rest)
				}
			}
		}
	}
	visit(dir)
	return reached
}

// Std reports whether an import path is the standard library's.
func Std(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".")
}

// Nested tells the folders that are modules of their own: programs, tests against
// foreign peers, and what needs dependencies that the root module does not have.
func Nested(dir string) bool {
	return dir == "chip/pcsc" || dir == "vneid/vneidredis" || strings.HasPrefix(dir, "vneid/vneidredis/") || dir == "examples" || strings.HasPrefix(dir, "examples/") || strings.HasPrefix(dir, "internal/interop")
}
