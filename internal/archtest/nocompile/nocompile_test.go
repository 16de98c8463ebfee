package nocompile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMistakesDoNotCompile(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.go")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	w := NewWorld("../../..")
	for _, name := range files {
		t.Run(strings.TrimPrefix(name, "testdata/"), func(t *testing.T) {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Check(name, src); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

func TestTheCheckBites(t *testing.T) {
	w := NewWorld("../../..")
	const head = "package p\n\nimport \"github.com/vneid-sdk/vneid-go/vneid\"\n\n"
	const good = head + "var l vneid.Level = 2 // ok\n\nvar m vneid.Level = \"2\" // want \"cannot use\"\n"
	if err := w.Check("good.go", []byte(good)); err != nil {
		t.Fatal(err)
	}
	for sentence, c := range map[string]struct{ change, to, want string }{
		"a mistake that compiles":         {`= "2" //`, `= 2 //`, "line 7 compiles"},
		"a mistake with another text":     {"cannot use", "cannot convert", "line 7: cannot use"},
		"a twin that does not compile":    {"= 2 // ok", "= 2.5 // ok", "the twin does not compile"},
		"an error elsewhere":              {"// want \"cannot use\"\n", "// want \"cannot use\"\n\nvar n = l\n", "line 9: undefined: l"},
		"an unmarked error in both":       {"package p\n", "package p\n\nvar n int = \"\"\n", "the twin does not compile"},
		"no want line":                    {"// want", "// wants", "needs at least one want line"},
		"no ok line":                      {"// ok", "// okay", "needs at least one want line and one ok"},
		"a package that is not there":     {"/vneid\"\n", "/vneidx\"\n", "no such package"},
		"a file that does not parse":      {"var l", "vra l", "the twin does not compile"},
		"an internal package in the twin": {"/vneid\"\n", "/internal/viet\"\n", "use of internal package"},
	} {
		bad := strings.Replace(good, c.change, c.to, 1)
		if err := w.Check("bad.go", []byte(bad)); bad == good || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", sentence, err, c.want)
		}
	}
}
