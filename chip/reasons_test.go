package chip_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every reason code that the sources name stands in the comment of Check, and the
// comment names no other.
func TestReasonCodesAreDocumented(t *testing.T) {
	src, err := os.ReadFile("check.go")
	if err != nil {
		t.Fatal(err)
	}
	comment, _, _ := strings.Cut(string(src), "type Check struct")
	documented := map[string]bool{}
	for line := range strings.Lines(comment[strings.Index(comment, "signatures and certificates"):]) {
		words := strings.Fields(strings.TrimLeft(line, "/"))
		for _, w := range words {
			documented[w] = true
		}
	}
	code := regexp.MustCompile(`(?:(?:Failed|Inconclusive|NotApplicable|Unavailable), |pass\(check\w+, |return (?:c, )?|=\s+|:\s+\{)"([a-z0-9]+(?:-[a-z0-9]+)*)"`)
	used := map[string]bool{}
	files, _ := filepath.Glob("*.go")
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "check.go" || name == "dump.go" || strings.HasPrefix(name, "mrz") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(b), -1) {
			if strings.Contains(m[1], "-") && !strings.HasPrefix(m[1], "vneid") {
				used[m[1]] = true
			}
		}
	}
	for _, name := range []string{"sod-signature", "certificate-chain", "issuing-state", "document-type", "card-access", "active-authentication",
		"chip-authentication", "chip-genuine", "card-expiry", "card-status", "dg1-dg13", "pace-cam"} {
		delete(used, name) // names of checks
	}
	if len(used) < 50 {
		t.Fatalf("only %d codes found", len(used))
	}
	for c := range used {
		if !documented[c] {
			t.Errorf("%s is not documented", c)
		}
	}
	for c := range documented {
		if strings.Contains(c, "-") && !used[c] && !strings.Contains("issuing-state document-type certificate-chain card-access card-expiry active-authentication chip-authentication chip-genuine sod-signature dg1-dg13 pace-cam", strings.Trim(c, ",")) {
			t.Errorf("%s is documented and never used", c)
		}
	}
}
