package kiosk

import (
	"path/filepath"
	"testing"
)

// Two programs open bundles at once: whoever notes last takes nothing back.
func TestANoteOnlyGrows(t *testing.T) {
	n := note(filepath.Join(t.TempDir(), "kiosk", "maker.seq"))
	for _, sequence := range []uint64{5, 7, 6} {
		if err := n.keep(sequence); err != nil {
			t.Fatal(err)
		}
	}
	if held, err := n.held(); held != 7 || err != nil {
		t.Errorf("%d, %v", held, err)
	}
}
