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
	module                float64
	circle                []int
	core                  []int
	ring, border, outside [turns][]int
	reach                 int
}

func newRosette(module float64, stride int) *rosette {
	o := &rosette{module: module, reach: int(5.7*module) + 2}
	pixel := func(x, y float64) int {
		return int(math.Round(module*y))*stride + int(math.Round(module*x))
	}
	o.core = []int{0}
	for _, k := range [8]int{0, 4, 2, 6, 1, 5, 3, 7} { // opposite ones first
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
		o.ring[t], o.border[t], o.outside[t] = square(2), square(3), square(4)
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
func (o *rosette) look(pix []byte, at, least int) (score float32, light bool) {
	// The whole circle is lighter than the middle and what is next to it, or darker.
	middle, low, high := int(pix[at]), 255, 0
	for _, c := range o.circle {
		v := int(pix[at+c])
		low, high = min(low, v), max(high, v)
		if low < middle+least && high > middle-least {
			return 0, false
		}
	}
	light = high < middle
	core := mean(pix, at, o.core)
	if half := float32(least) / 4; core > float32(low)-half && core < float32(high)+half {
		return 0, false
	}
	for t := range turns {
		ring := mean(pix, at, o.ring[t])
		d := ring - core
		if light {
			d = -d
		}
		if d < 4 {
			continue
		}
		border := mean(pix, at, o.border[t])
		e := ring - border
		if light {
			e = -e
		}
		// Strong blur makes one grey of the light ring and the dark ring around it.
		if e < -0.2*d || e > 2.5*d {
			continue
		}
		f := mean(pix, at, o.outside[t]) - border
		if light {
			f = -f
		}
		if f < 0 || e+f < 0.3*d {
			continue
		}
		within := squares(pix, at, o.core, core) + squares(pix, at, o.ring[t], ring) + squares(pix, at, o.border[t], border)
		within /= float32(len(o.core) + len(o.ring[t]) + len(o.border[t]))
		score = max(score, (d+e+f)*(d+e+f)/(within+12))
	}
	return score, light
}

func mean(pix []byte, at int, of []int) float32 {
	sum := 0
	for _, o := range of {
		sum += int(pix[at+o])
	}
	return float32(sum) / float32(len(of))
}

func squares(pix []byte, at int, of []int, mean float32) (sum float32) {
	for _, o := range of {
		d := float32(pix[at+o]) - mean
		sum += d * d
	}
	return sum
}

// dense looks everywhere for patterns whose modules have about the given sizes, and
// returns the best places, one for each neighbourhood.
func dense(g Gray, sizes []float64, most int, over func() bool) []candidate {
	const cell = 6 // pixels; no two patterns are as near
	w := g.W/cell + 1
	best := make([]bloom, 2*w*(g.H/cell+1))
	relief := reliefOf(g)
	for _, m := range sizes {
		o := newRosette(m, g.W)
		first, opposite := o.circle[0], o.circle[1]
		step := 1 + int(m/1.9)
		for y := o.reach; y < g.H-o.reach; y += step {
			if over() {
				return nil
			}
			steps := relief.row(y)
			for x := o.reach + y&1; x < g.W-o.reach; x += 2 {
				least := int(steps[x/block])
				if least == 0 {
					x += block - 2
					continue
				}
				// Most places end here, with two opposite pixels of the circle.
				at := y*g.W + x
				middle := int(g.Pix[at])
				a, b := int(g.Pix[at+first])-middle, int(g.Pix[at+opposite])-middle
				if (a < least || b < least) && (a > -least || b > -least) {
					continue
				}
				score, light := o.look(g.Pix, at, least)
				if score < 2 {
					continue
				}
				k := 2 * (y/cell*w + x/cell)
				if light {
					k++
				}
				if score > best[k].score {
					best[k] = bloom{x, y, m, score, light}
				}
			}
		}
	}
	list := slices.DeleteFunc(best, func(b bloom) bool { return b.score == 0 })
	slices.SortFunc(list, func(a, b bloom) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x))
	})
	out := make([]candidate, 0, most)
	for _, b := range list {
		if len(out) == most {
			break
		}
		n := candidate{point{float64(b.x) + 0.5, float64(b.y) + 0.5}, b.module, b.module, b.light, 1, true}
		if !slices.ContainsFunc(out, func(o candidate) bool { return o.light == n.light && !o.at.far(n.at, 3*n.across) }) {
			out = append(out, n)
		}
	}
	return out
}

// relief tells for each block of a picture by how many steps of grey a light ring
// must stand out there; 0: nothing stands out at all.
type relief struct {
	steps []byte
	w     int
}

func (r relief) row(y int) []byte { return r.steps[y/block*r.w : (y/block+1)*r.w] }

// reliefOf takes a twelfth of what the greys of a block and of those around it span.
func reliefOf(g Gray) relief {
	w, h := (g.W+block-1)/block, (g.H+block-1)/block
	low, high := make([]byte, w*h), make([]byte, w*h)
	for i := range low {
		low[i] = 255
	}
	for y := 0; y < g.H; y += 2 {
		row := g.Pix[y*g.W : (y+1)*g.W]
		l, t := low[y/block*w:], high[y/block*w:]
		for x := 0; x < len(row); x += 2 {
			b := x / block
			l[b], t[b] = min(l[b], row[x]), max(t[b], row[x])
		}
	}
	r := relief{make([]byte, w*h), w}
	for y := range h {
		for x := range w {
			a, b := byte(255), byte(0)
			for j := max(y-1, 0); j <= min(y+1, h-1); j++ {
				for i := max(x-1, 0); i <= min(x+1, w-1); i++ {
					a, b = min(a, low[j*w+i]), max(b, high[j*w+i])
				}
			}
			if b > a && b-a >= 10 {
				r.steps[y*w+x] = max(3, (b-a)/12)
			}
		}
	}
	return r
}
