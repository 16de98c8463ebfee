package archtest

import (
	"go/ast"
	"regexp"
)

// forbidden are calls that no library package makes: whoever embeds it decides
// about logs, environment and process.
var forbidden = regexp.MustCompile(`^(log\.\w+|slog\.(Debug|Info|Warn|Error|Log|Default|SetDefault|With)\w*|` +
	`os\.(Getenv|LookupEnv|Environ|Setenv|Exit)|fmt\.(Print|Println|Printf)|flag\.\w+|` +
	`http\.(Get|Post|PostForm|Head|Handle|HandleFunc|ListenAndServe))$`)

// Conduct finds logging, environment access, init functions and panics in
// library packages, and math/rand anywhere outside tests.
func Conduct(t *Tree) (bad []string) {
	for dir, p := range t.Packages {
		if Nested(dir) || dir == "internal/archtest" {
			continue
		}
		for _, f := range p.Library() {
			for _, imp := range f.Imports {
				if imp == "math/rand" || imp == "math/rand/v2" {
					bad = append(bad, f.Path+" imports "+imp+": randomness is crypto/rand's")
				}
			}
			ast.Inspect(f.AST, func(n ast.Node) bool {
				if what := misdeed(n); what != "" {
					bad = append(bad, t.Fset.Position(n.Pos()).String()+": "+what)
				}
				return true
			})
		}
	}
	return bad
}

func misdeed(n ast.Node) string {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Name.Name == "init" && n.Recv == nil {
			return "func init"
		}
	case *ast.CallExpr:
		switch fn := n.Fun.(type) {
		case *ast.Ident:
			if fn.Name == "panic" && fn.Obj == nil {
				return "panic"
			}
		case *ast.SelectorExpr:
			if x, ok := fn.X.(*ast.Ident); ok && x.Obj == nil && forbidden.MatchString(x.Name+"."+fn.Sel.Name) {
				return "calls " + x.Name + "." + fn.Sel.Name
			}
		}
	}
	return ""
}
