package qrimage

import (
	"context"

	"github.com/makiuchi-d/gozxing"
)

// Every filter walks its rows until the context ends; what it has then is not
// worth looking at, and search does not.

// half averages blocks of 2 × 2 pixels; a last odd row or column is dropped. A
// picture one pixel wide stays as it is.
func (l luma) half(ctx context.Context) luma {
	if l.w < 2 || l.h < 2 {
		return l
	}
	out := newLuma(l.w/2, l.h/2)
	for y := 0; y < out.h && ctx.Err() == nil; y++ {
		a, b := l.pix[2*y*l.w:], l.pix[(2*y+1)*l.w:]
		row := out.pix[y*out.w : (y+1)*out.w]
		for x := range row {
			row[x] = byte((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) / 4)
		}
	}
	return out
}

// double enlarges bilinearly: thresholds and finder search want three pixels per
// module, small codes in chat pictures have two.
func (l luma) double(ctx context.Context) luma {
	out := newLuma(2*l.w, 2*l.h)
	for y := 0; y < out.h && ctx.Err() == nil; y++ {
		// Output pixel centres lie a quarter of a pixel beside the input's.
		near, far := y/2, clamp(y/2+2*(y%2)-1, l.h)
		a, b := l.pix[near*l.w:], l.pix[far*l.w:]
		for x := range out.w {
			n, f := x/2, clamp(x/2+2*(x%2)-1, l.w)
			out.pix[y*out.w+x] = byte((9*int(a[n]) + 3*int(a[f]) + 3*int(b[n]) + int(b[f]) + 8) / 16)
		}
	}
	return out
}

// blur averages 3 × 3 pixels.
func (l luma) blur(ctx context.Context) luma {
	return l.around(ctx, func(_, sum int) int { return sum / 9 })
}

// sharpen adds one and a half times the difference from the blurred picture.
func (l luma) sharpen(ctx context.Context) luma {
	return l.around(ctx, func(pix, sum int) int { return pix + 3*(9*pix-sum)/18 })
}

// around maps each pixel and the sum of its 3 × 3 neighbourhood.
func (l luma) around(ctx context.Context, f func(pix, sum int) int) luma {
	out := newLuma(l.w, l.h)
	for y := 0; y < l.h && ctx.Err() == nil; y++ {
		rows := [3][]byte{l.pix[clamp(y-1, l.h)*l.w:], l.pix[y*l.w:], l.pix[clamp(y+1, l.h)*l.w:]}
		column := func(x int) int { return int(rows[0][x]) + int(rows[1][x]) + int(rows[2][x]) }
		left, middle := column(0), column(0)
		for x := range l.w {
			right := column(clamp(x+1, l.w))
			out.pix[y*l.w+x] = byte(min(max(f(int(rows[1][x]), left+middle+right), 0), 255))
			left, middle = middle, right
		}
	}
	return out
}

func (l luma) invert() luma {
	out := newLuma(l.w, l.h)
	for i, p := range l.pix {
		out.pix[i] = 255 - p
	}
	return out
}

func clamp(i, n int) int { return min(max(i, 0), n-1) }

// local is gozxing's threshold for uneven light: blocks of 8 × 8 pixels.
func local(_ context.Context, l luma) *gozxing.BitMatrix {
	return binarize(gozxing.NewHybridBinarizer, l)
}

// global is gozxing's threshold from the histogram: it survives large solid areas.
func global(_ context.Context, l luma) *gozxing.BitMatrix {
	return binarize(gozxing.NewGlobalHistgramBinarizer, l)
}

func binarize(by func(gozxing.LuminanceSource) gozxing.Binarizer, l luma) *gozxing.BitMatrix {
	source, err := gozxing.NewPlanarYUVLuminanceSource(l.pix, l.w, l.h, 0, 0, l.w, l.h, false)
	if err != nil {
		return nil
	}
	bits, err := by(source).GetBlackMatrix()
	if err != nil {
		return nil
	}
	return bits
}

// mean calls dark what is a little darker than its surroundings, however faint:
// gozxing's local threshold takes less than 24 steps of grey for blank paper.
func mean(ctx context.Context, l luma) *gozxing.BitMatrix {
	bits, err := gozxing.NewBitMatrix(l.w, l.h)
	if err != nil {
		return nil
	}
	r := max(min(l.w, l.h)/16, 8)
	columns := make([]int, l.w) // sums of the rows y-r … y+r
	add := func(y, sign int) {
		if y >= 0 && y < l.h {
			for x, p := range l.pix[y*l.w : (y+1)*l.w] {
				columns[x] += sign * int(p)
			}
		}
	}
	for y := range r {
		add(y, 1)
	}
	for y := 0; y < l.h && ctx.Err() == nil; y++ {
		add(y+r, 1)
		rows := min(y+r, l.h-1) - max(y-r, 0) + 1
		sum := 0
		for x := range min(r, l.w) {
			sum += columns[x]
		}
		for x := range l.w {
			if x+r < l.w {
				sum += columns[x+r]
			}
			n := rows * (min(x+r, l.w-1) - max(x-r, 0) + 1)
			if (int(l.pix[y*l.w+x])+3)*n < sum {
				bits.Set(x, y)
			}
			if x >= r {
				sum -= columns[x-r]
			}
		}
		add(y-r, -1)
	}
	return bits
}
