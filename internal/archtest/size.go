package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// budgets are package-level exported names: types, functions, constants and
// variables; methods apart.
var budgets = map[string]int{"vneid": 60, "qr": 30, "sso": 30, "chip": 30, "chip/chiptest": 20, "vneid/services": 15, "vneid/services/stays": 32, "vneid/services/requests": 32, "vneid/share": 45, "vneid/share/sharetest": 12, "vneid/share/reconcile": 25, "vneid/document": 36, "vneid/document/paper": 30, "vneid/trustbundle": 8}

// Budgets finds packages that export more names than a reader can hold.
func Budgets(t *Tree) (bad []string) {
	for dir, limit := range budgets {
		p := t.Packages[dir]
		if p == nil {
			continue
		}
		var names []string
		for _, f := range p.Library() {
			names = append(names, exported(f.AST)...)
		}
		if len(names) > limit {
			slices.Sort(names)
			bad = append(bad, fmt.Sprintf("%s exports %d names, at most %d: %s", dir, len(names), limit, strings.Join(names, " ")))
		}
	}
	return bad
}

func exported(f *ast.File) (names []string) {
	add := func(id *ast.Ident) {
		if id.IsExported() {
			names = append(names, id.Name)
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add(d.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					add(s.Name)
				case *ast.ValueSpec:
					for _, id := range s.Names {
						add(id)
					}
				}
			}
		}
	}
	return names
}

// Sizes finds files past 500 lines, functions past 90, and a median file past
// 200.
func Sizes(t *Tree) (bad []string) {
	var sizes []int
	for _, p := range t.Packages {
		for _, f := range p.Library() {
			sizes = append(sizes, f.Lines)
			if f.Lines > 500 {
				bad = append(bad, fmt.Sprintf("%s has %d lines", f.Path, f.Lines))
			}
			for _, d := range f.AST.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Body == nil {
					continue
				}
				if n := t.Fset.Position(fn.End()).Line - t.Fset.Position(fn.Pos()).Line; n > 90 {
					bad = append(bad, fmt.Sprintf("%s: %s has %d lines", f.Path, fn.Name.Name, n))
				}
			}
		}
	}
	slices.Sort(sizes)
	if len(sizes) > 0 && sizes[len(sizes)/2] > 200 {
		bad = append(bad, fmt.Sprintf("the median file has %d lines", sizes[len(sizes)/2]))
	}
	return bad
}
