package archtest

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// House returns the folders that CONTRIBUTING.md's plan of the house lists. A line
// begins with one, or with several in a row: "qr, chip", "internal/jws, cbor".
func House(markdown string) (dirs []string) {
	_, plan, _ := strings.Cut(markdown, "```\n")
	plan, _, _ = strings.Cut(plan, "```")
	for line := range strings.Lines(plan) {
		column, _, _ := strings.Cut(strings.TrimSpace(line), "  ")
		first, rest, several := strings.Cut(column, ", ")
		dirs = append(dirs, first)
		if several {
			parent := first[:strings.LastIndex(first, "/")+1]
			for _, name := range strings.Split(rest, ", ") {
				dirs = append(dirs, parent+name)
			}
		}
	}
	return dirs
}

func TestTheHouseListsEveryInternalPackage(t *testing.T) {
	root := os.DirFS("../..")
	text, err := fs.ReadFile(root, "CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := House(string(text))
	there := func(dir string) bool { // a package, or a module of its own
		files, _ := fs.Glob(root, dir+"/*.go")
		module, _ := fs.Glob(root, dir+"/go.mod")
		return len(files)+len(module) > 0
	}
	rooms, err := fs.ReadDir(root, "internal")
	if err != nil || len(rooms) == 0 {
		t.Fatal(len(rooms), err)
	}
	for _, room := range rooms {
		if dir := "internal/" + room.Name(); there(dir) && !slices.Contains(listed, dir) {
			t.Errorf("CONTRIBUTING.md does not list %s", dir)
		}
	}
	for _, dir := range listed {
		if !there(dir) {
			t.Errorf("CONTRIBUTING.md lists %s, which is not there", dir)
		}
	}
}

func TestHouseReadsLinesOfOneAndOfSeveral(t *testing.T) {
	got := House("# x\n```\nvneid   words, and more  std\nqr, chip  y\ninternal/a, b   z\n```\ninternal/c  no\n")
	if want := []string{"vneid", "qr", "chip", "internal/a", "internal/b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
