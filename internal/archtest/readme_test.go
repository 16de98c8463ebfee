package archtest

import (
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestTheReadmeShowsOnlyTestedCode(t *testing.T) {
	root := os.DirFS("../..")
	readme, err := fs.ReadFile(root, "README.md")
	if err != nil {
		t.Fatal(err)
	}
	var examples []string
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := fs.ReadFile(root, name)
		if strings.Contains(string(src), "\nfunc Example") {
			examples = append(examples, string(src))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range Snippets(string(readme), examples) {
		t.Error(bad)
	}
}

func TestSnippetsFindsCodeThatIsNotTested(t *testing.T) {
	example := []string{"package x\n\nfunc Example() {\n\tif a() {\n\t\tb()\n\t}\n}\n"}
	if bad := Snippets("```go\nif a() {\n\tb()\n}\n```\n", example); len(bad) != 0 {
		t.Errorf("finds fault with code of the example: %v", bad)
	}
	for _, text := range []string{"```go\nif a() {\n\tc()\n}\n```\n", "no code\n"} {
		if len(Snippets(text, example)) == 0 {
			t.Errorf("lets %q pass", text)
		}
	}
}

func TestTheReadmeRunsOnlyWhatIsThere(t *testing.T) {
	root := os.DirFS("../..")
	exists := func(dir string) bool {
		found, err := fs.Glob(root, dir+"/*.go")
		return err == nil && len(found) > 0
	}
	readme, err := fs.ReadFile(root, "README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range Commands(string(readme), exists) {
		t.Error(bad)
	}
	if len(Commands("`go run ./no/such`", exists)) != 1 || len(Commands("`go run ./examples/quickstart -lang en`", exists)) != 0 {
		t.Error("the rule does not tell programs from others")
	}
}
