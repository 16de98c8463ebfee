package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms says where the packages are that docs/services.md names.
var rooms = map[string]string{
	"vneid": "vneid", "sso": "sso", "link": "sso/link", "legacy": "sso/legacy", "qr": "qr", "chip": "chip",
	"document": "vneid/document", "paper": "vneid/document/paper", "share": "vneid/share", "events": "vneid/share/events",
	"services": "vneid/services", "stays": "vneid/services/stays", "requests": "vneid/services/requests", "platform": "internal/platform",
	"calendar": "internal/calendar", "units": "internal/units", "registers": "internal/registers",
}

// Names collects what a package exports: types, functions, constants and variables, and
// of types the methods and fields as Type.Name.
func Names(p *Package) map[string]bool {
	names := map[string]bool{}
	for _, f := range p.Library() {
		for _, d := range f.AST.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = receiver(d) + "." + name
				}
				names[name] = true
			case *ast.GenDecl:
				for _, s := range d.Specs {
					specNames(s, names)
				}
			}
		}
	}
	return names
}

func receiver(d *ast.FuncDecl) string {
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if id, ok := typ.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func specNames(s ast.Spec, names map[string]bool) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, id := range s.Names {
			names[id.Name] = true
		}
	case *ast.TypeSpec:
		names[s.Name.Name] = true
		if st, ok := s.Type.(*ast.StructType); ok {
			for _, field := range st.Fields.List {
				for _, id := range field.Names {
					names[s.Name.Name+"."+id.Name] = true
				}
			}
		}
	}
}

// below is the packages in a folder and under it, behind others.
func (t *Tree) below(dir string, others ...*Package) []*Package {
	for _, at := range slices.Sorted(maps.Keys(t.Packages)) {
		if at == dir || strings.HasPrefix(at, dir+"/") {
			others = append(others, t.Packages[at])
		}
	}
	return others
}

// Routes collects the paths of a package's routes: what HandleFunc and Handle are called
// with, and texts that begin with a method. Constants of the packages are put in.
func Routes(packages ...*Package) map[string]bool {
	consts := map[string]string{}
	for _, p := range packages {
		for _, f := range p.Library() {
			ast.Inspect(f.AST, func(n ast.Node) bool {
				if v, ok := n.(*ast.ValueSpec); ok {
					for i, id := range v.Names {
						if i < len(v.Values) {
							if s, ok := text(v.Values[i], nil); ok {
								consts[id.Name] = s
							}
						}
					}
				}
				return true
			})
		}
	}
	routes := map[string]bool{}
	for _, p := range packages {
		for _, f := range p.Library() {
			ast.Inspect(f.AST, func(n ast.Node) bool {
				if e, ok := n.(ast.Expr); ok {
					if s, ok := text(e, consts); ok {
						if m := routeText.FindStringSubmatch(s); m != nil {
							routes[strings.TrimSuffix(m[1], "{$}")] = true
						}
					}
				}
				return true
			})
		}
	}
	return routes
}

var routeText = regexp.MustCompile(`^(?:GET|POST|DELETE) (/\S*)$`)

// text evaluates literals, constants and their sums.
func text(e ast.Expr, consts map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, e.Kind == token.STRING && err == nil
	case *ast.Ident:
		s, ok := consts[e.Name]
		return s, ok
	case *ast.SelectorExpr:
		s, ok := consts[e.Sel.Name]
		return s, ok
	case *ast.BinaryExpr:
		a, ok1 := text(e.X, consts)
		b, ok2 := text(e.Y, consts)
		return a + b, ok1 && ok2 && e.Op == token.ADD
	}
	return "", false
}

var (
	quoted  = regexp.MustCompile("`([^`]+)`")
	rowLine = regexp.MustCompile(`^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$`)
	pageRef = regexp.MustCompile("^(platform|portal) `(/[^`]*)`$")
)

