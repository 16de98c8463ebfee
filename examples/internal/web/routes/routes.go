// Package routes reads from a package's source which routes its muxes have. Tests that
// walk through all of them compare it with their tables, so that a route that somebody
// adds is walked through, or fails.
package routes

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var (
	added    = regexp.MustCompile(`\.Handle(?:Func)?\(`)
	readable = regexp.MustCompile(`\.Handle(?:Func)?\("([^"]*)"(?: ?\+ ?(\w+))?,`)
	constant = regexp.MustCompile(`const (\w+) = "([^"]*)"`)
)

// In returns the patterns of a folder's muxes in the order of the alphabet. A pattern
// that is neither a literal nor a literal and a constant is an error: nothing is left out.
func In(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var source strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		source.Write(text)
	}
	consts := map[string]string{}
	for _, m := range constant.FindAllStringSubmatch(source.String(), -1) {
		consts[m[1]] = m[2]
	}
	var out []string
	for _, m := range readable.FindAllStringSubmatch(source.String(), -1) {
		value, ok := consts[m[2]]
		if m[2] != "" && !ok {
			return nil, fmt.Errorf("routes: %s has a route at %s, which is no constant of its own", dir, m[2])
		}
		out = append(out, m[1]+value)
	}
	if all := len(added.FindAllString(source.String(), -1)); all != len(out) || all == 0 {
		return nil, fmt.Errorf("routes: %s has %d routes, and %d of them can be read", dir, all, len(out))
	}
	slices.Sort(out)
	return out, nil
}
