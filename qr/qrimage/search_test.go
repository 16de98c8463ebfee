package qrimage

import (
	"context"
	"testing"
)

// A strip was once halved for ever, since one pixel has no half.
func TestEveryViewOfAStripIsFinite(t *testing.T) {
	for _, size := range [][2]int{{1, 5_000_000}, {5_000_000, 1}, {3, 3_000_000}} {
		for _, v := range views(context.Background(), newLuma(size[0], size[1])) {
			if got := v.picture(); got.w*got.h > 4*size[0]*size[1] || got.w < 1 || got.h < 1 {
				t.Errorf("a view of %v has %d × %d pixels", size, got.w, got.h)
			}
		}
	}
}

// The last pixel of a white picture stays black where the walk ended before it.
func TestFiltersEndWithTheirContext(t *testing.T) {
	white := newLuma(64, 64)
	for i := range white.pix {
		white.pix[i] = 255
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	for name, filter := range map[string]func(context.Context) luma{
		"half": white.half, "double": white.double, "blur": white.blur, "sharpen": white.sharpen,
	} {
		whole, cut := filter(context.Background()), filter(over)
		if last := whole.pix[len(whole.pix)-1]; last != 255 {
			t.Errorf("%s: the last pixel is %d", name, last)
		}
		if last := cut.pix[len(cut.pix)-1]; last != 0 {
			t.Errorf("%s: went on after its context", name)
		}
	}
	grey := newLuma(64, 64)
	copy(grey.pix, white.pix)
	grey.pix[len(grey.pix)-1] = 0
	if !mean(context.Background(), grey).Get(63, 63) || mean(over, grey).Get(63, 63) {
		t.Error("mean: wrong, or went on after its context")
	}
}