// Services finds what is wrong with the table of services: a row that is missing or says
// nothing, a function or a page that is not there.
func Services(markdown string, names map[string]map[string]bool, routes map[string]map[string]bool) (bad []string) {
	next := 1
	for line := range strings.Lines(markdown) {
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			if strings.HasPrefix(m[1], "/") {
				continue
			}
			pkg, name, _ := strings.Cut(m[1], ".")
			if names[pkg] == nil || !names[pkg][name] {
				bad = append(bad, "there is no "+m[1])
			}
		}
		m := rowLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		if m[1] != fmt.Sprint(next) {
			bad = append(bad, fmt.Sprintf("row %s stands where row %d should", m[1], next))
		}
		next++
		function, page, remark := m[3], m[4], m[5]
		if page != "–" {
			ref := pageRef.FindStringSubmatch(page)
			if ref == nil || !routes[ref[1]][ref[2]] {
				bad = append(bad, "row "+m[1]+": no page "+page)
			}
		}
		switch {
		case function == "no build":
			if remark == "–" {
				bad = append(bad, "row "+m[1]+" gives no reason")
			}
		case !strings.Contains(function, "`"):
			bad = append(bad, "row "+m[1]+" names no function")
		}
	}
	if next != 96 {
		bad = append(bad, fmt.Sprintf("%d rows of 95", next-1))
	}
	return bad
}

func TestEveryServiceIsAccountedFor(t *testing.T) {
	root := os.DirFS("../..")
	tree, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	table, err := fs.ReadFile(root, "docs/services.md")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]map[string]bool{}
	for pkg, dir := range rooms {
		if tree.Packages[dir] == nil {
			t.Fatalf("no package in %s", dir)
		}
		names[pkg] = Names(tree.Packages[dir])
	}
	routes := map[string]map[string]bool{
		"platform": Routes(tree.below("examples/internal/web", tree.Packages["internal/platform"], tree.Packages["internal/servicewire"])...),
		"portal":   Routes(tree.Packages["examples/portal"]),
	}
	for _, bad := range Services(string(table), names, routes) {
		t.Error(bad)
	}
	for n := 1; n <= 16; n++ {
		if !strings.Contains(string(table), fmt.Sprintf("\n| C%d | ", n)) {
			t.Errorf("C%d is missing", n)
		}
	}
}

// The rule finds each mistake, and nothing in the twin without it.
func TestTheRuleOfServicesBites(t *testing.T) {
	names := map[string]map[string]bool{"qr": {"Verifier.Verify": true}}
	routes := map[string]map[string]bool{"portal": {"/scan": true}}
	lines := make([]string, 95)
	for i := range lines {
		lines[i] = fmt.Sprintf("| %d | x | `qr.Verifier.Verify` | portal `/scan` | – |", i+1)
	}
	good := strings.Join(lines, "\n") + "\n"
	if bad := Services(good, names, routes); len(bad) > 0 {
		t.Fatalf("finds fault with the good table: %v", bad)
	}
	for name, c := range map[string][2]string{
		"a row is missing":        {lines[94] + "\n", ""},
		"a row stands twice":      {lines[10], lines[9]},
		"no such function":        {lines[3], strings.Replace(lines[3], "Verify`", "Verifies`", 1)},
		"no such package":         {lines[3], strings.Replace(lines[3], "`qr.", "`rq.", 1)},
		"no such page":            {lines[3], strings.Replace(lines[3], "/scan", "/scam", 1)},
		"a page of another site":  {lines[3], strings.Replace(lines[3], "portal", "platform", 1)},
		"no function and no word": {lines[3], "| 4 | x | – | – | – |"},
		"no build and no reason":  {lines[3], "| 4 | x | no build | – | – |"},
		"a row that is planned":   {lines[3], "| 4 | x | planned | – | later |"},
	} {
		if bad := Services(strings.Replace(good, c[0], c[1], 1), names, routes); len(bad) == 0 {
			t.Errorf("%s: nobody notices", name)
		}
	}
}
