package stays_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

// FuzzReadCSV: whatever the file, no panic, at most a thousand rows, none of them
// verified; what is written of them has no formulas and is read again as it was.
func FuzzReadCSV(f *testing.F) {
	files, _ := filepath.Glob("testdata/accepted/*.csv")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(sheet("=1+1,999090000002,,,22/11/2026 20:00,24/11/2026,'=x\n")))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := stays.ReadCSV(bytes.NewReader(data), "hotel-1")
		if err != nil {
			if rows != nil {
				t.Fatal("rows next to an error")
			}
			return
		}
		if len(rows) > 1000 {
			t.Fatalf("%d rows", len(rows))
		}
		var readable []stays.Stay
		for _, s := range rows {
			if s.Guest.Source().Verified() {
				t.Fatal("a file is verified")
			}
			if s.Unread() == nil && !strings.HasPrefix(s.Guest.Name(), "'") {
				readable = append(readable, s)
			}
		}
		var out bytes.Buffer
		if err := stays.WriteCSV(&out, readable, false); err != nil {
			t.Fatal(err)
		}
		noFormulas(t, out.String())
		again, err := stays.ReadCSV(&out, "")
		if err != nil || len(again) > len(readable) {
			t.Fatalf("%d rows became %d: %v", len(readable), len(again), err)
		}
	})
}
