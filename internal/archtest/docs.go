package archtest

import (
	"fmt"
	"go/ast"
)

// Docs finds exported names without a comment, and packages without exactly one
// package comment.
func Docs(t *Tree) (bad []string) {
	for dir, p := range t.Packages {
		comments := 0
		for _, f := range p.Library() {
			if f.AST.Doc != nil {
				comments++
			}
			for _, d := range f.AST.Decls {
				for _, name := range undocumented(d) {
					bad = append(bad, f.Path+": "+name+" has no comment")
				}
			}
		}
		if len(p.Library()) > 0 && comments != 1 {
			bad = append(bad, fmt.Sprintf("%s has %d package comments, want one", dir, comments))
		}
	}
	return bad
}

func undocumented(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		// What Error returns is fixed by the interface.
		if d.Name.IsExported() && d.Doc == nil && d.Name.Name != "Error" && exportedReceiver(d) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && s.Doc == nil && d.Doc == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if id.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	return names
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}
