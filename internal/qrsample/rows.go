package qrsample

// Finder patterns are found on rows of pixels: whatever the angle, a line through
// the middle crosses dark, light, dark, light, dark as 1 : 1 : 3 : 1 : 1. Only every
// few rows are looked at, edges are placed between pixels by interpolation, and
// what is compared are distances between edges of the same kind, which blur and a
// wrong threshold move together.

const (
	block  = 8 // pixels along the side of a block of the threshold
	around = 4 // blocks on each side that are averaged
)

// threshold is a mean of the surroundings for each block of a picture.
type threshold struct {
	level []float32
	w     int
}

func (t threshold) at(x, y int) float32 { return t.level[y/block*t.w+x/block] }

// thresholds averages the pixels of every step-th row.
func thresholds(g Gray, step int) threshold {
	w, h := (g.W+block-1)/block, (g.H+block-1)/block
	sums, counts := make([]float32, w*h), make([]float32, w*h)
	for y := 0; y < g.H; y += step {
		row := g.Pix[y*g.W : (y+1)*g.W]
		at := y / block * w
		for b := range w {
			part := row[b*block : min((b+1)*block, g.W)]
			n := 0
			for _, p := range part {
				n += int(p)
			}
			sums[at+b] += float32(n)
			counts[at+b] += float32(len(part))
		}
	}
	boxed(sums, w, h, around)
	boxed(counts, w, h, around)
	for i := range sums {
		sums[i] /= max(counts[i], 1)
	}
	return threshold{sums, w}
}

// boxed replaces each value by the sum of those at most r rows and columns away.
func boxed(v []float32, w, h, r int) {
	line := make([]float32, max(w, h))
	for y := range h {
		slide(v[y*w:], 1, w, r, line)
	}
	for x := range w {
		slide(v[x:], w, h, r, line)
	}
}

func slide(v []float32, stride, n, r int, line []float32) {
	for i := range n {
		line[i] = v[i*stride]
	}
	var sum float32
	for i := range min(r, n) {
		sum += line[i]
	}
	for i := range n {
		if i+r < n {
			sum += line[i+r]
		}
		if i > r {
			sum -= line[i-r-1]
		}
		v[i*stride] = sum
	}
}

// spot is where a row looked like a line through a finder pattern.
type spot struct {
	x, y   float64
	module float64 // along the row
	light  bool    // light on dark
}

// scan calls f for each spot of every step-th row until f returns false.
func scan(g Gray, t threshold, step int, f func(spot) bool) {
	for y := step / 2; y < g.H; y += step {
		if !scanRow(g, t, y, f) {
			return
		}
	}
}

func scanRow(g Gray, t threshold, y int, f func(spot) bool) bool {
	row := g.Pix[y*g.W : (y+1)*g.W]
	var edge [6]float64
	dark := false
	for b := 0; b*block < g.W; b++ {
		level := t.level[y/block*t.w+b]
		cut := byte(max(level-2, 1)) // a faint something is needed to be dark
		for x := b * block; x < min((b+1)*block, g.W); x++ {
			if (row[x] < cut) == dark {
				continue
			}
			at := float64(x)
			if x > 0 {
				if before, now := float64(row[x-1]), float64(row[x]); before != now {
					at += min(max((before-float64(level))/(before-now), 0), 1) - 0.5
				}
			}
			edge = [6]float64{edge[1], edge[2], edge[3], edge[4], edge[5], at}
			if m, ok := ratios(&edge, 0.5); ok && !f(spot{(edge[2] + edge[3]) / 2, float64(y) + 0.5, m, !dark}) {
				return false
			}
			dark = !dark
		}
	}
	return true
}

// ratios reports whether six edges stand as those of a finder pattern, and the
// module they mean.
func ratios(e *[6]float64, slack float64) (module float64, ok bool) {
	m := (e[5] - e[0]) / 7
	if m < 0.9 {
		return 0, false
	}
	s := slack * m
	near := func(v, want float64) bool { return v > want-s && v < want+s }
	if !near(e[2]-e[0], 2*m) || !near(e[5]-e[3], 2*m) || !near(e[3]-e[1], 4*m) || !near(e[4]-e[2], 4*m) {
		return 0, false
	}
	least := 0.3 * m
	return m, e[1]-e[0] > least && e[2]-e[1] > least && e[4]-e[3] > least && e[5]-e[4] > least && e[3]-e[2] > 1.8*m
}
