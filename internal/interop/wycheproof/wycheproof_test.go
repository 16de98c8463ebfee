// Package wycheproof runs the vectors of C2SP's project Wycheproof for every
// algorithm that internal/jws lists, and says which it left out and why.
package wycheproof

import (
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"sort"
	"strings"
	"testing"

	"github.com/c2sp/wycheproof"
)

// tally counts what was run and why the rest was not.
type tally struct {
	run, wrong int
	skipped    map[string]int
}

func (c *tally) skip(why string, n int) {
	if c.skipped == nil {
		c.skipped = map[string]int{}
	}
	c.skipped[why] += n
}

// judge compares a verdict with a vector's result; "acceptable" may go either way.
func (c *tally) judge(t *testing.T, id int, comment, result string, accepted bool) {
	t.Helper()
	c.run++
	if result == "valid" && !accepted || result == "invalid" && accepted {
		c.wrong++
		t.Errorf("vector %d, %s: accepted %v, but it is %s", id, comment, accepted, result)
	}
}

func (c *tally) print(t *testing.T, name string) {
	t.Helper()
	n := 0
	var why []string
	for reason, k := range c.skipped {
		n += k
		why = append(why, reason)
	}
	sort.Strings(why)
	t.Logf("%s: %d run, %d wrong, %d skipped", name, c.run, c.wrong, n)
	for _, reason := range why {
		t.Logf("  skipped %d: %s", c.skipped[reason], reason)
	}
	if c.run == 0 && n == 0 {
		t.Errorf("%s has no vectors", name)
	}
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	b, err := fs.ReadFile(wycheproof.TestVectors, name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(name, err)
	}
}

// files lists the vector files whose names begin with prefix.
func files(t *testing.T, prefix string) (names []string) {
	t.Helper()
	all, err := fs.Glob(wycheproof.TestVectors, prefix+"*_test.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range all {
		if !strings.Contains(n, "_params_") { // DER parameters, which JOSE has not
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		t.Fatalf("no files %s*", prefix)
	}
	return names
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
