package qrsample

import "slices"

const (
	margin = 4 // modules around the symbol that are looked at too
	ppm    = 5 // pixels of the sheet for a module; odd, so that one is in the middle
)

// sheet is the symbol as if it had been scanned: flat, upright, ppm pixels for each
// module.
type sheet struct {
	n    int // modules along the symbol's side
	side int // pixels
	pix  []float32
	mean []float32 // over 3 × 3 pixels, 0.6 modules
}

// flatten looks at the picture through the warp. The sheet's memory is used again: one
// of the largest symbol takes seven megabytes, and a crowded picture has many to look
// at in vain.
func (s *sheet) flatten(g Gray, scale float64, w *warp, light bool) {
	cells := w.n + 2*margin
	s.n, s.side = w.n, cells*ppm
	s.pix = slices.Grow(s.pix[:0], s.side*s.side)[:s.side*s.side]
	upper, lower := make([]point, cells+1), make([]point, cells+1)
	nodes := func(row []point, j int) {
		for i := range row {
			row[i] = w.at(point{float64(i - margin), float64(j - margin)}).scaled(scale)
		}
	}
	nodes(upper, 0)
	for j := range cells {
		nodes(lower, j+1)
		for i := range cells {
			s.cell(g, i, j, [4]point{upper[i], upper[i+1], lower[i], lower[i+1]})
		}
		upper, lower = lower, upper
	}
	if light {
		for i, v := range s.pix {
			s.pix[i] = 255 - v
		}
	}
	s.average()
}

// cell fills a module's pixels. Within a module a perspective is as good as affine.
func (s *sheet) cell(g Gray, i, j int, c [4]point) {
	for y := range ppm {
		f := (float64(y) + 0.5) / ppm
		l := c[0].plus(c[2].minus(c[0]).scaled(f))
		step := c[1].plus(c[3].minus(c[1]).scaled(f)).minus(l).scaled(1.0 / ppm)
		l = l.plus(step.scaled(0.5))
		row := s.pix[(j*ppm+y)*s.side+i*ppm:]
		for x := range ppm {
			row[x] = g.at(l)
			l = l.plus(step)
		}
	}
}

func (s *sheet) average() {
	s.mean = slices.Grow(s.mean[:0], len(s.pix))[:len(s.pix)]
	clear(s.mean)
	n := s.side
	for y := 1; y < n-1; y++ {
		a, b, c := s.pix[(y-1)*n:y*n], s.pix[y*n:(y+1)*n], s.pix[(y+1)*n:(y+2)*n]
		out := s.mean[y*n : (y+1)*n]
		left, here := a[0]+b[0]+c[0], a[1]+b[1]+c[1]
		for x := 1; x < n-1; x++ {
			right := a[x+1] + b[x+1] + c[x+1]
			out[x] = (left + here + right) / 9
			left, here = here, right
		}
	}
}

// module is the index of the pixel in the middle of a module.
func (s *sheet) module(x, y int) int {
	return ((y+margin)*ppm+ppm/2)*s.side + (x+margin)*ppm + ppm/2
}

// values reads every module, and ring modules around, at an offset in pixels.
func (s *sheet) values(ring, dx, dy int) []float32 {
	n := s.n + 2*ring
	out := make([]float32, n*n)
	for y := range n {
		at := s.module(-ring, y-ring) + dy*s.side + dx
		for x := range n {
			out[y*n+x] = s.mean[at+x*ppm]
		}
	}
	return out
}
