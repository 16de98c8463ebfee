package archtest

import (
	"os"
	"strings"
	"testing"
)

// The module's documentation names what it rests on, by its days, and says what it is
// not.
func TestTheDocumentationNamesTheLegalBasis(t *testing.T) {
	src, err := os.ReadFile("../../doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(src), "//", " ")), " ")
	for _, want := range []string{
		"Decision 06/QĐ-TTg of 2022-01-06", "Directive 05/CT-TTg of 2023-02-23",
		"Decree 59/2022/NĐ-CP", "2022-10-20 to 2024-06-30", "Law 26/2023/QH15", "Decree 69/2024/NĐ-CP", "Decree 70/2024/NĐ-CP", "since 2024-07-01",
		"Law 91/2025/QH15", "Decree 356/2025/NĐ-CP", "since 2026-01-01", "information, not legal advice", "not affiliated with the Ministry of Public Security",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("doc.go does not name %s", want)
		}
	}
}
