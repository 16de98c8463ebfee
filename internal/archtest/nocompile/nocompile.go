// Package nocompile proves that mistakes do not compile: that unverified data
// cannot be handed to a function that asks for verified data, and that nobody
// outside this module can make what only a verifier may make.
//
// Each file below testdata, in a folder named after the package it is about, is a
// small program of a consumer, with two marks at the ends of lines:
//
//	welcome(record) // want "cannot use record"
//	welcome(citizen) // ok
//
// Without its want lines the file must compile: that is the accepted twin. Without
// its ok lines it must fail at every want line, with an error that contains the
// quoted text, and nowhere else. A file needs at least one line of each sort.
//
// The check is go/types in this process, not a compiler run that the test cache
// could answer. The consumer lives outside the module, so the go command's rule
// about internal packages is applied to its imports. Packages of this module and
// of the standard library are read from source without function bodies;
// third-party packages are stood in for by empty ones, since no exported signature
// mentions them.
package nocompile

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const module = "github.com/vneid-sdk/vneid-go"

// World is what a consumer can import. It remembers packages it has read and is
// for one goroutine.
type World struct {
	root string // of the module
	std  build.Context
	fset *token.FileSet
	pkgs map[string]*types.Package
}

// NewWorld returns the world around the module whose root folder is given.
func NewWorld(root string) *World {
	std := build.Default
	std.CgoEnabled = false
	return &World{root: root, std: std, fset: token.NewFileSet(), pkgs: map[string]*types.Package{"unsafe": types.Unsafe}}
}

// Import reads a package from source.
func (w *World) Import(path string) (*types.Package, error) {
	if p := w.pkgs[path]; p != nil {
		return p, nil
	}
	dir, found := w.dir(path)
	if !found {
		p := types.NewPackage(path, path[strings.LastIndexByte(path, '/')+1:])
		p.MarkComplete()
		w.pkgs[path] = p
		return p, nil
	}
	listed, err := w.std.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range listed.GoFiles {
		f, err := parser.ParseFile(w.fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	// Names of third-party packages are missing: hear those errors and go on.
	conf := types.Config{Importer: w, IgnoreFuncBodies: true, FakeImportC: true, Error: func(error) {}}
	p, _ := conf.Check(path, w.fset, files, nil)
	w.pkgs[path] = p
	return p, nil
}

func (w *World) dir(path string) (dir string, found bool) {
	src := filepath.Join(w.std.GOROOT, "src")
	candidates := []string{filepath.Join(src, path), filepath.Join(src, "vendor", path)}
	if rest, ours := strings.CutPrefix(path, module); ours {
		candidates = []string{filepath.Join(w.root, rest)}
	}
	for _, dir := range candidates {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir, true
		}
	}
	return "", false
}

// outside is the world as a consumer may see it.
type outside struct{ w *World }

func (o outside) Import(path string) (*types.Package, error) {
	if strings.HasPrefix(path, "internal/") || strings.Contains(path, "/internal/") {
		return nil, fmt.Errorf("use of internal package %s not allowed", path)
	}
	if _, found := o.w.dir(path); !found {
		return nil, fmt.Errorf("no such package")
	}
	return o.w.Import(path)
}

var (
	wantMark = regexp.MustCompile(`// want ("(?:[^"\\]|\\.)*"|` + "`[^`]*`" + `)$`)
	okMark   = regexp.MustCompile(`// ok$`)
)

// Check checks one file and returns what is wrong with it, nil if it behaves as
// marked.
func (w *World) Check(name string, src []byte) error {
	want := map[int]string{}
	twin, refused := strings.Split(string(src), "\n"), strings.Split(string(src), "\n")
	oks := 0
	for i, line := range twin {
		if m := wantMark.FindStringSubmatch(line); m != nil {
			text, err := strconv.Unquote(m[1])
			if err != nil {
				return fmt.Errorf("line %d: %v", i+1, err)
			}
			want[i+1], twin[i] = text, ""
		}
		if okMark.MatchString(line) {
			refused[i] = ""
			oks++
		}
	}
	if len(want) == 0 || oks == 0 {
		return errors.New("needs at least one want line and one ok line")
	}
	if errs := w.compile(name, twin); len(errs) > 0 {
		return fmt.Errorf("the twin does not compile: %v", errs[0])
	}
	return compare(w.compile(name, refused), want)
}

func (w *World) compile(name string, lines []string) (errs []types.Error) {
	f, err := parser.ParseFile(w.fset, name, strings.Join(lines, "\n"), parser.SkipObjectResolution)
	if err != nil {
		return []types.Error{{Fset: w.fset, Msg: err.Error()}}
	}
	conf := types.Config{Importer: outside{w}, Error: func(err error) {
		var e types.Error
		if errors.As(err, &e) {
			errs = append(errs, e)
		}
	}}
	conf.Check("consumer.example/program", w.fset, []*ast.File{f}, nil)
	return errs
}

// compare wants an error at each marked line, and every error at one.
func compare(errs []types.Error, want map[int]string) error {
	met := map[int]bool{}
	for _, e := range errs {
		line := e.Fset.Position(e.Pos).Line
		text, marked := want[line]
		if !marked || !strings.Contains(e.Msg, text) {
			return fmt.Errorf("line %d: %s (want %q)", line, e.Msg, text)
		}
		met[line] = true
	}
	for line, text := range want {
		if !met[line] {
			return fmt.Errorf("line %d compiles (want %q)", line, text)
		}
	}
	return nil
}
