package lab

import (
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// The list in Vietnamese and the engine's are of the same defects.
func TestEveryFaultIsToldInVietnamese(t *testing.T) {
	about, err := aboutFaults()
	if err != nil {
		t.Fatal(err)
	}
	text, err := files.ReadFile("faults.vi.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := platform.Faults()
	for _, f := range all {
		if about[f.Name].Vi == f.About {
			t.Errorf("%s has no words in Vietnamese: add a line to faults.vi.txt", f.Name)
		}
	}
	if lines := strings.Count(string(text), "\n"); lines != len(all) {
		t.Errorf("%d lines for %d faults", lines, len(all))
	}
	seen := map[string]int{}
	for _, f := range all {
		seen[groupOf(f.Name)]++
	}
	for _, g := range groups {
		if seen[g.ID] == 0 {
			t.Errorf("the group %s is empty", g.ID)
		}
	}
}
