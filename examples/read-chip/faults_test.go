package main

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/raced"
)

// Every fault of the emulator, seen from the end: never a pass, and every reason
// in words. That each is noticed where it should be is tested in package chip.
func TestNoFaultPasses(t *testing.T) {
	picture := filepath.Join(t.TempDir(), "portrait")
	for _, f := range raced.Some(chiptest.Faults()) {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			status, out, told := read(t, "", agreed("-emulator", "level2", "-json", "-within", "3s", "-fault", f.Name, "-portrait", picture+f.Name)...)
			if f.Name == "csca-other-state" { // whose anchor is refused before there is a card
				if status != unknown || out != "" || told == "" {
					t.Errorf("status %d: %s", status, out)
				}
				return
			}
			var a answer
			if err := json.Unmarshal([]byte(out), &a); err != nil {
				t.Fatal(err, told)
			}
			if status == passed || a.Status != status || a.Genuine && status != passed {
				t.Errorf("status %d: %s", status, out)
			}
			for _, c := range a.Checks {
				if known := checks[c.Name]; known.Title == (ui.Text{}) || known.Question == (ui.Text{}) {
					t.Errorf("no words for the check %s", c.Name)
				}
				if statuses[c.Status].Mark == "" {
					t.Errorf("no words for the status %s", c.Status)
				}
				if _, ok := reasons[c.Reason]; !ok && c.Reason != "" && c.Answer == nil {
					t.Errorf("no words for %s: %s", c.Name, c.Reason)
				}
			}
		})
	}
}

func TestWordsComeInBothLanguages(t *testing.T) {
	whole := func(name string, text ui.Text) {
		if text.Vi == "" || text.En == "" || text.Vi == text.En {
			t.Errorf("%s: %+v", name, text)
		}
	}
	for name, w := range checks {
		whole(name, w.Title)
		whole(name, w.Question)
	}
	for name, w := range reasons {
		whole(name, w)
	}
	for name, w := range statuses {
		whole(string(name), w.Text)
	}
	for code, w := range readerTrouble {
		whole(code.Error(), w.reason)
		whole(code.Error(), w.advice)
	}
}
