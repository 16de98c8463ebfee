package qrimage

import (
	"cmp"
	"context"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// gozxing's own search for the three finder patterns takes time cubic in the
// number of candidates and returns a single triple. A hostile picture can have
// hundreds of thousands of candidates, and an honest one more than one code. So
// the rows are walked here, with gozxing's checks of each candidate, and bounded
// lists of candidates and triples come out.
const (
	maxCandidates = 400 // found per view; then the walk ends
	maxFinders    = 60  // of those, the ones seen most often
	maxTriples    = 96  // tried per view, best shape first
)

// finders returns the likeliest finder patterns of a black-and-white picture.
func finders(ctx context.Context, bits *gozxing.BitMatrix) []*detector.FinderPattern {
	f := detector.NewFinderPatternFinder(bits, nil)
	for y := 1; y < bits.GetHeight() && ctx.Err() == nil && walk(f, bits, y); y += 2 {
	}
	var found []*detector.FinderPattern
	for _, c := range f.GetPossibleCenters() {
		if c.GetCount() >= 2 { // on two rows at least
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b *detector.FinderPattern) int { return cmp.Compare(b.GetCount(), a.GetCount()) })
	return found[:min(len(found), maxFinders)]
}

// walk shows gozxing each place in row y where dark and light runs stand as
// 1 : 1 : 3 : 1 : 1, and reports whether there is room for more. gozxing compares
// each place with every candidate it has, so the bound holds within a row too.
func walk(f *detector.FinderPatternFinder, bits *gozxing.BitMatrix, y int) bool {
	width := bits.GetWidth()
	runs := make([]int, 5) // the last five, of which the last is dark
	dark := false
	for x, start := 0, 0; x <= width; x++ {
		if x < width && bits.Get(x, y) == dark {
			continue
		}
		copy(runs, runs[1:])
		runs[4] = x - start
		if dark && detector.FinderPatternFinder_foundPatternCross(runs) {
			f.HandlePossibleCenter(runs, y, x)
			if len(f.GetPossibleCenters()) >= maxCandidates {
				return false
			}
		}
		start, dark = x, !dark
	}
	return true
}

// triple is three finder patterns that may belong to one symbol.
type triple struct {
	of     [3]*detector.FinderPattern
	unlike float64 // 0 for a right-angled isosceles triangle of equal patterns
}

// triples lists the combinations that look like corners of a square seen at an
// angle, best first.
func triples(found []*detector.FinderPattern) []triple {
	var out []triple
	for i, a := range found {
		for j, b := range found[i+1:] {
			for _, c := range found[i+j+2:] {
				if t := (triple{of: [3]*detector.FinderPattern{a, b, c}}); t.plausible() {
					out = append(out, t)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(s, t triple) int { return cmp.Compare(s.unlike, t.unlike) })
	return out[:min(len(out), maxTriples)]
}

// plausible measures the shape. The centres of a symbol's finder patterns are 14
// (version 1) to 170 modules (version 40) apart.
func (t *triple) plausible() bool {
	small, large := t.of[0].GetEstimatedModuleSize(), t.of[0].GetEstimatedModuleSize()
	for _, p := range t.of[1:] {
		small, large = min(small, p.GetEstimatedModuleSize()), max(large, p.GetEstimatedModuleSize())
	}
	if large > 1.6*small {
		return false
	}
	d := []float64{square(t.of[0], t.of[1]), square(t.of[1], t.of[2]), square(t.of[0], t.of[2])}
	slices.Sort(d)
	if d[0] < 9*9*small*small || d[1] > 220*220*large*large {
		return false
	}
	// For legs a, b and hypotenuse c of the ideal triangle c² = 2a² = 2b².
	t.unlike = (abs(d[2]-2*d[0])+abs(d[2]-2*d[1]))/d[2] + (large-small)/large
	return t.unlike < 1.5
}

func square(a, b *detector.FinderPattern) float64 {
	x, y := a.GetX()-b.GetX(), a.GetY()-b.GetY()
	return x*x + y*y
}

func abs(x float64) float64 { return max(x, -x) }
