package qrsample

import (
	"cmp"
	"math"
	"slices"
)

// Where blur or noise has eaten the edges, rows show nothing, but the pattern as a
// whole still does. A circle of 2.3 modules around its middle lies in the light ring
// however it is turned; where that is lighter than the middle, the rings are looked
// at as the squares they are, at four angles.

const turns = 4

// rosette are the pixels to look at for one size of module.
type rosette struct {
	module       float64
	circle       []int
	core         []int
	ring, border [turns][]int
	reach        int
}

func newRosette(module float64, stride int) *rosette {
	o := &rosette{module: module, reach: int(4.5*module) + 2}
	pixel := func(x, y float64) int {
		return int(math.Round(module*y))*stride + int(math.Round(module*x))
	}
	o.core = []int{0}
	for k := range 8 {
		sin, cos := math.Sincos(float64(k) * math.Pi / 4)
		o.circle = append(o.circle, pixel(2.3*cos, 2.3*sin))
		o.core = append(o.core, pixel(0.9*cos, 0.9*sin))
	}
	for t := range turns {
		sin, cos := math.Sincos(float64(t) * math.Pi / 2 / turns)
		square := func(radius int) (out []int) {
			for j := -radius; j <= radius; j++ {
				for i := -radius; i <= radius; i++ {
					if x, y := float64(i), float64(j); max(i, -i, j, -j) == radius {
						out = append(out, pixel(x*cos-y*sin, x*sin+y*cos))
					}
				}
			}
			return out
		}
		o.ring[t], o.border[t] = square(2), square(3)
	}
	return o
}

// bloom is a place where a rosette looked like a finder pattern.
type bloom struct {
	x, y   int
	module float64
	score  float32
	light  bool
}

// look scores a place: contrast between the rings over what varies within them.
func (o *rosette) look(pix []byte, at int) (score float32, light bool) {
	quick := -8 * int(pix[at]) // most places end here
	for _, c := range o.circle {
		quick += int(pix[at+c])
	}
	if quick > -32 && quick < 32 {
		return 0, false
	}
	light = quick < 0
	core, c2 := moments(pix, at, o.core)
	for t := range turns {
		ring, r2 := moments(pix, at, o.ring[t])
		d := ring - core
		if light {
			d = -d
		}
		if d < 4 {
			continue
		}
		border, b2 := moments(pix, at, o.border[t])
		e := ring - border
		if light {
			e = -e
		}
		if e < 0.15*d || e > 2.5*d {
			continue
		}
		within := (c2 + r2 + b2) / float32(len(o.core)+len(o.ring[t])+len(o.border[t]))
		score = max(score, (d+e)*(d+e)/(within+12))
	}
	return score, light
}

// moments returns the mean and the sum of squared differences from it.
func moments(pix []byte, at int, of []int) (mean, squares float32) {
	sum, sq := 0, 0
	for _, o := range of {
		v := int(pix[at+o])
		sum += v
		sq += v * v
	}
	n := float32(len(of))
	mean = float32(sum) / n
	return mean, float32(sq) - mean*mean*n
}

// dense looks everywhere for patterns whose modules have about the given sizes, and
// returns the best places, one for each neighbourhood.
func dense(g Gray, sizes []float64, most int, over func() bool) []candidate {
	best := make(map[[2]int]bloom)
	for _, m := range sizes {
		o := newRosette(m, g.W)
		cell := int(4 * m)
		for y := o.reach; y < g.H-o.reach; y += 1 {
			if over() {
				return nil
			}
			for x := o.reach + y&1; x < g.W-o.reach; x += 2 {
				score, light := o.look(g.Pix, y*g.W+x)
				if score < 2 {
					continue
				}
				k := [2]int{x / cell << 2, y / cell}
				if light {
					k[0]++
				}
				if score > best[k].score {
					best[k] = bloom{x, y, m, score, light}
				}
			}
		}
	}
	list := make([]bloom, 0, len(best))
	for _, b := range best {
		list = append(list, b)
	}
	slices.SortFunc(list, func(a, b bloom) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x))
	})
	out := make([]candidate, 0, most)
	for _, b := range list[:min(len(list), most)] {
		// A candidate's sizes are along rows and columns; framed turns it.
		out = append(out, candidate{point{float64(b.x) + 0.5, float64(b.y) + 0.5}, b.module, b.module, b.light, 1})
	}
	return out
}
