package main

import "testing"

// The short form of the command: a few photos of each class, from a fixed seed.
func TestPhotosAreReadAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		name  string
		set   string
		hard  bool
		each  int
		least int // of those with a code
	}{
		{"everyday", "plain", false, 2, 28},
		{"hard", "plain", true, 1, 11},
		{"processed", "own", false, 3, 14},
		{"without a code", "none", false, 2, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			source, err := photosOf(c.set, c.hard, 11, c.each, "")
			if err != nil {
				t.Fatal(err)
			}
			tab := newTable([]reader{ours(), goZXing()}, true)
			for p, err := range source {
				if err != nil {
					t.Fatal(err)
				}
				if err := tab.add(p); err != nil {
					t.Fatal(err)
				}
			}
			tab.print()
			ours, theirs := tab.sum("all", 0), tab.sum("all", 1)
			if ours.right < c.least || ours.right < theirs.right || ours.wrong > 0 {
				t.Errorf("read %d, gozxing %d; wrong %d", ours.right, theirs.right, ours.wrong)
			}
		})
	}
}

func TestZXingReadsThroughNode(t *testing.T) {
	zxing, stop, err := zxingWASM(".")
	if err != nil {
		if required() {
			t.Fatal(err)
		}
		t.Skip("zxing-wasm is not installed: run npm ci in internal/interop/photos")
	}
	defer stop()
	source, err := photosOf("plain", false, 11, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	tab := newTable([]reader{zxing}, false)
	for p, err := range source {
		if err != nil {
			t.Fatal(err)
		}
		if err := tab.add(p); err != nil {
			t.Fatal(err)
		}
	}
	if got := tab.sum("all", 0).right; got < 8 {
		t.Errorf("zxing-wasm read %d of 14", got)
	}
}
