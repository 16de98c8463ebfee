package qrsample

import (
	"cmp"
	"math"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/qrbits"
)

// attempt is one guess of where a symbol is and how large, and how far the work on
// it has come.
type attempt struct {
	version int
	light   bool
	marks   []mark
	warp    warp
	sheet   *sheet
	symbol  *qrbits.Symbol // as it lies
	mirror  *qrbits.Symbol // as if mirrored
	fits    float64        // share of the patterns' modules that look right
	aligned float64        // share of the alignment patterns that were found
}

// guesses lists the versions that three finder patterns may mean, likeliest first.
func (r *reading) guesses(t *trio) (out []*attempt) {
	type scored struct {
		a     *attempt
		score float64
	}
	var all []scored
	near := int(math.Round((t.n - 10) / 4))
	told, sure := r.told(t)
	for v := max(near-2, 1); v <= min(near+2, 40); v++ {
		a, ok := newAttempt(t, v)
		if !ok {
			continue
		}
		score := r.timing(&a.warp, t.tl.light) - 0.15*math.Abs(t.n-float64(4*v+10))/4
		if v == told {
			score += 0.5 * max(sure, 0)
		}
		all = append(all, scored{a, score})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	for _, s := range all {
		out = append(out, s.a)
	}
	return out
}

func newAttempt(t *trio, version int) (*attempt, bool) {
	n := 17 + 4*version
	a := &attempt{version: version, light: t.tl.light}
	far := float64(n) - 3.5
	for _, f := range []struct {
		frame *frame
		at    point
	}{{&t.tl, point{3.5, 3.5}}, {&t.tr, point{far, 3.5}}, {&t.bl, point{3.5, far}}} {
		if f.frame.score == 0 {
			continue
		}
		a.marks = append(a.marks, mark{f.at, f.frame.mid, 4})
		for _, c := range [4]point{{-3, -3}, {3, -3}, {3, 3}, {-3, 3}} {
			a.marks = append(a.marks, mark{f.at.plus(c), f.frame.place(c.x, c.y), 0.5})
		}
	}
	h, ok := fit(a.marks)
	a.warp = warp{homography: h, n: n}
	return a, ok
}

// timing tells how well the modules between the finder patterns alternate, from −1
// to 1.
func (r *reading) timing(w *warp, light bool) float64 {
	g, scale := r.level(w.size())
	sum, all := 0.0, 0.0
	for _, down := range [2]bool{false, true} {
		values := make([]float64, 0, w.n)
		for i := 7; i < w.n-7; i++ {
			p := point{float64(i) + 0.5, 6.5}
			if down {
				p = point{p.y, p.x}
			}
			values = append(values, float64(g.at(w.at(p).scaled(scale))))
		}
		for i := 1; i+1 < len(values); i++ {
			d := 2*values[i] - values[i-1] - values[i+1]
			if (i%2 == 1) != light { // module 8 is dark
				d = -d
			}
			sum += d
			all += math.Abs(d)
		}
	}
	return sum / max(all, 1)
}

// size is about how many pixels a module has in the middle of the symbol.
func (w *warp) size() float64 {
	c := float64(w.n) / 2
	a, b := w.homography.at(point{c, c}), w.homography.at(point{c + 1, c})
	d := w.homography.at(point{c, c + 1})
	return math.Sqrt(math.Abs(b.minus(a).cross(d.minus(a))))
}

// told reads the version information beside two of the finder patterns, each in its
// pattern's own frame.
func (r *reading) told(t *trio) (version int, sure float64) {
	g, scale := r.level(t.tl.size())
	var sum [18]float32
	for _, right := range [2]bool{true, false} {
		if right && t.tr.score == 0 || !right && t.bl.score == 0 {
			continue
		}
		var v [18]float32
		for i := range v {
			along, across := float64(i%3)-7, float64(i/3)-3
			p := t.tr.place(along, across)
			if !right {
				p = t.bl.place(across, along)
			}
			v[i] = g.at(p.scaled(scale))
			if t.tl.light {
				v[i] = 255 - v[i]
			}
		}
		f := &t.tr
		if !right {
			f = &t.bl
		}
		dark, light := f.extremes(g, scale)
		for i := range v {
			sum[i] += min(max((dark+light)/2-v[i], -1), 1) * min(1, max(light-dark, 0)/4)
		}
	}
	for i := range sum {
		sum[i] /= 2
	}
	version, agreement := qrbits.LikelyVersion(sum)
	return version, float64(agreement)
}

// extremes reads how dark and how light the picture is in a finder pattern.
func (f *frame) extremes(g Gray, scale float64) (dark, light float32) {
	for k := range 8 {
		sin, cos := math.Sincos(float64(k) * math.Pi / 4)
		dark += g.at(f.place(cos, sin).scaled(scale)) / 8
		m := max(math.Abs(cos), math.Abs(sin))
		light += g.at(f.place(2*cos/m, 2*sin/m).scaled(scale)) / 8
	}
	if f.light {
		dark, light = 255-dark, 255-light
	}
	return dark, light
}
