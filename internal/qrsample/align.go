package qrsample

import (
	"cmp"
	"math"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/qrbits"
)

// spotting is an alignment pattern found on a sheet: where it should be, and how
// far from there it is, in modules.
type spotting struct {
	at, off point
	score   float64
}

// alignments searches the alignment patterns outward from the finder patterns. Each
// search starts where the patterns found so far predict, and widens with the
// distance from them.
func (s *sheet) alignments(version int, reach func(distance float64) float64) (found []spotting) {
	middles := qrbits.AlignmentPatterns(version)
	n := float64(s.n)
	known := []spotting{{at: point{3.5, 3.5}}, {at: point{n - 3.5, 3.5}}, {at: point{3.5, n - 3.5}}}
	left := make([]point, len(middles))
	for i, m := range middles {
		left[i] = point{float64(m[0]) + 0.5, float64(m[1]) + 0.5}
	}
	for len(left) > 0 {
		next := slices.MinFunc(left, func(a, b point) int { return cmp.Compare(nearest(known, a), nearest(known, b)) })
		left = slices.DeleteFunc(left, func(p point) bool { return p == next })
		hit := s.spot(next, predict(known, next), reach(nearest(known, next)))
		if hit.score > 0.6 {
			found = append(found, hit)
			known = append(known, hit)
		}
	}
	return found
}

func nearest(known []spotting, p point) float64 {
	best := math.Inf(1)
	for _, k := range known {
		d := k.at.minus(p)
		best = min(best, d.dot(d))
	}
	return math.Sqrt(best)
}

// predict weighs the displacements around a place by distance.
func predict(known []spotting, p point) (off point) {
	var all float64
	for _, k := range known {
		d := k.at.minus(p)
		w := 1 / (d.dot(d) + 1)
		off = off.plus(k.off.scaled(w))
		all += w
	}
	return off.scaled(1 / all)
}

// spot searches one pattern around a predicted displacement.
func (s *sheet) spot(at, off point, reach float64) spotting {
	best := spotting{at: at, off: off, score: -1}
	bx := int(math.Floor((at.x + off.x + margin) * ppm))
	by := int(math.Floor((at.y + off.y + margin) * ppm))
	r := int(math.Ceil(reach * ppm))
	px, py := 0, 0
	for y := by - r; y <= by+r; y++ {
		for x := bx - r; x <= bx+r; x++ {
			d := math.Hypot(float64(x-bx), float64(y-by)) / ppm
			if c := s.likeness(x, y) - 0.03*d; c > best.score {
				best.score, px, py = c, x, y
			}
		}
	}
	if best.score < 0 {
		return best
	}
	fx := peak(s.likeness(px-1, py), s.likeness(px, py), s.likeness(px+1, py))
	fy := peak(s.likeness(px, py-1), s.likeness(px, py), s.likeness(px, py+1))
	best.off = point{(float64(px)+0.5+fx)/ppm - margin, (float64(py)+0.5+fy)/ppm - margin}.minus(at)
	return best
}

// peak is where a parabola through three values has its top.
func peak(a, b, c float64) float64 {
	if d := a - 2*b + c; d < -1e-9 {
		return min(max((a-c)/(2*d), -0.5), 0.5)
	}
	return 0
}

// likeness correlates the modules around a pixel with the alignment pattern.
func (s *sheet) likeness(x, y int) float64 {
	if x < 2*ppm+1 || y < 2*ppm+1 || x >= s.side-2*ppm-1 || y >= s.side-2*ppm-1 {
		return -1
	}
	var light, all, squares float32
	for j := -2; j <= 2; j++ {
		row := s.mean[(y+j*ppm)*s.side+x-2*ppm:]
		for i := range 5 {
			v := row[i*ppm]
			all += v
			squares += v * v
			if max(i-2, 2-i, j, -j) == 1 {
				light += v
			}
		}
	}
	variance := squares - all*all/25
	if variance < 25 {
		return -1
	}
	// 8 light modules of 25: the template less its mean has the length √(8·17/25).
	return float64(light-all*8/25) / math.Sqrt(float64(variance)*8*17/25)
}
