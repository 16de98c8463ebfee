package archtest

import (
	"regexp"
	"strings"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// Snippets finds Go code in a Markdown text that is not, line for line, part of a
// tested example: what a reader copies must compile and do what it says.
func Snippets(markdown string, examples []string) (bad []string) {
	var bodies []string
	for _, src := range examples {
		bodies = append(bodies, unindent(src))
	}
	blocks := goBlock.FindAllStringSubmatch(markdown, -1)
	if len(blocks) == 0 {
		return []string{"no Go code found"}
	}
	for _, block := range blocks {
		found := false
		for _, body := range bodies {
			found = found || strings.Contains(body, unindent(block[1]))
		}
		if !found {
			first, _, _ := strings.Cut(block[1], "\n")
			bad = append(bad, "in no example: the code that begins "+first)
		}
	}
	return bad
}

// unindent drops indentation and empty lines.
func unindent(src string) string {
	var out strings.Builder
	for line := range strings.Lines(src) {
		if line = strings.TrimSpace(line); line != "" {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

var runLine = regexp.MustCompile(`go run (\./[a-z0-9/-]+)`)

// Commands finds programs that a Markdown text tells to run and that are not
// there; exists reports whether a folder of the tree has Go files.
func Commands(markdown string, exists func(dir string) bool) (bad []string) {
	for _, m := range runLine.FindAllStringSubmatch(markdown, -1) {
		if !exists(strings.TrimPrefix(m[1], "./")) {
			bad = append(bad, "no program for go run "+m[1])
		}
	}
	return bad
}
